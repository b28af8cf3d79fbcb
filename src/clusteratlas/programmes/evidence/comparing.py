"""Which published effects may stand on one axis, which may be pooled, and why others may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence.pooling import Method, Pooled, pool
from clusteratlas.programmes.evidence.records import FactScale, PublishedEffect, UnitKind

FEWEST_PROGRAMMES: Final = 3
"""Independent programmes below which no mean is given."""

UNPLACED = (FactScale.sign, FactScale.above)
"""Scales without a value that could stand on an axis."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why figures are not pooled: a code with what its sentence needs."""

    code: str
    parameters: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Effects on one outcome, in one scale and unit, on one kind of unit.

    Attributes
    ----------
    members
        Of causal grade, the largest value first.
    beside
        In the same scale, but of grade C: shown below and apart, never pooled.
    programmes
        Independent programmes among the members.
    pooled
        Their mean; ``None`` where it is refused, for all of ``refusals``.
    """

    outcome: str
    stage: Stage
    scale: FactScale
    unit_of_value: str
    unit: UnitKind
    members: tuple[PublishedEffect, ...]
    beside: tuple[PublishedEffect, ...]
    programmes: int
    pooled: Pooled | None
    refusals: tuple[Refusal, ...]

    @property
    def identity(self) -> str:
        """A name for addresses, such as ``rd-spend-percent-firm``."""
        parts = (self.outcome, self.scale.value, self.unit.value)
        return "-".join(parts).replace("_", "-")


def comparable_groups(
    effects: Sequence[PublishedEffect], *, fewest: int = FEWEST_PROGRAMMES, method: Method = "reml"
) -> tuple[Group, ...]:
    """Return the groups of effects that may stand on one axis.

    Definition
    ----------
    Effects are comparable where they are about the same outcome, in the same scale and unit, on the
    same kind of unit, and of causal grade (A or B). A group has at least two members, or one with
    others of grade C beside it. Figures that somebody counted (D) or that a model multiplied (E)
    are in none.

    Parameters
    ----------
    effects
        As a library holds them.
    fewest, method
        As for `refusals_to_pool` and `pool`.

    Returns
    -------
    tuple of Group
        By stage and outcome.

    Missing data
    ------------
    An effect of which the source gives the direction only has no place on an axis.

    Raises
    ------
    Nothing.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> from clusteratlas.programmes.evidence.library import published_library
    >>> groups = comparable_groups(published_library().effects)
    >>> [(each.identity, len(each.members), each.programmes) for each in groups][-1]
    ('rd-spend-percent-firm', 2, 2)
    """
    found: dict[tuple[str, str, str, str], list[PublishedEffect]] = {}
    for each in effects:
        if each.is_effect and each.scale not in UNPLACED:
            found.setdefault(each.group_key, []).append(each)
    groups = [
        _group(together, fewest, method)
        for together in found.values()
        if len(together) > 1 and any(each.grade.is_causal for each in together)
    ]
    order = list(Stage)
    return tuple(sorted(groups, key=lambda each: (order.index(each.stage), each.identity)))


def refusals_to_pool(
    effects: Sequence[PublishedEffect], *, fewest: int = FEWEST_PROGRAMMES
) -> tuple[Refusal, ...]:
    """Return every reason why effects must not be pooled; none where they may.

    Definition
    ----------
    Refused are: outcomes, scales, units of the value or kinds of unit that differ; directions
    without a value; ranges of estimates; grades below B; estimates by lot together with others; a
    programme that stands in it twice; estimates without a standard error; fewer than ``fewest``
    independent programmes.

    Parameters
    ----------
    effects
        What somebody would pool.
    fewest
        Independent programmes.

    Returns
    -------
    tuple of Refusal
        All that hold, not the first alone.

    Missing data
    ------------
    A standard error that is not stated is never made up from significance or from a mean of others.

    Raises
    ------
    Nothing.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> from clusteratlas.programmes.evidence.library import published_library
    >>> both = [published_library().of(each) for each in ("poles-rd-percent-2009", "bavaria-rd")]
    >>> [each.code for each in refusals_to_pool(both)]
    ['no_standard_error', 'few_programmes']
    """
    refusals: list[Refusal] = []
    for code, values in (
        ("outcomes_differ", {each.outcome for each in effects}),
        ("scales_differ", {each.scale.value for each in effects}),
        ("units_of_value_differ", {each.group_key[2] for each in effects}),
        ("units_differ", {each.unit.value for each in effects}),
    ):
        if len(values) > 1:
            refusals.append(Refusal(code, {"values": ", ".join(sorted(values))}))
    counted = (
        ("no_value", sum(each.scale in UNPLACED for each in effects)),
        ("range_of_estimates", sum(each.value_to is not None for each in effects)),
        ("not_causal", sum(not each.grade.is_causal for each in effects)),
    )
    refusals += [Refusal(code, {"count": count}) for code, count in counted if count]
    grades = {each.grade for each in effects if each.grade.is_causal}
    if len(grades) > 1:
        refusals.append(Refusal("grades_differ", {"values": "A, B"}))
    families = Counter(each.family for each in effects)
    twice = sorted(
        {each.programme for each in effects if families[each.family] > 1}, key=str.casefold
    )
    if twice:
        refusals.append(Refusal("same_programme", {"values": "; ".join(twice)}))
    lacking = sum(each.standard_error is None for each in effects)
    if lacking:
        refusals.append(Refusal("no_standard_error", {"count": lacking, "of": len(effects)}))
    if len(families) < fewest:
        refusals.append(Refusal("few_programmes", {"count": len(families), "fewest": fewest}))
    return tuple(refusals)


def _group(together: Sequence[PublishedEffect], fewest: int, method: Method) -> Group:
    ordered = sorted(together, key=lambda each: (-(each.middle or 0.0), each.identity))
    members = tuple(each for each in ordered if each.grade.is_causal)
    refusals = refusals_to_pool(members, fewest=fewest)
    pooled = None
    if not refusals:
        values = [each.value or 0.0 for each in members]
        pooled = pool(values, [each.standard_error or 0.0 for each in members], method=method)
    first = members[0]
    return Group(
        first.outcome,
        first.stage,
        first.scale,
        "percent" if first.scale is FactScale.percent else first.unit_of_value,
        first.unit,
        members,
        tuple(each for each in ordered if not each.grade.is_causal),
        len({each.family for each in members}),
        pooled,
        refusals,
    )
