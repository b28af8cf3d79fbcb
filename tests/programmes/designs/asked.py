"""A simulated programme as its evaluator would ask: the study, the panel and the treated list."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from tests.programmes.designs.records import Simulated, SimulatedShares, Truth

from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Design,
    EffectReport,
    Outcome,
    Study,
    evaluate,
)
from clusteratlas.programmes.effects.shift_share_instrument import (
    Exposure,
    ShiftShareFindings,
    shift_share_instrument,
)

WINDOW = 5
REGION_WINDOW = 10
"""One region has ten years behind it; all other panels have at least five."""

SAME_WORD = {
    "pre_trends": "pre_trends",
    "anticipation": "anticipation",
    "mean_reversion": "mean_reversion",
    "overlap": "overlap",
    "few_treated": "few_treated",
    "no_controls": "no_controls",
    "contaminated_controls": "contaminated_controls",
    "attrition": "attrition",
    "composition": "composition",
    "control_break": "control_break",
    "short_window": "short_window",
    "fit_before": "bad_pre_fit",
    "hull": "outside_hull",
    "donors": "few_donors",
    "years_before": "short_window",
    "years_after": "short_window",
    "effective_shocks": "few_shocks",
    "dominating_shock": "dominating_shock",
    "first_stage": "weak_instrument",
    "shocks_before": "foreseen_shocks",
}
"""The catalogue's word for the code of a failed check; codes not here are never right."""


def asked(made: Simulated) -> tuple[Study, pa.Table, pa.Table]:
    """Return what is handed to ``evaluate``: only what a study would know, never the truth."""
    columns = made.panel.column_names
    design = Design(made.design.removesuffix("_with_exits"))
    undeclared = design is Design.spillover and made.exposed is None
    if undeclared or (design is Design.matched and not made.covariates):
        design = Design.staggered
    region = design is Design.synthetic
    study = Study(
        design,
        (Outcome("outcome", scale="logged"),),
        Columns(
            period="year",
            covariates=() if region else made.covariates,
            industry="industry" if "industry" in columns else "",
            region="region" if "region" in columns else "",
            cluster=made.cluster or "",
        ),
        Choices(window=REGION_WINDOW if region else WINDOW, keep_balanced=True),
    )
    return study, made.panel, _listing(made, design)


def _listing(made: Simulated, design: Design) -> pa.Table:
    rows = [(*row, "treated") for row in _rows(made.treated)]
    if made.exposed is not None:
        rows += [(*row, "spillover") for row in _rows(made.exposed)]
    if design is Design.contest:
        first = made.panel.group_by("unit").aggregate([("round", "min"), ("applied", "min")])
        won = set(made.treated["unit"].to_pylist())
        rows += [
            (row["unit"], row["round_min"], "lost")
            for row in first.to_pylist()
            if row["applied_min"] and row["unit"] not in won
        ]
    units, starts, roles = zip(*rows, strict=True)
    return pa.table({"unit": list(units), "from": list(starts), "role": list(roles)})


def _rows(listed: pa.Table) -> list[tuple[str, int]]:
    return list(zip(listed["unit"].to_pylist(), listed["start"].to_pylist(), strict=True))


def answered(made: Simulated) -> EffectReport:
    """Return the report on a simulated programme."""
    return evaluate(*asked(made))


def expected(truth: Truth, window: int) -> float:
    """Return the mean effect over treated units and years within the window."""
    seen = [(c, year, e) for (c, year), e in truth.effects.items() if year - c < window]
    return float(
        np.average([e for _, _, e in seen], weights=[truth.sizes[cohort] for cohort, _, _ in seen])
    )


def expected_spillover(truth: Truth, window: int) -> float:
    """Return the mean spillover on exposed units within the window."""
    return float(np.mean([e for (c, year), e in truth.spillover.items() if year - c < window]))


def exposure(made: SimulatedShares) -> Exposure:
    """Return regions by industries as the instrument takes them."""
    return Exposure(
        tuple(f"industry-{number}" for number in range(made.jobs_before.shape[1])),
        made.jobs_before,
        made.jobs_after,
        made.jobs_outside,
        made.growth,
        made.outcome,
        made.outcome_before,
    )


def answered_shares(made: SimulatedShares) -> ShiftShareFindings:
    """Return the findings on simulated shares."""
    return shift_share_instrument(exposure(made))


def words(found: EffectReport | ShiftShareFindings) -> set[str]:
    """Return the catalogue's words for why nothing is told; a code without one as it is."""
    return {SAME_WORD.get(reason.code, f"({reason.code})") for reason in found.reasons}
