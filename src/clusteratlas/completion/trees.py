"""The two trees that figures are printed in: industries in industries, regions in regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RANGE_SECTORS = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
TOTALS = ("00", "10", "0", "TOTAL")
NATIONS = ("US", "US000", "00000", "00")
NO_PARENT = -1


@dataclass(frozen=True)
class Tree:
    """Codes with their parents.

    Attributes
    ----------
    codes
        All codes, those that occur in the table and the ones between them.
    parent
        Place of each code's parent in ``codes``; -1 at the top.
    depth
        0 at the top, one more a step down.
    """

    codes: NDArray[np.str_]
    parent: NDArray[np.int64]
    depth: NDArray[np.int64]

    def ancestor(self, depth: int) -> NDArray[np.int64]:
        """Return for each code its ancestor (or itself) that is no deeper than ``depth``."""
        at = np.arange(len(self.codes))
        for _ in range(int(self.depth.max(initial=0))):
            up = self.depth[at] > depth
            at = np.where(up, self.parent[at], at)
        return at


def industry_parent(code: str) -> str | None:
    """Return the code of the industry above: NAICS by prefix, with the range sectors.

    >>> industry_parent("3118"), industry_parent("311"), industry_parent("31-33")
    ('311', '31-33', '00')
    """
    if code in TOTALS:
        return None
    if "-" in code or len(code) == 2:
        return TOTALS[0]
    if len(code) == 3:
        return RANGE_SECTORS.get(code[:2], code[:2])
    return code[:-1]


def region_parent(code: str) -> str | None:
    """Return the code of the region above: county, state, nation by FIPS prefix.

    >>> region_parent("06085"), region_parent("06000"), region_parent("US000")
    ('06000', 'US000', None)
    """
    if code in NATIONS:
        return None
    if code.endswith("000"):
        return NATIONS[1]
    return code[:2] + "000"


def tree_of(parents: dict[str, str | None]) -> Tree:
    """Make a tree of a mapping from code to parent; parents that do not occur are left out.

    A code whose parent does not occur hangs on its nearest ancestor that does.
    """
    codes = sorted(parents)
    place = {code: at for at, code in enumerate(codes)}

    def up(code: str) -> int:
        above = parents[code]
        return NO_PARENT if above is None else place.get(above, NO_PARENT)

    parent = np.array([up(code) for code in codes], dtype=np.int64)
    depth = np.zeros(len(codes), dtype=np.int64)
    at = parent.copy()
    while np.any(at >= 0):
        depth += at >= 0
        at = np.where(at >= 0, parent[at], NO_PARENT)
    return Tree(np.array(codes, dtype=str), parent, depth)


def industry_tree(codes: list[str]) -> Tree:
    """Return the tree of industry codes; codes that stand between two of them are added."""
    return tree_of(_with_ancestors(codes, industry_parent, totals=TOTALS))


def region_tree(codes: list[str]) -> Tree:
    """Return the tree of FIPS codes: counties in states in the nation."""
    return tree_of(_with_ancestors(codes, region_parent, totals=NATIONS))


def _with_ancestors(
    codes: list[str], parent_of: Callable[[str], str | None], *, totals: tuple[str, ...]
) -> dict[str, str | None]:
    total = next((code for code in totals if code in codes), totals[0])
    parents: dict[str, str | None] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in parents:
            continue
        above = parent_of(code)
        if above in totals:
            above = total
        parents[code] = above
        if above is not None:
            waiting.append(above)
    return parents
