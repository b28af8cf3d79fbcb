"""The logs of a programme as the portal keeps them: handed in, shown, taken in, replaced."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import LogFile, Programme
from clusteratlas.portal.registry import state
from clusteratlas.programmes.account import (
    Life,
    Log,
    Logs,
    RuleSet,
    Sent,
    bundled_sets,
    checked,
    log_of_plain,
    plain_rows,
    read_untrusted_logs,
    rule_set_of,
)
from clusteratlas.tables import Fault

RULES = "rules"
"""The kind of a file that holds counting rules."""


@dataclass(slots=True)
class Proposal:
    """What files that were handed in would do: logs and rules, or every fault of them."""

    files: list[LogFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def current_files(programme: Programme) -> list[LogFile]:
    """Return the logs that count now, each kind once."""
    found = programme.logs.filter(taken_at__isnull=False, replaced_at=None)
    return sorted(found, key=lambda each: each.kind)


def waiting_files(programme: Programme) -> list[LogFile]:
    """Return what was handed in and not taken in yet."""
    return sorted(programme.logs.filter(taken_at=None), key=lambda each: each.kind)


def earlier_files(programme: Programme) -> list[LogFile]:
    """Return what counted before something took its place, the latest first."""
    found = programme.logs.filter(taken_at__isnull=False, replaced_at__isnull=False)
    return list(found.order_by("-replaced_at", "-pk"))


def logs_of(files: Iterable[LogFile]) -> dict[str, Log]:
    """Return the logs that files hold, as they were checked."""
    return {
        each.kind: log_of_plain(each.kind, each.name, each.checksum, each.rows)
        for each in files
        if each.kind != RULES
    }


def rules_of(files: Iterable[LogFile]) -> tuple[RuleSet, ...]:
    """Return the package's sets of rules, and the programme's own."""
    own = (rule_set_of(each.rows["toml"], file=each.name) for each in files if each.kind == RULES)
    return (*bundled_sets(), *own)


def checked_logs(files: Iterable[LogFile], life: Life) -> tuple[Logs, list[Fault]]:
    """Return the logs of files with the years each covers, and the faults between them."""
    return checked(logs_of(files), life)


def propose(
    programme: Programme, sent: Iterable[UploadedFile[bytes]], person: User | None
) -> Proposal:
    """Read files that were handed in, each in a process of its own, and check them with the rest.

    What waited before is forgotten. Nothing is kept where there is any fault.
    """
    read = _read(sent)
    found = Proposal(faults=list(read.faults), notes=list(read.notes))
    files = [log_file(programme, log, person) for log in read.logs]
    files += [_rules_file(programme, name, text, person, found.faults) for name, text in read.rules]
    for file in files:
        earlier = next((each.name for each in found.files if each.kind == file.kind), None)
        if earlier is not None:
            problem = f"the log of {file.kind} is given twice"
            found.faults.append(Fault(problem, file.name, hint=f"it also stands in {earlier}"))
        found.files.append(file)
    logs = logs_of(current_files(programme)) | {each.name: each for each in read.logs}
    found.faults += checked(logs, Life.of(programme.document))[1]
    if found.faults:
        return found
    with transaction.atomic():
        programme.logs.filter(taken_at=None).delete()
        for file in found.files:
            file.save()
    return found


def _read(sent: Iterable[UploadedFile[bytes]]) -> Sent:
    with tempfile.TemporaryDirectory(prefix="clusteratlas-") as folder:
        files = []
        for number, each in enumerate(sent):
            path = Path(folder) / str(number)
            with path.open("wb") as held:
                for chunk in each.chunks():
                    held.write(chunk)
            files.append((path, Path(each.name or "file").name[:100]))
        return read_untrusted_logs(files)


def _rules_file(
    programme: Programme, name: str, text: str, person: User | None, faults: list[Fault]
) -> LogFile:
    own = rule_set_of(text, file=name).id
    if own in {each.id for each in bundled_sets()}:
        problem = "a set of rules of the package has this name and version"
        faults.append(Fault(problem, name, column="name", value=own))
    return LogFile(
        programme=programme,
        kind=RULES,
        name=name,
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        rows={"toml": text},
        person=person,
    )


def log_file(programme: Programme, log: Log, person: User | None) -> LogFile:
    """Return a log as it is kept; it is not saved yet."""
    return LogFile(
        programme=programme,
        kind=log.name,
        name=log.file[:200],
        checksum=log.checksum,
        rows=plain_rows(log),
        person=person,
    )


def take(programme: Programme, keys: Iterable[int], person: User | None) -> list[LogFile]:
    """Take in what waits, if it is still what was shown; what counted before stays for the record.

    Returns
    -------
    What was taken in; nothing where something else waits by now, or no longer fits the rest.
    """
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        files = waiting_files(programme)
        if not files or {each.pk for each in files} != set(keys):
            return []
        held = {each.kind: each for each in current_files(programme)}
        held |= {each.kind: each for each in files}
        if checked_logs(held.values(), Life.of(programme.document))[1]:
            return []
        keep(programme, files, person)
    return files


def keep(programme: Programme, files: Iterable[LogFile], person: User | None) -> None:
    """Make files count from now on, in the place of those of their kinds."""
    now = timezone.now()
    listed = list(files)
    kinds = [each.kind for each in listed]
    programme.logs.filter(kind__in=kinds, taken_at__isnull=False, replaced_at=None).update(
        replaced_at=now
    )
    for each in listed:
        each.taken_at = now
        each.save()
    audit.note(person, "programme.logs", programme.slug, kinds=kinds)
    state.bump()


def forget(programme: Programme, person: User | None) -> None:
    """Forget what waits."""
    programme.logs.filter(taken_at=None).delete()
    audit.note(person, "programme.logs_forgotten", programme.slug)


def differences(
    waiting: Iterable[LogFile], current: Mapping[str, LogFile]
) -> list[tuple[LogFile, int, int | None]]:
    """Return each file that waits with its rows, and the rows of what it replaces."""
    return [
        (each, _rows(each), _rows(current[each.kind]) if each.kind in current else None)
        for each in waiting
    ]


def _rows(file: LogFile) -> int:
    return len(file.rows) if file.kind != RULES else len(
        rule_set_of(file.rows["toml"], file=file.name).rule
    )  # fmt: skip
