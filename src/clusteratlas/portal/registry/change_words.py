"""What changed between two versions of a profile, in words that a reader of the form knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from clusteratlas.atlas import Release
from clusteratlas.organisations import Claim, IndustryRef, Profile, RegionRef
from clusteratlas.organisations.changes import Change, changes
from clusteratlas.portal import words
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.form.entries import PARTS, Entry, Rows, label_of

PICKS_OF = {
    "kind": "kind",
    "legal_form": "legal_form",
    "sector": "sector",
    "budget": "budget",
    "technologies": "technology",
    "ecosystems": "ecosystem",
    "emerging_industries": "emerging",
    "services": "service",
    "focus": "focus",
    "label": "label",
    "weight": "claim",
}
"""Pick-lists by the field that holds their codes; ``kind`` within an offer is another."""

COOPERATION = ("offers", "seeks")


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One difference: what, and how it stood before and after; empty where it did not."""

    key: str
    what: str
    before: str
    after: str
    kind: str


def said_changes(before: Profile, after: Profile, release: Release) -> list[SaidChange]:
    """Return every difference between two versions in words."""
    return [said_change(each, release) for each in changes(before, after)]


def said_change(change: Change, release: Release) -> SaidChange:
    """Return a difference in words."""
    if change.kind == "moved":
        order = _("in another order")
        return SaidChange(change.key, place_said(change.path, release), "", order, change.kind)
    return SaidChange(
        change.key,
        place_said(change.path, release),
        value_said(change.path, change.before, release),
        value_said(change.path, change.after, release),
        change.kind,
    )


def place_said(path: Sequence[str], release: Release) -> str:
    """Return the field of a path, such as ``Offers: Test beds, Countries``."""
    first = label_of(path[0])
    if path[0] == "members":
        if len(path) > 2:
            return f"{first}: {names.pick('member', path[2])}"
        return f"{first}: {label_of('members.as_of')}" if path[1:] == ("as_of",) else first
    if len(path) == 1:
        return first
    part = PARTS.get(path[0])
    listed = isinstance(part, Rows) and path[0] not in ("regions", "claims", "industries")
    entry = path[1] if listed else _coded(path[0], path[1], release)
    if len(path) == 2:
        return first if isinstance(part, Entry) else f"{first}: {entry}"
    return f"{first}: {entry}, {_inside(path[0], path[2])}"


def _inside(field: str, name: str) -> str:
    part = PARTS.get(field)
    if isinstance(part, Rows):
        for each in part.entries:
            if each.name == name:
                return str(each.label)
    return name


def value_said(path: Sequence[str], value: Any, release: Release) -> str:
    """Return a value of a profile in words; nothing for one that is not stated."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_said(path, each, release) for each in value)
    if isinstance(value, dict):
        return _part_said(path, value, release)
    if isinstance(value, float):
        return f"{value:g}"
    return _code_said(path, str(value))


def _code_said(path: Sequence[str], value: str) -> str:
    field = path[2] if len(path) > 2 else path[0]
    if len(path) > 1 and path[0] in COOPERATION and field == "kind":
        return names.pick("cooperation", value)
    if field in ("country", "countries"):
        return words.country(value)
    if field == "languages":
        return names.language(value)
    return names.pick(PICKS_OF[field], value) if field in PICKS_OF else value


def _part_said(path: Sequence[str], value: dict[str, Any], release: Release) -> str:
    if coded := _names_of(value, release):
        return coded
    parts = []
    for name, each in value.items():
        said = value_said((path[0], "", name), each, release)
        if said and each is not False:
            parts.append(said)
    return "; ".join(parts)


def _names_of(value: dict[str, Any], release: Release) -> str:
    """Return the name of a region, a claim or an industry; nothing for another part."""
    try:
        if "scheme" in value:
            return names.region(release, RegionRef.model_validate(value)).name
        if "definition" in value:
            claim = Claim.model_validate(value)
            weight = "" if claim.weight == "main" else f" ({names.pick('claim', claim.weight)})"
            return f"{names.cluster(release, claim).name}{weight}"
        if "classification" in value:
            found = names.industry(release, IndustryRef.model_validate(value))
            return f"{found.name} ({found.code})"
    except ValidationError:
        return ""
    return ""


def _coded(field: str, key: str, release: Release) -> str:
    """Return the name behind the key of an entry, such as ``nuts-2:DE11``."""
    group, _colon, code = key.partition(":")
    if field == "regions":
        return names.region(release, RegionRef(scheme=group, region=code or "?")).name
    if field == "claims":
        cluster, _colon, subcluster = code.partition(":")
        claim = Claim(definition=group, cluster=cluster or "?", subcluster=subcluster)
        return names.cluster(release, claim).name
    return _code_said((field,), key)
