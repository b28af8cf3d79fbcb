"""Words of benchmarking in the language spoken now: marks, standings, refusals, bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clusteratlas.portal import figures, words
from clusteratlas.programmes.benchmarking import (
    Change,
    Chosen,
    ConditionCheck,
    Known,
    Mark,
    Points,
    Questionnaire,
    Refusal,
    Standing,
)

MARKS: Mapping[Mark, Any] = {
    Mark.official: gettext_lazy("official text"),
    Mark.seen: gettext_lazy("read in a source"),
    Mark.remembered: gettext_lazy("from memory"),
    Mark.reconstructed: gettext_lazy("reconstructed"),
    Mark.ours: gettext_lazy("set by this project"),
}
STANDINGS: Mapping[Standing, Any] = {
    Standing.met: gettext_lazy("met"),
    Standing.missed: gettext_lazy("not met"),
    Standing.unknown: gettext_lazy("not known yet"),
    Standing.outside: gettext_lazy("decided by others"),
}
CHANGES: Mapping[Change, Any] = {
    Change.better: gettext_lazy("better"),
    Change.worse: gettext_lazy("worse"),
    Change.moved: gettext_lazy("moved, same points"),
    Change.same: gettext_lazy("unchanged"),
    Change.unknown: gettext_lazy("not known"),
}
REFUSALS: Mapping[Refusal, Any] = {
    Refusal.too_few: gettext_lazy(
        "Nothing is told of these peers: fewer than %(minimum)s organisations that share meet the "
        "filter. Ask for less."
    ),
    Refusal.left_out: gettext_lazy(
        "Nothing is told of these peers: the filter leaves out so few organisations of a wider one "
        "that their answers could be worked out. Ask for less, or for something else."
    ),
    Refusal.line: gettext_lazy(
        "Nothing is told of these peers: what is withheld for the other values of this filter "
        "could be worked out from it. Ask for less, or for something else."
    ),
}
DEMANDS: Mapping[str, Any] = {
    "country": gettext_lazy("Country"),
    "field": gettext_lazy("Field"),
    "technology": gettext_lazy("Technology"),
    "age": gettext_lazy("Age in years"),
    "members": gettext_lazy("Members"),
}
ORIGINS: Mapping[str, Any] = {
    "profile": gettext_lazy("the profile in the registry"),
    "map": gettext_lazy("the measured map"),
    "log": gettext_lazy("a log"),
}


def mark(value: Mark | None) -> str:
    """Return a mark in words; nothing where there is none."""
    return str(MARKS[value]) if value is not None else ""


def standing(value: Standing) -> str:
    """Return how something stands, in words."""
    return str(STANDINGS[value])


def refused(chosen: Chosen, minimum: int) -> str:
    """Say why nothing is told of the peers of a filter; nothing where something is."""
    if chosen.refusal is None:
        return ""
    return str(REFUSALS[chosen.refusal]) % {"minimum": figures.whole(minimum)}


def share(points: Points) -> str:
    """Write points as a share of the most, from low to high.

    >>> share(Points(6, 8, 8, 2, 1, 0))
    '75\\xa0% to 100\\xa0%'
    """
    return between(points.share_low, points.share_high)


def between(low: float | None, high: float | None) -> str:
    """Write a share that lies between two.

    >>> between(0.5, 0.5), between(None, None)
    ('50\\xa0%', '–')
    """
    if low is None or high is None:
        return figures.NOTHING
    if low == high:
        return figures.percent(low)
    ends = {"low": figures.percent(low), "high": figures.percent(high)}
    return _("%(low)s to %(high)s") % ends


def points(low: int, high: int) -> str:
    """Write points that lie between two.

    >>> points(3, 3), points(0, 4)
    ('3', '0 to 4')
    """
    if low == high:
        return figures.whole(low)
    return _("%(low)s to %(high)s") % {"low": figures.whole(low), "high": figures.whole(high)}


def gained(low: int | None, high: int | None) -> str:
    """Write points gained, with their sign.

    >>> gained(2, 2), gained(-1, 4), gained(None, None)
    ('+2', '−1 to +4', '–')
    """
    if low is None or high is None:
        return figures.NOTHING
    if low == high:
        return figures.signed(low)
    return _("%(low)s to %(high)s") % {"low": figures.signed(low), "high": figures.signed(high)}


def answered(value: float | str | None, asked: Questionnaire, code: str) -> str:
    """Write an answer as it was given, with its unit; the words of a choice in its language."""
    if value is None:
        return figures.NOTHING
    scale = asked.scales[code]
    if isinstance(value, str):
        return next((each.name for each in scale.options if each.code == value), value)
    if scale.kind == "levels":
        return f"{figures.whole(value)} ({scale.levels[int(value)]})"
    return f"{figures.measured(value, 'reported')} {scale.unit}".strip()


def known(each: Known) -> str:
    """Say where something is known from."""
    return str(ORIGINS[each.origin])


def demand(name: str, value: str, cluster: str = "") -> str:
    """Return the value of a filter in words."""
    if name == "country":
        return words.country(value)
    if name == "field":
        return cluster or value
    if value.endswith("+"):
        return _("%(number)s and more") % {"number": value[:-1]}
    return value.replace("-", "\u2013") if name in ("age", "members") else value


def condition(check: ConditionCheck) -> str:
    """Say what was found of a condition, in figures; nothing where nothing can be counted."""
    if check.low is None or check.high is None or check.asked is None:
        return ""
    kind = check.condition.kind
    if kind == "share":
        found = between(check.low, check.high)
        return _("%(found)s; asked: %(asked)s") % {
            "found": found,
            "asked": figures.percent(check.asked),
        }
    counted = points(round(check.low), round(check.high))
    said = {"found": counted, "asked": figures.whole(check.asked)}
    if kind == "earlier":
        said["latest"] = figures.whole(check.condition.months_to)
        return _("%(found)s months; asked: %(asked)s to %(latest)s") % said
    if kind == "improved":
        return _("%(found)s groups; asked: %(asked)s") % said
    return _("%(found)s indicators; asked: %(asked)s") % said


def money(amount: float, currency: str) -> str:
    """Write a price."""
    return f"{currency} {figures.whole(amount)}"


def months(count: int | None) -> str:
    """Write a time of validity."""
    if count is None:
        return figures.NOTHING
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": figures.whole(count)}
