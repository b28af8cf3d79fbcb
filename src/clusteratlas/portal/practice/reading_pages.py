"""The library as everybody reads it: list, entry, file, feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.practice import addresses, uploads, words
from clusteratlas.portal.practice.forms import KINDS, languages
from clusteratlas.portal.practice.shelf import Listed, published
from clusteratlas.portal.practice.shown import entries_for
from clusteratlas.portal.rights import needs

SECTION = "organisations"
EACH_PAGE = 25
IN_FEED = 50
TAGS = ("kind", "cluster", "region", "organisation", "programme", "language")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the library: its choices as (value, words, chosen)."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]


@needs("read")
@require_safe
def library_page(request: AtlasRequest) -> HttpResponse:
    """Show the entries that pass the filters."""
    asked = _asked(request)
    found = _found(asked)
    number, last = _number(request, len(found))
    shown = found[(number - 1) * EACH_PAGE : number * EACH_PAGE]

    def at_page(to: int) -> str:
        return addresses.library(**asked, page=to if to > 1 else "")

    return page(
        request,
        "practice/library.html",
        section=SECTION,
        asked=asked,
        filters=_filters(request, asked),
        filtered=any(asked.values()),
        sentence=_sentence(len(found), any(asked.values())),
        about=_about(request, asked),
        cards=words.cards(shown),
        feed=addresses.library("feed.atom", **asked),
        number=number,
        last=last,
        before=at_page(number - 1) if number > 1 else "",
        after=at_page(number + 1) if number < last else "",
    )


@needs("read")
@require_safe
def entry_page(request: AtlasRequest, entry: str) -> HttpResponse:
    """Show one entry."""
    found = _one(entry)
    document = found.document
    return page(
        request,
        "practice/entry.html",
        section=SECTION,
        entry=found,
        document=document,
        kind=words.kind(document.kind),
        when=words.when(document),
        paragraphs=words.paragraphs(document.text),
        tags=words.Tags.of(document, request.release),
        giver=words.organisation(found.organisation) if found.organisation else None,
        file=addresses.entry(entry, "file/") if document.file else "",
        near=words.cards(_near(found)),
    )


@needs("read")
@require_safe
def entry_file(request: AtlasRequest, entry: str) -> FileResponse:
    """Give the file of an entry to keep."""
    document = _one(entry).document
    if not document.file:
        raise Http404
    return uploads.given(document.file, document.file_name)


@needs("read")
@require_safe
def feed(request: AtlasRequest) -> HttpResponse:
    """Give the latest entries that pass the filters as an Atom feed."""
    asked = _asked(request)
    about = _about(request, asked)
    title = _("Library of Cluster Atlas")
    atom = Atom1Feed(
        title=f"{title}: {', '.join(about)}" if about else title,
        link=request.build_absolute_uri(addresses.library(**asked)),
        description="",
        feed_url=request.build_absolute_uri(),
    )
    found = sorted(_found(asked), key=lambda each: each.published_at, reverse=True)
    for each in found[:IN_FEED]:
        note = _("Demonstration data") + ": " if each.fictional else ""
        atom.add_item(
            title=f"{note}{each.document.title}",
            link=request.build_absolute_uri(addresses.entry(each.slug)),
            description=each.document.summary,
            unique_id=f"tag:{request.get_host().partition(':')[0]},2026:practice/{each.slug}",
            pubdate=each.published_at,
            updateddate=each.changed_at,
            author_name=each.organisation_name or "Cluster Atlas",
            categories=[words.kind(each.document.kind)],
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    atom.write(answer, "utf-8")
    return answer


def _one(slug: str) -> Listed:
    for each in published():
        if each.slug == slug:
            return each
    raise Http404


def _asked(request: AtlasRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "").strip() for name in (*TAGS, "q")}
    for name, value in asked.items():
        if len(value) > LONGEST or "\0" in value:
            raise BadAddress(_("the filter cannot be read"), value=value[:80], hint=name)
    if asked["kind"] and asked["kind"] not in dict(KINDS):
        raise BadAddress(
            _("there is no such kind of entry"),
            value=asked["kind"],
            hint=_("use one of %(names)s") % {"names": figures.listed([k for k, _w in KINDS])},
        )
    return asked


def _found(asked: dict[str, str]) -> list[Listed]:
    return entries_for(
        region=asked["region"],
        cluster=asked["cluster"],
        organisation=asked["organisation"],
        programme=asked["programme"],
        kind=asked["kind"],
        language=asked["language"],
        words=asked["q"],
    )


def _near(entry: Listed) -> list[Listed]:
    """Other entries about the same clusters or regions."""
    document = entry.document
    found = entries_for(cluster=",".join(document.clusters)) if document.clusters else []
    if document.regions:
        found = [*found, *entries_for(region=",".join(document.regions))]
    others = {each.slug: each for each in found if each.slug != entry.slug}
    return list(others.values())[:3]


def _filters(request: AtlasRequest, asked: dict[str, str]) -> list[Filter]:
    entries = published()
    spoken = dict(languages())

    def used(name: str, field: str, label: str, said: Callable[[str], str]) -> Filter:
        codes = {code for each in entries for code in _values(each, field)}
        codes |= {asked[name]} - {""}
        pairs = sorted(((code, said(code)) for code in codes), key=lambda pair: pair[1].casefold())
        return Filter(name, label, [(code, word, code == asked[name]) for code, word in pairs])

    def named(slug: str) -> str:
        place = words.organisation(slug)
        return place.name if place else slug

    release = request.release
    return [
        Filter(
            "kind", _("Kind"), [(code, str(word), code == asked["kind"]) for code, word in KINDS]
        ),
        used("cluster", "clusters", _("Cluster"), lambda code: words.cluster(release, code).name),
        used("region", "regions", _("Region"), lambda code: words.region(release, code).name),
        used("organisation", "organisations", _("Organisation"), named),
        used("programme", "programmes", _("Programme"), str),
        used("language", "language", _("Language"), lambda code: spoken.get(code, code)),
    ]


def _values(entry: Listed, field: str) -> Sequence[str]:
    value = getattr(entry.document, field)
    if field == "organisations" and entry.organisation:
        return (*value, entry.organisation)
    return (value,) if isinstance(value, str) else value


def _about(request: AtlasRequest, asked: dict[str, str]) -> list[str]:
    """What the filters ask for, in words."""
    release = request.release
    found = [words.kind(asked["kind"])] if asked["kind"] else []
    for code in filter(None, asked["cluster"].split(",")):
        found.append(words.cluster(release, code).name if ":" in code else code)
    for code in filter(None, asked["region"].split(",")):
        found.append(words.region(release, code).name if ":" in code else code)
    if asked["organisation"]:
        place = words.organisation(asked["organisation"])
        found.append(place.name if place else asked["organisation"])
    return [*found, *(asked[name] for name in ("programme", "q") if asked[name])]


def _sentence(count: int, filtered: bool) -> str:
    number = figures.whole(count)
    if filtered:
        return ngettext(
            "%(count)s entry fits what you ask for.",
            "%(count)s entries fit what you ask for.",
            count,
        ) % {"count": number}
    return ngettext(
        "%(count)s entry: documents, cases, good practices, news and events that cluster "
        "organisations share. Each was read by a moderator before it stood here.",
        "%(count)s entries: documents, cases, good practices, news and events that cluster "
        "organisations share. Each was read by a moderator before it stood here.",
        count,
    ) % {"count": number}


def _number(request: AtlasRequest, count: int) -> tuple[int, int]:
    last = max(1, -(-count // EACH_PAGE))
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= last:
        raise BadAddress(
            _("there is no such page of the list"),
            value=text[:20],
            hint=_("use a number from 1 to %(last)s") % {"last": last},
        )
    return int(text[:6]), last
