"""Writing rounds and templates to fill in: JSON, CSV, and a workbook with the choices in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from xlsxwriter import Workbook

from clusteratlas.programmes.benchmarking.answers import (
    FORMAT,
    SCHEMA_VERSION,
    Answer,
    Assessed,
    Assessment,
    Round,
)
from clusteratlas.programmes.benchmarking.layout import (
    COLUMNS,
    EXPLAINED,
    SEPARATOR,
    explained,
    written_evidence,
)
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.tables.spreadsheet_text import inert, kept_in_sheet

FORMS: Final = ("csv", "xlsx", "json")
CREATED: Final = datetime(2000, 1, 1)
"""Fixed, so that the same rounds give the same bytes."""

WIDTHS: Final = {"asks": 60, "answer_with": 60, "name": 34, "evidence": 40, "organisation": 28}


def assessment_schema() -> dict[str, Any]:
    """Return the JSON Schema of an organisation with its rounds.

    >>> assessment_schema()["title"]
    'Assessment'
    """
    return Assessment.model_json_schema()


def json_of(assessments: Iterable[Assessment]) -> str:
    """Return assessments as JSON that `reading.read_assessments` reads back to the same."""
    whole = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "assessments": [
            each.model_dump(mode="json", exclude_defaults=True) | {"schema_version": SCHEMA_VERSION}
            for each in assessments
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def template(questionnaire: Questionnaire, organisation: str, day: str) -> Assessment:
    """Return a round with every indicator open, to be filled in."""
    answers = {each.code: Answer() for each in questionnaire.indicator}
    return Assessment(
        questionnaire=questionnaire.key,
        organisation=Assessed(name=organisation),
        rounds=(Round(date=day, answers=answers),),
    )


def bytes_of(assessments: Sequence[Assessment], questionnaire: Questionnaire, form: str) -> bytes:
    """Return rounds by one questionnaire as a file of a form: ``csv``, ``xlsx`` or ``json``.

    Tables carry, beside what is read, what each indicator asks.
    """
    if form == "json":
        return json_of(assessments).encode()
    header = [*COLUMNS[:-4], *EXPLAINED, *COLUMNS[-4:]]
    rows = list(_rows(assessments, questionnaire))
    if form == "csv":
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([inert(row.get(name, "")) for name in header] for row in rows)
        return text.getvalue().encode("utf-8-sig")
    return _workbook(header, rows, questionnaire)


def _rows(
    assessments: Sequence[Assessment], questionnaire: Questionnaire
) -> Iterator[dict[str, str]]:
    for each in assessments:
        who = each.organisation
        told = {
            "organisation": who.name,
            "country": who.country,
            "fields": f"{SEPARATOR} ".join(who.fields),
            "technologies": f"{SEPARATOR} ".join(who.technologies),
            "founded": "" if who.founded is None else str(who.founded),
            "members": "" if who.members is None else str(who.members),
            "shared": "yes" if each.shared else "no",
            "questionnaire": each.questionnaire,
        }
        for held in each.rounds:
            for indicator in questionnaire.indicator:
                answer = held.answer(indicator.code)
                yield {
                    **told,
                    "date": str(held.date),
                    "indicator": indicator.code,
                    "value": "" if answer.value is None else f"{answer.value}",
                    "not_applicable": answer.not_applicable,
                    "note": answer.note,
                    "evidence": written_evidence(answer.evidence),
                    **explained(questionnaire, indicator.code),
                }


def _workbook(
    header: Sequence[str], rows: Sequence[dict[str, str]], questionnaire: Questionnaire
) -> bytes:
    held = io.BytesIO()
    book = Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": CREATED, "title": questionnaire.title})
    sheet = book.add_worksheet("Answers")
    bold = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.set_column(column, column, WIDTHS.get(name, 16))
        sheet.write_string(0, column, name, bold)
    value = header.index("value")
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(header):
            sheet.write_string(number, column, kept_in_sheet(row.get(name, "")), text)
        scale = questionnaire.scales[row["indicator"]]
        if scale.kind == "levels":
            choices = [str(place) for place in range(len(scale.levels))]
        else:
            choices = [each.code for each in scale.options]
        if choices and len(",".join(choices)) < 255:
            sheet.data_validation(
                number, value, number, value, {"validate": "list", "source": choices}
            )
    book.close()
    return held.getvalue()
