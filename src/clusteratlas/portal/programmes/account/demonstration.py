"""The logs of the fictional programme, for the demonstration."""

from __future__ import annotations

import tempfile
from pathlib import Path

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.account.logs_keeping import keep, log_file
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.account import Life, read_logs
from clusteratlas.programmes.demonstration import fictional_logs, write_logs


def load_logs(programme: Programme, person: User | None = None) -> int:
    """Make the fictional logs count for a programme; return how many logs there are."""
    with tempfile.TemporaryDirectory(prefix="clusteratlas-") as folder:
        place = Path(folder)
        write_logs(fictional_logs(), place / "logs", place / "logs.xlsx")
        found = read_logs(place / "logs.xlsx", Life.of(programme.document))
    files = [log_file(programme, log, person) for log in found.logs.values()]
    for each in files:
        each.name = f"logs.xlsx, {each.kind}"
    keep(programme, files, person)
    return len(files)
