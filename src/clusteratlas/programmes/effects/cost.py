"""What one additional unit of an outcome cost the public."""

from __future__ import annotations

import numpy as np

from clusteratlas.programmes.effects.estimators import Answer
from clusteratlas.programmes.effects.panel import Floats, Setting
from clusteratlas.programmes.effects.records import CostPerUnit
from clusteratlas.programmes.effects.study import Outcome, Scale, Study


def cost_of(setting: Setting, study: Study) -> float | None:
    """Return the cost of all treated units: the stated total, or the sum of the list.

    ``None`` where neither is given, or a treated unit has no cost.
    """
    if study.costs is None:
        return None
    if study.costs.total is not None:
        return study.costs.total
    costs = setting.cost[setting.treated]
    return float(costs.sum()) if len(costs) and np.isfinite(costs).all() else None


def cost_per_unit(
    setting: Setting, study: Study, outcome: Outcome, outcomes: Floats, headline: Answer
) -> CostPerUnit | None:
    """Return the cost of an additional unit of the outcome, with what its interval allows.

    Definition
    ----------
    cost / (n x effect in the last year of the window), for all n treated units of
    the list. Of an outcome in logarithms, the effect is the treated's mean outcome in that year
    times 1 - exp(-effect). The cost is known, so the interval is cost over the ends of the effect's
    (Fieller's, with a certain numerator); where these hold zero, there is no upper bound.

    Example
    -------
    Twenty firms, 3 jobs each (1 to 5), for 1.2 million: 20,000 a job (12,000 to 60,000).
    """
    cost = cost_of(setting, study)
    if cost is None or study.costs is None or len(headline.keys) < 2:
        return None
    last = len(headline.keys) - 1
    horizon = headline.keys[last] + 1
    low, high = headline.found.interval(last, study.choices.level)
    value = float(headline.found.values[last])
    count = int(setting.treated.sum())
    if outcome.scale is not Scale.level:
        mean = _mean_level(setting, outcomes, horizon)
        value, low, high = (mean * -np.expm1(-each) for each in (value, low, high))
    gains = [float(each) * count for each in (value, low, high)]
    bounded = gains[1] > 0
    return CostPerUnit(
        outcome.column,
        horizon,
        cost,
        study.costs.currency,
        study.costs.price_base,
        gains[0],
        gains[1],
        gains[2],
        cost / gains[0] if gains[0] > 0 else None,
        cost / gains[2] if gains[2] > 0 else None,
        cost / gains[1] if bounded else None,
        bounded,
        outcome.unit,
        study.choices.level,
        count,
    )


def _mean_level(setting: Setting, outcomes: Floats, horizon: int) -> float:
    """Mean outcome, in its own unit, of treated units in the given year under treatment."""
    panel = setting.panel
    units = np.flatnonzero(setting.treated)
    places = setting.start[units] - panel.periods[0] + horizon - 1
    inside = (places >= 0) & (places < len(panel.periods))
    seen = outcomes[units[inside], places[inside]]
    return float(np.exp(seen[np.isfinite(seen)]).mean())
