"""Every version of a profile: who, when, what changed; and going back to one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusteratlas.organisations import Profile
from clusteratlas.organisations.changes import changes
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry import addresses, keeping
from clusteratlas.portal.registry.change_words import said_changes
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.models import Organisation, Revision
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import Named, holds, needs

EACH_PAGE = 50


@needs("see_inside")
@require_safe
def history_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show the versions, newest first, each with how much it changed."""
    row = found_organisation(organisation)
    pages = Paginator(row.revisions.select_related("author"), EACH_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    listed = list(shown)
    profiles = [Profile.model_validate(each.profile) for each in listed]
    befores = [*profiles[1:], before_of(listed[-1]) if listed else None]
    return page(
        request,
        "registry/history.html",
        section="organisations",
        organisation=row,
        versions=[
            (each, None if before is None else len(changes(before, profile)))
            for each, profile, before in zip(listed, profiles, befores, strict=False)
        ],
        shown=shown,
        can_edit=_can_edit(request, row),
    )


def before_of(revision: Revision) -> Profile | None:
    """Return the profile that a version changed; none for the first one."""
    earlier = (
        Revision.objects.filter(
            organisation=revision.organisation,
            version__lt=revision.version,
        )
        .order_by("-version")
        .first()
    )
    return Profile.model_validate(earlier.profile) if earlier else None


@needs("see_inside")
@require_safe
def version_page(request: AtlasRequest, organisation: str, version: int) -> HttpResponse:
    """Show what a version changed, against the one before it or another one."""
    row = found_organisation(organisation)
    revision = version_of(row, version)
    against = request.GET.get("against", "")
    profile = Profile.model_validate(revision.profile)
    if against == "now":
        before, other = profile, row.profile
    else:
        before, other = before_of(revision) or Profile(name=profile.name), profile
    return page(
        request,
        "registry/version.html",
        section="organisations",
        organisation=row,
        revision=revision,
        changes=said_changes(before, other, request.release),
        against_now=against == "now",
        can_edit=_can_edit(request, row),
    )


@needs("edit")
@require_POST
def restore_page(request: AtlasRequest, organisation: str, version: int) -> HttpResponse:
    """Make an earlier version the newest one; what came between stays in the history."""
    row = found_organisation(organisation)
    revision = version_of(row, version)
    text = request.POST.get("version", "")
    base = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    try:
        keeping.keep(
            row,
            Profile.model_validate(revision.profile),
            base=base,
            person=person_of(request),
            restored=revision.version,
        )
    except keeping.Outdated:
        messages.error(
            request, _("Somebody kept another version meanwhile; please look at it first.")
        )
        return redirect(addresses.organisation(row.slug, "history/"))
    messages.success(
        request,
        _("Version %(old)s stands again, as version %(new)s.")
        % {"old": revision.version, "new": row.version},
    )
    return redirect(addresses.organisation(row.slug, "manage/"))


def version_of(row: Organisation, version: int) -> Revision:
    """Return a version of an organisation; none is a 404."""
    found = row.revisions.filter(version=version).first()
    if found is None:
        raise Http404
    return found


def _can_edit(request: AtlasRequest, row: Organisation) -> bool:
    return holds(request.user, "edit", Named((row.pk,), row.is_public), reading=False)
