"""What a region could do next and who is built like it: options, their skill, peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.peers import figures_of, peers_of
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.classification import Definition
from clusteratlas.relatedness.options.entries import Entries
from clusteratlas.relatedness.options.figures import RegionalFigures, read_figures
from clusteratlas.relatedness.options.predictors import IN_USE, PREDICTORS
from clusteratlas.relatedness.options.skill import best_windows
from clusteratlas.relatedness.options.suggest import RegionOptions, region_options
from clusteratlas.relatedness.options.validation import (
    Validation,
    validate_options,
)
from clusteratlas.relatedness.packaged import packaged_industries, packaged_skill
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CONTRACTS, OPTIONS, OPTIONS_SKILL, CannotAnswer, InvalidInput
from clusteratlas.tables.related import SPLITS

ADVICE = ("options", "options_skill", "peers")
"""The tables of this module."""

STANDARD = ("us-benchmark-2014", "nace-divisions")
AMERICAN = ("us-part", "us-county", "us-cbsa")
OF_CHANCES = ("options", "options_skill")

COMPARED = tuple(each for each in PREDICTORS if each.learner != "trees")
"""Boosted trees take as long as all others together: `clusteratlas validate-options` has them."""

OUT_OF_TIME = SPLITS[1]
JUDGED = (
    "auc",
    "average_precision",
    "brier",
    "brier_constant",
    "precision_at_10",
    "calibration_slope",
)

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Advice:
    """Rows of each table of ``ADVICE``, and what provenance says of them."""

    tables: Mapping[str, pa.Table]
    about: tuple[Row, ...]


@dataclass(frozen=True)
class _Years:
    """The figures of one scheme that options are learned from and made of."""

    scheme: str
    figures: Mapping[int, RegionalFigures]
    similarities: Similarities | None


def advise(dataset: Dataset, employment: pa.Table, tell: Tell) -> Advice:
    """Return the options of the regions of a dataset, how well such odds told the past, peers.

    Definition
    ----------
    Options by `region_options`, in metro and micro areas (Europe: NUTS 2 regions; own figures: the
    own scheme), of the traded industries of the definition that comes with the classification;
    learned from what came between two years. Skill by `validate_options`, in sample, and out of
    time where there are three years. Peers by `structural_peers`, in every scheme.

    Parameters
    ----------
    employment
        Of all published schemes, withheld cells filled.
    tell
        Told what is being done, and the share done.

    Missing data
    ------------
    Without two years there are no options and no skill; provenance says so for every scheme
    without rows.
    """
    definition = _standard(dataset)
    tell("peers", 0.0)
    peers, about = peers_of(dataset, employment, definition)
    tables = {name: CONTRACTS[name].schema.empty_table() for name in OF_CHANCES}
    tables["peers"] = peers
    scheme = _scheme_of_options(dataset)
    for plan in dataset.schemes:
        if plan.scheme != scheme:
            why = (
                f"Options are worked out for {scheme}." if scheme else "No scheme of small regions."
            )
            about += [missing_row(name, plan.scheme, why) for name in OF_CHANCES]
    if scheme is None:
        return Advice(tables, tuple(about))
    years = _years_of(dataset, employment, definition, scheme)
    latest, _ = best_windows(list(years.figures))
    if latest is None:
        why = f"Odds are learned from what came between two years; {scheme} has one."
        about += [missing_row(name, scheme, why) for name in OF_CHANCES]
        return Advice(tables, tuple(about))
    clusters = dataset.definitions[0].traded_clusters(dataset.classification)
    try:
        tell("options", 0.1)
        found = region_options(
            years.figures[latest[1]],
            years.similarities,
            scheme=scheme,
            start=years.figures[latest[0]],
            peers=_by_region(peers, scheme),
            clusters=clusters,
        )
        tables["options"] = rounded(found.rows.cast(OPTIONS.schema))
        about.append(_about_options(years, definition, latest, found))
    except (CannotAnswer, InvalidInput) as refusal:
        about.append(missing_row("options", scheme, str(refusal)))
    judged, why = _judged(years, tell)
    if judged is not None and judged.skill:
        table = pa.Table.from_pylist(judged.rows(scheme), schema=OPTIONS_SKILL.schema)
        tables["options_skill"] = rounded(table)
        about.append(_about_skill(years, judged))
        if not any(each.split == OUT_OF_TIME for each in judged.skill):
            elsewhere = _measured_elsewhere(dataset, scheme)
            if elsewhere.num_rows:
                tables["options_skill"] = pa.concat_tables([tables["options_skill"], elsewhere])
                about.append(_about_elsewhere(scheme))
    else:
        about.append(missing_row("options_skill", scheme, why))
    return Advice(tables, tuple(about))


def _judged(years: _Years, tell: Tell) -> tuple[Validation | None, str]:
    """Return the skill of the odds, or none and why."""
    try:
        judged = validate_options(
            years.figures,
            years.similarities,
            predictors=COMPARED,
            progress=lambda what, share: tell(f"skill of {what}", 0.4 + 0.6 * share),
        )
    except (CannotAnswer, InvalidInput) as refusal:
        return None, str(refusal)
    return judged, " ".join(judged.notes)


def _standard(dataset: Dataset) -> Definition:
    """The definition that comes with the classification: it holds every industry."""
    known = [each for each in dataset.definitions if each.name in STANDARD]
    return (known or list(dataset.definitions))[0]


def _scheme_of_options(dataset: Dataset) -> str | None:
    published = {plan.scheme for plan in dataset.schemes}
    wanted = "us-cbsa" if dataset.base_scheme in AMERICAN else dataset.base_scheme
    return wanted if wanted in published else None


def _years_of(
    dataset: Dataset, employment: pa.Table, definition: Definition, scheme: str
) -> _Years:
    mine = figures_of(employment, scheme)
    industries = definition.traded_clusters(dataset.classification)
    return _Years(
        scheme,
        {
            year: read_figures(
                mine,
                year=year,
                classification=dataset.classification,
                industries=set(industries),
            )
            for year in sorted(pc.unique(mine.column("year")).to_pylist())
        },
        packaged_industries(dataset.classification),
    )


def _by_region(peers: pa.Table, scheme: str) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for row in peers.filter(pc.equal(peers.column("scheme"), scheme)).to_pylist():
        found.setdefault(row["region"], []).append(row["peer"])
    return dict(found)


def _about_options(
    years: _Years, definition: Definition, window: tuple[int, int], found: RegionOptions
) -> Row:
    figures = years.figures[window[1]]
    return step_row(
        "options",
        f"options in {years.scheme} {window[1]}",
        title=f"What the regions of {years.scheme} lack or are growing into",
        covers=" ".join(
            [
                f"{len(figures.regions)} regions, {len(figures.industries)} industries.",
                *(f"{note[0].upper()}{note[1:]}" for note in found.notes),
            ]
        ),
        parameters={
            "scheme": years.scheme,
            "learned_from": list(window),
            "industries_of": definition.name,
            "predictor": IN_USE.name,
            "components": sorted(years.similarities.components) if years.similarities else [],
        },
    )


def _about_skill(years: _Years, judged: Validation) -> Row:
    said = [_entries_said(each) for each in judged.windows]
    return step_row(
        "options_skill",
        f"skill of options in {years.scheme}",
        title=f"How well past entries in {years.scheme} are told beforehand",
        covers=" ".join([*said, *judged.notes]),
        parameters={
            "scheme": years.scheme,
            "windows": [[each.start, each.end] for each in judged.windows],
            "predictors": [each.name for each in COMPARED],
        },
    )


def _measured_elsewhere(dataset: Dataset, scheme: str) -> pa.Table:
    """Return the skill out of time that was measured once on more years of the same office."""
    rows: list[dict[str, object]] = []
    if dataset.classification == "naics-2017":
        for row in packaged_skill(scheme):
            numbers = {name: float(row[name]) for name in JUDGED}
            whole = {name: int(row[name]) for name in ("year", "cells", "events")}
            told: dict[str, object] = {name: row.get(name) for name in OPTIONS_SKILL.names}
            rows.append({**told, **whole, **numbers})
    return pa.Table.from_pylist(rows, schema=OPTIONS_SKILL.schema)


def _about_elsewhere(scheme: str) -> Row:
    return step_row(
        "options_skill",
        f"skill of options in {scheme}, other years",
        title=f"How well entries in {scheme} were told out of time, 2017 to 2021",
        covers="These figures hold two years, too few to judge odds by later ones. Rows out of "
        "time were measured once on County Business Patterns as printed, learned from 2017 to 2019 "
        "and judged on 2019 to 2021.",
        parameters={"scheme": scheme, "learned_from": [2017, 2019], "judged_on": [2019, 2021]},
    )


def _entries_said(found: Entries) -> str:
    """Say how many entries a window has, and of how many the office prints the start."""
    events = int(np.count_nonzero(found.entered))
    observed = int(np.count_nonzero(found.entered & found.observed))
    return (
        f"{found.start} to {found.end}: {events} entries, of which {observed} start from a printed "
        "figure, the others from an estimate or no row."
    )
