"""Reading rounds from JSON, CSV and workbooks; every fault with file, row, column and hint."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.table_files import Table, read_bytes, read_tables
from clusteratlas.programmes.benchmarking.answers import (
    FORMAT,
    SCHEMA_VERSION,
    Answer,
    Assessment,
    answer_fault,
)
from clusteratlas.programmes.benchmarking.layout import COLUMNS, EXPLAINED, NEEDED, read_evidence
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.questionnaire_file import (
    PACKAGED,
    packaged_questionnaire,
)
from clusteratlas.tables import Fault, InvalidInput, few

_YES = frozenset(("yes", "true", "1", "y"))
_NO = frozenset(("no", "false", "0", "n"))


def read_assessments(path: Path, *, own: Sequence[Questionnaire] = ()) -> tuple[Assessment, ...]:
    """Return the organisations of a file with their rounds.

    Definition
    ----------
    JSON as `assessment_schema` says, or a table with one row for each answer (CSV, XLSX): columns
    of `layout.COLUMNS`, of which `layout.NEEDED` must be there. A row without a value and without
    a reason leaves its indicator open.

    Parameters
    ----------
    path
        The file.
    own
        Questionnaires beside those of the package; one of the same name and version stands for
        that of the package. A table that names none answers the first of them, else the first of
        the package.

    Raises
    ------
    InvalidInput
        With every fault of the file.

    Missing data
    ------------
    An empty cell is not answered, never zero.
    """
    file = path.name
    known = {**{key: packaged_questionnaire(key) for key in PACKAGED}, **{q.key: q for q in own}}
    first = own[0].key if own else PACKAGED[0]
    data = read_bytes(path, file)
    if path.suffix.lower() == ".json" or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _of_json(data, file, known)
    read = _Rows(file, known, first)
    for table in read_tables(data, file).tables:
        read.table(table)
    return read.done()


def _of_json(data: bytes, file: str, known: Mapping[str, Questionnaire]) -> tuple[Assessment, ...]:
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InvalidInput([Fault(f"the file is not JSON: {error}"[:300], file)]) from None
    fits = isinstance(given, dict) and given.get("format") == FORMAT
    if not fits or not isinstance(given.get("assessments"), list):
        hint = "see docs/reference/questionnaire-file.md"
        raise InvalidInput([Fault("the file holds no self-assessments", file, hint=hint)])
    version = given.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        hint = f"this version reads {SCHEMA_VERSION}"
        raise InvalidInput([Fault("the file is of another schema", file,
                                  value=str(version)[:20], hint=hint)])  # fmt: skip
    faults: list[Fault] = []
    found = []
    for number, each in enumerate(given["assessments"], 1):
        try:
            assessment = Assessment.model_validate(each)
        except ValidationError as error:
            faults += faults_of(error, file=f"{file}, assessment {number}")
            continue
        faults += assessment_faults(assessment, known, file=f"{file}, assessment {number}")
        found.append(assessment)
    if faults:
        raise InvalidInput(faults)
    if not found:
        raise InvalidInput([Fault("the file holds no self-assessment", file)])
    return tuple(found)


def assessment_faults(
    assessment: Assessment, known: Mapping[str, Questionnaire], *, file: str = ""
) -> list[Fault]:
    """Return what is wrong with the answers of all rounds by their questionnaire."""
    questionnaire = known.get(assessment.questionnaire)
    if questionnaire is None:
        hint = f"use one of {few(sorted(known))}, or give yours with --questionnaire"
        value = assessment.questionnaire
        return [Fault("there is no such questionnaire", file, None, "questionnaire", value, hint)]
    faults = []
    for round_ in assessment.rounds:
        for code, answer in round_.answers.items():
            fault = answer_fault(code, answer, questionnaire, file=f"{file}, {round_.date}")
            if fault is not None:
                faults.append(fault)
    return faults


class _Rows:
    """Gathers rows into organisations and rounds, and all that is wrong with them."""

    def __init__(self, file: str, known: Mapping[str, Questionnaire], first: str) -> None:
        self._file, self._known, self._first = file, known, first
        self._faults: list[Fault] = []
        self._who: dict[tuple[str, str], dict[str, Any]] = {}
        self._rounds: dict[tuple[str, str], dict[str, dict[str, Answer]]] = {}
        self._rows: dict[tuple[str, str], int] = {}

    def table(self, table: Table) -> None:
        """Take the rows of a table."""
        header = [each.strip().casefold().replace(" ", "_") for each in table.header]
        missing = [each for each in NEEDED if each not in header]
        if missing:
            self._faults.append(
                Fault(
                    f"the table lacks {few(missing)}",
                    table.file,
                    table.header_row,
                    hint="`clusteratlas programme questionnaires template` writes one to fill in",
                )
            )
            return
        for name in header:
            if name and name not in (*COLUMNS, *EXPLAINED):
                hint = f"the columns are {', '.join(COLUMNS)}"
                fault = Fault(
                    "there is no such column", table.file, table.header_row, name, "", hint
                )
                self._faults.append(fault)
        for number, cells in table.rows:
            held = {name: cell for name, cell in zip(header, cells, strict=False) if cell}
            self._row(held, table.file, number)

    def _row(self, held: dict[str, str], file: str, number: int) -> None:
        name, day = held.get("organisation", ""), held.get("date", "")
        code = held.get("indicator", "")
        for column in ("organisation", "date", "indicator"):
            if not held.get(column):
                problem = f"the row names no {column}"
                self._faults.append(Fault(problem, file, number, column))
        if not (name and day and code):
            return
        key = held.get("questionnaire", self._first)
        questionnaire = self._known.get(key)
        if questionnaire is None:
            hint = f"use one of {few(sorted(self._known))}"
            problem = "there is no such questionnaire"
            self._faults.append(Fault(problem, file, number, "questionnaire", key, hint))
            return
        self._about((name, key), held, file, number)
        answer = self._answer(code, held, questionnaire, file, number)
        rounds = self._rounds.setdefault((name, key), {}).setdefault(day, {})
        if code in rounds:
            problem = "the indicator is answered twice in the round"
            self._faults.append(Fault(problem, file, number, "indicator", code))
        elif answer is not None and answer != Answer():
            rounds[code] = answer

    def _about(self, who: tuple[str, str], held: dict[str, str], file: str, number: int) -> None:
        about = self._who.setdefault(who, {"name": who[0]})
        self._rows.setdefault(who, number)
        for column in ("country", "founded", "members"):
            if column in held:
                about.setdefault(column, held[column])
        for column in ("fields", "technologies"):
            if column in held:
                about.setdefault(column, [e.strip() for e in held[column].split(";") if e.strip()])
        said = held.get("shared", "").casefold()
        if said and said not in _YES | _NO:
            fault = Fault("neither yes nor no", file, number, "shared", said, "write yes or no")
            self._faults.append(fault)
        elif said:
            about.setdefault("shared", said in _YES)

    def _answer(
        self, code: str, held: dict[str, str], asked: Questionnaire, file: str, number: int
    ) -> Answer | None:
        scale = asked.scales.get(code)
        value: float | str | None = held.get("value")
        if value is not None and scale is not None and scale.kind != "choice":
            value = _number(str(value))
        given = {
            "value": value,
            "not_applicable": held.get("not_applicable", ""),
            "note": held.get("note", ""),
            "evidence": read_evidence(held.get("evidence", "")),
        }
        try:
            answer = Answer.model_validate(given)
        except ValidationError as error:
            self._faults += faults_of(error, file=file, row=number)
            return None
        fault = answer_fault(code, answer, asked, file=file, row=number)
        if fault is not None:
            self._faults.append(fault)
        return answer

    def done(self) -> tuple[Assessment, ...]:
        """Return the organisations, or raise everything that was wrong."""
        found = []
        for (name, key), about in self._who.items():
            shared = about.pop("shared", True)
            rounds = [
                {"date": day, "answers": held}
                for day, held in sorted(self._rounds.get((name, key), {}).items())
            ]
            try:
                found.append(
                    Assessment.model_validate(
                        {
                            "questionnaire": key,
                            "organisation": about,
                            "shared": shared,
                            "rounds": rounds,
                        }
                    )
                )
            except ValidationError as error:
                self._faults += faults_of(error, file=self._file, row=self._rows[name, key])
        if self._faults:
            raise InvalidInput(self._faults)
        if not found:
            raise InvalidInput([Fault("the file holds no answer", self._file)])
        return tuple(found)


def _number(text: str) -> float | str:
    """A figure as it is written; the text itself where it is none, which the scale then refuses."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not math.isfinite(value):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
