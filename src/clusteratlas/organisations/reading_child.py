"""Read a file that a stranger sent: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 1_000_000_000
"""Bytes of data that the process may hold."""

SECONDS: Final = 60


def _limited() -> None:
    """Bind this process to its limits; from here on nothing widens them again."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Answer on stdout with what a file gave; what to read and the codes come on stdin."""
    _limited()
    from clusteratlas.organisations.codes import Codebook  # noqa: PLC0415
    from clusteratlas.organisations.reading import read  # noqa: PLC0415

    asked = json.loads(sys.stdin.buffer.read())
    book = Codebook(**asked["book"]) if asked["book"] is not None else None
    found = read(Path(asked["path"]), book=book, name=asked["name"])
    answer = {
        "profiles": [each.model_dump(mode="json") for each in found.profiles],
        "rows": found.rows,
        "faults": [_plain(each) for each in found.faults],
        "total": found.total,
        "notes": [_plain(each) for each in found.notes],
    }
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _plain(fault: Any) -> dict[str, Any]:
    names = ("problem", "file", "row", "column", "value", "hint")
    return {name: getattr(fault, name) for name in names}


if __name__ == "__main__":
    main()
