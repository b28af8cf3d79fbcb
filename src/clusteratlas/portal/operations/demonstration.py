"""The demonstration: fictional organisations, entries and meetings, and people to look with."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.benchmarking.demonstration import load_assessments
from clusteratlas.portal.meetings.demonstration import load_meetings
from clusteratlas.portal.practice.demonstration import load_library
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.programmes.demonstration import load_programmes
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.models import Membership, Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole

HOST = "example.org"
ACCOUNTS = (
    ("administrator", SiteRole.ADMINISTRATOR),
    ("moderator", SiteRole.MODERATOR),
    ("editor", SiteRole.MEMBER),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to look at the demonstration with.

    ``password`` is shown once, when the account is made; it is written nowhere.
    """

    role: str
    mail: str
    password: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is in the registry now."""

    organisations: int
    entries: int
    programmes: int
    accounts: Sequence[Account]
    real: int
    """Organisations that are not fictional: with any, nothing was changed."""


def demonstrate(release: Release) -> Demonstration:
    """Fill the registry with what is fictional; again it adds only what lacks.

    A registry that holds real organisations is left alone.
    """
    real = Organisation.objects.filter(fictional=False).count()
    if real:
        return Demonstration(0, 0, 0, (), real)
    with transaction.atomic():
        accounts = [_account(name, role) for name, role in ACCOUNTS]
        runs = User.objects.get(email=f"demo-administrator@{HOST}")
        load(load_demonstration(), person=runs, file="demonstration")
        organisations = Organisation.objects.filter(fictional=True).order_by("pk")
        editor = User.objects.get(email=f"demo-editor@{HOST}")
        for each in organisations[:2]:
            Membership.objects.get_or_create(
                user=editor, organisation=each, defaults={"role": InsideRole.OWNER}
            )
        load_library(editor)
    load_meetings(release, editor)
    load_assessments(editor)
    programmes = load_programmes(release, editor, runs)
    entries = Entry.objects.filter(fictional=True).count()
    return Demonstration(organisations.count(), entries, programmes, accounts, 0)


def _account(name: str, role: SiteRole) -> Account:
    mail = f"demo-{name}@{HOST}"
    if User.objects.filter(email=mail).exists():
        return Account(name, mail, "")
    password = secrets.token_urlsafe(15)
    User.objects.create_user(
        mail,
        password,
        name=f"Demo {name.title()}",
        site_role=role,
        confirmed_at=timezone.now(),
    )
    return Account(name, mail, password)
