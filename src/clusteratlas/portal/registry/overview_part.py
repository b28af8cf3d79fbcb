"""What the registry adds to somebody's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import overview
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import site_role
from clusteratlas.portal.roles import SiteRole


@overview.section(10)
def my_organisations(request: HttpRequest) -> overview.Part:
    """The organisations of whoever asks, and what waits for them."""
    person: Any = request.user
    memberships = person.memberships.select_related("organisation").order_by("organisation__name")
    waiting = None
    if site_role(person) >= SiteRole.MODERATOR:
        waiting = Organisation.objects.filter(state=Organisation.State.SUBMITTED).count()
    return overview.Part(
        _("My organisations"),
        "registry/_mine.html",
        {"memberships": memberships, "waiting": waiting},
    )
