"""What a visitor's address asks for, checked before any figure is looked up."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import DefinitionInfo, Release, SchemeInfo
from clusteratlas.portal import words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.language import ENGLISH, active
from clusteratlas.tables import CannotAnswer

YEAR = re.compile(r"[12][0-9]{3}")
FIGURES = ("measure", "indicator")
"""Words of an address that name something of the release: one that is not there is not found."""


@dataclass(frozen=True, slots=True)
class View:
    """A scheme seen through a definition in a year."""

    scheme: SchemeInfo
    definition: DefinitionInfo
    year: int

    @property
    def definition_in_address(self) -> str | None:
        """The definition's name where the address must say it."""
        name = self.definition.definition
        return None if name == self.scheme.definition else name

    @property
    def reference(self) -> str:
        """The area compared with, as it stands in a sentence of the language spoken now."""
        name = self.scheme.reference_name
        return "the United States" if self._american_in_english else words.word(name)

    @property
    def _american_in_english(self) -> bool:
        """English says the United States; other languages build sentences without the article."""
        return active() == ENGLISH and self.scheme.reference_name == "United States"

    @property
    def is_reference(self) -> bool:
        """Whether the scheme is the reference area itself, so that quotients say nothing."""
        return self.scheme.scheme == self.scheme.reference_scheme and self.scheme.regions == 1

    @property
    def reference_short(self) -> str:
        """The area compared with, without what stands in brackets."""
        return self.reference.split(" (")[0]

    @property
    def base_year(self) -> int | None:
        """The first year of the scheme, which changes are measured from; none in that year."""
        first = self.scheme.years[0]
        return first if first < self.year else None

    @property
    def source_line(self) -> str:
        """The sources of this year's figures."""
        parts = self.scheme.source_line.split("; ")
        of_year = [part for part in parts if str(self.year) in part]
        return "; ".join(of_year or parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a control or one of a row of links."""

    value: str
    label: str
    chosen: bool
    href: str = ""


def asked_view(
    request: HttpRequest, release: Release, scheme: str, region: str | None = None
) -> View:
    """Read definition and year from the address; defaults where it is silent.

    The default year is the latest of the scheme, or of the region where one is named: the codes
    of European regions change.
    """
    info = release.scheme(scheme)
    name = asked_word(request, "definition", info.definitions, info.definition)
    year = asked_year(request, info)
    if region is not None and not request.GET.get("year"):
        years = release.years_of(scheme, region)
        year = years[-1] if years else year
    return View(info, release.definition(name), year)


def asked_year(request: HttpRequest, scheme: SchemeInfo) -> int:
    """Read the year; the latest of the scheme where the address is silent."""
    text = request.GET.get("year", "")
    if not text:
        return scheme.years[-1]
    if text not in {str(year) for year in scheme.years}:
        problem = _("%(regions)s: there are no figures for that year")
        raise no_such_year(text, problem % {"regions": words.word(scheme.title)}, scheme.years)
    return int(text)


def no_such_year(text: str, problem: str, years: Iterable[int | str]) -> CannotAnswer:
    """Refuse a year that the figures do not have (404), or what is no year at all (400)."""
    kind = CannotAnswer if YEAR.fullmatch(text) else BadAddress
    held = ", ".join(map(str, years))
    return kind(problem, value=text, hint=_("the release holds %(years)s") % {"years": held})


def asked_word(request: HttpRequest, name: str, known: Iterable[str], default: str) -> str:
    """Read one of a few words; the default where the address is silent."""
    allowed = tuple(known)
    text = request.GET.get(name, "") or default
    if text not in allowed:
        kind = CannotAnswer if name in FIGURES else BadAddress
        near = difflib.get_close_matches(text, allowed, n=3) or allowed
        raise kind(
            _("%(name)s: there is none of that name") % {"name": name},
            value=text,
            hint=_("use one of %(names)s") % {"names": ", ".join(near)},
        )
    return text


def year_choices(years: Sequence[int], chosen: int, address: dict[int, str]) -> list[Choice]:
    """Return the years as links to the same view."""
    return [Choice(str(year), str(year), year == chosen, address[year]) for year in years]
