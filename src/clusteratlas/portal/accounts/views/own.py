"""Somebody's own pages: overview, profile, sessions, tokens, data, leaving."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import addresses, audit, overview, own_data, sessions, tokens
from clusteratlas.portal.accounts.forms import DeleteForm, ProfileForm, TokenForm
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.private import READ, form_page, page, private
from clusteratlas.portal.language import at
from clusteratlas.portal.rights import holds


@private("have_account", READ)
def account_page(request: HttpRequest) -> HttpResponse:
    """Show what concerns somebody, and what they can set."""
    return page(
        request,
        "accounts/account.html",
        parts=overview.parts(request),
        administers=holds(request.user, "administer"),
    )


@private("have_account")
def profile_page(request: HttpRequest) -> HttpResponse:
    """Change name and language."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=["name", "language"])
        audit.note(user, "account.profile", f"person:{user.pk}")
        messages.success(request, _("Kept."))
        return redirect(addresses.account())
    return form_page(request, "accounts/profile.html", form=form)


@private("have_account", READ)
def sessions_page(request: HttpRequest) -> HttpResponse:
    """List the sessions that somebody has."""
    user = cast(User, request.user)
    here = request.session.session_key
    found = [(each, each.session_key == here) for each in sessions.of(user)]
    return page(request, "accounts/sessions.html", found=found)


@private("have_account", ("POST",))
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions."""
    user = cast(User, request.user)
    given = _key(request.POST.get("session", ""))
    found = get_object_or_404(user.sign_ins, pk=given)
    audit.note(user, "account.session_end", f"person:{user.pk}")
    if found.session_key == request.session.session_key:
        logout(request)
        return redirect(at("/"))
    sessions.end(found)
    messages.success(request, _("The session was ended."))
    return redirect(addresses.account("sessions"))


@private("have_account", ("POST",))
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    user = cast(User, request.user)
    audit.note(user, "account.sign_out_everywhere", f"person:{user.pk}")
    sessions.end_all(user)
    logout(request)
    return redirect(addresses.sign_in())


@private("have_account")
def tokens_page(request: HttpRequest) -> HttpResponse:
    """List tokens, and make one; its secret is shown in this answer and never again."""
    user = cast(User, request.user)
    form = TokenForm(request.POST or None)
    shown: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        if sum(each.is_live for each in user.tokens.all()) >= tokens.MOST_TOKENS:
            form.add_error(None, _("You have too many tokens; revoke one that is not used."))
        else:
            made, secret = tokens.make(user, **form.cleaned_data)
            shown, form = {"made": made, "secret": secret}, TokenForm()
    return form_page(request, "accounts/tokens.html", form=form, tokens=user.tokens.all(), **shown)


@private("have_account", ("POST",))
def revoke_token(request: HttpRequest) -> HttpResponse:
    """End one of one's own tokens."""
    user = cast(User, request.user)
    given = _key(request.POST.get("token", ""))
    token = get_object_or_404(user.tokens, pk=given, revoked_at=None)
    tokens.revoke(token)
    messages.success(request, _("The token opens nothing any more."))
    return redirect(addresses.account("tokens"))


@private("have_account", READ)
def own_data_file(request: HttpRequest) -> HttpResponse:
    """Give somebody everything that is kept of them."""
    user = cast(User, request.user)
    response = JsonResponse(
        own_data.export(user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="cluster-atlas-account.json"'
    return response


@private("have_account")
def delete_page(request: HttpRequest) -> HttpResponse:
    """Delete the account, unless something has to be handed over first."""
    user = cast(User, request.user)
    form = DeleteForm(request, request.POST or None)
    hindrances = own_data.hindrances(user)
    if request.method == "POST" and form.is_valid():
        hindrances = own_data.delete(user)
        if not hindrances:
            logout(request)
            return redirect(addresses.account("deleted"))
        form.add_error(None, _("Something has to be handed over first."))
    return form_page(request, "accounts/delete.html", form=form, hindrances=hindrances)


@private("read", READ)
def deleted_page(request: HttpRequest) -> HttpResponse:
    """Say that the account is gone."""
    return page(
        request,
        "accounts/sent.html",
        heading=_("Your account is deleted"),
        said=_("What you wrote for organisations stays with them, without your name."),
    )


def _key(text: str) -> int:
    """Return the key that a form names; one that nothing has where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
