"""How a profile is changed and becomes public: every change a version, every step noted.

Each function is one transaction: the organisation, its revision, the audit log and the state that
the public sees change together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Membership, Organisation, Revision, WorkingCopy
from clusteratlas.portal.registry.slugs import slug_of
from clusteratlas.portal.roles import InsideRole

State = Organisation.State
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Outdated(Exception):
    """Somebody else kept a change first: ``current`` is the version that stands now."""

    current: int


class NotNow(Exception):
    """The step is not possible from where the organisation stands."""


def _whole(step: Callable[P, R]) -> Callable[P, R]:
    @wraps(step)
    def in_one(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return step(*args, **kwargs)

    return in_one


def stored(profile: Profile) -> dict[str, Any]:
    """Return a profile as it is kept: every field by name, plain JSON."""
    return profile.model_dump(mode="json")


@_whole
def propose(profile: Profile, person: User) -> Organisation:
    """Begin an organisation; who proposes it is its first owner."""
    slugs = set(Organisation.objects.values_list("slug", flat=True))
    organisation = Organisation.objects.create(
        slug=slug_of(profile.name, slugs),
        name=profile.name,
        draft=stored(profile),
        version=1,
        fictional=profile.fictional,
    )
    Revision.objects.create(
        organisation=organisation, version=1, profile=stored(profile), author=person
    )
    Membership.objects.create(user=person, organisation=organisation, role=InsideRole.OWNER)
    audit.note(person, "organisation.propose", organisation.slug)
    return organisation


@_whole
def keep(
    organisation: Organisation,
    profile: Profile,
    *,
    base: int,
    person: User | None,
    note: str = "",
    restored: int | None = None,
) -> Organisation:
    """Keep a change as the next version of the draft.

    Parameters
    ----------
    base
        The version that the change was made on.
    note
        Why, for the history.
    restored
        The earlier version whose profile this is again.

    Raises
    ------
    Outdated
        Another change was kept since; nothing was written.
    """
    now = timezone.now()
    kept = stored(profile)
    changed = Organisation.objects.filter(pk=organisation.pk, version=base).update(
        version=base + 1,
        draft=kept,
        name=profile.name,
        fictional=profile.fictional,
        changed_at=now,
    )
    if not changed:
        organisation.refresh_from_db()
        raise Outdated(organisation.version)
    organisation.refresh_from_db()
    Revision.objects.create(
        organisation=organisation,
        version=organisation.version,
        profile=kept,
        author=person,
        at=now,
        note=note[:200],
        restored=restored,
    )
    if person is not None:
        WorkingCopy.objects.filter(user=person, organisation=organisation).delete()
    audit.note(person, "organisation.change", organisation.slug, version=organisation.version)
    return organisation


@_whole
def submit(organisation: Organisation, person: User) -> None:
    """Hand the draft to the moderators."""
    row = _held(organisation)
    if row.draft is None:
        raise NotNow
    row.state, row.submitted_at = State.SUBMITTED, timezone.now()
    row.save(update_fields=["state", "submitted_at"])
    audit.note(person, "organisation.submit", row.slug, version=row.version)
    organisation.refresh_from_db()


@_whole
def publish(
    organisation: Organisation,
    person: User | None,
    *,
    version: int,
    waiver: str = "",
    waiver_reason: str = "",
) -> None:
    """Make a version what everybody reads.

    Parameters
    ----------
    version
        The version that was looked at; another one since then is not published unseen.
    waiver, waiver_reason
        Which waiver of the entry rules lifts those that do not hold, and why it was granted.
    """
    row = _held(organisation)
    if row.version != version:
        raise Outdated(row.version)
    if row.draft is None:
        raise NotNow
    now = timezone.now()
    row.published, row.draft = row.draft, None
    row.published_version = row.version
    row.state, row.reason = State.PUBLISHED, ""
    if waiver:
        row.waiver, row.waiver_reason = waiver, waiver_reason[:300]
    row.published_at = now
    row.save()
    Revision.objects.filter(organisation=row, version=row.version).update(published_at=now)
    audit.note(person, "organisation.publish", row.slug, version=row.version, waiver=waiver)
    state.bump()
    organisation.refresh_from_db()


@_whole
def give_back(organisation: Organisation, person: User, reason: str) -> None:
    """Return a submitted draft to its editors with a reason."""
    row = _held(organisation)
    if row.state != State.SUBMITTED:
        raise NotNow
    row.state, row.reason = State.RETURNED, reason
    row.save(update_fields=["state", "reason"])
    audit.note(person, "organisation.return", row.slug, version=row.version)
    organisation.refresh_from_db()


@_whole
def withdraw(organisation: Organisation, person: User, reason: str = "") -> None:
    """Take a profile down; its editors keep it as a draft and may hand it in again."""
    row = _held(organisation)
    if row.state == State.WITHDRAWN:
        raise NotNow
    row.draft = row.draft or row.published
    row.published, row.published_version = None, 0
    row.state, row.reason = State.WITHDRAWN, reason or row.reason
    row.save()
    audit.note(person, "organisation.withdraw", row.slug, version=row.version)
    state.bump()
    organisation.refresh_from_db()


@_whole
def discard(organisation: Organisation, person: User) -> None:
    """Leave a draft aside and go back to what is published, as a new version."""
    row = _held(organisation)
    if row.published is None or row.draft is None:
        raise NotNow
    keep(
        row,
        Profile.model_validate(row.published),
        base=row.version,
        person=person,
        restored=row.published_version,
    )
    row.refresh_from_db()
    row.draft, row.state, row.reason = None, State.PUBLISHED, ""
    row.save(update_fields=["draft", "state", "reason"])
    organisation.refresh_from_db()


def _held(organisation: Organisation) -> Organisation:
    """Return the row as it is now, held until the transaction ends."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)
