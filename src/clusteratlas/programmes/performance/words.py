"""English for where neighbouring regions come from."""

from __future__ import annotations

from clusteratlas.programmes.performance.figures import Performance
from clusteratlas.programmes.performance.neighbouring import NEAREST, NeighbourRule

_RULES = {
    NeighbourRule.borders: "Neighbouring regions share a stretch of land border",
    NeighbourRule.nearest: f"Neighbouring regions are the {NEAREST} whose points are nearest by "
    "great circle, a pair counting in both directions",
    NeighbourRule.given: "Neighbouring regions are those of the list given",
}
_LACKS = {
    NeighbourRule.unknown: "nothing tells where the regions lie (give pairs with --neighbours)",
    NeighbourRule.few_points: f"no more than {NEAREST} regions have a point",
    NeighbourRule.apart: "no two regions among the figures are neighbours",
}


def neighbours_told(found: Performance) -> str:
    """Return how neighbouring regions were found, or why the term is not at hand."""
    rule = found.neighbours.rule
    if rule in _LACKS:
        return f"The term of neighbouring regions is not at hand: {_LACKS[rule]}."
    without = found.without_neighbours
    regions = "1 region has" if without == 1 else f"{without:,} regions have"
    said = _RULES[rule] + (f"; {regions} none." if without else ".")
    refused = [f"{outcome.value}: {why}" for outcome, why in found.apart.items()]
    return " ".join([said, *(f"With neighbouring regions, {each}" for each in refused)])
