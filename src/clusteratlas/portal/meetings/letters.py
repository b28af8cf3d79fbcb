"""Letters: plain mail in the language of who gets it, sent once what it tells of is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from smtplib import SMTPException
from typing import Any, Protocol

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole

log = logging.getLogger("clusteratlas.portal")


class Reader(Protocol):
    """Somebody who gets letters."""

    @property
    def language(self) -> str:
        """The code of the language they read."""


def editors_of(organisation: Organisation) -> list[User]:
    """Return the people who may answer for an organisation."""
    found = User.objects.filter(
        memberships__organisation=organisation,
        memberships__role__gte=InsideRole.EDITOR,
        is_active=True,
    )
    return list(found.order_by("pk"))


def to_editors(
    request: HttpRequest,
    organisation: Organisation,
    letter: str,
    where: Callable[[], str],
    **told: Any,
) -> None:
    """Write to the editors of an organisation, each in their language, after the transaction.

    Parameters
    ----------
    letter
        Name of the template in ``meetings/mail``; its first line is the subject.
    where
        Gives the address to look at, in the language then spoken.
    """
    people = [(each.email, each.language) for each in editors_of(organisation)]
    send(request.build_absolute_uri, people, letter, where, **told)


def send(
    whole: Callable[[str], str],
    people: Iterable[tuple[str, str]],
    letter: str,
    where: Callable[[], str],
    **told: Any,
) -> None:
    """Write a letter to (mail address, language) each; ``whole`` makes an address absolute."""
    written = []
    for mail, language in people:
        with translation.override(language):
            text = render_to_string(f"meetings/mail/{letter}.txt", {**told, "link": whole(where())})
        subject, _, body = text.strip().partition("\n")
        written.append(EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[mail]))
    transaction.on_commit(lambda: _post(written, letter))


def _post(written: list[EmailMessage], letter: str) -> None:
    """Send letters over one connection. What they tell of is kept and stands on the pages."""
    if not written:
        return
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:  # or each would wait for a server that is gone
        log.error("%s letters of the kind %s were not sent: %s", len(written), letter, _kind(error))
        return
    for each in written:
        each.connection = connection
        try:
            each.send()
        except (OSError, SMTPException) as error:
            log.error("a letter of the kind %s was not sent: %s", letter, _kind(error))
            connection.close()  # the next one opens it anew
    connection.close()


def _kind(error: Exception) -> str:
    """The kind of an error alone: its words name the receiver."""
    return type(error).__name__
