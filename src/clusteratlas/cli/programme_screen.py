"""Whom to fund: screen applicants, choose under a budget, find where to look next."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.atlas import open_release
from clusteratlas.cli import registry_place
from clusteratlas.cli.ask import main_scheme
from clusteratlas.cli.documents import to_json, write_csv
from clusteratlas.cli.options import (
    DEFAULT_PLACE,
    AsCsv,
    AsJson,
    DefinitionName,
    Form,
    Limit,
    Place,
    Scheme,
    form_of,
)
from clusteratlas.cli.outcome import command, say
from clusteratlas.cli.programme import app
from clusteratlas.cli.programme_screen_shown import next_document, screen_document, show, show_next
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.organisations import Profile, read_profiles
from clusteratlas.programmes.readiness import (
    NextRow,
    Readiness,
    Rules,
    Total,
    choose,
    default_criteria,
    fund_next,
    ranking,
    read_applicants,
    read_criteria,
    screen,
    sensitivity,
)
from clusteratlas.programmes.readiness.demonstration import demonstration_file
from clusteratlas.programmes.register.document import currency_code

READABLE_ROWS = 20


class Enough(StrEnum):
    """How ready an applicant must be to be funded."""

    ready = "ready"
    nearly = "nearly"


CriteriaFile = Annotated[
    Path | None,
    typer.Option("--criteria", metavar="FILE.toml", help="Criteria of your own."),
]


@app.command("screen")
@command
def screen_applicants(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="APPLICANTS", help="Organisations: XLSX or JSON with applications, or CSV."
        ),
    ],
    *,
    applications: Annotated[
        Path | None,
        typer.Option(
            "--applications", metavar="FILE", help="Table of evidence and money, if not inside."
        ),
    ] = None,
    criteria: CriteriaFile = None,
    budget: Annotated[
        str | None,
        typer.Option("--budget", metavar="AMOUNT:CUR", help="Money to give, such as 5000000:EUR."),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option("--first", min=1, metavar="K", help="Fund at most so many."),
    ] = None,
    most_per_region: Annotated[
        int | None,
        typer.Option("--per-region", min=1, metavar="N", help="At most so many of one region."),
    ] = None,
    most_per_cluster: Annotated[
        int | None,
        typer.Option("--per-cluster", min=1, metavar="N", help="At most so many of one cluster."),
    ] = None,
    enough: Annotated[
        Enough, typer.Option("--enough", help="How ready is enough: ready or nearly.")
    ] = Enough.nearly,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], metavar="DAY", help="Count age from this day; today."
        ),
    ] = None,
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Screen applicants: who is ready to be funded.

    Every criterion with its figure, threshold and why. With a budget or a number also the best
    choice, how stable each pick is, and what it depends on.
    """
    money = None if budget is None else _money(budget)
    chosen = default_criteria() if criteria is None else read_criteria(criteria)
    release = open_release(place)
    found = read_applicants(file, release, criteria=chosen, applications=applications)
    day = date.today() if on is None else on.date()
    screening = screen(found, release, on=day, criteria=chosen)
    least = Readiness.ready if enough is Enough.ready else Readiness.nearly_ready
    ranked = ranking(screening, first or len(found), least=least)
    choice = depends = None
    if money is not None or first is not None:
        rules = Rules(first, money, most_per_region, most_per_cluster, least)
        choice, depends = choose(screening, rules), sensitivity(screening, rules)
    elif most_per_region is not None or most_per_cluster is not None:
        raise typer.BadParameter("give --budget or --first, or there is nothing to choose")
    if as_json:
        print(to_json(screen_document(screening, ranked, choice, depends)))
    else:
        show(screening, ranked, choice, depends)


def _money(text: str) -> Total:
    """Read an amount with its currency, and the year of its prices where one is given."""
    parts = text.split(":")
    try:
        amount = float(parts[0].replace(",", "").replace("_", ""))
        currency = currency_code(parts[1].strip())
        base = int(parts[2]) if len(parts) > 2 else None
    except (ValueError, IndexError):
        amount, currency, base = -1.0, "", None
    if not 0 < amount < float("inf") or len(parts) > 3:
        raise typer.BadParameter(
            f"{text!r} is no amount with its currency; write 5000000:EUR, or with the year of its "
            "prices 5000000:EUR:2020"
        )
    return Total(amount, currency, base)


@app.command("fund-next")
@command
def fund_next_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="Organisations; those published at the place if not given."
        ),
    ] = None,
    *,
    scheme: Scheme = None,
    definition: DefinitionName = None,
    criteria: CriteriaFile = None,
    limit: Limit = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Find where to fund next.

    Strong clusters that no organisation covers, the most important first, and organisations
    without a cluster base.
    """
    form = form_of(as_json, as_csv)
    chosen = default_criteria() if criteria is None else read_criteria(criteria)
    release = open_release(place)
    profiles = _published(place) if file is None else read_profiles(file, release)
    named = scheme or main_scheme(release, definition)
    found = fund_next(profiles, release, named, definition=definition, criteria=chosen)
    rows = [each for each in found.rows if limit is None or each.rank <= limit]
    written = [asdict(each) for each in rows]
    if form is Form.json:
        print(to_json(next_document(found, written)))
    elif form is Form.csv:
        write_csv(written, [each.name for each in fields(NextRow)], sys.stdout)
    else:
        show_next(release, found, limit or READABLE_ROWS)


def _published(place: Path) -> Sequence[Profile]:
    """The organisations that the portal of a place has published."""
    registry_place.set_up(place)
    shelf = importlib.import_module("clusteratlas.portal.registry.shelf").published()
    return [each.profile for each in shelf.organisations]


@app.command("example-applicants")
@command
def example_applicants(
    target: Annotated[Path, typer.Argument(metavar="OUT.json", help="The file to write.")],
) -> None:
    """Write fictional applicants to try things on."""
    refuse_replacing(target, [])
    with replaced(target) as opened:
        opened.write(demonstration_file().encode())
    say(f"Wrote fictional applicants to {target}.")
