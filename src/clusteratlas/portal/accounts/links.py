"""Links that do one thing once: confirm an address, set a password, accept an invitation.

The key of a link is random and stands in the mail only; the database keeps its digest. A page that
such a link leads to calls `opened`: the key is taken out of the address into the session at once,
so that no log, no feedback message and no other site sees it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from clusteratlas.portal.accounts.models import OneTimeLink, User, plain_mail

KEY = "key"
LONGEST = 200


def digest_of(key: str) -> str:
    """Return what is kept of a random key; it has too many bits to be guessed from it."""
    return hashlib.sha256(key.encode()).hexdigest()


def issue(
    purpose: str,
    *,
    lifetime: timedelta,
    user: User | None = None,
    email: str = "",
    **data: Any,
) -> str:
    """Make a link and return its key, which is kept nowhere; ended ones are cleared away."""
    now = timezone.now()
    OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    key = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(
        purpose=purpose,
        digest=digest_of(key),
        user=user,
        email=plain_mail(email),
        data=data,
        expires_at=now + lifetime,
    )
    return key


def live(purpose: str, key: str) -> OneTimeLink | None:
    """Return the link of a key if it was made for this, is not used and has not ended."""
    if not key or len(key) > LONGEST:
        return None
    return (
        OneTimeLink.objects.filter(
            purpose=purpose,
            digest=digest_of(key),
            used_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("user")
        .first()
    )


def spend(link: OneTimeLink) -> bool:
    """Use a link up; of several at the same time only one gets ``True``. What it held is wiped."""
    return bool(
        OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=timezone.now()).update(
            used_at=timezone.now(), data={}
        )
    )


def withdraw(purpose: str, *, user: User | None = None, email: str = "") -> None:
    """End all links that were made for this, to somebody or to an address."""
    found = OneTimeLink.objects.filter(purpose=purpose)
    found = found.filter(user=user) if user else found.filter(email=plain_mail(email))
    found.delete()


def opened(request: HttpRequest, purpose: str) -> OneTimeLink | HttpResponse | None:
    """Return the link that a page was opened with, or the answer that takes its key away."""
    key = request.GET.get(KEY, "")
    if key:
        if live(purpose, key) is None:
            return None  # a session for every wrong key would fill the database
        request.session[_held(purpose)] = key
        return HttpResponseRedirect(request.path)
    return live(purpose, request.session.get(_held(purpose), ""))


def close(request: HttpRequest, purpose: str) -> None:
    """Forget the link that a page was opened with."""
    request.session.pop(_held(purpose), None)


def _held(purpose: str) -> str:
    return f"link:{purpose}"
