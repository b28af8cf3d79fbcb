"""A profile ready to be set: codes as names, what is not stated left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Release
from clusteratlas.organisations import Contact, Evidence, Interest, Label, Partnership, Profile
from clusteratlas.portal import figures, words
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.names import Place

MOST_IN_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the strip under the summary."""

    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ShownInterest:
    """Something offered or sought."""

    topic: str
    kind: str
    countries: str
    clusters: Sequence[Place]
    technologies: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A field the organisation says it works in."""

    place: Place
    main: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything of a profile in words, in the order of the page."""

    profile: Profile
    summary: str
    kind: str
    place: str
    facts: Sequence[Fact]
    regions: Sequence[Place]
    claims: Sequence[ShownClaim]
    industries: Sequence[Place]
    tags: Sequence[tuple[str, str]]
    """What else places it: (heading, its words)."""
    members: Sequence[tuple[str, str]]
    labels: Sequence[tuple[str, Label]]
    offers: Sequence[ShownInterest]
    seeks: Sequence[ShownInterest]
    partnerships: Sequence[tuple[Partnership, Sequence[tuple[str, str]]]]
    contacts: Sequence[Contact]
    evidence: Sequence[Evidence]


def shown(profile: Profile, release: Release, partners: dict[str, str] | None = None) -> Shown:
    """Return a profile in words of the language spoken now.

    Parameters
    ----------
    partners
        Addresses of published profiles by name: partners that are among them become links.
    """
    claims = [
        ShownClaim(names.cluster(release, each), each.weight == "main") for each in profile.claims
    ]
    known = partners or {}
    return Shown(
        profile,
        _summary(profile, claims),
        names.first(names.pick("kind", profile.kind)),
        ", ".join(filter(None, (profile.town, words.country(profile.country)))),
        list(_facts(profile)),
        [names.region(release, each) for each in profile.regions],
        claims,
        [names.industry(release, each) for each in profile.industries],
        _tags(profile),
        [
            (names.first(names.pick("member", kind)), figures.whole(count))
            for kind, count in profile.members.counts.items()
        ],
        [(names.first(names.pick("label", each.label)), each) for each in profile.labels],
        [_interest(each, release) for each in profile.offers],
        [_interest(each, release) for each in profile.seeks],
        [
            (each, [(name, known.get(name, "")) for name in each.partners])
            for each in profile.partnerships
        ],
        profile.contacts,
        profile.evidence,
    )


def _summary(profile: Profile, claims: Sequence[ShownClaim]) -> str:
    """Say in two sentences what it is and how large."""
    fields = [each.place.name for each in claims if each.main] or [
        each.place.name for each in claims
    ]
    told = {
        "name": profile.name,
        "fields": figures.listed(fields[:MOST_IN_SENTENCE]),
        "regions": figures.whole(len(profile.regions)),
    }
    parts = []
    if fields:
        parts.append(_("%(name)s names %(fields)s as its fields.") % told)
    total = profile.members.total
    if total is not None:
        members = {
            "count": figures.whole(total),
            "kinds": figures.whole(profile.members.kinds),
            "date": profile.members.as_of.isoformat() if profile.members.as_of else "",
        }
        parts.append(
            _("It has %(count)s members of %(kinds)s kinds (%(date)s).") % members
            if profile.members.as_of
            else _("It has %(count)s members of %(kinds)s kinds; on which day is not stated.")
            % members
        )
    if not parts:
        return _("%(name)s has not said yet what it works in.") % told
    return " ".join(parts)


def _facts(profile: Profile) -> Iterable[Fact]:
    if profile.members.total is not None:
        date = profile.members.as_of
        yield Fact(
            _("Members"),
            figures.whole(profile.members.total),
            date.isoformat() if date else _("day not stated"),
        )
    if profile.staff is not None:
        value = figures.measured(profile.staff, "reported")
        yield Fact(_("Staff"), value, _("full-time equivalents"))
    if profile.budget:
        yield Fact(
            _("Budget a year"), names.pick("budget", profile.budget), profile.budget_currency
        )
    if profile.founded:
        yield Fact(_("Founded"), str(profile.founded))
    if profile.languages:
        spoken = ", ".join(names.language(each) for each in profile.languages)
        count = len(profile.languages)
        yield Fact(ngettext("Language", "Languages", count), spoken)


def _tags(profile: Profile) -> list[tuple[str, str]]:
    def said(pick: str, codes: Iterable[str]) -> str:
        return ", ".join(names.pick(pick, code) for code in codes)

    rows = (
        (_("Kind of organisation"), names.pick("kind", profile.kind)),
        (_("Legal form"), names.pick("legal_form", profile.legal_form)),
        (_("Sector"), names.pick("sector", profile.sector)),
        (_("Technologies"), said("technology", profile.technologies)),
        (_("Smart-specialisation priorities"), "; ".join(profile.priorities)),
        (_("Ecosystems"), said("ecosystem", profile.ecosystems)),
        (_("Emerging industries"), said("emerging", profile.emerging_industries)),
        (_("Services"), said("service", profile.services)),
        (_("Firms in focus"), said("focus", profile.focus)),
    )
    return [row for row in rows if row[1]]


def _interest(interest: Interest, release: Release) -> ShownInterest:
    return ShownInterest(
        interest.topic,
        names.first(names.pick("cooperation", interest.kind)),
        ", ".join(words.country(each) for each in interest.countries),
        [names.cluster(release, each) for each in interest.clusters],
        ", ".join(names.pick("technology", each) for each in interest.technologies),
        interest.text,
    )
