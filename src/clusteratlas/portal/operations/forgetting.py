"""What has served its time is forgotten once a day, so that no disk fills and no address stays."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from clusteratlas.portal.accounts.models import Asked, OneTimeLink, SignIn
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.registry.models import Invitation, Upload

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def forget(now: datetime | None = None) -> Counter[str]:
    """Delete what ended: return how many of each kind.

    Sessions that expired, with what their owner sees of them; links of mail, failures to sign in
    and mail that was asked for after a day; after 30 days invitations that ended, files that were
    read and not taken in, and jobs that are over, which name people where they failed.
    """
    now = now or timezone.now()
    ended: dict[str, QuerySet[Any]] = {
        "sessions": Session.objects.filter(expire_date__lt=now),
        "links": OneTimeLink.objects.filter(expires_at__lt=now - DAY),
        "failures": AccessAttempt.objects.filter(attempt_time__lt=now - DAY),
        "asked": Asked.objects.filter(at__lt=now - DAY),
        "invitations": Invitation.objects.filter(expires_at__lt=now - MONTH),
        "uploads": Upload.objects.filter(at__lt=now - MONTH),
        "jobs": Job.objects.filter(ended_at__lt=now - MONTH),
    }
    found: Counter[str] = Counter({name: each.delete()[0] for name, each in ended.items()})
    alive = Session.objects.values("session_key")
    seen = SignIn.objects.filter(seen_at__lt=now - DAY).exclude(session_key__in=alive)
    found["sign_ins"] = seen.delete()[0]
    return +found
