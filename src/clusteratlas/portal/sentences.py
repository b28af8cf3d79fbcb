"""The sentences at the top of pages. Every number in them links to how it was computed.

Each sentence is one text of the catalogues with named places, so that a language can order its
words as it must.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import ClusterProfile, Region, RegionalCluster, RegionProfile
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.language import ENGLISH, active, at
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.picks import NOTABLE

COMMA_KINDS = ("metro area", "micro area")
MOST_NAMED = 3


def sentence(text: str, **places: object) -> SafeString:
    """Fill the named places of a text; what is not safe HTML is escaped.

    >>> sentence("%(a)s of %(b)s", a="<1>", b=2)
    '&lt;1&gt; of 2'
    """
    filled = {
        name: str(value) if isinstance(value, SafeString) else str(escape(str(value)))
        for name, value in places.items()
    }
    return mark_safe(str(escape(text)) % filled)  # noqa: S308 (each place was escaped)


def linked(text: str, href: str) -> SafeString:
    """Return a number that links to how it was made."""
    return format_html('<a class="told" href="{}"><strong>{}</strong></a>', href, text)


def told(text: str, anchor: str) -> SafeString:
    """Return a number that links to its method."""
    return linked(text, at(f"/methods/#{anchor}"))


def worked(text: str, view: View, region: str, figure: str, cluster: str = "") -> SafeString:
    """Return a number that links to its derivation, worked with the region's own figures."""
    href = addresses.derivation(
        view.scheme.scheme,
        region,
        figure,
        year=view.year,
        definition=view.definition_in_address,
        cluster=cluster,
    )
    return linked(text, href)


def short_name(region: Region) -> str:
    """Return a region's name as one says it."""
    if region.kind in COMMA_KINDS:
        return region.name.rsplit(", ", 1)[0]
    return region.name


def heading(text: str) -> str:
    """Return a word of the release as a head of a column has it: its first letter large."""
    said = words.word(text)
    return f"{said[:1].upper()}{said[1:]}"


def joined(parts: Sequence[SafeString | str]) -> SafeString:
    """Join sentences with a space."""
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def listed(parts: Sequence[SafeString]) -> SafeString:
    """Join parts of a sentence with commas and a last "and"."""
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    head = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return sentence(_("%(first)s and %(last)s"), first=head, last=parts[-1])


def region_summary(
    view: View, region: Region, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString:
    """Say what a region is strong in, how it changed and how sure that is."""
    return joined(
        [
            _strongest(view, region, rows),
            _changed(view, profile, rows),
            _printed(view, profile, rows),
            _doubtful(view, profile, rows),
        ]
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
    return format_html('<a href="{}">{}</a>', href, words.cluster(row.name))


def _of(view: View, row: RegionalCluster, text: str, figure: str) -> SafeString:
    return worked(text, view, row.region, figure, row.cluster)


def _strongest(view: View, region: Region, rows: Sequence[RegionalCluster]) -> SafeString:
    name = short_name(region)
    if view.is_reference:
        return _nation(view, rows)
    named = leading(rows)[:MOST_NAMED]
    if not named:
        return sentence(
            _("In %(region)s no %(cluster)s stands out against %(reference)s in %(year)s."),
            region=name,
            cluster=words.word(view.definition.group_word),
            reference=view.reference,
            year=view.year,
        )
    first, others = named[0], named[1:]
    places = {
        "region": name,
        "times": _times(view, first),
        "cluster": _link(view, first),
        "reference": view.reference,
        "jobs": _of(view, first, doubt.jobs_words(first), "employment"),
        "unit": words.word(view.scheme.employment_word),
        "year": view.year,
    }
    if not others:
        return sentence(
            _(
                "%(region)s is %(times)s as specialised in %(cluster)s as %(reference)s, with "
                "%(jobs)s %(unit)s in %(year)s."
            ),
            **places,
        )
    rest = [
        sentence(
            _("%(cluster)s (%(number)s times%(interval)s)"),
            cluster=_link(view, row),
            number=_of(view, row, figures.quotient(row.location_quotient), "location_quotient"),
            interval=_after_comma(doubt.quotient_between(row)),
        )
        for row in others
    ]
    return sentence(
        ngettext(
            "%(region)s is %(times)s as specialised in %(cluster)s as %(reference)s, with "
            "%(jobs)s %(unit)s in %(year)s; %(others)s comes next.",
            "%(region)s is %(times)s as specialised in %(cluster)s as %(reference)s, with "
            "%(jobs)s %(unit)s in %(year)s; %(others)s come next.",
            len(rest),
        ),
        others=listed(rest),
        **places,
    )


def _nation(view: View, rows: Sequence[RegionalCluster]) -> SafeString:
    traded = [row for row in rows if row.traded is not False and row.employment]
    largest = sorted(traded, key=lambda row: -(row.employment or 0))[:MOST_NAMED]
    unit = words.word(view.scheme.employment_word)
    parts = [
        sentence(
            _("%(cluster)s (%(jobs)s %(unit)s)"),
            cluster=_link(view, row),
            jobs=_of(view, row, doubt.jobs_words(row), "employment"),
            unit=unit,
        )
        for row in largest
    ]
    return sentence(
        _("The largest traded %(clusters)s of %(reference)s in %(year)s are %(list)s."),
        clusters=words.word(view.definition.group_words),
        reference=view.reference,
        year=view.year,
        list=listed(parts),
    )


def _times(view: View, row: RegionalCluster) -> SafeString:
    """A quotient with its interval; each leads to how it was computed."""
    text = _("%(number)s times") % {"number": figures.quotient(row.location_quotient)}
    number = _of(view, row, text, "location_quotient")
    return _with_interval(number, doubt.quotient_between(row))


def _with_interval(number: SafeString, between: str) -> SafeString:
    if not between:
        return number
    return format_html("{} {}", number, _interval(f"({between})"))


def _after_comma(between: str) -> SafeString | str:
    return format_html(", {}", _interval(between)) if between else ""


def _interval(text: str) -> SafeString:
    return format_html('<a class="told range" href="{}">{}</a>', at("/methods/#intervals"), text)


def _changed(
    view: View, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString | str:
    if profile.employment_change is None or profile.change_from_year is None:
        return ""
    gained = profile.employment_change >= 0
    places = {
        "start": profile.change_from_year,
        "end": view.year,
        "jobs": worked(
            figures.in_words(abs(profile.employment_change)),
            view,
            profile.region,
            "employment_change",
        ),
        "unit": words.word(view.scheme.employment_word),
        "rate": worked(
            figures.growth(profile.employment_growth), view, profile.region, "employment_growth"
        ),
    }
    changes = [row for row in rows if row.employment_change is not None]
    most = max(changes, key=lambda row: row.employment_change or 0, default=None)
    if most is None or (most.employment_change or 0) <= 0:
        text = (
            _("From %(start)s to %(end)s it gained %(jobs)s %(unit)s (%(rate)s a year).")
            if gained
            else _("From %(start)s to %(end)s it lost %(jobs)s %(unit)s (%(rate)s a year).")
        )
        return sentence(text, **places)
    text = (
        _(
            "From %(start)s to %(end)s it gained %(jobs)s %(unit)s (%(rate)s a year); "
            "%(cluster)s grew most, by %(most)s."
        )
        if gained
        else _(
            "From %(start)s to %(end)s it lost %(jobs)s %(unit)s (%(rate)s a year); "
            "%(cluster)s grew most, by %(most)s."
        )
    )
    grown = _of(view, most, figures.in_words(most.employment_change), "employment_change")
    return sentence(text, cluster=_link(view, most), most=grown, **places)


def _printed(
    view: View, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString | str:
    if profile.reported_share is None:
        return ""
    filled = any(row.location_quotient_low is not None for row in rows)
    text = (
        _("%(share)s of its %(unit)s are printed by industry, the rest is estimated.")
        if filled
        else _("%(share)s of its %(unit)s are printed by industry.")
    )
    share = worked(figures.percent(profile.reported_share), view, profile.region, "reported_share")
    return sentence(text, share=share, unit=words.word(view.scheme.employment_word))


def _doubtful(
    view: View, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> SafeString | str:
    withheld = profile.withheld_clusters or 0
    flipping = sum(row.could_flip for row in rows)
    hidden: SafeString | str = ""
    if withheld:
        one = withheld == 1
        word = view.definition.group_word if one else view.definition.group_words
        hidden = sentence(
            ngettext(
                "The figures of %(number)s %(clusters)s are withheld in whole or in part.",
                "The figures of %(number)s %(clusters)s are withheld in whole or in part.",
                withheld,
            ),
            number=worked(figures.whole(withheld), view, profile.region, "withheld_clusters"),
            clusters=words.word(word),
        )
    flips: SafeString | str = ""
    if flipping:
        flips = sentence(
            ngettext(
                "%(number)s of its verdicts could flip.",
                "%(number)s of its verdicts could flip.",
                flipping,
            ),
            number=told(figures.whole(flipping), "probability"),
        )
    return joined([hidden, flips])


def cluster_in_region_summary(view: View, region: Region, row: RegionalCluster) -> SafeString:
    """Say how strong one cluster is in one region."""
    name, cluster = short_name(region), words.cluster(row.name)
    if row.employment is None:
        text = (
            _("The statistical office withholds figures of %(cluster)s in %(region)s for %(year)s.")
            if row.status == "withheld"
            else _(
                "The statistical office prints no figures of %(cluster)s in %(region)s for "
                "%(year)s."
            )
        )
        return sentence(text, cluster=cluster, region=name, year=view.year)
    places: dict[str, object] = {
        "region": name,
        "jobs": _of(view, row, doubt.jobs_words(row), "employment"),
        "unit": words.word(view.scheme.employment_word),
        "cluster": cluster,
        "year": view.year,
    }
    return joined(
        [_how_specialised(view, row, places), _verdict(view, row), _row_change(view, row)]
    )


def _how_specialised(view: View, row: RegionalCluster, places: dict[str, object]) -> SafeString:
    """Say how many jobs there are, how specialised that is and which place it takes."""
    text = _("%(region)s has %(jobs)s %(unit)s in %(cluster)s (%(year)s).")
    if row.location_quotient is not None:
        places |= {"times": _times(view, row), "reference": view.reference}
        text = _(
            "%(region)s has %(jobs)s %(unit)s in %(cluster)s (%(year)s): %(times)s as "
            "specialised as %(reference)s."
        )
        if row.rank is not None and row.ranked is not None:
            between = doubt.between(row.rank_low, row.rank_high, figures.ordinal)
            place = _of(view, row, figures.ordinal(row.rank), "rank")
            places |= {
                "place": _with_interval(place, between),
                "count": figures.whole(row.ranked),
                "regions": words.word(view.scheme.region_words),
            }
            text = _(
                "%(region)s has %(jobs)s %(unit)s in %(cluster)s (%(year)s): %(times)s as "
                "specialised as %(reference)s, %(place)s of %(count)s %(regions)s."
            )
    return sentence(text, **places)


def _verdict(view: View, row: RegionalCluster) -> SafeString | str:
    """Say whether it is strong there, and how sure that is."""
    if row.strong is None:
        return ""
    places: dict[str, object] = {
        "strong": _of(view, row, _("strong"), "strong"),
        "cluster": words.word(view.definition.group_word),
    }
    if row.probability_strong is None or row.probability_strong in (0, 1):
        text = (
            _("It is a %(strong)s %(cluster)s there.")
            if row.strong
            else _("It is not a %(strong)s %(cluster)s there.")
        )
        return sentence(text, **places)
    places["chance"] = _of(view, row, doubt.chance(row.probability_strong), "probability_strong")
    if row.could_flip:
        text = (
            _("It is a %(strong)s %(cluster)s there, but that could flip: it is strong %(chance)s.")
            if row.strong
            else _(
                "It is not a %(strong)s %(cluster)s there, but that could flip: it is strong "
                "%(chance)s."
            )
        )
    else:
        text = (
            _("It is a %(strong)s %(cluster)s there; it is strong %(chance)s.")
            if row.strong
            else _("It is not a %(strong)s %(cluster)s there; it is strong %(chance)s.")
        )
    return sentence(text, **places)


def _row_change(view: View, row: RegionalCluster) -> SafeString | str:
    if row.employment_change is None or row.change_from_year is None:
        return ""
    text = (
        _("Since %(start)s it gained %(jobs)s %(unit)s (%(rate)s a year).")
        if row.employment_change >= 0
        else _("Since %(start)s it lost %(jobs)s %(unit)s (%(rate)s a year).")
    )
    return sentence(
        text,
        start=row.change_from_year,
        jobs=_of(view, row, figures.whole(abs(row.employment_change)), "employment_change"),
        unit=words.word(view.scheme.employment_word),
        rate=_of(view, row, figures.growth(row.employment_growth), "employment_growth"),
    )


def cluster_summary(
    view: View, profile: ClusterProfile, top: Sequence[RegionalCluster]
) -> SafeString:
    """Say how large a cluster is and where it sits."""
    return joined([_how_large(view, profile), _where(view, profile), _most_specialised(view, top)])


def _how_large(view: View, profile: ClusterProfile) -> SafeString:
    filled = profile.employment_low is not None
    jobs = doubt.jobs_words(profile) if filled else figures.in_words(profile.employment)
    places: dict[str, object] = {
        "cluster": words.cluster(profile.name),
        "kind": _kind_words(view, profile),
        "jobs": told(jobs, "employment"),
        "unit": words.word(view.scheme.employment_word),
        "reference": view.reference,
        "year": view.year,
    }
    share = profile.reported_share
    if filled and share is not None and share < doubt.ALL_REPORTED:
        text = _(
            "%(cluster)s is %(kind)s; it has %(jobs)s %(unit)s in %(reference)s in %(year)s, "
            "%(share)s of them printed by industry and the rest estimated."
        )
        places["share"] = told(figures.percent(share), "reported-share")
    elif filled:
        text = _("%(cluster)s is %(kind)s; it has %(jobs)s %(unit)s in %(reference)s in %(year)s.")
    elif profile.status == "withheld":
        text = _(
            "%(cluster)s is %(kind)s; the source prints %(jobs)s %(unit)s of it in %(reference)s "
            "in %(year)s, and withholds some."
        )
    else:
        text = _(
            "%(cluster)s is %(kind)s; the source prints %(jobs)s %(unit)s of it in %(reference)s "
            "in %(year)s."
        )
    return sentence(text, **places)


def _kind_words(view: View, profile: ClusterProfile) -> str:
    if profile.traded is None:
        word = view.definition.group_word
        if active() == ENGLISH:
            return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
        return words.word(word)
    return _("a traded cluster") if profile.traded else _("a local cluster")


def _where(view: View, profile: ClusterProfile) -> SafeString | str:
    if profile.regions_strong is None or profile.share_in_strong_regions is None:
        return ""
    text = (
        _(
            "It is strong in %(strong)s of the %(count)s %(regions)s that have it; they hold "
            "%(share)s of its %(unit)s there."
        )
        if profile.employment_low is not None
        else _(
            "It is strong in %(strong)s of the %(count)s %(regions)s where it is printed; they "
            "hold %(share)s of its %(unit)s there."
        )
    )
    return sentence(
        text,
        strong=_with_interval(
            told(figures.whole(profile.regions_strong), "strength"),
            doubt.between(profile.regions_strong_low, profile.regions_strong_high, figures.whole),
        ),
        count=figures.whole(profile.regions_present),
        regions=words.word(view.scheme.region_words),
        share=told(figures.percent(profile.share_in_strong_regions), "cluster-strength"),
        unit=words.word(view.scheme.employment_word),
    )


def _most_specialised(view: View, top: Sequence[RegionalCluster]) -> SafeString | str:
    if not top or top[0].location_quotient is None:
        return ""
    first = top[0]
    href = addresses.region_cluster(
        view.scheme.scheme,
        first.region,
        first.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )
    notable = (first.employment or 0) >= NOTABLE
    text = (
        _(
            "The most specialised of them with at least %(least)s %(unit)s is %(region)s, at "
            "%(times)s the share of %(reference)s."
        )
        if notable
        else _(
            "The most specialised of them is %(region)s, at %(times)s the share of %(reference)s."
        )
    )
    return sentence(
        text,
        least=figures.whole(NOTABLE),
        unit=words.word(view.scheme.employment_word),
        region=format_html('<a href="{}">{}</a>', href, first.region_name),
        times=_times(view, first),
        reference=view.reference,
    )
