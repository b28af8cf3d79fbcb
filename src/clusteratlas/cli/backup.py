"""The commands that back up the registry and put a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.cli.console import facts, line
from clusteratlas.cli.options import DEFAULT_PLACE, Place
from clusteratlas.cli.outcome import command
from clusteratlas.cli.registry_place import connection, operations, settings

File = Annotated[Path, typer.Argument(metavar="FILE.tar.gz", help="The backup.")]


@command
def backup(
    file: File,
    with_releases: Annotated[
        bool,
        typer.Option(
            "--with-releases", help="Also every release of figures: the whole site in one file."
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a file that is there.")
    ] = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Back up what people wrote: database, files, key.

    The portal may run meanwhile. The file holds personal data and the key that signs sessions:
    only its owner can read it; keep it so.
    """
    made = operations(place, "backup").back_up(
        file,
        connection(),
        store=settings().STORE,
        place=place,
        with_releases=with_releases,
        replace=replace,
    )
    line(f"Backed up to {made.file} ({made.size:,} bytes)", whole=True)
    _tell(made.manifest)


@command
def restore(
    file: File,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FOLDER",
            help="Put it into another place, on SQLite, whatever the settings say: to try a "
            "backup, or to move from one database to another.",
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Where a registry is there already: keep it aside and put the backup in its "
            "place.",
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Verify the whole backup and change nothing.")
    ] = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Put a backup in place; the portal must be stopped.

    Everything is verified before anything is touched, and a failure leaves what was there as it
    was. A backup of SQLite goes into PostgreSQL and the other way round.
    """
    restoring = operations(to or place, "restoring")
    set_now = settings()
    if check:
        manifest = restoring.verify(file, file.resolve().parent)
        line(f"{file} is whole", whole=True)
        _tell(manifest)
        return
    if to is None:
        target = restoring.Target(place, set_now.STORE, set_now.DATABASES["default"])
    else:
        target = restoring.in_folder(to)
    done = restoring.restore(file, target, replace=replace)
    line(f"Restored into {target.store}", whole=True)
    _tell(done.manifest)
    if done.brought:
        line(f"Tables brought to this version: {done.brought} changes.")
    if done.kept:
        line(f"What was there before is kept in {done.kept}; delete it when all is well.")


def _tell(manifest: Any) -> None:
    counted = {name: count for name, count in manifest.rows.items() if count}
    facts(
        [
            ("Made", f"{manifest.made_at} by Cluster Atlas {manifest.code_version}"),
            ("Database", f"{manifest.database}, {sum(counted.values()):,} rows"),
            *((name, f"{count:,}") for name, count in sorted(counted.items())),
            ("Parts", f"{len(manifest.parts):,}, all with their checksums"),
        ]
    )
