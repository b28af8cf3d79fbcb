"""What programmes add to somebody's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import overview
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.rights import site_role
from clusteratlas.portal.roles import InsideRole, SiteRole


@overview.section(30)
def my_programmes(request: HttpRequest) -> overview.Part:
    """The programmes that whoever asks runs, and what waits for moderators."""
    person: Any = request.user
    edited = person.memberships.filter(role__gte=InsideRole.EDITOR).values("organisation")
    mine = Programme.objects.filter(Q(runners__user=person) | Q(organisation__in=edited))
    waiting = None
    if site_role(person) >= SiteRole.MODERATOR:
        waiting = Programme.objects.filter(state=Programme.State.SUBMITTED).count()
    return overview.Part(
        _("My programmes"),
        "programmes/_mine.html",
        {"programmes": mine.distinct().order_by("name"), "waiting": waiting},
    )
