"""Everything that is kept of a person, to take along; and what happens when they leave.

Each app adds what it keeps. Import the module that registers in the app's ``ready``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from clusteratlas.portal.accounts import audit, sessions, throttle
from clusteratlas.portal.accounts.models import AuditEntry, OneTimeLink, User

Exporter = Callable[[User], Any]
Hindrance = Callable[[User], list[str]]
Leaving = Callable[[User], None]

_exporters: dict[str, Exporter] = {}
_hindrances: list[Hindrance] = []
_leavings: list[Leaving] = []


def exporter(name: str) -> Callable[[Exporter], Exporter]:
    """Add to the export, under a name, what an app keeps of a person; values that JSON can hold."""

    def register(make: Exporter) -> Exporter:
        _exporters[name] = make
        return make

    return register


def hindrance(find: Hindrance) -> Hindrance:
    """Add what keeps somebody from deleting their account: sentences, none where nothing does."""
    _hindrances.append(find)
    return find


def leaving(do: Leaving) -> Leaving:
    """Add what an app does right before an account is deleted, in the same transaction."""
    _leavings.append(do)
    return do


def export(person: User) -> dict[str, Any]:
    """Return everything that is kept of a person."""
    return {name: make(person) for name, make in sorted(_exporters.items())}


def hindrances(person: User) -> list[str]:
    """Return what keeps a person from deleting their account."""
    return [sentence for find in _hindrances for sentence in find(person)]


@transaction.atomic
def delete(person: User) -> list[str]:
    """Delete an account: what was done stays, without who did it.

    Returns
    -------
    list[str]
        What keeps the person from it; the account is gone where there is nothing.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    found = hindrances(person)
    if found:
        return found
    for do in _leavings:
        do(person)
    audit.note(None, "account.delete")
    OneTimeLink.objects.filter(email=person.email).delete()
    throttle.succeeded(person)
    sessions.end_all(person)
    person.delete()
    return []


@exporter("account")
def _account(person: User) -> dict[str, Any]:
    return {
        "mail": person.email,
        "name": person.name,
        "language": person.language,
        "role": person.get_site_role_display(),
        "joined": person.joined_at,
        "mail_confirmed": person.confirmed_at,
        "last_sign_in": person.last_login,
        "second_factor_since": person.second_factor_at,
    }


@exporter("sessions")
def _sessions(person: User) -> list[dict[str, Any]]:
    return [
        {"browser": each.browser, "began": each.began_at, "last_used": each.seen_at}
        for each in person.sign_ins.all()
    ]


@exporter("api_tokens")
def _tokens(person: User) -> list[dict[str, Any]]:
    names = ("name", "scope", "prefix", "created_at", "expires_at", "used_at", "revoked_at")
    return [{name: getattr(each, name) for name in names} for each in person.tokens.all()]


@exporter("what_you_did")
def _audit(person: User) -> list[dict[str, Any]]:
    names = ("at", "action", "subject", "details")
    found = AuditEntry.objects.filter(person=person)
    return [{name: getattr(each, name) for name in names} for each in found]
