"""How a programme is changed and becomes public: every change a version, every step noted.

Each function is one transaction: the programme, its revision, the audit log and the state that the
public sees change together or not at all.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import Programme, ProgrammeRevision, Runner
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.slugs import slug_of
from clusteratlas.programmes.register import Programme as Document

State = Programme.State
RESERVED = frozenset(
    (
        *("evidence", "export", "facts", "fund-next", "funding-next", "growth", "import", "mine"),
        *("moderation", "new", "readiness", "returns", "table", "where-next", "where-to-fund"),
    )
)
"""Words that stand for something else right after ``/programmes/``."""


class Outdated(Exception):
    """Somebody else kept a change first; nothing was written."""


class NotNow(Exception):
    """The step is not possible from where the programme stands."""


def number_in(text: str) -> int:
    """Return a version that a form was sent with; one that no programme has where it says none.

    >>> number_in("12"), number_in("²"), number_in("9" * 5_000)
    (12, -1, -1)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def stored(document: Document) -> dict[str, Any]:
    """Return a document as it is kept: plain JSON."""
    return document.model_dump(mode="json")


def free_slug(document: Document, taken: Container[str]) -> str:
    """Return the name in addresses of a new programme: its own where that is free.

    >>> free_slug(Document(name="Cluster Boost"), ()), free_slug(Document(name="New"), ())
    ('cluster-boost', 'new-2')
    """
    if document.slug and document.slug not in taken and document.slug not in RESERVED:
        return document.slug
    return slug_of(document.name, _Either(taken, RESERVED))


class _Either:
    """What is in one of two collections."""

    def __init__(self, first: Container[str], second: Container[str]) -> None:
        self._both = (first, second)

    def __contains__(self, name: object) -> bool:
        return any(name in each for each in self._both)


@transaction.atomic
def begin(
    document: Document,
    person: User | None,
    *,
    organisation: Organisation | None = None,
    runs: bool = True,
) -> Programme:
    """Begin a programme as a draft.

    Parameters
    ----------
    organisation
        Whose editors run it; none where people run it one by one.
    runs
        Whoever begins it runs it.
    """
    slug = free_slug(document, set(Programme.objects.values_list("slug", flat=True)))
    document = document.model_copy(update={"slug": slug})
    row = Programme.objects.create(
        slug=slug,
        name=document.name,
        draft=stored(document),
        fictional=document.fictional,
        organisation=organisation,
    )
    ProgrammeRevision.objects.create(
        programme=row, version=1, document=stored(document), author=person
    )
    if person is not None and runs:
        Runner.objects.create(programme=row, user=person)
    audit.note(person, "programme.begin", row.slug)
    return row


@transaction.atomic
def keep(
    row: Programme, document: Document, *, base: int, person: User | None, note: str = ""
) -> None:
    """Keep a change as the next version of the draft; what is public stays until published.

    Raises
    ------
    Outdated
        If another change was kept since version ``base``.
    """
    document = document.model_copy(update={"slug": row.slug})
    changed = Programme.objects.filter(pk=row.pk, version=base).update(
        version=base + 1,
        draft=stored(document),
        name=document.name,
        fictional=document.fictional,
        state=State.DRAFT if row.published is None else State.PUBLISHED,
        changed_at=timezone.now(),
    )
    if not changed:
        raise Outdated
    row.refresh_from_db()
    ProgrammeRevision.objects.create(
        programme=row,
        version=row.version,
        document=stored(document),
        author=person,
        note=note[:200],
    )
    audit.note(person, "programme.change", row.slug, version=row.version)


@transaction.atomic
def submit(row: Programme, person: User | None) -> None:
    """Hand the draft to the moderators."""
    held = _held(row)
    if held.draft is None or held.state == State.SUBMITTED:
        raise NotNow
    held.state, held.changed_at = State.SUBMITTED, timezone.now()
    held.save(update_fields=["state", "changed_at"])
    audit.note(person, "programme.submit", row.slug, version=held.version)
    row.refresh_from_db()


@transaction.atomic
def publish(row: Programme, person: User | None, *, version: int) -> None:
    """Make the draft what everybody reads; only the version that was looked at.

    Raises
    ------
    Outdated
        If another change was kept since.
    NotNow
        If there is no draft.
    """
    held = _held(row)
    if held.version != version:
        raise Outdated
    if held.draft is None:
        raise NotNow
    held.published, held.draft = held.draft, None
    held.state, held.reason = State.PUBLISHED, ""
    held.changed_at = held.published_at = timezone.now()
    held.save()
    audit.note(person, "programme.publish", row.slug, version=held.version)
    state.bump()
    row.refresh_from_db()


@transaction.atomic
def give_back(row: Programme, person: User | None, reason: str) -> None:
    """Return what was handed in to those who run it, who read why."""
    held = _held(row)
    if held.state != State.SUBMITTED:
        raise NotNow
    held.state, held.reason = State.RETURNED, reason
    held.save(update_fields=["state", "reason"])
    audit.note(person, "programme.return", row.slug, version=held.version)
    row.refresh_from_db()


@transaction.atomic
def withdraw(row: Programme, person: User | None, reason: str = "") -> None:
    """Take a programme off the public's pages; it stays a draft and may be handed in again."""
    held = _held(row)
    if held.state == State.WITHDRAWN:
        raise NotNow
    held.draft, held.published = held.draft or held.published, None
    held.state, held.reason = State.WITHDRAWN, reason
    held.save()
    audit.note(person, "programme.withdraw", row.slug, version=held.version)
    state.bump()
    row.refresh_from_db()


@transaction.atomic
def discard(row: Programme, person: User | None) -> None:
    """Leave a draft aside and go back to what is published, as a new version."""
    held = _held(row)
    if held.published is None or held.draft is None:
        raise NotNow
    keep(held, Document.model_validate(held.published), base=held.version, person=person)
    held.draft, held.state, held.reason = None, State.PUBLISHED, ""
    held.save(update_fields=["draft", "state", "reason"])
    row.refresh_from_db()


def _held(row: Programme) -> Programme:
    """Return the row as it is now, held until the transaction ends."""
    return Programme.objects.select_for_update().get(pk=row.pk)
