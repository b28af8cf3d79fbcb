"""One region against a mix of others: synthetic control, with placebos, checks and intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from clusteratlas.programmes.effects.records import (
    Check,
    Estimate,
    Estimator,
    EventPoint,
    Group,
    LeaveOneOut,
    OutcomeFindings,
    Parameter,
    Reason,
    Verdict,
)
from clusteratlas.programmes.effects.study import Choices, Outcome
from clusteratlas.programmes.effects.synthetic_records import (
    DonorShare,
    PathPoint,
    Placebo,
    PlaceboInTime,
    PredictorBalance,
    SyntheticFindings,
)
from clusteratlas.programmes.effects.synthetic_weights import (
    NOTHING,
    DonorWeights,
    Floats,
    doubly_weighted,
    outcome_weights,
    predictor_weights,
)
from clusteratlas.programmes.grades import EvidenceGrade

FEWEST_DONORS: Final = 8
"""With fewer, no placebo can be unusual: the smallest p is one over donors and one."""
ENOUGH_DONORS: Final = 19
"""From here on a placebo test can reach five per cent."""
FEWEST_BEFORE: Final = 8
MISFIT_FAILS: Final = 1.5
MISFIT_WARNS: Final = 0.75
"""Root mean square gap before the start, over a donor's usual yearly change. The method's own first
example (the Basque Country, fitted on ten years) has 1.2 and is told with a warning."""
OUTSIDE_FAILS: Final = 0.10
"""Share of years before the start in which the region lies outside all donors."""
IN_TIME_LEVEL: Final = 0.99

HELPS: Final = {
    "donors": ("more_donors",),
    "years_before": ("longer_panel",),
    "years_after": ("wait", "shorter_window"),
    "fit_before": ("other_donors", "more_predictors"),
    "hull": ("other_donors", "growth_instead_of_level"),
    "placebo_in_time": ("earlier_start", "other_donors"),
}
"""What could be done where a check fails, by its code."""


@dataclass(frozen=True)
class RegionPanel:
    """The treated region and its donors over all periods that are looked at.

    Attributes
    ----------
    treated, donors
        Names.
    periods
        Consecutive; length T.
    outcome
        Of the treated region; length T.
    donor_outcomes
        T x J.
    before
        How many periods lie before the start.
    predictors
        Names; empty where the outcome's own path decides.
    treated_predictors, donor_predictors
        K, and K x J.
    """

    treated: str
    donors: tuple[str, ...]
    periods: tuple[int, ...]
    outcome: Floats
    donor_outcomes: Floats
    before: int
    predictors: tuple[str, ...]
    treated_predictors: Floats
    donor_predictors: Floats

    def without(self, donor: int) -> RegionPanel:
        """The panel without one donor."""
        kept = np.arange(len(self.donors)) != donor
        return self._with(self.treated, self.outcome, self.treated_predictors, kept)

    def as_if(self, donor: int) -> RegionPanel:
        """The panel as if that donor were treated; the treated region is no donor of it."""
        kept = np.arange(len(self.donors)) != donor
        return self._with(
            self.donors[donor],
            self.donor_outcomes[:, donor],
            self.donor_predictors[:, donor],
            kept,
        )

    def started(self, before: int) -> RegionPanel:
        """The years before the start only, the start being moved to ``before``."""
        return RegionPanel(
            self.treated,
            self.donors,
            self.periods[: self.before],
            self.outcome[: self.before],
            self.donor_outcomes[: self.before],
            before,
            (),
            np.empty(0),
            np.empty((0, len(self.donors))),
        )

    def _with(self, name: str, outcome: Floats, predictors: Floats, kept: Floats) -> RegionPanel:
        return RegionPanel(
            name,
            tuple(each for each, stays in zip(self.donors, kept, strict=True) if stays),
            self.periods,
            outcome,
            self.donor_outcomes[:, kept],
            self.before,
            self.predictors,
            predictors,
            self.donor_predictors[:, kept],
        )


@dataclass(frozen=True)
class _Found:
    """Gaps by period, centred as the estimator does, and the misfit before the start."""

    gaps: Floats
    misfit: float
    weights: Floats
    importance: Floats

    def mean_after(self, before: int) -> float:
        return float(self.gaps[before:].mean())


_Method = Callable[[RegionPanel], _Found]


def _synthetic_difference(panel: RegionPanel) -> _Found:
    found = doubly_weighted(panel.outcome, panel.donor_outcomes, panel.before)
    return _Found(found.gaps, found.misfit, found.weights, np.empty(0))


def _synthetic_control(panel: RegionPanel) -> _Found:
    fitted = fit_donors(panel)
    gaps = panel.outcome - panel.donor_outcomes @ fitted.weights
    return _Found(gaps, float(np.sqrt(fitted.loss)), fitted.weights, fitted.importance)


def _donors_mean(panel: RegionPanel) -> _Found:
    gaps = panel.outcome - panel.donor_outcomes.mean(axis=1)
    gaps = gaps - gaps[: panel.before].mean()
    misfit = float(np.sqrt((gaps[: panel.before] ** 2).mean()))
    return _Found(gaps, misfit, np.full(len(panel.donors), 1 / len(panel.donors)), np.empty(0))


_METHODS: Final[dict[Estimator, _Method]] = {
    Estimator.synthetic_difference: _synthetic_difference,
    Estimator.synthetic_control: _synthetic_control,
    Estimator.donors_mean: _donors_mean,
}
"""The first is the one that the design stands on."""


def fit_donors(panel: RegionPanel) -> DonorWeights:
    """Return the weights of the synthetic control: by predictors where there are any."""
    before = panel.before
    if not panel.predictors:
        return outcome_weights(panel.outcome[:before], panel.donor_outcomes[:before])
    return predictor_weights(
        panel.outcome[:before],
        panel.donor_outcomes[:before],
        panel.treated_predictors,
        panel.donor_predictors,
    )


def synthetic_findings(panel: RegionPanel, outcome: Outcome, choices: Choices) -> OutcomeFindings:
    r"""Return the effect on one region, or why none is told.

    Definition
    ----------
    Three estimates stand side by side: synthetic difference in differences (the headline: donors
    need only run parallel), synthetic control (the mix must lie on the region itself), and the
    difference to the plain mean of donors. The first periods after the start, as many as the
    window, are looked at.

    *Interval.* Every donor is treated as if it had had the programme (placebo in space). Its mean
    gap over its own misfit before the start is how far the method errs where nothing happened. The
    standard error is

    .. math:: s = m_1 \sqrt{\tfrac{1}{J} \sum_j (\hat\tau_j / m_j)^2}

    m being misfits, and the interval is :math:`\hat\tau_1 \pm t_J s`. It supposes that the
    region's error, relative to its misfit, is drawn as those of donors are; it is no statement
    about a sample of regions, since there is one. ``p`` is the share of all units whose gap over
    misfit is at least as large, the region itself counted: the rank is exact if any unit might as
    well have been treated.

    Parameters
    ----------
    panel
        One treated region and its donors.
    outcome
        What is looked at.
    choices
        Window and level.

    Returns
    -------
    OutcomeFindings
        With ``synthetic``: weights, path, placebos in space and in time.

    Missing data
    ------------
    None is allowed in the outcome; predictors are means over periods with a figure.

    Source
    ------
    A. Abadie, A. Diamond, J. Hainmueller (2010), sections 2.3 and 3.4; D. Arkhangelsky et al.
    (2021), algorithms 1 and 4 (placebos; scaling by the misfit is ours).
    """
    panel = _windowed(panel, choices.window)
    checks = _checks_of_data(panel, outcome, choices)
    if _failed(checks):
        return _refused(outcome, checks)
    found = {kind: method(panel) for kind, method in _METHODS.items()}
    in_time = _placebo_in_time(panel, choices)
    checks += _checks_of_fit(panel, outcome, found[Estimator.synthetic_control], in_time)
    if _failed(checks):
        return _refused(outcome, checks)
    imagined = {
        kind: [method(panel.as_if(donor)) for donor in range(len(panel.donors))]
        for kind, method in _METHODS.items()
    }
    estimates = [
        _estimate(kind, horizon, found[kind], imagined[kind], panel, outcome, choices)
        for kind in _METHODS
        for horizon in (None, *range(1, len(panel.periods) - panel.before + 1))
    ]
    kind = Estimator.synthetic_difference
    return OutcomeFindings(
        outcome,
        refused=False,
        checks=tuple(checks),
        estimates=tuple(estimates),
        events=tuple(
            _event(place, found[kind], imagined[kind], panel, outcome, choices)
            for place in range(len(panel.periods))
        ),
        leave_one_out=_leave_one_out(panel, found[kind]),
        synthetic=_behind(panel, found, imagined[Estimator.synthetic_control], in_time),
        grade=EvidenceGrade.B,
    )


def _windowed(panel: RegionPanel, window: int) -> RegionPanel:
    end = panel.before + window
    return RegionPanel(
        panel.treated,
        panel.donors,
        panel.periods[:end],
        panel.outcome[:end],
        panel.donor_outcomes[:end],
        panel.before,
        panel.predictors,
        panel.treated_predictors,
        panel.donor_predictors,
    )


def _failed(checks: list[Check]) -> list[Check]:
    return [check for check in checks if check.verdict is Verdict.failed]


def _refused(outcome: Outcome, checks: list[Check]) -> OutcomeFindings:
    reasons = tuple(
        Reason(check.code, check.parameters, HELPS[check.code]) for check in _failed(checks)
    )
    return OutcomeFindings(outcome, refused=True, reasons=reasons, checks=tuple(checks))


def _check(
    code: str,
    outcome: Outcome,
    verdict: Verdict,
    statistic: float,
    threshold: float,
    periods: tuple[int, ...] = (),
    **parameters: Parameter,
) -> Check:
    told: dict[str, Parameter] = {"statistic": statistic, "threshold": threshold, **parameters}
    return Check(code, verdict, outcome.column, statistic, threshold, told, (), periods[:20])


def _checks_of_data(panel: RegionPanel, outcome: Outcome, choices: Choices) -> list[Check]:
    donors, before = len(panel.donors), panel.before
    after = len(panel.periods) - before
    enough = Verdict.passed if donors >= ENOUGH_DONORS else Verdict.warned
    return [
        _check(
            "donors",
            outcome,
            enough if donors >= FEWEST_DONORS else Verdict.failed,
            donors,
            FEWEST_DONORS,
            smallest_p=1 / (donors + 1),
        ),
        _check(
            "years_before",
            outcome,
            Verdict.passed if before >= FEWEST_BEFORE else Verdict.failed,
            before,
            FEWEST_BEFORE,
        ),
        _check(
            "years_after",
            outcome,
            Verdict.passed if after >= choices.window else Verdict.failed,
            after,
            choices.window,
        ),
    ]


def _checks_of_fit(
    panel: RegionPanel, outcome: Outcome, control: _Found, in_time: PlaceboInTime | None
) -> list[Check]:
    before = panel.before
    usual = float(np.diff(panel.donor_outcomes[:before], axis=0).std())
    misfit = control.misfit / usual if usual else np.inf
    own, others = panel.outcome[:before], panel.donor_outcomes[:before]
    outside = (own > others.max(axis=1)) | (own < others.min(axis=1))
    share = float(outside.mean())
    fit = Verdict.warned if misfit > MISFIT_WARNS else Verdict.passed
    hull = Verdict.warned if share else Verdict.passed
    checks = [
        _check(
            "fit_before",
            outcome,
            Verdict.failed if misfit > MISFIT_FAILS else fit,
            misfit,
            MISFIT_FAILS,
            misfit=control.misfit,
            usual_change=usual,
        ),
        _check(
            "hull",
            outcome,
            Verdict.failed if share > OUTSIDE_FAILS else hull,
            share,
            OUTSIDE_FAILS,
            tuple(panel.periods[place] for place in np.flatnonzero(outside)),
        ),
    ]
    if in_time is None:
        needed = FEWEST_BEFORE + len(panel.periods) - before
        lacking = _check(
            "placebo_in_time", outcome, Verdict.not_possible, before, needed, needed=needed
        )
        return [*checks, lacking]
    silent = in_time.low <= 0 <= in_time.high
    checks.append(
        _check(
            "placebo_in_time",
            outcome,
            Verdict.passed if silent else Verdict.failed,
            in_time.value,
            max(abs(in_time.low - in_time.value), abs(in_time.high - in_time.value)),
            start=in_time.start,
            low=in_time.low,
            high=in_time.high,
        )
    )
    return checks


def _standard_error(values: Floats, misfits: Floats, misfit: float) -> float:
    return misfit * float(np.sqrt(((values / misfits) ** 2).mean()))


def _spread(
    kind_found: _Found, imagined: list[_Found], value_of: Callable[[_Found], float], level: float
) -> tuple[float, float, float, float]:
    """Value, standard error, half of the interval, and p."""
    value = value_of(kind_found)
    values = np.array([value_of(each) for each in imagined])
    least = np.finfo(float).tiny
    misfits = np.array([max(each.misfit, least) for each in imagined])
    error = _standard_error(values, misfits, kind_found.misfit)
    half = float(stdtrit(len(imagined), 0.5 + level / 2)) * error
    own = abs(value) / max(kind_found.misfit, least)
    p = (1 + int((np.abs(values) / misfits >= own).sum())) / (len(imagined) + 1)
    return value, error, half, p


def _estimate(
    kind: Estimator,
    horizon: int | None,
    found: _Found,
    imagined: list[_Found],
    panel: RegionPanel,
    outcome: Outcome,
    choices: Choices,
) -> Estimate:
    before = panel.before

    def value_of(each: _Found) -> float:
        if horizon is None:
            return each.mean_after(before)
        return float(each.gaps[before + horizon - 1])

    value, error, half, p = _spread(found, imagined, value_of, choices.level)
    return Estimate(
        kind,
        outcome.column,
        outcome.stage,
        Group.direct,
        horizon,
        value,
        value - half,
        value + half,
        error,
        p,
        choices.level,
        1,
        len(panel.donors),
        outcome.unit,
        outcome.scale,
        headline=kind is Estimator.synthetic_difference,
    )


def _event(
    place: int,
    found: _Found,
    imagined: list[_Found],
    panel: RegionPanel,
    outcome: Outcome,
    choices: Choices,
) -> EventPoint:
    value, error, half, _ = _spread(
        found, imagined, lambda each: float(each.gaps[place]), choices.level
    )
    together = 1 - (1 - choices.level) / len(panel.periods)
    wide = float(stdtrit(len(imagined), 0.5 + together / 2)) * error
    return EventPoint(
        Estimator.synthetic_difference,
        outcome.column,
        Group.direct,
        place - panel.before,
        value,
        value - half,
        value + half,
        value - wide,
        value + wide,
        error,
        1,
        len(panel.donors),
        outcome.scale,
    )


def _placebo_in_time(panel: RegionPanel, choices: Choices) -> PlaceboInTime | None:
    """The start moved back by the window, into years in which nothing had happened."""
    moved = panel.before - (len(panel.periods) - panel.before)
    if moved < FEWEST_BEFORE:
        return None
    earlier = panel.started(moved)
    found = _synthetic_difference(earlier)
    imagined = [_synthetic_difference(earlier.as_if(each)) for each in range(len(panel.donors))]
    value, _, half, _ = _spread(found, imagined, lambda each: each.mean_after(moved), IN_TIME_LEVEL)
    return PlaceboInTime(panel.periods[moved], value, value - half, value + half)


def _leave_one_out(panel: RegionPanel, found: _Found) -> LeaveOneOut:
    used = np.flatnonzero(found.weights > NOTHING)
    values = np.array(
        [_synthetic_difference(panel.without(int(each))).mean_after(panel.before) for each in used]
    )
    away = int(np.argmax(np.abs(values - found.mean_after(panel.before))))
    return LeaveOneOut(
        Estimator.synthetic_difference,
        float(values.min()),
        float(values.max()),
        panel.donors[used[away]],
        float(values[away]),
    )


def _behind(
    panel: RegionPanel,
    found: dict[Estimator, _Found],
    imagined: list[_Found],
    in_time: PlaceboInTime | None,
) -> SyntheticFindings:
    control = found[Estimator.synthetic_control]
    difference = found[Estimator.synthetic_difference]
    shares = [
        DonorShare(name, float(own), float(other))
        for name, own, other in zip(panel.donors, control.weights, difference.weights, strict=True)
    ]
    placebos = [
        Placebo(name, each.mean_after(panel.before), each.misfit, _ratio(each, panel.before))
        for name, each in zip(panel.donors, imagined, strict=True)
    ]
    ratio = _ratio(control, panel.before)
    mixed = panel.donor_outcomes @ control.weights
    balance = [
        PredictorBalance(
            name,
            float(panel.treated_predictors[place]),
            float(panel.donor_predictors[place] @ control.weights),
            float(panel.donor_predictors[place].mean()),
            float(control.importance[place]),
        )
        for place, name in enumerate(panel.predictors)
    ]
    return SyntheticFindings(
        tuple(sorted(shares, key=lambda each: (-each.synthetic_control, each.unit))),
        tuple(
            PathPoint(period, float(own), float(mix))
            for period, own, mix in zip(panel.periods, panel.outcome, mixed, strict=True)
        ),
        control.misfit,
        ratio,
        1 + sum(each.ratio >= ratio for each in placebos),
        tuple(placebos),
        tuple(balance),
        in_time,
    )


def _ratio(found: _Found, before: int) -> float:
    after = float(np.sqrt((found.gaps[before:] ** 2).mean()))
    return after / max(found.misfit, np.finfo(float).tiny)
