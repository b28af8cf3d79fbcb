"""Who belongs to an organisation: invited, joined, with another role, gone; an owner stays."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Invitation, Membership, Organisation, TakeOver
from clusteratlas.portal.roles import InsideRole

LASTS = timedelta(days=14)
"""How long an invitation can be answered."""

MOST_OPEN = 50
"""Open invitations of one organisation."""


class LastOwner(Exception):
    """The step would leave the organisation without an owner."""


class NotOpen(Exception):
    """The invitation or the request was answered, has ended, or is for somebody else."""


class TooMany(Exception):
    """So many invitations are open that some should be answered first."""


def digest_of(secret: str) -> str:
    """Return what is kept of the secret in an invitation's link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(
    organisation: Organisation, email: str, role: InsideRole, *, by: User
) -> tuple[Invitation, str]:
    """Invite a mail address; one that was open for it before ends. Returns the secret once."""
    email = email.strip().lower()
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        now = timezone.now()
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        opened = organisation.invitations.filter(answered_at=None, expires_at__gt=now)
        opened.filter(email=email).delete()
        if opened.count() >= MOST_OPEN:
            raise TooMany
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email,
            role=role,
            digest=digest_of(secret),
            sent_by=by,
            expires_at=now + LASTS,
        )
        audit.note(by, "organisation.invite", organisation.slug, role=role.name.lower())
    return invitation, secret


def accept(invitation: Invitation, person: User) -> Membership:
    """Join with the role of the invitation; a higher role that is held already stays."""
    with transaction.atomic():
        _answer(invitation, person)
        membership, made = Membership.objects.get_or_create(
            user=person,
            organisation=invitation.organisation,
            defaults={"role": invitation.role},
        )
        if not made and membership.role < invitation.role:
            membership.role = invitation.role
            membership.save(update_fields=["role"])
        audit.note(person, "organisation.join", invitation.organisation.slug)
    return membership


def decline(invitation: Invitation, person: User) -> None:
    """Answer an invitation with no."""
    with transaction.atomic():
        _answer(invitation, person)
        audit.note(person, "organisation.decline", invitation.organisation.slug)


def _answer(invitation: Invitation, person: User) -> None:
    """Use an invitation up; of several at the same time only one succeeds."""
    if invitation.email != person.email or person.confirmed_at is None:
        raise NotOpen
    now = timezone.now()
    used = Invitation.objects.filter(pk=invitation.pk, answered_at=None, expires_at__gt=now).update(
        answered_at=now
    )
    if not used:
        raise NotOpen


def change_role(membership: Membership, role: InsideRole, *, by: User) -> None:
    """Give somebody another role within the organisation."""
    with transaction.atomic():
        _owners_held(membership.organisation)
        if role < InsideRole.OWNER:
            _not_the_last(membership)
        membership.role = role
        membership.save(update_fields=["role"])
        audit.note(by, "organisation.role", membership.organisation.slug, role=role.name.lower())


def remove(membership: Membership, *, by: User) -> None:
    """Take somebody out of the organisation, or leave it oneself."""
    with transaction.atomic():
        _owners_held(membership.organisation)
        _not_the_last(membership)
        membership.organisation.working_copies.filter(user=membership.user).delete()
        membership.delete()
        action = "organisation.leave" if by == membership.user else "organisation.remove"
        audit.note(by, action, membership.organisation.slug)


def hand_over(organisation: Organisation, to: Membership, *, by: User) -> None:
    """Make somebody else the owner and stay as an editor."""
    with transaction.atomic():
        _owners_held(organisation)
        to.role = InsideRole.OWNER
        to.save(update_fields=["role"])
        organisation.memberships.filter(user=by).exclude(pk=to.pk).update(role=InsideRole.EDITOR)
        audit.note(by, "organisation.hand_over", organisation.slug)


def ask_to_take_over(organisation: Organisation, person: User, text: str) -> tuple[TakeOver, bool]:
    """Ask the moderators for an organisation that nobody owns; one question is open at a time.

    Returns
    -------
    tuple
        The question, and whether it is a new one.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if has_owner(organisation):
            raise NotOpen
        asked, made = TakeOver.objects.update_or_create(
            organisation=organisation,
            person=person,
            decided_at=None,
            defaults={"text": text, "at": timezone.now()},
        )
        audit.note(person, "organisation.ask_to_own", organisation.slug)
    return asked, made


def decide(asked: TakeOver, granted: bool, *, by: User) -> None:
    """Answer a question for ownership; who is granted it becomes an owner."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=asked.organisation.pk)
        now = timezone.now()
        used = TakeOver.objects.filter(pk=asked.pk, decided_at=None).update(
            decided_at=now, granted=granted
        )
        if not used or (granted and has_owner(asked.organisation)):
            raise NotOpen
        if granted:
            Membership.objects.update_or_create(
                user=asked.person,
                organisation=asked.organisation,
                defaults={"role": InsideRole.OWNER},
            )
            state.bump()  # the page asks nobody any more whether it is theirs
        audit.note(by, "organisation.decide_owner", asked.organisation.slug, granted=granted)
    asked.refresh_from_db()


def has_owner(organisation: Organisation) -> bool:
    """Whether somebody owns the organisation."""
    return organisation.memberships.filter(role=InsideRole.OWNER, user__is_active=True).exists()


def _owners_held(organisation: Organisation) -> None:
    """Hold the organisation, so that two owners cannot leave at the same moment."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _not_the_last(membership: Membership) -> None:
    row = Membership.objects.get(pk=membership.pk)
    if row.role != InsideRole.OWNER:
        return
    owners = row.organisation.memberships.filter(role=InsideRole.OWNER, user__is_active=True)
    others = owners.exclude(pk=row.pk)
    if not others.exists():
        raise LastOwner
