"""How often somebody may try: failures to sign in, and mail that is asked for.

Failures of passwords, codes and recovery codes are counted by django-axes for the account that was
named and for the network address, whether the account exists or not. Mail is counted here.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clusteratlas.portal.accounts.models import Asked, User, plain_mail
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.limits import caller_of
from clusteratlas.portal.pages import frame

MOST = 5
MOST_MAIL_FROM_HERE = 20
"""Mail of one kind that one network address may ask for: a class may register in one room."""

WINDOW = timedelta(minutes=15)
_SALT = "clusteratlas.portal.accounts.throttle"


@receiver(pre_save, sender=AccessAttempt)
def _keep_no_form(sender: Any, instance: AccessAttempt, **more: Any) -> None:
    """Keep nothing of the form of a failure: django-axes would keep all but a list of names."""
    instance.get_data = instance.post_data = instance.http_accept = ""


def account_of(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """Return the account that a try was for, as django-axes counts it."""
    named = credentials or {}
    return plain_mail(str(named.get("username") or named.get("email") or ""))[:255]


def network_of(request: HttpRequest) -> str:
    """Return the address that calls; of IPv6 the network, whose holder has all addresses in it."""
    caller = caller_of(request)
    try:
        address = ipaddress.ip_address(caller)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - stands for an address that cannot be read
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def failed(request: HttpRequest, email: str) -> None:
    """Count a failure; with one too many the answer becomes the page that says when to return."""
    user_login_failed.send(sender=__name__, credentials={"username": email}, request=request)


def may_try(request: HttpRequest, email: str) -> bool:
    """Say whether an account may be tried from here now."""
    return bool(AxesProxyHandler.is_allowed(request, {"username": email}))


def succeeded(user: User) -> None:
    """Forget the failures of an account. Those against others from the same address stay."""
    AccessAttempt.objects.filter(username=user.email).delete()


def locked(
    request: HttpRequest,
    original: HttpResponse | None = None,
    credentials: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with the page that says when to try again; it says nothing about any account."""
    since = timezone.now() - WINDOW
    tries = AccessAttempt.objects.filter(attempt_time__gte=since)
    mine = tries.filter(username=account_of(request, credentials)) | tries.filter(
        ip_address=network_of(request)
    )
    last = mine.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return wait_page(request, _left(last))


def ask(request: HttpRequest, what: str, *subjects: str) -> int:
    """Count that mail is asked for, from here and about each subject.

    Returns
    -------
    int
        Seconds to wait until it may be asked for again; 0 where it may be sent now.
    """
    now = timezone.now()
    Asked.objects.filter(at__lt=now - WINDOW).delete()
    here = _key(what, f"from:{network_of(request)}")
    keys = {here: MOST_MAIL_FROM_HERE}
    keys |= {_key(what, f"to:{plain_mail(each)}"): MOST for each in subjects}
    # Counted before it is looked at, so that calls at the same time cannot all be the fifth.
    made = [Asked.objects.create(key=key, at=now) for key in keys]
    wait = 0
    for key, most in keys.items():
        times = list(Asked.objects.filter(key=key).order_by("at").values_list("at", flat=True))
        if len(times) > most:
            wait = max(wait, _left(times[-most - 1]))
    if wait:
        Asked.objects.filter(pk__in=[each.pk for each in made]).delete()
    return wait


def wait_page(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer that it was tried too often, and when to come back."""
    response = frame.page(
        cast(AtlasRequest, request),
        "accounts/wait.html",
        section="account",
        minutes=math.ceil(seconds / 60),
    )
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "private, no-store"
    cast(Any, response).explained = True
    return response


def _key(what: str, subject: str) -> str:
    return salted_hmac(_SALT, f"{what}:{subject}", algorithm="sha256").hexdigest()


def _left(since: datetime | None) -> int:
    if since is None:
        return int(settings.AXES_COOLOFF_TIME.total_seconds())
    return max(1, math.ceil((since + WINDOW - timezone.now()).total_seconds()))
