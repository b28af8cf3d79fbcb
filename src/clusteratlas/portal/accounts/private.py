"""Pages of accounts: never kept by anybody, and no password in any report of a fault."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clusteratlas.portal.accounts.mail import MailNotSent
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import Problem, answer
from clusteratlas.portal.pages import frame
from clusteratlas.portal.rights import needs

View = TypeVar("View", bound=Callable[..., HttpResponse])
READ = ("GET", "HEAD")
READ_AND_WRITE = (*READ, "POST")


def private(
    right: str, methods: tuple[str, ...] = READ_AND_WRITE
) -> Callable[[View], Callable[..., HttpResponse]]:
    """Declare a page of an account: the right it needs, the methods it answers to."""

    def declare(view: View) -> Callable[..., HttpResponse]:
        guarded = require_http_methods(list(methods))(sensitive_post_parameters()(view))

        @needs(right)
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            try:
                response = guarded(request, *args, **values)
            except MailNotSent:
                response = answer(request, _no_mail())
            response.headers["Cache-Control"] = "private, no-store"
            # Forms need their own origin named; nobody else learns from where a visitor comes.
            response.headers["Referrer-Policy"] = "same-origin"
            return response

        return answered

    return declare


def page(request: HttpRequest, template: str, **content: Any) -> HttpResponse:
    """Render a page of an account; ``person`` is who asks."""
    content.setdefault("person", request.user)
    return frame.page(cast(AtlasRequest, request), template, section="account", **content)


def form_page(request: HttpRequest, template: str, **content: Any) -> HttpResponse:
    """Render a form: anew, or with what is wrong in it as status 422."""
    form = content["form"]
    content.setdefault("person", request.user)
    show = frame.form_page if form.is_bound and form.errors else frame.page
    return show(cast(AtlasRequest, request), template, section="account", **content)


def _no_mail() -> Problem:
    return Problem(
        503,
        _("No mail can be sent at the moment"),
        _("The mail that this needs could not be sent. Nothing was changed."),
        _("try again in some minutes"),
    )
