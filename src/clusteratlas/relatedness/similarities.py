"""Similarities of industries (or clusters): each component kept apart, composites on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COMPONENTS = {
    "colocation_employment": "co-location by jobs: correlation over regions, -1 to 1",
    "colocation_establishments": "co-location by establishments: correlation over regions, -1 to 1",
    "coagglomeration": "coagglomeration (Ellison, Glaeser, Kerr), all pairs over regions",
    "cooccurrence": "regions that are specialised in both, over what chance gives (association)",
    "input_output": "largest of the four shares of output and input that flow between them, 0 to 1",
    "occupations": "correlation of the occupations they employ, -1 to 1",
    "skill_flows": "people who change between them against what chance gives, -1 to 1",
}
"""Every component that has a name of its own, with what it says. ``colocation`` is the mean of the
first two."""

IN_COMPOSITE = (
    "colocation_employment",
    "colocation_establishments",
    "input_output",
    "occupations",
    "skill_flows",
)
"""Components of the composite where none are named: those of these that are at hand."""

LEAST_KNOWN = 0.5
"""A component that knows fewer of the industries is refused as part of a composite."""


@dataclass(frozen=True)
class Similarities:
    """How similar every pair is, by each component.

    Attributes
    ----------
    labels
        Codes of the industries or clusters, sorted.
    components
        Name to an array n x n, symmetric; NaN on the diagonal and where a pair is not known.
    inherited
        Name to n flags: the figures of the industry come from a coarser class, or a successor.
    notes
        What a reader must know, one sentence each.
    """

    labels: tuple[str, ...]
    components: Mapping[str, Floats]
    inherited: Mapping[str, Flags] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        width = len(self.labels)
        faults = [
            Fault(f"the component has shape {matrix.shape}", column=name, hint=f"n is {width}")
            for name, matrix in self.components.items()
            if matrix.shape != (width, width)
        ]
        faults += [
            Fault("the component is not symmetric", column=name, hint="pair (a, b) is pair (b, a)")
            for name, matrix in self.components.items()
            if matrix.shape == (width, width)
            and not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-9, equal_nan=True)
        ]
        faults += [
            Fault("the component holds an infinite value", column=name)
            for name, matrix in self.components.items()
            if np.isinf(matrix).any()
        ]
        if list(self.labels) != sorted(set(self.labels)):
            faults.append(Fault("labels are not sorted, or one stands twice", column="labels"))
        if faults:
            raise InvalidInput(faults)

    def component(self, name: str) -> Floats:
        """Return one component; ``colocation`` is the mean of employment and establishments.

        Raises
        ------
        CannotAnswer
            When it is not at hand.
        """
        if name == "colocation" and name not in self.components:
            both = [self.components.get(each) for each in IN_COMPOSITE[:2]]
            known = [each for each in both if each is not None]
            if known:
                return np.asarray(sum(known) / len(known))
        if name not in self.components:
            raise CannotAnswer(
                "this component is not at hand",
                value=name,
                hint=f"at hand: {', '.join(self.components) or 'none'}",
            )
        return self.components[name]

    def in_composite(self, names: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return the components that a composite is made of: those named, or the usual ones."""
        if names is not None:
            return tuple(names)
        usual = tuple(name for name in IN_COMPOSITE if name in self.components)
        return usual or tuple(self.components)

    def composite(
        self,
        names: Sequence[str] | None = None,
        *,
        weights: Mapping[str, float] | None = None,
    ) -> Floats:
        r"""Return the mean of standardised components.

        Definition
        ----------
        .. math:: M_{ij} = \frac{\sum_k w_k z^k_{ij}}{\sum_k w_k}, \qquad
           z^k_{ij} = \frac{m^k_{ij} - \bar m^k}{s^k}

        Mean and standard deviation run over the known pairs of different industries; the sums over
        the components that know the pair.

        Parameters
        ----------
        names
            Components; by default those of ``IN_COMPOSITE`` that are at hand.
        weights
            Weight of each, positive; 1 where it has none.

        Returns
        -------
        numpy.ndarray
            n x n, in standard deviations; NaN on the diagonal and where no component knows a pair.

        Raises
        ------
        CannotAnswer
            A component that is not at hand, or knows fewer than half of the industries, or is the
            same for all pairs.

        Source
        ------
        M. Delgado, M. E. Porter, S. Stern, Defining clusters of related industries (2016),
        composites as means of standardised matrices.

        Example
        -------
        >>> one = np.array([[np.nan, 1.0, 2.0], [1.0, np.nan, 3.0], [2.0, 3.0, np.nan]])
        >>> both = Similarities(("a", "b", "c"), {"colocation_employment": one,
        ...                     "input_output": one / 10})
        >>> both.composite().round(4)[0, 1]
        np.float64(-1.2247)
        """
        chosen = self.in_composite(names)
        if not chosen:
            raise CannotAnswer("a composite needs at least one component")
        _check_weights(chosen, weights)
        total = np.zeros((len(self.labels),) * 2)
        held = np.zeros_like(total)
        for name in chosen:
            matrix = self.component(name)
            self._refuse_gaps(name, matrix)
            weight = 1.0 if weights is None else float(weights.get(name, 1.0))
            scaled = standardise(matrix, name)
            known = ~np.isnan(scaled)
            total[known] += weight * scaled[known]
            held[known] += weight
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(held > 0, total / held, np.nan)

    def _refuse_gaps(self, name: str, matrix: Floats) -> None:
        lacking = [
            label
            for label, row in zip(self.labels, matrix, strict=True)
            if len(row) > 1 and np.isnan(row).all()
        ]
        if len(lacking) > (1 - LEAST_KNOWN) * len(self.labels):
            raise CannotAnswer(
                f"{name} knows {len(self.labels) - len(lacking)} of {len(self.labels)} industries",
                value=", ".join(lacking[:5]) + (", ..." if len(lacking) > 5 else ""),
                hint="leave the component out of the composite, or give a fuller source",
            )

    def take(self, labels: Sequence[str]) -> Similarities:
        """Return the similarities of these industries alone, sorted.

        Raises
        ------
        CannotAnswer
            When one of them is not there.
        """
        place = {label: at for at, label in enumerate(self.labels)}
        missing = [label for label in labels if label not in place]
        if missing:
            raise CannotAnswer(
                "industries without similarities", value=", ".join(sorted(missing)[:10])
            )
        ordered = tuple(sorted(set(labels)))
        at = np.array([place[label] for label in ordered], dtype=np.intp)
        return Similarities(
            ordered,
            {name: matrix[np.ix_(at, at)] for name, matrix in self.components.items()},
            {name: flags[at] for name, flags in self.inherited.items()},
            self.notes,
        )

    def with_others(self, other: Similarities) -> Similarities:
        """Return these with the components of another table; its industries that are not here are
        left out, those that it lacks stay unknown."""
        place = {label: at for at, label in enumerate(other.labels)}
        at = np.array([place.get(label, -1) for label in self.labels], dtype=np.intp)
        known = at >= 0
        components = dict(self.components)
        inherited = dict(self.inherited)
        for name, matrix in other.components.items():
            wide = np.full((len(self.labels),) * 2, np.nan)
            wide[np.ix_(known, known)] = matrix[np.ix_(at[known], at[known])]
            components[name] = wide
        for name, flags in other.inherited.items():
            mine = np.zeros(len(self.labels), dtype=bool)
            mine[known] = flags[at[known]]
            inherited[name] = mine
        return Similarities(self.labels, components, inherited, (*self.notes, *other.notes))


def _check_weights(chosen: Sequence[str], weights: Mapping[str, float] | None) -> None:
    faults = [
        Fault("the component is named twice", column=name)
        for name in sorted({each for each in chosen if list(chosen).count(each) > 1})
    ]
    for name, weight in (weights or {}).items():
        if name not in chosen:
            hint = f"in the composite: {', '.join(chosen)}"
            faults.append(Fault("the weight is of no component", column=name, hint=hint))
        elif not 0 < weight < np.inf:
            faults.append(Fault("the weight is not positive", column=name, value=str(weight)))
    if faults:
        raise InvalidInput(faults)


def standardise(matrix: npt.ArrayLike, name: str = "component") -> Floats:
    """Return a matrix with mean 0 and standard deviation 1 over its known off-diagonal pairs.

    Raises
    ------
    CannotAnswer
        When all known pairs are the same, or fewer than two are known.

    Example
    -------
    >>> standardise([[9, 1, 3], [1, 9, 5], [3, 5, 9]]).round(4)[0]
    array([    nan, -1.2247,  0.    ])
    """
    scaled = np.array(matrix, dtype=np.float64)
    np.fill_diagonal(scaled, np.nan)
    upper = scaled[np.triu_indices(len(scaled), 1)]
    known = upper[~np.isnan(upper)]
    spread = known.std() if len(known) > 1 else 0.0
    if not spread > 1e-12 * (np.abs(known).max(initial=0.0) + 1e-300):
        raise CannotAnswer(f"{name} is the same for all pairs that it knows, or knows too few")
    return np.asarray((scaled - known.mean()) / spread)
