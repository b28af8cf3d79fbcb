"""Files that an effect is asked of: they lie in the store until the work on them is over."""

from __future__ import annotations

import csv
import io
import math
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.programmes.models import Programme, StudyFiles

FOLDER = "studies"
KEPT_DAYS = 7
"""Files that nobody went on with are forgotten after so many days."""
MOST_OPEN = 5
"""Pairs of files of one programme that may wait at a time."""
LOOKED_AT = 256 * 1024
"""Bytes at the beginning of a file that its columns are told from."""
MOST_COLUMNS = 200
"""Each choice of a study lists them all, so that a page of thousands would never be finished."""


def keep(
    programme: Programme, panel: UploadedFile[Any], treated: UploadedFile[Any], person: User
) -> StudyFiles:
    """Write both files into the store; the oldest that wait beyond the limit are forgotten."""
    forget_old(programme)
    key = secrets.token_hex(16)
    place = folder(key)
    place.mkdir(mode=0o700, parents=True)
    try:
        for role, file in (("panel", panel), ("treated", treated)):
            handle = os.open(place / f"{role}.csv", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                for piece in file.chunks():
                    out.write(piece)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return StudyFiles.objects.create(
        programme=programme,
        key=key,
        panel=Path(panel.name or "panel").name[:100],
        treated=Path(treated.name or "treated").name[:100],
        person=person,
    )


@dataclass(frozen=True, slots=True)
class SeenColumns:
    """Names of the columns of a file; ``numbers`` are those that seem to hold numbers."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]


def columns_of(path: Path) -> SeenColumns | None:
    """Return what the first rows of a CSV tell of its columns; nothing where it is none."""
    try:
        with path.open("rb") as file:
            begin = file.read(LOOKED_AT)
        text = begin.decode("utf-8-sig", errors="strict" if len(begin) < LOOKED_AT else "ignore")
        whole = text if len(begin) < LOOKED_AT else text.rpartition("\n")[0]
        rows = list(csv.reader(io.StringIO(whole, newline=""), strict=True))
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return None
    if "\0" in text or len(rows) < 2 or not all(rows[0]):
        return None
    if not 2 <= len(rows[0]) <= MOST_COLUMNS:
        return None
    names = tuple(rows[0])
    numbers = tuple(
        name
        for place, name in enumerate(names)
        if all(_is_number(row[place]) for row in rows[1:] if len(row) == len(names))
    )
    return SeenColumns(names, numbers)


def _is_number(cell: str) -> bool:
    try:
        return not cell.strip() or math.isfinite(float(cell))
    except ValueError:
        return False


def folder(key: str) -> Path:
    """Return where the files of a key lie."""
    return Path(settings.STORE) / FOLDER / key


def path_of(files: StudyFiles, role: str) -> Path:
    """Return where the panel or the treated list lies."""
    return folder(files.key) / f"{role}.csv"


def forget(files: StudyFiles) -> None:
    """Delete files that nothing needs any more, once the transaction is through."""
    place = folder(files.key)
    files.delete()
    transaction.on_commit(lambda: shutil.rmtree(place, ignore_errors=True))


def subject_of(files: StudyFiles) -> str:
    """Return what a job on these files is about."""
    return f"study-files:{files.pk}"


def forget_old(programme: Programme) -> None:
    """Forget what was left lying: too old, or more than may wait; never what is worked on."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    left = [*StudyFiles.objects.filter(at__lt=old)]
    left += StudyFiles.objects.filter(programme=programme).order_by("-pk")[MOST_OPEN - 1 :]
    for each in {one.pk: one for one in left}.values():
        working = Job.objects.filter(subject=subject_of(each), ended_at=None)
        if not any(not jobs.noticed(job).is_over for job in working):
            forget(each)
