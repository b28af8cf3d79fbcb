"""Which programmes an address asks for: filters and words, checked before reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.atlas.search import folded
from clusteratlas.organisations import Claim, RegionRef
from clusteratlas.portal import words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import asked_word
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.shelf import Listed
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.asked import Filter, counted_choices
from clusteratlas.programmes.register import PICKS, Programme, money_at, words_of

LONGEST = 130


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address; an empty one asks for all.

    ``region`` is ``scheme:code``, ``cluster`` is ``definition:code``; ``money`` is ``planned``,
    ``committed``, ``paid``, ``unstated`` or ``none``.
    """

    q: str = ""
    country: str = ""
    region: str = ""
    cluster: str = ""
    instrument: str = ""
    funder: str = ""
    year: str = ""
    money: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What stands in the address, by name."""
        found = {name: str(getattr(self, name)) for name in NAMES}
        return {name: value for name, value in found.items() if value}

    def address(self, *, table: str = "", **changed: object) -> str:
        """Return the address of the same list with something changed, or of its table."""
        return addresses.register(table, **{**self.filters, **changed})


NAMES = tuple(Asked.__dataclass_fields__)


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
        name: request.GET.get(called.get(name, name), "").replace("\x00", "").strip()[:LONGEST]
        for name in NAMES
    }
    for name, known in (("instrument", PICKS["instrument"]), ("money", money_words.STATES)):
        if given[name]:
            asked_word(request, name, known, "")
    for name in ("region", "cluster"):
        if given[name] and ":" not in given[name]:
            raise BadAddress(
                _("the filter names no scheme or definition before its code"),
                value=given[name],
                hint=_("such as nuts-2:DE11 or us-benchmark-2014:4"),
            )
    year = given["year"]
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise BadAddress(_("this is no year"), value=year, hint=_("such as 2021"))
    return replace(Asked(**given), q=given["q"][:100])


def found(programmes: Sequence[Listed], asked: Asked) -> list[Listed]:
    """Return the programmes that pass all filters, by name."""
    sought = folded(asked.q).split()
    return [
        each
        for each in programmes
        if all(word in each.words for word in sought) and _passes(each.document, asked)
    ]


def _passes(programme: Programme, asked: Asked) -> bool:
    return all(
        not wanted or wanted in held(programme)
        for wanted, held in (
            (asked.country, countries_of),
            (asked.region, regions_of),
            (asked.cluster, clusters_of),
            (asked.instrument, instruments_of),
            (asked.funder, lambda each: (each.funder,)),
            (asked.year, years_of),
            (asked.money, states_of),
        )
    )


def countries_of(programme: Programme) -> tuple[str, ...]:
    """Return the countries of a programme and of its awards, each once."""
    stated = (*programme.countries, *(each.country for each in programme.awards))
    return tuple(dict.fromkeys(each for each in stated if each))


def region_refs(programme: Programme) -> tuple[RegionRef, ...]:
    """Return the regions of a programme and of its awards, each once."""
    stated = (*programme.regions, *(ref for each in programme.awards for ref in each.regions))
    return tuple(dict.fromkeys(stated))


def regions_of(programme: Programme) -> tuple[str, ...]:
    """Return the regions of a programme and of its awards as they stand in an address."""
    return tuple(f"{each.scheme}:{each.region}" for each in region_refs(programme))


def clusters_of(programme: Programme) -> tuple[str, ...]:
    """Return the clusters of a programme and of its awards as they stand in an address."""
    stated = (*programme.clusters, *(one for each in programme.awards for one in each.clusters))
    return tuple(dict.fromkeys(f"{each.definition}:{each.cluster}" for each in stated))


def instruments_of(programme: Programme) -> tuple[str, ...]:
    """Return the instruments of a programme and of its awards, each once."""
    stated = (
        *programme.instruments,
        *(one for each in programme.awards for one in each.instruments),
    )
    return tuple(dict.fromkeys(stated))


def years_of(programme: Programme) -> tuple[str, ...]:
    """Return the years for which something is stated: it ran, awarded, or had money.

    A programme without an end states its first year alone.
    """
    stated = {each.year for each in programme.awards}
    stated |= {each.year for level in money_words.LEVELS for each in money_at(programme, level)}
    if programme.since is not None:
        stated |= set(range(programme.since, (programme.until or programme.since) + 1))
    elif programme.until is not None:
        stated.add(programme.until)
    return tuple(str(each) for each in sorted(each for each in stated if each is not None))


def states_of(programme: Programme) -> tuple[str, ...]:
    """Return how far the stated money came; ``none`` where no money is stated at all."""
    stated = {
        each.kind or money_words.UNSTATED
        for level in money_words.LEVELS
        for each in money_at(programme, level)
    }
    return tuple(sorted(stated)) or ("none",)


def filters(programmes: Sequence[Listed], asked: Asked, release: Release) -> list[Filter]:
    """Return the controls: only what some programme has can be chosen, with how many have it."""

    def cluster_name(code: str) -> str:
        definition, _colon, cluster = code.partition(":")
        return names.cluster(release, Claim(definition=definition, cluster=cluster)).name

    def region_name(code: str) -> str:
        scheme, _colon, region = code.partition(":")
        return names.region(release, RegionRef(scheme=scheme, region=region)).name

    each: list[tuple[str, str, Callable[[Programme], Iterable[str]], Callable[[str], str]]] = [
        ("country", _("Country"), countries_of, words.country),
        ("region", _("Region"), regions_of, region_name),
        ("cluster", _("Cluster"), clusters_of, cluster_name),
        (
            "instrument",
            _("Instrument"),
            instruments_of,
            lambda code: names.first(words.word(words_of("instrument", code))),
        ),
        ("funder", _("Funder"), lambda one: (one.funder,), str),
        ("year", _("Year"), years_of, str),
        ("money", _("Money"), states_of, lambda code: names.first(str(money_words.STATES[code]))),
    ]
    documents = [one.document for one in programmes]
    return [
        Filter(name, label, counted_choices(documents, held, said, getattr(asked, name)))
        for name, label, held, said in each
    ]
