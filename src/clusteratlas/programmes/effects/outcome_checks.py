"""Checks of one outcome: what it did before the start, who left, whether controls stay apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri, stdtr

from clusteratlas.programmes.effects import contrasts, limits
from clusteratlas.programmes.effects.design_checks import listed, years
from clusteratlas.programmes.effects.inference import Found, found, joint_p
from clusteratlas.programmes.effects.panel import NEVER, Flags, Floats, Setting
from clusteratlas.programmes.effects.plan import Comparison, Side, fill
from clusteratlas.programmes.effects.records import Check, Verdict
from clusteratlas.programmes.effects.study import Design, Outcome, Study


def attrition(setting: Setting, study: Study, outcome: Outcome, outcomes: Floats) -> Check:
    """Whether treated units leave the panel, or fall silent, more or less often than others.

    Definition
    ----------
    Of units with a figure in the last untouched year, the share that lacks one in a
    later year; the difference between treated and controls, errors by unit.
    """
    panel = setting.panel
    given: Flags = np.array(np.isfinite(outcomes), dtype=np.bool_)
    others = setting.lost if study.design is Design.contest else setting.untreated | setting.lost
    differences, variances, sizes = [], [], []
    gone_treated = gone_others = seen_treated = seen_others = 0
    gone_units = np.zeros(len(panel.units), dtype=bool)
    for start in np.unique(setting.start[setting.treated]):
        base = panel.place(int(start)) - 1 - study.choices.anticipation
        if base < 0:
            continue
        there = given[:, base]
        lacks: Flags = np.array(~given[:, base:].all(axis=1), dtype=np.bool_)
        mine = setting.treated & (setting.start == start) & there
        theirs = others & there
        if not mine.any() or not theirs.any():
            continue
        gone_units |= mine & lacks
        p, q = float(lacks[mine].mean()), float(lacks[theirs].mean())
        sizes.append(int(mine.sum()))
        differences.append(p - q)
        variances.append(p * (1 - p) / mine.sum() + q * (1 - q) / theirs.sum())
        gone_treated += int(lacks[mine].sum())
        seen_treated += int(mine.sum())
        gone_others += int(lacks[theirs].sum())
        seen_others += int(theirs.sum())
    if not sizes:
        return Check("attrition", Verdict.not_possible, outcome.column)
    share = np.array(sizes) / sum(sizes)
    apart = float(share @ np.array(differences))
    error = float(np.sqrt(share**2 @ np.array(variances)))
    p_value = float(2 * ndtr(-abs(apart) / error)) if error > 0 else 1.0
    rates = gone_treated / seen_treated, gone_others / seen_others
    if p_value < limits.GONE_ERROR and abs(apart) >= limits.MOST_GONE_APART:
        verdict = Verdict.failed
    elif p_value < limits.WARNED_ERROR or max(rates) > limits.MANY_GONE:
        verdict = Verdict.warned
    else:
        verdict = Verdict.passed
    return Check(
        "attrition",
        verdict,
        outcome.column,
        p_value,
        limits.GONE_ERROR,
        {"treated": round(rates[0], 4), "controls": round(rates[1], 4)},
        listed(setting, gone_units),
    )


def before_the_start(
    comparison: Comparison, study: Study, outcome: Outcome, effect: float
) -> list[Check]:
    """Whether treated and controls went together before the start.

    Definition
    ----------
    With d_t the difference in year t before the start, against the last untouched
    year: all d_t are zero (F test); they have no slope (t test); and the last untouched year lies
    on the line through the years before it (t test). A drift smaller than a tenth of the effect is
    told and does not refuse.
    """
    layout = comparison.layout
    made = contrasts.by_time(layout, contrasts.leads(layout))
    if not made:
        return [
            Check("pre_trends", Verdict.not_possible, outcome.column),
            Check("anticipation", Verdict.not_possible, outcome.column),
        ]
    base = -1 - study.choices.anticipation
    times = np.array([*made, base], dtype=float)
    differences = found(comparison.moments, made)
    most = max(1, int(differences.freedom.min() // 4))
    late = np.arange(len(made))[-most:]
    together = joint_p(
        Found(
            differences.values[late],
            differences.covariance[np.ix_(late, late)],
            differences.freedom[late],
        )
    )
    weights = times - times.mean()
    slope = differences.combined((weights[:-1] / (weights**2).sum())[None, :])
    p_value = min(1.0, 2 * min(together, slope.p(0)))
    reach = (study.choices.window + 1) / 2 + study.choices.anticipation
    drift = max(abs(float(slope.values[0])) * reach, float(np.abs(differences.values).max()))
    allowed = limits.DRIFT_ERROR * 2 / 3
    checks = [
        Check(
            "pre_trends",
            _verdict(p_value, allowed, drift, effect),
            outcome.column,
            p_value,
            allowed,
            {
                "p_together": together,
                "p_slope": slope.p(0),
                "years": len(made),
                "blind": _blind(slope, reach, effect),
            },
            periods=tuple(int(each) for each in made),
        )
    ]
    return [*checks, _last_year(differences, times, study, outcome, effect)]


def _last_year(
    differences: Found, times: Floats, study: Study, outcome: Outcome, effect: float
) -> Check:
    """Whether the last untouched year lies on the line through the years before it."""
    earlier = times[:-1]
    if len(earlier) < 2:
        return Check("anticipation", Verdict.not_possible, outcome.column)
    if len(earlier) >= 3:
        design = np.column_stack([np.ones(len(earlier)), earlier])
        line = np.array([1.0, times[-1]]) @ np.linalg.pinv(design)
    else:
        line = np.full(len(earlier), 1.0 / len(earlier))
    jump = differences.combined(-line[None, :])
    p_value, value = jump.p(0), float(jump.values[0])
    allowed = limits.DRIFT_ERROR / 3
    code = "mean_reversion" if value * effect < 0 else "anticipation"
    return Check(
        code,
        _verdict(p_value, allowed, abs(value), effect),
        outcome.column,
        p_value,
        allowed,
        {"years": len(earlier)},
        periods=(int(times[-1]),),
    )


def _verdict(p_value: float, allowed: float, size: float, effect: float) -> Verdict:
    if p_value < allowed:
        return Verdict.warned if size < limits.SLIGHT * abs(effect) else Verdict.failed
    return Verdict.warned if p_value < limits.WARNED_ERROR else Verdict.passed


def _blind(slope: Found, reach: float, effect: float) -> str:
    """Whether a drift that makes up half of the effect could have gone unseen."""
    needed = ndtri(1 - limits.DRIFT_ERROR / 6) + ndtri(0.8)
    seen = float(needed * slope.errors[0]) * reach
    return "yes" if seen > limits.BLIND * abs(effect) else "no"


def contaminated_controls(
    comparison: Comparison,
    setting: Setting,
    study: Study,
    outcome: Outcome,
    outcomes: Floats,
    effect: float,
) -> Check | None:
    """Whether controls near treated units changed at the start, against controls far away.

    Definition
    ----------
    Controls in regions that hold treated or exposed units are taken as treated from
    the first start in their region, and compared with controls of all other regions; errors by
    region. The answer is off by their share among controls times what they changed.
    """
    panel, plan = setting.panel, comparison.plan
    if "region" not in panel.attributes or study.design is Design.triple:
        return None
    region = np.unique(panel.attributes["region"], return_inverse=True)[1]
    touched = setting.treated | setting.exposed
    first = np.full(region.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, region[touched], setting.start[touched])
    begun = first[region[plan.controls]]
    near = begun < np.iinfo(np.int64).max
    places = [len(np.unique(region[plan.controls[those]])) for those in (near, ~near)]
    if min(places) < limits.LEAST_REGIONS:
        return Check(
            "contaminated_controls",
            Verdict.not_possible,
            outcome.column,
            parameters={"near": int(near.sum()), "far": int((~near).sum())},
        )
    sides = [
        Side(0, int(start), (those := plan.controls[begun == start]), _even(len(those)), len(those))
        for start in np.unique(begun[near])
    ]
    far = plan.controls[~near]
    sides.append(Side(0, NEVER, far, _even(len(far)), len(far)))
    spread = replace(
        plan,
        sides=tuple(sides),
        treated=plan.controls[near],
        controls=far,
        assignment=region.astype(np.int64),
    )
    filled = fill(spread, setting, replace(study, design=Design.spillover), outcomes)
    spots = contrasts.group_time(filled.layout) if filled is not None else {}
    if filled is None or not spots:
        return Check("contaminated_controls", Verdict.not_possible, outcome.column)
    changed = found(filled.moments, [contrasts.average(filled.layout, spots)])
    p_value = changed.p(0)
    share = float(near.mean())
    return Check(
        "contaminated_controls",
        _verdict(p_value, limits.CONTAMINATED_ERROR, share * abs(float(changed.values[0])), effect),
        outcome.column,
        p_value,
        limits.CONTAMINATED_ERROR,
        {"near": int(near.sum()), "far": int((~near).sum())},
        listed(setting, plan.controls[near]),
        years(np.unique(begun[near])),
    )


def _even(count: int) -> Floats:
    return np.full(count, 1.0 / max(count, 1))


def control_break(
    comparison: Comparison, setting: Setting, study: Study, outcome: Outcome, error: float
) -> Check | None:
    """Whether industries that hold more controls than treated units broke away at the start.

    Definition
    ----------
    Three things at once: the industries of treated and controls differ
    (chi-square); controls' change from before to after differs by industry (F test); and giving
    controls the treated's mix of industries would move the answer by more than its standard error.
    """
    panel = setting.panel
    if "industry" not in panel.attributes or study.design is Design.triple:
        return None
    code = np.unique(panel.attributes["industry"], return_inverse=True)[1]
    layout = comparison.layout
    main = max(layout.treated, key=lambda cell: layout.sizes[cell])
    start, base = int(layout.starts[main]), layout.base(main)
    never = [each for each in comparison.cells if not each.is_treated]
    if not never:
        return None
    units = np.concatenate([each.members for each in never])
    units, once = np.unique(units, return_index=True)
    values = np.concatenate([each.values for each in never])[once]
    after = values[:, start : start + layout.window].mean(axis=1)
    changed = after - values[:, : base + 1].mean(axis=1)
    kinds = int(code.max()) + 1
    theirs = np.bincount(code[units], minlength=kinds).astype(float)
    mine = np.bincount(code[comparison.plan.treated], minlength=kinds).astype(float)
    held = theirs >= 2
    if held.sum() < 2 or changed.min() == changed.max():
        return None
    from scipy import stats  # noqa: PLC0415 - slow to load, and the site loads this room

    table = np.array([mine, theirs])[:, (mine + theirs) > 0]
    p_mix = float(stats.chi2_contingency(table).pvalue) if (table.sum(axis=1) > 0).all() else 1.0
    p_break = float(
        stats.f_oneway(*(changed[code[units] == kind] for kind in np.flatnonzero(held))).pvalue
    )
    mean = np.zeros(kinds)
    mean[held] = np.bincount(code[units], changed, minlength=kinds)[held] / theirs[held]
    target = np.where(held, mine, 0.0)
    moved = float((target / max(target.sum(), 1.0) - theirs * held / theirs[held].sum()) @ mean)
    bad = p_mix < limits.MIX_ERROR and p_break < limits.MIX_ERROR and abs(moved) > error
    return Check(
        "control_break",
        Verdict.failed if bad else Verdict.passed,
        outcome.column,
        max(p_mix, p_break),
        limits.MIX_ERROR,
        {"p_mix": p_mix, "p_break": p_break, "industries": int(held.sum())},
        periods=(int(panel.periods[start]),),
    )


def placebo_treated(
    comparison: Comparison, setting: Setting, study: Study, outcome: Outcome
) -> Check | None:
    """How often a fake treatment among controls comes out significant.

    Definition
    ----------
    As many controls as there are treated assignments (half of them at most) are
    drawn and called treated; the share of draws whose change differs at 5 % (Welch's t test).
    """
    if study.design is Design.triple:
        return None
    layout = comparison.layout
    main = max(layout.treated, key=lambda cell: layout.sizes[cell])
    never = [each for each in comparison.cells if not each.is_treated]
    if not never:
        return None
    cell = max(never, key=lambda each: len(each.members))
    start, base = int(layout.starts[main]), layout.base(main)
    changed = cell.values[:, start : start + layout.window].mean(axis=1) - cell.values[:, base]
    place = np.unique(comparison.plan.assignment[cell.members], return_inverse=True)[1]
    change = np.bincount(place, changed) / np.bincount(place)
    rng = np.random.default_rng(study.choices.seed)
    if len(change) > 2000:
        change = rng.choice(change, 2000, replace=False)
    count = min(comparison.plan.treated_assignments, len(change) // 2)
    alike = np.ptp(change) <= 1e-9 * np.abs(change).max(initial=0.0)
    if len(change) < limits.LEAST_PLACEBO or count < 2 or alike:
        return Check("placebo_treated", Verdict.not_possible, outcome.column)
    draws = min(study.choices.draws, 499)
    order = rng.random((draws, len(change))).argsort(axis=1)
    drawn = change[order]
    share = float((_welch(drawn[:, :count], drawn[:, count:]) < 0.05).mean())
    verdict = Verdict.failed if share > limits.MOST_FALSE else Verdict.passed
    if verdict is Verdict.passed and share > limits.SOME_FALSE:
        verdict = Verdict.warned
    return Check(
        "placebo_treated",
        verdict,
        outcome.column,
        share,
        limits.MOST_FALSE,
        {"draws": draws, "fake": count},
    )


def _welch(one: Floats, other: Floats) -> Floats:
    """p of equal means, row by row; 1 where nothing differs."""
    parts = [each.var(axis=1, ddof=1) / each.shape[1] for each in (one, other)]
    total = parts[0] + parts[1]
    each = parts[0] ** 2 / (one.shape[1] - 1) + parts[1] ** 2 / (other.shape[1] - 1)
    known = total > 0
    freedom = np.divide(total**2, each, out=np.ones_like(total), where=known & (each > 0))
    apart = np.abs(one.mean(axis=1) - other.mean(axis=1))
    statistic = np.divide(apart, np.sqrt(total), out=np.zeros_like(total), where=known)
    p: Floats = 2 * stdtr(freedom, -statistic)
    return p


def placebo_date(comparison: Comparison, study: Study, outcome: Outcome) -> Check:
    """Whether an effect appears if the start is set two years early, before anything happened."""
    layout = comparison.layout
    earlier = replace(
        layout,
        starts=np.where(layout.starts >= 0, layout.starts - 2 - layout.anticipation, -1),
        window=2,
        anticipation=0,
        not_yet=False,
    )
    spots = contrasts.group_time(earlier)
    if not spots:
        return Check("placebo_date", Verdict.not_possible, outcome.column)
    told = found(comparison.moments, [contrasts.average(earlier, spots)])
    p_value = told.p(0)
    return Check(
        "placebo_date",
        Verdict.warned if p_value < limits.WARNED_ERROR else Verdict.passed,
        outcome.column,
        p_value,
        limits.WARNED_ERROR,
        {"years": 2},
    )
