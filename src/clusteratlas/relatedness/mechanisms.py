"""Which mechanism goes with coagglomeration inside a cluster: supply, skills or knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clusteratlas.relatedness.least_squares import Flags, Floats, Places, Term
from clusteratlas.relatedness.pair_regression import regress_pairs
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

MECHANISMS = {
    "input_output": "supply",
    "occupations": "skills (occupations)",
    "skill_flows": "skills (people who change)",
    "knowledge": "knowledge",
}
"""Component to the mechanism that it stands for."""

FEWEST_PAIRS = 30
PERMUTATIONS = 999
FEW_INDUSTRIES = 12
"""With fewer, one industry can carry a coefficient."""

INFLATED = 5.0
"""Variance inflation from which on mechanisms are hard to tell apart."""

FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class MechanismPanel:
    """How coagglomeration goes with each mechanism, over pairs of industries.

    Attributes
    ----------
    cluster
        Whose pairs; empty for all pairs.
    outcome
        The component that is explained.
    terms
        Standardised coefficients, with errors that allow for pairs that share an industry.
    inflation
        Component to its variance inflation, 1 or more.
    pairs, industries
        In the regression.
    explained
        R², 0-1.
    missing
        Component to the reason why it is not in the regression.
    dropped
        Component to the pairs left out because it is not known for them; one pair may count for
        several. ``outcome`` counts too.
    pairs_dropped
        Pairs left out in all.
    inherited
        Component to the pairs of the regression with a figure from a coarser class.
    notes
        What a reader must know.
    """

    cluster: str
    outcome: str
    terms: tuple[Term, ...]
    inflation: Mapping[str, float]
    pairs: int
    industries: int
    explained: float
    missing: Mapping[str, str]
    dropped: Mapping[str, int]
    pairs_dropped: int
    inherited: Mapping[str, int]
    notes: tuple[str, ...]

    def term(self, name: str) -> Term:
        """Return one term by its component."""
        return next(each for each in self.terms if each.name == name)

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row for each mechanism, ready to show."""
        return [
            {
                "cluster": self.cluster,
                "outcome": self.outcome,
                "component": each.name,
                "mechanism": MECHANISMS.get(each.name, each.name),
                "coefficient": each.coefficient,
                "standard_error": each.standard_error,
                "plain_error": each.plain_error,
                "p_value": each.p_value,
                "low": each.low,
                "high": each.high,
                "inflation": self.inflation[each.name],
                "pairs": self.pairs,
                "industries": self.industries,
                "explained": self.explained,
            }
            for each in self.terms
        ]


def explain_mechanisms(
    similarities: Similarities,
    industries: Sequence[str] | None = None,
    *,
    cluster: str = "",
    outcome: str = "coagglomeration",
    mechanisms: Sequence[str] | None = None,
    classes: Mapping[str, str] | None = None,
    fewest_pairs: int = FEWEST_PAIRS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> MechanismPanel:
    r"""Return how pairwise coagglomeration goes with supply, skills and knowledge.

    Definition
    ----------
    Over pairs i < j of the industries, everything standardised over the pairs used:

    .. math:: z(C_{ij}) = \sum_k \beta_k z(M^k_{ij}) + u_{ij}

    :math:`\beta_k` says by how many standard deviations C is higher where mechanism k is one
    standard deviation higher and the others are equal. It tells what goes together, not what
    brings about what: industries that lie together come to trade with each other, too.

    Pairs share industries, so that their errors are not independent. The standard error comes from
    leaving out each industry in turn, the p-value from reordering the industries (`regress_pairs`);
    the plain error stands beside.

    Parameters
    ----------
    similarities
        Components, industries x industries.
    industries
        The industries of a cluster; default all.
    cluster
        Name of the result.
    outcome
        The component to be explained, such as ``coagglomeration`` or ``colocation``.
    mechanisms
        Components that explain; default those of ``MECHANISMS``.
    classes
        Industry to a coarser class, such as four digits. Pairs within a class are left out: where
        flows, occupations or withheld jobs of a class were shared out among its industries, these
        are alike on both sides by construction.
    fewest_pairs
        Fewer pairs in the regression are refused.
    permutations, seed
        Random orders for the p-value, and their seed.

    Returns
    -------
    MechanismPanel
        Coefficients in standard deviations.

    Missing data
    ------------
    A pair for which the outcome or a mechanism is not known is left out and counted. A mechanism
    that is not at hand, is known for no pair, or does not vary is named in ``missing``.

    Raises
    ------
    InvalidInput
        Industries that the similarities do not have, or twice.
    CannotAnswer
        Fewer than ``fewest_pairs`` pairs; no mechanism; an outcome that is not at hand or does
        not vary; mechanisms that repeat one another.

    Source
    ------
    G. Ellison, E. L. Glaeser, W. R. Kerr, What causes industry agglomeration? (2010).

    Example
    -------
    Nine industries on a line: coagglomeration falls with distance, as supply does.

    >>> codes = tuple("abcdefghi")
    >>> near = -abs(np.subtract.outer(np.arange(9.0), np.arange(9.0)))
    >>> near[np.diag_indices(9)] = np.nan
    >>> known = Similarities(codes, {"coagglomeration": near * 2, "input_output": near + 9})
    >>> found = explain_mechanisms(known)
    >>> found.pairs, [(each.name, round(each.coefficient, 6)) for each in found.terms]
    (36, [('input_output', 1.0)])
    >>> sorted(found.missing)
    ['knowledge', 'occupations', 'skill_flows']
    """
    places = _places(similarities, industries)
    one, other = (places[each] for each in np.triu_indices(len(places), 1))
    wanted = list(MECHANISMS if mechanisms is None else mechanisms)
    y = similarities.component(outcome)[one, other]
    if classes is not None:
        named = np.array([classes.get(each, each) for each in similarities.labels])
        apart = named[one] != named[other]
        one, other, y = one[apart], other[apart], y[apart]
    missing: dict[str, str] = {}
    columns: dict[str, Floats] = {}
    for name in wanted:
        if name == outcome:
            missing[name] = "it is what is explained"
            continue
        try:
            values = similarities.component(name)[one, other]
        except CannotAnswer:
            missing[name] = "not at hand"
            continue
        if np.isnan(values).all():
            missing[name] = "known for none of the pairs"
        else:
            columns[name] = values
    dropped = {name: int(np.isnan(each).sum()) for name, each in {outcome: y, **columns}.items()}
    known = _known(y, columns)
    while flat := [name for name, each in columns.items() if not _varies(each[known])]:
        for name in flat:
            missing[name] = "does not vary over the pairs"
            del columns[name], dropped[name]
        known = _known(y, columns)
    count = int(known.sum())
    _refuse(count, len(one), fewest_pairs, dropped, columns, missing, outcome, y[known])

    one, other = one[known], other[known]
    told = regress_pairs(
        tuple(columns),
        y[known],
        np.column_stack([each[known] for each in columns.values()]),
        one,
        other,
        permutations=permutations,
        seed=seed,
    )
    inflation = dict(zip(columns, told.inflation, strict=True))
    used = len(set(one.tolist()) | set(other.tolist()))
    inherited = {
        name: int((flags[one] | flags[other]).sum())
        for name in columns
        if (flags := similarities.inherited.get(name)) is not None
        and (flags[one] | flags[other]).any()
    }
    return MechanismPanel(
        cluster,
        outcome,
        told.terms,
        inflation,
        count,
        used,
        told.explained,
        missing,
        {name: number for name, number in dropped.items() if number},
        len(known) - count,
        inherited,
        _notes(used, inflation),
    )


def _places(similarities: Similarities, industries: Sequence[str] | None) -> Places:
    at = {label: place for place, label in enumerate(similarities.labels)}
    asked = similarities.labels if industries is None else tuple(industries)
    faults = [
        Fault("the similarities do not have this industry", column="industries", value=each)
        for each in asked
        if each not in at
    ]
    if len(set(asked)) < len(asked):
        faults.append(Fault("an industry stands twice", column="industries"))
    if faults:
        raise InvalidInput(faults)
    return np.array(sorted(at[each] for each in asked), dtype=np.int64)


def _known(y: Floats, columns: Mapping[str, Floats]) -> Flags:
    return np.asarray(~np.isnan(np.column_stack([y, *columns.values()])).any(axis=1))


def _varies(values: Floats) -> bool:
    return len(values) > 1 and float(np.ptp(values)) > FLAT * max(float(abs(values).max()), 1e-300)


def _refuse(
    count: int,
    pairs: int,
    fewest: int,
    dropped: Mapping[str, int],
    columns: Mapping[str, Floats],
    missing: Mapping[str, str],
    outcome: str,
    y: Floats,
) -> None:
    """Refuse what has no honest answer: too few pairs, nothing to explain, or with nothing."""
    if count < max(fewest, 3):
        gaps = ", ".join(f"{name} for {number}" for name, number in dropped.items() if number)
        raise CannotAnswer(
            "there are too few pairs of industries",
            value=f"{count} of {pairs} pairs can be used",
            hint=f"at least {max(fewest, 3)} are needed"
            + (f"; not known: {gaps}" if gaps else "; take a larger cluster, or all pairs"),
        )
    if not columns:
        raise CannotAnswer(
            "there is no mechanism to explain with",
            value=", ".join(f"{name}: {reason}" for name, reason in missing.items()),
        )
    if not _varies(y):
        raise CannotAnswer("what is to be explained does not vary over the pairs", value=outcome)


def _notes(industries: int, inflation: Mapping[str, float]) -> tuple[str, ...]:
    notes = []
    if industries < FEW_INDUSTRIES:
        notes.append(
            f"The pairs are made of {industries} industries only: one of them can carry a result."
        )
    high = [name for name, each in inflation.items() if each >= INFLATED]
    if high:
        notes.append(
            f"Hard to tell apart, as they go together (variance inflation {INFLATED:g} and more): "
            f"{', '.join(high)}."
        )
    return tuple(notes)
