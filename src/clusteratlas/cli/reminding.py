"""The command that writes the letters that are due: run once a day."""

from __future__ import annotations

import importlib
import json
from typing import Annotated

import typer

from clusteratlas.cli.console import facts, line
from clusteratlas.cli.options import DEFAULT_PLACE, AsJson, Place
from clusteratlas.cli.outcome import command
from clusteratlas.cli.registry_place import set_up

WORDS = {
    "wishes": "Asked whom they want to meet",
    "agenda": "Told the agenda of the coming day",
    "request": "Told of requests that will expire",
    "expired": "Requests that expired unanswered",
}


@command
def remind(
    site: Annotated[
        str, typer.Option("--site", metavar="ADDRESS", help="Address of the portal, for links.")
    ],
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Send the reminders that are due.

    Wishes that are missing, agendas of the coming day, requests that will expire. Run it daily.
    Nobody is reminded of the same within two days; requests past their time are ended.
    """
    set_up(place)
    found = importlib.import_module("clusteratlas.portal.meetings.reminding").remind(site)
    if as_json:
        line(json.dumps({name: found[name] for name in WORDS}), whole=True)
        return
    facts([(said, f"{found[name]:,}") for name, said in WORDS.items()])
