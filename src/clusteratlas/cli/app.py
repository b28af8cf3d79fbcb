"""The command `clusteratlas`: all commands, and the options that come before them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from clusteratlas import __version__
from clusteratlas.cli import outcome
from clusteratlas.cli import programme_account as _programme_account  # noqa: F401 - its commands
from clusteratlas.cli import programme_benchmark as _programme_benchmark  # noqa: F401 - its commands
from clusteratlas.cli import programme_effect as _programme_effect  # noqa: F401 - its commands
from clusteratlas.cli import programme_evidence as _programme_evidence  # noqa: F401 - its commands
from clusteratlas.cli import programme_growth as _programme_growth  # noqa: F401 - its commands
from clusteratlas.cli import programme_multiplier as _programme_multiplier  # noqa: F401 - its commands
from clusteratlas.cli import programme_return as _programme_return  # noqa: F401 - its commands
from clusteratlas.cli import programme_screen as _programme_screen  # noqa: F401 - its commands
from clusteratlas.cli import programme_shift_share as _programme_shift_share  # noqa: F401 - its commands
from clusteratlas.cli.advising import options
from clusteratlas.cli.ask import cluster, region, search, status, top
from clusteratlas.cli.backup import backup, restore
from clusteratlas.cli.comparing_definitions import compare_definitions
from clusteratlas.cli.completing import complete
from clusteratlas.cli.defining import define
from clusteratlas.cli.doctor import doctor
from clusteratlas.cli.explaining import app as explaining
from clusteratlas.cli.export import export
from clusteratlas.cli.making import build, demo
from clusteratlas.cli.matching import app as matching
from clusteratlas.cli.measuring import measure
from clusteratlas.cli.migrating import migrate
from clusteratlas.cli.organisations import app as organisations
from clusteratlas.cli.partners import partners
from clusteratlas.cli.people import app as people
from clusteratlas.cli.programme import app as programme
from clusteratlas.cli.relating import relatedness
from clusteratlas.cli.reminding import remind
from clusteratlas.cli.site import serve
from clusteratlas.cli.sources import app as sources
from clusteratlas.cli.timetable import timetable
from clusteratlas.cli.validating import app as completion
from clusteratlas.cli.validating_options import validate_options

app = typer.Typer(
    name="clusteratlas",
    help="Map regional clusters: from official employment figures to the answer, and how sure "
    "every number is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog="Exit codes: 0 done, 2 bad input or usage, 3 no honest answer, 4 the system refused, "
    "70 our own fault, 130 stopped.",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"clusteratlas {__version__}")
        raise typer.Exit


@app.callback()
def before(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the stack trace of an error.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Take the options that come before a command."""
    outcome.debug.set(debug)


for each in (
    build,
    demo,
    complete,
    measure,
    relatedness,
    define,
    region,
    cluster,
    top,
    options,
    partners,
    search,
    export,
    timetable,
    status,
    serve,
    doctor,
    backup,
    restore,
    migrate,
    remind,
):
    app.command()(each)
app.command("compare-definitions")(compare_definitions)
app.command("validate-options")(validate_options)
app.add_typer(sources, name="sources")
app.add_typer(organisations, name="organisations")
app.add_typer(completion, name="completion")
app.add_typer(explaining, name="explain")
app.add_typer(matching, name="matching")
app.add_typer(people, name="people")
app.add_typer(programme, name="programme")


def main() -> None:
    """Run the command line. Letters that the terminal lacks become ``?`` instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()
