"""The logs of a programme: which tables there are, what their columns mean, how they hang together.

Every table is one log: a CSV of its name in a folder, a sheet of its name in a workbook, or a list
of its name in JSON. The same layout reads a file, checks it, documents it and tells a counting rule
what it may ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["key", "ref", "text", "code", "yes", "date", "year", "whole", "number", "currency"]
"""What a cell holds: the row's own key, the key of another log, text, a code, yes or no, ..."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a log.

    Attributes
    ----------
    kind
        How its cells are read; ``ref`` names a row of the log ``of``.
    needed
        Whether every row states it. A cell left empty elsewhere is *not stated*, never no or zero.
    codes
        What a ``code`` may be; any word where there are none.
    at_least
        The lowest number allowed.
    """

    name: str
    kind: Kind
    meaning: str
    needed: bool = False
    codes: tuple[str, ...] = ()
    of: str = ""
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """How a row of a log belongs to a calendar year.

    ``on`` a date or year of its own, or open from ``start`` to ``end`` with any day of the year
    inside. ``of`` says that the dates are those of the row that this column refers to.
    """

    name: str
    on: str = ""
    start: str = ""
    end: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A log: its columns, what makes a row the only one of its kind, and how it tells the year.

    Attributes
    ----------
    once
        Columns whose values together stand in one row only.
    periods
        The first is what a rule means that names none.
    in_programme
        Dates that lie within the programme's life.
    in_order
        Pairs of dates of which the first is not the later.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    once: tuple[str, ...]
    periods: tuple[Period, ...] = ()
    in_programme: tuple[str, ...] = ()
    in_order: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The column of the row's own key; empty where rows have none."""
        return next((each.name for each in self.columns if each.kind == "key"), "")

    @property
    def refs(self) -> dict[str, str]:
        """By column, the log that it refers to."""
        return {each.name: each.of for each in self.columns if each.kind == "ref"}

    def column(self, name: str) -> Column | None:
        """Return the column of this name."""
        return next((each for each in self.columns if each.name == name), None)

    def period(self, name: str) -> Period | None:
        """Return the period of this name, the first one for an empty name."""
        return next((each for each in self.periods if name in ("", each.name)), None)


ACTOR_KINDS: Final = (
    "company",
    "knowledge-institute",
    "public-body",
    "association",
    "investor",
    "other",
)
SIZES: Final = ("micro", "small", "medium", "large")
_ORGANISATION: Final = Column(
    "organisation", "ref", "code in the log of organisations", True, of="organisations"
)

_LAYOUTS: Final = (
    Layout(
        "organisations",
        "everybody whom another log names: members, guests, partners",
        (
            Column("organisation", "key", "code of the organisation", True),
            Column("name", "text", "its name", True),
            Column("group", "text", "code of its corporate group; its own code where empty"),
            Column("kind", "code", "what it is", True, ACTOR_KINDS),
        ),
        once=("organisation",),
    ),
    Layout(
        "sizes",
        "size by the European definition of small and medium-sized enterprises, year by year",
        (
            _ORGANISATION,
            Column("year", "year", "year that the figures are of", True),
            Column("size", "code", "size class; found from the figures where empty", codes=SIZES),
            Column("staff", "number", "annual work units, linked firms included", at_least=0),
            Column("turnover", "number", "turnover, EUR million", at_least=0),
            Column("balance", "number", "balance sheet total, EUR million", at_least=0),
        ),
        once=("organisation", "year"),
    ),
    Layout(
        "members",
        "memberships, one row for each spell",
        (
            _ORGANISATION,
            Column("type", "code", "full member, or associate or partner", True,
                   ("full", "associate")),
            Column("paying", "yes", "whether it pays a fee"),
            Column("from", "date", "first day", True),
            Column("until", "date", "last day; empty while it lasts"),
        ),
        once=("organisation", "type", "from"),
        periods=(Period("running", start="from", end="until"),),
        in_order=(("from", "until"),),
    ),
    Layout(
        "events",
        "events that were held",
        (
            Column("event", "key", "code of the event", True),
            Column("date", "date", "first day", True),
            Column("title", "text", "title"),
            Column("kind", "code", "such as network, workshop, training, matchmaking", True),
            Column("paid", "yes", "whether taking part costs a fee"),
            Column("innovative", "yes", "whether it is meant to lead to innovation"),
        ),
        once=("event",),
        periods=(Period("held", on="date"),),
        in_programme=("date",),
    ),
    Layout(
        "attendance",
        "who came to which event",
        (
            Column("event", "ref", "code of the event", True, of="events"),
            _ORGANISATION,
            Column("people", "whole", "how many people came", at_least=1),
        ),
        once=("event", "organisation"),
        periods=(Period("held", on="date", of="event"),),
    ),
    Layout(
        "services",
        "services given to one organisation, such as advice",
        (
            Column("service", "key", "code of the service", True),
            Column("date", "date", "day it was given or begun", True),
            _ORGANISATION,
            Column("kind", "code", "such as advice, introduction, scouting", True),
            Column("hours", "number", "hours spent", at_least=0),
            Column("innovative", "yes", "whether it is meant to lead to innovation"),
        ),
        once=("service",),
        periods=(Period("given", on="date"),),
        in_programme=("date",),
    ),
    Layout(
        "projects",
        "projects and collaboration initiatives",
        (
            Column("project", "key", "code of the project", True),
            Column("title", "text", "title"),
            Column("kind", "code", "what it is", True,
                   ("cluster-project", "inter-cluster-project", "eu-project", "initiative")),
            Column("innovative", "yes", "whether it leads to or aims at innovation"),
            Column("linked", "yes", "whether it has a clear link to the cluster"),
            Column("earmarked", "yes", "whether its money was set aside for the cluster"),
            Column("decided", "date", "day of the decision; empty while undecided"),
            Column("started", "date", "first day; empty before it starts"),
            Column("ended", "date", "last day; empty while it lasts"),
        ),
        once=("project",),
        periods=(
            Period("running", start="started", end="ended"),
            Period("decided", on="decided"),
            Period("started", on="started"),
        ),
        in_programme=("decided",),
        in_order=(("decided", "started"), ("started", "ended"), ("decided", "ended")),
    ),
    Layout(
        "participants",
        "who takes part in which project",
        (
            Column("project", "ref", "code of the project", True, of="projects"),
            _ORGANISATION,
            Column("role", "code", "such as lead, partner"),
        ),
        once=("project", "organisation"),
        periods=(
            Period("running", start="started", end="ended", of="project"),
            Period("decided", on="decided", of="project"),
            Period("started", on="started", of="project"),
        ),
    ),
    Layout(
        "agreements",
        "agreements with other initiatives, regional or abroad",
        (
            Column("agreement", "key", "code of the agreement", True),
            Column("partner", "text", "with whom", True),
            Column("scope", "code", "where the partner is", True, ("regional", "international")),
            Column("signed", "date", "first day", True),
            Column("ended", "date", "last day; empty while it lasts"),
        ),
        once=("agreement",),
        periods=(Period("running", start="signed", end="ended"),),
        in_order=(("signed", "ended"),),
    ),
    Layout(
        "staff",
        "people paid to run the programme",
        (
            Column("year", "year", "calendar year", True),
            Column("role", "text", "what they do", True),
            Column("fte", "number", "full-time equivalents over the year", True, at_least=0),
        ),
        once=("year", "role"),
        periods=(Period("paid", on="year"),),
        in_programme=("year",),
    ),
    Layout(
        "asked",
        "whom the yearly survey asked, whether or not they answered",
        (Column("year", "year", "year that the survey asks about", True), _ORGANISATION),
        once=("year", "organisation"),
        periods=(Period("year", on="year"),),
        in_programme=("year",),
    ),
    Layout(
        "answers",
        "what the survey was answered: one row for each answered question",
        (
            Column("year", "year", "year that the survey asks about", True),
            _ORGANISATION,
            Column("question", "code", "code of the question", True),
            Column("answer", "number", "the answer", True),
            Column("currency", "currency", "of an amount of money, such as EUR"),
        ),
        once=("year", "organisation", "question"),
        periods=(Period("year", on="year"),),
        in_programme=("year",),
    ),
    Layout(
        "coverage",
        "which years a log is complete for, and who has checked it",
        (
            Column("log", "text", "name of the log", True),
            Column("from", "year", "first complete year", True),
            Column("until", "year", "last complete year", True),
            Column("verified_by", "text", "who has checked it; empty where nobody has"),
        ),
        once=("log",),
    ),
)  # fmt: skip

LAYOUTS: Final = MappingProxyType({each.name: each for each in _LAYOUTS})
"""Every log by its name, in the order in which they are documented."""

MONEY_QUESTIONS: Final = ("extra-turnover", "extra-turnover-international", "extra-investment")
"""Questions whose answers are amounts, which need a currency."""

UNIT_LOGS: Final = MappingProxyType(
    {
        "group": "organisations",
        "organisation": "organisations",
        "event": "events",
        "service": "services",
        "project": "projects",
        "agreement": "agreements",
    }
)
"""What a rule can count, and the log in which it stands."""

SME: Final = "sme"
"""What a rule may ask of an organisation or a group beside its columns; it follows from sizes."""


def size_class(staff: float | None, turnover: float | None, balance: float | None) -> str:
    """Return the size class of a firm by the European definition.

    **Definition.** *micro*: fewer than 10 annual work units and turnover or balance of at most
    EUR 2 million; *small*: fewer than 50 and at most 10; *medium*: fewer than 250 and turnover of
    at most 50 or balance of at most 43; *large* otherwise. Linked firms are counted together.

    Parameters
    ----------
    staff
        Annual work units.
    turnover, balance
        EUR million; one of them is enough where it lies within the class.

    Returns
    -------
    The class; empty where the figures do not decide it.

    Missing data
    ------------
    Without staff there is no class. With 250 or more the class is large whatever the money is.

    Source
    ------
    Commission Recommendation 2003/361/EC, annex, article 2.

    Example
    -------
    >>> size_class(30, 8.0, None), size_class(30, 60.0, 20.0), size_class(30, None, None)
    ('small', 'medium', '')
    """
    if staff is None:
        return ""
    if staff >= 250:
        return "large"
    if turnover is None and balance is None:
        return ""
    for name, most, of_turnover, of_balance in (
        ("micro", 10, 2.0, 2.0),
        ("small", 50, 10.0, 10.0),
        ("medium", 250, 50.0, 43.0),
    ):
        if staff >= most:
            continue
        if (turnover is not None and turnover <= of_turnover) or (
            balance is not None and balance <= of_balance
        ):
            return name
        if turnover is None or balance is None:
            return ""
    return "large"
