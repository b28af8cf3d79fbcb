"""Is there a release, whole and not too old?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from clusteratlas.atlas import Manifest, open_release, releases
from clusteratlas.atlas.store import MANIFEST, checksum, release_folder
from clusteratlas.portal.operations.doctor.finding import Finding, fail, ok, warn
from clusteratlas.tables import CannotAnswer

OLD_DAYS = 400
BUILD = "build it: `clusteratlas demo` for the sample, `clusteratlas build` for own figures"


def release(place: Path) -> Iterator[Finding]:
    """Open the current release, compare its files with its checksums, and tell its age."""
    try:
        folder = release_folder(place)
    except CannotAnswer as error:
        yield fail("release", f"{error.fault.problem}: {error.fault.value}", BUILD)
        return
    try:
        open_release(place).close()
        yield ok("release", f"release {folder.name} opens")
    except Exception as error:
        yield fail("release", f"release {folder.name} cannot be opened: {error}", BUILD)
    files = Manifest.model_validate_json((folder / MANIFEST).read_bytes()).files
    wrong = [
        name
        for name, told in sorted(files.items())
        if not (folder / name).is_file() or checksum(folder / name) != told
    ]
    if wrong:
        said = f"files of the release are damaged or missing: {', '.join(wrong)}"
        yield fail("checksums", said, "build the release again or restore it from a backup")
    else:
        yield ok("checksums", f"{len(files)} files of the release are as they were built")
    known = releases(place)
    put = next((each.put for each in known if each.current), None)
    if put is not None:
        days = (datetime.datetime.now(datetime.UTC) - put).days
        said = f"the release came here {days} days ago; {len(known)} kept in all"
        hint = "look for newer figures at their publishers and build again"
        yield warn("age", said, hint) if days > OLD_DAYS else ok("age", said)
