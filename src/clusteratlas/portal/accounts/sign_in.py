"""Signing in and out: password first, then the second factor where there is one."""

from __future__ import annotations

import time
from typing import Any, cast

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from clusteratlas.portal.accounts import audit, second_factor, throttle
from clusteratlas.portal.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGUN = "signing_in"
MINUTES_FOR_CODE = 10


def right_password(request: HttpRequest, password: str) -> bool:
    """Say whether it is the password of who is signed in; failures count as at sign-in."""
    user = cast(User, request.user)
    found = authenticate(request, username=user.email, password=password)
    return found is not None and found.pk == user.pk


def begin(request: HttpRequest, user: User, onward: str) -> bool:
    """Sign somebody in whose password was right; ``False`` where a code has to follow."""
    if user.second_factor_at is None:
        finish(request, user)
        return True
    # Whoever was signed in here is not any more, and a key that a stranger knows is worth nothing.
    logout(request)
    request.session[BEGUN] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": time.time(),
        "next": onward,
    }
    request.session.cycle_key()
    return False


def begun(request: HttpRequest) -> tuple[User, str] | None:
    """Return who has given a right password here and where they go on; nothing after a while."""
    kept: dict[str, Any] = request.session.get(BEGUN) or {}
    if not kept or time.time() - kept["at"] > MINUTES_FOR_CODE * 60:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return user, kept["next"]


def right_code(request: HttpRequest, user: User, code: str) -> bool:
    """Say whether it is a code of the person's app or a recovery code; failures are counted."""
    if not throttle.may_try(request, user.email):
        asked = cast(Any, request)
        asked.axes_locked_out, asked.axes_credentials = True, {"username": user.email}
        return False
    if second_factor.check(user, code):
        return True
    if second_factor.use_recovery_code(user, code):
        audit.note(user, "second_factor.recovery_code")
        return True
    throttle.failed(request, user.email)
    return False


def finish(request: HttpRequest, user: User) -> None:
    """Sign somebody in, under a new session key."""
    request.session.pop(BEGUN, None)
    login(request, user, backend=BACKEND)
    throttle.succeeded(user)
    audit.note(user, "account.sign_in")


def leave(request: HttpRequest, to: str) -> HttpResponse:
    """Sign out, forget the session, and go on."""
    if request.user.is_authenticated:
        audit.note(request.user, "account.sign_out")
    logout(request)
    return redirect(to)
