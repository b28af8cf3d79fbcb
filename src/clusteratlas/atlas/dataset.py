"""What goes into a release: employment with its regions, its definitions and its reference area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.atlas.schemes import (
    EUROPEAN_SCHEMES,
    US_SCHEMES,
    SchemePlan,
    own_scheme,
    whole_of,
)
from clusteratlas.classification import Definition
from clusteratlas.engine import with_columns_of
from clusteratlas.sources import Source, SourceTable, read_sample
from clusteratlas.tables import EMPLOYMENT, MEMBERSHIPS, REGIONS, Fault, InvalidInput

US_COARSE_LEVEL = 4
EUROPEAN_COARSE_LEVEL = 1


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
        The places and which lies in which.
    definitions
        Cluster definitions, the default one first.
    coarse_level
        Level of the industry totals that fine rows are held against; ``None`` without any.
    sources
        Where the figures come from.
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
    definitions: tuple[Definition, ...]
    coarse_level: int | None
    sources: tuple[Source, ...]
    total_note: str = ""

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
    return Dataset(
        "United States",
        employment,
        first.classification,
        base,
        chosen,
        "us-nation",
        "United States",
        pa.concat_tables([classification.regions(plan.scheme) for plan in chosen]),
        pa.concat_tables([classification.memberships(base, target) for target in targets]),
        (*definitions, standard),
        US_COARSE_LEVEL,
        sources,
        "Shares of a region use its four-digit industry totals where they are printed, "
        "else the six-digit industries beneath them.",
    )


def _european(
    first: SourceTable,
    employment: pa.Table,
    sources: tuple[Source, ...],
    definitions: Sequence[Definition],
    schemes: Sequence[str],
) -> Dataset:
    given = set(pc.unique(employment.column("scheme")).to_pylist())
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
        pa.concat_tables([classification.regions(plan.scheme) for plan in chosen]),
        MEMBERSHIPS.schema.empty_table(),
        (*definitions, standard),
        EUROPEAN_COARSE_LEVEL,
        sources,
        "Shares of a region use its section totals where they are printed, else the divisions "
        "beneath them. Business economy only: sections B-J and L-N, and division S95.",
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
        (*definitions, *standard),
        _coarse_level(first.classification),
        sources,
    )


def _standard_definitions(name: str) -> tuple[Definition, ...]:
    if name.startswith("naics-"):
        return (classification.definition("us-benchmark-2014", name),)
    return (classification.definition("nace-divisions", name),)


def _coarse_level(name: str) -> int:
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
