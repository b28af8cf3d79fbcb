"""Read logs or rules that a stranger sent: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from clusteratlas.organisations.child_limits import bind_to_limits
from clusteratlas.organisations.reading_child import plain_fault


def main() -> None:
    """Answer on stdout with what a file gave; what to read comes on stdin."""
    bind_to_limits()
    from clusteratlas.programmes.account.reading import MOST_FAULTS, parse  # noqa: PLC0415
    from clusteratlas.programmes.account.rule_files import read_rules  # noqa: PLC0415
    from clusteratlas.programmes.account.untrusted import plain_rows  # noqa: PLC0415
    from clusteratlas.tables import InvalidInput  # noqa: PLC0415

    asked = json.loads(sys.stdin.buffer.read())
    path, name = Path(asked["path"]), asked["name"]
    answer: dict[str, Any] = {"logs": [], "rules": "", "faults": [], "notes": []}
    if name.lower().endswith(".toml"):
        try:
            read_rules(path, name=name)
            answer["rules"] = path.read_text(encoding="utf-8-sig")
        except InvalidInput as error:
            answer["faults"] = [plain_fault(each) for each in error.faults[:MOST_FAULTS]]
    else:
        parsed = parse(path, name)
        answer["faults"] = [plain_fault(each) for each in parsed.faults[:MOST_FAULTS]]
        answer["notes"] = [plain_fault(each) for each in parsed.notes]
        if not parsed.faults:
            answer["logs"] = [
                {"name": each.name, "file": each.file, "checksum": each.checksum,
                 "rows": plain_rows(each)}
                for each in parsed.logs.values()
            ]  # fmt: skip
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
