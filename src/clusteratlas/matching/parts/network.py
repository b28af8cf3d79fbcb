"""Novelty and observed partnerships: who is not yet a partner, and what others combine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.partnerships import Keys, partnerships_of, row_of_draft
from clusteratlas.matching.scores import Floats, Places, Scores

WITHIN: float = 0.5
"""Novelty of two that are no partners and belong to one community."""

SHRINKAGE: float = 5.0


@dataclass(frozen=True, slots=True)
class NetworkSide:
    """Partners of organisations, and the fields that they and others combine.

    Attributes
    ----------
    place
        Row in the graph; -1 for a draft.
    partners
        Organisations x members of the graph, 0 or 1.
    shared
        The same, each partner by one over the logarithm of its partners.
    states
        Whether they state a partnership or are named in one.
    community
        Number of the community; -1 where not known.
    claims
        Fields claimed, 0 or 1.
    combined
        How often each field is combined with those claimed, by all organisations.
    around
        How many of their partners claim each field.
    own
        What of the combinations is their own doing.
    """

    place: Places
    partners: sparse.csr_matrix
    shared: sparse.csr_matrix
    states: Floats
    community: Places
    claims: Floats
    combined: Floats
    around: Floats
    own: Floats

    def of(self, rows: Places) -> NetworkSide:
        """Return those of some of the organisations."""
        return NetworkSide(
            self.place[rows],
            self.partners[rows],
            self.shared[rows],
            self.states[rows],
            self.community[rows],
            self.claims[rows],
            self.combined[rows],
            self.around[rows],
            self.own[rows],
        )


class Network:
    r"""The parts ``novelty`` and ``observed``.

    Definition
    ----------
    *Novelty*: 0 for partners; 1/2 for two of one community of the partnership graph; 1 where they
    would join two communities.

    *Observed*: what two organisations have in the record for them, :math:`1 - (1 - u)(1 - v)`:
    partners in common, :math:`v = w / (1 + w)` with w the sum over them of one over the logarithm
    of one more than their number of partners; and what others combine, :math:`u = x / (x + \bar x)`
    with x the mean, over pairs of different fields of the two, of how many other organisations
    claim both or are partners across them, over :math:`\sqrt{(n_f + 5)(n_g + 5)}`, and
    :math:`\bar x` the mean over all pairs of fields in use. What the two do themselves is not
    counted.

    Missing data
    ------------
    An organisation that states no partnership may have some: novelty is at least 1/2 where the
    other states its own, else not known. Observed is not known where the registry shows no
    combination at all.

    Source
    ------
    L. A. Adamic, E. Adar (2003), Friends and neighbors on the web, Social Networks 25(3), for w.
    """

    def __init__(self, ground: Ground) -> None:
        self.graph = partnerships_of(ground.organisations)
        self.keys = Keys(ground.organisations)
        count = len(ground.organisations)
        self._partners = self.graph.joined[:count]
        degree = np.asarray(self.graph.joined.sum(axis=1)).ravel()
        self._heavy = (1 / np.log1p(np.maximum(degree, 1))).astype(np.float32)
        held = (ground.all.claims > 0).astype(np.float32)
        self._held = held
        number = held.sum(axis=0)
        scale = np.sqrt(number + SHRINKAGE)
        self._scale = (1 / (scale[:, None] * scale[None, :])).astype(np.float32)
        np.fill_diagonal(self._scale, 0)
        inside = self._partners[:, :count]
        across = held.T @ np.asarray(inside @ held)
        self._times = held.T @ held + across
        self._combined = (self._times * self._scale).astype(np.float32)
        used = number > 0
        pairs = self._combined[np.ix_(used, used)]
        off = ~np.eye(len(pairs), dtype=bool)
        self.middle = float(pairs[off].mean()) if off.any() else 0.0
        self.all = self.side(ground.all)

    def side(self, known: Known) -> NetworkSide:
        """Return the arrays of organisations, of the registry or drafts."""
        partners, place, states, community = self._joined(known)
        claims = (known.claims > 0).astype(np.float32)
        count = self._held.shape[0]
        around = np.asarray(partners[:, :count] @ self._held)
        near = claims @ self._scale
        own = claims * near + around * near + claims * ((claims * around) @ self._scale)
        draft = (known.row < 0)[:, None]
        return NetworkSide(
            place,
            partners,
            sparse.csr_matrix(partners.multiply(self._heavy[None, :])),
            states,
            community,
            claims,
            claims @ self._combined,
            around,
            np.where(draft, np.float32(0), own),
        )

    def _joined(self, known: Known) -> tuple[sparse.csr_matrix, Places, Floats, Places]:
        rows, place, states, community = [], [], [], []
        for each, row in zip(known.organisations, known.row, strict=True):
            if each.slug and row >= 0:
                rows.append(self._partners[row])
                states.append(float(self.graph.states[row]))
                community.append(int(self.graph.community[row]))
                place.append(int(row))
                continue
            mine = row_of_draft(self.graph, each, self.keys, int(row))
            rows.append(sparse.csr_matrix(mine))
            states.append(float(bool(each.profile.partnerships) or mine.any()))
            community.append(self._community(mine, int(row)))
            place.append(-1)
        whole = sparse.csr_matrix(sparse.vstack(rows)) if rows else self._partners[:0]
        return (
            whole,
            np.array(place, dtype=np.intp),
            np.array(states, np.float32),
            np.array(community, dtype=np.intp),
        )

    def _community(self, partners: Floats, twin: int) -> int:
        """The community of most of its partners; its own where these are the same as before."""
        if twin >= 0 and np.array_equal(partners, self._partners[[twin]].toarray()[0]):
            return int(self.graph.community[twin])
        labels = self.graph.community[np.flatnonzero(partners)]
        labels = labels[labels >= 0]
        return int(np.bincount(labels).argmax()) if len(labels) else -1

    def scores(self, mine: NetworkSide, theirs: NetworkSide) -> dict[str, Scores]:
        """Return the parts for each pair."""
        return {"novelty": self._novelty(mine, theirs), "observed": self._observed(mine, theirs)}

    def partners(self, mine: NetworkSide, theirs: NetworkSide) -> Floats:
        """Return 1 for pairs that are partners already."""
        found = np.zeros((len(mine.place), len(theirs.place)), np.float32)
        for side, other, turned in ((mine, theirs, False), (theirs, mine, True)):
            there = other.place >= 0
            joined = np.zeros((len(side.place), len(other.place)), np.float32)
            joined[:, there] = side.partners[:, other.place[there]].toarray()
            found = np.maximum(found, joined.T if turned else joined)
        return found

    def by_others(self, mine: NetworkSide, theirs: NetworkSide) -> Floats:
        """Return how often each field of one is combined with each of the other, by others.

        Of two organisations; fields x fields, 0 where it is no pair of different claims.
        """
        times = self._times.copy()
        for side in (mine, theirs):
            if side.own.any():
                claims, around = side.claims[0], side.around[0]
                times -= np.outer(claims, claims)
                times -= np.outer(claims, around) + np.outer(around, claims)
        np.fill_diagonal(times, 0)
        return np.asarray(np.maximum(times, 0) * np.outer(mine.claims[0], theirs.claims[0]))

    def _novelty(self, mine: NetworkSide, theirs: NetworkSide) -> Scores:
        both = (mine.community[:, None] >= 0) & (theirs.community[None, :] >= 0)
        same = mine.community[:, None] == theirs.community[None, :]
        value = np.where(same, np.float32(WITHIN), np.float32(1))
        stated = np.maximum(mine.states[:, None], theirs.states[None, :]) > 0
        low = np.where(both, value, np.where(stated, np.float32(WITHIN), np.float32(0)))
        found = Scores(
            np.where(both, value, np.float32(np.nan)), low, np.where(both, value, np.float32(1))
        )
        already = self.partners(mine, theirs) > 0
        value, low, high = (
            np.where(already, np.float32(0), each) for each in (found.value, found.low, found.high)
        )
        return Scores(value, low, high)

    def _observed(self, mine: NetworkSide, theirs: NetworkSide) -> Scores:
        common = np.asarray((mine.shared @ theirs.partners.T).toarray(), np.float32)
        number = mine.claims.sum(axis=1)[:, None] * theirs.claims.sum(axis=1)[None, :]
        pairs = number - mine.claims @ theirs.claims.T
        others = mine.combined @ theirs.claims.T
        others -= mine.own @ theirs.claims.T + (theirs.own @ mine.claims.T).T
        mean = np.maximum(others, 0) / np.where(pairs > 0, pairs, 1)
        combine = mean / (mean + np.float32(self.middle or 1))
        told = (pairs > 0) & (self.middle > 0)
        states = (mine.states[:, None] > 0) & (theirs.states[None, :] > 0)
        friends = common / (1 + common)
        combine = np.where(told, combine, np.float32(0))
        value = 1 - (1 - combine) * (1 - friends)
        known = told | states
        # Partners that are not stated could only add.
        return Scores(value, value, np.where(states & told, value, np.float32(1))).where(known)
