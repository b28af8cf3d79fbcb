"""Mail about an organisation: to its owners on each step, to who is invited, to who asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from clusteratlas.portal.accounts import mail
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.language import ENGLISH
from clusteratlas.portal.registry import addresses
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole


def owners_of(organisation: Organisation) -> list[User]:
    """Return who owns an organisation."""
    rows = organisation.memberships.filter(role=InsideRole.OWNER, user__is_active=True)
    return [each.user for each in rows.select_related("user")]


def moderators() -> list[User]:
    """Return who looks at what is handed in."""
    return list(User.objects.filter(is_active=True, site_role__gte=SiteRole.MODERATOR))


def tell(
    request: HttpRequest,
    people: Iterable[User],
    name: str,
    organisation: Organisation,
    place: str = "manage/",
    **values: Any,
) -> bool:
    """Write to people, each in their language; returns whether every mail was taken.

    A step that was taken stays taken where no mail server answers.
    """
    sent = True
    for person in people:
        with translation.override(person.language):
            path = addresses.organisation(organisation.slug, place)
        sent &= send(
            request,
            person.email,
            name,
            language=person.language,
            path=path,
            organisation=organisation,
            person=person,
            **values,
        )
    return sent


def send(
    request: HttpRequest, to: str, name: str, *, path: str, language: str = ENGLISH, **values: Any
) -> bool:
    """Send one mail of ``templates/registry/mail/``; its first line is the subject."""
    try:
        mail.send(
            f"registry/mail/{name}", to, language=language, request=request, path=path, **values
        )
    except mail.MailNotSent:
        return False
    return True
