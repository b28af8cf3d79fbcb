"""A figure of an account: its value or why there is none, and the records that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from clusteratlas.programmes.account.records import checksum_of
from clusteratlas.programmes.account.rules import Rule, RuleSet, Stage
from clusteratlas.programmes.grades import EvidenceGrade

Status = Literal["counted", "reported", "not_known"]
Nothing = MappingProxyType[str, Any]({})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is not known, or what it takes for granted: a code with its parameters."""

    code: str
    given: Mapping[str, Any] = field(default_factory=lambda: Nothing)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"code": self.code, **self.given}


@dataclass(frozen=True, slots=True)
class Record:
    """A row that was counted: of which log, which row of its file, for which unit.

    ``certain`` is false where a cell that the rule asks for is not stated.
    """

    unit: str
    log: str
    row: int
    certain: bool = True

    def plain(self) -> list[Any]:
        """Return it as it goes into a checksum."""
        return [self.unit, self.log, self.row, self.certain]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a figure: how many units surely meet it, and how many at most.

    ``set`` is the set of units and ``part`` the number of its demand, none for the set as a whole;
    of a figure that is no count, ``set`` names the amount.
    """

    set: str
    unit: str
    low: float
    high: float
    text: str = ""
    part: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"set": self.set, "unit": self.unit, "part": self.part, "text": self.text,
                "low": self.low, "high": self.high}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Response:
    """Who answered a survey, and what all who were asked would have said, were they alike.

    ``low`` and ``high`` hold the 90 % interval of ``whole``; all three are none where too few
    answered.
    """

    asked: int
    answered: int
    whole: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float:
        """Answers for each that was asked."""
        return self.answered / self.asked

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"asked": self.asked, "answered": self.answered, "share": self.share,
                "whole": self.whole, "whole_low": self.low, "whole_high": self.high}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an account.

    Attributes
    ----------
    rules, rule
        The set of rules and the rule in it.
    year
        Calendar year; none for money of which only a total is stated.
    value
        None where it is not known, and where cells that are not stated leave it between ``low`` and
        ``high``.
    low, high
        What it surely is between; none where nothing is known.
    unit
        Such as ``firms``, ``EUR``, or ``EUR of 2015`` for prices of another year.
    status
        ``counted`` from logs, ``reported`` by those who know, or ``not_known``.
    why
        Why it is not known.
    assumed
        What is taken for granted.
    steps, records
        The parts of the count, and the rows that were counted.
    response
        Of a survey.
    unstated
        By column, how many of the uncertain rows do not state it.
    """

    rules: RuleSet
    rule: Rule
    year: int | None
    unit: str
    status: Status
    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    why: Reason | None = None
    assumed: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    records: tuple[Record, ...] = ()
    response: Response | None = None
    unstated: Mapping[str, int] = field(default_factory=lambda: Nothing)
    verified_by: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What its rule is called in addresses."""
        return self.rules.key(self.rule)

    @property
    def stage(self) -> Stage:
        """Where it stands in the logic of the programme."""
        return self.rule.stage

    @property
    def grade(self) -> EvidenceGrade:
        """How much it proves.

        Always D: what a programme counts in its own logs, asks its members or states of its money
        compares nobody with anybody. That somebody has checked the log is said beside it
        (``verified_by``) and lifts no grade.
        """
        return EvidenceGrade.D

    @property
    def known(self) -> bool:
        """Whether anything is known of it, if only an interval."""
        return self.low is not None

    @property
    def checksum(self) -> str:
        """The SHA-256 of the records that were counted."""
        return checksum_of(each.plain() for each in self.records)

    def rows(self) -> dict[str, tuple[int, ...]]:
        """Return by log the numbers of the rows that were counted."""
        found: dict[str, set[int]] = {}
        for each in self.records:
            found.setdefault(each.log, set()).add(each.row)
        return {name: tuple(sorted(rows)) for name, rows in sorted(found.items())}

    def to_dict(self, *, rows: bool = True) -> dict[str, Any]:
        """Return it as JSON can hold it; without ``rows`` nothing names a unit or a row.

        What everybody may read has no rows: the codes in logs are those of firms.
        """
        counted = self.rows()
        evidence: dict[str, Any] = {
            "records": len(self.records),
            "rows": {name: len(each) for name, each in counted.items()},
            "checksum": self.checksum,
        }
        if rows:
            evidence["rows"] = {name: list(each) for name, each in counted.items()}
        return {
            "rule": self.key,
            "rules": self.rules.id,
            "id": self.rule.id,
            "title": self.rule.title,
            "text": self.rule.text,
            "stage": self.stage.value,
            "year": self.year,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "status": self.status,
            "grade": self.grade.value,
            "why": None if self.why is None else self.why.to_dict(),
            "assumed": [each.to_dict() for each in self.assumed],
            "response": None if self.response is None else self.response.to_dict(),
            "unstated": dict(self.unstated),
            "verified_by": list(self.verified_by),
            "steps": [each.to_dict() for each in self.steps],
            "source": self.rules.source,
            "evidence": evidence,
        }
