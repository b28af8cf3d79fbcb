"""What goes into a release: employment with its regions, its definitions and its reference area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.atlas.schemes import (
    EUROPEAN_SCHEMES,
    EUROPEAN_TOTALS,
    US_SCHEMES,
    US_TOTALS,
    SchemePlan,
    own_scheme,
    whole_of,
)
from clusteratlas.classification import Definition
from clusteratlas.engine import with_columns_of
from clusteratlas.sources import Source, SourceTable, read_sample
from clusteratlas.tables import EMPLOYMENT, INDICATORS, MEMBERSHIPS, REGIONS, Fault, InvalidInput

US_COARSE_LEVEL = 4
EUROPEAN_COARSE_LEVEL = 1
DISTRICT = ("11001", "47900-11")
"""The District of Columbia as a county and as a part of its metropolitan area."""

UNITS = pa.schema([("scheme", pa.string()), ("region", pa.string()), ("all_units", pa.int64())])


@dataclass(frozen=True)
class Dataset:
    """Everything about one group of region schemes that share a reference area.

    Attributes
    ----------
    country_group
        What the schemes have in common, such as United States or Europe.
    employment
        Rows of the `employment` table, in ``base_scheme`` and any other of ``schemes``.
    classification
        Of the employment's industry codes.
    base_scheme
        The scheme that larger regions are added up from.
    schemes
        The schemes to publish.
    reference_scheme
        Scheme whose regions together are the reference area of quotients.
    regions, memberships
        The places, and which base region lies in which larger one.
    nested
        Which published region lies, wholly or in part, in which other one; for pages.
    units
        scheme, region, all_units: how many smallest regions each region is made of.
    definitions
        Cluster definitions, the default one first.
    coarse_level
        Level of the industry totals that fine rows are held against; ``None`` without any.
    sources
        Where the figures come from.
    indicators, indicator_sources
        Other figures of the regions, and where those come from.
    """

    country_group: str
    employment: pa.Table
    classification: str
    base_scheme: str
    schemes: tuple[SchemePlan, ...]
    reference_scheme: str
    reference_name: str
    regions: pa.Table
    memberships: pa.Table
    nested: pa.Table
    units: pa.Table
    definitions: tuple[Definition, ...]
    coarse_level: int | None
    sources: tuple[Source, ...]
    total_note: str = ""
    indicators: pa.Table = field(default_factory=INDICATORS.schema.empty_table)
    indicator_sources: tuple[Source, ...] = ()

    @classmethod
    def of(
        cls,
        tables: Sequence[SourceTable],
        *,
        definitions: Sequence[Definition] = (),
        schemes: Sequence[str] = (),
    ) -> Dataset:
        """Make a dataset of tables read from files of one kind.

        Parameters
        ----------
        tables
            At least one; same classification and same base scheme.
        definitions
            Own definitions, before the one that comes with the classification.
        schemes
            Names of the schemes to publish; by default all that can be made.

        Raises
        ------
        InvalidInput
            If the tables do not belong together.
        """
        first = tables[0]
        faults = [
            Fault(
                f"figures in {table.classification} for {table.base_scheme} cannot join figures "
                f"in {first.classification} for {first.base_scheme} in one dataset",
                hint="build them as two releases, or give files of one kind and vintage",
            )
            for table in tables[1:]
            if (table.classification, table.base_scheme)
            != (first.classification, first.base_scheme)
        ]
        if faults:
            raise InvalidInput(faults)
        employment = pa.concat_tables([table.employment for table in tables])
        sources = tuple(source for table in tables for source in table.sources)
        if first.base_scheme in {"us-county", "us-part"}:
            return _us(first, employment, sources, definitions, schemes)
        if first.base_scheme.startswith("nuts-"):
            return _european(first, employment, sources, definitions, schemes)
        return _own(tables, employment, sources, definitions)


def sample_datasets() -> tuple[Dataset, ...]:
    """Return the bundled sample: US areas 2018 and 2021, European regions 2011 and 2014."""
    return tuple(Dataset.of([table]) for table in read_sample())


def _wanted(plans: Sequence[SchemePlan], names: Sequence[str]) -> tuple[SchemePlan, ...]:
    return tuple(plan for plan in plans if not names or plan.scheme in names)


def _us(
    first: SourceTable,
    employment: pa.Table,
    sources: tuple[Source, ...],
    definitions: Sequence[Definition],
    schemes: Sequence[str],
) -> Dataset:
    base = first.base_scheme
    plans = [plan for plan in US_SCHEMES if plan.scheme != "us-county" or base == "us-county"]
    chosen = _wanted(plans, [*schemes, "us-nation"] if schemes else [])
    targets = [plan.scheme for plan in chosen if plan.scheme != base]
    standard = classification.definition("us-benchmark-2014", first.classification)
    memberships = pa.concat_tables([classification.memberships(base, name) for name in targets])
    return Dataset(
        "United States",
        employment,
        first.classification,
        base,
        chosen,
        "us-nation",
        "United States",
        _covered(
            pa.concat_tables([classification.regions(plan.scheme) for plan in chosen]), employment
        ),
        memberships,
        _nested(base, memberships, {plan.scheme for plan in chosen}),
        _counties_of({plan.scheme for plan in chosen}),
        (*definitions, standard),
        US_COARSE_LEVEL,
        sources,
        US_TOTALS,
    )


def _nested(base: str, memberships: pa.Table, published: set[str]) -> pa.Table:
    """Pairs of published regions that share a base region, the smaller kind first."""
    order = ("us-county", "us-cbsa", "us-rest-of-state", "us-state")
    held: dict[str, dict[str, list[str]]] = {}
    for row in memberships.to_pylist():
        held.setdefault(row["region"], {}).setdefault(row["in_scheme"], []).append(row["in_region"])
    pairs = set()
    for region, places in held.items():
        places[base] = [region]
        for rank, small in enumerate(order):
            for large in order[rank + 1 :]:
                if small in published and large in published:
                    pairs |= {
                        (small, inner, large, outer)
                        for inner in places.get(small, [])
                        for outer in places.get(large, [])
                    }
    return pa.Table.from_pylist(
        [dict(zip(MEMBERSHIPS.names, pair, strict=True)) for pair in sorted(pairs)],
        schema=MEMBERSHIPS.schema,
    )


def _with_figures(regions: pa.Table, employment: pa.Table) -> pa.Table:
    """Leave out regions of vintages that the figures at hand do not use."""
    used = employment.group_by(["scheme", "region"]).aggregate([])
    return regions.join(used, ["scheme", "region"], join_type="left semi").cast(REGIONS.schema)


def _nuts_nested(employment: pa.Table, published: set[str]) -> pa.Table:
    used = employment.group_by(["scheme", "region"]).aggregate([])
    parts = [
        classification.memberships(small, large).join(
            used, ["scheme", "region"], join_type="left semi"
        )
        for small, large in (("nuts-2", "nuts-1"), ("nuts-2", "nuts-0"), ("nuts-1", "nuts-0"))
        if {small, large} <= published
    ]
    empty = MEMBERSHIPS.schema.empty_table()
    return pa.concat_tables([empty, *(part.cast(MEMBERSHIPS.schema) for part in parts)])


def _counties_of(published: set[str]) -> pa.Table:
    """How many counties each published American region is made of."""
    parts = [
        classification.memberships("us-county", scheme)
        .group_by(["in_scheme", "in_region"])
        .aggregate([("region", "count")])
        .rename_columns(["scheme", "region", "all_units"])
        for scheme in sorted(published - {"us-county"})
    ]
    if "us-county" in published:
        parts.append(_units_of_one(classification.regions("us-county")))
    return pa.concat_tables([part.cast(UNITS) for part in parts])


def _units_of_one(regions: pa.Table) -> pa.Table:
    ones = pa.array([1] * regions.num_rows, pa.int64())
    return pa.table([regions.column("scheme"), regions.column("region"), ones], schema=UNITS)


def _covered(regions: pa.Table, employment: pa.Table) -> pa.Table:
    """Regions with the District of Columbia count as covered where its figures are given."""
    given = pc.is_in(employment.column("region"), pa.array(DISTRICT))
    if not pc.any(given).as_py():
        return regions
    place = regions.schema.get_field_index("coverage")
    whole = pa.array([1.0] * regions.num_rows, pa.float64())
    return regions.set_column(place, regions.schema.field(place), whole)


def _european(
    first: SourceTable,
    employment: pa.Table,
    sources: tuple[Source, ...],
    definitions: Sequence[Definition],
    schemes: Sequence[str],
) -> Dataset:
    given = set(pc.unique(employment.column("scheme")).to_pylist())
    if "nuts-0" not in given:
        raise InvalidInput(
            [
                Fault(
                    "the figures hold no countries, so regions cannot be compared with Europe",
                    column="region",
                    hint="keep the rows of countries (codes of two letters) in the file",
                )
            ]
        )
    plans = [plan for plan in EUROPEAN_SCHEMES if plan.scheme in given]
    chosen = _wanted(plans, [*schemes, "nuts-0"] if schemes else [])
    countries = employment.filter(pc.equal(employment.column("scheme"), "nuts-0"))
    count = pc.count_distinct(countries.column("region")).as_py()
    standard = classification.definition("nace-divisions", first.classification)
    return Dataset(
        "Europe",
        employment,
        first.classification,
        first.base_scheme,
        chosen,
        "nuts-0",
        f"Europe ({count} countries)",
        _with_figures(
            pa.concat_tables([classification.regions(plan.scheme) for plan in chosen]), employment
        ),
        MEMBERSHIPS.schema.empty_table(),
        _nuts_nested(employment, {plan.scheme for plan in chosen}),
        _units_of_one(pa.concat_tables([classification.regions(plan.scheme) for plan in chosen])),
        (*definitions, standard),
        EUROPEAN_COARSE_LEVEL,
        sources,
        EUROPEAN_TOTALS,
    )


def _own(
    tables: Sequence[SourceTable],
    employment: pa.Table,
    sources: tuple[Source, ...],
    definitions: Sequence[Definition],
) -> Dataset:
    first = tables[0]
    scheme, whole = own_scheme(first.base_scheme), whole_of(first.base_scheme)
    codes = pc.unique(employment.column("region")).sort().to_pylist()
    given = [table.regions for table in tables if table.regions is not None]
    regions = given[0] if given else _plain_regions(scheme.scheme, codes)
    everything = pa.table(
        {
            "scheme": [whole.scheme],
            "region": ["ALL"],
            "name": ["All regions"],
            "kind": ["all regions"],
        }
    )
    memberships = pa.table(
        {
            "scheme": [scheme.scheme] * len(codes),
            "region": codes,
            "in_scheme": [whole.scheme] * len(codes),
            "in_region": ["ALL"] * len(codes),
        },
        schema=MEMBERSHIPS.schema,
    )
    standard = _standard_definitions(first.classification)
    return Dataset(
        scheme.title,
        with_columns_of(employment, EMPLOYMENT),
        first.classification,
        scheme.scheme,
        (whole, scheme),
        whole.scheme,
        "all regions",
        pa.concat_tables([regions, with_columns_of(everything, REGIONS)]),
        memberships,
        MEMBERSHIPS.schema.empty_table(),
        pa.table(
            [
                [scheme.scheme] * len(codes) + [whole.scheme],
                [*codes, "ALL"],
                [1] * len(codes) + [len(codes)],
            ],
            schema=UNITS,
        ),
        (*definitions, *standard),
        coarse_level_of(first.classification),
        sources,
    )


def _standard_definitions(name: str) -> tuple[Definition, ...]:
    if name.startswith("naics-"):
        return (classification.definition("us-benchmark-2014", name),)
    return (classification.definition("nace-divisions", name),)


def coarse_level_of(name: str) -> int:
    """Return the level of the totals that fine industries of a classification are held against."""
    return US_COARSE_LEVEL if name.startswith("naics-") else EUROPEAN_COARSE_LEVEL


def _plain_regions(scheme: str, codes: list[str]) -> pa.Table:
    count = len(codes)
    return with_columns_of(
        pa.table(
            {
                "scheme": [scheme] * count,
                "region": codes,
                "name": codes,
                "kind": ["region"] * count,
            }
        ),
        REGIONS,
    )
