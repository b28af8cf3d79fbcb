"""The steps of an organisation on its way to the public, as its people and moderators take them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.registry import addresses, keeping, mailing, rules
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import needs

LONGEST_REASON = 2_000


def hand_in(row: Organisation, person: User) -> bool:
    """Hand a draft in; returns whether it is public at once.

    Where the site does not moderate beforehand, a draft that passes the entry rules is published;
    one that does not waits for a moderator, who may grant a waiver. So does what a moderator
    returned or took down with a reason: its editors do not overrule that.
    """
    keeping.submit(row, person)
    if settings.MODERATION or row.reason or not rules.checklist(row).passed:
        return False
    try:
        keeping.publish(row, person, version=row.version)
    except keeping.Outdated:  # another editor kept a change in between; it waits as it is
        return False
    return True


@needs("edit")
@require_POST
def submit_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Hand the draft in."""
    row = found_organisation(organisation)
    waits = row.state == Organisation.State.SUBMITTED
    try:
        public = hand_in(row, person_of(request))
    except keeping.NotNow:
        messages.error(request, _("There is no change to hand in."))
        return redirect(addresses.organisation(row.slug, "manage/"))
    if public:
        messages.success(request, _("The profile is public now."))
        mailing.tell(request, mailing.owners_of(row), "published", row, "")
    else:
        messages.success(request, _("The profile is handed in and waits for a moderator."))
        if not waits:  # who hands in again and again writes to nobody again
            mailing.tell(request, mailing.owners_of(row), "submitted", row)
            mailing.tell(request, mailing.moderators(), "submitted", row, "review/")
    return redirect(addresses.organisation(row.slug, "manage/"))


@needs("own")
@require_POST
def withdraw_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Take one's own profile down."""
    row = found_organisation(organisation)
    try:
        keeping.withdraw(row, person_of(request))
        mailing.tell(request, mailing.owners_of(row), "withdrawn", row)
        messages.success(request, _("The profile is not public any more."))
    except keeping.NotNow:
        messages.error(request, _("The profile is taken down already."))
    return redirect(addresses.organisation(row.slug, "manage/"))


@needs("edit")
@require_POST
def drop_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Leave the draft aside and go back to what is published."""
    row = found_organisation(organisation)
    try:
        keeping.discard(row, person_of(request))
        messages.success(request, _("The published version stands again."))
    except keeping.NotNow:
        messages.error(request, _("There is no published version to go back to."))
    return redirect(addresses.organisation(row.slug, "manage/"))


def reason_in(request: AtlasRequest) -> str:
    """Return the reason that a form was sent with."""
    return request.POST.get("reason", "").replace("\x00", "").strip()[:LONGEST_REASON]
