"""The options that several commands share, each spelled in one place."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PLACE = Path("var/atlas")
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


class Order(StrEnum):
    """What regional clusters can be ordered by."""

    location_quotient = "location_quotient"
    employment = "employment"
    share_of_nation = "share_of_nation"
    share_of_region = "share_of_region"
    employment_growth = "employment_growth"
    employment_change = "employment_change"
    name = "name"


class Form(StrEnum):
    """How an answer is printed."""

    readable = "readable"
    json = "json"
    csv = "csv"


def form_of(as_json: bool, as_csv: bool) -> Form:
    """Return the form asked for; both at once is a usage error."""
    if as_json and as_csv:
        raise typer.BadParameter("give either --json or --csv, not both")
    return Form.json if as_json else Form.csv if as_csv else Form.readable


Place = Annotated[
    Path,
    typer.Option(
        "--place",
        envvar="CLUSTERATLAS_PLACE",
        metavar="FOLDER",
        help="Folder that holds the releases.",
    ),
]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", help="Year of the figures; the latest if not given."),
]
Scheme = Annotated[
    str | None,
    typer.Option(
        "--scheme", metavar="NAME", help="Region scheme, such as us-cbsa, us-state, nuts-2."
    ),
]
DefinitionName = Annotated[
    str | None,
    typer.Option(
        "--definition",
        metavar="NAME",
        help="Cluster definition; the scheme's default one if not given.",
    ),
]
Traded = Annotated[
    bool | None,
    typer.Option("--traded/--local", help="Only traded or only local clusters; both if not given."),
]
Strong = Annotated[
    bool, typer.Option("--strong", help="Only strong clusters (strength profile us-2014).")
]
By = Annotated[
    Order,
    typer.Option(
        "--by",
        metavar="COLUMN",
        help=f"What to order by, highest first: {', '.join(Order)}.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", min=1, metavar="ROWS", help="At most this many rows; all if not given."
    ),
]
Everything = Annotated[
    bool,
    typer.Option("--all", help="Also show rows that the office does not print at all."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object: unrounded, null for not known.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Tidy CSV with a header, unrounded.")]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to serve on.")]
Port = Annotated[
    int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port to serve on.")
]
