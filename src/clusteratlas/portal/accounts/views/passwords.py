"""Pages of passwords and mail addresses: reset, change, confirm a change."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import (
    addresses,
    audit,
    links,
    mail,
    people,
    sessions,
    sign_in,
    throttle,
)
from clusteratlas.portal.accounts.forms import (
    MailForm,
    NewMailForm,
    NewPasswordForm,
    PasswordForm,
)
from clusteratlas.portal.accounts.models import OneTimeLink, User
from clusteratlas.portal.accounts.private import READ, form_page, page, private
from clusteratlas.portal.accounts.views.entering import link_over
from clusteratlas.portal.language import active

RESET = people.RESET
RESET_WITHIN = timedelta(hours=1)
NEW_MAIL, OLD_MAIL = "mail-new", "mail-old"
NEW_MAIL_WITHIN = timedelta(hours=24)


@private("read")
def reset_page(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password; the answer is the same for every address."""
    form = MailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "accounts/reset.html", form=form)
    email = form.cleaned_data["email"]
    wait = throttle.ask(request, "reset", email)
    if wait:
        return throttle.wait_page(request, wait)
    user = User.objects.filter(email=email, is_active=True).first()
    key = links.issue(RESET, lifetime=RESET_WITHIN, user=user, email=email)
    if user:
        path = addresses.link("reset/set", key)
        mail.send("accounts/mail/reset", email, language=user.language, request=request, path=path)
    else:
        path = addresses.register()
        mail.send("accounts/mail/no_account", email, language=active(), request=request, path=path)
    return redirect(addresses.account("reset/sent"))


@private("read", READ)
def reset_sent_page(request: HttpRequest) -> HttpResponse:
    """Say that mail is on its way."""
    return page(
        request,
        "accounts/sent.html",
        heading=_("Look into your mail"),
        said=_(
            "We have sent a mail to the address that you gave. If it has an account, the mail "
            "holds a link with which you choose a new password; it works once, within an hour."
        ),
    )


@private("read")
def set_password_page(request: HttpRequest) -> HttpResponse:
    """Set a password with a link from a mail or from the administrator."""
    link = links.opened(request, RESET)
    if isinstance(link, HttpResponse):
        return link
    if link is None or link.user is None or not link.user.is_active:
        return link_over(request, addresses.account("reset"))
    form = NewPasswordForm(link.user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "accounts/set_password.html", form=form, email=link.user.email)
    with transaction.atomic():
        if not links.spend(link):
            return link_over(request, addresses.account("reset"))
        _set_password(link.user, form.cleaned_data["password"])
        sessions.end_all(link.user)
    links.close(request, RESET)
    messages.success(request, _("Your new password holds. Sign in with it."))
    return redirect(addresses.sign_in())


def _set_password(user: User, password: str) -> None:
    """Set a password. A link that was opened came by mail, so the address is confirmed too."""
    user.set_password(password)
    user.confirmed_at = user.confirmed_at or timezone.now()
    user.save(update_fields=["password", "confirmed_at"])
    links.withdraw(RESET, user=user)
    audit.note(user, "account.password", f"person:{user.pk}")


@private("have_account")
def password_page(request: HttpRequest) -> HttpResponse:
    """Change the password; all other sessions end."""
    form = PasswordForm(request, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "accounts/password.html", form=form)
    user = cast(User, request.user)
    with transaction.atomic():
        _set_password(user, form.cleaned_data["password"])
        sessions.end_others(request, user)
    with suppress(mail.MailNotSent):  # only a notice: the password is changed either way
        mail.send(
            "accounts/mail/password_changed",
            user.email,
            language=user.language,
            request=request,
            path=addresses.account("reset"),
        )
    messages.success(request, _("Your password was changed. All other sessions were ended."))
    return redirect(addresses.account())


@private("have_account")
def mail_page(request: HttpRequest) -> HttpResponse:
    """Ask for another mail address; both the old and the new one have to agree."""
    form = NewMailForm(request, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "accounts/mail.html", form=form)
    user, email = cast(User, request.user), form.cleaned_data["email"]
    wait = throttle.ask(request, "mail", user.email, email)
    if wait:
        return throttle.wait_page(request, wait)
    with transaction.atomic():
        for purpose in (OLD_MAIL, NEW_MAIL):
            links.withdraw(purpose, user=user)
        old, new = (
            links.issue(each, lifetime=NEW_MAIL_WITHIN, user=user, email=email)
            for each in (OLD_MAIL, NEW_MAIL)
        )
        audit.note(user, "account.mail_asked", f"person:{user.pk}")
    _send_both(request, user, email, old, new)
    messages.success(
        request, _("Two mails are on their way. The change holds once both links were opened.")
    )
    return redirect(addresses.account())


def _send_both(request: HttpRequest, user: User, email: str, old: str, new: str) -> None:
    path = addresses.link("mail/old", old)
    mail.send(
        "accounts/mail/mail_old", user.email, language=user.language, request=request, path=path
    )
    has_one = User.objects.filter(email=email).first()
    if has_one:
        path = addresses.account("reset")
        mail.send(
            "accounts/mail/have_account",
            email,
            language=has_one.language,
            request=request,
            path=path,
        )
        return
    path = addresses.link("mail/new", new)
    mail.send("accounts/mail/mail_new", email, language=user.language, request=request, path=path)


@private("read")
def mail_old_page(request: HttpRequest) -> HttpResponse:
    """Agree from the old address."""
    return _agree(request, OLD_MAIL, NEW_MAIL)


@private("read")
def mail_new_page(request: HttpRequest) -> HttpResponse:
    """Agree from the new address."""
    return _agree(request, NEW_MAIL, OLD_MAIL)


def _agree(request: HttpRequest, purpose: str, other: str) -> HttpResponse:
    """Take one of the two agreements; the second one changes the address."""
    link = links.opened(request, purpose)
    if isinstance(link, HttpResponse):
        return link
    if link is None or link.user is None:
        return link_over(request, addresses.account("mail"))
    if request.method != "POST":
        return page(request, "accounts/mail_agree.html", link=link, is_new=purpose == NEW_MAIL)
    try:
        with transaction.atomic():
            if not links.spend(link):
                return link_over(request, addresses.account("mail"))
            changed = _both_agreed(link, link.user, other)
    except IntegrityError:  # the new address got an account of its own meanwhile
        return link_over(request, addresses.account("mail"))
    links.close(request, purpose)
    if not changed:
        return page(
            request,
            "accounts/sent.html",
            heading=_("One of two"),
            said=_("Now open the link in the mail to the other address."),
        )
    if request.user.is_authenticated:
        return sign_in.leave(request, addresses.sign_in())
    return redirect(addresses.sign_in())


def _both_agreed(link: OneTimeLink, user: User, other: str) -> bool:
    agreed = OneTimeLink.objects.filter(
        purpose=other, user=user, email=link.email, used_at__isnull=False
    )
    if not agreed.exists():
        return False
    user.email = link.email
    user.confirmed_at = timezone.now()
    user.save(update_fields=["email", "confirmed_at"])
    links.withdraw(OLD_MAIL, user=user)
    links.withdraw(NEW_MAIL, user=user)
    links.withdraw(RESET, user=user)
    sessions.end_all(user)
    audit.note(user, "account.mail", f"person:{user.pk}")
    return True
