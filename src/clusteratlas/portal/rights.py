"""Who may do what: one table of rights, asked before every view. What is not declared is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.roles import InsideRole, SiteRole

log = logging.getLogger("clusteratlas.portal")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Right:
    """A right: held by a role on the site, or by a role within what the address names.

    Attributes
    ----------
    meaning
        What it lets people do.
    site
        The least role on the site that holds it everywhere; none where no such role does.
    inside
        The least role within the organisation (or event) that the address names; none where only
        the role on the site counts.
    hidden
        What the address names is itself not for everybody: who may not see it is told that it is
        not there.
    """

    meaning: str
    site: SiteRole | None
    inside: InsideRole | None = None
    hidden: bool = False


RIGHTS: dict[str, Right] = {
    "read": Right("read what is public", SiteRole.VISITOR),
    "have_account": Right("see and change one's own account", SiteRole.MEMBER),
    "propose": Right("propose a new organisation", SiteRole.MEMBER),
    "see_organisation": Right(
        "read an organisation's profile; before it is published only those of it",
        SiteRole.MODERATOR,
        InsideRole.MEMBER,
        hidden=True,
    ),
    "see_inside": Right(
        "read what an organisation keeps to itself",
        SiteRole.MODERATOR,
        InsideRole.MEMBER,
        hidden=True,
    ),
    "edit": Right("change an organisation", SiteRole.ADMINISTRATOR, InsideRole.EDITOR),
    "own": Right(
        "decide about an organisation and its people", SiteRole.ADMINISTRATOR, InsideRole.OWNER
    ),
    "message": Right(
        "ask other organisations for contact and answer them; nobody else reads it",
        None,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "see_event": Right(
        "read about an event; before it is announced only those who organise it",
        SiteRole.MODERATOR,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "organise": Right(
        "run a matchmaking event", SiteRole.MODERATOR, InsideRole.EDITOR, hidden=True
    ),
    "attend": Right(
        "see and change what an organisation brings to an event",
        None,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "see_job": Right(
        "watch and stop long work", SiteRole.MODERATOR, InsideRole.EDITOR, hidden=True
    ),
    "answer_invitation": Right(
        "answer an invitation that is for oneself", SiteRole.ADMINISTRATOR, InsideRole.OWNER
    ),
    "take_over": Right(
        "ask to own an organisation that nobody owns",
        SiteRole.MEMBER,
        InsideRole.MEMBER,
        hidden=True,
    ),
    "contribute": Right("write for the library", SiteRole.MEMBER),
    "edit_entry": Right(
        "change an entry of the library: its author, and editors of whose name it stands in",
        SiteRole.MODERATOR,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "see_programme": Right(
        "read about a programme; before it is published only those who run it",
        SiteRole.MODERATOR,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "run_programme": Right(
        "run a programme: its entry, applicants, logs and effects",
        SiteRole.MODERATOR,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "apply": Right(
        "write, hand in and take back an application of an organisation",
        None,
        InsideRole.EDITOR,
        hidden=True,
    ),
    "moderate": Right("publish, return and take down", SiteRole.MODERATOR),
    "administer": Right("run the site", SiteRole.ADMINISTRATOR),
}
"""Every right by name. Views name one; a view that names none is closed."""

READ_BY_ALL = ("see_organisation", "see_event", "see_programme")
"""Rights to read that everybody holds over what is public."""

Scope = Callable[[HttpRequest, dict[str, Any]], Any]
"""From the values in an address to what it names: see `Named`."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names: the organisations whose people it concerns, and whether all see it.

    Attributes
    ----------
    organisations
        Keys of the organisations; a role within any of them counts.
    public
        Everybody may read it.
    people
        Keys of accounts that hold it themselves, such as who an invitation is for.
    """

    organisations: tuple[int, ...] = ()
    public: bool = False
    people: tuple[int, ...] = ()


_scopes: dict[str, Scope] = {}


def scope(parameter: str) -> Callable[[Scope], Scope]:
    """Say what a parameter of addresses names, such as ``organisation``; ``None`` is a 404."""

    def register(find: Scope) -> Scope:
        _scopes[parameter] = find
        return find

    return register


def needs(right: str) -> Callable[[View], View]:
    """Declare the right that a view needs; put it outermost."""
    if right not in RIGHTS:
        raise ImproperlyConfigured(f"no such right: {right}")

    def declare(view: View) -> View:
        cast(Any, view).right = right
        return view

    return declare


def open_to_all(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Declare that everybody reads these addresses; they only answer to reading."""
    kept = list(patterns)
    for each in kept:
        if isinstance(each, URLResolver):
            open_to_all(each.url_patterns)
        elif not hasattr(each.callback, "right"):
            cast(Any, each.callback).right = "read"
    return kept


def guarded_by_itself(pattern: Any) -> Any:
    """Declare that each call of these addresses asks for its own right, as the API does."""
    for each in pattern.url_patterns:
        each.callback.right = "api"
    return pattern


def holds(user: Any, right: str, named: Named | None = None, *, reading: bool = True) -> bool:
    """Say whether somebody holds a right over what an address names."""
    asked, named = RIGHTS[right], named or Named()
    if named.public and reading and right in READ_BY_ALL:
        return True
    if asked.site is not None and site_role(user) >= asked.site:
        return True
    if asked.inside is None or not user.is_authenticated:
        return False
    return user.pk in named.people or user.role_within(named.organisations) >= asked.inside


def is_open(request: HttpRequest, view: Any, values: dict[str, Any]) -> bool:
    """Say whether everybody reads what a view answers at an address, as no gate stands before it.

    A page that shows another page asks this: it calls the view itself.
    """
    right = getattr(view, "right", None)
    if right not in READ_BY_ALL:
        return right == "read"
    try:
        return _named(request, values).public
    except Http404:
        return False


def site_role(user: Any) -> SiteRole:
    """Return what somebody is on the site; a visitor who is not signed in, or not active.

    Who is asked for a second factor and has none is a member until it is set up.
    """
    if not user.is_authenticated or not user.is_active:
        return SiteRole.VISITOR
    if user.lacks_second_factor:
        return SiteRole.MEMBER
    return SiteRole(user.site_role)


class RightsGate:
    """Middleware: lets a request reach its view only with the right that the view declares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the right is asked once the view is known."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], values: dict[str, Any]
    ) -> HttpResponse | None:
        """Let pass, send to sign in, or refuse."""
        right = getattr(view, "right", None)
        if right == "read":
            return None
        if right is None:
            log.error("the view %s declares no right and stays closed", view)
            raise PermissionDenied
        if right == "api":  # each call of the API asks for itself
            return None
        user, reading = request.user, request.method in ("GET", "HEAD")
        asked = RIGHTS[right]
        if reading and not asked.hidden and not user.is_authenticated:
            # Before anything is looked up: who is not signed in learns of nothing by asking.
            return redirect(with_query(settings.LOGIN_URL, next=request.get_full_path()))
        named = _named(request, values)
        if holds(user, right, named, reading=reading):
            return None
        if not named.public and (asked.hidden or not _knows(user, named)):
            raise Http404
        if reading and not user.is_authenticated:
            return redirect(with_query(settings.LOGIN_URL, next=request.get_full_path()))
        if reading and user.is_authenticated and user.lacks_second_factor:
            return redirect(with_query("/account/second-factor/", next=request.get_full_path()))
        raise PermissionDenied


def _knows(user: Any, named: Named) -> bool:
    """Whether somebody knows anyway that there is what is not public."""
    if not named.organisations or site_role(user) >= SiteRole.MODERATOR:
        return True
    return user.is_authenticated and (
        user.pk in named.people or user.role_within(named.organisations) >= InsideRole.MEMBER
    )


def _named(request: HttpRequest, values: dict[str, Any]) -> Named:
    """Return what the address names; not there is a 404 before any right is asked."""
    found = Named()
    for parameter, find in _scopes.items():
        if parameter in values:
            named = find(request, values)
            if named is None:
                raise Http404
            found = named
    return found
