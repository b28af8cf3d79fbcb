"""Write a profile: the form, what is kept while one types, a preview, and keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, keeping
from clusteratlas.portal.registry.form.entries import rows
from clusteratlas.portal.registry.form.shown_form import (
    all_clusters,
    all_regions,
    shown_faults,
    shown_sections,
)
from clusteratlas.portal.registry.form.typed import FormFault, Typed, read, typed_in, typed_of
from clusteratlas.portal.registry.models import Organisation, WorkingCopy
from clusteratlas.portal.registry.profile_page import found_organisation, profile_content
from clusteratlas.portal.rights import needs

ROWS_MORE = 3
MORE = "more:"


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the gate has seen to it that somebody is."""
    return cast(User, request.user)


@needs("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show the form with what was typed last, or keep what it is sent with."""
    row = found_organisation(organisation)
    if request.method == "POST":
        return _sent(request, row)
    copy = copy_of(row, person_of(request))
    typed = copy.typed if copy else typed_of(row.profile, request.release)
    faults = read(typed, request.release, row.profile).faults if copy else []
    content = _content(request, row, typed, copy.base if copy else row.version, faults)
    return page(request, "registry/edit.html", section="organisations", copy=copy, **content)


def _sent(request: AtlasRequest, row: Organisation) -> HttpResponse:
    typed, base = typed_in(request.POST), _base(request, row)
    keep_typed(row, person_of(request), typed, base)
    asked = request.POST.get("do", "keep")
    edit = addresses.organisation(row.slug, "edit/")
    if asked.startswith(MORE):
        wanted = asked.removeprefix(MORE)
        known = wanted if wanted in {part.name for part in rows()} else ""
        return redirect(f"{edit}?more={known}#list-{known}")
    found = read(typed, request.release, row.profile)
    if found.profile is None:
        content = _content(request, row, typed, base, found.faults)
        return form_page(request, "registry/edit.html", section="organisations", **content)
    if asked == "preview":
        return redirect(addresses.organisation(row.slug, "preview/"))
    if found.profile == row.profile and base == row.version:
        WorkingCopy.objects.filter(organisation=row, user=person_of(request)).delete()
        messages.info(request, _("Nothing was changed."))
        return redirect(addresses.organisation(row.slug, "manage/"))
    try:
        keeping.keep(
            row,
            found.profile,
            base=base,
            person=person_of(request),
            note=request.POST.get("note", "").replace("\x00", "").strip(),
        )
    except keeping.Outdated:
        return redirect(addresses.organisation(row.slug, "edit/merge/"))
    messages.success(request, _("Version %(version)s is kept.") % {"version": row.version})
    return redirect(addresses.organisation(row.slug, "manage/"))


@needs("edit")
@require_POST
def typed_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Remember what is typed, without making a version of it."""
    row = found_organisation(organisation)
    copy = keep_typed(row, person_of(request), typed_in(request.POST), _base(request, row))
    faults = read(copy.typed, request.release, row.profile).faults
    return render(
        request, "registry/_typed.html", {"at_time": timezone.localtime(copy.at), "faults": faults}
    )


@needs("edit")
@require_POST
def discard_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Forget what was typed and not kept."""
    row = found_organisation(organisation)
    WorkingCopy.objects.filter(organisation=row, user=person_of(request)).delete()
    messages.info(request, _("What was typed and not kept is gone."))
    return redirect(addresses.organisation(row.slug, "manage/"))


@needs("edit")
@require_http_methods(["GET", "HEAD"])
def preview_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show the page as it would be: with what is typed, else with the last version."""
    row = found_organisation(organisation)
    copy = copy_of(row, person_of(request))
    profile = read(copy.typed, request.release, row.profile).profile if copy else row.profile
    if profile is None:
        return redirect(addresses.organisation(row.slug, "edit/"))
    content = profile_content(request, row, profile.for_the_public(), public=False)
    return page(
        request, "registry/preview.html", section="organisations", typed=bool(copy), **content
    )


def copy_of(row: Organisation, person: User) -> WorkingCopy | None:
    """Return what somebody has typed and not kept yet."""
    return WorkingCopy.objects.filter(organisation=row, user=person).first()


def keep_typed(row: Organisation, person: User, typed: Typed, base: int) -> WorkingCopy:
    """Remember what somebody typed on a version."""
    with transaction.atomic():
        copy, _made = WorkingCopy.objects.update_or_create(
            organisation=row,
            user=person,
            defaults={"typed": typed, "base": base, "at": timezone.now()},
        )
    return copy


def _base(request: AtlasRequest, row: Organisation) -> int:
    """Return the version that the form was opened on; a form that names none is of long ago."""
    text = request.POST.get("version", "")
    known = text.isascii() and text.isdecimal() and len(text) < 10
    return min(int(text), row.version) if known else 0


def _content(
    request: AtlasRequest,
    row: Organisation,
    typed: Typed,
    base: int,
    faults: Sequence[FormFault],
) -> dict[str, Any]:
    more = request.GET.get("more", "")
    sections = shown_sections(typed, faults, {more: ROWS_MORE} if more else {})
    return {
        "organisation": row,
        "sections": sections,
        "faults": shown_faults(faults),
        "base": base,
        "newer": base != row.version,
        "clusters": all_clusters(request.release),
        "regions": all_regions(request.release),
        "note": request.POST.get("note", ""),
    }


def profile_typed(request: AtlasRequest, row: Organisation, copy: WorkingCopy) -> Profile | None:
    """Return the profile that a working copy says, where it says one."""
    return read(copy.typed, request.release, row.profile).profile
