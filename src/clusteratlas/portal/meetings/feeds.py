"""Secret addresses of agendas: signed with the key of the site, void with a new nonce."""

from __future__ import annotations

import secrets

from django.core.signing import BadSignature, Signer

from clusteratlas.portal.meetings.models import Attendee

_signer = Signer(salt="clusteratlas.agenda", sep=".")


def new_nonce() -> str:
    """Return a part of a secret address."""
    return secrets.token_hex(8)


def key_of(attendee: Attendee) -> str:
    """Return the secret key of a person's agenda."""
    return _signer.sign(f"{attendee.pk}x{attendee.nonce}")


def attendee_of(key: str) -> Attendee | None:
    """Return whose agenda a key opens; nobody's where it was changed, renewed or made up."""
    try:
        number, _x, nonce = _signer.unsign(key).partition("x")
    except BadSignature:
        return None
    return (
        Attendee.objects.filter(pk=int(number), nonce=nonce)
        .select_related("registration__event", "registration__organisation")
        .first()
    )
