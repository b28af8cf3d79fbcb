"""Letters on decisions to the editors of an organisation that applied."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import translation

from clusteratlas.portal.accounts import mail
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.models import Application


def tell(request: HttpRequest, people: Iterable[User], application: Application) -> bool:
    """Write to people, each in their language; returns whether every letter was taken.

    A decision that is kept stays kept where no mail server answers.
    """
    sent = True
    for person in people:
        with translation.override(person.language):
            path = addresses.application(application.pk)
        try:
            mail.send(
                "programmes/mail/decided",
                person.email,
                language=person.language,
                request=request,
                path=path,
                application=application,
            )
        except mail.MailNotSent:
            sent = False
    return sent
