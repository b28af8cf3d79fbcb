"""Long work in a process of its own: started, watched, stopped; its end is noticed, also a crash.

A kind of work is registered once with `kind`. Its function gets a `Progress` and what was given,
works without writing, and returns an `Outcome` whose ``keep`` writes the result. It does so in one
transaction with the end of the job, so a job that is stopped or dies leaves nothing half-written.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.tables import CannotAnswer, ClusterAtlasError, InternalFault, InvalidInput

log = logging.getLogger("clusteratlas.portal")
SILENT_SECONDS = 300
"""On another machine, a process that gave no sign of life for so long is taken for dead."""
START_SECONDS = 60
"""A job that no process took up within this time will not be."""
BEAT_SECONDS = 2.0
_OPEN = (Job.State.WAITING, Job.State.RUNNING)


class Stopped(Exception):
    """Somebody asked the job to stop."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job found.

    Attributes
    ----------
    keep
        Writes the result; called once, in the transaction that ends the job.
    address
        Where the result stands, without a language.
    """

    keep: Callable[[], None]
    address: str = ""


class Progress:
    """Tells how far a job is; raises `Stopped` where it has been stopped."""

    def __init__(self, job: int) -> None:
        self.job = job
        self._said = 0.0
        self._stage = ""

    def at(self, stage: str, share: float | None = None) -> None:
        """Say the stage (one of the kind's) and the share that is done, 0-1."""
        now = time.monotonic()
        if stage == self._stage and now - self._said < 0.5:
            return
        self._stage, self._said = stage, now
        still = Job.objects.filter(pk=self.job, state=Job.State.RUNNING)
        if not still.update(stage=stage, share=share, seen_at=timezone.now()):
            raise Stopped


Work = Callable[[Progress, dict[str, Any]], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name for people, its stages by code, and the work itself."""

    title: str | Promise
    work: Work
    stages: Mapping[str, str | Promise] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def kind(
    name: str, title: str | Promise, stages: Mapping[str, str | Promise]
) -> Callable[[Work], Work]:
    """Register a function as the work of a kind of jobs; import its module in ``ready``."""

    def register(work: Work) -> Work:
        _kinds[name] = Kind(title, work, stages)
        return work

    return register


def kind_of(job: Job) -> Kind:
    """Return the kind of a job."""
    if job.kind not in _kinds:
        raise InternalFault(f"nobody registered jobs of the kind {job.kind}")
    return _kinds[job.kind]


def start(
    name: str,
    given: dict[str, Any],
    *,
    subject: str,
    person: User | None = None,
    organisation: Organisation | None = None,
    back: str = "",
) -> Job:
    """Keep a job and start its process once the transaction is through.

    Where work of this kind on the same subject is under way, that job is returned instead.

    Parameters
    ----------
    given
        What the work needs, as JSON.
    subject
        What the work is about, such as ``event:12``.
    person, organisation
        Who may watch and stop it: this person, and the editors of this organisation.
    back
        Address of the page to return to, without a language.
    """
    with transaction.atomic():
        for each in Job.objects.filter(kind=name, subject=subject, state__in=_OPEN):
            if not noticed(each).is_over:
                return each
        job = Job.objects.create(
            kind=name,
            given=given,
            subject=subject,
            person=person,
            organisation=organisation,
            back=back,
        )
        transaction.on_commit(lambda: launch(job.pk))
    return job


def launch(job: int) -> None:
    """Start the process of a job; it takes the job up by itself."""
    surroundings = {
        **os.environ,
        "CLUSTERATLAS_PLACE": str(settings.ATLAS_PLACE),
        "CLUSTERATLAS_STORE": str(settings.STORE),
        "PYTHONPATH": os.pathsep.join(each for each in sys.path if each),
    }
    process = subprocess.Popen(  # noqa: S603 - our own module, no word of a user in it
        [sys.executable, "-m", "clusteratlas.portal.operations.run_job", str(job)],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # or it stays as a zombie


def run(job_id: int, *, taken_up: Callable[[], None] = lambda: None) -> Job:
    """Do the work of a job in this process and keep what came of it.

    ``taken_up`` is called once the job is this process's own.
    """
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING,
        started_at=now,
        seen_at=now,
        host=socket.gethostname()[:120],
        pid=os.getpid(),
    )
    job = Job.objects.get(pk=job_id)
    if not taken:
        return job
    taken_up()
    try:
        outcome = kind_of(job).work(Progress(job.pk), job.given)
        with transaction.atomic():
            if _end(job, Job.State.DONE, share=1.0, address=outcome.address):
                outcome.keep()
    except Stopped:
        log.info("job %s was stopped", job.pk)
    except ClusterAtlasError as error:
        log.info("job %s has no result: %s", job.pk, error)
        _end(job, Job.State.FAILED, faults=_faults(error))
    except Exception:
        log.exception("job %s broke", job.pk)
        _end(job, Job.State.FAILED, faults=[])
    job.refresh_from_db()
    return job


def stop(job: Job) -> bool:
    """Stop a job; say whether it was still under way. Its process ends, nothing is written."""
    stopped = _end(job, Job.State.STOPPED)
    if stopped and job.pid not in (None, os.getpid()) and _is_here(job) and _is_alive(job):
        os.kill(job.pid or 0, signal.SIGTERM)
    job.refresh_from_db()
    return stopped


def noticed(job: Job) -> Job:
    """Return a job as it stands, failed where its process is gone."""
    now = timezone.now()
    if job.state == Job.State.WAITING and now - job.asked_at > timedelta(seconds=START_SECONDS):
        gone = True
    elif job.state == Job.State.RUNNING:
        silent = job.seen_at is None or now - job.seen_at > timedelta(seconds=SILENT_SECONDS)
        gone = not _is_alive(job) if _is_here(job) else silent
    else:
        gone = False
    if gone:
        log.error("the process of job %s is gone", job.pk)
        _end(job, Job.State.FAILED, faults=[])
        job.refresh_from_db()
    return job


def beat(job: int) -> None:
    """Give signs of life until the job is over; for a thread of its process."""
    while Job.objects.filter(pk=job, state=Job.State.RUNNING).update(seen_at=timezone.now()):
        time.sleep(BEAT_SECONDS)


def _is_here(job: Job) -> bool:
    return job.host == socket.gethostname()[:120]


def _is_alive(job: Job) -> bool:
    """Whether the process of a job on this machine lives, and is still that of a job."""
    command = Path(f"/proc/{job.pid}/cmdline")
    if job.pid == os.getpid():
        return True
    if Path("/proc/self/cmdline").exists():
        try:  # empty where the process ended and nobody asked how
            return b"run_job" in command.read_bytes()
        except OSError:
            return False
    try:
        os.kill(job.pid or 0, 0)
    except OSError:
        return False
    return True


def _end(job: Job, state: Job.State, **more: Any) -> bool:
    """End a job that is under way; say whether it was."""
    open_still = Job.objects.filter(pk=job.pk, state__in=_OPEN)
    return bool(open_still.update(state=state, ended_at=timezone.now(), **more))


def _faults(error: ClusterAtlasError) -> list[dict[str, str]]:
    faults = (
        [error.fault]
        if isinstance(error, CannotAnswer)
        else list(error.faults)
        if isinstance(error, InvalidInput)
        else []
    )
    return [
        {
            "problem": each.problem,
            "file": each.file,
            "row": str(each.row or ""),
            "column": each.column,
            "value": each.value,
            "hint": each.hint,
        }
        for each in faults
    ]
