"""The figures that regions and clusters can be ranked by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.atlas.side_by_side import payroll_per_job
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.charts.scatter import (
    ScatterAxis,
    growth_tick,
    percent_tick,
    quotient_tick,
)
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View


@dataclass(frozen=True, slots=True)
class RankedBy:
    """A figure to rank by; ``name`` is its column."""

    name: str
    label: str
    unit: str
    written: Callable[[float | None], str]
    ticked: Callable[[float], str]
    anchor: str
    log: bool = False
    scale: float = 1.0

    def value(self, row: Any) -> float | None:
        """Return the figure of a profile or of a regional cluster."""
        if self.name == "pay":
            pay = payroll_per_job(row)
            return None if pay is None else pay * self.scale
        found = getattr(row, self.name)
        return None if found is None else float(found)

    def between(self, row: Any) -> tuple[float, float] | None:
        """Return the interval of the figure, where it has one."""
        low, high = (getattr(row, f"{self.name}_{end}", None) for end in ("low", "high"))
        return None if low is None or high is None else (float(low), float(high))

    def text(self, row: Any) -> str:
        """Write the figure; jobs that are withheld in part read as such."""
        if self.name == "employment":
            return (
                doubt.jobs(row) if hasattr(row, "employment_low") else self.written(row.employment)
            )
        return self.written(self.value(row))

    @property
    def axis(self) -> ScatterAxis:
        """The axis of a scatter over this figure."""
        quotient = self.name == "location_quotient"
        return ScatterAxis(
            f"{self.label}, {self.unit}" if self.unit else self.label,
            self.written,
            self.label,
            ticked=self.ticked,
            log=self.log,
            line=1.0 if quotient else None,
            line_label=_("The upright line is the average of the reference area.")
            if quotient
            else "",
        )


def _short(value: float) -> str:
    return figures.short(round(value))


def _digits(value: float | None) -> str:
    return figures.NOTHING if value is None else number(f"{value:.2f}")


def of_regions(view: View, *, in_cluster: bool) -> dict[str, RankedBy]:
    """Return what regions can be ranked by, as a whole or in one cluster."""
    year = str(view.year)
    found = [_jobs(view)]
    if in_cluster:
        found += [
            RankedBy(
                "location_quotient",
                _("Location quotient"),
                year,
                figures.quotient,
                quotient_tick,
                "location-quotient",
                log=True,
            ),
            _share("share_of_region", _("Share of the region"), year, "shares"),
            _share("share_of_nation", _("Share of the cluster"), year, "shares"),
        ]
    else:
        found.append(
            _share("cluster_strength", _("Share in strong clusters"), year, "cluster-strength")
        )
        if view.definition.traded_split:
            found.append(_share("traded_share", _("Traded share"), year, "traded"))
        found += [
            RankedBy(
                "strong_clusters", _("Strong clusters"), year, figures.whole, _short, "strength"
            ),
            RankedBy(
                "related_variety",
                _("Related variety"),
                _("bits"),
                _digits,
                quotient_tick,
                "variety",
            ),
            RankedBy(
                "unrelated_variety",
                _("Unrelated variety"),
                _("bits"),
                _digits,
                quotient_tick,
                "variety",
            ),
        ]
    return {each.name: each for each in [*found, _growth(view), _pay(view)]}


def of_clusters(view: View) -> dict[str, RankedBy]:
    """Return what clusters can be ranked by."""
    year = str(view.year)
    found = [
        _jobs(view),
        _share("share_of_reference", _("Share of all jobs"), year, "shares"),
        _share("share_in_strong_regions", _("Share in strong regions"), year, "strength"),
        RankedBy("regions_strong", _("Strong in"), year, figures.whole, _short, "strength"),
        RankedBy("regions_present", _("Found in"), year, figures.whole, _short, "employment"),
        RankedBy("locational_gini", _("Locational Gini"), year, _digits, quotient_tick, "change"),
        _growth(view),
        _pay(view),
    ]
    return {each.name: each for each in found}


def _jobs(view: View) -> RankedBy:
    word = words.word(view.scheme.employment_word)
    label = word[:1].upper() + word[1:]
    return RankedBy(
        "employment", label, str(view.year), figures.whole, _short, "employment", log=True
    )


def _share(name: str, label: str, unit: str, anchor: str) -> RankedBy:
    return RankedBy(name, label, unit, figures.percent, percent_tick, anchor)


def _growth(view: View) -> RankedBy:
    since = _("since %(year)s") % {"year": view.base_year} if view.base_year else ""
    return RankedBy(
        "employment_growth", _("Growth a year"), since, figures.growth, growth_tick, "change"
    )


def _pay(view: View) -> RankedBy:
    unit = view.scheme.payroll_unit
    return RankedBy(
        "pay",
        _("Pay a job"),
        _("%(currency)s a year, where nearly all is reported")
        % {"currency": unit.removesuffix(" 1,000")},
        figures.whole,
        _short,
        "employment",
        scale=1000 if unit.endswith(" 1,000") else 1,
    )
