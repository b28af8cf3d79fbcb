"""One figure for another site: bare, with its title, its source and the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from clusteratlas.portal.caching import FRAMED
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.language import at, plain
from clusteratlas.portal.pages.asking import asked_word
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import is_open
from clusteratlas.tables import CannotAnswer

THEMES = ("auto", "light", "dark")
NO_VIEWS = (
    *("/api/v1/", "/cite/", "/embed/", "/search/suggest/", "/download/"),
    *("/account/", "/agenda/", "/events/"),
)
"""Addresses that are no view of their own."""

LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the atlas as another page looks at it."""

    view: str
    title: str
    text: str


@require_safe
def embed_page(request: AtlasRequest) -> HttpResponse:
    """Show the code that puts a figure into another site."""
    shown = looked_at(request, request.GET.get("view", ""))
    figure = _asked_figure(request, shown)
    theme = asked_word(request, "theme", THEMES, THEMES[0])
    query = f"figure={figure}" + ("" if theme == THEMES[0] else f"&theme={theme}")
    path, mark, rest = plain(shown.view).partition("?")
    address = at(f"{FRAMED}{path.lstrip('/')}?{rest}{'&' if mark and rest else ''}{query}")
    whole = request.build_absolute_uri(address)
    title = _words(_part(shown.text, figure)[1], shown.title)
    code = (
        f'<iframe src="{escape(whole)}" title="{escape(title)}" width="100%" height="560" '
        'loading="lazy" style="border:0"></iframe>'
    )
    return page(
        request,
        "embed_code.html",
        shown=shown,
        title=title,
        code=code,
        address=address,
        figure=figure,
        theme=theme,
        themes=THEMES,
    )


@require_safe
def figure_page(request: AtlasRequest, view: str) -> HttpResponse:
    """Show one figure of a page, bare; other sites may frame it."""
    query = request.GET.copy()
    for name in ("figure", "theme"):
        query.pop(name, None)
    rest = query.urlencode()
    shown = looked_at(request, f"/{view}?{rest}" if rest else f"/{view}")
    figure = _asked_figure(request, shown)
    part, tag = _part(shown.text, figure)
    source = re.search(r'data-source="([^"]*)"', tag)
    return page(
        request,
        "embed.html",
        shown=shown,
        figure=SafeString(part),
        title=_words(tag, shown.title),
        source=unescape(source[1]) if source else "",
        theme=asked_word(request, "theme", THEMES, THEMES[0]),
    )


def looked_at(request: AtlasRequest, view: str) -> Shown:
    """Return the page at an address of this atlas, as it is in the language spoken now.

    Raises
    ------
    BadAddress
        Nothing to look at lives there.
    """
    refusal = BadAddress(
        "no view of this atlas lives at that address",
        value=view[:80],
        hint="give the address from the first slash on, such as /regions/us-cbsa/41940/",
    )
    if not view.startswith("/") or view.startswith("//") or len(view) > LONGEST:
        raise refusal
    view = at(plain(view))
    path, _mark, query = view.partition("?")
    if plain(path).startswith(NO_VIEWS):
        raise refusal
    # WSGI hands over the bytes of a path as Latin-1, and a query in ASCII.
    asked = {"PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": iri_to_uri(query)}
    inner = WSGIRequest({**request.META, **asked})
    inner.release = request.release  # type: ignore[attr-defined]
    try:
        found = resolve(path)
    except Resolver404:
        raise refusal from None
    if not is_open(inner, found.func, found.kwargs):  # no gate stands before this call
        raise refusal
    inner.user = AnonymousUser()
    response = found.func(inner, *found.args, **found.kwargs)
    if response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        raise refusal
    text = response.content.decode(errors="replace")
    told = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    if response.status_code != 200 or not told:
        raise refusal
    title = unescape(told[1])
    return Shown(view, (title.rpartition("|")[0] or title).strip(), text)


def _asked_figure(request: AtlasRequest, shown: Shown) -> str:
    """Read which figure of the page is wanted; the first one where the address is silent."""
    known = list(dict.fromkeys(re.findall(r'data-figure="([\w-]+)"', shown.text)))
    asked = request.GET.get("figure", "") or next(iter(known), "")
    if asked not in known:
        raise CannotAnswer(
            "there is no such figure in this view",
            value=asked[:80],
            hint=f"it has {', '.join(known)}" if known else "it has none at all",
        )
    return asked


def _part(text: str, figure: str) -> tuple[str, str]:
    """Return the element with this id, whole, and its opening tag."""
    opening = re.search(rf'<(\w+)\b[^>]*\bid="{re.escape(figure)}"[^>]*>', text)
    if opening is None:
        raise CannotAnswer("there is no such figure in this view", value=figure)
    depth = 0
    for each in re.finditer(rf"<(/?){opening[1]}\b[^>]*>", text[opening.start() :]):
        depth += -1 if each[1] else 1
        if depth == 0:
            return text[opening.start() : opening.start() + each.end()], opening[0]
    raise CannotAnswer("the figure is not whole", value=figure)


def _words(tag: str, otherwise: str) -> str:
    told = re.search(r'data-chart-title="([^"]*)"', tag)
    return unescape(told[1]) if told else otherwise
