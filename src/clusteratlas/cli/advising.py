"""The commands about what a region could become: its options, and how well such odds hold."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.atlas import open_release
from clusteratlas.cli import documents, words
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.options import (
    DEFAULT_PLACE,
    AsCsv,
    AsJson,
    Form,
    Place,
    Scheme,
    Year,
    form_of,
)
from clusteratlas.cli.outcome import command
from clusteratlas.tables import UNPUBLISHED, CannotAnswer
from clusteratlas.tables.related import ABSENT, GROWING, KINDS

if TYPE_CHECKING:
    from clusteratlas.atlas.related_records import Option, OptionSkill

READABLE_ROWS = 10
HEADS = {
    ABSENT: "Absent: the region lacks it (quotient below 0.5, or no row printed)",
    GROWING: "Growing: half to all of the nation's share",
}


@command
def options(
    code: Annotated[
        str, typer.Argument(metavar="REGION", help="Code or exact name of the region.")
    ],
    *,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only absent, or only growing.")
    ] = None,
    year: Year = None,
    scheme: Scheme = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="ROWS", help="How many of each kind.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Show what a region could become, with the odds.

    Industries that it lacks or is growing into: how near they lie to what it has, and how probable
    they are. Readable output shows the first 10 of each kind unless --limit says otherwise, and
    beneath them how well such odds told the past. JSON and CSV hold all of them.
    """
    form = form_of(as_json, as_csv)
    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"--kind is {' or '.join(KINDS)}: {kind}")
    release = open_release(place)
    found = release.find_region(code, scheme)
    chosen = release.year(found.scheme, year)
    rows = release.options(found.scheme, found.region, chosen, kind=kind)
    if not rows:
        why = release.missing("options", found.scheme)
        raise CannotAnswer(
            "there are no options of this region" + (f": {why.rstrip('.')}" if why else ""),
            value=f"{found.scheme} {found.region} {chosen}",
            hint="ask a region of metro and micro areas or NUTS 2, or another year",
        )
    skill = release.options_skill(found.scheme, chosen)
    peers = release.peers(found.scheme, found.region)
    if form is Form.json:
        document = {
            "region": found.region,
            "name": found.name,
            "scheme": found.scheme,
            "year": chosen,
            "release": release.id,
            "options": [asdict(row) for row in _first(rows, limit)],
            "skill": [asdict(row) for row in skill],
            "peers": [asdict(row) for row in peers],
        }
        print(documents.to_json(document))
    elif form is Form.csv:
        flat = [_flat(row) for row in _first(rows, limit)]
        documents.write_csv(flat, list(flat[0]), sys.stdout)
    else:
        title(
            f"Options of {found.name}",
            f"{release.scheme(found.scheme).title} · {chosen} · "
            + (f"odds of {rows[0].horizon} years" if rows[0].horizon else "without odds"),
        )
        _show(rows, limit or READABLE_ROWS)
        line(f"Built alike: {'; '.join(each.name for each in peers[:5]) or 'not known'}")
        _show_skill(skill)


def _first(rows: Sequence[Option], limit: int | None) -> list[Option]:
    return [row for row in rows if limit is None or row.rank <= limit]


def _flat(row: Option) -> dict[str, Any]:
    held = asdict(row)
    for name in ("supporting", "peers_moved"):
        held[name] = " ".join(each.code for each in getattr(row, name))
    return held


def _show(rows: Sequence[Option], limit: int) -> None:
    for kind in KINDS:
        mine = [row for row in rows if row.kind == kind]
        if not mine:
            continue
        line()
        title(HEADS[kind])
        table(
            [
                Heading("#", right=True),
                Heading("Industry", folds=True),
                Heading("Odds", right=True),
                Heading("Near", right=True),
                Heading("place", right=True),
                Heading("supply", right=True),
                Heading("skills", right=True),
                Heading("Complex", right=True),
                Heading("LQ", right=True),
            ],
            [
                [
                    str(row.rank),
                    f"{row.title} ({row.industry})",
                    words.percent(row.probability),
                    words.percent(row.density),
                    words.percent(row.density_colocation),
                    words.percent(row.density_supply),
                    words.percent(row.density_skills),
                    words.NOT_KNOWN if row.complexity is None else f"{row.complexity:+.1f}",
                    words.quotient(row.location_quotient),
                ]
                for row in mine[:limit]
            ],
        )
        notes(_reasons(row) for row in mine[:limit])
    unseen = sum(row.status == UNPUBLISHED for row in rows if row.rank <= limit)
    notes(
        [
            "Near: how much of what is related to it the region has; place, supply and skills are "
            "its parts.",
            f"{unseen} of these have no row printed: none, or too few establishments to print."
            if unseen
            else "",
        ]
    )


def _reasons(row: Option) -> str:
    rests = "; ".join(each.name for each in row.supporting[:3]) or "nothing that is near"
    moved = "; ".join(each.name for each in row.peers_moved)
    return f"{row.rank}. rests on {rests}" + (f". Moved: {moved}" if moved else "")


def _show_skill(skill: Sequence[OptionSkill]) -> None:
    judged = [row for row in skill if row.sample == "all"]
    if not judged:
        notes(["How well such odds hold is not known: it takes entries enough between two years."])
        return
    for split in dict.fromkeys(row.split for row in judged):
        rows = [row for row in judged if row.split == split]
        line()
        title(
            f"How well such odds told the past, {split}",
            f"{words.number(rows[0].events)} entries of {words.number(rows[0].cells)} cells; Brier "
            f"score of a constant {_places(rows[0].brier_constant, 5)}",
        )
        table(
            [
                Heading("Predictor"),
                Heading("AUC", right=True),
                Heading("AP", right=True),
                Heading("First 10", right=True),
                Heading("Brier", right=True),
                Heading("Slope", right=True),
            ],
            [
                [
                    row.predictor,
                    _places(row.auc, 3),
                    _places(row.average_precision, 3),
                    _places(row.precision_at_10, 3),
                    _places(row.brier, 5),
                    _places(row.calibration_slope, 2),
                ]
                for row in rows
            ],
        )
    notes(
        [
            "AUC: chance that an entry is ranked above a cell without (0.5 is none). AP: average "
            "precision. First 10: share of entries among a region's first ten. Slope: 1 where the "
            "odds are neither timid nor bold."
        ]
    )


def _places(value: float | None, digits: int) -> str:
    known = value is not None and not math.isnan(value)
    return f"{value:.{digits}f}" if known else words.NOT_KNOWN
