"""Everything the doctor looks at, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from clusteratlas.portal.operations.doctor import database, machine, place, site, store
from clusteratlas.portal.operations.doctor.finding import Finding, fail

Check = Callable[[], Iterator[Finding]]


def visit(send_to: str = "") -> Iterator[Finding]:
    """Look at everything; a check that breaks is itself a finding.

    Parameters
    ----------
    send_to
        A mail address that a test message is sent to; none is sent without one.
    """
    from django.conf import settings  # noqa: PLC0415 - only there once Django is set up

    folder: Path = settings.ATLAS_PLACE
    checks: list[tuple[str, Check]] = [
        ("release", lambda: place.release(folder)),
        ("store", lambda: store.store(settings.STORE)),
        ("backup", lambda: store.backups(settings.STORE)),
        ("database", database.database),
        ("settings", site.settings_of),
        ("people", site.people),
        ("mail", lambda: site.mail(send_to)),
        ("machine", lambda: machine.machine(settings.STORE)),
        ("parts", machine.parts),
    ]
    for name, check in checks:
        try:
            yield from check()
        except Exception as error:  # the other checks are still worth their while
            said = f"the check broke: {type(error).__name__}: {error}"
            yield fail(name, said, "see the other findings first, then report it")
