"""Requests for contact: asked, answered, followed up. Every change is one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings.contact_rules import STEPS, Side
from clusteratlas.portal.meetings.letters import editors_of
from clusteratlas.portal.meetings.models import Block, ContactRequest, FollowUp, Line
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole
from clusteratlas.tables import CannotAnswer

REST_DAYS = 30
"""After a refusal, the same organisation may ask again after so many days."""
State = ContactRequest.State


class NotNow(CannotAnswer):
    """What somebody wants to do cannot be done; the sentence is in the language spoken."""


def asks_for(user: User) -> list[Organisation]:
    """Return the public organisations in whose name somebody may ask."""
    return [each for each in edited_by(user) if each.is_public]


def edited_by(user: User) -> list[Organisation]:
    """Return the organisations that somebody edits, in the order of names."""
    return list(
        Organisation.objects.filter(
            memberships__user=user, memberships__role__gte=InsideRole.EDITOR
        ).order_by("name")
    )


def ask(
    sender: Organisation,
    receiver: Organisation,
    person: User,
    *,
    topic: str,
    message: str,
    kind: str = "",
    shares: bool = False,
    suggestion: dict[str, Any] | None = None,
) -> ContactRequest:
    """Keep a request.

    Raises
    ------
    NotNow
        Where the receiver is not public or has blocked the sender, where a request between the two
        is under way, after a refusal of late, or above the number of requests a day.
    """
    expire_due()
    now = timezone.now()
    with transaction.atomic():
        both = Organisation.objects.filter(pk__in=(sender.pk, receiver.pk)).order_by("pk")
        list(both.select_for_update())  # one at a time, or two could ask each other at once
        refusal = _refusal(sender, receiver, now)
        if refusal:
            raise NotNow(refusal)
        try:
            with transaction.atomic():
                found = ContactRequest.objects.create(
                    sender=sender,
                    receiver=receiver,
                    author=person,
                    topic=topic,
                    message=message,
                    kind=kind,
                    shares_author=shares,
                    suggestion=suggestion,
                    expires_at=now + timedelta(days=settings.REQUEST_DAYS),
                )
        except IntegrityError as error:
            raise NotNow(_("A request between the two is already under way.")) from error
        audit.note(person, "request.ask", f"request:{found.pk}")
    return found


def _refusal(sender: Organisation, receiver: Organisation, now: datetime) -> str:
    if sender.pk == receiver.pk:
        return _("An organisation cannot ask itself.")
    if not sender.is_public:
        return _("Your organisation can ask others once its own profile is published.")
    if not receiver.is_public:
        return _("This organisation is not public at the moment.")
    if not editors_of(receiver):
        return _("Nobody answers for this organisation here yet; write to it directly.")
    if Block.objects.filter(organisation=receiver, blocked=sender).exists():
        return _("This organisation takes no requests from yours.")
    if Block.objects.filter(organisation=sender, blocked=receiver).exists():
        return _("Your organisation takes no requests from this one; unblock it first.")
    both = Q(sender=sender, receiver=receiver) | Q(sender=receiver, receiver=sender)
    if ContactRequest.objects.filter(both, state__in=(State.OPEN, State.ASKED_BACK)).exists():
        return _("A request between the two is already under way.")
    refused = ContactRequest.objects.filter(
        sender=sender,
        receiver=receiver,
        state=State.DECLINED,
        changed_at__gt=now - timedelta(days=REST_DAYS),
    )
    if refused.exists():
        return _("It declined a request of yours within the last %(days)s days.") % {
            "days": REST_DAYS
        }
    today = ContactRequest.objects.filter(sender=sender, asked_at__gt=now - timedelta(days=1))
    if today.count() >= settings.REQUESTS_A_DAY:
        return _("Your organisation has asked as often as it may within a day: %(most)s.") % {
            "most": settings.REQUESTS_A_DAY
        }
    return ""


def sides_of(contact: ContactRequest, user: User) -> list[Side]:
    """Return the sides of a request that somebody may act for."""
    own = {each.pk for each in edited_by(user)}
    sides = ((Side.RECEIVER, contact.receiver_id), (Side.SENDER, contact.sender_id))
    return [side for side, organisation in sides if organisation in own]


def take(
    contact: ContactRequest,
    step_name: str,
    person: User,
    *,
    version: int,
    text: str = "",
    shares: bool = False,
) -> ContactRequest:
    """Take a step with a request and return it as it stands then.

    Parameters
    ----------
    step_name
        One of `contact_rules.STEPS`.
    version
        The version that the person saw.
    text
        The question asked back, the answer to it, or the reason of a refusal.
    shares
        Whether the person's name and address are shown to the other side; counts on acceptance.

    Raises
    ------
    NotNow
        Where the request is not where it was, or the step is not open to it.
    """
    step = STEPS[step_name]
    expire_due()
    now = timezone.now()
    changed: dict[str, Any] = {"state": step.after, "changed_at": now}
    if step.side == Side.RECEIVER:
        changed["answerer"] = person
    if step_name == "accept":
        changed["shares_answerer"] = shares
    if step_name == "decline":
        changed["reason"] = text
    if step_name in ("answer", "ask-back"):  # the clock starts again for who is asked
        changed["expires_at"] = now + timedelta(days=settings.REQUEST_DAYS)
        changed["reminded"] = False
    with transaction.atomic():
        kept = ContactRequest.objects.filter(
            pk=contact.pk, version=version, state__in=step.before
        ).update(**changed, version=F("version") + 1)
        if not kept:
            raise NotNow(_("The request has changed since you opened it; nothing was kept."))
        if step_name in ("answer", "ask-back"):
            side = contact.sender if step.side == Side.SENDER else contact.receiver
            Line.objects.create(contact=contact, organisation=side, author=person, text=text)
        audit.note(person, f"request.{step_name}", f"request:{contact.pk}")
    contact.refresh_from_db()
    return contact


def expire_due() -> int:
    """End the requests that nobody answered in time; return how many."""
    now = timezone.now()
    return ContactRequest.objects.filter(
        state__in=(State.OPEN, State.ASKED_BACK), expires_at__lte=now
    ).update(state=State.EXPIRED, changed_at=now, version=F("version") + 1)


def report(
    contact: ContactRequest,
    side: Side,
    person: User,
    *,
    outcome: str,
    on: date,
    note: str = "",
) -> FollowUp:
    """Say for one side what came of an accepted request."""
    if contact.state != State.ACCEPTED:
        raise NotNow(_("Only what came of an accepted request is kept."))
    if on > timezone.localdate() or on < contact.asked_at.date():
        raise NotNow(_("The day lies between the request and today."))
    with transaction.atomic():
        found = FollowUp.objects.create(
            contact=contact,
            organisation=contact.sender if side == Side.SENDER else contact.receiver,
            author=person,
            outcome=outcome,
            on=on,
            note=note,
        )
        audit.note(person, "request.report", f"request:{contact.pk}", outcome=outcome)
    return found


def judge(entry: FollowUp, side: Side, person: User, *, confirmed: bool) -> None:
    """Confirm or contradict for one side what the other one said.

    Raises
    ------
    NotNow
        Where it is this side's own word, or judged already.
    """
    contact = entry.contact
    own = contact.sender_id if side == Side.SENDER else contact.receiver_id
    if entry.organisation_id == own:
        raise NotNow(_("The other side confirms what yours has said."))
    with transaction.atomic():
        judged = FollowUp.objects.filter(pk=entry.pk, confirmed=None).update(
            confirmed=confirmed, judged_at=timezone.now(), judge=person
        )
        if not judged:
            raise NotNow(_("This has been answered already."))
        audit.note(person, "request.judge", f"request:{contact.pk}", confirmed=confirmed)


def block(organisation: Organisation, blocked: Organisation, person: User) -> None:
    """Take no more requests from an organisation; what it has asked is declined."""
    if organisation.pk == blocked.pk:
        raise NotNow(_("An organisation cannot block itself."))
    with transaction.atomic():
        Block.objects.get_or_create(
            organisation=organisation, blocked=blocked, defaults={"person": person}
        )
        ContactRequest.objects.filter(
            sender=blocked, receiver=organisation, state__in=(State.OPEN, State.ASKED_BACK)
        ).update(
            state=State.DECLINED,
            changed_at=timezone.now(),
            answerer=person,
            version=F("version") + 1,
        )
        audit.note(person, "request.block", organisation.slug, blocked=blocked.slug)


def unblock(organisation: Organisation, blocked: Organisation, person: User) -> None:
    """Take requests from an organisation again."""
    with transaction.atomic():
        gone, _kinds = Block.objects.filter(organisation=organisation, blocked=blocked).delete()
        if gone:
            audit.note(person, "request.unblock", organisation.slug, blocked=blocked.slug)
