"""The command that makes the meeting timetable of an event."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.cli.console import line
from clusteratlas.cli.documents import to_json, write_csv
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.timetable_shown import show_changes, show_timetable
from clusteratlas.tables import InternalFault, few

if TYPE_CHECKING:
    from clusteratlas.matching.timetable import Event, Rescheduled, Timetable

READ, SOLVED = 0.02, 0.97
"""Shares of the work that are done when the event is read, and when its timetable is found."""

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@command
def timetable(
    event_file: Annotated[
        Path, typer.Argument(metavar="EVENT.json", help="The event; see the reference.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write timetable.json and meetings.csv here."),
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the meetings as CSV.")
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FOLDER", help="Write a calendar for each participant."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous", metavar="OLD.json", help="A timetable.json: move few of its meetings."
        ),
    ] = None,
    price: Annotated[
        float,
        typer.Option(
            "--price",
            min=0.0,
            metavar="SCORE",
            help="With --previous: what moving or dropping a meeting has to gain.",
        ),
    ] = 0.25,
    seconds: Annotated[
        float,
        typer.Option("--seconds", min=1.0, max=86_400.0, metavar="N", help="Most time to take."),
    ] = 60.0,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**31 - 1, metavar="N", help="Seed of the search.")
    ] = 0,
    relax: Annotated[
        bool,
        typer.Option("--relax", help="Let guarantees be missed where not all can be kept."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the best meeting timetable of an event.

    Guarantees first, then the largest sum of mutual scores, then few gaps, then few moves; with
    a bound that says how good it is proved to be.
    """
    from clusteratlas.matching.timetable import (  # noqa: PLC0415
        read_event,
        read_timetable,
        reschedule,
        solve,
    )

    refuse_replacing(csv_file, [event_file, previous])
    with Reporter() as reporter:
        reporter.tell("reading the event", 0.0)
        event = read_event(event_file, relax=relax)
        listener = reporter.listener(READ, SOLVED)
        change: Rescheduled | None = None
        if previous is None:
            made = solve(event, seconds=seconds, seed=seed, relax=relax, listener=listener)
        else:
            change = reschedule(
                event,
                read_timetable(previous, event),
                price=price,
                seconds=seconds,
                seed=seed,
                relax=relax,
                listener=listener,
            )
            made = change.timetable
        reporter.tell("checking the timetable", SOLVED)
        _check(event, made, change)
        written = _write(_files(event, made, change, out=out, csv_file=csv_file, ics=ics))
    if as_json:
        print(to_json(_document(event, made, change)))
        return
    show_timetable(event, made)
    if change is not None:
        show_changes(event, change)
    for place in written:
        line(f"Written: {place}", whole=True)


def _check(event: Event, made: Timetable, change: Rescheduled | None) -> None:
    """Refuse to publish what the independent check does not let pass."""
    from clusteratlas.matching.timetable import verify  # noqa: PLC0415

    broken = verify(event, made, past=change.past if change else ())
    if broken:
        raise InternalFault(
            f"the timetable breaks a rule: {few([each.problem for each in broken])}"
        )


def _document(event: Event, made: Timetable, change: Rescheduled | None) -> dict[str, Any]:
    from clusteratlas.matching.timetable import (  # noqa: PLC0415
        changes_document,
        timetable_document,
    )

    document = timetable_document(event, made)
    if change is not None:
        document["changes"] = changes_document(change)
    return document


def _files(
    event: Event,
    made: Timetable,
    change: Rescheduled | None,
    *,
    out: Path | None,
    csv_file: Path | None,
    ics: Path | None,
) -> dict[Path, str]:
    """What is to be written, by path."""
    from clusteratlas.matching.timetable.agenda import COLUMNS, meeting_rows  # noqa: PLC0415

    files: dict[Path, str] = {}
    text = io.StringIO()
    if out is not None or csv_file is not None:
        write_csv(meeting_rows(event, made), COLUMNS, text)
    if out is not None:
        files[out / "timetable.json"] = to_json(_document(event, made, change)) + "\n"
        files[out / "meetings.csv"] = text.getvalue()
    if csv_file is not None:
        files[csv_file] = text.getvalue()
    if ics is not None:
        files |= _calendars(event, made, change, ics)
    return files


def _calendars(
    event: Event, made: Timetable, change: Rescheduled | None, folder: Path
) -> dict[Path, str]:
    """A calendar for each participant, and one that calls off where meetings are dropped."""
    from clusteratlas.matching.timetable import calendar_of, cancellations_of  # noqa: PLC0415

    files = {}
    dropped = [each.meeting for each in change.dropped] if change else []
    for number, person in enumerate(event.participants, start=1):
        name = f"{number:04}-{UNSAFE.sub('_', person.id)[:80]}"
        files[folder / f"{name}.ics"] = calendar_of(event, made, person.id)
        if any(person.id in each.pair for each in dropped):
            files[folder / f"{name}-cancelled.ics"] = cancellations_of(
                event, dropped, person.id, revision=made.revision
            )
    return files


def _write(files: Mapping[Path, str]) -> list[Path]:
    """Write the files; return the folders and files to tell of."""
    told: dict[Path, None] = {}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(text.encode())
        told[path.parent if path.suffix == ".ics" else path] = None
    return list(told)
