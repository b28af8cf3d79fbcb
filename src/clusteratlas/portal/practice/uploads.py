"""Uploaded files of the library: PDF only, under random names, given as files to keep."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from clusteratlas.portal import figures

FOLDER = "files"
MOST_BYTES = 10_000_000
BEGINS, ENDS, TAIL = b"%PDF-", b"%%EOF", 2_048
NAME = re.compile(r"[0-9a-f]{32}\.pdf")


def checked(file: UploadedFile[Any]) -> None:
    """Refuse what is no PDF, by its content and not by its name.

    Raises
    ------
    ValidationError
        If it is too large, empty, or does not begin and end as a PDF does.
    """
    size = file.size or 0
    if size > MOST_BYTES:
        raise ValidationError(
            _("The file has %(size)s MB; at most %(most)s MB fit.")
            % {"size": figures.whole(size // 1_000_000 + 1), "most": MOST_BYTES // 1_000_000}
        )
    file.seek(0)
    head = file.read(len(BEGINS))
    file.seek(max(0, size - TAIL))
    tail = file.read()
    file.seek(0)
    if head != BEGINS or ENDS not in tail:
        raise ValidationError(_("This is no PDF. Other kinds of files are not taken."))


def keep(file: UploadedFile[Any]) -> str:
    """Write a checked file into the store and return the random name it has there."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.pdf"
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            for piece in file.chunks():
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    return name


def forget(name: str) -> None:
    """Delete a file that no entry holds any more; none is no fault."""
    if NAME.fullmatch(name):
        (_folder() / name).unlink(missing_ok=True)


def shown_name(name: str | None) -> str:
    """Return a name under which a file may be given: letters, digits, nothing that steers.

    >>> shown_name("../../Über uns\\n.exe")
    'ber-uns-.exe.pdf'
    """
    base = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name or "").name).strip("-.")[:100]
    return base if base.lower().endswith(".pdf") else f"{base or 'document'}.pdf"


def given(name: str, shown: str) -> FileResponse:
    """Give a file to keep; a browser never shows it within the site."""
    path = _folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=shown, content_type="application/pdf"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _folder() -> Path:
    return Path(settings.STORE) / FOLDER
