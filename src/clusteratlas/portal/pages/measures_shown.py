"""The figures a map can show, each with its words, its classes and how it is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said

from clusteratlas.atlas.opened_mapped import payroll_per_job
from clusteratlas.portal import figures, words
from clusteratlas.portal.charts.scales import (
    Scale,
    change_scale,
    flag_scale,
    growth_scale,
    level_scale,
    quotient_scale,
    star_scale,
)
from clusteratlas.portal.pages.asking import View

CLUSTER, PART, ALL = "cluster", "part", "all"
STARS = 4
PERCENT = 100.0

Written = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as a map shows it.

    ``name`` is its column. ``sort`` says what kind of number it is: ``count``, ``share``,
    ``ratio``, ``rate``, ``jobs`` (gained or lost), ``money``, ``place``, ``flag``, ``stars``,
    ``index`` or ``own`` (an indicator in a unit of its own). ``of`` lists what has it: a cluster,
    a part of one, all clusters together.
    """

    name: str
    label: str
    anchor: str
    sort: str
    of: tuple[str, ...]
    unit: str = ""

    def value(self, row: Any) -> float | None:
        """Return the figure of a row."""
        if self.name == "payroll_per_job":
            return payroll_per_job(row)
        column = "value" if self.sort == "own" else self.name
        value = getattr(row, column)
        return None if value is None else float(value)

    def unsure(self, row: Any, scale: Scale) -> bool:
        """Say whether the interval of a row's figure reaches into another class."""
        ends = (getattr(row, f"{self.name}_{end}", None) for end in ("low", "high"))
        low, high = (None if end is None else float(end) for end in ends)
        filled = getattr(row, "location_quotient_low", None) is not None
        if not filled or self.value(row) is None or low is None or high is None:
            return False
        return scale.kind(low) != scale.kind(high)

    def title(self, view: View, cluster: str) -> str:
        """Return what the map shows, with its unit and year."""
        return _("%(what)s: %(figure)s, %(year)s") % {
            "what": cluster,
            "figure": self.words(view),
            "year": view.year,
        }

    def words(self, view: View) -> str:
        """Return the figure with its unit."""
        jobs = words.word(view.scheme.employment_word)
        told = {"jobs": jobs, "area": view.reference_short, "year": view.base_year}
        match self.name:
            case "location_quotient":
                return _("location quotient (%(area)s = 1)") % told
            case "employment":
                return jobs
            case "share_of_region":
                return _("share of all %(jobs)s in the region") % told
            case "share_of_nation":
                return _("share of %(area)s") % told
            case "employment_growth":
                return _("growth of %(jobs)s a year since %(year)s") % told
            case "employment_change":
                return _("change of %(jobs)s since %(year)s") % told
            case "payroll_per_job":
                return _("payroll per job, %(currency)s a year") % {"currency": currency(view)}
            case _name:
                label = self.label if self.sort == "own" else _(self.label)
                return f"{label}, {self.unit}" if self.unit else label

    def label_in(self, view: View) -> str:
        """Return the short name of the figure for a list of choices."""
        if self.name == "employment":
            jobs = words.word(view.scheme.employment_word)
            return jobs[:1].upper() + jobs[1:]
        if self.name == "share_of_nation":
            return _("Share of %(area)s") % {"area": view.reference_short}
        return self.label if self.sort == "own" else _(self.label)

    def written(self, value: float) -> str:
        """Write a figure with its unit."""
        match self.sort:
            case "count" | "money" | "place":
                return figures.whole(value)
            case "share":
                return figures.percent(value)
            case "ratio":
                return figures.quotient(value)
            case "rate":
                return figures.growth(value)
            case "jobs":
                return figures.signed(value)
            case "flag":
                return _("yes") if value else _("no")
            case "stars":
                return star_words(round(value))
            case _:
                return figures.measured(value, "reported")

    def written_change(self, value: float, kind: str) -> str:
        """Write how the figure changed: ``kind`` is that of `atlas.opened_mapped.changes`."""
        if kind == "yearly":
            return figures.growth(value)
        match self.sort:
            case "count" | "money" | "place" | "jobs":
                return figures.signed(value)
            case "share" | "rate":
                number = figures.measured(value * PERCENT, "reported")
                return _("%(number)s points") % {"number": f"{_plus(value)}{number}"}
            case _:
                return f"{_plus(value)}{figures.measured(value, 'reported')}"

    def classes(self, values: Sequence[float]) -> Scale:
        """Return the classes of the house: fixed for quotients, growth and flags; quantiles."""
        match self.sort:
            case "ratio":
                return quotient_scale()
            case "rate":
                return growth_scale()
            case "flag":
                return flag_scale(_("not strong"), _("strong"))
            case "stars":
                return star_scale([star_words(stars) for stars in range(STARS)])
            case "place":
                scale = level_scale(values, self.written)
                return dataclasses.replace(scale, kinds=scale.kinds[::-1])
            case "jobs":
                return change_scale(values, self.written)
            case _:
                return level_scale(values, self.written)

    @property
    def fixed(self) -> bool:
        """Whether its classes follow from what it is, so that there is nothing to choose."""
        return self.sort in ("flag", "stars")

    @property
    def centre(self) -> float | None:
        """The value that two colours part at, if any."""
        return {"ratio": 1.0, "rate": 0.0, "jobs": 0.0}.get(self.sort)

    @property
    def factor(self) -> float:
        """What a value is multiplied by before it is typed: shares and rates are percent."""
        return PERCENT if self.sort in ("share", "rate") else 1.0

    def change_kind(self, asked: str) -> str:
        """Return how its change is taken: a rate a year of what is counted, else a difference."""
        if asked == "difference":
            return "difference"
        return "yearly" if self.sort in ("count", "money") else "per-year"

    @property
    def can_change(self) -> bool:
        """Whether a change between two years says anything."""
        changing = self.name.startswith(("employment_growth", "employment_change", "change_"))
        return not self.fixed and not changing


def _plus(value: float) -> str:
    return "+" if value > 0 else ""


def star_words(stars: int) -> str:
    """Return a number of stars in words."""
    return [_("no star"), _("1 star"), _("2 stars"), _("3 stars")][stars]


def currency(view: View) -> str:
    """Return the currency of payroll, such as USD."""
    return view.scheme.payroll_unit.split(" ")[0]


BOTH = (CLUSTER, PART)
EACH = (CLUSTER, PART, ALL)
MEASURES = (
    Shown("location_quotient", said("Quotient"), "location-quotient", "ratio", BOTH),
    Shown("employment", said("Jobs"), "employment", "count", EACH),
    Shown("share_of_region", said("Share of region"), "shares", "share", BOTH),
    Shown("share_of_nation", said("Share of nation"), "shares", "share", BOTH),
    Shown("employment_growth", said("Growth"), "change", "rate", EACH),
    Shown("employment_change", said("Change of jobs"), "change", "jobs", EACH),
    Shown("establishments", said("Establishments"), "employment", "count", EACH),
    Shown("payroll_per_job", said("Payroll per job"), "employment", "money", EACH),
    Shown("rank", said("Rank by quotient"), "rank", "place", BOTH),
    Shown("probability_strong", said("Chance of being strong"), "probability", "share", (CLUSTER,)),
    Shown("strong", said("Strong: us-2014"), "strength", "flag", (CLUSTER,)),
    Shown("stars_eu_2007", said("Stars: eu-stars-2007"), "strength", "stars", (CLUSTER,)),
    Shown("reported_share", said("Reported share"), "reported-share", "share", EACH),
    Shown("traded_share", said("Share of traded clusters"), "traded", "share", (ALL,)),
    Shown("cluster_strength", said("Cluster strength"), "cluster-strength", "share", (ALL,)),
    Shown("strong_clusters", said("Strong clusters"), "strength", "count", (ALL,)),
    Shown("concentration", said("Concentration"), "variety", "index", (ALL,)),
    Shown("unrelated_variety", said("Unrelated variety, bits"), "variety", "index", (ALL,)),
    Shown("related_variety", said("Related variety, bits"), "variety", "index", (ALL,)),
    Shown(
        "change_competitive",
        said("Local part of the change of jobs"),
        "shift-share",
        "jobs",
        (ALL,),
    ),
    Shown("change_mix", said("Mix part of the change of jobs"), "shift-share", "jobs", (ALL,)),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


def measures_of(kind: str) -> tuple[Shown, ...]:
    """Return the figures that a kind of subject has."""
    group = {"cluster": CLUSTER, "all": ALL}.get(kind, PART)
    return tuple(each for each in MEASURES if group in each.of)
