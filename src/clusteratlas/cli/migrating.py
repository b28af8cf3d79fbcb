"""The command that brings the tables of the registry to a version."""

from __future__ import annotations

from typing import Annotated

import typer

from clusteratlas.cli.console import line
from clusteratlas.cli.options import DEFAULT_PLACE, Place
from clusteratlas.cli.outcome import command
from clusteratlas.cli.registry_place import connection, operations


@command
def migrate(
    to: Annotated[
        tuple[str, str],
        typer.Option(
            "--to",
            metavar="APP NUMBER",
            help="Only this part of the portal, up or down to a version such as 0001; `zero` "
            "removes its tables and what they hold.",
        ),
    ] = ("", ""),
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be done, and do nothing.")
    ] = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Bring the registry's tables to this version.

    `clusteratlas serve` does so by itself. Going down loses what later versions added: take a
    backup before.
    """
    migrating = operations(place, "migrating")
    opened = connection()
    targets = [migrating.target(opened, *to)] if to[0] else None
    if plan:
        steps = migrating.steps(opened, targets)
        for each in steps:
            line(f"{'down' if each.down else 'up':5} {each.app} {each.name}")
        if not steps:
            line("Nothing to do: the tables are of this version.")
        return
    done = migrating.bring(opened, targets)
    for each in done:
        line(f"{'taken back' if each.down else 'applied':11} {each.app} {each.name}")
    if not done:
        line("Nothing to do: the tables are of this version.")
