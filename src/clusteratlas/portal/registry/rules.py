"""The entry rules of this site, asked of an organisation and put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.organisations import Profile
from clusteratlas.organisations.entry_rules import (
    EntryRules,
    RuleAnswer,
    check_entry,
    default_entry_rules,
    may_enter,
    read_entry_rules,
)
from clusteratlas.portal import figures
from clusteratlas.portal.registry.models import Organisation

SENTENCES: dict[str, Any] = {
    "enough_staff": gettext_lazy("At least %(asked)s staff work for the organisation"),
    "enough_members": gettext_lazy("At least %(asked)s members are committed"),
    "two_kinds_of_members": gettext_lazy("Members are of at least %(asked)s kinds"),
    "website_stated": gettext_lazy("The website is stated"),
    "region_stated": gettext_lazy("A region is stated"),
    "claim_stated": gettext_lazy("A field is claimed"),
    "official_programme": gettext_lazy("A public programme supports the organisation"),
}
"""The rules and waivers of the package by their reason; those of a site bring their own text."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule of the checklist.

    ``kind`` is ``held``, ``waived``, ``failed`` or ``unknown`` where the profile does not state
    what is asked.
    """

    kind: str
    sentence: str
    found: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """All rules asked of one organisation."""

    rules: Sequence[Checked]
    passed: bool
    waivers: Sequence[tuple[str, str]]
    """Waivers that a moderator can grant and that would lift a rule: (name, sentence)."""

    @property
    def held(self) -> int:
        """How many rules hold or are lifted."""
        return sum(each.kind in ("held", "waived") for each in self.rules)


def entry_rules() -> EntryRules:
    """Return the rules of this site."""
    path: Path | None = settings.ENTRY_RULES
    return _read(path) if path else default_entry_rules()


@lru_cache(maxsize=2)
def _read(path: Path) -> EntryRules:
    return read_entry_rules(path)


def checklist(row: Organisation, profile: Profile | None = None, *, waiver: str = "") -> Checklist:
    """Ask every rule of what an organisation's editors have written.

    Parameters
    ----------
    profile
        Another profile of it, by default the draft or what is published.
    waiver
        One that a moderator is about to grant.
    """
    rules = entry_rules()
    granted = [name for name in (row.waiver, waiver) if name]
    answers = check_entry(profile or row.profile, rules, waivers=granted)
    missing = {name for each in answers if not each.passed for name in each.rule.waived_by}
    return Checklist(
        [_checked(each) for each in answers],
        may_enter(answers),
        [
            (each.name, _sentence(each.reason, each.text, ""))
            for each in rules.waiver
            if each.name in missing and each.when is None
        ],
    )


def _checked(answer: RuleAnswer) -> Checked:
    asked = answer.asked
    listed = ", ".join(asked) if isinstance(asked, tuple) else _written(asked)
    sentence = _sentence(answer.rule.reason, answer.rule.text, listed)
    if answer.held:
        kind = "held"
    elif answer.waived_by:
        kind = "waived"
    else:
        kind = "unknown" if answer.held is None else "failed"
    return Checked(kind, sentence, _found(answer))


def _found(answer: RuleAnswer) -> str:
    if answer.held is None or answer.found is None:
        return _("not stated")
    if answer.rule.demand[0] == "stated" and isinstance(answer.found, str):
        return answer.found
    return _written(answer.found)


def _sentence(reason: str, text: str, asked: str) -> str:
    if text:
        return text.replace("{asked}", asked)
    known = SENTENCES.get(reason)
    return str(known) % {"asked": asked} if known else f"{reason.replace('_', ' ')}: {asked}"


def _written(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return figures.measured(value, "reported")
