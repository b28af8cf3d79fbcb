"""The public page of an organisation, and its published versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.organisations import Profile
from clusteratlas.portal.benchmarking.profile_block import profile_block
from clusteratlas.portal.citing import Citation
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.organised.claims_block import claims_block
from clusteratlas.portal.organised.partners_block import partners_of
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry import addresses
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.people import has_owner
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.registry.shown import shown
from clusteratlas.portal.rights import needs

FIRST_PARTNERS = 3


def found_organisation(slug: str) -> Organisation:
    """Return an organisation that the gate has found before."""
    return Organisation.objects.get(slug=slug)


@needs("see_organisation")
@require_safe
def profile_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show what everybody may read; before there is such a thing, the draft to those of it."""
    row = found_organisation(organisation)
    profile = row.public_profile if row.is_public else row.profile
    return page(
        request,
        "registry/profile.html",
        section="organisations",
        **profile_content(request, row, profile or row.profile, public=row.is_public),
    )


def profile_content(
    request: AtlasRequest, row: Organisation, profile: Profile, *, public: bool
) -> dict[str, Any]:
    """Return what the template of a profile shows."""
    listed = {each.name: addresses.organisation(each.slug) for each in published().organisations}
    version = row.published_version or row.version
    address = request.build_absolute_uri(addresses.organisation(row.slug))
    citation = Citation(
        _("%(name)s: profile, version %(version)s") % {"name": profile.name, "version": version},
        _("what the organisation says of itself"),
        request.release.id,
        address,
    )
    return {
        "organisation": row,
        "profile": profile,
        "shown": shown(profile, request.release, listed),
        "public": public,
        "unowned": public and not has_owner(row),
        "version": version if public else row.version,
        "citation": citation,
        "api": addresses.by_api(row.slug) if public else "",
        "score": profile_block(row) if public else None,
        "claims": claims_block(profile, request.release),
        "claims_api": addresses.by_api(row.slug, "/claims") if public else "",
        "found": partners_of(
            row.slug, published(), request.release, limit=FIRST_PARTNERS, asks_as=row.slug
        )
        if public and row.slug in published().by_slug
        else None,
    }


@needs("see_organisation")
@require_safe
def versions_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show the versions that were published: which and when."""
    row = found_organisation(organisation)
    revisions = row.revisions.filter(published_at__isnull=False)
    return page(
        request,
        "registry/versions.html",
        section="organisations",
        organisation=row,
        versions=[(each.version, each.published_at) for each in revisions],
    )
