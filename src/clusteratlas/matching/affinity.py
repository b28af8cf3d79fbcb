"""How strongly two clusters go together: skills, input-output and co-location, kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.atlas import Release
from clusteratlas.atlas.opened import unknown_name
from clusteratlas.classification import definitions
from clusteratlas.relatedness.packaged import SOURCE, packaged_clusters
from clusteratlas.tables import CannotAnswer

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

SKILLS: Final = "skills"
INPUT_OUTPUT: Final = "input_output"
COLOCATION: Final = "colocation"
COMPONENTS: Final = (SKILLS, INPUT_OUTPUT, COLOCATION)
"""What relatedness is made of here. They say different things and are never added up unasked."""

MADE_OF: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    SKILLS: (("occupations",), ("skill_flows",)),
    INPUT_OUTPUT: (("input_output",),),
    COLOCATION: (("colocation_employment", "colocation_establishments"), ("coagglomeration",)),
}
"""Columns of the relatedness table behind each component: the first group that holds a figure."""

Columns = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Affinity:
    """How related every pair of clusters of a definition is, each component a percentile of pairs.

    Attributes
    ----------
    definition
        Name of the cluster definition.
    clusters
        Codes, numbers in the order of numbers.
    skills, input_output, colocation
        Square arrays, clusters x clusters, symmetric: the share of the other pairs that a pair
        beats, ties counted half, 0 to 1; NaN on the diagonal and where the pair is not known.
        Input-output says that two clusters deal with each other, not who supplies whom: of the four
        shares of output and input the relatedness table keeps the largest. `affinity_supply` has
        the two directions.
    made_of
        The columns of the relatedness table that each component is taken from; without a component
        that is not at hand.
    source
        Source of the components, a key of provenance.
    """

    definition: str
    clusters: tuple[str, ...]
    skills: Floats
    input_output: Floats
    colocation: Floats
    made_of: Mapping[str, tuple[str, ...]]
    source: str
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {code: at for at, code in enumerate(self.clusters)})

    def between(self, *components: str) -> Floats:
        """Return one component of all pairs, or the mean of several.

        Parameters
        ----------
        components
            Of ``COMPONENTS``; the mean is that of those known for the pair.

        Raises
        ------
        CannotAnswer
            For an unknown name, with those that there are, or for none at all.

        Example
        -------
        >>> ours = affinity_of_packaged("us-benchmark-2014")
        >>> both = ours.between("skills", "input_output")
        >>> steel, machines = ours.place("47"), ours.place("40")
        >>> both.shape, bool(both[steel, machines] == both[machines, steel])
        ((51, 51), True)
        """
        if not components:
            raise CannotAnswer("no component is named", hint=f"use {', '.join(COMPONENTS)}")
        for name in components:
            if name not in COMPONENTS:
                raise unknown_name("component of affinity", name, COMPONENTS)
        found = [np.asarray(getattr(self, name), dtype=np.float64) for name in components]
        return found[0].copy() if len(found) == 1 else _mean(found)

    def place(self, cluster: str) -> int:
        """Return the row of a cluster in the arrays.

        Raises
        ------
        CannotAnswer
            The cluster is not among ``clusters``: unknown, or local.
        """
        try:
            return self._places[cluster]
        except KeyError:
            raise unknown_name("cluster with known relatedness", cluster, self.clusters) from None

    def places(self, clusters: Iterable[str]) -> Places:
        """Return the rows of those of these clusters that have one, in their order.

        >>> affinity_of_packaged("us-benchmark-2014").places(["1", "103", "4"])
        array([0, 3])
        """
        found = [self._places[code] for code in clusters if code in self._places]
        return np.array(found, dtype=np.intp)

    def among(self, clusters: Sequence[str]) -> Affinity:
        """Return the affinity of some of the clusters, the percentiles left as they are.

        >>> affinity_of_packaged("us-benchmark-2014").among(["1", "4"]).skills.shape
        (2, 2)
        """
        at = np.ix_(*2 * ([self.place(code) for code in clusters],))
        return replace(
            self,
            clusters=tuple(clusters),
            skills=self.skills[at],
            input_output=self.input_output[at],
            colocation=self.colocation[at],
        )

    def value(self, a: str, b: str, component: str) -> float | None:
        """Return how related two clusters are by a component, 0 to 1; ``None`` where not known."""
        if a not in self._places or b not in self._places:
            return None
        if component not in COMPONENTS:
            raise unknown_name("component of affinity", component, COMPONENTS)
        values: Floats = getattr(self, component)
        found = float(values[self._places[a], self._places[b]])
        return None if np.isnan(found) else found


def affinity_of_packaged(definition: str) -> Affinity:
    """Return the affinity of a definition whose components come with the package.

    Definition
    ----------
    Each component of `packaged_clusters` as a percentile rank over the pairs of different clusters.

    Raises
    ------
    CannotAnswer
        No components of that definition come with the package.

    Example
    -------
    >>> ours = affinity_of_packaged("us-benchmark-2014")
    >>> len(ours.clusters), ours.made_of["skills"]
    (51, ('occupations',))
    """
    table = packaged_clusters(definition)
    if table is None:
        if definition not in definitions():
            raise unknown_name("cluster definition", definition, definitions())
        raise CannotAnswer(
            "no relatedness of that cluster definition comes with the package",
            value=definition,
            hint="build a release with relatedness of it, or use us-benchmark-2014",
        )
    names = [name for name in _columns() if name in table.column_names]
    pairs = list(zip(table.column("a").to_pylist(), table.column("b").to_pylist(), strict=True))
    columns = {name: table.column(name).to_numpy().astype(np.float64) for name in names}
    return _affinity(definition, pairs, columns, SOURCE)


def affinity_of_release(release: Release, definition: str) -> Affinity:
    """Return the affinity of a definition as a release holds it.

    Definition
    ----------
    As `affinity_of_packaged`, from the rows of ``relatedness``.

    Missing data
    ------------
    A component that the release lacks is NaN throughout and missing in ``made_of``.

    Raises
    ------
    CannotAnswer
        The release has no such definition, or no relatedness of it, with the reason it gives.
    """
    rows = release.relatedness(definition)
    if not rows:
        raise CannotAnswer(
            "this release holds no relatedness of that cluster definition",
            value=definition,
            hint=release.missing("relatedness", definition) or "build it with relatedness",
        )
    pairs = [(row.a, row.b) for row in rows]
    columns = {
        name: np.array(
            [np.nan if (cell := getattr(row, name)) is None else cell for row in rows],
            dtype=np.float64,
        )
        for name in _columns()
    }
    sources = ", ".join(release.sources_of_relatedness(definition))
    return _affinity(definition, pairs, columns, sources)


def rarity(counts: Sequence[int] | Floats, organisations: int) -> Floats:
    r"""Return how much a shared cluster says, by how few organisations work in it.

    Definition
    ----------
    With n organisations of which c work in the cluster

    .. math:: w_c = \ln\frac{n + 1}{c + 1/2} \Big/ \ln\frac{n + 1}{1/2}

    so that a cluster nobody works in weighs 1 and one that all work in weighs next to nothing.

    Parameters
    ----------
    counts
        Organisations in each cluster, none above ``organisations``.
    organisations
        Organisations in all.

    Returns
    -------
    Weights above 0, at most 1, one for each count.

    Source
    ------
    K. Sparck Jones (1972), A statistical interpretation of term specificity, with the halves of
    H. Jeffreys so that no weight is 0 and none infinite.

    Example
    -------
    >>> rarity([0, 1, 9], 9).round(2).tolist()
    [1.0, 0.63, 0.02]
    """
    held = np.asarray(counts, dtype=np.float64)
    whole = float(organisations) + 1.0
    return np.asarray(np.log(whole / (held + 0.5)) / np.log(whole / 0.5))


def _columns() -> tuple[str, ...]:
    return tuple(name for groups in MADE_OF.values() for group in groups for name in group)


def _affinity(
    definition: str, pairs: Sequence[tuple[str, str]], columns: Columns, source: str
) -> Affinity:
    codes = tuple(sorted({code for pair in pairs for code in pair}, key=_by_number))
    place = {code: at for at, code in enumerate(codes)}
    here = np.array([place[a] for a, _ in pairs], dtype=np.intp)
    there = np.array([place[b] for _, b in pairs], dtype=np.intp)
    made_of: dict[str, tuple[str, ...]] = {}
    found: dict[str, Floats] = {}
    for component, groups in MADE_OF.items():
        for group in groups:
            known = [name for name in group if name in columns and _any(columns[name])]
            if known:
                made_of[component] = tuple(known)
                break
        squares = []
        for name in made_of.get(component, ()):
            square = np.full((len(codes),) * 2, np.nan)
            square[here, there] = columns[name]
            squares.append(_mean([square, square.T]))
        found[component] = percentiles_of_pairs(
            _mean(squares) if squares else np.full((len(codes),) * 2, np.nan)
        )
    return Affinity(definition, codes, **found, made_of=made_of, source=source)


def percentiles_of_pairs(figures: Floats) -> Floats:
    """Return the share of the other pairs that each pair beats, ties counted half.

    Parameters
    ----------
    figures
        Square and symmetric; the diagonal is not looked at.

    Missing data
    ------------
    A pair that is NaN stays so and is nobody's rival; the only pair known is placed at 1/2.

    Example
    -------
    >>> figures = np.array([[9, 1, 3.0], [1, 9, 1], [3, 1, 9]])
    >>> percentiles_of_pairs(figures)[0].tolist()
    [nan, 0.25, 1.0]
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load

    upper = np.triu_indices(len(figures), 1)
    values = figures[upper]
    known = ~np.isnan(values)
    ranks = np.full(values.shape, np.nan)
    ranks[known] = 0.5
    if known.sum() > 1:
        ranks[known] = (rankdata(values[known]) - 1) / (known.sum() - 1)
    placed = np.full(figures.shape, np.nan)
    placed[upper] = ranks
    placed.T[upper] = ranks
    return placed


def _mean(arrays: Sequence[Floats]) -> Floats:
    """Return the mean of those known, cell by cell; NaN where none is."""
    stacked = np.stack(arrays)
    known = (~np.isnan(stacked)).sum(axis=0)
    whole = np.nan_to_num(stacked).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known > 0, whole / known, np.nan))


def _any(values: Floats) -> bool:
    return bool((~np.isnan(values)).any())


def _by_number(code: str) -> tuple[int, str]:
    return (len(code), code) if code.isdigit() else (99, code)
