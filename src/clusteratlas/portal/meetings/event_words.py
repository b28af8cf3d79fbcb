"""What pages say of an event: its days, its stage, its rule, and what a rule saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import figures, words
from clusteratlas.portal.language import number
from clusteratlas.portal.meetings.event_forms import RANK_WORDS
from clusteratlas.portal.meetings.models import MatchmakingEvent
from clusteratlas.portal.meetings.selection import LABEL_ORDER, SelectionRule
from clusteratlas.portal.meetings.slots import read_slots
from clusteratlas.portal.registry import names

State = MatchmakingEvent.State


def days_of(event: MatchmakingEvent) -> str:
    """Return the first and the last day of an event, in its own zone."""
    slots = read_slots(event.slots, event.time_zone)
    if not slots:
        return ""
    first, last = slots[0].start.date(), slots[-1].end.date()
    return first.isoformat() if first == last else f"{first} \u2013 {last}"


def is_past(event: MatchmakingEvent) -> bool:
    """Return whether the last meeting is over."""
    slots = read_slots(event.slots)
    return bool(slots) and slots[-1].end < timezone.now()


def moment(event: MatchmakingEvent, at: datetime) -> str:
    """Write a moment in the event's own zone."""
    return f"{at.astimezone(ZoneInfo(event.time_zone)):%Y-%m-%d %H:%M}"


def stage_of(event: MatchmakingEvent) -> str:
    """Say in a sentence where registration stands now."""
    now = timezone.now()
    if event.state == State.CANCELLED:
        return _("The event is called off.")
    if event.state == State.DRAFT:
        return _("A draft: only those who organise it see it.")
    if is_past(event):
        return _("The event is over.")
    if now < event.opens_at:
        return _("Registration opens on %(moment)s.") % {"moment": moment(event, event.opens_at)}
    if now <= event.first_cutoff:
        return _("Registration is open; who registers by %(moment)s is considered first.") % {
            "moment": moment(event, event.first_cutoff)
        }
    if now <= event.second_cutoff:
        return _("Registration is open until %(moment)s for the places that are left.") % {
            "moment": moment(event, event.second_cutoff)
        }
    return _("Registration is closed.")


def rule_words(document: dict[str, Any]) -> list[str]:
    """Say a rule of selection in sentences."""
    rule = SelectionRule.read(document)
    said = []
    if rule.published:
        said.append(_("Only organisations with a published profile."))
    if rule.entry_rules:
        said.append(_("Only organisations that pass the entry rules of the registry."))
    if rule.countries:
        listed = ", ".join(words.country(each) for each in rule.countries)
        said.append(_("Only from these countries: %(countries)s.") % {"countries": listed})
    if rule.labels:
        listed = ", ".join(names.pick("label", each) for each in rule.labels)
        said.append(_("Only with one of these labels: %(labels)s.") % {"labels": listed})
    if rule.supported_claims:
        said.append(
            ngettext(
                "At least %(count)s claim is supported by the measured map.",
                "At least %(count)s claims are supported by the measured map.",
                rule.supported_claims,
            )
            % {"count": rule.supported_claims}
        )
    ranked = ", ".join(str(RANK_WORDS[each]) for each in rule.rank_by)
    if ranked:
        said.append(_("Ranked by: %(figures)s.") % {"figures": ranked})
    said.append(
        _("Places: %(places)s; reserve: %(reserve)s.")
        % {"places": rule.places, "reserve": rule.reserve}
    )
    return said


def check_words(checks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Say what a rule saw, each with a mark: ``yes``, ``no``, ``unknown`` or ``fact``."""
    return [
        ("fact", _ranked(each))
        if each["code"].startswith("ranked_")
        else (_MARKS[each["passed"]], _check(each))
        for each in checks
    ]


_MARKS = {True: "yes", False: "no", None: "unknown"}


def _ranked(check: Mapping[str, Any]) -> str:
    name = check["code"].removeprefix("ranked_")
    figure = str(RANK_WORDS[name])
    if not check["passed"]:
        return _("Ranked by %(figure)s: not stated.") % {"figure": figure}
    value = float(check["found"])
    if name == "completeness":
        shown = figures.percent(value)
    elif name == "label":
        shown = [_("none"), *(names.pick("label", each) for each in LABEL_ORDER)][int(value)]
    else:
        shown = number(f"{value:,g}")
    return _("Ranked by %(figure)s: %(value)s.") % {"figure": figure, "value": shown}


def _check(check: Mapping[str, Any]) -> str:
    passed, found = check["passed"], check["found"]
    match check["code"]:
        case "in_time":
            return (
                _("Registered before the second cut-off.")
                if passed
                else _("Registered after the second cut-off.")
            )
        case "published":
            return _("The profile is published.") if passed else _("The profile is not published.")
        case "entry_rules":
            return {
                True: _("The profile passes the entry rules of the registry."),
                False: _("The profile does not pass the entry rules of the registry."),
                None: _("Whether the profile passes the entry rules cannot be told."),
            }[passed]
        case "country":
            if passed is None:
                return _("The profile states no country.")
            return (
                _("Its country is among those invited: %(country)s.")
                if passed
                else _("Its country is not among those invited: %(country)s.")
            ) % {"country": words.country(found)}
        case "label":
            if passed:
                held = ", ".join(names.pick("label", each) for each in found.split())
                return _("It holds a label that is asked for: %(labels)s.") % {"labels": held}
            return _("It holds none of the labels that are asked for.")
        case _:
            if passed is None:
                return _(
                    "Withheld figures leave open whether enough of its claims are supported: "
                    "%(found)s are, of %(wanted)s asked for."
                ) % {"found": found or "0", "wanted": check["wanted"]}
            return _(
                "Claims that the measured map supports: %(found)s, of %(wanted)s asked for."
            ) % {"found": found, "wanted": check["wanted"]}
