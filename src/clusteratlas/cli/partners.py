"""The command that suggests partners to a cluster organisation, with the reasons."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.atlas import Release, open_release
from clusteratlas.cli import documents
from clusteratlas.cli.console import facts, line, notes, title
from clusteratlas.cli.options import DEFAULT_PLACE, AsCsv, AsJson, Form, form_of
from clusteratlas.cli.outcome import command
from clusteratlas.cli.words import NOT_KNOWN, percent, plain
from clusteratlas.matching.reasons import WORDS_OF_PARTS
from clusteratlas.matching.records import (
    PartScore,
    Suggestion,
    Suggestions,
    Switches,
    Wanted,
    as_document,
)
from clusteratlas.matching.weights import read_weights
from clusteratlas.organisations import Profile, read_profiles
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

READABLE = 10


@command
def partners(
    registry: Annotated[
        Path,
        typer.Argument(
            metavar="REGISTRY",
            help="Profiles as CSV, XLSX or JSON, or a plain list of organisation and cluster.",
        ),
    ],
    *,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="NAME", help="Whom to suggest partners to."),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            "--draft", metavar="FILE", help="Instead: a profile that is not in the registry yet."
        ),
    ] = None,
    cross_sector: Annotated[
        bool | None,
        typer.Option(
            "--cross-sector/--same-sector",
            help="Only those who claim no cluster in common, or only those who do.",
        ),
    ] = None,
    cross_border: Annotated[
        bool | None,
        typer.Option(
            "--cross-border/--same-border", help="Only of other countries, or only of the same one."
        ),
    ] = None,
    with_partners: Annotated[
        bool, typer.Option("--with-partners", help="Also those that are partners already.")
    ] = False,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", metavar="FILE", help="Other weights of the parts, as TOML."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, metavar="ROWS", help="How many partners.")
    ] = READABLE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Annotated[
        Path | None,
        typer.Option(
            "--place",
            envvar="CLUSTERATLAS_PLACE",
            metavar="FOLDER",
            help="Folder of the releases that strength is measured from.",
        ),
    ] = None,
) -> None:
    """Suggest partners, with the reasons.

    Each suggestion has a score in parts, each between 0 and 1 with an interval, and says why, what
    is not known, and what would change it. Without a release, parts that need one are not known.
    """
    from clusteratlas.matching.suggestions import PartnerIndex  # noqa: PLC0415 - heavy

    form = form_of(as_json, as_csv)
    if (organisation is None) == (draft is None):
        raise typer.BadParameter("name one organisation with --organisation, or give --draft FILE")
    release = _release(place)
    chosen = None if weights is None else read_weights(weights)
    profiles = read_profiles(registry, release)
    asking = _draft(draft, release) if draft is not None else None
    index = PartnerIndex.of(profiles, release, weights=chosen)
    switches = Switches(_wanted(cross_sector), _wanted(cross_border), with_partners)
    who: str | Profile = asking if asking is not None else index.find(organisation or "")
    found = index.suggest(who, limit, switches)
    if form is Form.json:
        document = {"registry": registry.name, "organisations": len(profiles)}
        print(documents.to_json(document | as_document(found)))
    elif form is Form.csv:
        rows = [_tidy(each) for each in found.suggestions]
        documents.write_csv(rows, list(rows[0]) if rows else ["rank"], sys.stdout)
    else:
        _show(found, limit)


def _release(place: Path | None) -> Release | None:
    """The current release; none where no place was named and there is none."""
    if place is not None:
        return open_release(place)
    try:
        return open_release(DEFAULT_PLACE)
    except CannotAnswer:
        return None


def _draft(path: Path, release: Release | None) -> Profile:
    profiles = read_profiles(path, release)
    if len(profiles) != 1:
        problem = f"the file holds {len(profiles):,} profiles"
        raise InvalidInput([Fault(problem, str(path), hint="a draft is one profile")])
    return profiles[0]


def _wanted(cross: bool | None) -> Wanted:
    return Wanted.any if cross is None else Wanted.cross if cross else Wanted.same


def _tidy(each: Suggestion) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rank": each.rank,
        "slug": each.slug,
        "name": each.name,
        "country": each.country,
        "score": each.score,
        "score_low": each.score_low,
        "score_high": each.score_high,
        "expected": each.expected,
        "chance": each.chance,
    }
    for part in each.parts:
        row[part.name] = part.value
        row[f"{part.name}_low"] = part.low
        row[f"{part.name}_high"] = part.high
    return row


def _show(found: Suggestions, limit: int) -> None:
    measured = f"release {found.release}" if found.release else "no release"
    title(
        f"Partners suggested to {found.name}",
        f"{found.considered:,} organisations compared · weights {found.weights} · {measured}",
    )
    if not found.suggestions:
        line()
        line("Nobody can be suggested.")
    for each in found.suggestions:
        _show_one(each, limit)
    line()
    notes(_beneath(found))


def _show_one(each: Suggestion, limit: int) -> None:
    line()
    where = f" ({each.country})" if each.country else ""
    interval = f"{each.score_low:.2f}–{each.score_high:.2f}"
    line(plain(f"{each.rank}. {each.name}{where}: {each.score:.2f} [{interval}]"), style="bold")
    told = [
        f"{WORDS_OF_PARTS[part.name]} {part.value:.2f}{_between(part)}"
        for part in each.parts
        if part.value is not None
    ]
    unknown = [
        WORDS_OF_PARTS[part.name] for part in each.parts if part.value is None and part.applies
    ]
    facts(
        [
            ("Why", " ".join(reason.text for reason in each.why) or NOT_KNOWN),
            ("Parts", "; ".join(told)),
            ("Not known", "; ".join(unknown) or "nothing"),
            ("Would change it", " ".join(reason.text for reason in each.would_change[:2])),
            (f"Among first {limit}", f"with a chance of {percent(each.chance)}"),
        ]
    )


def _between(part: PartScore) -> str:
    """The ends of a part that is known in part only."""
    low, high = f"{part.low:.2f}", f"{part.high:.2f}"
    return "" if low == high else f" [{low}–{high}]"


def _beneath(found: Suggestions) -> Sequence[str]:
    left = {
        "sector": "by sector",
        "border": "by border",
        "partners": "as partners already",
        "not_known": "as too little is known of them",
        "no_reason": "as nothing that is known speaks for them",
    }
    out = [f"{count:,} {left[reason]}" for reason, count in found.left_out.items() if count]
    return [
        *(each.text for each in found.notes),
        f"Left out: {'; '.join(out)}." if out else "",
        "A part that is not known drops out of the score and widens its interval; it never counts "
        "as zero. Listed by the score that is to be expected, with unknown parts at their average "
        "here, and so that those listed are not all alike.",
    ]
