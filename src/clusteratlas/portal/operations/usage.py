"""How often each kind of page is read, and in which countries' languages. Nothing else is kept.

A count belongs to a day, a route and the region part of the browser's first language (``de-AT``
is AT). No cookie, no address, no name of a browser, no third party. Who sends ``DNT`` or
``Sec-GPC`` is not counted, nor are programs that say they are robots. Counts gather in memory and
reach the database in the background; what a killed process had not written yet is lost.
"""

from __future__ import annotations

import datetime
import logging
import re
import threading
from collections import Counter
from functools import lru_cache
from multiprocessing.util import Finalize

from babel import Locale
from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from clusteratlas.portal.operations import forgetting
from clusteratlas.portal.operations.models import UsageCount

log = logging.getLogger("clusteratlas.portal")
UNKNOWN = ""
ROBOT = re.compile(r"bot\b|crawl|spider|slurp|monitor", re.IGNORECASE)
NOT_COUNTED = ("/healthz", "/readyz", "/robots.txt", "none")
KEPT_DAYS = 800
Key = tuple[datetime.date, str, str]


class Buffer:
    """Counts that no database holds yet. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()

    def add(self, route: str, country: str) -> None:
        """Count one page."""
        key = (datetime.datetime.now(datetime.UTC).date(), route, country)
        with self._lock:
            self._counts[key] += 1

    def flush(self) -> int:
        """Write the counts; where the database does not take them they wait for the next time."""
        with self._lock:
            waiting, self._counts = self._counts, Counter()
        if not waiting:
            return 0
        try:
            with transaction.atomic():
                for (day, route, country), count in waiting.items():
                    _add(day, route, country, count)
        except DatabaseError as error:
            log.warning("the usage figures wait, the database does not take them: %s", error)
            with self._lock:
                self._counts.update(waiting)
            return 0
        return sum(waiting.values())


def _add(day: datetime.date, route: str, country: str, count: int) -> None:
    row, new = UsageCount.objects.get_or_create(
        day=day, route=route, country=country, defaults={"count": count}
    )
    if not new:
        UsageCount.objects.filter(pk=row.pk).update(count=F("count") + count)


buffer = Buffer()


def note(request: HttpRequest, response: HttpResponse, route: str) -> None:
    """Count a page that was given, unless its reader asks not to be counted."""
    if request.method != "GET" or response.status_code not in (200, 304):
        return
    asked = request.META
    if asked.get("HTTP_DNT") == "1" or asked.get("HTTP_SEC_GPC") == "1" or route in NOT_COUNTED:
        return
    if ROBOT.search(asked.get("HTTP_USER_AGENT", "")):
        return
    buffer.add(route[:200], country_of(asked.get("HTTP_ACCEPT_LANGUAGE", "")[:40]))


@lru_cache(maxsize=1_000)
def country_of(languages: str) -> str:
    """Return the country of the language asked for first, or nothing where it names none.

    >>> country_of("de-AT,de;q=0.9,en;q=0.5"), country_of("de,en-US;q=0.5"), country_of("en-XX")
    ('AT', '', '')
    """
    first = languages.split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip()
    last = first.replace("_", "-").split("-")[-1].upper() if "-" in first else ""
    return last if last in _countries() else UNKNOWN


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    not_countries = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch("[A-Z]{2}", code)) - not_countries


def forget(before: datetime.date) -> int:
    """Delete the counts of days before this one; return how many rows."""
    return UsageCount.objects.filter(day__lt=before).delete()[0]


def _work(every: float, stop: threading.Event) -> None:
    cleaned = None
    while not stop.wait(every):
        close_old_connections()
        buffer.flush()
        today = datetime.datetime.now(datetime.UTC).date()
        if cleaned != today:
            try:
                forget(today - datetime.timedelta(days=KEPT_DAYS))
                forgetting.forget()
                cleaned = today
            except DatabaseError as error:
                log.warning("what has served its time could not be deleted: %s", error)
        close_old_connections()


def start() -> None:
    """Write the counts of this process from time to time, in a thread of its own."""
    seconds = settings.USAGE_SECONDS
    if seconds:
        stop = threading.Event()
        thread = threading.Thread(target=_work, args=(seconds, stop), daemon=True, name="usage")
        thread.start()
        # A worker ends as a process of multiprocessing does, which runs this and not `atexit`.
        Finalize(None, buffer.flush, exitpriority=1)
