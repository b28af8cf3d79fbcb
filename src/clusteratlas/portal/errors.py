"""What a visitor is told when there is no answer: a sentence with a hint and a reference number."""

from __future__ import annotations

import errno
import json
import logging
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clusteratlas.atlas import Hit, Release
from clusteratlas.portal import addresses, refused
from clusteratlas.tables import CannotAnswer, InvalidInput

log = logging.getLogger("clusteratlas.portal")
REFERENCE = "X-Reference"
PROBLEM = "application/problem+json"
API = "/api/v1/"
MOST_SUGGESTIONS = 5
LONGEST_ADDRESS = 60_000
"""Longer addresses are refused; the server itself refuses them soon after."""


class BadAddress(CannotAnswer):
    """The address asks for something that cannot be asked, such as a measure that is none."""


class UnknownRelease(CannotAnswer):
    """The address names a release that is not kept here."""


class NoAtlas(CannotAnswer):
    """No release has been built yet, or it cannot be opened."""


@dataclass(frozen=True)
class Problem:
    """One refusal, in words for a page and for the API."""

    status: int
    title: str
    detail: str
    hint: str = ""
    value: str = ""
    retry: int = 0
    faults: tuple[dict[str, object], ...] = ()
    """Everything that is wrong in what was sent; in the API only."""


RETRY_SECONDS = 10
"""When to try again what the database or the disk did not do just now."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


TITLES = {
    400: gettext_noop("The address cannot be read"),
    401: gettext_noop("A token is needed"),
    403: gettext_noop("This is not open to you"),
    404: gettext_noop("There is no such page"),
    405: gettext_noop("This address does not take that kind of request"),
    413: gettext_noop("The file is too large"),
    414: gettext_noop("The address is too long"),
    416: gettext_noop("There is no such part of the file"),
    422: gettext_noop("The question cannot be read"),
    429: gettext_noop("Too many calls"),
    500: gettext_noop("Something broke on our side"),
    503: gettext_noop("The atlas is not ready"),
}
DETAILS = {
    400: gettext_noop("The portal cannot make sense of this request."),
    401: gettext_noop("The request carries no token, or one that opens nothing."),
    403: gettext_noop("This address is not for visitors."),
    404: gettext_noop("Nothing lives at this address."),
    405: gettext_noop("Pages are read with GET; what a form sends goes to an address of its own."),
    413: gettext_noop("What was sent is larger than 50 MB."),
    414: gettext_noop("No view of the atlas needs so long an address."),
    416: gettext_noop("The file ends before the part that was asked for."),
    422: gettext_noop("A parameter of the question cannot be read."),
    429: gettext_noop("This address has made as many calls of the API as it may in a minute."),
    500: gettext_noop(
        "The fault is ours and has been noted. Please try again; "
        "if it stays, send us the reference number."
    ),
    503: gettext_noop("The atlas cannot be opened at the moment."),
}
HINTS = {
    401: gettext_noop("send Authorization: Bearer with a token of your account"),
    404: gettext_noop("search for a region or a cluster, or start from the home page"),
    414: gettext_noop("name fewer regions or clusters at once"),
    429: gettext_noop("wait as long as Retry-After says, or take whole tables from /api/v1/bulk"),
}
"""What a bare status means, in English; `problem_of_status` says it in the language spoken now."""


def problem_of(error: BaseException) -> Problem:
    """Say what an error means to a visitor."""
    match error:
        case NoAtlas():
            return Problem(503, _("No atlas has been built here yet"), *_words(error))
        case BadAddress():
            return Problem(400, _(TITLES[400]), *_words(error), error.fault.value)
        case CannotAnswer():
            return Problem(
                404, _("The atlas has no answer to this"), *_words(error), error.fault.value
            )
        case InvalidInput():
            return Problem(400, _(TITLES[400]), str(error))
        case Http404():
            return problem_of_status(404)
        case PermissionDenied():
            return problem_of_status(403)
        case OperationalError() | InterfaceError():
            return _not_now(_("The database does not answer at the moment."))
        case OSError(errno=number) if number in NO_ROOM:
            return _not_now(_("The disk takes nothing more at the moment."))
        case DataError():  # such as a zero byte, which PostgreSQL takes in no text
            return problem_of_status(400)
        case SuspiciousOperation():  # such as a query too long for the address it leads on to
            return problem_of_status(400)
        case _:
            return problem_of_status(500)


def _not_now(detail: str) -> Problem:
    return Problem(
        503,
        _("This cannot be done just now"),
        detail,
        _("try again in some seconds; nothing was changed. Maps and figures can be read meanwhile"),
        retry=RETRY_SECONDS,
    )


def problem_of_status(status: int) -> Problem:
    """Say what a bare status code means to a visitor."""
    title = _(TITLES[status]) if status in TITLES else HTTPStatus(status).phrase
    detail = _(DETAILS[status]) if status in DETAILS else f"{title}."
    return Problem(status, title, detail, _(HINTS[status]) if status in HINTS else "")


def _words(error: CannotAnswer) -> tuple[str, str]:
    fault = error.fault
    said = refused.said(fault.problem)
    said = said[:1].upper() + said[1:]
    value = fault.value if len(fault.value) <= 80 else fault.value[:77] + "..."
    return (f"{said}: \u201c{value}\u201d." if value else f"{said}."), refused.said(fault.hint)


def answer(
    request: HttpRequest, problem: Problem, error: BaseException | None = None
) -> HttpResponse:
    """Answer with a page or, in the API, with problem details (RFC 9457); log the reference."""
    reference = secrets.token_hex(4)
    level = logging.ERROR if problem.status >= 500 else logging.INFO
    log.log(
        level,
        "%s %s %s %s: %s",
        reference,
        problem.status,
        request.method,
        _route(request),
        f"{problem.title} ({error})" if problem.retry else problem.title,
        exc_info=error if problem.status == 500 else None,
    )
    if request.path.startswith(API):
        response = _as_json(request, problem, reference)
    else:
        response = _as_page(request, problem, reference)
    response.headers[REFERENCE] = reference
    response.headers["Cache-Control"] = "no-store"
    if problem.retry:
        response.headers["Retry-After"] = str(problem.retry)
    return response


def _route(request: HttpRequest) -> str:
    """The kind of page, for the log: an address may hold what is nobody else's business."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "no page"


def _as_json(request: HttpRequest, problem: Problem, reference: str) -> HttpResponse:
    content: dict[str, object] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        "hint": problem.hint,
        "reference": reference,
    }
    if problem.faults:
        content["faults"] = problem.faults
    return HttpResponse(
        json.dumps(content, ensure_ascii=False), status=problem.status, content_type=PROBLEM
    )


def _as_page(request: HttpRequest, problem: Problem, reference: str) -> HttpResponse:
    return render(
        request,
        "error.html",
        {
            "problem": problem,
            "reference": reference,
            "suggestions": [(hit, addresses.of_hit(hit)) for hit in _suggestions(request, problem)],
        },
        status=problem.status,
    )


def _suggestions(request: HttpRequest, problem: Problem) -> list[Hit]:
    release: Release | None = getattr(request, "release", None)
    if release is None or problem.status != 404 or not problem.value:
        return []
    return release.search(problem.value, MOST_SUGGESTIONS)


class ErrorAnswers:
    """Middleware: every refusal and every fault ends in the same shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and put a bare refusal from further in into words."""
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > LONGEST_ADDRESS:
            return answer(request, problem_of_status(414))
        response = self._answer(request)
        if response.status_code < 400 or REFERENCE in response.headers or is_explained(response):
            return response
        told = answer(request, problem_of_status(response.status_code))
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Put an error of a view into words."""
        return answer(request, problem_of(error), error)


def is_explained(response: HttpResponse) -> bool:
    """Whether a view's own page says what is wrong, such as a form with its faults."""
    return getattr(response, "explained", False)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's handler of forms that did not come from our own pages."""
    problem = Problem(
        403,
        _(TITLES[403]),
        _("The form did not come from a page of this site, or it was open for too long."),
        _("open the page again and send the form from there; cookies must be allowed"),
    )
    return answer(request, problem)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of suspicious requests, such as a foreign host name."""
    return answer(request, problem_of_status(400))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of addresses that lead nowhere."""
    return answer(request, problem_of_status(404))


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler of faults outside the views, such as a session that cannot be written."""
    error = sys.exc_info()[1]
    problem = problem_of(error) if error is not None else problem_of_status(500)
    return answer(request, problem if problem.status == 503 else problem_of_status(500), error)
