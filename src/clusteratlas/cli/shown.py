"""Answers for readers: which figures these are, the table, and what its marks and source are."""

from __future__ import annotations

from collections.abc import Sequence

from clusteratlas.atlas import (
    Cluster,
    ClusterProfile,
    Hit,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionProfile,
    Release,
    SchemeInfo,
)
from clusteratlas.cli import words
from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.tables import REPORTED


def show_region(
    release: Release,
    region: Region,
    profile: RegionProfile,
    rows: Sequence[RegionalCluster],
    hidden: int,
) -> None:
    """Print a region: its totals, then its clusters, traded and local apart."""
    scheme = release.scheme(region.scheme)
    definition = release.definition(profile.definition)
    title(
        region.name,
        f"{region.kind} {region.region} ({region.scheme}) · {profile.year} · "
        f"{definition.group_words} by {definition.definition}",
    )
    line()
    facts(_region_facts(region, profile, scheme, definition.group_words))
    groups: tuple[tuple[str, list[RegionalCluster]], ...]
    if definition.traded_split:
        groups = (
            ("Traded clusters", [row for row in rows if row.traded]),
            ("Local clusters", [row for row in rows if row.traded is False]),
            ("Other clusters", [row for row in rows if row.traded is None]),
        )
    else:
        groups = ((definition.group_words.capitalize(), list(rows)),)
    for heading, group in groups:
        if group:
            line()
            title(heading)
            _cluster_table(group, scheme, definition.group_word)
    if not rows:
        line()
        line(f"None of its {definition.group_words} is as asked.")
    line()
    if hidden:
        line(f"Not printed by the office: {hidden} more (--all lists them).")
    _under_clusters(release, scheme, rows)


def _region_facts(
    region: Region, profile: RegionProfile, scheme: SchemeInfo, group_words: str
) -> list[tuple[str, str]]:
    rank = ""
    if profile.rank_by_employment is not None and (profile.ranked or 0) > 1:
        place = words.place_of(profile.rank_by_employment, profile.ranked)
        rank = f" (rank {place} {scheme.region_words})"
    pairs = [
        (
            scheme.employment_word.capitalize(),
            words.number(profile.employment) + rank,
        )
    ]
    if profile.traded_share is not None:
        pairs.append((f"In traded {group_words}", words.share_of(profile, "traded_share")))
    if profile.cluster_strength is not None:
        traded = "traded " if profile.traded_share is not None else ""
        pairs.append(
            (
                "Cluster strength",
                f"{words.share_of(profile, 'cluster_strength')} of {traded}"
                f"{scheme.employment_word} in strong {group_words} "
                f"({words.strong_clusters(profile)})",
            )
        )
    pairs += _change(profile, scheme)
    if profile.reported_share is not None:
        pairs.append(("Printed by industry", f"{words.percent(profile.reported_share)} of all"))
    if profile.withheld_clusters:
        pairs.append((f"{group_words.capitalize()} withheld", str(profile.withheld_clusters)))
    if region.coverage is not None and region.coverage < 1:
        pairs.append(
            ("Coverage", f"the source covers {words.percent(region.coverage)} of this region")
        )
    return pairs


def _change(profile: RegionProfile | ClusterProfile, scheme: SchemeInfo) -> list[tuple[str, str]]:
    if profile.change_from_year is None:
        return []
    since = f"Since {profile.change_from_year}"
    if profile.employment_change is None:
        return [(since, "not known: a part of one of the years is withheld or not printed")]
    change = f"{words.signed(profile.employment_change)} {scheme.employment_word}"
    return [(since, f"{change} ({words.percent(profile.employment_growth, sign=True)} a year)")]


def _cluster_table(rows: Sequence[RegionalCluster], scheme: SchemeInfo, group_word: str) -> None:
    table(
        [
            Heading("Code"),
            Heading(group_word.capitalize(), folds=True),
            Heading(_counted(scheme), right=True),
            Heading("LQ", right=True),
            *_interval_head(rows),
            Heading("Share", right=True),
            Heading("Rank", right=True),
            Heading("Strength"),
        ],
        [
            [
                row.cluster,
                row.name,
                words.jobs(row),
                words.quotient(row.location_quotient),
                *_interval_cell(row, rows),
                words.percent(row.share_of_region),
                words.place_of(row.rank, row.ranked),
                words.strength(row),
            ]
            for row in rows
        ],
    )


def _under_clusters(release: Release, scheme: SchemeInfo, rows: Sequence[RegionalCluster]) -> None:
    notes(
        [
            f"{_meaning(scheme)}LQ, location quotient: share in the "
            f"region over the share in {_reference(scheme)}. Share: of all "
            f"{scheme.employment_word} of the region. Rank: by LQ, among {scheme.region_words}."
            f"{_interval_meaning(rows)}",
        ]
    )
    _marks_and_source(release, scheme, list(rows), [words.strength(row) for row in rows])


def _marks_and_source(
    release: Release, scheme: SchemeInfo, rows: list[words.Figure], flags: list[str]
) -> None:
    marks = words.marks_explained(rows, flags)
    notes(
        [
            f"Marks: {'; '.join(marks)}." if marks else "",
            scheme.total_note,
            f"Source: {scheme.source_line}. Release {release.id}.",
        ]
    )


def show_cluster(
    release: Release,
    cluster: Cluster,
    scheme: SchemeInfo,
    profile: ClusterProfile,
    rows: Sequence[RegionalCluster],
    *,
    hidden: int,
) -> None:
    """Print a cluster: its totals in the reference area, then the regions that have it."""
    kind = {True: "traded ", False: "local ", None: ""}[cluster.traded]
    group_word = release.definition(cluster.definition).group_word
    title(
        cluster.name,
        f"{kind}{group_word} {cluster.cluster} of {cluster.definition} · {profile.year} · "
        f"{scheme.title}",
    )
    line()
    filled = profile.employment_low is not None
    known = words.with_interval(words.jobs(profile), words.jobs_between(profile))
    jobs = f"{known} in {_reference(scheme)}"
    pairs = [
        (scheme.employment_word.capitalize(), jobs),
        (
            "Regions",
            f"{profile.regions_present:,} {scheme.region_words} with "
            f"{'' if filled else 'printed '}figures",
        ),
    ]
    if profile.regions_strong is not None:
        inside = words.percent(profile.share_in_strong_regions)
        number = words.with_interval(
            f"{profile.regions_strong:,}",
            words.between(profile.regions_strong_low, profile.regions_strong_high, words.number),
        )
        pairs.append(("Strong in", f"{number}, which hold {inside} of it"))
    pairs += _change(profile, scheme)
    if profile.reported_share is not None:
        share = words.percent(profile.reported_share)
        if filled:
            pairs.append(
                ("Printed by industry", f"{share} in {_reference(scheme)}; the rest is estimated")
            )
        else:
            pairs.append(
                ("Printed by industry", f"{share} in {_reference(scheme)}; quotients and shares")
            )
            pairs.append(("", "compare what is printed"))
    facts(pairs)
    line()
    show_regional(release, scheme, rows, hidden, with_cluster=False)


def show_regional(
    release: Release,
    scheme: SchemeInfo,
    rows: Sequence[RegionalCluster],
    hidden: int,
    *,
    with_cluster: bool,
) -> None:
    """Print regional clusters of several regions."""
    middle = [Heading("Cluster", folds=True)] if with_cluster else []
    if with_cluster and rows:
        middle = [
            Heading(release.definition(rows[0].definition).group_word.capitalize(), folds=True)
        ]
    table(
        [
            Heading("Code"),
            Heading(scheme.region_word.capitalize(), folds=True),
            *middle,
            Heading(_counted(scheme), right=True),
            Heading("LQ", right=True),
            *_interval_head(rows),
            *([] if with_cluster else [Heading("Of all", right=True)]),
            Heading("Rank", right=True),
            Heading("Strength"),
        ],
        [
            [
                row.region,
                row.region_name,
                *([row.name] if with_cluster else []),
                words.jobs(row),
                words.quotient(row.location_quotient),
                *_interval_cell(row, rows),
                *([] if with_cluster else [words.percent(row.share_of_nation)]),
                words.place_of(row.rank, row.ranked),
                words.strength(row),
            ]
            for row in rows
        ],
    )
    line()
    if hidden:
        line(f"{hidden:,} more rows (--limit shows more, --all also what is not printed).")
    of_all = "" if with_cluster else f" Of all: share of its {scheme.employment_word} there."
    notes(
        [
            f"{_meaning(scheme)}LQ, location quotient: share in the "
            f"region over the share in {_reference(scheme)}.{of_all} Rank: by LQ, "
            f"among {scheme.region_words}.{_interval_meaning(rows)}"
        ]
    )
    _marks_and_source(release, scheme, list(rows), [words.strength(row) for row in rows])


def _interval_head(rows: Sequence[RegionalCluster]) -> list[Heading]:
    """The head of the column of intervals, where any row has one."""
    return [Heading("90 %", right=True)] if any(map(words.quotient_between, rows)) else []


def _interval_meaning(rows: Sequence[RegionalCluster]) -> str:
    if not _interval_head(rows):
        return ""
    return " 90 %: where LQ lies in nine of ten possible tables of what is withheld."


def _interval_cell(row: RegionalCluster, rows: Sequence[RegionalCluster]) -> list[str]:
    return [words.quotient_between(row)] if _interval_head(rows) else []


def show_inside(
    release: Release,
    row: RegionalCluster,
    subclusters: Sequence[RegionalSubcluster],
    industries: Sequence[RegionalIndustry],
    hidden: int,
) -> None:
    """Print what a cluster in a region is made of: subclusters and industries."""
    scheme = release.scheme(row.scheme)
    title(f"{row.name} in {row.region_name}", f"{row.year} · {row.definition} · {row.scheme}")
    line()
    strong = words.strength(row)
    facts(
        [
            (
                scheme.employment_word.capitalize(),
                f"{words.with_interval(words.jobs(row), words.jobs_between(row))}, "
                f"{words.percent(row.share_of_region)} of the region, "
                f"{words.percent(row.share_of_nation)} of {_reference(scheme)}",
            ),
            (
                "Location quotient",
                words.with_interval(
                    words.quotient(row.location_quotient), words.quotient_between(row)
                ),
            ),
            (
                "Rank",
                f"{words.place_of(row.rank, row.ranked)} {scheme.region_words}"
                + (f", between {between}" if (between := words.rank_between(row)) else ""),
            ),
            *([("Strength", strong)] if strong else []),
            *([("Status", row.status)] if row.status != REPORTED else []),
            *(
                [("Reported", f"{words.percent(row.reported_share)} of the jobs")]
                if row.reported_share is not None
                else []
            ),
        ]
    )
    share = Heading("Of all", right=True)
    counted = Heading(_counted(scheme), right=True)
    if subclusters:
        line()
        table(
            [Heading("Subcluster", folds=True), counted, Heading("LQ", right=True), share],
            [
                [
                    each.subcluster,
                    words.jobs(each),
                    words.quotient(each.location_quotient),
                    words.percent(each.share_of_nation),
                ]
                for each in subclusters
            ],
        )
    if industries:
        line()
        table(
            [Heading("Code"), Heading("Industry", folds=True), counted, share],
            [
                [each.industry, each.title, words.jobs(each), words.percent(each.share_of_nation)]
                for each in industries
            ],
        )
    line()
    if hidden:
        line(f"Not printed by the office: {hidden} more (--all lists them).")
    notes([f"Of all: share of the {scheme.employment_word} in {_reference(scheme)}."])
    _marks_and_source(release, scheme, [row, *subclusters, *industries], [strong])


def show_hits(text: str, hits: Sequence[Hit]) -> None:
    """Print what a search found, with the codes to ask for."""
    title(f"{len(hits)} found for {plain_quote(text)}")
    table(
        [
            Heading("Code"),
            Heading("Name", folds=True),
            Heading("What", folds=True),
            Heading("In"),
        ],
        [[hit.code, hit.name, hit.detail, hit.scheme or hit.definition] for hit in hits],
    )
    line()
    notes(["Ask for more with `clusteratlas region CODE` or `clusteratlas cluster CODE`."])


def plain_quote(text: str) -> str:
    """Return text in quotes, free of control codes."""
    return f"“{words.plain(text)}”"


def _counted(scheme: SchemeInfo) -> str:
    """Return the head of the column of jobs: the first word of what is counted."""
    return scheme.employment_word.split()[0].capitalize()


def _meaning(scheme: SchemeInfo) -> str:
    """Return what the column of jobs counts, where its head does not say it all."""
    head = _counted(scheme)
    return "" if head.lower() == scheme.employment_word else f"{head}: {scheme.employment_word}. "


def _reference(scheme: SchemeInfo) -> str:
    """Return the reference area as it stands inside a sentence."""
    return words.with_article(scheme.reference_name)
