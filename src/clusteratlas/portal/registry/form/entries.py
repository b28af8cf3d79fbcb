"""Every field of the form, in the order of its sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clusteratlas.organisations import PICKS

Words = Any
"""A text in the language spoken when it is shown."""

MOST_ROWS = 200
"""Rows of one list that the form reads; no organisation needs more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field.

    Attributes
    ----------
    name
        Where it stands in a profile, dotted: ``members.as_of``; within rows, below the row.
    kind
        How it is typed: ``line``, ``text``, ``number``, ``date``, ``mail``, ``web``, ``pick``,
        ``picks`` (boxes to tick), ``many`` (a list to choose several from), ``lines`` (one a
        line), ``codes`` (countries or languages, separated by commas), ``yes``, ``region``,
        ``cluster``, ``clusters``, ``industry``.
    pick
        The pick-list it is chosen from.
    wide
        It takes the whole width of the form.
    """

    name: str
    kind: str
    label: Words
    help: Words = ""
    pick: str = ""
    required: bool = False
    wide: bool = False
    most: int = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parts, each a row of fields. ``one`` is what a row is called."""

    name: str
    label: Words
    one: Words
    entries: Sequence[Entry]
    help: Words = ""
    blank: int = 1
    plain: bool = False
    """A row is a single value and no object of fields."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form: its place on the page, its heading and what it holds."""

    name: str
    title: Words
    lede: Words
    parts: Sequence[Entry | Rows]


def _interests(name: str, label: Words, one: Words) -> Rows:
    return Rows(
        name,
        label,
        one,
        (
            Entry("topic", "line", _("Topic")),
            Entry("kind", "pick", _("Kind of cooperation"), pick="cooperation"),
            Entry(
                "countries",
                "codes",
                _("Countries"),
                _("Names or two letters, separated by commas; empty means anywhere."),
                pick="country",
            ),
            Entry(
                "clusters",
                "clusters",
                _("Fields of partners"),
                _("Clusters by name or code, one a line."),
            ),
            Entry("technologies", "many", _("Technologies"), pick="technology"),
            Entry("text", "text", _("In more words"), most=4000),
        ),
    )


_PICKED_MEMBERS = tuple(PICKS["member"])

SECTIONS: tuple[Section, ...] = (
    Section(
        "identity",
        _("Who you are"),
        _("What does not apply stays empty: an empty field means not stated, never zero."),
        (
            Entry("name", "line", _("Name"), required=True, wide=True),
            Entry("short_name", "line", _("Short name"), most=60),
            Entry(
                "identifier",
                "line",
                _("Identifier"),
                _("A number by which your organisation is known again in files."),
                most=80,
            ),
            Entry("kind", "pick", _("Kind of organisation"), pick="kind"),
            Entry("legal_form", "pick", _("Legal form"), pick="legal_form"),
            Entry("sector", "pick", _("Sector"), pick="sector"),
            Entry("founded", "number", _("Year of foundation")),
            Entry("website", "web", _("Website"), most=500, wide=True),
            Entry(
                "summary",
                "text",
                _("In your own words"),
                _("Some sentences on aims and work; others read them first."),
                wide=True,
                most=4000,
            ),
        ),
    ),
    Section(
        "place",
        _("Where you are at home"),
        _("Your fields are set against the figures of these regions of the map."),
        (
            Entry(
                "country",
                "codes",
                _("Country"),
                _("Name or two letters."),
                pick="country",
                most=60,
            ),
            Entry("town", "line", _("Town")),
            Entry("street", "line", _("Street")),
            Entry("postcode", "line", _("Postcode"), most=20),
            Entry("latitude", "number", _("Latitude")),
            Entry("longitude", "number", _("Longitude")),
            Rows(
                "regions",
                _("Regions of the map"),
                _("Region"),
                (Entry("", "region", _("Region"), _("Name or code."), wide=True),),
                blank=2,
                plain=True,
            ),
        ),
    ),
    Section(
        "fields",
        _("What you work in"),
        _("Clusters of the map by name; codes do as well."),
        (
            Rows(
                "claims",
                _("Clusters and subclusters"),
                _("Field"),
                (
                    Entry("field", "cluster", _("Cluster or subcluster"), wide=True),
                    Entry("weight", "pick", _("Main or side field"), pick="claim", required=True),
                ),
                blank=2,
            ),
            Rows(
                "industries",
                _("Own industries"),
                _("Industry"),
                (
                    Entry(
                        "",
                        "industry",
                        _("Industry"),
                        _("A code such as naics-2017:339112 or nace-2:C29."),
                        wide=True,
                    ),
                ),
                blank=2,
                plain=True,
            ),
            Entry("technologies", "picks", _("Technologies"), pick="technology", wide=True),
            Entry(
                "priorities",
                "lines",
                _("Smart-specialisation priorities"),
                _("One a line, as your strategy words them."),
                wide=True,
            ),
            Entry("ecosystems", "picks", _("Ecosystems"), pick="ecosystem", wide=True),
            Entry(
                "emerging_industries",
                "picks",
                _("Emerging industries"),
                pick="emerging",
                wide=True,
            ),
        ),
    ),
    Section(
        "members",
        _("Members and staff"),
        _("Counts by kind on one day; a kind that you do not count stays empty."),
        (
            *(
                Entry(f"members.counts.{code}", "number", code, pick="member")
                for code in _PICKED_MEMBERS
            ),
            Entry("members.as_of", "date", _("Counted on")),
            Entry("staff", "number", _("Staff in full-time equivalents")),
            Entry("budget", "pick", _("Budget a year"), pick="budget"),
            Entry("budget_currency", "line", _("Currency"), _("Such as EUR or USD."), most=3),
        ),
    ),
    Section(
        "services",
        _("Services, labels, languages"),
        "",
        (
            Entry("services", "picks", _("Services"), pick="service", wide=True),
            Entry("focus", "picks", _("Firms in focus"), pick="focus", wide=True),
            Entry(
                "languages",
                "codes",
                _("Languages of your office"),
                _("Names or two letters, separated by commas."),
                pick="language",
                wide=True,
            ),
            Rows(
                "labels",
                _("Labels"),
                _("Label"),
                (
                    Entry("label", "pick", _("Label"), pick="label"),
                    Entry("name", "line", _("Name of the label")),
                    Entry("valid_until", "date", _("Valid until")),
                ),
            ),
        ),
    ),
    Section(
        "cooperation",
        _("What you offer and what you seek"),
        _("Partners are suggested where offers meet what others seek, in both directions."),
        (
            _interests("offers", _("Offers"), _("Offer")),
            _interests("seeks", _("Seeks"), _("Wish")),
        ),
    ),
    Section(
        "partnerships",
        _("Partnerships"),
        _("Those that exist or existed; they are not suggested again."),
        (
            Rows(
                "partnerships",
                _("Partnerships"),
                _("Partnership"),
                (
                    Entry("name", "line", _("Name of the partnership")),
                    Entry("programme", "line", _("Programme")),
                    Entry("since", "number", _("Since (year)")),
                    Entry("until", "number", _("Until (year)")),
                    Entry("partners", "lines", _("Partners"), _("One a line."), wide=True),
                ),
            ),
        ),
    ),
    Section(
        "contacts",
        _("Whom to ask"),
        _("Others see a person only when that person has agreed."),
        (
            Rows(
                "contacts",
                _("Contacts"),
                _("Contact"),
                (
                    Entry("name", "line", _("Name")),
                    Entry("role", "line", _("Role")),
                    Entry("mail", "mail", _("Mail address"), most=254),
                    Entry("phone", "line", _("Telephone"), most=40),
                    Entry("consent", "yes", _("Has agreed to be shown")),
                    Entry("consent_on", "date", _("Agreed on")),
                ),
            ),
        ),
    ),
    Section(
        "evidence",
        _("Evidence"),
        _("What bears the profile out: a strategy, statutes, a report."),
        (
            Rows(
                "evidence",
                _("Evidence"),
                _("Document"),
                (
                    Entry("title", "line", _("Title")),
                    Entry("address", "web", _("Address on the web"), most=500),
                    Entry("on", "date", _("Of (day)")),
                ),
            ),
        ),
    ),
)

PARTS: dict[str, Entry | Rows] = {part.name: part for section in SECTIONS for part in section.parts}


def rows() -> Iterator[Rows]:
    """Yield the lists of the form."""
    yield from (part for part in PARTS.values() if isinstance(part, Rows))


def label_of(name: str) -> str:
    """Return what a field of a profile is called in the form, such as of a change.

    >>> label_of("legal_form"), label_of("members"), label_of("none_such")
    ('Legal form', 'Members', 'none_such')
    """
    if name == "members":
        return str(_("Members"))
    if name == "fictional":
        return str(_("Fictional"))
    part = PARTS.get(name)
    return str(part.label) if part is not None else name
