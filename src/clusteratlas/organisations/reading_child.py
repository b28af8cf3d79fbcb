"""Read a file that a stranger sent: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from clusteratlas.organisations.child_limits import bind_to_limits


def main() -> None:
    """Answer on stdout with what a file gave; what to read and the codes come on stdin."""
    bind_to_limits()
    from clusteratlas.organisations.codes import Codebook  # noqa: PLC0415
    from clusteratlas.organisations.reading import read  # noqa: PLC0415

    asked = json.loads(sys.stdin.buffer.read())
    book = Codebook(**asked["book"]) if asked["book"] is not None else None
    found = read(Path(asked["path"]), book=book, name=asked["name"])
    answer = {
        "profiles": [each.model_dump(mode="json") for each in found.profiles],
        "rows": found.rows,
        "faults": [plain_fault(each) for each in found.faults],
        "total": found.total,
        "notes": [plain_fault(each) for each in found.notes],
    }
    sys.stdout.buffer.write(json.dumps(answer).encode())


def plain_fault(fault: Any) -> dict[str, Any]:
    """Return a fault as JSON can hold it."""
    names = ("problem", "file", "row", "column", "value", "hint")
    return {name: getattr(fault, name) for name in names}


if __name__ == "__main__":
    main()
