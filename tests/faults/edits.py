"""A process that keeps profile edits one after another, started to be killed.

Run as ``python edits.py PLACE``. It sets the registry up once and then obeys lines on its input:
``write N`` forks N editors that change the same organisation until they are killed, each telling on
its output what was acknowledged; ``check`` tells what the database holds.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from clusteratlas.portal import store

SLUG = "optics"


def tell(**said: Any) -> None:
    """Write one line; of lines this short none is ever mixed with another."""
    os.write(1, (json.dumps(said) + "\n").encode())


def edit(number: int) -> None:
    """Keep edits until killed, each made on the version that stands."""
    from clusteratlas.portal.accounts.models import User
    from clusteratlas.portal.registry import keeping
    from clusteratlas.portal.registry.models import Organisation

    person = User.objects.get()
    row = Organisation.objects.get(slug=SLUG)
    count = 0
    tell(ready=number)
    while True:
        count += 1
        text = f"editor {number} of {os.getpid()}, edit {count} on {row.version}"
        profile = row.profile.model_copy(update={"summary": text})
        try:
            keeping.keep(row, profile, base=row.version, person=person)
        except keeping.Outdated:
            row.refresh_from_db()
            continue
        tell(version=row.version, text=text)


def check() -> None:
    """Tell all versions, the profile that stands, and whether the file is whole."""
    from django.db import connection

    from clusteratlas.portal.accounts.models import AuditEntry
    from clusteratlas.portal.registry.models import Organisation

    row = Organisation.objects.get(slug=SLUG)
    whole = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            whole = cursor.execute("pragma integrity_check").fetchone()[0]
    tell(
        version=row.version,
        text=row.profile.summary,
        versions={each.version: each.profile["summary"] for each in row.revisions.all()},
        noted=AuditEntry.objects.filter(action="organisation.change").count(),
        whole=whole,
    )
    connection.close()


def main(place: Path) -> None:
    """Obey until the input ends."""
    store.set_up(place)
    store.migrate()
    from django.db import connection

    from clusteratlas.organisations import Profile
    from clusteratlas.portal.accounts.models import User
    from clusteratlas.portal.registry import keeping

    keeping.propose(Profile(name=SLUG.title()), User.objects.create_user("ada@example.org"))
    connection.close()
    tell(ready=True)
    for line in sys.stdin:
        match line.split():
            case ["write", count]:
                for number in range(int(count)):
                    child = os.fork()
                    if not child:
                        edit(number)
                    tell(pid=child)
            case ["check"]:
                check()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
