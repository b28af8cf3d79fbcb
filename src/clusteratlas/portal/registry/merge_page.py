"""Two people changed one profile: both versions side by side, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusteratlas.organisations import Profile
from clusteratlas.organisations.changes import Change
from clusteratlas.organisations.merging import SIDES, Merge, Side, merge
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, keeping
from clusteratlas.portal.registry.change_words import SaidChange, said_change, said_changes
from clusteratlas.portal.registry.edit_page import copy_of, person_of, profile_typed
from clusteratlas.portal.registry.models import Organisation, WorkingCopy
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import needs

CHOICE = "choice:"


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A field that both changed: how it stood, what each made of it, what was chosen."""

    key: str
    what: str
    sides: tuple[tuple[str, str, str], ...]
    """(side, what it is called, its value)."""
    chosen: str


@dataclass(frozen=True, slots=True)
class Sides:
    """The three versions that meet."""

    base: Profile
    theirs: Profile
    mine: Profile


@needs("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Lay what was typed beside what somebody else kept; keep both as one when all is chosen."""
    row = found_organisation(organisation)
    copy = copy_of(row, person_of(request))
    mine = profile_typed(request, row, copy) if copy else None
    if copy is None or mine is None or copy.base == row.version:
        return redirect(addresses.organisation(row.slug, "edit/"))
    sides = Sides(_base(row, copy), row.profile, mine)
    choices = _choices(request)
    merged = merge(sides.base, sides.theirs, sides.mine, choices=choices)
    seen = request.POST.get("version", "") == str(row.version)
    if request.method == "POST" and seen and merged.clean:
        return _kept(request, row, merged)
    content = _content(request, row, sides, choices)
    if request.method == "POST":
        return form_page(
            request,
            "registry/merge.html",
            section="organisations",
            unanswered=len(merged.conflicts),
            moved=not seen,
            **content,
        )
    return page(request, "registry/merge.html", section="organisations", **content)


def _base(row: Organisation, copy: WorkingCopy) -> Profile:
    """Return the version that the form was opened on; without it every difference is a choice."""
    revision = row.revisions.filter(version=copy.base).first()
    return Profile.model_validate(revision.profile) if revision else Profile(name=row.name)


def _choices(request: AtlasRequest) -> dict[str, Side]:
    return {
        name.removeprefix(CHOICE): cast(Side, value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value in SIDES
    }


def _kept(request: AtlasRequest, row: Organisation, merged: Merge) -> HttpResponse:
    try:
        keeping.keep(
            row,
            merged.profile,
            base=row.version,
            person=person_of(request),
            note=_("two changes brought together"),
        )
    except keeping.Outdated:
        return redirect(addresses.organisation(row.slug, "edit/merge/"))
    messages.success(
        request, _("Both changes are kept as version %(version)s.") % {"version": row.version}
    )
    return redirect(addresses.organisation(row.slug, "manage/"))


def _content(
    request: AtlasRequest, row: Organisation, sides: Sides, choices: Mapping[str, Side]
) -> dict[str, object]:
    release = request.release
    open_now = merge(sides.base, sides.theirs, sides.mine)
    called = {
        "theirs": _("what somebody else kept"),
        "mine": _("what you typed"),
        "base": _("how it stood before"),
    }

    def said(path: tuple[str, ...], value: object) -> SaidChange:
        return said_change(Change(path, "changed", None, value), release)

    conflicts = [
        ShownConflict(
            each.key,
            said(each.path, None).what,
            tuple(
                (side, called[side], said(each.path, getattr(each, side)).after)
                for side in ("mine", "theirs", "base")
            ),
            choices.get(each.key, ""),
        )
        for each in open_now.conflicts
    ]
    return {
        "organisation": row,
        "conflicts": conflicts,
        "theirs": said_changes(sides.base, sides.theirs, release),
        "mine": said_changes(sides.base, sides.mine, release),
        "latest": row.revisions.select_related("author").first(),
    }
