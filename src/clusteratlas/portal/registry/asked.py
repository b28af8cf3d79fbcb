"""Which organisations an address asks for: filters, words and order, checked before reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.organisations import PICKS, Claim, Profile, RegionRef
from clusteratlas.portal import words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import Choice, asked_word
from clusteratlas.portal.registry import addresses, names
from clusteratlas.portal.registry.shelf import Listed, Shelf

Thing = TypeVar("Thing")
ORDERS = ("name", "members", "changed", "country")
LONGEST = 100
LONGEST_CODE = 130


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address; an empty one asks for all.

    ``region`` is ``scheme:code``, ``cluster`` is ``definition:code``; the rest are codes of the
    pick-lists and two letters of a country.
    """

    q: str = ""
    country: str = ""
    scheme: str = ""
    region: str = ""
    cluster: str = ""
    kind: str = ""
    technology: str = ""
    seeks: str = ""
    label: str = ""
    order: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What stands in the address, by name."""
        found = {name: str(getattr(self, name)) for name in NAMES}
        return {name: value for name, value in found.items() if value}

    def address(self, *, table: str = "", **changed: object) -> str:
        """Return the address of the same list with something changed."""
        return addresses.listing(table=table, **{**self.filters, **changed})


NAMES = tuple(Asked.__dataclass_fields__)
_PICKED = {"kind": "kind", "technology": "technology", "seeks": "cooperation", "label": "label"}


def asked_of(request: HttpRequest, called: Mapping[str, str] = MappingProxyType({})) -> Asked:
    """Read the filters; what no list knows is refused.

    Parameters
    ----------
    called
        What filters are called in this address where that is not their own name.

    Raises
    ------
    BadAddress
        A filter names what no list has.
    """
    given = {
        name: request.GET.get(called.get(name, name), "").replace("\x00", "").strip()[:LONGEST_CODE]
        for name in NAMES
    }
    for name, pick in _PICKED.items():
        if given[name]:
            asked_word(request, called.get(name, name), PICKS[pick], "")
    for name in ("region", "cluster"):
        if given[name] and ":" not in given[name]:
            raise BadAddress(
                _("the filter names no scheme or definition before its code"),
                value=given[name],
                hint=_("such as nuts-2:DE11 or us-benchmark-2014:4"),
            )
    if given["order"]:
        asked_word(request, "order", ORDERS, "")
    return replace(Asked(**given), q=given["q"][:LONGEST])


def found(shelf: Shelf, asked: Asked) -> list[Listed]:
    """Return the organisations that pass all filters, in the order asked for."""
    rows: Sequence[Listed] = shelf.find(asked.q) if asked.q else shelf.organisations
    rows = [each for each in rows if _passes(each.profile, asked)]
    if asked.q and not asked.order:
        return rows  # best first
    return sorted(rows, key=_ordering(asked.order or "name"))


def _ordering(order: str) -> Callable[[Listed], tuple[object, ...]]:
    def key(each: Listed) -> tuple[object, ...]:
        total = each.profile.members.total
        first: dict[str, tuple[object, ...]] = {
            "members": (total is None, -(total or 0)),
            "changed": (-each.changed_at.timestamp(),),
            "country": (not each.profile.country, words.country(each.profile.country)),
        }
        return (*first.get(order, ()), each.name.casefold(), each.slug)

    return key


def _passes(profile: Profile, asked: Asked) -> bool:
    return all(
        not wanted or wanted in held
        for wanted, held in (
            (asked.country, (profile.country,)),
            (asked.scheme, tuple(ref.scheme for ref in profile.regions)),
            (asked.region, regions_of(profile)),
            (asked.cluster, clusters_of(profile)),
            (asked.kind, (profile.kind,)),
            (asked.technology, profile.technologies),
            (asked.seeks, tuple(each.kind for each in profile.seeks)),
            (asked.label, tuple(each.label for each in profile.labels)),
        )
    )


def regions_of(profile: Profile) -> tuple[str, ...]:
    """Return the regions of a profile as they stand in an address."""
    return tuple(f"{ref.scheme}:{ref.region}" for ref in profile.regions)


def clusters_of(profile: Profile) -> tuple[str, ...]:
    """Return the clusters that a profile claims as they stand in an address, each once."""
    return tuple(dict.fromkeys(f"{each.definition}:{each.cluster}" for each in profile.claims))


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a control: its name in the address, its label, what can be chosen."""

    name: str
    label: str
    choices: Sequence[Choice]


def filters(shelf: Shelf, asked: Asked, release: Release) -> list[Filter]:
    """Return the controls: only what some organisation has can be chosen, with how many have it."""

    def cluster_name(code: str) -> str:
        definition, _colon, cluster = code.partition(":")
        return names.cluster(release, Claim(definition=definition, cluster=cluster)).name

    def region_name(code: str) -> str:
        scheme, _colon, region = code.partition(":")
        return names.region(release, RegionRef(scheme=scheme, region=region)).name

    def scheme_name(code: str) -> str:
        titles = {each.scheme: each.title for each in release.manifest.schemes}
        return words.word(titles.get(code, code))

    def picked(name: str) -> Callable[[str], str]:
        return lambda code: names.first(names.pick(name, code))

    each: list[tuple[str, str, Callable[[Profile], Iterable[str]], Callable[[str], str]]] = [
        ("country", _("Country"), lambda profile: (profile.country,), words.country),
        ("scheme", _("Kind of regions"), lambda p: {r.scheme for r in p.regions}, scheme_name),
        ("region", _("Region"), regions_of, region_name),
        ("cluster", _("Cluster"), clusters_of, cluster_name),
        ("kind", _("Kind of organisation"), lambda p: (p.kind,), picked("kind")),
        ("technology", _("Technology"), lambda p: p.technologies, picked("technology")),
        ("seeks", _("Seeks"), lambda p: {s.kind for s in p.seeks}, picked("cooperation")),
        ("label", _("Label"), lambda p: {s.label for s in p.labels}, picked("label")),
    ]
    profiles = [one.profile for one in shelf.organisations]
    return [
        Filter(name, label, counted_choices(profiles, held, said, getattr(asked, name)))
        for name, label, held, said in each
    ]


def counted_choices(
    things: Iterable[Thing],
    held: Callable[[Thing], Iterable[str]],
    said: Callable[[str], str],
    chosen: str,
) -> list[Choice]:
    """Return what can be chosen of a filter, by name, with how many things have it.

    Parameters
    ----------
    things
        Everything that the list could show.
    held
        From a thing to the values it has of this filter.
    said
        From a value to its name.
    chosen
        What the address asks for; it can be chosen though nothing has it.
    """
    counted: Counter[Hashable] = Counter(
        value for each in things for value in set(held(each)) if value
    )
    counted.setdefault(chosen, 0)
    named = sorted((said(str(value)), str(value)) for value in counted if value)
    return [Choice(value, f"{name} ({counted[value]})", value == chosen) for name, value in named]
