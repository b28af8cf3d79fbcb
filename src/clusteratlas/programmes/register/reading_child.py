"""Read a register that a stranger sent: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clusteratlas.organisations.child_limits import bind_to_limits
from clusteratlas.organisations.reading_child import plain_fault


def main() -> None:
    """Answer on stdout with what a file gave; what to read and the codes come on stdin."""
    bind_to_limits()
    from clusteratlas.organisations.codes import Codebook  # noqa: PLC0415
    from clusteratlas.programmes.register.document import Programme  # noqa: PLC0415
    from clusteratlas.programmes.register.reading import read_register  # noqa: PLC0415

    asked = json.loads(sys.stdin.buffer.read())
    book = Codebook(**asked["book"]) if asked["book"] is not None else None
    into = Programme.model_validate(asked["into"]) if asked["into"] is not None else None
    found = read_register(Path(asked["path"]), book=book, name=asked["name"], into=into)
    answer = {
        "programmes": [each.model_dump(mode="json") for each in found.programmes],
        "faults": [plain_fault(each) for each in found.faults],
        "total": found.total,
        "notes": [plain_fault(each) for each in found.notes],
    }
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
