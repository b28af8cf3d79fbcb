"""The command that looks whether the site is in order."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from clusteratlas.cli.console import Heading, line, table
from clusteratlas.cli.options import DEFAULT_PLACE, Place
from clusteratlas.cli.outcome import ExitCode, as_sentence, command
from clusteratlas.cli.registry_place import operations
from clusteratlas.tables import InvalidInput


@command
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    send: Annotated[
        str, typer.Option("--send", metavar="MAIL", help="Send a test message to this address.")
    ] = "",
    place: Place = DEFAULT_PLACE,
) -> None:
    """Look whether the site is in order, and say what to do.

    Ends with 4 where something is broken or unsafe; warnings end with 0.
    """
    try:
        found = [dataclasses.asdict(each) for each in operations(place, "doctor").visit(send)]
    except (InvalidInput, ValidationError) as error:
        found = _unreadable(error)
    broken = sum(each["verdict"] == "fail" for each in found)
    warned = sum(each["verdict"] == "warn" for each in found)
    if as_json:
        print(json.dumps({"broken": broken, "warned": warned, "findings": found}, indent=2))
    else:
        _show(found)
        line()
        line(f"{len(found)} looked at: {broken} broken or unsafe, {warned} worth a look.")
    if broken:
        raise typer.Exit(ExitCode.SYSTEM)


def _show(found: list[dict[str, Any]]) -> None:
    worst_first = sorted(found, key=lambda each: ("fail", "warn", "ok").index(each["verdict"]))
    table(
        [Heading("Check"), Heading(""), Heading("Found", folds=True)],
        [[each["check"], each["verdict"].upper(), _words(each)] for each in worst_first],
    )


def _words(found: dict[str, Any]) -> str:
    said, hint = as_sentence(found["said"]), found["hint"]
    if not hint:
        return f"{said}."
    # A hint that begins with a command or an address stays as it is typed.
    return f"{said}. {as_sentence(hint) if hint.split()[0].isalpha() else hint}."


def _unreadable(error: InvalidInput | ValidationError) -> list[dict[str, Any]]:
    """Settings that cannot be read at all: nothing else can be looked at."""
    hint = "mend the environment variables that begin CLUSTERATLAS_"
    if isinstance(error, InvalidInput):
        told = [(each.column, each.problem, each.hint or hint) for each in error.faults]
    else:
        told = [
            (f"CLUSTERATLAS_{'_'.join(map(str, each['loc'])).upper()}", each["msg"], hint)
            for each in error.errors(include_input=False)
        ]
    return [
        {"check": "settings", "verdict": "fail", "said": f"{name}: {said}", "hint": to_do}
        for name, said, to_do in told
    ]
