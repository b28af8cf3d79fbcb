"""Mail to people: one plain text in their language, its first line the subject."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from clusteratlas.portal.language import ENGLISH

log = logging.getLogger("clusteratlas.portal")


class MailNotSent(Exception):
    """The mail server did not take the mail; it is worth trying again later."""


def send(
    name: str, to: str, *, language: str = ENGLISH, request: HttpRequest, **values: Any
) -> None:
    """Write and send a mail.

    Parameters
    ----------
    name
        Of the text, below ``templates/``, without its ending: ``accounts/mail/confirm``.
    to
        Mail address of the receiver.
    language
        Of the receiver; a path in ``values["path"]`` is made absolute as ``address``.

    Raises
    ------
    MailNotSent
        If no server took it. The log names the fault and no address.
    """
    values["site"] = request.build_absolute_uri("/")
    if "path" in values:
        values["address"] = request.build_absolute_uri(values["path"])
    with translation.override(language):
        subject, _, text = render_to_string(f"{name}.txt", values).strip().partition("\n")
    try:
        EmailMessage(subject=subject.strip(), body=text.strip() + "\n", to=[to]).send()
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail %s was not sent: %s", name, type(error).__name__)
        raise MailNotSent from error
