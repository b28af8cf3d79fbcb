"""The administrator's pages: people and their roles, and the audit log."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import addresses, audit, people, sessions
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.accounts.private import READ, page, private
from clusteratlas.portal.accounts.words import ROLES, action_words
from clusteratlas.portal.export import written
from clusteratlas.portal.roles import SiteRole

A_PAGE = 50
AUDIT_COLUMNS = ("at", "person", "action", "subject", "details")


@private("administer", READ)
def people_page(request: HttpRequest) -> HttpResponse:
    """List people, found by name or mail address."""
    asked = _said(request, "q")
    found = User.objects.order_by("email")
    if asked:
        found = found.filter(Q(email__icontains=asked) | Q(name__icontains=asked))
    return page(
        request,
        "accounts/people.html",
        asked=asked,
        roles=ROLES,
        **_paged(request, found),
    )


@private("administer", ("POST",))
def change_role(request: HttpRequest, person: int) -> HttpResponse:
    """Give somebody another role on the site; their sessions end."""
    given = request.POST.get("role", "")
    if given not in {str(role.value) for role in ROLES}:
        messages.error(request, _("There is no such role."))
        return redirect(addresses.account("people"))
    role = SiteRole(int(given))
    with transaction.atomic():
        found = _locked(person)
        if role < SiteRole.ADMINISTRATOR and people.is_last_administrator(found):
            messages.error(request, _last())
        else:
            people.change_role(found, role, by=cast(User, request.user))
            messages.success(request, _("The role holds; after a change the person signs in anew."))
    return redirect(addresses.account("people"))


@private("administer", ("POST",))
def change_active(request: HttpRequest, person: int) -> HttpResponse:
    """Close an account to its person, or open it again."""
    active = request.POST.get("active") == "1"
    with transaction.atomic():
        found = _locked(person)
        if not active and people.is_last_administrator(found):
            messages.error(request, _last())
        elif found.is_active != active:
            found.is_active = active
            found.save(update_fields=["is_active"])
            sessions.end_all(found)
            action = "person.activate" if active else "person.deactivate"
            audit.note(cast(User, request.user), action, f"person:{found.pk}")
            messages.success(
                request, _("The account is open.") if active else _("The account is closed.")
            )
    return redirect(addresses.account("people"))


@private("administer", ("POST",))
def take_second_factor(request: HttpRequest, person: int) -> HttpResponse:
    """Turn the second step of somebody off who lost app and codes."""
    with transaction.atomic():
        found = _locked(person)
        if found.second_factor_at is not None:
            people.take_second_factor(found, by=cast(User, request.user))
    messages.success(request, _("The second step of this account is off."))
    return redirect(addresses.account("people"))


def _locked(person: int) -> User:
    return get_object_or_404(User.objects.select_for_update(), pk=person)


def _last() -> str:
    return _("This is the last administrator. Give the role to somebody else first.")


@private("administer", READ)
def audit_page(request: HttpRequest) -> HttpResponse:
    """Show what was done, by whom, newest first."""
    asked = _asked(request)
    actions = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    filled = {name: value for name, value in asked.items() if value}
    return page(
        request,
        "accounts/audit.html",
        asked=asked,
        actions=[(each, action_words(each)) for each in actions],
        file=addresses.account("audit").rstrip("/") + ".csv",
        filters=filled,
        **_paged(request, _entries(asked)),
    )


@private("administer", READ)
def audit_file(request: HttpRequest) -> HttpResponse:
    """Give what was done as CSV; no cell of it runs as a formula."""
    audit.note(cast(User, request.user), "audit.export")
    entries = _entries(_asked(request))
    response = StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="cluster-atlas-audit.csv"'
    return cast(HttpResponse, response)


class _Echo:
    """A file that hands back what is written into it, a line at a time."""

    def write(self, text: str) -> str:
        return text


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(AUDIT_COLUMNS)
    for each in entries.iterator(chunk_size=1_000):
        who = each.person.email if each.person else ""
        details = "; ".join(f"{name}={value}" for name, value in each.details.items())
        cells = (each.at.isoformat(), who, each.action, each.subject, details)
        yield writer.writerow([written(cell) for cell in cells])


def _asked(request: HttpRequest) -> dict[str, str]:
    names = ("person", "action", "subject", "since", "until")
    return {name: _said(request, name) for name in names}


def _said(request: HttpRequest, name: str) -> str:
    """A value of the address; PostgreSQL knows no text with a zero byte in it."""
    return request.GET.get(name, "").replace("\0", "").strip()[:100]


def _entries(asked: dict[str, str]) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.select_related("person")
    if asked["person"]:
        found = found.filter(
            Q(person__email__icontains=asked["person"]) | Q(person__name__icontains=asked["person"])
        )
    if asked["action"]:
        found = found.filter(action=asked["action"])
    if asked["subject"]:
        found = found.filter(subject__icontains=asked["subject"])
    since, until = _day(asked["since"]), _day(asked["until"])
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until + timedelta(days=1))
    return found


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone()) if day else None


def _paged(request: HttpRequest, found: QuerySet[Any]) -> dict[str, Any]:
    paged = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {"found": paged, "count": paged.paginator.count, "query_kept": query.urlencode()}
