"""Draw sound and broken designs, ask for their effects, and add up what came of it.

``python -m tests.programmes.designs.proving DRAWS`` prints all of it as JSON: what the docs and
benchmarks show.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, replace

import numpy as np
import pyarrow as pa
from tests.programmes.designs.asked import (
    answered,
    answered_shares,
    expected,
    expected_spillover,
    words,
)
from tests.programmes.designs.broken import FAULTS
from tests.programmes.designs.records import Simulated, SimulatedShares
from tests.programmes.designs.shares import shift_share
from tests.programmes.designs.sound import SOUND

DESIGNS = (*SOUND, "shift_share")
FRESH = 1_000_000
"""Seeds from here on are in no catalogue."""
ADDED = (
    "diverging",
    "diverging_late",
    "dip",
    "foreseen_by_one",
    "foreseen_by_two",
    "target_diverging",
    "best_were_rising",
)
"""Faults that add to the outcome, so that they can be weaker."""
STRENGTHS = (0.5, 0.25)


@dataclass(frozen=True)
class Proved:
    """What was found over the draws of one sound design, of the estimate it stands on.

    ``bias`` and ``spread`` are shares of the true effect, with ``bias_error`` from the number of
    draws; ``coverage`` likewise. ``refused`` counts wrong refusals by code, ``wrong`` is their
    share. ``significant`` is the share of intervals without zero.
    """

    design: str
    group: str
    draws: int
    truth: float
    bias: float
    bias_error: float
    spread: float
    coverage: float
    coverage_error: float
    significant: float
    wrong: float
    refused: dict[str, int]


def prove(name: str, draws: int, *, scale: float = 1.0, first: int = 0) -> list[Proved]:
    """Return what is found in so many draws of a sound design, the spillover group apart."""
    found: dict[str, list[tuple[float, float, float, float]]] = {}
    refused: Counter[str] = Counter()
    told = 0
    for seed in range(first, first + draws):
        if name == "shift_share":
            shares = shift_share(seed)
            answer = answered_shares(shares)
            reasons = answer.reasons
            rows = {"direct": (answer.value, answer.low, answer.high, shares.truth)}
        else:
            made = SOUND[name](seed, scale=scale)
            report = answered(made)
            findings, reasons = report.of("outcome"), report.reasons
            window = report.study.choices.window
            rows = {
                each.group.value: (
                    each.value,
                    each.low,
                    each.high,
                    expected(made.truth, window)
                    if each.group.value == "direct"
                    else expected_spillover(made.truth, window),
                )
                for each in findings.estimates
                if each.headline and each.horizon is None
            }
        if reasons:
            refused.update({reason.code for reason in reasons})
            continue
        told += 1
        for group, row in rows.items():
            found.setdefault(group, []).append(row)
    return [
        _added_up(name, group, np.array(rows, float), draws, 1 - told / draws, dict(refused))
        for group, rows in found.items()
    ]


def _added_up(
    name: str, group: str, rows: np.ndarray, draws: int, wrong: float, refused: dict[str, int]
) -> Proved:
    value, low, high, truth = rows.T
    unit = truth[0] if truth[0] else 1.0
    covered = float(((low <= truth) & (truth <= high)).mean())
    spread = float(value.std(ddof=1) / unit)
    return Proved(
        name,
        group,
        draws,
        float(truth[0]),
        float((value - truth).mean() / unit),
        spread / np.sqrt(len(rows)),
        spread,
        covered,
        float(np.sqrt(covered * (1 - covered) / len(rows))),
        float(((low > 0) | (high < 0)).mean()),
        wrong,
        refused,
    )


@dataclass(frozen=True)
class Refused:
    """How often a broken design was refused, and for a right reason."""

    fault: str
    design: str
    draws: int
    refused: int
    right: int
    words: dict[str, int]


def refuse(name: str, draws: int | None = None, *, fresh: bool = False) -> Refused:
    """Return how a fault of the catalogue fares over its fixed seeds, or the first of them.

    With ``fresh`` over as many seeds that are in no catalogue.
    """
    fault = FAULTS[name]
    seeds = [FRESH * fresh + seed for seed in fault.seeds][:draws]
    said: Counter[str] = Counter()
    refused = right = 0
    for seed in seeds:
        reasons = _reasons(fault.draw(seed))
        said.update(reasons)
        refused += bool(reasons)
        right += bool(reasons & fault.right)
    return Refused(name, fault.design, len(seeds), refused, right, dict(said))


@dataclass(frozen=True)
class Weaker:
    """A fault at a part of its strength: how often it is seen, and what is told where it is not.

    ``bias`` is that of the estimates that were told, as a share of the effect; ``None`` where none
    was told.
    """

    fault: str
    strength: float
    draws: int
    refused: int
    bias: float | None


def weaker(name: str, strength: float, draws: int = 50) -> Weaker:
    """Return how a fault that adds to the outcome fares at a part of its strength."""
    fault = FAULTS[name]
    told, refused = [], 0
    for seed in range(FRESH, FRESH + draws):
        broken, sound = fault.draw(seed), SOUND[fault.design](seed)
        assert isinstance(broken, Simulated)
        full, none = (each.panel["outcome"].to_numpy() for each in (broken, sound))
        place = broken.panel.column_names.index("outcome")
        mixed = pa.array(none + strength * (full - none))
        report = answered(replace(broken, panel=broken.panel.set_column(place, "outcome", mixed)))
        effect = report.of("outcome").effect()
        refused += bool(report.reasons)
        if effect is not None:
            truth = expected(broken.truth, report.study.choices.window)
            told.append(effect.value / truth - 1)
    return Weaker(name, strength, draws, refused, float(np.mean(told)) if told else None)


def _reasons(made: Simulated | SimulatedShares) -> set[str]:
    return words(answered_shares(made) if isinstance(made, SimulatedShares) else answered(made))


def main() -> None:
    """Print everything as JSON."""
    draws = int(sys.argv[1])
    sound = [each for name in DESIGNS for each in prove(name, draws)]
    found = {
        "sound": sound,
        "broken": [refuse(name) for name in FAULTS],
        "fresh": [refuse(name, fresh=True) for name in FAULTS],
        "weaker": [weaker(name, strength) for name in ADDED for strength in STRENGTHS],
    }
    json.dump({kind: [asdict(each) for each in rows] for kind, rows in found.items()}, sys.stdout)


if __name__ == "__main__":
    main()
