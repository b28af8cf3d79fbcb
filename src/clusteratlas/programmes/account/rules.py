"""Counting rules as data: a small set of building blocks, from which a set of rules is made.

A *set of units* says which groups, organisations, events or projects are meant; a *rule* counts
one, shares two, adds a column, or sums a survey's answers or the register's money. There is nothing
in a file of rules that could run.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic import model_validator as whole

from clusteratlas.programmes.account.layout import LAYOUTS, SME, UNIT_LOGS, Layout

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
_Line = Annotated[str, StringConstraints(max_length=200)]
_Words = Annotated[str, StringConstraints(max_length=2_000)]
_Asked = bool | str | int | float
Where = dict[str, _Asked | tuple[_Asked, ...]]
Unit = Literal["group", "organisation", "event", "service", "project", "agreement"]


class Stage(StrEnum):
    """Where a figure stands in the logic of a programme, from what goes in to what comes of it."""

    input = "input"
    activity = "activity"
    output = "output"
    behaviour = "behaviour"
    outcome = "outcome"
    impact = "impact"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Part):
    """Rows of a log.

    Attributes
    ----------
    where
        By column what it says, or one of what it may say; ``organisation.kind`` asks the row that a
        column refers to.
    among
        By column the set of units to which the row's must belong.
    period
        How a row belongs to the year; by default the log's first way.
    distinct
        Column whose different values are counted; by default the log's own.
    """

    log: str
    where: Where = Field(default_factory=dict)
    among: dict[str, str] = Field(default_factory=dict)
    period: str = ""
    distinct: str = ""

    @property
    def layout(self) -> Layout:
        """The log's layout."""
        return LAYOUTS[self.log]

    @property
    def counted(self) -> str:
        """The column whose different values are counted."""
        return self.distinct or self.layout.once[0]


class Demand(_Part):
    """What a unit must have: at least so many different things in logs, or a place in a set."""

    of: tuple[Source, ...] = ()
    set: str = ""
    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    text: _Line = ""

    @whole(mode="after")
    def _one(self) -> Self:
        if bool(self.of) == bool(self.set):
            raise ValueError("a demand asks of logs (of) or of a set (set); give one of the two")
        if self.set and self.at_least != 1:
            raise ValueError("at_least counts rows of logs; it goes with of, not with set")
        return self


class UnitSet(_Part):
    """Which units are meant: all that are so, meet every demand, one of some, and none of others.

    Attributes
    ----------
    attributes
        Written ``is``: by attribute what the unit itself says; of a group and an organisation also
        ``sme``.
    period
        Of events, services, projects and agreements: how they belong to the year.
    """

    name: _Name
    unit: Unit
    text: _Words = ""
    attributes: Where = Field(default_factory=dict, alias="is")
    period: str = ""
    any: tuple[Demand, ...] = ()
    all: tuple[Demand, ...] = ()
    none: tuple[Demand, ...] = ()

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Every demand that is made."""
        return (*self.any, *self.all, *self.none)


class Share(_Part):
    """A set of units as a share of another, in percent."""

    part: str
    whole: str


class Total(_Part):
    """A column of a log, added up over the year."""

    log: str
    column: str
    where: Where = Field(default_factory=dict)
    period: str = ""

    @property
    def source(self) -> Source:
        """The rows that are added up."""
        return Source(log=self.log, where=self.where, period=self.period)


class Survey(_Part):
    """Answers to a question, added up or averaged; money in one currency."""

    question: _Name
    statistic: Literal["sum", "mean"] = "sum"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class Rule(_Part):
    """How a figure is found: exactly one of ``count``, ``share``, ``sum``, ``survey``, ``money``,
    ``leverage`` and ``cost_of``.

    Attributes
    ----------
    text
        The rule in words.
    unit
        Of the figure, such as ``firms``; empty for money, whose currency is its unit.
    note
        What was decided where the source leaves something open.
    """

    id: _Name
    title: _Line
    text: _Words
    unit: _Line = ""
    stage: Stage
    note: _Words = ""
    count: str | None = None
    share: Share | None = None
    sum: Total | None = None
    survey: Survey | None = None
    money: Literal["public", "private"] | None = None
    leverage: bool | None = None
    cost_of: str | None = None

    @whole(mode="after")
    def _one(self) -> Self:
        given = [name for name in WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a rule has one way to its figure; give one of {', '.join(WAYS)}")
        return self

    @property
    def way(self) -> str:
        """Which way leads to the figure."""
        return next(name for name in WAYS if getattr(self, name) is not None)


WAYS: Final = ("count", "share", "sum", "survey", "money", "leverage", "cost_of")


class RuleSet(_Part):
    """A named, versioned set of rules, with the sets of units that they count."""

    name: _Name
    version: Annotated[int, Field(ge=1)]
    title: _Line
    text: _Words = ""
    source: _Words = ""
    set: Annotated[tuple[UnitSet, ...], Field(max_length=200)] = ()
    rule: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=200)]

    @property
    def id(self) -> str:
        """Name and version in one word."""
        return f"{self.name}-{self.version}"

    def units(self, name: str) -> UnitSet:
        """Return the set of units of this name."""
        return next(each for each in self.set if each.name == name)

    def key(self, rule: Rule) -> str:
        """Return what a rule is called among all sets, as it stands in addresses.

        >>> from clusteratlas.programmes.account.rule_files import bundled
        >>> rules = bundled("flemish-clusters-2025")
        >>> rules.key(rules.rule[0])
        'flemish-clusters-2025-dbc1'
        """
        return f"{self.id}-{rule.id}".casefold()

    def needs(self, rule: Rule) -> tuple[str, ...]:
        """Return the logs without which a rule has no figure, in the order of the reference."""
        found = set(_needs_of_rule(self, rule))
        return tuple(name for name in LAYOUTS if name in found)


# Which logs a rule needs


def _needs_of_rule(rules: RuleSet, rule: Rule) -> Iterator[str]:
    for name in (rule.count, *((rule.share.part, rule.share.whole) if rule.share else ())):
        if name is not None:
            yield from _needs_of_set(rules, rules.units(name))
    if rule.sum is not None:
        yield from _needs_of_source(rules, rule.sum.source)
    if rule.survey is not None:
        yield from ("organisations", "asked", "answers")
    if rule.cost_of is not None:
        of = next(each for each in rules.rule if each.id == rule.cost_of)
        yield from _needs_of_rule(rules, of)


def _needs_of_set(rules: RuleSet, units: UnitSet) -> Iterator[str]:
    yield UNIT_LOGS[units.unit]
    if SME in units.attributes:
        yield "sizes"
    for demand in units.demands:
        if demand.set:
            yield from _needs_of_set(rules, rules.units(demand.set))
        for source in demand.of:
            yield from _needs_of_source(rules, source)


def _needs_of_source(rules: RuleSet, source: Source) -> Iterator[str]:
    layout = source.layout
    yield source.log
    period = layout.period(source.period)
    if period is not None and period.of:
        yield layout.refs[period.of]
    for name in source.where:
        first, dot, rest = name.partition(".")
        if dot:
            yield layout.refs[first]
            if rest == SME:
                yield "sizes"
    for name in source.among.values():
        yield from _needs_of_set(rules, rules.units(name))
