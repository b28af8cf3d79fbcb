"""The sentences at the top of pages. Every number in them links to how it was computed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clusteratlas.atlas import ClusterProfile, Region, RegionalCluster, RegionProfile
from clusteratlas.portal import addresses, doubt, figures
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.picks import NOTABLE

COMMA_KINDS = ("metro area", "micro area")


def told(text: str, anchor: str) -> SafeString:
    """Return a number that links to its derivation."""
    return format_html('<a class="told" href="/methods/#{}"><strong>{}</strong></a>', anchor, text)


def short_name(region: Region) -> str:
    """Return a region's name as one says it."""
    if region.kind in COMMA_KINDS:
        return region.name.rsplit(", ", 1)[0]
    return region.name


def joined(parts: Sequence[SafeString | str]) -> SafeString:
    """Join sentences with a space."""
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def region_summary(
    view: View, region: Region, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString:
    """Say what a region is strong in, how it changed and how sure that is."""
    return joined(
        [_strongest(view, region, rows), _changed(view, profile, rows), _sure(view, profile, rows)]
    )


def leading(rows: Sequence[RegionalCluster]) -> list[RegionalCluster]:
    """Return the clusters that speak for a region: strong ones, else those above the average."""
    known = [row for row in rows if row.location_quotient is not None and row.traded is not False]
    strong = [row for row in known if row.strong]
    return strong or [row for row in known if (row.location_quotient or 0) > 1]


def _link(view: View, row: RegionalCluster) -> SafeString:
    href = addresses.region_cluster(
        view.scheme.scheme,
        row.region,
        row.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )
    return format_html('<a href="{}">{}</a>', href, row.name)


def _strongest(view: View, region: Region, rows: Sequence[RegionalCluster]) -> SafeString:
    name, word = short_name(region), view.definition.group_word
    if view.is_reference:
        return _nation(view, name, rows)
    named = leading(rows)[:3]
    if not named:
        return format_html(
            "In {} no {} stands out against {} in {}.", name, word, view.reference, view.year
        )
    first, others = named[0], named[1:]
    said = format_html(
        "{} is {} as specialised in {} as {}, with {} {} in {}",
        name,
        _times(first),
        _link(view, first),
        view.reference,
        told(doubt.jobs_words(first), "employment"),
        view.scheme.employment_word,
        view.year,
    )
    if not others:
        return format_html("{}.", said)
    rest = [
        format_html(
            "{} ({} times{})",
            _link(view, row),
            told(figures.quotient(row.location_quotient), "location-quotient"),
            _after_comma(doubt.quotient_between(row)),
        )
        for row in others
    ]
    return format_html("{}; {} come{} next.", said, _listed(rest), "" if len(rest) > 1 else "s")


def _nation(view: View, name: str, rows: Sequence[RegionalCluster]) -> SafeString:
    traded = [row for row in rows if row.traded is not False and row.employment]
    largest = sorted(traded, key=lambda row: -(row.employment or 0))[:3]
    parts = [
        format_html(
            "{} ({} {})",
            _link(view, row),
            told(doubt.jobs_words(row), "employment"),
            view.scheme.employment_word,
        )
        for row in largest
    ]
    return format_html(
        "The largest traded {} of the {} in {} are {}.",
        view.definition.group_words,
        name,
        view.year,
        _listed(parts),
    )


def _times(row: RegionalCluster) -> SafeString:
    """A quotient with its interval; each leads to how it was computed."""
    number = told(f"{figures.quotient(row.location_quotient)} times", "location-quotient")
    return _with_interval(number, doubt.quotient_between(row))


def _with_interval(number: SafeString, between: str) -> SafeString:
    if not between:
        return number
    return format_html("{} {}", number, _interval(f"({between})"))


def _after_comma(between: str) -> SafeString | str:
    return format_html(", {}", _interval(between)) if between else ""


def _interval(text: str) -> SafeString:
    return format_html('<a class="told range" href="/methods/#intervals">{}</a>', text)


def _changed(
    view: View, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString | str:
    if profile.employment_change is None or profile.change_from_year is None:
        return ""
    verb = "gained" if profile.employment_change >= 0 else "lost"
    said = format_html(
        "From {} to {} it {} {} {} ({} a year)",
        profile.change_from_year,
        view.year,
        verb,
        told(figures.in_words(abs(profile.employment_change)), "change"),
        view.scheme.employment_word,
        figures.growth(profile.employment_growth),
    )
    changes = [row for row in rows if row.employment_change is not None]
    most = max(changes, key=lambda row: row.employment_change or 0, default=None)
    if most is None or (most.employment_change or 0) <= 0:
        return format_html("{}.", said)
    return format_html(
        "{}; {} grew most, by {}.",
        said,
        _link(view, most),
        told(figures.in_words(most.employment_change), "change"),
    )


def _sure(view: View, profile: RegionProfile, rows: Sequence[RegionalCluster]) -> SafeString | str:
    parts: list[SafeString] = []
    filled = any(row.location_quotient_low is not None for row in rows)
    if profile.reported_share is not None:
        parts.append(
            format_html(
                "{} of its {} are printed by industry{}",
                told(figures.percent(profile.reported_share), "reported-share"),
                view.scheme.employment_word,
                ", the rest is estimated" if filled else "",
            )
        )
    if profile.withheld_clusters:
        one = profile.withheld_clusters == 1
        parts.append(
            format_html(
                "the figures of {} {} are withheld in whole or in part",
                told(str(profile.withheld_clusters), "status"),
                view.definition.group_word if one else view.definition.group_words,
            )
        )
    flipping = sum(row.could_flip for row in rows)
    flips: SafeString | str = ""
    if flipping:
        flips = format_html(
            "{} of its verdicts could flip.", told(figures.whole(flipping), "probability")
        )
    if not parts:
        return flips
    said = format_html("{}.", _listed(parts))
    text = str(said)
    if text.startswith("the "):
        said = format_html("The {}", SafeString(text[4:]))
    return joined([said, flips])


def cluster_in_region_summary(view: View, region: Region, row: RegionalCluster) -> SafeString:
    """Say how strong one cluster is in one region."""
    name = short_name(region)
    if row.employment is None:
        word = "withholds" if row.status == "withheld" else "prints no"
        return format_html(
            "The statistical office {} figures of {} in {} for {}.", word, row.name, name, view.year
        )
    said = format_html(
        "{} has {} {} in {} ({})",
        name,
        told(doubt.jobs_words(row), "employment"),
        view.scheme.employment_word,
        row.name,
        view.year,
    )
    if row.location_quotient is not None:
        said = format_html("{}: {} as specialised as {}", said, _times(row), view.reference)
    if row.rank is not None and row.ranked is not None:
        between = doubt.between(row.rank_low, row.rank_high, figures.ordinal)
        said = format_html(
            "{}, {} of {} {}",
            said,
            _with_interval(told(figures.ordinal(row.rank), "rank"), between),
            figures.whole(row.ranked),
            view.scheme.region_words,
        )
    verdict = _verdict(view, row)
    return joined([format_html("{}.", said), verdict, _row_change(view, row)])


def _verdict(view: View, row: RegionalCluster) -> SafeString | str:
    """Say whether it is strong there, and how sure that is."""
    if row.strong is None:
        return ""
    said = format_html(
        "It is {}a {} {} there",
        "" if row.strong else "not ",
        told("strong", "strength"),
        view.definition.group_word,
    )
    if row.probability_strong is None or row.probability_strong in (0, 1):
        return format_html("{}.", said)
    chance = told(doubt.chance(row.probability_strong), "probability")
    if row.could_flip:
        return format_html("{}, but that could flip: it is strong {}.", said, chance)
    return format_html("{}; it is strong {}.", said, chance)


def _row_change(view: View, row: RegionalCluster) -> SafeString | str:
    if row.employment_change is None or row.change_from_year is None:
        return ""
    return format_html(
        "Since {} it {} {} {} ({} a year).",
        row.change_from_year,
        "gained" if row.employment_change >= 0 else "lost",
        told(figures.whole(abs(row.employment_change)), "change"),
        view.scheme.employment_word,
        figures.growth(row.employment_growth),
    )


def cluster_summary(
    view: View, profile: ClusterProfile, top: Sequence[RegionalCluster]
) -> SafeString:
    """Say how large a cluster is and where it sits."""
    kind = "" if profile.traded is None else "traded " if profile.traded else "local "
    filled = profile.employment_low is not None
    said = format_html(
        "{} is {} {}{}; {} {} {}{} in {} in {}{}.",
        profile.name,
        "an" if (kind or view.definition.group_word)[0] in "aeiou" else "a",
        kind,
        view.definition.group_word,
        "it has" if filled else "the source prints",
        told(
            doubt.jobs_words(profile) if filled else figures.in_words(profile.employment),
            "employment",
        ),
        view.scheme.employment_word,
        "" if filled else " of it",
        view.reference,
        view.year,
        _part_printed(profile) if filled else _withholding(profile),
    )
    spread: SafeString | str = ""
    if profile.regions_strong is not None and profile.share_in_strong_regions is not None:
        spread = format_html(
            "It is strong in {} of the {} {} {}; they hold {} of its {} there.",
            _with_interval(
                told(figures.whole(profile.regions_strong), "strength"),
                doubt.between(
                    profile.regions_strong_low, profile.regions_strong_high, figures.whole
                ),
            ),
            figures.whole(profile.regions_present),
            view.scheme.region_words,
            "that have it" if filled else "where it is printed",
            told(figures.percent(profile.share_in_strong_regions), "cluster-strength"),
            view.scheme.employment_word,
        )
    lead: SafeString | str = ""
    if top and top[0].location_quotient is not None:
        href = addresses.region_cluster(
            view.scheme.scheme,
            top[0].region,
            top[0].cluster,
            year=view.year,
            definition=view.definition_in_address,
        )
        lead = format_html(
            '{} is <a href="{}">{}</a>, at {} the share of {}.',
            f"The most specialised of them with at least 1,000 {view.scheme.employment_word}"
            if (top[0].employment or 0) >= NOTABLE
            else "The most specialised of them",
            href,
            top[0].region_name,
            _times(top[0]),
            view.reference,
        )
    return joined([said, spread, lead])


def _withholding(profile: ClusterProfile) -> str:
    return ", and withholds some" if profile.status == "withheld" else ""


def _part_printed(profile: ClusterProfile) -> SafeString | str:
    share = profile.reported_share
    if share is None or share >= 0.995:
        return ""
    return format_html(
        ", {} of them printed by industry and the rest estimated",
        told(figures.percent(share), "reported-share"),
    )


def _listed(parts: Sequence[SafeString]) -> SafeString:
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    head = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html("{} and {}", head, parts[-1])
