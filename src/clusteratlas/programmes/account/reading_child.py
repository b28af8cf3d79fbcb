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
    logs: list[dict[str, Any]] = []
    rules: list[dict[str, str]] = []
    faults: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for each in asked["files"]:
        path, name = Path(each["path"]), each["name"]
        if name.lower().endswith(".toml"):
            try:
                read_rules(path, name=name)
                rules.append({"name": name, "toml": path.read_text(encoding="utf-8-sig")})
            except InvalidInput as error:
                faults += [plain_fault(fault) for fault in error.faults[:MOST_FAULTS]]
            continue
        parsed = parse(path, name)
        faults += [plain_fault(fault) for fault in parsed.faults[:MOST_FAULTS]]
        notes += [plain_fault(note) for note in parsed.notes]
        logs += [
            {
                "name": log.name,
                "file": log.file,
                "checksum": log.checksum,
                "rows": plain_rows(log),
                "wrong": {row.number: sorted(row.wrong) for row in log.rows if row.wrong},
            }
            for log in parsed.logs.values()
        ]
    answer = {"logs": logs, "rules": rules, "faults": faults, "notes": notes}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
