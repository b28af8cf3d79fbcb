"""Pages of the second factor: set it up, new recovery codes, turn it off."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import addresses, audit, second_factor, sessions, sign_in
from clusteratlas.portal.accounts.forms import CodeForm, ReauthenticatedForm
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_paths import asked_next, onward
from clusteratlas.portal.accounts.private import form_page, page, private


@private("have_account")
def factor_page(request: HttpRequest) -> HttpResponse:
    """Show whether the factor is on; asked for with the password, begin to set it up."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    form = ReauthenticatedForm(request, request.POST or None)
    go_on = asked_next(request)
    if user.second_factor_at is None and request.method == "POST" and form.is_valid():
        second_factor.begin(user)
        return redirect(addresses.account("second-factor/set-up", next=go_on))
    left = user.recovery_codes.filter(used_at=None).count()
    return form_page(request, "accounts/factor.html", form=form, person=user, left=left, next=go_on)


@private("have_account")
def set_up_page(request: HttpRequest) -> HttpResponse:
    """Show the secret and ask for a first code; the factor is on once that is right."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    if user.second_factor_at is not None or not user.second_factor_salt:
        return redirect(addresses.account("second-factor"))
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = _("The six digits that your app shows now.")
    go_on = asked_next(request)
    if request.method == "POST" and form.is_valid():
        if sign_in.right_code(request, user, form.cleaned_data["code"]):
            codes = second_factor.turn_on(user)
            audit.note(user, "second_factor.on", f"person:{user.pk}")
            sessions.end_others(request, user)
            return page(request, "accounts/recovery_codes.html", codes=codes, next=onward(go_on))
        form.add_error("code", _("This code is not right. Is the clock of your device right?"))
    return form_page(
        request,
        "accounts/factor_set_up.html",
        form=form,
        next=go_on,
        picture=mark_safe(second_factor.picture_of(user)),  # noqa: S308 - drawn by segno, no text
        secret=_in_fours(second_factor.secret_of(user)),
    )


@private("have_account")
def codes_page(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, asked for with the password."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    if user.second_factor_at is None:
        return redirect(addresses.account("second-factor"))
    form = ReauthenticatedForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.new_recovery_codes(user)
        audit.note(user, "second_factor.recovery_codes", f"person:{user.pk}")
        return page(request, "accounts/recovery_codes.html", codes=codes, next=addresses.account())
    return form_page(request, "accounts/factor_codes.html", form=form)


@private("have_account")
def off_page(request: HttpRequest) -> HttpResponse:
    """Turn the factor off, with the password."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    form = ReauthenticatedForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        second_factor.turn_off(user)
        audit.note(user, "second_factor.off", f"person:{user.pk}")
        sessions.end_others(request, user)
        messages.success(request, _("The second step is off."))
        return redirect(addresses.account())
    return form_page(request, "accounts/factor_off.html", form=form)


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
