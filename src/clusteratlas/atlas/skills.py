"""The occupations of the regions of a release, and what their options would need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.given_occupations import GivenOccupations
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.relatedness.options.skill_gaps import (
    OccupationNeeds,
    leading_occupations,
    skill_gaps,
)
from clusteratlas.sources import Source
from clusteratlas.tables import LEADING_OCCUPATIONS, REPORTED, SKILL_GAPS, CannotAnswer

SKILLS = ("leading_occupations", "skill_gaps")
LEADING = 10
OPTIONS_OF_A_KIND = 10
OCCUPATIONS_OF_AN_OPTION = 5

NOT_GIVEN = "No occupations by area were given: add --occupations (and --staffing) to the build."
NO_STAFFING = "No occupations by industry were given: add --staffing to the build."
REFERENCE = "All other regions are held against it, so it leads in nothing and lacks nothing."


@dataclass(frozen=True)
class Skills:
    """Rows of each table of ``SKILLS``, and what provenance says of them."""

    tables: Mapping[str, pa.Table]
    about: tuple[Row, ...]


def skills_of(dataset: Dataset, options: pa.Table, given: GivenOccupations | None) -> Skills:
    """Return the leading occupations of a dataset's regions, and the skill gaps of their options.

    Definition
    ----------
    `leading_occupations` (ten, thirty jobs at least) in every published region that the file
    holds, but the one that all are held against; `skill_gaps` for the first ten options of each
    kind in their latest year, five occupations each.

    Missing data
    ------------
    Without a file, without a region of the scheme in it, or without options there are no rows, and
    provenance says so for every scheme.
    """
    if given is None:
        about = [
            missing_row(name, plan.scheme, NOT_GIVEN) for plan in dataset.schemes for name in SKILLS
        ]
        return Skills(_tables([], []), tuple(about))
    needs = None if given.staffing is None else OccupationNeeds.of(given.staffing)
    first = _first_options(options)
    leading: list[dict[str, object]] = []
    gaps: list[dict[str, object]] = []
    about = []
    held: dict[str, int] = {}
    asked: dict[str, int] = {}
    unstaffed: set[str] = set()
    for plan in dataset.schemes:
        scheme = plan.scheme
        regions = _by_region(_of(given.areas, scheme), _of(dataset.regions, scheme))
        if scheme == dataset.reference_scheme:
            about += [missing_row(name, scheme, REFERENCE) for name in SKILLS]
            continue
        rows_of: list[dict[str, object]] = []
        for region, rows in regions.items():
            leading += _leading(rows, scheme, region, given.area_source)
            wanted = first.get((scheme, region), ()) if needs is not None else ()
            for industry in wanted:
                found = _gaps(needs, rows, scheme, region, industry)
                if found is None:
                    unstaffed.add(industry)
                else:
                    rows_of += found
        gaps += rows_of
        held[scheme] = len(regions)
        asked[scheme] = len({(row["region"], row["industry"]) for row in rows_of})
        if not regions:
            why = f"The occupations that were given hold no region of {scheme}."
            about += [missing_row(name, scheme, why) for name in SKILLS]
        elif not rows_of:
            why = NO_STAFFING if needs is None else f"There are no options in {scheme}."
            about.append(missing_row("skill_gaps", scheme, why))
    if leading:
        about.append(_about(LEADING_OCCUPATIONS.name, given.area_source, held, "regions"))
    if gaps and given.staffing_source is not None:
        about.append(
            _about(SKILL_GAPS.name, given.staffing_source, asked, "options", sorted(unstaffed))
        )
    source = given.staffing_source.source if given.staffing_source else ""
    return Skills(_tables(leading, [{**row, "source": source} for row in gaps]), tuple(about))


def _tables(leading: list[dict[str, object]], gaps: list[dict[str, object]]) -> dict[str, pa.Table]:
    return {
        contract.name: rounded(pa.Table.from_pylist(rows, schema=contract.schema))
        for contract, rows in ((LEADING_OCCUPATIONS, leading), (SKILL_GAPS, gaps))
    }


def _of(table: pa.Table, scheme: str) -> pa.Table:
    return table.filter(pc.equal(table.column("scheme"), scheme))


def _by_region(areas: pa.Table, regions: pa.Table) -> dict[str, pa.Table]:
    """Return the rows of each region that the release knows, by its code."""
    known = set(regions.column("region").to_pylist())
    rows = areas.sort_by("region")
    counted = rows.group_by("region", use_threads=False).aggregate([([], "count_all")])
    counts = dict(
        zip(
            counted.column("region").to_pylist(),
            counted.column("count_all").to_pylist(),
            strict=True,
        )
    )
    found = {}
    start = 0
    for region in sorted(counts):
        if region in known:
            found[region] = rows.slice(start, counts[region])
        start += counts[region]
    return found


def _first_options(options: pa.Table) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the first options of each region, of both kinds, in their latest year."""
    if not options.num_rows:
        return {}
    rows = options.filter(
        pc.and_(
            pc.less_equal(options.column("rank"), OPTIONS_OF_A_KIND),
            pc.equal(options.column("year"), pc.max(options.column("year"))),
        )
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows.select(["scheme", "region", "industry"]).to_pylist():
        found.setdefault((row["scheme"], row["region"]), []).append(row["industry"])
    return {place: tuple(sorted(industries)) for place, industries in found.items()}


def _leading(rows: pa.Table, scheme: str, region: str, source: Source) -> list[dict[str, object]]:
    year = pc.max(rows.column("year")).as_py()
    return [
        {
            "scheme": scheme,
            "region": region,
            "occupation": each.occupation,
            "year": year,
            "title": each.title,
            "employment": each.employment,
            "location_quotient": each.location_quotient,
            "rank": place,
            "status": REPORTED,
            "source": source.source,
        }
        for place, each in enumerate(leading_occupations(rows, scheme, region, count=LEADING), 1)
    ]


def _gaps(
    needs: OccupationNeeds | None, rows: pa.Table, scheme: str, region: str, industry: str
) -> list[dict[str, object]] | None:
    """Return what one option needs; nothing where no staffing stands for it."""
    if needs is None:
        return None
    try:
        found = skill_gaps(
            needs,
            rows,
            scheme=scheme,
            region=region,
            industries=[industry],
            count=OCCUPATIONS_OF_AN_OPTION,
        )
    except CannotAnswer:
        return None
    return [
        {
            "scheme": scheme,
            "region": region,
            "industry": industry,
            "occupation": each.occupation,
            "title": each.title,
            "needed": each.needed,
            "location_quotient": each.location_quotient,
            "employment": each.employment,
            "gap": each.gap,
            "rank": place,
            "staffed_as": found.staffed_as[industry],
        }
        for place, each in enumerate(found.rows, 1)
    ]


def _about(
    table: str, source: Source, counts: Mapping[str, int], what: str, missing: Sequence[str] = ()
) -> Row:
    said = "; ".join(
        f"{number:,} {what} of {scheme}" for scheme, number in counts.items() if number
    )
    lacking = f" Without staffing: {', '.join(missing)}." if missing else ""
    return {
        **step_row(
            table,
            source.source,
            publisher=source.publisher,
            title=source.title,
            licence=source.licence,
            checksum=source.checksum,
            covers=f"{said}.{lacking} {source.covers}",
            parameters={
                "leading": LEADING,
                "occupations_of_an_option": OCCUPATIONS_OF_AN_OPTION,
                "options_of_a_kind": OPTIONS_OF_A_KIND,
            },
        ),
        "address": source.address,
    }
