"""The graph of observed partnerships: who works with whom, and the communities in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from scipy import sparse

from clusteratlas.matching.ground import Organisation, slug_of
from clusteratlas.matching.scores import Flags, Floats, Places

LARGEST: Final = 60
"""A partnership of more organisations than this says little of any two of them and joins none."""

ROUNDS: Final = 50


@dataclass(frozen=True, slots=True)
class Partnerships:
    """Who is the partner of whom.

    Attributes
    ----------
    names
        What organisations are called in partnerships, by row; behind them partners that have no
        profile here.
    joined
        Organisations and other partners, square and symmetric, 1 for partners.
    states
        Which organisations state any partnership, or are named in one.
    community
        Number of the community; -1 without partners.
    groups
        Who states each partnership, by its name as it stands in addresses.
    named_by
        Who names each organisation as a partner.
    """

    names: tuple[str, ...]
    joined: sparse.csr_matrix
    states: Flags
    community: Places
    groups: Mapping[str, frozenset[int]]
    named_by: Mapping[int, frozenset[int]]

    @property
    def any(self) -> bool:
        """Whether any partnership is observed."""
        return bool(self.joined.nnz)


class Keys:
    """What organisations may be called by: slug, name, short name, identifier."""

    def __init__(self, organisations: Sequence[Organisation]) -> None:
        self._found: dict[str, int] = {}
        for row, each in enumerate(organisations):
            self._found[each.slug] = row
        for field in ("name", "identifier", "short_name"):
            for row, each in enumerate(organisations):
                if text := getattr(each.profile, field):
                    self._found.setdefault(slug_of(text), row)

    def row(self, name: str) -> int | None:
        """Return the row of the organisation of that name or address; none where it is unknown."""
        last = name.rstrip("/").rsplit("/", 1)[-1] if "/" in name else name
        found = self._found.get(slug_of(name))
        return self._found.get(slug_of(last)) if found is None else found


def partnerships_of(organisations: Sequence[Organisation]) -> Partnerships:
    """Return the graph of the partnerships that organisations state.

    Definition
    ----------
    Two are partners where one names the other, or where both name a partnership by the same name.
    Partners without a profile are in the graph too: they are what others have in common.
    Communities by `communities_of`.
    """
    keys = Keys(organisations)
    others: dict[str, int] = {}
    edges: set[tuple[int, int]] = set()
    groups: dict[str, set[int]] = {}
    naming: dict[int, set[int]] = {}
    stating = np.zeros(len(organisations), bool)
    for row, each in enumerate(organisations):
        for partnership in each.profile.partnerships:
            stating[row] = True
            group = groups.setdefault(slug_of(partnership.name), set())
            group.add(row)
            for name in partnership.partners:
                at = keys.row(name)
                if at is None:
                    at = len(organisations) + others.setdefault(slug_of(name), len(others))
                if at != row:
                    edges.add((min(row, at), max(row, at)))
                    naming.setdefault(at, set()).add(row)
    for group in groups.values():
        if len(group) <= LARGEST:
            edges |= set(combinations(sorted(group), 2))
    names = tuple(each.slug for each in organisations) + tuple(others)
    joined = _square(edges, len(names))
    degree = np.asarray(joined.sum(axis=1)).ravel()
    community = communities_of(joined)
    return Partnerships(
        names,
        joined,
        stating | (degree[: len(stating)] > 0),
        community,
        {name: frozenset(group) for name, group in groups.items() if len(group) <= LARGEST},
        {row: frozenset(who) for row, who in naming.items()},
    )


def row_of_draft(found: Partnerships, organisation: Organisation, keys: Keys, twin: int) -> Floats:
    """Return to whom of the graph a draft is joined, 0 or 1.

    By the partners it names, by partnerships of the same name, and by those who name it, or the
    organisation that it is a draft of (``twin``, else -1).
    """
    row = np.zeros(len(found.names), np.float32)
    place = {name: at for at, name in enumerate(found.names)}
    me = twin if twin >= 0 else place.get(slug_of(organisation.profile.name), -1)
    joined = set(found.named_by.get(me, ()))
    for partnership in organisation.profile.partnerships:
        joined |= found.groups.get(slug_of(partnership.name), frozenset())
        for name in partnership.partners:
            at = keys.row(name)
            at = place.get(slug_of(name)) if at is None else at
            joined |= {at} if at is not None else set()
    row[sorted(joined - {me})] = 1
    return row


def communities_of(joined: sparse.csr_matrix) -> Places:
    """Return the community of each member of a graph by label propagation.

    Definition
    ----------
    Each begins as its own; in the order of rows each takes the label most frequent among its
    partners, keeps its own where that is among the most frequent, else takes the smallest; until
    nothing changes. The order is fixed, so the answer is.

    Returns
    -------
    A number for each member, -1 for those without partners.

    Source
    ------
    U. N. Raghavan, R. Albert, S. Kumara (2007), Near linear time algorithm to detect community
    structures in large-scale networks, Physical Review E 76, 036106.

    Example
    -------
    >>> two = np.kron(np.eye(2), np.ones((3, 3))) - np.eye(6)
    >>> communities_of(sparse.csr_matrix(two)).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    size = joined.shape[0]
    label = list(range(size))
    start, to = joined.indptr, joined.indices
    members = [row for row in range(size) if start[row + 1] > start[row]]
    for _ in range(ROUNDS):
        moved = False
        for row in members:
            counts = Counter(label[at] for at in to[start[row] : start[row + 1]])
            most = max(counts.values())
            able = [each for each, count in counts.items() if count == most]
            if label[row] not in able:
                label[row], moved = min(able), True
        if not moved:
            break
    number = {name: at for at, name in enumerate(dict.fromkeys(label[row] for row in members))}
    found = np.full(size, -1, dtype=np.intp)
    for row in members:
        found[row] = number[label[row]]
    return found


def _square(edges: set[tuple[int, int]], size: int) -> sparse.csr_matrix:
    pairs = np.array(sorted(edges), dtype=np.intp).reshape(-1, 2)
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0]])
    ones = np.ones(len(rows), np.float32)
    found = sparse.csr_matrix((ones, (rows, columns)), shape=(size, size))
    found.sort_indices()
    return found
