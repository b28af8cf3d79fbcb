"""Commands about people with an account: the first administrator, roles, letting somebody in."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.cli.console import Heading, line, table
from clusteratlas.cli.options import DEFAULT_PLACE, AsJson, Place
from clusteratlas.cli.outcome import command
from clusteratlas.cli.registry_place import set_up

app = typer.Typer(
    name="people",
    help="Accounts: the first administrator, roles, passwords.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Mail = Annotated[str, typer.Argument(metavar="MAIL", help="Mail address of the account.")]
Site = Annotated[
    str,
    typer.Option("--site", metavar="ADDRESS", help="Address of the portal, to print whole links."),
]
DEFAULT_SITE = "http://127.0.0.1:8000"


def _people(place: Path) -> Any:
    set_up(place)
    importlib.import_module("clusteratlas.portal.store").migrate()
    return importlib.import_module("clusteratlas.portal.accounts.people")


@app.command()
@command
def add(
    mail: Mail,
    role: Annotated[
        str,
        typer.Option("--role", metavar="ROLE", help="One of member, moderator, administrator."),
    ] = "member",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the person.")] = "",
    site: Site = DEFAULT_SITE,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Add an account and print the link that sets its password.

    The link works once, within 24 hours; whoever has it has the account, so hand it over safely.
    """
    path = _people(place).add(mail, role=role, name=name)
    line(f"{site.rstrip('/')}{path}", whole=True)


@app.command("list")
@command
def list_people(as_json: AsJson = False, place: Place = DEFAULT_PLACE) -> None:
    """List all accounts with their roles."""
    found = [_row(each) for each in _people(place).everybody()]
    if as_json:
        line(json.dumps({"people": found}, indent=2, ensure_ascii=False), whole=True)
        return
    headings = [Heading(each) for each in ("mail", "name", "role", "state", "second step")]
    rows = [[each["mail"], each["name"], each["role"], each["state"], each["second_step"]]
            for each in found]  # fmt: skip
    table(headings, rows)


@app.command("role")
@command
def give_role(
    mail: Mail,
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="One of member, moderator, administrator."),
    ],
    place: Place = DEFAULT_PLACE,
) -> None:
    """Give somebody another role; their sessions end."""
    user = _people(place).give_role(mail, role)
    line(f"{user.email} is {role} now.")


@app.command()
@command
def reset(
    mail: Mail,
    without_second_factor: Annotated[
        bool,
        typer.Option(
            "--without-second-factor", help="Also turn the second step off, where it was lost."
        ),
    ] = False,
    site: Site = DEFAULT_SITE,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Let somebody in again: lift the lock, print a link to a new password."""
    path = _people(place).reset(mail, without_second_factor=without_second_factor)
    line(f"{site.rstrip('/')}{path}", whole=True)


def _row(user: Any) -> dict[str, str]:
    state = "open" if user.is_active else "closed"
    return {
        "mail": user.email,
        "name": user.name,
        "role": user.get_site_role_display(),
        "state": state if user.confirmed_at or not user.is_active else "waits for a password",
        "second_step": "on" if user.second_factor_at else "off",
    }
