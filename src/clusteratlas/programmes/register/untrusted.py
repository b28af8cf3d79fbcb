"""Read a register that a stranger sent; a file that kills its reader is a fault too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.untrusted import answer_of_child, faults_of_child
from clusteratlas.programmes.register.document import Programme
from clusteratlas.programmes.register.reading import RegisterReading
from clusteratlas.tables import Fault

CHILD: Final = "clusteratlas.programmes.register.reading_child"


def read_untrusted_register(
    path: Path,
    release: Release | None = None,
    *,
    name: str = "",
    into: Programme | None = None,
) -> RegisterReading:
    """Return what an untrusted file gave, as `read_register` does, read by another process.

    Parameters
    ----------
    path
        Where the upload lies.
    release
        If given, codes are checked against it and names are accepted in their place.
    name
        Of the file in faults; by default the name alone, never its folder.
    into
        The one programme that the file is about.
    """
    file = name or path.name
    asked = {
        "path": str(path.resolve()),
        "name": file,
        "book": Codebook.of(release).plain() if release is not None else None,
        "into": into.model_dump(mode="json") if into is not None else None,
    }
    told = answer_of_child(CHILD, asked, file)
    if isinstance(told, Fault):
        return RegisterReading((), (told,), 1)
    return RegisterReading(
        tuple(Programme.model_validate(each) for each in told["programmes"]),
        faults_of_child(told["faults"]),
        told["total"],
        faults_of_child(told["notes"]),
    )
