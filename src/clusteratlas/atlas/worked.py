"""A published figure worked again from what it was made of: inputs, steps, result."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

from clusteratlas.tables import ESTIMATED, REPORTED, UNPUBLISHED, WITHHELD, CannotAnswer

JOBS, SHARE, RATIO, COUNT, YEARS, RATE, TRUTH, BITS, SQUARED, PLACE = (
    "jobs",
    "share",
    "ratio",
    "count",
    "years",
    "rate",
    "truth",
    "bits",
    "jobs squared",
    "place",
)
"""Units of inputs and results."""

CLOSE = 1e-9
"""Relative difference up to which a worked result is the published figure."""

SURENESS = (UNPUBLISHED, REPORTED, ESTIMATED, WITHHELD)


@dataclass(frozen=True, slots=True)
class Part:
    """One term of an input that is a sum: what it adds, and the jobs that it rests on."""

    code: str
    name: str
    adds: float
    jobs: float | None = None
    status: str = REPORTED


@dataclass(frozen=True, slots=True)
class Given:
    """An input: what a step takes. ``parts`` are the terms where it is a sum."""

    name: str
    value: float
    unit: str
    year: int
    status: str = REPORTED
    low: float | None = None
    high: float | None = None
    table: str = "regional_clusters"
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of arithmetic over the names of inputs and of earlier steps."""

    name: str
    expression: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure with all that it was made of.

    ``published`` is what the release holds; None where it has no such figure, and then there are
    no steps. ``missing`` is a word for why there are none: no figure, first year, not comparable
    or not kept.
    """

    figure: str
    published: float | None
    unit: str
    year: int
    status: str
    low: float | None = None
    high: float | None = None
    given: tuple[Given, ...] = ()
    steps: tuple[Step, ...] = ()
    missing: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the last step gives the published figure."""
        if not self.steps or self.published is None:
            return False
        # Counts of an industry that several clusters share are rounded when they are added.
        slack = 0.5 if self.figure in ("employment", "establishments") else 1e-9
        if self.unit == JOBS:
            slack = max(slack, 1e-6)
        return isclose(self.steps[-1].value, self.published, rel_tol=CLOSE, abs_tol=slack)


def settled(worked: Worked) -> Worked:
    """Return a figure with its arithmetic, or without where the release holds too little for it.

    Years whose withheld cells are not filled take totals that a release does not keep.
    """
    if worked.agrees:
        return worked
    return replace(worked, given=(), steps=(), missing=worked.missing or "not kept")


class Sheet:
    """Collects inputs and steps; a step is computed when it is written down."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.steps: list[Step] = []
        self._known: dict[str, float] = {}

    def take(self, given: Given) -> None:
        """Write down an input."""
        self.given.append(given)
        self._known[given.name] = given.value

    def work(self, name: str, expression: str, unit: str) -> float:
        """Write down a step and return its result."""
        value = worked_out(expression, self._known)
        self._known[name] = value
        self.steps.append(Step(name, expression, value, unit))
        return value


def added(
    name: str,
    parts: Sequence[Part],
    unit: str,
    year: int,
    *,
    table: str = "regional_clusters",
    status: str | None = None,
) -> Given:
    """Return an input that is the sum of its parts, with the status of the least sure one."""
    worst = max((SURENESS.index(part.status) for part in parts), default=1)
    total = sum(part.adds for part in parts)
    return Given(
        name, total, unit, year, status or SURENESS[worst], table=table, parts=tuple(parts)
    )


_OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.BitAnd: lambda a, b: float(bool(a) and bool(b)),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Gt: lambda a, b: float(a > b),
}


def worked_out(expression: str, known: Mapping[str, float]) -> float:
    """Work out a line of arithmetic: + - * / ** (power), >= >, & (and), names and numbers.

    >>> worked_out("( end / start ) ** ( 1 / years ) - 1", {"end": 121, "start": 100, "years": 2})
    0.10000000000000009
    >>> worked_out("( a >= 1 ) & ( b > a )", {"a": 1, "b": 1})
    0.0
    """
    return _value(ast.parse(expression, mode="eval").body, known)


def _value(node: ast.expr, known: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return float(_OPERATORS[type(op)](_value(left, known), _value(right, known)))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return float(_OPERATORS[type(op)](_value(left, known), _value(right, known)))
        case ast.Name(id=name):
            return float(known[name])
        case ast.Constant(value=int() | float() as number):
            return float(number)
    raise CannotAnswer("that is no line of arithmetic", value=ast.dump(node))
