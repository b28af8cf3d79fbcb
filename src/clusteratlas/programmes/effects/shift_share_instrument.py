"""The shift-share instrument: national shocks times local shares, with errors that know the shocks.

What is drawn by chance here is not regions but the shocks of industries: two regions with like
industries have like errors, however far apart they lie. So the number that counts is that of
shocks, and both the errors and the checks are made on shocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from clusteratlas.programmes.effects.records import Check, Parameter, Reason, Verdict
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]

FEWEST_SHOCKS: Final = 20.0
ENOUGH_SHOCKS: Final = 50.0
"""Of shocks that count alike: one over the sum of squared shares of exposure."""
DOMINATES: Final = 0.5
STANDS_OUT: Final = 0.33
"""Share of the estimate (Rotemberg weight) that rests on one industry."""
WEAK: Final = 10.0
"""First-stage F below which the instrument is noise."""
BEFORE_FAILS: Final = 0.01
BEFORE_WARNS: Final = 0.05
"""Level of the test that shocks did not follow what happened before."""
WHOLE: Final = 1e-9

HELPS: Final = {
    "effective_shocks": ("finer_industries", "more_periods"),
    "dominating_shock": ("leave_it_out", "finer_industries"),
    "first_stage": ("other_shocks", "longer_change"),
    "shocks_before": ("control_for_before", "other_shocks"),
}
"""What could be done where a check fails, by its code."""


@dataclass(frozen=True)
class Exposure:
    """Regions by industries, and what is asked of them.

    Attributes
    ----------
    industries
        Names; length N.
    jobs_before, jobs_after
        L x N: jobs in the industries that shocks are known of.
    jobs_outside
        L: jobs before in all other work; zero where the industries are everything.
    endogenous
        L: what is moved by the shocks, such as the growth of jobs.
    outcome
        L: what that is thought to move, in units of ``outcome`` per unit of ``endogenous``.
    outcome_before
        L: change of the outcome before the shocks; ``None`` where nobody knows.
    controls
        L x K: further controls; a constant, and the sum of shares where it is not one everywhere,
        are always added.
    weights
        L: importance of regions, such as jobs; ``None`` for all alike.
    """

    industries: tuple[str, ...]
    jobs_before: Floats
    jobs_after: Floats
    jobs_outside: Floats
    endogenous: Floats
    outcome: Floats
    outcome_before: Floats | None = None
    controls: Floats | None = None
    weights: Floats | None = None


@dataclass(frozen=True, slots=True)
class IndustryWeight:
    """How much of the estimate rests on one industry.

    ``rotemberg`` are shares of the estimate (their sum is 1), ``exposure`` shares of all exposure,
    ``estimate`` is what that industry alone says.
    """

    industry: str
    shock: float
    exposure: float
    rotemberg: float
    estimate: float


@dataclass(frozen=True, slots=True)
class ShiftShareFindings:
    """What the instrument says, or why it says nothing.

    Attributes
    ----------
    value, low, high, standard_error, p
        Of the effect of ``endogenous`` on ``outcome``; ``None`` where refused.
    usual_error
        The error that treats regions as independent, to compare: mostly too small.
    least_squares
        The estimate without the instrument.
    first_stage
        F of the instrument, by the errors of shocks.
    effective_shocks
        How many equal shocks would count as much.
    shares_complete
        Whether shares sum to one everywhere; if not, their sum is controlled for.
    industries
        By weight, the heaviest first; at most twenty.
    grade
        B where an effect is told.
    """

    refused: bool
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    regions: int
    shocks: int
    effective_shocks: float
    shares_complete: bool
    first_stage: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None
    usual_error: float | None = None
    p: float | None = None
    least_squares: float | None = None
    level: float = 0.95
    industries: tuple[IndustryWeight, ...] = ()
    grade: EvidenceGrade | None = None


def leave_one_out_shocks(jobs_before: Floats, jobs_after: Floats) -> Floats:
    r"""Return the growth of each industry in all regions but one.

    Definition
    ----------
    .. math:: g_{n,-l} = \frac{\sum_{k \ne l} E_{kn}^{1}}{\sum_{k \ne l} E_{kn}^{0}} - 1

    Parameters
    ----------
    jobs_before, jobs_after
        Jobs, regions by industries.

    Returns
    -------
    ndarray
        Regions by industries.

    Missing data
    ------------
    None is allowed.

    Raises
    ------
    CannotAnswer
        An industry that only one region has: nobody else says how it grew.

    Source
    ------
    D. Autor, M. Duggan (2003); P. Goldsmith-Pinkham, I. Sorkin, H. Swift, Bartik instruments: what,
    when, why, and how (2020), section I.

    Example
    -------
    >>> leave_one_out_shocks(np.array([[10.0], [20.0]]), np.array([[15.0], [22.0]])).round(2)
    array([[0.1],
           [0.5]])
    """
    others_before = jobs_before.sum(axis=0) - jobs_before
    others_after = jobs_after.sum(axis=0) - jobs_after
    alone = (others_before <= WHOLE * jobs_before.sum(axis=0)).any(axis=0)
    if alone.any():
        raise CannotAnswer(
            "an industry is found in one region only, so that nobody else says how it grew",
            hint=f"leave out or join industry number {int(np.argmax(alone)) + 1}",
        )
    shocks: Floats = others_after / others_before - 1.0
    return shocks


def shift_share_instrument(exposure: Exposure, *, level: float = 0.95) -> ShiftShareFindings:
    r"""Return the effect found by a shift-share instrument, or why none is told.

    Definition
    ----------
    Shares :math:`s_{ln}` are jobs of the industry over all jobs of the region, before. The
    instrument is :math:`z_l = \sum_n s_{ln} g_{n,-l}`, with growth elsewhere as shocks. With
    :math:`y^\perp, x^\perp` the outcome and the endogenous variable less what controls explain,

    .. math:: \hat\beta = \frac{\sum_l e_l z_l y_l^\perp}{\sum_l e_l z_l x_l^\perp}

    *Errors.* The same as an instrument regression on shocks: each industry has the mean residual of
    the regions exposed to it. With :math:`\tilde g_n` the shock less its mean weighted by exposure
    :math:`s_n = \sum_l e_l s_{ln}`, :math:`\bar\varepsilon_n` the exposure-weighted residual and
    :math:`h_n` the leverage of the shock,

    .. math:: s(\hat\beta) = \frac{\sqrt{\sum_n \left(s_n \tilde g_n \bar\varepsilon_n / (1 - h_n)
       \right)^2}}{\left|\sum_l e_l z_l x_l^\perp\right|}

    *Rotemberg weights* :math:`\alpha_n \propto s_n \tilde g_n \bar x_n` say which industries make
    the estimate. *Effective shocks* are :math:`1 / \sum_n (s_n / \sum s)^2`.

    Parameters
    ----------
    exposure
        Regions by industries, the outcome, and what moves it.
    level
        Coverage of the interval.

    Returns
    -------
    ShiftShareFindings
        Refused where shocks are few, one dominates, the instrument is weak, or shocks follow what
        the outcome did before.

    Missing data
    ------------
    None is allowed: a region without a figure is left out beforehand.

    Raises
    ------
    InvalidInput
        Figures that are missing or negative, shapes that do not fit.
    CannotAnswer
        An industry that only one region has.

    Source
    ------
    K. Borusyak, P. Hull, X. Jaravel, Quasi-experimental shift-share research designs (2022),
    equations 4 and 9; R. Adao, M. Kolesar, E. Morales, Shift-share designs: theory and inference
    (2019); P. Goldsmith-Pinkham, I. Sorkin, H. Swift (2020), proposition 3. The leverage factor is
    that of J. MacKinnon, H. White (1985), applied to shocks.

    Example
    -------
    Two industries are two shocks, and two say nothing.

    >>> found = shift_share_instrument(Exposure(
    ...     ("cars", "ships"), np.array([[8.0, 2.0], [5.0, 5.0], [3.0, 7.0], [1.0, 9.0]]),
    ...     np.array([[9.0, 2.0], [6.0, 5.0], [3.4, 7.0], [1.1, 9.0]]), np.zeros(4),
    ...     np.array([0.10, 0.10, 0.04, 0.01]), np.array([0.05, 0.04, 0.02, 0.0]),
    ... ))
    >>> found.refused, [reason.code for reason in found.reasons][0], found.shares_complete
    (True, 'effective_shocks', True)
    >>> round(found.effective_shocks, 2)
    1.96
    """
    _validate(exposure, level)
    total = exposure.jobs_before.sum(axis=1) + exposure.jobs_outside
    shares = exposure.jobs_before / total[:, None]
    regions, industries = shares.shape
    importance = np.ones(regions) if exposure.weights is None else exposure.weights
    importance = importance / importance.sum()
    shocks = leave_one_out_shocks(exposure.jobs_before, exposure.jobs_after)
    everywhere = exposure.jobs_after.sum(axis=0) / exposure.jobs_before.sum(axis=0) - 1.0
    covered = shares.sum(axis=1)
    complete = bool(np.abs(covered - 1).max() < WHOLE)
    controls = [np.ones(regions)]
    if not complete:
        controls.append(covered)
    if exposure.controls is not None:
        controls += list(exposure.controls.T)
    lines = np.column_stack(controls)

    def rest(values: Floats) -> Floats:
        root = np.sqrt(importance)
        solved = np.linalg.lstsq(root[:, None] * lines, root * values, rcond=None)[0]
        left: Floats = values - lines @ solved
        return left

    instrument = rest((shares * shocks).sum(axis=1))
    moved, outcome = rest(exposure.endogenous), rest(exposure.outcome)
    weight = importance @ shares
    centred = everywhere - weight @ everywhere / weight.sum()
    on_shocks = _OnShocks(shares, importance, weight, centred)
    strength = float(importance @ (instrument * moved))
    first = float(strength / (importance @ instrument**2))
    first_error = on_shocks.error(moved - first * instrument, importance @ instrument**2)
    f = float((first / first_error) ** 2)
    effective = float(1 / ((weight / weight.sum()) ** 2).sum())
    parts = centred * (shares.T @ (importance * moved))
    rotemberg = parts / parts.sum()
    checks = [
        _effective(effective),
        _dominating(rotemberg, exposure.industries),
        _strong(f),
        _before(exposure, rest, instrument, importance, on_shocks),
    ]
    failed = [check for check in checks if check.verdict is Verdict.failed]
    if failed:
        reasons = tuple(Reason(each.code, each.parameters, HELPS[each.code]) for each in failed)
        return ShiftShareFindings(
            True, reasons, tuple(checks), regions, industries, effective, complete, f, level=level
        )
    value = float(importance @ (instrument * outcome)) / strength
    residual = outcome - value * moved
    error = on_shocks.error(residual, strength)
    half = float(stats.norm.ppf(0.5 + level / 2)) * error
    usual = float(np.sqrt(((importance * instrument * residual) ** 2).sum())) / abs(strength)
    alone = shares.T @ (importance * outcome) / (shares.T @ (importance * moved))
    order = np.argsort(-np.abs(rotemberg))[:20]
    return ShiftShareFindings(
        False,
        (),
        tuple(checks),
        regions,
        industries,
        effective,
        complete,
        f,
        value,
        value - half,
        value + half,
        error,
        usual,
        float(2 * stats.norm.sf(abs(value) / error)),
        float(importance @ (moved * outcome)) / float(importance @ moved**2),
        level,
        tuple(
            IndustryWeight(
                exposure.industries[each],
                float(everywhere[each]),
                float(weight[each] / weight.sum()),
                float(rotemberg[each]),
                float(alone[each]),
            )
            for each in order
        ),
        EvidenceGrade.B,
    )


@dataclass(frozen=True)
class _OnShocks:
    """The regression on shocks that stands behind the one on regions."""

    shares: Floats
    importance: Floats
    weight: Floats
    centred: Floats

    def error(self, residual: Floats, strength: float) -> float:
        leverage = self.weight / self.weight.sum()
        leverage = leverage + self.weight * self.centred**2 / (self.weight @ self.centred**2)
        scores = self.centred * (self.shares.T @ (self.importance * residual))
        scores = scores / np.maximum(1 - leverage, 1e-6)
        return float(np.sqrt((scores**2).sum())) / abs(strength)


def _verdict(fails: bool, warns: bool) -> Verdict:
    if fails:
        return Verdict.failed
    return Verdict.warned if warns else Verdict.passed


def _check(
    code: str, verdict: Verdict, statistic: float, threshold: float, **told: Parameter
) -> Check:
    parameters: dict[str, Parameter] = {"statistic": statistic, "threshold": threshold, **told}
    return Check(code, verdict, "", statistic, threshold, parameters)


def _effective(effective: float) -> Check:
    verdict = _verdict(effective < FEWEST_SHOCKS, effective < ENOUGH_SHOCKS)
    return _check("effective_shocks", verdict, effective, FEWEST_SHOCKS)


def _dominating(rotemberg: Floats, industries: tuple[str, ...]) -> Check:
    place = int(np.argmax(np.abs(rotemberg)))
    most = float(abs(rotemberg[place]))
    verdict = _verdict(most > DOMINATES, most > STANDS_OUT)
    return _check("dominating_shock", verdict, most, DOMINATES, industry=industries[place])


def _strong(f: float) -> Check:
    return _check("first_stage", _verdict(f < WEAK, False), f, WEAK)


def _before(
    exposure: Exposure,
    rest: Callable[[Floats], Floats],
    instrument: Floats,
    importance: Floats,
    on_shocks: _OnShocks,
) -> Check:
    if exposure.outcome_before is None:
        return Check("shocks_before", Verdict.not_possible)
    before = rest(exposure.outcome_before)
    strength = float(importance @ instrument**2)
    slope = float(importance @ (instrument * before)) / strength
    error = on_shocks.error(before - slope * instrument, strength)
    p = float(2 * stats.norm.sf(abs(slope) / error))
    verdict = _verdict(p < BEFORE_FAILS, p < BEFORE_WARNS)
    return _check("shocks_before", verdict, p, BEFORE_FAILS, slope=slope)


def _validate(exposure: Exposure, level: float) -> None:
    regions, industries = exposure.jobs_before.shape
    shapes = {
        "jobs_after": (exposure.jobs_after, (regions, industries)),
        "jobs_outside": (exposure.jobs_outside, (regions,)),
        "endogenous": (exposure.endogenous, (regions,)),
        "outcome": (exposure.outcome, (regions,)),
        "outcome_before": (exposure.outcome_before, (regions,)),
        "weights": (exposure.weights, (regions,)),
    }
    faults = [
        Fault(
            "the shape does not fit",
            column=name,
            value=str(values.shape),
            hint=f"there are {regions} regions and {industries} industries: {wanted}",
        )
        for name, (values, wanted) in shapes.items()
        if values is not None and values.shape != wanted
    ]
    if len(exposure.industries) != industries:
        faults.append(Fault("industries and their names differ in number", column="industries"))
    given = {name: values for name, (values, _) in shapes.items() if values is not None}
    given |= {"jobs_before": exposure.jobs_before}
    if exposure.controls is not None:
        given["controls"] = exposure.controls
    for name, values in given.items():
        if not np.isfinite(values).all():
            place = np.argwhere(~np.isfinite(values))[0]
            faults.append(
                Fault(
                    "a figure is missing",
                    column=name,
                    value=f"region number {int(place[0]) + 1}",
                    hint="leave the region out, or complete it",
                )
            )
        elif name in ("jobs_before", "jobs_after", "jobs_outside", "weights") and values.min() < 0:
            faults.append(Fault("a figure is below zero", column=name, value=f"{values.min():g}"))
    if not 0.5 <= level < 1:
        faults.append(Fault("an interval covers 0.5 to 0.999", value=str(level), hint="say 0.95"))
    if not faults and (exposure.jobs_before.sum(axis=1) + exposure.jobs_outside <= 0).any():
        faults.append(Fault("a region has no jobs at all", column="jobs_before"))
    if faults:
        raise InvalidInput(faults)
