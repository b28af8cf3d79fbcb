"""What an address of the region builder asks for: regions of one scheme, a name, a year.

The format: ``regions`` holds the codes of one scheme with commas between, sorted; five hundred
counties take three thousand characters. ``name`` is what the union is called. Codes that are
picked one by one (``pick``, a checkbox each) or pasted (``add``) are gathered into ``regions``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from clusteratlas.atlas.united import MOST_REGIONS, United, unite
from clusteratlas.portal import figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import View, asked_view
from clusteratlas.tables import CannotAnswer, InvalidInput

LONGEST_NAME = 80
LONGEST_LIST = 20_000
SHOWN_FAULTS = 8
API = "api"
"""The page of a union that is its answer in the API."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice of regions as it stands in the address."""

    view: View
    regions: tuple[str, ...]
    name: str

    def address(self, page: str = "", **more: object) -> str:
        """Return the address of a page of the builder with this choice."""
        return union_address(
            self.view.scheme.scheme,
            self.regions,
            page=page,
            name=self.name,
            year=self.view.year,
            definition=self.view.definition_in_address,
            **more,
        )


def union_address(scheme: str, regions: Sequence[str], *, page: str = "", **values: object) -> str:
    """Return the address of a union; commas stay as they are, so that it stays short.

    >>> union_address("us-county", ["06085", "06081"], page="profile/", year=2021)
    '/builder/us-county/profile/?regions=06081,06085&year=2021'
    """
    front = f"/api/v1/builder/{scheme}" if page == API else f"/builder/{scheme}/{page}"
    given = {"regions": ",".join(sorted(regions)), **values}
    query = urlencode(
        {name: value for name, value in given.items() if value not in (None, "")}, safe=","
    )
    return f"{at(front)}?{query}" if query else at(front)


def asked_union(request: AtlasRequest, scheme: str) -> Asked:
    """Read scheme, regions, name, year and definition; codes are checked when they are united."""
    view = asked_view(request, request.release, scheme)
    return Asked(view, listed(request.GET.get("regions", "")), asked_name(request))


def asked_name(request: AtlasRequest) -> str:
    """Read the name of the union, on one line."""
    name = " ".join(request.GET.get("name", "").split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadAddress(
            _("the name of the region cannot be used"),
            value=name[:LONGEST_NAME],
            hint=_("use at most %(most)s letters") % {"most": LONGEST_NAME},
        )
    return name


def listed(text: str) -> tuple[str, ...]:
    """Read a list of codes with commas."""
    if len(text) > LONGEST_LIST:
        raise BadAddress(
            _("the list of regions is too long to be read"),
            hint=_("choose at most %(most)s regions") % {"most": MOST_REGIONS},
        )
    return tuple(code for each in text.split(",") if (code := each.strip()))


def united_of(request: AtlasRequest, asked: Asked) -> United:
    """Return the union, or refuse with all that is wrong with the choice in one sentence."""
    name = asked.name
    if not name and len(asked.regions) > 1:
        kind = words.word(asked.view.scheme.region_words)
        name = f"{figures.whole(len(asked.regions))} {kind}"
    try:
        return unite(
            request.release,
            asked.view.scheme.scheme,
            asked.regions,
            name=name,
            year=asked.view.year,
            definition=asked.view.definition.definition,
        )
    except InvalidInput as error:
        raise at_once(error) from None


def at_once(error: InvalidInput) -> CannotAnswer:
    """Turn the faults of a choice into one refusal: unknown codes are 404, all others 400.

    >>> from clusteratlas.tables import Fault
    >>> at_once(InvalidInput([Fault("a region stands twice", value="06085")])).fault.problem
    'a region stands twice'
    """
    first = error.faults[0]
    values = [each.value for each in error.faults if each.value]
    hints = list(dict.fromkeys(each.hint for each in error.faults if each.hint))
    others = list(dict.fromkeys(each.problem for each in error.faults))
    kind = CannotAnswer if all("there is no" in each for each in others) else BadAddress
    more = len(values) - SHOWN_FAULTS
    named = ", ".join(values[:SHOWN_FAULTS]) + (f" (+{more})" if more > 0 else "")
    problem = first.problem if len(others) == 1 else "; ".join(others[:4])
    return kind(problem, value=named, hint="; ".join(hints[:SHOWN_FAULTS]))
