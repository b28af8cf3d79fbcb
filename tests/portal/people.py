"""People and organisations that tests of the portal are about."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.registry.models import Membership, Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole
from clusteratlas.programmes.register import Programme as ProgrammeDocument


def person(name: str = "ada", site_role: SiteRole = SiteRole.MEMBER) -> User:
    """An account whose mail is confirmed; nobody can sign in to it with a password."""
    return User.objects.create_user(f"{name}@example.org", name=name.title(), site_role=site_role)


def organisation(slug: str = "optics", *, public: bool = True, **fields: object) -> Organisation:
    """An organisation, published unless told otherwise."""
    profile = Profile.model_validate({"name": slug.replace("-", " ").title(), **fields})
    kept = profile.model_dump(mode="json")
    return Organisation.objects.create(
        slug=slug,
        name=profile.name,
        published=kept if public else None,
        draft=None if public else kept,
        state=Organisation.State.PUBLISHED if public else Organisation.State.DRAFT,
        published_at=timezone.now() if public else None,
        version=1,
    )


def join(user: User, to: Organisation, role: InsideRole = InsideRole.EDITOR) -> Membership:
    """Give somebody a role within an organisation."""
    return Membership.objects.create(user=user, organisation=to, role=role)


def signed_in(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def programme(
    slug: str = "boost",
    *,
    public: bool = True,
    run_by: Organisation | None = None,
    **fields: object,
) -> Programme:
    """A programme, published unless told otherwise, run by the editors of an organisation."""
    document = ProgrammeDocument.model_validate({"name": slug.title(), **fields})
    kept = document.model_dump(mode="json")
    return Programme.objects.create(
        slug=slug,
        name=document.name,
        published=kept if public else None,
        draft=None if public else kept,
        state=Programme.State.PUBLISHED if public else Programme.State.DRAFT,
        published_at=timezone.now() if public else None,
        organisation=run_by,
    )
