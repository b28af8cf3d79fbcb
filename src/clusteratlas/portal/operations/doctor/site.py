"""What is set, who runs the site, and whether its mail arrives."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core import mail as mails
from django.db import DatabaseError

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.environment import Environment
from clusteratlas.portal.operations.doctor.finding import Finding, fail, ok, warn
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import SiteRole

LOCAL = ("127.0.0.1", "localhost", "[::1]", "testserver")


def is_public() -> bool:
    """Whether the site answers under another name than this machine's own."""
    return any(name not in LOCAL for name in settings.ALLOWED_HOSTS)


def settings_of() -> Iterator[Finding]:
    """Look at what would be unsafe on a site that others can reach."""
    public = is_public()
    if not public:
        yield ok("reach", "the site answers on this machine only")
    if settings.DEBUG:
        yield fail("debug", "visitors would see our code and settings", "CLUSTERATLAS_DEBUG=false")
    if "*" in settings.ALLOWED_HOSTS:
        hint = "name the hosts of the site in CLUSTERATLAS_ALLOWED_HOSTS"
        yield fail("hosts", "the site answers under any name", hint)
    elif public:
        yield ok("hosts", f"the site answers as {', '.join(settings.ALLOWED_HOSTS)}")
    if public and not settings.SESSION_COOKIE_SECURE:
        hint = "serve it behind HTTPS and set CLUSTERATLAS_SECURE=true"
        yield fail("https", "passwords would travel unprotected", hint)
    elif public:
        yield ok("https", "HTTPS is required, cookies travel over it alone")
    if public and settings.SESSION_COOKIE_SECURE and not settings.PROXIES:
        hint = "set CLUSTERATLAS_PROXIES to the number of proxies of yours"
        yield warn("proxies", "all visitors behind your proxy count as one", hint)
    key = settings.SECRET_KEY
    if len(key) < 32 or len(set(key)) < 8:
        hint = "leave CLUSTERATLAS_SECRET_KEY out: a key is made and kept in the store"
        yield fail("key", "the key that signs sessions is too short", hint)
    if public and Environment.model_fields["mail_from"].default == settings.DEFAULT_FROM_EMAIL:
        hint = "set CLUSTERATLAS_MAIL_FROM to an address of the site"
        yield warn("sender", f"mail comes from {settings.DEFAULT_FROM_EMAIL}", hint)


def people() -> Iterator[Finding]:
    """Look for administrators, their second factors, and demonstration data."""
    say = fail if is_public() else warn
    try:
        running = User.objects.filter(site_role=SiteRole.ADMINISTRATOR, is_active=True)
        count, plain = running.count(), running.filter(second_factor_at=None).count()
        fictional = Organisation.objects.filter(fictional=True).count()
    except DatabaseError:
        yield warn("people", "they cannot be counted", "`clusteratlas migrate` makes the tables")
        return
    if not count:
        yield say("administrators", "there is none", "make one: docs/how-to/run-a-site.md says how")
    else:
        yield ok("administrators", f"there are {count}" if count > 1 else "there is one")
    if plain:
        hint = "they set it up under Account, Second factor"
        yield warn("second factor", f"{plain} of {count} administrators have none", hint)
    if fictional:
        said = f"{fictional} fictional organisations are in the registry"
        hint = "a site for real ones starts from an empty store"
        yield warn("demonstration", said, hint)


def mail(send_to: str) -> Iterator[Finding]:
    """Ask the mail server; send a test message where an address is given."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        hint = "set CLUSTERATLAS_MAIL=smtp://user:password@host:587"
        where = f"mail is kept as files in {settings.STORE / 'mail'}"
        yield (fail if is_public() else warn)("mail", where, hint)
        return
    hint = "check CLUSTERATLAS_MAIL: host, port, user, password"
    try:
        with mails.get_connection(fail_silently=False) as server:
            if not send_to:
                yield ok("mail", "the server answers; --send ADDRESS sends a test message")
                return
            mails.EmailMessage(
                "Cluster Atlas: test message",
                "Mail of this site arrives.\n",
                to=[send_to],
                connection=server,
            ).send()
            yield ok("mail", f"a test message was given to the server for {send_to}")
    except (OSError, smtplib.SMTPException) as error:
        yield fail("mail", f"the server did not take it: {error}", hint)
