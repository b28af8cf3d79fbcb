"""The command that serves the portal on the current release."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.atlas import Release, current_id
from clusteratlas.cli.console import Heading, line, table, title
from clusteratlas.cli.options import DEFAULT_HOST, DEFAULT_PLACE, DEFAULT_PORT, Host, Place, Port
from clusteratlas.cli.outcome import command
from clusteratlas.cli.registry_place import migrate_tables, operations


@command
def serve(
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    workers: Annotated[
        int, typer.Option("--workers", metavar="NUMBER", min=1, help="Processes that answer.")
    ] = 1,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Serve the portal on the current release until Ctrl-C."""
    release = current_id(place)
    line(f"Portal: {address(host, port)} (release {release}, Ctrl-C stops it)", whole=True)
    serve_portal(place, host=host, port=port, workers=workers)


def address(host: str, port: int) -> str:
    """Return the address to open in a browser.

    >>> address("127.0.0.1", 8000), address("::1", 8000), address("0.0.0.0", 80)
    ('http://127.0.0.1:8000/', 'http://[::1]:8000/', 'http://127.0.0.1:80/')
    """
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def show_registry(release: Release, place: Path) -> None:
    """Fill the registry with what is fictional, and say who can look at it."""
    filled = operations(place, "demonstration")
    migrate_tables()
    found = filled.demonstrate(release)
    if found.real:
        line(f"Registry: it holds {found.real:,} real organisations and was left as it is.")
        line()
        return
    title(f"Registry: {found.organisations} fictional organisations")
    line(f"With {found.entries} entries of the library. Marked as demonstration data everywhere.")
    line(f"Programmes: {found.programmes - 1} stated with their sources, and a fictional one.")
    table(
        [Heading("Look as"), Heading("Mail"), Heading("Password, shown this once")],
        [[each.role, each.mail, each.password or "(as before)"] for each in found.accounts],
    )
    line()


def serve_portal(place: Path, *, host: str, port: int, workers: int = 1) -> None:
    """Serve; the portal is loaded only now, so that other commands start at once."""
    portal = importlib.import_module("clusteratlas.portal")
    portal.serve(place, host=host, port=port, workers=workers)
