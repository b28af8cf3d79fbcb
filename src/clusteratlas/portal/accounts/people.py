"""People as the administrator deals with them from the command line."""

from __future__ import annotations

import difflib
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import (
    audit,
    links,
    own_data,
    second_factor,
    sessions,
    throttle,
)
from clusteratlas.portal.accounts.addresses import link
from clusteratlas.portal.accounts.models import User, plain_mail
from clusteratlas.portal.roles import SiteRole
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

FIRST_LINK_WITHIN = timedelta(hours=24)
RESET = "reset"
ROLES = {role.name.lower(): role for role in SiteRole if role}


def add(mail: str, *, role: str, name: str = "") -> str:
    """Make an account that waits for its first password.

    Returns
    -------
    str
        Path of a link with which the password is set, once, within 24 hours.

    Raises
    ------
    InvalidInput
        If the mail address or the role is none, or the address has an account; all faults at once.
    """
    email = plain_mail(mail)
    faults = [*_mail_faults(email), *_role_faults(role)]
    if not faults and User.objects.filter(email=email).exists():
        hint = "change the role with `clusteratlas people role`"
        faults = [Fault("there is an account with this address", value=email, hint=hint)]
    if faults:
        raise InvalidInput(faults)
    with transaction.atomic():
        user = User.objects.create_user(email, name=name.strip()[:120], site_role=ROLES[role])
        audit.note(None, "person.add", f"person:{user.pk}", role=role)
        return _link(user)


def everybody() -> list[User]:
    """Return all accounts, by role and mail address."""
    return list(User.objects.order_by("-site_role", "email"))


def give_role(mail: str, role: str) -> User:
    """Give somebody another role; their sessions end.

    Raises
    ------
    InvalidInput
        If there is no such role.
    CannotAnswer
        If there is no such account, or it is that of the last administrator.
    """
    faults = _role_faults(role)
    if faults:
        raise InvalidInput(faults)
    with transaction.atomic():
        user = _found(mail)
        if ROLES[role] < SiteRole.ADMINISTRATOR and is_last_administrator(user):
            raise CannotAnswer(
                "this is the last administrator",
                value=user.email,
                hint="give the role to somebody else first",
            )
        change_role(user, ROLES[role], by=None)
    return user


def reset(mail: str, *, without_second_factor: bool = False) -> str:
    """Let somebody in again who lost their password, was locked out or lost their second factor.

    Returns
    -------
    str
        Path of a link with which a new password is set, once, within 24 hours.
    """
    with transaction.atomic():
        user = _found(mail)
        throttle.succeeded(user)
        if without_second_factor:
            take_second_factor(user, by=None)
        audit.note(None, "person.reset", f"person:{user.pk}")
        return _link(user)


def change_role(person: User, role: SiteRole, *, by: User | None) -> None:
    """Change a role, write it down, and end the sessions of the person."""
    before = SiteRole(person.site_role)
    if before == role:
        return
    person.site_role = role
    person.save(update_fields=["site_role"])
    sessions.end_all(person)
    said = {"before": before.name.lower(), "after": role.name.lower()}
    audit.note(by, "person.role", f"person:{person.pk}", **said)


def take_second_factor(person: User, *, by: User | None) -> None:
    """Turn the second factor of somebody off who lost it, and end their sessions."""
    second_factor.turn_off(person)
    sessions.end_all(person)
    audit.note(by, "person.second_factor_off", f"person:{person.pk}")


def is_last_administrator(person: User) -> bool:
    """Say whether the site had no administrator without this person; in a transaction."""
    if person.site_role != SiteRole.ADMINISTRATOR or not person.is_active:
        return False
    # Locked, so that two administrators cannot take the role from each other at the same time.
    held = User.objects.select_for_update().filter(site_role=SiteRole.ADMINISTRATOR, is_active=True)
    return all(each.pk == person.pk for each in held)


@own_data.hindrance
def _last_administrator(person: User) -> list[str]:
    with transaction.atomic():
        if is_last_administrator(person):
            return [_("You are the last administrator: give the role to somebody else first.")]
    return []


def _link(user: User) -> str:
    key = links.issue(RESET, lifetime=FIRST_LINK_WITHIN, user=user, email=user.email)
    return link("reset/set", key)


def _found(mail: str) -> User:
    email = plain_mail(mail)
    user = User.objects.filter(email=email).first()
    if user is None:
        known = list(User.objects.values_list("email", flat=True)[:5_000])
        near = difflib.get_close_matches(email, known, 1)
        hint = f"did you mean {near[0]}?" if near else "`clusteratlas people list` shows all"
        raise CannotAnswer("there is no account with this address", value=email, hint=hint)
    return user


def _mail_faults(email: str) -> list[Fault]:
    try:
        validate_email(email)
    except ValidationError:
        return [Fault("this is no mail address", value=email, hint="such as ada@example.org")]
    return []


def _role_faults(role: str) -> list[Fault]:
    if role in ROLES:
        return []
    return [Fault("there is no such role", value=role, hint=f"one of {', '.join(ROLES)}")]
