"""What a choice depends on: thresholds, weights and single criteria, each moved by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusteratlas.programmes.readiness.answers import Met, Readiness, Screened, Screening
from clusteratlas.programmes.readiness.choosing import Rules, chosen_names
from clusteratlas.programmes.readiness.criteria import Criteria
from clusteratlas.programmes.readiness.ranking import is_eligible
from clusteratlas.programmes.readiness.screening import readiness, rescreened


@dataclass(frozen=True, slots=True)
class Flip:
    """A threshold at which an applicant's verdict flips, all others as they are.

    The verdict is ``upto`` where the threshold is ``at`` or lower (down to the flip before), and
    ``beyond`` above it (up to the flip after).
    """

    criterion: str
    threshold: float
    applicant: str
    at: float
    upto: Readiness
    beyond: Readiness


@dataclass(frozen=True, slots=True)
class Swap:
    """A weight at which two applicants have the same score and so change places, exactly.

    ``weight`` is what the criterion has now. Above ``at`` the one ``ahead_above`` is ahead, below
    it the other.
    """

    criterion: str
    weight: float
    one: str
    other: str
    at: float
    ahead_above: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The choice made anew with one thing changed.

    ``kind`` is ``threshold``, ``weight`` or ``without``; ``step`` the factor, and ``value`` what
    the threshold or weight then is. ``turned`` are applicants whose verdict differs, with both.
    """

    kind: str
    criterion: str
    step: float | None
    value: float | None
    picks: frozenset[str]
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    turned: tuple[tuple[str, Readiness, Readiness], ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Everything that was moved, and who depends on it.

    Attributes
    ----------
    robust
        Funded whatever is moved.
    fragile
        Funded in some variants only, or now and not in all.
    """

    flips: tuple[Flip, ...]
    swaps: tuple[Swap, ...]
    variants: tuple[Variant, ...]
    robust: tuple[str, ...]
    fragile: tuple[str, ...]

    def held(self, applicant: str) -> float:
        """In which share of the variants an applicant is funded."""
        if not self.variants:
            return 0.0
        return sum(applicant in each.picks for each in self.variants) / len(self.variants)


def sensitivity(screening: Screening, rules: Rules) -> Sensitivity:
    """Return how the choice depends on every threshold, every weight and every criterion.

    Definition
    ----------
    Each threshold and each weight is multiplied by each step of the criteria, and each criterion
    is left out, one at a time, and the choice made anew. Flips and swaps are exact, not searched: a
    verdict flips where a threshold passes the low or the high end of a figure, and two scores are
    equal where the weight w of criterion j solves the sum over c of w_c (d_ac - d_bc) = 0.
    """
    now = chosen_names(screening, rules)
    variants = tuple(_variants(screening, rules, now))
    always = now.intersection(*(each.picks for each in variants))
    ever = now.union(*(each.picks for each in variants))
    return Sensitivity(
        tuple(flips(screening)),
        tuple(swaps(screening, rules, now)),
        variants,
        tuple(sorted(always)),
        tuple(sorted(ever - always)),
    )


def flips(screening: Screening) -> list[Flip]:
    """Return at which threshold of each criterion each applicant's verdict flips, exactly."""
    criteria = screening.criteria
    found = []
    for criterion in criteria.criterion:
        for each in screening.applicants:
            found += _flips_of(each, criterion.name, criteria)
    return found


def _flips_of(each: Screened, name: str, criteria: Criteria) -> list[Flip]:
    """The verdict is a step function of a threshold, with steps at the figure's two ends."""
    met = {answer.criterion.name: answer.verdict for answer in each.answers}
    answer = next(one for one in each.answers if one.criterion.name == name)
    figure = answer.figure

    def verdict(as_if: Met) -> Readiness:
        return readiness({**met, name: as_if}, criteria)[0]

    ladder: list[tuple[float, Met]] = [(figure.low, Met.cannot_be_told)]
    if figure.high is not None:
        ladder.append((figure.high, Met.not_met))
    if figure.high == figure.low:
        ladder = [(figure.low, Met.not_met)]
    found, before = [], verdict(Met.met)
    for at, then in ladder:
        after = verdict(then)
        if after is not before:
            identity = each.applicant.identity
            found.append(Flip(name, answer.threshold, identity, at, before, after))
        before = after
    return found


def swaps(screening: Screening, rules: Rules, now: frozenset[str]) -> list[Swap]:
    """Return at which weight of each criterion a funded and an unfunded applicant change places.

    Only applicants that are ready enough are compared; scores are taken as they are.
    """
    able = [each for each in screening.applicants if is_eligible(each, rules.least)]
    inside = [each for each in able if each.applicant.identity in now]
    outside = [each for each in able if each.applicant.identity not in now]
    found = []
    for criterion in screening.criteria.criterion:
        for one in inside:
            for other in outside:
                at, own = _swap(one, other, criterion.name)
                if at is not None:
                    names = (one.applicant.identity, other.applicant.identity)
                    ahead = names[0] if own > 0 else names[1]
                    found.append(Swap(criterion.name, criterion.weight, *names, at, ahead))
    found.sort(key=lambda each: (abs(each.at - each.weight), each.criterion, each.one, each.other))
    return found


def _swap(one: Screened, other: Screened, name: str) -> tuple[float | None, float]:
    """The weight of equal scores, none below zero; and by how much the criterion favours one."""
    rest = own = 0.0
    for mine, theirs in zip(one.answers, other.answers, strict=True):
        lead = mine.degree - theirs.degree
        if mine.criterion.name == name:
            own = lead
        else:
            rest += mine.criterion.weight * lead
    if own == 0.0:
        return None, own
    at = -rest / own + 0.0  # never a negative zero
    return (at if at >= 0 else None), own


def _variants(screening: Screening, rules: Rules, now: frozenset[str]) -> Iterator[Variant]:
    criteria = screening.criteria

    def variant(
        kind: str, name: str, step: float | None, value: float | None, moved: Criteria
    ) -> Variant:
        anew = rescreened(screening, moved)
        picks = chosen_names(anew, rules)
        return Variant(
            kind,
            name,
            step,
            value,
            picks,
            tuple(sorted(picks - now)),
            tuple(sorted(now - picks)),
            _turned(screening.applicants, anew.applicants),
        )

    for each in criteria.criterion:
        for step in criteria.threshold_steps:
            value = each.stepped(step)
            if value != each.at_least:
                moved = criteria.changed(thresholds={each.name: value})
                yield variant("threshold", each.name, step, value, moved)
        for step in criteria.weight_steps:
            value = each.weight * step
            moved = criteria.changed(weights={each.name: value})
            yield variant("weight", each.name, step, value, moved)
        left = criteria.without(each.name)
        if left.criterion and left.total_weight > 0:
            yield variant("without", each.name, None, None, left)


def _turned(
    before: Sequence[Screened], after: Sequence[Screened]
) -> tuple[tuple[str, Readiness, Readiness], ...]:
    return tuple(
        (one.applicant.identity, one.verdict, other.verdict)
        for one, other in zip(before, after, strict=True)
        if one.verdict is not other.verdict
    )
