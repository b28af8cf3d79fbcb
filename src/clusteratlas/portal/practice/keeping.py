"""How an entry is changed and becomes public: every change a version, every step noted.

Each function is one transaction: the entry, its revision, the audit log and the state that the
public sees change together or not at all.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.models import Entry, EntryRevision
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.slugs import slug_of

State = Entry.State
RESERVED = frozenset(("mine", "moderation", "new", "feed", "table"))


class Outdated(Exception):
    """Somebody else kept a change first; nothing was written."""


class NotNow(Exception):
    """The step is not possible from where the entry stands."""


def number_in(text: str) -> int:
    """Return a version that a form was sent with; one that no entry has where it says none.

    >>> number_in("12"), number_in("²"), number_in("9" * 5_000)
    (12, -1, -1)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def stored(document: Document) -> dict[str, Any]:
    """Return a document as it is kept: plain JSON."""
    return document.model_dump(mode="json")


@transaction.atomic
def begin(
    document: Document,
    person: User | None,
    *,
    organisation: Organisation | None = None,
    fictional: bool = False,
) -> Entry:
    """Begin an entry, as a draft of its author."""
    taken = {*Entry.objects.values_list("slug", flat=True), *RESERVED}
    entry = Entry.objects.create(
        slug=slug_of(document.title, taken),
        title=document.title,
        draft=stored(document),
        author=person,
        organisation=organisation,
        fictional=fictional,
    )
    EntryRevision.objects.create(entry=entry, version=1, document=stored(document), author=person)
    audit.note(person, "entry.begin", entry.slug)
    return entry


@transaction.atomic
def keep(
    entry: Entry, document: Document, *, base: int, person: User | None, note: str = ""
) -> None:
    """Keep a change as the next version of the draft; what is public stays until published.

    Raises
    ------
    Outdated
        If another change was kept since version ``base``.
    NotNow
        If it was withdrawn: it must be opened again first.
    """
    if entry.state == State.WITHDRAWN:
        raise NotNow
    open_ones = Entry.objects.filter(pk=entry.pk, version=base).exclude(state=State.WITHDRAWN)
    changed = open_ones.update(
        version=base + 1,
        draft=stored(document),
        title=document.title,
        state=State.DRAFT,
        changed_at=timezone.now(),
    )
    if not changed:
        raise Outdated
    entry.refresh_from_db()
    EntryRevision.objects.create(
        entry=entry,
        version=entry.version,
        document=stored(document),
        author=person,
        note=note[:200],
    )
    audit.note(person, "entry.change", entry.slug, version=entry.version)


def submit(entry: Entry, person: User | None) -> None:
    """Hand a draft to the moderators."""
    _step(entry, (State.DRAFT, State.RETURNED), State.SUBMITTED, person, "entry.submit")


@transaction.atomic
def publish(entry: Entry, person: User | None, *, version: int | None = None) -> None:
    """Make what was handed in public; only the version that the moderator has read.

    Raises
    ------
    Outdated
        If the author kept a change since.
    NotNow
        If it was not handed in.
    """
    row = Entry.objects.select_for_update().get(pk=entry.pk)
    if version is not None and row.version != version:
        raise Outdated
    if row.state != State.SUBMITTED or row.draft is None:
        raise NotNow
    row.published, row.draft = row.draft, None
    row.title = row.published["title"]
    row.state, row.reason = State.PUBLISHED, ""
    row.changed_at = timezone.now()
    row.published_at = row.published_at or row.changed_at
    row.save()
    audit.note(person, "entry.publish", row.slug, version=row.version)
    state.bump()
    entry.refresh_from_db()


def give_back(entry: Entry, person: User | None, reason: str) -> None:
    """Return what was handed in to its author, who reads why."""
    _step(entry, (State.SUBMITTED,), State.RETURNED, person, "entry.return", reason=reason)


def withdraw(entry: Entry, person: User | None, reason: str = "") -> None:
    """Take an entry off the public's pages; its history stays, and it can be handed in again."""
    before = tuple(each for each in State if each != State.WITHDRAWN)
    _step(entry, before, State.WITHDRAWN, person, "entry.withdraw", reason=reason)


def reopen(entry: Entry, person: User | None) -> None:
    """Make a withdrawn entry a draft again."""
    with transaction.atomic():
        row = Entry.objects.select_for_update().get(pk=entry.pk)
        if row.state != State.WITHDRAWN:
            raise NotNow
        row.draft, row.published = row.draft or row.published, None
        row.state = State.DRAFT
        row.save()
        audit.note(person, "entry.reopen", row.slug)
        entry.refresh_from_db()


@transaction.atomic
def _step(
    entry: Entry,
    before: tuple[State, ...],
    after: State,
    person: User | None,
    action: str,
    *,
    reason: str = "",
) -> None:
    moved = Entry.objects.filter(pk=entry.pk, state__in=before).update(
        state=after, reason=reason, changed_at=timezone.now()
    )
    if not moved:
        raise NotNow
    entry.refresh_from_db()
    audit.note(person, action, entry.slug)
    if entry.published is not None:
        state.bump()
