"""How well entries are foretold: every predictor, on every kind of entry, in and out of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.options.entries import Entries, entries
from clusteratlas.relatedness.options.features import Features, region_features
from clusteratlas.relatedness.options.figures import Flags, Floats, Places, RegionalFigures
from clusteratlas.relatedness.options.predictors import (
    IN_USE,
    PREDICTORS,
    SEED,
    Fitted,
    Predictor,
    fit,
    straight_line,
)
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

IN_SAMPLE, OUT_OF_TIME = "in sample", "out of time"
ALL, OBSERVED, DURABLE = "all", "observed start", "durable"
FIRST = 10
"""How many options of a region are judged."""
TENTHS = 10

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Window:
    """One stretch of time: what was known at its start, and what became of it."""

    features: Features
    shuffled: Features
    entries: Entries

    @classmethod
    def of(
        cls,
        start: RegionalFigures,
        end: RegionalFigures,
        similarities: Similarities | None,
        also: RegionalFigures | None = None,
    ) -> Window:
        """Return the window between two years; ``also`` is the year that tells durable entries."""
        return cls(
            region_features(start, similarities),
            region_features(start, similarities, shuffle=SEED),
            entries(start, end, also),
        )

    def seen_by(self, predictor: Predictor) -> Features:
        """Return the features that a predictor sees: shuffled ones for the placebo."""
        return self.shuffled if predictor.shuffled else self.features


@dataclass(frozen=True)
class Skill:
    """How well one predictor does on one kind of entry.

    Attributes
    ----------
    predictor, sample, split
        Which predictor; "all", "observed start" or "durable" entries; "in sample" or "out of time".
    start, year
        Years of the window that is judged; what was learned out of time ends at its start or
        before.
    cells, events
        Cells that could be entered, and those that were.
    auc
        Chance that an entry scores above a cell without; 0.5 is none.
    average_precision
        Mean precision over the ranks of the entries; ``events / cells`` is none.
    brier, brier_constant
        Mean squared error of the probability, and of the one rate of entry of all cells.
    precision_at_10
        Share of entries among the first ten options of a region, mean of regions.
    calibration_slope
        1 where the odds are neither timid (above) nor bold (below).
    """

    predictor: str
    sample: str
    split: str
    start: int
    year: int
    cells: int
    events: int
    auc: float
    average_precision: float
    brier: float
    brier_constant: float
    precision_at_10: float
    calibration_slope: float

    def row(self, scheme: str) -> dict[str, object]:
        """Return the row of the release table; NaN becomes null."""
        figures = {
            name: None if isinstance(value, float) and np.isnan(value) else value
            for name, value in asdict(self).items()
            if name != "start"
        }
        return {"scheme": scheme, **figures}


@dataclass(frozen=True)
class Tenth:
    """One tenth of the cells, by probability: what was said, and what came."""

    tenth: int
    cells: int
    foretold: float
    came: float


def area_under_curve(score: npt.ArrayLike, truth: npt.ArrayLike) -> float:
    """Return the chance that an event scores above a non-event, ties half; NaN without both.

    >>> area_under_curve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load

    happened = np.asarray(truth, dtype=bool)
    events = np.count_nonzero(happened)
    others = len(happened) - events
    if not events or not others:
        return float("nan")
    ranks = rankdata(np.asarray(score))
    return float((ranks[happened].sum() - events * (events + 1) / 2) / (events * others))


def average_precision(score: npt.ArrayLike, truth: npt.ArrayLike) -> float:
    """Return the mean precision over the events, from the best score down; ties come together.

    >>> round(average_precision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 4)
    0.8333
    """
    scores, happened = np.asarray(score), np.asarray(truth, dtype=bool)
    events = np.count_nonzero(happened)
    if not events:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    hits = np.cumsum(happened[order])[last]
    return float((np.diff(hits, prepend=0) * hits / (last + 1)).sum() / events)


def precision_at(first: int, score: Floats, truth: Flags, regions: Places) -> float:
    """Return the share of events among each region's first cells, mean of regions with as many.

    >>> precision_at(1, np.array([0.9, 0.1, 0.2, 0.3]), np.array([True, False, False, True]),
    ...              np.array([0, 0, 1, 1]))
    1.0
    """
    order = np.lexsort((-score, regions))
    sorted_regions = regions[order]
    starts = np.flatnonzero(np.append(True, sorted_regions[1:] != sorted_regions[:-1]))
    sizes = np.diff(np.append(starts, len(order)))
    usable = starts[sizes >= first]
    if not len(usable):
        return float("nan")
    return float(truth[order][usable[:, None] + np.arange(first)].mean())


def judge(
    fitted: Fitted, window: Window, split: str, samples: Sequence[str] = (ALL, OBSERVED, DURABLE)
) -> Iterator[Skill]:
    """Yield the skill of a fitted predictor on each kind of entry of a window."""
    found = window.entries
    rows, columns = np.nonzero(found.at_risk)
    features = window.seen_by(fitted.predictor)
    probability = fitted.probability(features, rows, columns)
    for sample in samples:
        happened = found.entered if sample != DURABLE else found.durable
        if happened is None:
            continue
        kept = found.observed[rows, columns] if sample == OBSERVED else np.ones(len(rows), bool)
        truth, chance = happened[rows, columns][kept], probability[kept]
        events = int(np.count_nonzero(truth))
        rate = events / len(truth) if len(truth) else float("nan")
        both = 0 < events < len(truth)
        odds = np.log(np.clip(chance, 1e-12, 1)) - np.log(np.clip(1 - chance, 1e-12, 1))
        yield Skill(
            fitted.predictor.name,
            sample,
            split,
            found.start,
            found.end,
            len(truth),
            events,
            area_under_curve(chance, truth),
            average_precision(chance, truth),
            float(np.mean((chance - truth) ** 2)) if len(truth) else float("nan"),
            rate * (1 - rate),
            precision_at(FIRST, chance, truth, rows[kept]),
            straight_line(odds, truth)[1] if both else float("nan"),
        )


def tenths(fitted: Fitted, window: Window) -> list[Tenth]:
    """Return what was foretold and what came, for each tenth of the cells by probability."""
    rows, columns = np.nonzero(window.entries.at_risk)
    chance = fitted.probability(window.seen_by(fitted.predictor), rows, columns)
    truth = window.entries.entered[rows, columns]
    order = np.argsort(chance, kind="stable")
    return [
        Tenth(place + 1, len(part), float(chance[part].mean()), float(truth[part].mean()))
        for place, part in enumerate(np.array_split(order, TENTHS))
        if len(part)
    ]


def skill_of(
    learned: Window,
    tested: Window | None = None,
    *,
    predictors: Sequence[Predictor] = PREDICTORS,
    calibrate: bool = True,
    progress: Progress | None = None,
) -> list[Skill]:
    """Return the skill of every predictor: in sample, or on a later window where one is given.

    Definition
    ----------
    Each predictor learns from ``learned`` and is calibrated on regions it has not seen. Without
    ``tested`` it is judged on the window it learned from ("in sample"); with it, on that window
    ("out of time").

    Parameters
    ----------
    learned, tested
        Windows of time; ``tested`` must start where ``learned`` ends, or later.
    predictors
        Which to hold against each other.
    calibrate
        Whether to calibrate; without, each is learned once.
    progress
        Told the stage and the share done.

    Returns
    -------
    list of Skill
        By predictor and sample; without durable entries where no further year tells them.

    Missing data
    ------------
    A figure that cannot be said (no event, or nothing else) is NaN.

    Raises
    ------
    CannotAnswer
        Windows that overlap, so that the test would hold what was learned; fewer than thirty
        regions or a hundred entries.

    Source
    ------
    Y. Li, F. Neffke, Evaluating the principle of relatedness (2024), for holding densities against
    plain baselines out of sample.
    """
    if tested is not None and tested.entries.start < learned.entries.end:
        raise CannotAnswer(
            "the windows overlap, so the test would hold what was learned",
            value=f"{learned.entries.start}-{learned.entries.end} and "
            f"{tested.entries.start}-{tested.entries.end}",
            hint="test from the year on in which learning ends",
        )
    if tested is not None and set(tested.features.densities) != set(learned.features.densities):
        raise CannotAnswer(
            "the two windows do not know the same mechanisms of relatedness",
            value=f"{learned.features.year} and {tested.features.year}",
            hint="give similarities that know most industries of every year",
        )
    found: list[Skill] = []
    for place, predictor in enumerate(predictors):
        if progress is not None:
            progress(predictor.name, place / len(predictors))
        fitted = fit(
            predictor,
            learned.seen_by(predictor),
            learned.entries.at_risk,
            learned.entries.entered,
            calibrate=calibrate,
        )
        if tested is None:
            found.extend(judge(fitted, learned, IN_SAMPLE))
        else:
            found.extend(judge(fitted, tested, OUT_OF_TIME))
    return found


def best_windows(
    years: Sequence[int], horizon: int = 3
) -> tuple[tuple[int, int] | None, tuple[tuple[int, int], tuple[int, int]] | None]:
    """Return the window to learn from, and an earlier and a later one to judge out of time.

    The first ends in the last year and comes nearest to the horizon (the longer one of two). The
    others meet in the year that makes them most alike in length, and are ``None`` with fewer than
    three years.

    >>> best_windows([2017, 2018, 2019, 2020, 2021])
    ((2018, 2021), ((2017, 2019), (2019, 2021)))
    >>> best_windows([2018, 2021]), best_windows([2018])
    (((2018, 2021), None), (None, None))
    """
    known = sorted(set(years))
    if len(known) < 2:
        return None, None
    first, last = known[0], known[-1]
    start = min(known[:-1], key=lambda year: (abs(last - year - horizon), year))
    if len(known) < 3:
        return (start, last), None
    middle = min(known[1:-1], key=lambda year: (abs(first + last - 2 * year), year))
    return (start, last), ((first, middle), (middle, last))


def learn_in_use(window: Window) -> Fitted:
    """Return the predictor in use, learned from a window and calibrated."""
    found = window.entries
    return fit(IN_USE, window.features, found.at_risk, found.entered, calibrate=True)
