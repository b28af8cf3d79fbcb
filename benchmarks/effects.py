"""Effects of programmes: one region beside the library, a panel of a million rows, the proof."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measured import Run, measured

ROOT = Path(__file__).parents[1]
BASQUE = ROOT.parent / "shared" / "data" / "evaluation" / "basque.csv"
FIRMS, YEARS, TREATED = 100_000, 10, 12_000
DRAWS = 1000
DESIGNS = {
    "matched": "matched difference in differences",
    "matched_with_exits": "the same, firms leave at random",
    "staggered": "staggered adoption",
    "triple": "triple difference",
    "contest": "winners against losers",
    "spillover": "direct and spillover groups",
    "synthetic": "one region, synthetic control",
    "shift_share": "shift-share instrument",
}

OURS = """
import csv
from clusteratlas.programmes.effects import (
    Choices, Columns, Design, Outcome, Predictor, Study, evaluate)
rows = list(csv.DictReader(open({path!r}, newline="", encoding="utf-8")))
panel = {{name: [row[name].removesuffix(".0") if name == "year" else row[name] for row in rows]
         for name in rows[0]}}
means = [(name, 1964, 1969) for name in rows[0] if name.startswith("school.") or name == "invest"]
means += [("gdpcap", 1960, 1969), ("popdens", 1969, 1969)]
means += [(name, 1961, 1969) for name in rows[0] if name.startswith("sec.")]
study = Study(
    Design.synthetic, (Outcome("gdpcap"),), Columns("regionname", "year"),
    Choices(fit_from=1960, window=20), predictors=tuple(Predictor(*each) for each in means))
report = evaluate(
    study, panel, {{"regionname": ["Basque Country (Pais Vasco)"], "from": [1970]}})
found = report.of("gdpcap").synthetic
assert abs(found.donors[0].synthetic_control - 0.850816) < 5e-4, found.donors[0]
assert abs(found.donors[1].synthetic_control - 0.149184) < 5e-4, found.donors[1]
"""
LIBRARY = """
import pandas as pd
from pysyncon import Dataprep, Synth
from pysyncon.utils import PlaceboTest
rows = pd.read_csv({path!r})
region = "Basque Country (Pais Vasco)"
prepared = Dataprep(
    foo=rows, predictors=[each for each in rows if each.startswith("school.")] + ["invest"],
    predictors_op="mean", time_predictors_prior=range(1964, 1970),
    special_predictors=[("gdpcap", range(1960, 1970), "mean"), ("popdens", [1969], "mean")]
    + [(each, range(1961, 1970, 2), "mean") for each in rows if each.startswith("sec.")],
    dependent="gdpcap", unit_variable="regionname", time_variable="year",
    treatment_identifier=region,
    controls_identifier=[each for each in rows["regionname"].unique() if each != region],
    time_optimize_ssr=range(1960, 1970))
"""
ONE_FIT = """
synth = Synth()
synth.fit(dataprep=prepared)
assert abs(synth.weights(round=6).max() - 0.850816) < 0.025, synth.weights()
"""
EVERY_PLACEBO = """
PlaceboTest().fit(dataprep=prepared, scm=Synth(), scm_options={{}}, max_workers=1)
"""
PANEL = """
from clusteratlas.programmes.effects import Choices, Columns, Design, Outcome, Study, evaluate
study = Study(
    Design.{design}, (Outcome("jobs", scale="logged"),),
    Columns("firm", "year", covariates=({covariates}), industry="industry"), Choices(window=4))
report = evaluate(study, {panel!r}, {treated!r})
effect = report.of("jobs").effect()
assert effect.low < {truth} < effect.high, effect
"""


def lines() -> list[str]:
    """Return the section of RESULTS.md."""
    return [
        "## Effects of programmes",
        "",
        *_regions(),
        *_panels(),
        *_proof(),
    ]


def _regions() -> list[str]:
    if not BASQUE.exists():
        return ["One region: the published panel is not at hand here.", ""]
    path = {"path": str(BASQUE)}
    ours = measured(OURS.format(**path))
    library = measured((LIBRARY + ONE_FIT).format(**path))
    placebos = measured((LIBRARY + EVERY_PLACEBO).format(**path), repeats=1)
    return [
        "One region: the Basque Country, 17 donors, 14 predictors (a process each, imports "
        "counted, the same run). Ours is the whole answer: weights, 17 placebos by each of three "
        "estimators, leave-one-out. To reach: 5 s, weights 0.851 and 0.149.",
        "",
        "| what | wall | processor | peak memory |",
        "|---|---|---|---|",
        _row("ours, the whole answer", ours),
        _row("pysyncon by its defaults (Nelder-Mead, SLSQP), the weights alone", library),
        _row("pysyncon, its placebo test: 17 more such weights", placebos),
        "",
    ]


def _panels() -> list[str]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        panel, treated, truth = write_firms(Path(folder))
        told = {"panel": str(panel), "treated": str(treated), "truth": truth}
        for design, covariates in (("staggered", ""), ("matched", '"size", "age"')):
            run = measured(PANEL.format(design=design, covariates=covariates, **told), repeats=1)
            rows.append(_row(f"{design}, {FIRMS * YEARS:,} rows", run))
    return [
        f"A firm panel: {FIRMS:,} firms over {YEARS} years, {TREATED:,} of them treated in three "
        "years, Parquet; reading, checks, three estimators, event study. To reach: 60 s, 4 GB.",
        "",
        "| design | wall | processor | peak memory |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def write_firms(folder: Path) -> tuple[Path, Path, float]:
    """Write a panel of firms and the list of those treated; return both, and the mean effect."""
    draw = np.random.default_rng(7)
    years = np.arange(2010, 2010 + YEARS)
    starts = np.zeros(FIRMS, dtype=np.int64)
    size, age = draw.normal(size=FIRMS), draw.normal(size=FIRMS)
    chosen = np.argsort(-(0.5 * size + draw.gumbel(size=FIRMS)))[:TREATED]
    starts[chosen] = draw.choice([2014, 2015, 2016], TREATED)
    since = np.where(starts[:, None] > 0, years[None, :] - starts[:, None], -1)
    outcome = (
        (3 + size)[:, None]
        + draw.normal(0, 0.03, YEARS).cumsum()
        + draw.normal(0, 0.1, (FIRMS, YEARS))
        + np.where(since >= 0, 0.02 * (since + 1), 0.0)
    )
    names = np.char.add("f", np.arange(FIRMS).astype(str))
    panel, treated = folder / "panel.parquet", folder / "treated.parquet"
    industry = np.char.add("i", draw.integers(0, 40, FIRMS).astype(str))
    pq.write_table(
        pa.table(
            {
                "firm": np.repeat(names, YEARS),
                "year": np.tile(years, FIRMS),
                "jobs": outcome.ravel(),
                "size": np.repeat(size, YEARS),
                "age": np.repeat(age, YEARS),
                "industry": np.repeat(industry, YEARS),
            }
        ),
        panel,
    )
    pq.write_table(pa.table({"firm": names[chosen], "from": starts[chosen]}), treated)
    window = (since >= 0) & (since < 4)
    return panel, treated, float(0.02 * (since[window] + 1).mean())


def _proof() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.programmes.designs.proving", str(DRAWS)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return proof_table(json.loads(done.stdout))


def proof_table(proved: dict[str, Any]) -> list[str]:
    """Return the tables of the proof from what ``proving`` printed."""
    broken = proved["broken"]
    draws = sum(each["draws"] for each in broken)
    right = sum(each["right"] for each in broken)
    refused = sum(each["refused"] for each in broken)
    fresh = proved["fresh"]
    anew = sum(each["draws"] for each in fresh)
    anew_right = sum(each["right"] for each in fresh)
    alone = [each for each in proved["sound"] if each["group"] == "direct"]
    wrong = sum(each["wrong"] * each["draws"] for each in alone)
    asked = sum(each["draws"] for each in alone)
    return [
        f"The proof: {alone[0]['draws']:,} draws of each sound design with a known effect, and the "
        f"catalogue of {len(broken)} faults fixed before the checks were written. Errors in "
        "brackets are those of a finite number of draws. To reach: bias below 5 % of the effect, "
        "coverage of 95 % intervals 93-97 %, wrong refusals at most 5 %, right refusals at least "
        "90 %.",
        "",
        "| sound design | effect | bias | spread of estimates | coverage | refused wrongly |",
        "|---|---|---|---|---|---|",
        *(_proved(each) for each in proved["sound"]),
        "",
        f"Refused wrongly, all together: {wrong:.0f} of {asked:,} ({wrong / asked:.1%}). Broken "
        f"designs: {draws} draws, {refused} refused, {right} of them for a right reason "
        f"({right / draws:.1%}); with fresh seeds {anew_right} of {anew} "
        f"({anew_right / anew:.1%}).",
        "",
        "| fault | design | draws | refused | for a right reason | said |",
        "|---|---|---|---|---|---|",
        *(_refused(each) for each in broken),
        "",
        *weaker_table(proved["weaker"]),
    ]


def weaker_table(weaker: list[dict[str, Any]]) -> list[str]:
    """Return how faults at a part of their strength fare."""
    return [
        "Faults at a part of their strength: refused, and how far off the effect is where it is "
        "told all the same.",
        "",
        "| fault | strength | draws | refused | bias where told |",
        "|---|---|---|---|---|",
        *(
            f"| {each['fault'].replace('_', ' ')} | {each['strength']:.0%} | {each['draws']} "
            f"| {each['refused']} | "
            f"{'–' if each['bias'] is None else format(each['bias'], '+.0%')} |"
            for each in weaker
        ),
        "",
    ]


def _proved(each: dict[str, Any]) -> str:
    group = ": exposed neighbours" if each["group"] == "spillover" else ""
    return (
        f"| {DESIGNS[each['design']]}{group} | {each['truth']:.3f} "
        f"| {each['bias']:+.1%} [{each['bias_error']:.1%}] | {each['spread']:.0%} "
        f"| {each['coverage']:.1%} [{each['coverage_error']:.1%}] | {each['wrong']:.1%} |"
    )


def _refused(each: dict[str, Any]) -> str:
    said = ", ".join(sorted(each["words"], key=lambda word: (-each["words"][word], word)))
    return (
        f"| {each['fault'].replace('_', ' ')} | {each['design'].replace('_', ' ')} "
        f"| {each['draws']} | {each['refused']} | {each['right']} | {said} |"
    )


def _row(name: str, run: Run) -> str:
    return f"| {name} | {run.seconds:.1f} s | {run.cpu_seconds:.1f} s | {run.peak_mib:,.0f} MiB |"
