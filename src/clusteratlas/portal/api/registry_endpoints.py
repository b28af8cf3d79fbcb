"""Organisations by API: everybody reads what is published, their editors keep changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Path, Query, Router
from ninja.security import HttpBearer

from clusteratlas.organisations import Profile
from clusteratlas.organisations.codes import check
from clusteratlas.organisations.json_form import worded
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.tokens import Bearer, TokenRefused, person_of
from clusteratlas.portal.api import registry_schemas as shapes
from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS
from clusteratlas.portal.api.paging import Cursor, Limit, part_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import Problem, answer
from clusteratlas.portal.errors import problem_of_status as of_status
from clusteratlas.portal.registry import keeping
from clusteratlas.portal.registry.asked import asked_of, found
from clusteratlas.portal.registry.listing import row_of
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.rules import checklist
from clusteratlas.portal.registry.shelf import Listed, published
from clusteratlas.portal.registry.steps import hand_in
from clusteratlas.portal.rights import Named, holds
from clusteratlas.tables import CannotAnswer, Fault

router = Router()

Slug = Annotated[str, Path(min_length=1, max_length=80, description="name in addresses")]
Code = Annotated[str, Query(max_length=130)]
Draft = Annotated[
    bool,
    Query(description="the last version kept, published or not; needs a token of its people"),
]
SOURCE = "what the organisations say of themselves"
WRITING = {(400, 401, 403, 404, 412, 422, 428, 503): schemas.ProblemOut}


class TokenAuth(HttpBearer):
    """A token of the API; see the account's page of tokens."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Return who the token acts for."""
        try:
            return person_of(request)
        except TokenRefused:
            return None


@router.get("/organisations", response={200: shapes.OrganisationPage, **REFUSALS})
def organisations(
    request: AtlasRequest,
    q: Annotated[str, Query(max_length=100, description="words: name, town, topic")] = "",
    country: Annotated[str, Query(max_length=2, description="two letters")] = "",
    in_region: Annotated[str, Query(max_length=130, description="scheme:code")] = "",
    in_cluster: Annotated[str, Query(max_length=130, description="definition:code")] = "",
    organisation_kind: Annotated[
        str, Query(max_length=130, description="code of the pick-list")
    ] = "",
    technology: Code = "",
    seeks: Annotated[str, Query(max_length=130, description="code of a kind of cooperation")] = "",
    label: Code = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the published organisations that pass the filters, by name."""
    shelf = published()
    asked = asked_of(
        request, {"region": "in_region", "cluster": "in_cluster", "kind": "organisation_kind"}
    )
    rows = [row_of(each) for each in found(shelf, asked)]
    return {
        **part_of(request, rows, limit, cursor, bound_to=shelf.token),
        "source": SOURCE,
    }


@router.get(
    "/organisations/{slug}",
    response={200: shapes.ProfileAnswer, 401: schemas.ProblemOut, **REFUSALS},
)
def organisation(request: AtlasRequest, slug: Slug, draft: Draft = False) -> Any:
    """Return the profile of an organisation with its version."""
    if draft:
        return _working(request, slug)
    listed = published().by_slug.get(slug)
    if listed is None:
        raise unknown(slug)
    return _published(listed)


def _published(listed: Listed) -> dict[str, Any]:
    return {
        "slug": listed.slug,
        "version": listed.version,
        "state": Organisation.State.PUBLISHED.value,
        "public": True,
        "changed": listed.changed_at,
        "profile": listed.profile.model_dump(mode="json"),
    }


def _working(request: AtlasRequest, slug: str) -> Any:
    """What an editor goes on from: the last version that was kept, with all contacts."""
    try:
        bearer = person_of(request)
    except TokenRefused:
        bearer = None
    if bearer is None:
        return answer(request, of_status(401))
    row = Organisation.objects.filter(slug=slug).first()
    if row is None or not holds(bearer.person, "see_inside", Named((row.pk,), row.is_public)):
        raise unknown(slug)
    return {
        "slug": row.slug,
        "version": row.version,
        "state": row.state,
        "public": row.draft is None and row.is_public,
        "changed": row.changed_at,
        "profile": row.profile.model_dump(mode="json"),
    }


@router.get("/organisations/{slug}/history", response={200: shapes.HistoryAnswer, **REFUSALS})
def history(request: AtlasRequest, slug: Slug) -> Any:
    """Return the versions of an organisation that were published, newest first."""
    row = Organisation.objects.filter(slug=slug).first()
    if row is None or not row.is_public:
        raise unknown(slug)
    versions = row.revisions.filter(published_at__isnull=False)
    return {
        "slug": slug,
        "versions": [
            {"version": each.version, "published": each.published_at} for each in versions
        ],
    }


@router.put(
    "/organisations/{slug}",
    response={200: shapes.KeptAnswer, **WRITING},
    auth=TokenAuth(),
    openapi_extra={
        "parameters": [
            {
                "in": "header",
                "name": "If-Match",
                "required": True,
                "schema": {"type": "string", "maxLength": 12},
                "description": "the version that the change was made on",
                "example": "3",
            }
        ]
    },
)
def change(
    request: AtlasRequest,
    slug: Slug,
    profile: Profile,
    submit: Annotated[bool, Query(description="hand the change in for publication")] = False,
) -> Any:
    """Keep a whole profile as the next version; the version it was made on stands in If-Match."""
    bearer = cast(Bearer, cast(Any, request).auth)
    row = Organisation.objects.filter(slug=slug).first()
    named = Named((row.pk,), row.is_public) if row else Named()
    if row is None or not (row.is_public or holds(bearer.person, "see_inside", named)):
        raise unknown(slug)
    if not bearer.may_edit or not holds(bearer.person, "edit", named, reading=False):
        return answer(request, of_status(403))
    base = _version(request)
    if base is None:
        return answer(request, _no_version(row))
    if faults := check(profile, request.release):
        return answer(request, wrong(faults))
    return _kept(request, row, profile, bearer.person, base, submit)


def _kept(
    request: AtlasRequest,
    row: Organisation,
    profile: Profile,
    person: User,
    base: int,
    submit: bool,
) -> Any:
    profile = profile.model_copy(update={"fictional": row.profile.fictional})
    changed = not (base == row.version and profile == row.profile)
    if changed:
        try:
            keeping.keep(row, profile, base=base, person=person, note="by API")
        except keeping.Outdated as error:
            return answer(request, _outdated(base, error.current))
    if submit and row.draft is not None:
        hand_in(row, person)
    return {
        "slug": row.slug,
        "version": row.version,
        "state": row.state,
        "changed": changed,
        "rules": [
            {"rule": each.sentence, "state": each.kind, "found": each.found}
            for each in checklist(row).rules
        ],
    }


def _version(request: HttpRequest) -> int | None:
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _no_version(row: Organisation) -> Problem:
    return Problem(
        428,
        "The version is missing",
        "A change says in If-Match which version it was made on.",
        f"read it from /api/v1/organisations/{row.slug}?draft=true",
    )


def _outdated(base: int, current: int) -> Problem:
    return Problem(
        412,
        "Another version was kept meanwhile",
        f"The change was made on version {base}, and version {current} stands now; "
        "nothing was written.",
        "read the version of now with draft=true, make the change on it and send that again",
    )


def wrong(faults: Iterable[Fault]) -> Problem:
    """Return the refusal of a profile with everything that is wrong in it."""
    listed = tuple(
        {key: value for key, value in asdict(each).items() if key not in ("file", "row")}
        for each in faults
    )
    count = f"{len(listed)} fault{'s' if len(listed) != 1 else ''}"
    return Problem(
        422,
        "The profile has faults",
        f"{count} in the profile; nothing was written.",
        "faults names each field",
        faults=listed,
    )


def faults_of_body(errors: Iterable[dict[str, Any]]) -> list[Fault]:
    """Return the faults of a profile out of what the API says of a body."""
    found = []
    for each in errors:
        place = ".".join(str(part) for part in each.get("loc", ())[2:])
        value = each.get("input")
        shown = str(value)[:SHOWN] if isinstance(value, str | int | float | bool) else ""
        problem, _, hint = worded(str(each.get("type")), str(each.get("msg"))).partition("; ")
        found.append(Fault(problem, column=place, value=shown, hint=hint))
    return found


def unknown(slug: str) -> CannotAnswer:
    """Return the refusal of a name that no published organisation has."""
    return CannotAnswer(
        "no organisation of that name in addresses is published",
        value=slug,
        hint="/api/v1/organisations lists them",
    )
