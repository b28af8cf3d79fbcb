"""What the registry keeps of a person, and what they hand over before they leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter, hindrance, leaving
from clusteratlas.portal.registry.models import Invitation, Membership, Revision
from clusteratlas.portal.roles import InsideRole


@exporter("memberships")
def _memberships(person: User) -> list[dict[str, Any]]:
    found = Membership.objects.filter(user=person).select_related("organisation")
    return [
        {
            "organisation": each.organisation.slug,
            "role": each.get_role_display(),
            "since": each.since,
        }
        for each in found
    ]


@exporter("profiles_written")
def _revisions(person: User) -> list[dict[str, Any]]:
    found = Revision.objects.filter(author=person).select_related("organisation")
    return [
        {
            "organisation": each.organisation.slug,
            "version": each.version,
            "at": each.at,
            "note": each.note,
            "profile": each.profile,
        }
        for each in found
    ]


@hindrance
def _sole_owner(person: User) -> list[str]:
    """An organisation is never left without anybody who decides about it."""
    owned = Membership.objects.filter(user=person, role=InsideRole.OWNER)
    others = Membership.objects.filter(role=InsideRole.OWNER, user__is_active=True).exclude(
        user=person
    )
    left = owned.exclude(organisation__in=others.values("organisation"))
    return [
        _("You are the only owner of %(organisation)s: make somebody else an owner first.")
        % {"organisation": each.organisation.name}
        for each in left.select_related("organisation")
        if each.organisation.is_public or each.organisation.memberships.count() > 1
    ]


@exporter("typed_and_not_kept")
def _typed(person: User) -> list[dict[str, Any]]:
    return [
        {"organisation": each.organisation.slug, "at": each.at, "typed": each.typed}
        for each in person.working_copies.select_related("organisation")
    ]


@exporter("questions_for_ownership")
def _asked(person: User) -> list[dict[str, Any]]:
    return [
        {"organisation": each.organisation.slug, "at": each.at, "text": each.text}
        for each in person.take_overs.select_related("organisation")
    ]


@leaving
def _leave(person: User) -> None:
    """Invitations to the address go, and what nobody else belongs to and nobody ever saw."""
    Invitation.objects.filter(email=person.email).delete()
    for each in person.memberships.select_related("organisation"):
        row = each.organisation
        if row.published_at is None and row.memberships.count() == 1:
            row.delete()
