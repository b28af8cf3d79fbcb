"""A few things a release found, for the end of a build and of the demo."""

from __future__ import annotations

from collections.abc import Sequence

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.cli import words
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.tables import UNPUBLISHED

SHOWN = 6
MAIN = ("us-cbsa", "nuts-2")


def show_leading(release: Release, scheme: str, region: str, *, limit: int = SHOWN) -> None:
    """Print the strongest clusters of a region; where none can be strong, the leading ones."""
    info = release.scheme(scheme)
    profile = release.region_profile(scheme, region)
    definition = release.definition(profile.definition)
    rows = _leading(release.regional_clusters(scheme, region=region))
    strong = any(row.strong for row in rows)
    word = "Strongest" if strong and definition.traded_split else "Leading"
    title(
        f"{word} {definition.group_words} of {profile.region_name}",
        f"{release.region(scheme, region).kind} {region} · {profile.year} · "
        f"{words.number(profile.employment)} {info.employment_word}",
    )
    shown = rows[:limit]
    table(
        [
            Heading(definition.group_word.capitalize(), folds=True),
            Heading(info.employment_word.split()[0].capitalize(), right=True),
            Heading("LQ", right=True),
            Heading("Rank", right=True),
            Heading("Strength"),
        ],
        [
            [
                row.name,
                words.jobs(row),
                words.quotient(row.location_quotient),
                words.place_of(row.rank, row.ranked),
                words.strength(row),
            ]
            for row in shown
        ],
    )
    marks = words.marks_explained(list(shown), [words.strength(row) for row in shown])
    notes([f"Marks: {'; '.join(marks)}." if marks else "", f"Source: {info.source_line}."])
    line()


def _leading(rows: Sequence[RegionalCluster]) -> list[RegionalCluster]:
    """Return strong clusters by quotient; without any, the printed ones by quotient."""
    strong = [row for row in rows if row.strong]
    return strong or [
        row for row in rows if row.status != UNPUBLISHED and row.location_quotient is not None
    ]


def finding_sentences(release: Release, *, limit: int = 3) -> list[str]:
    """Return one sentence each for the largest strong clusters of the main schemes."""
    sentences = []
    main = [each for each in release.manifest.schemes if each.scheme in MAIN]
    for info in main or [each for each in release.manifest.schemes if each.base]:
        rows = release.regional_clusters(info.scheme, order="employment")
        above = [row for row in rows if (row.location_quotient or 0) > 1]
        for row in [row for row in above if row.strong][:limit] or above[:limit]:
            if row.location_quotient is not None:
                sentences.append(
                    f"{row.name} in {row.region_name}, {row.year}: {words.jobs(row)} "
                    f"{info.employment_word}, {row.location_quotient:.1f} times the share in "
                    f"{words.with_article(info.reference_name)}"
                )
    return sentences
