"""A programme out of what JSON gives, with every fault in words that say whose money it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from clusteratlas.organisations.json_form import worded
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.programmes.register.document import Programme
from clusteratlas.tables import Fault

NO_CURRENCY: Final = "money without currency"
CURRENCY_HINT: Final = (
    "write its three letters (ISO 4217), such as EUR or USD; what has no currency is never added"
)


def programme_of_json(
    given: object, *, file: str = "", row: int | None = None
) -> tuple[Programme | None, list[Fault]]:
    """Return a programme, or its faults, out of what JSON gives.

    >>> money = [{"amount": 5, "side": "public", "year": 2020}]
    >>> print(programme_of_json({"name": "Boost", "money": money})[1][0].problem)
    money without currency (programme Boost, year 2020)
    """
    if not isinstance(given, Mapping):
        problem = "a programme is not an object of fields"
        return None, [Fault(problem, file, row, value=str(given)[:SHOWN])]
    try:
        return Programme.model_validate(given), []
    except ValidationError as error:
        return None, [
            _fault(each, given, file, row)
            for each in error.errors(include_url=False, include_context=False)
        ]


def _fault(each: Any, given: Mapping[str, Any], file: str, row: int | None) -> Fault:
    place: tuple[str | int, ...] = each["loc"]
    column = ".".join(str(part) for part in place)
    stated = each["input"] if isinstance(each["input"], str | int | float | bool) else ""
    if place and place[-1] == "currency" and each["type"] == "missing":
        whose = whose_money(given, place)
        return Fault(f"{NO_CURRENCY} ({whose})", file, row, column, "", CURRENCY_HINT)
    problem, hint = said(each["type"], each["msg"])
    return Fault(problem, file, row, column, str(stated)[:SHOWN], hint)


def said(kind: str, message: str) -> tuple[str, str]:
    """Return a fault of the schema in plain words, and what to do about it."""
    if kind == "missing":
        return "the field is missing", "see `clusteratlas programme register schema`"
    if kind == "extra_forbidden":
        return "there is no such field", "see `clusteratlas programme register schema`"
    if kind == "literal_error":
        return (
            "not a word of this field",
            f"write {worded(kind, message).removeprefix('should be ')}",
        )
    problem, _, hint = worded(kind, message).partition("; ")
    return problem, hint


def whose_money(given: Mapping[str, Any], place: tuple[str | int, ...]) -> str:
    """Say whose an amount is: the programme, its call or award, the year.

    >>> whose_money({"name": "Boost", "money": [{"year": 2020}]}, ("money", 0, "currency"))
    'programme Boost, year 2020'
    """
    found: Any = given
    parts = [f"programme {given.get('name', '')}".strip()]
    for at, step in enumerate(place[:-1]):
        if isinstance(found, Mapping):
            found = found.get(str(step))
        elif isinstance(found, list | tuple) and isinstance(step, int):
            found = found[step]
        if at and place[at - 1] in ("calls", "awards") and isinstance(found, Mapping):
            parts.append(f"{str(place[at - 1])[:-1]} {found.get('key', step)}")
    year = found.get("year") if isinstance(found, Mapping) else None
    parts.append(f"year {year}" if year else "no year")
    return ", ".join(parts)
