"""Sets of counting rules from TOML: those of the package, and those of a site."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.table_files import read_bytes
from clusteratlas.programmes.account.rule_checking import faults_between
from clusteratlas.programmes.account.rules import RuleSet
from clusteratlas.tables import Fault, InvalidInput

BUNDLED: Final = ("programme-money-1", "flemish-clusters-1", "flemish-clusters-2025")
"""The sets of rules that come with the package."""


@lru_cache(maxsize=len(BUNDLED))
def bundled(name: str) -> RuleSet:
    """Return a set of rules that comes with the package.

    >>> bundled("flemish-clusters-2025").version
    2025
    """
    place = files("clusteratlas.programmes.account").joinpath("data", f"{name}.toml")
    return rule_set_of(place.read_text(encoding="utf-8"), file=f"{name}.toml")


def bundled_sets() -> tuple[RuleSet, ...]:
    """Return every set of rules that comes with the package."""
    return tuple(bundled(name) for name in BUNDLED)


def read_rules(path: Path, *, name: str = "") -> RuleSet:
    """Return rules of one's own from a TOML file; docs/reference/programme-rules.md tells how.

    ``name`` is that of the file in faults, such as that of an upload; by default its path.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    file = name or str(path)
    try:
        text = read_bytes(path, file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            [Fault("the file is not UTF-8", file, hint="save it as UTF-8")]
        ) from None
    return rule_set_of(text, file=file)


def rule_set_of(text: str, *, file: str = "") -> RuleSet:
    """Return the rules of a TOML text, or raise all its faults.

    Example
    -------
    >>> rules = rule_set_of('''
    ... name = "ours"
    ... version = 1
    ... title = "Our rules"
    ... [[set]]
    ... name = "guests"
    ... unit = "organisation"
    ... any = [{ of = [{ log = "attendance" }], at_least = 3 }]
    ... [[rule]]
    ... id = "G1"
    ... title = "Faithful guests"
    ... text = "Organisations that came to three events of the year or more."
    ... unit = "organisations"
    ... stage = "output"
    ... count = "guests"
    ... ''')
    >>> rules.needs(rules.rule[0])
    ('organisations', 'events', 'attendance')
    """
    try:
        found = RuleSet.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Fault(f"the file is not TOML: {error}"[:300], file)]) from None
    except ValidationError as error:
        told = faults_of(error, file=file)
        raise InvalidInput([_without_hint_of_profiles(each) for each in told]) from None
    faults = [
        Fault(problem, file, column=where, hint=hint)
        for where, problem, hint in faults_between(found)
    ]
    if faults:
        raise InvalidInput(faults)
    return found


def _without_hint_of_profiles(fault: Fault) -> Fault:
    if "organisation" not in f"{fault.problem} {fault.hint}":
        return fault
    problem = fault.problem.replace("the field is missing", "the entry is missing")
    hint = "see docs/reference/programme-rules.md"
    return Fault(problem.replace("there is no such field", "there is no entry of that name"),
                 fault.file, fault.row, fault.column, fault.value, hint)  # fmt: skip
