"""What other organisations tell about a cluster: how many work in it, how many combine it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.matching.affinity import Floats

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cases:
    """Questions of one kind: an organisation works in the known clusters; in which else?

    Attributes
    ----------
    organisation
        Row of the organisation in its list, for each case.
    hidden
        The cluster to be found.
    known
        Cases x clusters: what is known of the organisation.
    """

    organisation: Places
    hidden: Places
    known: Flags

    @property
    def count(self) -> int:
        """Number of cases."""
        return len(self.hidden)

    def pairs(self) -> tuple[Places, Places]:
        """Return case and known cluster, for every known cluster of every case."""
        case, known = np.nonzero(self.known)
        return case, known

    def part(self, wanted: Flags | Places) -> Cases:
        """Return some of the cases."""
        return Cases(self.organisation[wanted], self.hidden[wanted], self.known[wanted])


def hide_one(tags: Floats, rows: Sequence[int] | Places | None = None) -> Cases:
    """Return a case for each cluster of each organisation that works in two or more.

    Parameters
    ----------
    tags
        Organisations x clusters, 0 or 1.
    rows
        Organisations to ask about; all by default.

    Example
    -------
    >>> cases = hide_one(np.array([[1, 1, 0], [0, 0, 1.0]]))
    >>> cases.organisation.tolist(), cases.hidden.tolist(), cases.known.astype(int).tolist()
    ([0, 0], [0, 1], [[0, 1, 0], [1, 0, 0]])
    """
    held = tags > 0
    several = held.sum(axis=1) > 1
    if rows is not None:
        wanted = np.zeros(len(tags), dtype=bool)
        wanted[np.asarray(rows, dtype=np.intp)] = True
        several &= wanted
    organisation, hidden = np.nonzero(held & several[:, None])
    known = held[organisation]
    known[np.arange(len(hidden)), hidden] = False
    return Cases(organisation, hidden, known)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the other organisations of a list say to each case.

    Attributes
    ----------
    cases
        The cases.
    popularity
        Cases x clusters: other organisations that work in the cluster.
    case, known
        Every known cluster of every case (pairs).
    together
        Pairs x clusters: other organisations that work in the known cluster and in this one; the
        known clusters of the case itself are counted as 0, they are no candidates.
    """

    cases: Cases
    popularity: Floats
    case: Places
    known: Places
    together: Floats

    def candidates(self) -> Flags:
        """Return which clusters may be the hidden one, cases x clusters."""
        return ~self.cases.known

    def co_tags(self) -> Floats:
        """Return how often others combine each cluster with a known one, cases x clusters."""
        return self.over_known(self.together)

    def over_known(self, values: Floats) -> Floats:
        """Return the sum of rows of pairs for each case."""
        summed = np.zeros((self.cases.count, values.shape[1]))
        np.add.at(summed, self.case, values)
        return summed


def evidence_of(tags: Floats, cases: Cases, *, among: bool) -> Evidence:
    """Return what a list of organisations says to the cases.

    Parameters
    ----------
    tags
        Organisations x clusters of the list that may be learned from, 0 or 1.
    cases
        Questions.
    among
        Whether the cases ask about organisations of this very list. Then each is left out whole,
        with all its clusters, from what is counted for its own cases.
    """
    case, known = cases.pairs()
    popularity = np.broadcast_to(tags.sum(axis=0), cases.known.shape).copy()
    together = (tags.T @ tags)[known]
    if among:
        own = tags[cases.organisation]
        popularity -= own
        together -= own[case]
    together[cases.known[case]] = 0.0
    return Evidence(cases, popularity, case, known, together)
