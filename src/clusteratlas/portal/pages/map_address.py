"""The address of a map: all that a view of the explorer can be asked for, read and checked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from clusteratlas.atlas import Release, SchemeInfo
from clusteratlas.atlas.mapped_records import Subject
from clusteratlas.portal import addresses, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import View, asked_word, no_such_year
from clusteratlas.portal.pages.map_subject import ALL, INDICATOR, region_typed, subject_of
from clusteratlas.portal.pages.measures_shown import BY_NAME, Shown, measures_of
from clusteratlas.portal.picks import default_scheme
from clusteratlas.tables import CannotAnswer

SHOWS = ("level", "change", "both")
CHANGES = ("difference", "yearly")
USUAL_CHANGE = {"level": "difference", "change": "difference", "both": "yearly"}
"""Beside a level a rate says more: a difference follows the size of the region."""

WAYS = ("house", "quantile", "natural", "fixed")
FEWEST, MOST = 3, 7
LONGEST = 200
ORDERS = ("region_name", "value", "before", "change")


@dataclass(frozen=True, slots=True)
class Asked:
    """All that the address of a map says. ``notes`` tell what had to give way."""

    view: View
    subject: Subject
    measure: Shown
    years: tuple[int, ...]
    show: str
    since: int | None
    change: str
    way: str
    number: int
    breaks: tuple[float, ...]
    pin: str | None
    order: str
    page: int
    notes: tuple[str, ...]

    @property
    def cluster_code(self) -> str:
        """The cluster that the form shows as chosen."""
        return self.subject.cluster or (ALL if self.subject.kind in ("all", "indicator") else "")

    @property
    def changing(self) -> bool:
        """Whether the map shows a change, alone or beside the level."""
        return self.show != "level"

    @property
    def change_kind(self) -> str:
        """How the change is taken."""
        return self.measure.change_kind(self.change)

    def address(self, *, table: str = "", path: str = "/map/", **other: object) -> str:
        """Return the address of this map, or of one that differs in something."""
        kind, code = self.subject.kind, self.subject.code
        own_default = "change" if self.show == "change" else "value"
        values: dict[str, object] = {
            "scheme": self.view.scheme.scheme,
            "cluster": ALL if kind == "indicator" else self.cluster_code,
            "subcluster": code if kind == "subcluster" else None,
            "industry": code if kind == "industry" else None,
            "measure": f"{INDICATOR}{code}" if kind == "indicator" else self.measure.name,
            "year": self.view.year,
            "show": None if self.show == "level" else self.show,
            "from": self.since if self.changing else None,
            "change": self.change
            if self.changing and self.change != USUAL_CHANGE[self.show]
            else None,
            "classes": None if self.way == WAYS[0] else self.way,
            "number": None if self.way == WAYS[0] else self.number,
            "breaks": ",".join(f"{each:g}" for each in self.breaks),
            "pin": self.pin,
            "definition": self.view.definition_in_address,
            "order": None if self.order == own_default else self.order,
            "page": self.page if self.page > 1 else None,
            **other,
        }
        return addresses.with_query(f"{path}{table}", **values)


def read_address(request: AtlasRequest) -> Asked:
    """Read what, where, when and how; what belongs to another scheme gives way with a note."""
    release = request.release
    able = {each.scheme: each for each in release.manifest.schemes}
    scheme = able[asked_word(request, "scheme", able, default_scheme(release).scheme)]
    definition = asked_word(request, "definition", scheme.definitions, scheme.definition)
    notes: list[str] = []
    subject = subject_of(request, release, scheme, definition, scheme.years[-1], notes)
    years = _years(release, scheme, subject)
    year = _year(request, release, scheme, years, notes)
    measure = _measure(request, release, scheme, subject, notes)
    show, since = _when(request, measure, years, year, notes)
    way, number, breaks = _classes(request, measure)
    return Asked(
        View(scheme, release.definition(definition), year),
        subject,
        measure,
        years,
        show,
        since,
        asked_word(request, "change", CHANGES, USUAL_CHANGE[show]),
        way,
        number,
        breaks,
        region_typed(release, scheme, request.GET.get("pin", "")),
        _order(request, subject, show),
        _page(request),
        tuple(notes),
    )


def _years(release: Release, scheme: SchemeInfo, subject: Subject) -> tuple[int, ...]:
    if subject.kind != "indicator":
        return scheme.years
    return next(
        each.years
        for each in release.mapped_indicators(scheme.scheme)
        if each.indicator == subject.code
    )


def _year(
    request: AtlasRequest,
    release: Release,
    scheme: SchemeInfo,
    years: tuple[int, ...],
    notes: list[str],
) -> int:
    text = request.GET.get("year", "")
    everywhere = {str(year) for each in release.manifest.schemes for year in each.years}
    everywhere |= {str(year) for year in years}
    if not text:
        return years[-1]
    if text not in everywhere:
        raise no_such_year(text, _("there are no figures for that year"), sorted(everywhere))
    if int(text) not in years:
        notes.insert(
            0,
            _("%(regions)s have no figures of %(year)s; this is %(other)s.")
            % {"regions": words.word(scheme.title), "year": text, "other": years[-1]},
        )
        return years[-1]
    return int(text)


def _measure(
    request: AtlasRequest,
    release: Release,
    scheme: SchemeInfo,
    subject: Subject,
    notes: list[str],
) -> Shown:
    if subject.kind == "indicator":
        found = next(
            each
            for each in release.mapped_indicators(scheme.scheme)
            if each.indicator == subject.code
        )
        return Shown(subject.code, found.title, "sources", "own", (), found.unit)
    mine = {each.name: each for each in measures_of(subject.kind)}
    first = next(iter(mine))
    if request.GET.get("measure", "").startswith(INDICATOR):
        return mine[first]  # another cluster was chosen in the form: its own figures are shown
    asked = BY_NAME[asked_word(request, "measure", BY_NAME, first)]
    if asked.name in mine:
        return asked
    notes.append(
        _("%(what)s: there is no figure \u201c%(figure)s\u201d; this is \u201c%(other)s\u201d.")
        % {"what": subject.name, "figure": _(asked.label), "other": _(mine[first].label)}
    )
    return mine[first]


def _when(
    request: AtlasRequest, measure: Shown, years: tuple[int, ...], year: int, notes: list[str]
) -> tuple[str, int | None]:
    """Read whether a level or a change is shown, and since when."""
    text = request.GET.get("from", "")
    show = asked_word(request, "show", SHOWS, "change" if text else "level")
    earlier = [each for each in years if each < year]
    if text and text not in {str(each) for each in years}:
        raise no_such_year(text, _("there are no figures for the first year of the change"), years)
    if show == "level":
        return show, (int(text) if text and int(text) < year else None)
    if not measure.can_change:
        notes.append(
            _("There is no change of \u201c%(figure)s\u201d; this is one year.")
            % {"figure": _(measure.label)}
        )
        return "level", None
    if text and int(text) >= year:
        raise BadAddress(
            _("the first year of a change must lie before the second"),
            value=f"from={text}, year={year}",
            hint=_("exchange the two years, or choose a later second year"),
        )
    if not earlier:
        if len(years) == 1:
            raise CannotAnswer(
                _("there is only one year of this figure, so nothing that changed"),
                value=str(year),
                hint=_("show the level instead"),
            )
        raise BadAddress(
            _("there is no earlier year to take the change from"),
            value=str(year),
            hint=_("choose a later year, or show the level"),
        )
    return show, int(text) if text else earlier[0]


def _classes(request: AtlasRequest, measure: Shown) -> tuple[str, int, tuple[float, ...]]:
    typed = request.GET.get("breaks", "").strip()
    way = asked_word(request, "classes", WAYS, "fixed" if typed else WAYS[0])
    number = request.GET.get("number", "").strip()
    if number and (not number.isascii() or not number.isdigit() or len(number) > LONGEST):
        raise _bad_number(number)
    if number and not FEWEST <= int(number) <= MOST:
        raise _bad_number(number)
    breaks = _breaks(typed) if typed and way == "fixed" else ()
    return way, int(number) if number else 5, breaks


def _bad_number(text: str) -> BadAddress:
    return BadAddress(
        _("a map has three to seven classes"),
        value=text[:LONGEST],
        hint=_("use a whole number from 3 to 7"),
    )


def _breaks(text: str) -> tuple[float, ...]:
    """Read breaks between classes: ascending numbers with commas between them."""
    parts = text[: 2 * LONGEST].replace(";", ",").split(",")
    try:
        found = tuple(float(part.strip().replace("\u2212", "-")) for part in parts)
    except ValueError:
        found = ()
    if not found or not all(isfinite(each) for each in found):
        raise BadAddress(
            _("breaks between classes are numbers with commas between them"),
            value=text[:LONGEST],
            hint=_("write for instance 0.5, 1, 2"),
        )
    if not FEWEST - 1 <= len(found) <= MOST - 1:
        raise BadAddress(
            _("three to seven classes have two to six breaks"),
            value=text[:LONGEST],
            hint=_("give two to six numbers"),
        )
    if any(low >= high for low, high in itertools.pairwise(found)):
        raise BadAddress(
            _("breaks between classes must ascend"),
            value=text[:LONGEST],
            hint=", ".join(f"{each:g}" for each in sorted(set(found))),
        )
    return found


def _order(request: AtlasRequest, subject: Subject, show: str) -> str:
    default = "change" if show == "change" else "value"
    known = (*ORDERS, *(each.name for each in measures_of(subject.kind)))
    return asked_word(request, "order", known, default)


def _page(request: AtlasRequest) -> int:
    text = request.GET.get("page", "") or "1"
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        raise BadAddress(
            _("the pages of a table are counted from 1"), value=text[:LONGEST], hint="page=1"
        )
    return int(text)
