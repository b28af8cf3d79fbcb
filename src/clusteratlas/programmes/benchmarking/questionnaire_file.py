"""Questionnaires as files: those of the package, and a site's own, with every fault named."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

PACKAGED: Final = ("european-benchmarking-1", "european-gold-1")
"""Questionnaires of the package, each by name and version."""

MOST_BYTES: Final = 1_000_000


@lru_cache(maxsize=8)
def packaged_questionnaire(key: str = PACKAGED[0]) -> Questionnaire:
    """Return a questionnaire of the package by its name and version.

    Raises
    ------
    CannotAnswer
        If the package has none of that name.

    Example
    -------
    >>> gold = packaged_questionnaire("european-gold-1")
    >>> len(gold.indicator), [len(gold.of_group(each.code)) for each in gold.group]
    (31, [4, 9, 2, 9, 7])
    >>> gold.split.meaning
    'put together from parts, not a copy of the official text'
    """
    if key not in PACKAGED:
        raise CannotAnswer(
            "there is no such questionnaire", value=key, hint=f"use one of {', '.join(PACKAGED)}"
        )
    place = files("clusteratlas.programmes.benchmarking").joinpath("data", f"{key}.toml")
    return questionnaire_of(place.read_text(encoding="utf-8"), file=f"{key}.toml")


def read_questionnaire(path: Path) -> Questionnaire:
    """Return a questionnaire of one's own from a TOML file; it may replace one of the package.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    file = path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput([Fault("the file is too large for a questionnaire", file)])
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as UTF-8"
        raise InvalidInput([Fault("the file is not UTF-8", file, hint=hint)]) from None
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
        raise InvalidInput([Fault(problem, file)]) from None
    return questionnaire_of(text, file=file)


def questionnaire_of(text: str, *, file: str = "") -> Questionnaire:
    """Return the questionnaire of a TOML text, or raise all its faults."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Fault(f"the file is not TOML: {error}"[:300], file)]) from None
    try:
        return Questionnaire.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(_faults_of(error, given, file)) from None


def _faults_of(error: ValidationError, given: object, file: str) -> list[Fault]:
    """Name each fault by the code of the entry it stands in, since a TOML entry has no row."""
    faults = []
    for each in error.errors(include_url=False, include_context=False):
        column = ".".join(_named(given, each["loc"]))
        value = each["input"] if isinstance(each["input"], str | int | float | bool) else ""
        told = each["msg"].removeprefix("Value error, ").removeprefix("Input ")
        if each["type"] == "missing":
            told = "the field is missing"
        elif each["type"] == "extra_forbidden":
            told = "there is no such field; see docs/reference/questionnaire-file.md"
        for one in told.split(". "):
            problem, _, hint = one.partition("; ")
            problem = problem[:1].lower() + problem[1:]
            faults.append(Fault(problem, file, column=column, value=str(value)[:SHOWN], hint=hint))
    return faults


def _named(given: object, place: tuple[int | str, ...]) -> Iterator[str]:
    """The way to a fault, entries of a list by their code where they have one."""
    for step in place:
        if isinstance(given, dict):
            given = given.get(step) if isinstance(step, str) else None
            yield str(step)
        elif isinstance(given, list) and isinstance(step, int) and step < len(given):
            given = given[step]
            code = given.get("code") if isinstance(given, dict) else None
            yield str(code or step + 1)
        else:
            yield str(step)
