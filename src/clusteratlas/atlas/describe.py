"""Describe datasets for the manifest: schemes with their words, years and source line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import __version__
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.manifest import DefinitionInfo, SchemeInfo
from clusteratlas.atlas.schemes import SchemePlan
from clusteratlas.classification import Definition


def describe(
    datasets: Sequence[Dataset], rows: dict[str, int], profiles: pa.Table
) -> dict[str, Any]:
    """Return the manifest without its id and files; regions are counted in their profiles."""
    definitions = {
        definition.name: _definition(dataset, definition)
        for dataset in datasets
        for definition in dataset.definitions
    }
    return {
        "code_version": __version__,
        "schemes": [
            _scheme(dataset, plan, profiles).model_dump(mode="json")
            for dataset in datasets
            for plan in dataset.schemes
        ],
        "definitions": [info.model_dump(mode="json") for info in definitions.values()],
        "rows": rows,
    }


def _definition(dataset: Dataset, definition: Definition) -> DefinitionInfo:
    traded = definition.clusters.column("traded")
    return DefinitionInfo(
        definition=definition.name,
        title=definition.title,
        citation=definition.citation,
        group_word=definition.group_word,
        group_words=f"{definition.group_word}s",
        classification=dataset.classification,
        traded_split=traded.null_count < len(traded),
        clusters=definition.clusters.num_rows,
    )


def _scheme(dataset: Dataset, plan: SchemePlan, profiles: pa.Table) -> SchemeInfo:
    given = dataset.employment.column("scheme")
    source = dataset.base_scheme
    mine = plan.scheme if pc.any(pc.equal(given, plan.scheme)).as_py() else source
    years = pc.unique(dataset.employment.filter(pc.equal(given, mine)).column("year"))
    first = dataset.sources[0]
    ordered = tuple(sorted(years.to_pylist()))
    latest = profiles.filter(
        pc.and_(
            pc.equal(profiles.column("scheme"), plan.scheme),
            pc.equal(profiles.column("year"), ordered[-1]),
        )
    )
    regions = pc.count_distinct(latest.column("region")).as_py()
    titles = sorted({(source.publisher, source.title) for source in dataset.sources})
    return SchemeInfo(
        scheme=plan.scheme,
        title=plan.title,
        region_word=plan.region_word,
        region_words=plan.region_words,
        country_group=dataset.country_group,
        reference_scheme=dataset.reference_scheme,
        reference_name=dataset.reference_name,
        classification=dataset.classification,
        definition=dataset.definitions[0].name,
        definitions=tuple(definition.name for definition in dataset.definitions),
        years=ordered,
        regions=regions,
        employment_word=first.employment_word,
        payroll_unit=first.payroll_unit,
        source_line="; ".join(f"{publisher}, {title}" for publisher, title in titles),
        total_note=dataset.total_note,
        base=plan.scheme == dataset.base_scheme,
    )
