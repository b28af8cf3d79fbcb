"""A process that keeps changes of a profile until it is killed, and says so after each.

Run as a program it starts a writer of its own for each line it is given, so that Django is loaded
once; each prints the version that it has kept, when the database has acknowledged it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Fork a writer for each line of stdin."""
    from clusteratlas.portal import store

    store.set_up(Path(os.environ["CLUSTERATLAS_PLACE"]))
    from django.db import connection

    connection.close()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            write()
        print(f"pid {child}", flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


def write() -> None:
    """Keep one change after the other."""
    from clusteratlas.portal.registry import keeping
    from clusteratlas.portal.registry.models import Organisation

    row = Organisation.objects.get()
    while True:
        profile = row.profile.model_copy(update={"town": f"Town {row.version + 1}"})
        row = keeping.keep(row, profile, base=row.version, person=None)
        os.write(1, f"kept {row.version}\n".encode())


if __name__ == "__main__":
    main()
