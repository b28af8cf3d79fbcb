"""Sessions of a person: which there are, how one ends, and all at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clusteratlas.portal.accounts.models import SignIn, User

SEEN = "seen"
SEEN_EVERY = 300.0
"""Seconds after which it is written again that a session is in use."""

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_BROWSERS_LAST = (("Safari/", "Safari"), ("curl/", "curl"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """Return browser and system in short, as far as they can be told.

    >>> browser_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    >>> browser_of("")
    ''
    """
    browser = next((name for mark, name in _BROWSERS + _BROWSERS_LAST if mark in agent), "")
    system = next((name for marks, name in _SYSTEMS if re.search(marks, agent)), "")
    return ", ".join(filter(None, (browser, system)))


@receiver(user_logged_in)
def _began(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    if not request.session.session_key:
        request.session.create()
    request.session[SEEN] = time.time()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "browser": browser_of(request.META.get("HTTP_USER_AGENT", ""))},
    )


@receiver(user_logged_out)
def _ended(sender: Any, request: HttpRequest, user: User | None, **more: Any) -> None:
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()


def of(user: User) -> list[SignIn]:
    """Return the sessions that somebody has, last used first; those that ended are forgotten."""
    kept = list(user.sign_ins.all())
    alive = set(
        Session.objects.filter(
            session_key__in=[each.session_key for each in kept], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    gone = [each.pk for each in kept if each.session_key not in alive]
    SignIn.objects.filter(pk__in=gone).delete()
    return [each for each in kept if each.session_key in alive]


def end(sign_in: SignIn) -> None:
    """End one session."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.delete()


@transaction.atomic
def end_all(user: User) -> None:
    """End all sessions of somebody, also those that no list knows."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    keys = list(user.sign_ins.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    user.sign_ins.all().delete()


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> None:
    """End all sessions of the person but this one, which goes on under a new key."""
    here = request.session.session_key or ""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    others = user.sign_ins.exclude(session_key=here)
    Session.objects.filter(
        session_key__in=list(others.values_list("session_key", flat=True))
    ).delete()
    others.delete()
    update_session_auth_hash(request, user)
    user.sign_ins.filter(session_key=here).update(session_key=request.session.session_key or "")


class LastSeen:
    """Middleware: notes now and then that a session is in use, if a view looked at it anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write down when the session was used."""
        response = self._answer(request)
        session = getattr(request, "session", None)
        if session is None or not session.accessed or SEEN not in session:
            return response
        if time.time() - float(cast(Any, session[SEEN])) > SEEN_EVERY:
            session[SEEN] = time.time()
            SignIn.objects.filter(session_key=session.session_key).update(seen_at=timezone.now())
        return response
