"""The help and docs/reference/cli.md name every command, option and exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from clusteratlas import __version__
from clusteratlas.cli import app
from clusteratlas.cli.outcome import ExitCode

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
UNDER = [
    (name, inner) for name, group in COMMANDS.items() for inner in getattr(group, "commands", ())
]
"""Commands beneath a command, such as `sources fetch`."""

DEEPER = [
    (name, inner, last)
    for name, inner in UNDER
    for last in getattr(COMMANDS[name].commands[inner], "commands", ())
]
"""Commands two beneath a command, such as `programme register list`."""


def test_help_lists_every_command(run) -> None:
    out = run("--help").ended(0).out
    for name in COMMANDS:
        assert f"\n  {name} " in out
    assert "..." not in out.split("Commands:")[1], "a command's first sentence is too long"
    assert run().ended(2).err or True


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(run, name: str) -> None:
    out = run(name, "--help").ended(0).out
    for parameter in COMMANDS[name].params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("-"):
                assert option in out
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{name}: {parameter.name} has no help"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_reference_names_every_option(name: str) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert f"## {name}\n" in text
    section = text.split(f"## {name}\n")[1].split("\n## ")[0]
    shared = text.split("## Options of several commands\n")[1].split("\n## ")[0]
    for parameter in COMMANDS[name].params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in section, f"{name} {option}"
    assert "`--place`" in shared


@pytest.mark.parametrize(("name", "inner"), UNDER, ids=lambda word: word)
def test_commands_beneath_a_command_are_explained_too(run, name: str, inner: str) -> None:
    out = run(name, inner, "--help").ended(0).out
    assert "..." not in run(name, "--help").out.split("Commands:")[1]
    text = REFERENCE.read_text(encoding="utf-8")
    section = text.split(f"### {name} {inner}\n")[1].split("\n### ")[0].split("\n## ")[0]
    for parameter in COMMANDS[name].commands[inner].params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{inner}: {parameter.name} has no help"
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("--") and option != "--help":
                assert option in out
                assert f"`{option}" in section, f"{name} {inner} {option}"


@pytest.mark.parametrize(("name", "inner", "last"), DEEPER, ids=lambda word: word)
def test_commands_two_beneath_a_command_are_explained_too(name: str, inner: str, last: str) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    section = text.split(f"#### {name} {inner} {last}\n")[1].split("\n#### ")[0]
    for parameter in COMMANDS[name].commands[inner].commands[last].params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{last}: {parameter.name} has no help"
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("--") and option != "--help":
                assert f"`{option}" in section.split("\n### ")[0], f"{inner} {last} {option}"


def test_reference_names_every_exit_code() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} |" in text


def test_version(run) -> None:
    assert run("--version").ended(0).out == f"clusteratlas {__version__}\n"
