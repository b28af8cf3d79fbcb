"""The ways to foretell an entry that are held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from clusteratlas.relatedness.options.densities import COLOCATION
from clusteratlas.relatedness.options.features import (
    CURRENT,
    PLAIN,
    SIZES,
    Features,
)
from clusteratlas.relatedness.options.figures import Flags, Floats, Places
from clusteratlas.relatedness.options.logistic import Logistic, fit_logistic
from clusteratlas.tables import CannotAnswer

FOLDS = 3
"""Parts of the regions: each is foretold by what was learned from the others."""
EFFECTS_RIDGE = 3.0
"""Ridge on region and industry effects, in events: less lets them follow single entries."""
MOST_CELLS = {"logistic": 250_000, "effects": 250_000, "trees": 60_000}
"""Cells without an entry that are learned from: of more, a random part that stands for all."""
LEAST_REGIONS = 30
LEAST_EVENTS = 100
SEED = 5

Learner = Literal["logistic", "effects", "trees"]


@dataclass(frozen=True)
class Predictor:
    """One way to foretell.

    Attributes
    ----------
    name
        As it stands in tables.
    columns
        Features it sees; "relatedness" stands for every density at hand.
    learner
        Logistic regression, the same with an effect of each region and industry, or boosted trees.
    squares
        Whether the logistic regression sees the squares too.
    shuffled
        Whether its densities come from similarities whose industries were exchanged at random.
    """

    name: str
    columns: tuple[str, ...]
    learner: Learner = "logistic"
    squares: bool = False
    shuffled: bool = False

    def names(self, features: Features) -> tuple[str, ...]:
        """Return the features it sees of these."""
        return tuple(
            name
            for column in self.columns
            for name in (features.of_relatedness if column == "relatedness" else (column,))
        )


IN_USE = Predictor(
    "sizes, quotient and relatedness", (*SIZES, *CURRENT, "relatedness"), squares=True
)
"""The one that the probabilities of a release come from."""

PREDICTORS = (
    Predictor("density alone (plain co-location)", (f"of {PLAIN}",)),
    Predictor("density alone (near co-location)", (f"of {COLOCATION}",)),
    Predictor("density alone (composite)", ("of density",)),
    Predictor("current quotient alone", ("quotient",)),
    Predictor("region and industry effects alone", (), "effects"),
    Predictor("effects, quotient and density", ("quotient", f"of {PLAIN}"), "effects"),
    Predictor(
        "sizes and diversity", tuple(name for name in SIZES if name != "jobs_needed"), squares=True
    ),
    Predictor("all but relatedness", (*SIZES, *CURRENT), squares=True),
    Predictor("all, relatedness shuffled", IN_USE.columns, squares=True, shuffled=True),
    IN_USE,
    Predictor("boosted trees on all", IN_USE.columns, "trees"),
)
"""All that a validation compares, the one in use beside what it must beat."""


@dataclass(frozen=True)
class Fitted:
    """A predictor that has learned; ``slope`` and ``shift`` put its log odds right.

    Attributes
    ----------
    predictor
        Which.
    model
        What it learned.
    slope, shift
        Of the calibration, worked on regions that the model had not seen; 1 and 0 before it.
    """

    predictor: Predictor
    model: Any
    slope: float = 1.0
    shift: float = 0.0

    def score(self, features: Features, rows: Places, columns: Places) -> Floats:
        """Return the log odds of these cells before calibration."""
        seen = features.cells(self.predictor.names(features), rows, columns)
        return self.scored(features, seen, rows, columns)

    def scored(self, features: Features, seen: Floats, rows: Places, columns: Places) -> Floats:
        """Return the log odds of cells whose features were looked up already."""
        if isinstance(self.model, Logistic):
            return self.model.score(seen)
        if self.predictor.learner == "trees":
            chance = self.model.predict_proba(seen)[:, 1]
            return np.asarray(_log_odds(chance), dtype=np.float64)
        return _effects_score(self.model, features, seen, rows, columns)

    def probability(self, features: Features, rows: Places, columns: Places) -> Floats:
        """Return the calibrated probability of these cells, 0-1."""
        score = self.shift + self.slope * self.score(features, rows, columns)
        chance: Floats = 1 / (1 + np.exp(-np.clip(score, -35, 35)))
        return chance


def fit(
    predictor: Predictor, features: Features, at_risk: Flags, entered: Flags, *, calibrate: bool
) -> Fitted:
    """Return what a predictor learns from one window of time.

    Definition
    ----------
    With ``calibrate`` the regions are parted into three; each part is scored by what was learned
    from the other two, and a logistic regression of the outcome on these scores gives slope and
    shift (Platt). The model itself is then learned from all regions.

    Parameters
    ----------
    predictor
        Which.
    features
        Of the start year.
    at_risk, entered
        Regions x industries: cells that could be entered, and those that were.
    calibrate
        Whether to calibrate.

    Returns
    -------
    Fitted
        Gives probabilities of any cells of any year's features.

    Missing data
    ------------
    Cells not at risk take no part.

    Raises
    ------
    CannotAnswer
        Fewer than thirty regions, or fewer than a hundred entries.

    Source
    ------
    J. Platt, Probabilistic outputs for support vector machines (1999).
    """
    refuse_few(at_risk, entered)
    cells = _Cells.of(features, predictor, at_risk, entered)
    whole = _learn(predictor, features, cells, np.ones(len(cells.rows), dtype=bool), None)
    if not calibrate:
        return whole
    part = cells.rows % FOLDS
    score = np.empty(len(part))
    for fold in range(FOLDS):
        mine = part == fold
        if not mine.any():
            continue
        learned = _learn(predictor, features, cells, ~mine, whole)
        score[mine] = learned.scored(
            features, cells.seen[mine], cells.rows[mine], cells.columns[mine]
        )
    shift, slope = straight_line(score, cells.truth, cells.counts)
    return Fitted(predictor, whole.model, slope, shift)


def refuse_few(at_risk: Flags, entered: Flags) -> None:
    """Refuse a window with too few regions or entries to learn odds from."""
    regions = int(np.count_nonzero(at_risk.any(axis=1)))
    if regions < LEAST_REGIONS:
        raise CannotAnswer(
            f"odds are not learned from fewer than {LEAST_REGIONS} regions",
            value=f"{regions} regions",
        )
    events = int(np.count_nonzero(entered & at_risk))
    if events < LEAST_EVENTS:
        raise CannotAnswer(
            f"odds are not learned from fewer than {LEAST_EVENTS} entries",
            value=f"{events} entries",
        )


def straight_line(score: Floats, truth: Flags, counts: Floats | None = None) -> tuple[float, float]:
    """Return intercept and slope of the outcome's log odds on the scores.

    >>> intercept, slope = straight_line(np.zeros(4), np.array([True, False, False, False]))
    >>> round(intercept, 3), slope
    (-1.099, 1.0)
    """
    if not score.std() > 1e-12 or not 0 < np.count_nonzero(truth) < len(truth):
        rate = float(np.clip(np.average(truth, weights=counts), 1e-9, 1 - 1e-9))
        return float(np.log(rate / (1 - rate)) - score.mean()), 1.0
    line = fit_logistic(score[:, None], truth, ridge=0.0, counts=counts)
    slope = float(line.weights[1] / line.scale[0])
    return float(line.weights[0] - slope * line.centre[0]), slope


@dataclass(frozen=True)
class _Cells:
    """The cells that are learned from, each with how many it stands for."""

    rows: Places
    columns: Places
    seen: Floats
    truth: Flags
    counts: Floats

    @classmethod
    def of(cls, features: Features, predictor: Predictor, at_risk: Flags, entered: Flags) -> _Cells:
        """Return every entry and, of too many other cells, a random part that stands for all."""
        rows, columns = np.nonzero(at_risk)
        truth = entered[rows, columns]
        counts = np.ones(len(rows))
        others = np.flatnonzero(~truth)
        most = MOST_CELLS[predictor.learner]
        if len(others) > most:
            chosen = np.random.default_rng(SEED).choice(others, most, replace=False)
            counts[chosen] = len(others) / most
            kept = np.sort(np.concatenate([np.flatnonzero(truth), chosen]))
            rows, columns, truth, counts = (each[kept] for each in (rows, columns, truth, counts))
        seen = features.cells(predictor.names(features), rows, columns)
        return cls(rows, columns, seen, truth, counts)


def _learn(
    predictor: Predictor, features: Features, cells: _Cells, kept: Flags, near: Fitted | None
) -> Fitted:
    seen, truth, counts = cells.seen[kept], cells.truth[kept], cells.counts[kept]
    if predictor.learner == "logistic":
        return Fitted(
            predictor,
            fit_logistic(
                seen,
                truth,
                squares=predictor.squares,
                counts=counts,
                near=None if near is None else near.model,
            ),
        )
    if predictor.learner == "trees":
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - heavy

        trees = HistGradientBoostingClassifier(
            max_iter=100,
            learning_rate=0.08,
            max_leaf_nodes=15,
            min_samples_leaf=100,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=SEED,
        )
        # Weights would slow the trees: what was left out shifts all log odds by the same.
        return Fitted(predictor, trees.fit(seen, truth), shift=-float(np.log(counts.max())))
    rows, columns = cells.rows[kept], cells.columns[kept]
    return Fitted(predictor, _learn_effects(features, seen, rows, columns, truth, counts))


@dataclass(frozen=True)
class _Effects:
    model: Any
    centre: Floats
    scale: Floats
    regions: dict[str, int]
    industries: dict[str, int]


def _learn_effects(
    features: Features, seen: Floats, rows: Places, columns: Places, truth: Flags, counts: Floats
) -> _Effects:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy

    scale = seen.std(axis=0)
    empty = _Effects(
        None,
        seen.mean(axis=0),
        np.where(scale > 0, scale, np.inf),
        {code: at for at, code in enumerate(features.regions)},
        {code: at for at, code in enumerate(features.industries)},
    )
    model = LogisticRegression(C=1 / EFFECTS_RIDGE, max_iter=2000, tol=1e-6)
    model.fit(_dummies(empty, features, seen, rows, columns), truth, sample_weight=counts)
    return _Effects(model, empty.centre, empty.scale, empty.regions, empty.industries)


def _effects_score(
    learned: _Effects, features: Features, seen: Floats, rows: Places, columns: Places
) -> Floats:
    design = _dummies(learned, features, seen, rows, columns)
    return np.asarray(learned.model.decision_function(design), dtype=np.float64)


def _dummies(
    learned: _Effects, features: Features, seen: Floats, rows: Places, columns: Places
) -> Any:
    """Return a sparse table of regions, industries and features; unseen ones have no effect."""
    import scipy.sparse  # noqa: PLC0415 - heavy

    width = len(learned.regions) + len(learned.industries)
    region = np.array([learned.regions.get(code, -1) for code in features.regions], dtype=np.intp)
    industry = np.array(
        [learned.industries.get(code, -1) for code in features.industries], dtype=np.intp
    )
    at = np.stack([region[rows], industry[columns]], axis=1)
    known = at >= 0
    at[:, 1] += len(learned.regions)
    cell = np.repeat(np.arange(len(rows)), 2).reshape(-1, 2)
    sparse = scipy.sparse.csr_matrix(
        (np.ones(np.count_nonzero(known)), (cell[known], at[known])), shape=(len(rows), width)
    )
    if not seen.shape[1]:
        return sparse
    scaled = scipy.sparse.csr_matrix((seen - learned.centre) / learned.scale)
    return scipy.sparse.hstack([sparse, scaled]).tocsr()


def _log_odds(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(inside / (1 - inside)))
