"""Tokens of the API: a program calls it for a person, and may do no more than the token says.

``Authorization: Bearer ca_...`` in the request. A token is shown once, when it is made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.links import digest_of
from clusteratlas.portal.accounts.models import ApiToken, User

MARK = "ca_"
SHOWN = 12
"""Letters of a token that lists show, so that its person can tell it from others."""

SEEN_EVERY = timedelta(minutes=5)
MOST_TOKENS = 20


class TokenRefused(Exception):
    """The request carries a token that opens nothing: unknown, ended, revoked, or not a token."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token acts for, and how far it goes."""

    person: User
    scope: str

    @property
    def may_edit(self) -> bool:
        """Whether the token may change what its person may change."""
        return self.scope == ApiToken.Scope.EDIT


def make(user: User, *, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """Make a token; return it and the secret, which is kept nowhere."""
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        prefix=secret[:SHOWN],
        digest=digest_of(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.note(user, "token.make", f"token:{token.pk}", scope=scope, days=days)
    return token, secret


def revoke(token: ApiToken) -> None:
    """End a token now."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    audit.note(token.user, "token.revoke", f"token:{token.pk}")


def person_of(request: HttpRequest) -> Bearer | None:
    """Return who the request's token acts for; nothing where it carries none.

    Raises
    ------
    TokenRefused
        If it carries one that opens nothing. The API answers 401.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    kind, _, secret = header.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer":  # such as the password of a proxy in front
        return None
    if not secret.startswith(MARK) or len(secret) > 100:
        raise TokenRefused
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if token is None or not token.is_live or not token.user.is_active:
        raise TokenRefused
    now = timezone.now()
    if token.used_at is None or token.used_at < now - SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return Bearer(token.user, token.scope)
