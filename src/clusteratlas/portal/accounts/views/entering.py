"""Pages on the way in: register, confirm, sign in, the second step, sign out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import addresses, audit, links, mail, sign_in, throttle
from clusteratlas.portal.accounts.forms import CodeForm, ConfirmForm, RegisterForm, SignInForm
from clusteratlas.portal.accounts.models import OneTimeLink, User
from clusteratlas.portal.accounts.own_paths import asked_next, onward
from clusteratlas.portal.accounts.private import READ, form_page, page, private
from clusteratlas.portal.language import active, at

CONFIRM = "confirm"
CONFIRM_WITHIN = timedelta(hours=24)


@private("read")
def register_page(request: HttpRequest) -> HttpResponse:
    """Ask for an account; the answer is the same whether the address has one or not."""
    form = RegisterForm(request.POST or None)
    go_on = asked_next(request)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "accounts/register.html", form=form, next=go_on)
    wait = throttle.ask(request, "register", form.cleaned_data["email"])
    if wait:
        return throttle.wait_page(request, wait)
    _ask_to_confirm(request, form, go_on)
    return redirect(addresses.account("register/sent"))


def _ask_to_confirm(request: HttpRequest, form: RegisterForm, go_on: str) -> None:
    """Send one mail either way, after the same work."""
    email = form.cleaned_data["email"]
    key = links.issue(
        CONFIRM,
        lifetime=CONFIRM_WITHIN,
        email=email,
        name=form.cleaned_data["name"],
        password=make_password(form.cleaned_data["password"]),
        language=active(),
        next=go_on,
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
    else:
        path = addresses.link("confirm", key)
        mail.send("accounts/mail/confirm", email, language=active(), request=request, path=path)


@private("read", READ)
def register_sent_page(request: HttpRequest) -> HttpResponse:
    """Say that mail is on its way."""
    return page(
        request,
        "accounts/sent.html",
        heading=_("Look into your mail"),
        said=_(
            "We have sent a mail to the address that you gave. The link in it makes your account; "
            "it works once, within 24 hours."
        ),
    )


@private("read")
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Make the account that a link in a mail stands for, with the password chosen before."""
    link = links.opened(request, CONFIRM)
    if isinstance(link, HttpResponse):
        return link
    if link is None or User.objects.filter(email=link.email).exists():
        return link_over(request, addresses.register())
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttle.may_try(request, link.email):
            return throttle.locked(request, credentials={"username": link.email})
        if check_password(form.cleaned_data["password"], link.data["password"]):
            return _made(request, link)
        throttle.failed(request, link.email)
        form.add_error("password", _("This is not the password that you chose."))
    return form_page(request, "accounts/confirm.html", form=form, email=link.email)


def _made(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Make the account and sign its person in; nothing where the link was used meanwhile."""
    data = dict(link.data)
    try:
        with transaction.atomic():
            if not links.spend(link):
                return link_over(request, addresses.register())
            user = User(
                email=link.email,
                name=data["name"],
                language=data["language"],
                password=data["password"],
                confirmed_at=timezone.now(),
            )
            user.save()
            links.withdraw(CONFIRM, email=user.email)
            audit.note(user, "account.register", f"person:{user.pk}")
    except IntegrityError:  # another link made it at the same moment
        return link_over(request, addresses.register())
    links.close(request, CONFIRM)
    sign_in.finish(request, user)
    return redirect(onward(data["next"]))


def link_over(request: HttpRequest, again: str) -> HttpResponse:
    """Say that a link was used or is too old, and where a new one is to be had."""
    response = page(request, "accounts/link_over.html", again=again)
    response.status_code = 410
    response.explained = True  # type: ignore[attr-defined]
    return response


@private("read")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Ask for mail address and password."""
    form = SignInForm(request.POST or None)
    go_on = asked_next(request)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            if sign_in.begin(request, user, go_on):
                return redirect(_first(user, go_on))
            return redirect(addresses.account("sign-in/code"))
        form.add_error(None, _("No account has this mail address and this password."))
    return form_page(request, "accounts/sign_in.html", form=form, next=go_on)


@private("read")
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor."""
    begun = sign_in.begun(request)
    if begun is None:
        return redirect(addresses.sign_in())
    user, go_on = begun
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if sign_in.right_code(request, user, form.cleaned_data["code"]):
            sign_in.finish(request, user)
            return redirect(onward(go_on))
        form.add_error("code", _("This code is not right, or it was used before."))
    return form_page(request, "accounts/code.html", form=form)


@private("read", ("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    return sign_in.leave(request, at("/"))


def _first(user: User, go_on: str) -> str:
    """Return where somebody goes after signing in: first to what the site still asks of them."""
    if user.lacks_second_factor:
        return addresses.account("second-factor", next=go_on)
    return onward(go_on)
