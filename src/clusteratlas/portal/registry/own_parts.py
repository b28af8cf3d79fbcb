"""What the registry adds to somebody's own page, to their data, and to leaving for good."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import overview, own_data
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry import people
from clusteratlas.portal.registry.models import Invitation, Organisation, Revision
from clusteratlas.portal.rights import site_role
from clusteratlas.portal.roles import InsideRole, SiteRole


@overview.section(10)
def my_organisations(request: HttpRequest) -> overview.Part:
    """The organisations of whoever asks, and what waits for them."""
    person: Any = request.user
    memberships = person.memberships.select_related("organisation").order_by("organisation__name")
    waiting = None
    if site_role(person) >= SiteRole.MODERATOR:
        waiting = Organisation.objects.filter(state=Organisation.State.SUBMITTED).count()
    return overview.Part(
        _("My organisations"),
        "registry/_mine.html",
        {"memberships": memberships, "waiting": waiting},
    )


@own_data.exporter("organisations")
def _memberships(person: User) -> list[dict[str, Any]]:
    return [
        {
            "organisation": each.organisation.slug,
            "role": InsideRole(each.role).name.lower(),
            "since": each.since,
        }
        for each in person.memberships.select_related("organisation")
    ]


@own_data.exporter("versions_of_profiles")
def _versions(person: User) -> list[dict[str, Any]]:

    found = Revision.objects.filter(author=person).select_related("organisation")
    return [
        {
            "organisation": each.organisation.slug,
            "version": each.version,
            "at": each.at,
            "note": each.note,
        }
        for each in found
    ]


@own_data.exporter("typed_and_not_kept")
def _typed(person: User) -> list[dict[str, Any]]:
    return [
        {"organisation": each.organisation.slug, "at": each.at, "typed": each.typed}
        for each in person.working_copies.select_related("organisation")
    ]


@own_data.exporter("questions_for_ownership")
def _asked(person: User) -> list[dict[str, Any]]:
    return [
        {"organisation": each.organisation.slug, "at": each.at, "text": each.text}
        for each in person.take_overs.select_related("organisation")
    ]


@own_data.hindrance
def _owned_alone(person: User) -> list[str]:
    return [
        _("You alone own %(name)s: hand it over or take it down and remove the others first.")
        % {"name": each.name}
        for each in people.owned_alone(person)
        if each.is_public or each.memberships.count() > 1
    ]


@own_data.leaving
def _leaving(person: User) -> None:
    Invitation.objects.filter(email=person.email).delete()
