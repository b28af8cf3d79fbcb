"""How rounds stand in a table: one row for each answer, and what its columns mean."""

from __future__ import annotations

import re
from typing import Final

from clusteratlas.organisations.profile import Evidence
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire, Scale

WHO: Final = ("organisation", "country", "fields", "technologies", "founded", "members", "shared")
"""Columns of the organisation; they are read from the first row of each that states them."""

COLUMNS: Final = (
    *WHO,
    "questionnaire",
    "date",
    "indicator",
    "value",
    "not_applicable",
    "note",
    "evidence",
)
EXPLAINED: Final = ("group", "name", "asks", "answer_with", "mark")
"""Columns of a template that explain what is asked; not read."""

NEEDED: Final = ("organisation", "date", "indicator", "value")
SEPARATOR: Final = ";"
_PIECE: Final = re.compile(r"(?P<title>[^<]*?)\s*(?:<(?P<address>[^<>\s]+)>)?\s*")


def answer_with(scale: Scale) -> str:
    """Return in English what an indicator is answered with.

    >>> answer_with(Scale(code="s", kind="number", mark="ours", unit="months", cuts=(6, 12)))
    'a number from 0 on, months; a point each at 6, 12'
    """
    if scale.kind == "levels":
        return "; ".join(f"{place} {words}" for place, words in enumerate(scale.levels))
    if scale.kind == "choice":
        return "; ".join(f"{each.code} {each.name}" for each in scale.options)
    unit = f", {scale.unit}" if scale.unit else ""
    ends = (
        f"from {scale.low:g} on" if scale.high is None else f"from {scale.low:g} to {scale.high:g}"
    )
    cuts = ", ".join(f"{each:g}" for each in scale.cuts)
    turned = " and below" if scale.better == "less" else ""
    return f"a number {ends}{unit}{f'; a point each at {cuts}{turned}' if cuts else ''}"


def written_evidence(pieces: tuple[Evidence, ...]) -> str:
    """Return pieces of evidence as a cell; what parts pieces in it is written otherwise.

    >>> written_evidence((Evidence(title="Strategy", address="https://example.org/s"),))
    'Strategy <https://example.org/s>'
    """
    return f"{SEPARATOR} ".join(written_piece(each) for each in pieces)


def written_piece(piece: Evidence) -> str:
    """Return a piece of evidence as it is typed: its title, then its address in brackets.

    >>> written_piece(Evidence(title="Plan; draft <2>"))
    'Plan, draft (2)'
    """
    title = piece.title.translate(str.maketrans(f"<>{SEPARATOR}", "(),"))
    address = piece.address.replace(SEPARATOR, "%3B")
    return f"{title} <{address}>" if address else title


def read_evidence(cell: str) -> tuple[dict[str, str], ...]:
    """Return the pieces of evidence of a cell, as they are given.

    >>> read_evidence("Strategy <https://example.org/s>; Minutes")
    ({'title': 'Strategy', 'address': 'https://example.org/s'}, {'title': 'Minutes'})
    """
    found = []
    for part in filter(None, (each.strip() for each in cell.split(SEPARATOR))):
        held = _PIECE.fullmatch(part)
        given = held.groupdict() if held else {"title": part}
        found.append({name: value for name, value in given.items() if value})
    return tuple(found)


def explained(questionnaire: Questionnaire, code: str) -> dict[str, str]:
    """Return the explaining columns of an indicator."""
    indicator = questionnaire.by_code[code]
    group = next(each for each in questionnaire.group if each.code == indicator.group)
    return {
        "group": group.name,
        "name": indicator.name,
        "asks": indicator.asks,
        "answer_with": answer_with(questionnaire.scales[code]),
        "mark": indicator.mark.value,
    }
