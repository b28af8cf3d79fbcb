"""The figures a map can show, each with its words, its classes and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import figures
from clusteratlas.portal.charts.scales import Scale, growth_scale, level_scale, quotient_scale
from clusteratlas.portal.pages.asking import View


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure of a regional cluster as a map shows it; ``name`` is its column."""

    name: str
    label: str
    anchor: str
    written: Callable[[float], str]
    classes: Callable[[Sequence[float]], Scale]

    def value(self, row: RegionalCluster) -> float | None:
        """Return the figure of a row."""
        value = getattr(row, self.name)
        return None if value is None else float(value)

    def unsure(self, row: RegionalCluster, scale: Scale) -> bool:
        """Say whether the interval of a row's figure reaches into another class."""
        ends = (getattr(row, f"{self.name}_{end}", None) for end in ("low", "high"))
        low, high = (None if end is None else float(end) for end in ends)
        filled = row.location_quotient_low is not None
        if not filled or self.value(row) is None or low is None or high is None:
            return False
        return scale.kind(low) != scale.kind(high)

    def title(self, view: View, cluster: str) -> str:
        """Return what the map shows, with its unit and year."""
        return f"{cluster}: {self.words(view)}, {view.year}"

    def words(self, view: View) -> str:
        """Return the figure with its unit."""
        match self.name:
            case "location_quotient":
                return f"location quotient ({view.reference_short} = 1)"
            case "employment":
                return view.scheme.employment_word
            case "share_of_region":
                return f"share of the region's {view.scheme.employment_word}"
            case "share_of_nation":
                return f"share of the {view.definition.group_word} in {view.reference_short}"
            case _:
                return f"growth of {view.scheme.employment_word} a year since {view.base_year}"


MEASURES = (
    Shown(
        "location_quotient",
        "Quotient",
        "location-quotient",
        figures.quotient,
        lambda values: quotient_scale(),
    ),
    Shown(
        "employment",
        "Jobs",
        "employment",
        figures.whole,
        lambda values: level_scale(values, figures.whole),
    ),
    Shown(
        "share_of_region",
        "Share of region",
        "shares",
        figures.percent,
        lambda values: level_scale(values, figures.percent),
    ),
    Shown(
        "share_of_nation",
        "Share of nation",
        "shares",
        figures.percent,
        lambda values: level_scale(values, figures.percent),
    ),
    Shown(
        "employment_growth",
        "Growth",
        "change",
        figures.growth,
        lambda values: growth_scale(),
    ),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
