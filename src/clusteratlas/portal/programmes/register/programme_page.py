"""The public page of a programme, and its versions."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Release
from clusteratlas.portal import figures, words
from clusteratlas.portal.citing import Citation
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import blocks_of
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.asked import countries_of
from clusteratlas.portal.programmes.register.money_block import source_line
from clusteratlas.portal.programmes.register.register_page import ENDINGS
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.names import Place
from clusteratlas.portal.rights import Named, holds, needs
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.programmes.register import words_of


def found_programme(slug: str) -> Programme:
    """Return a programme that the gate has found before."""
    return Programme.objects.select_related("organisation").get(slug=slug)


def runs(request: AtlasRequest, row: Programme) -> bool:
    """Say whether somebody works on the programme, so that ways there are no dead ends."""
    people = tuple(row.runners.values_list("user_id", flat=True))
    inside = (row.organisation_id,) if row.organisation_id else ()
    return holds(request.user, "run_programme", Named(inside, row.is_public, people), reading=False)


@needs("see_programme")
@require_safe
def programme_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show what everybody may read; before there is such a thing, the draft to who runs it."""
    row = found_programme(programme)
    public = row.public_document if row.is_public else None
    document = public or row.document
    address = request.build_absolute_uri(addresses.programme(row.slug))
    return page(
        request,
        "programmes/programme.html",
        section="programmes",
        programme=row,
        document=document,
        public=public is not None,
        level=words.word(words_of("level", document.level)) if document.level else "",
        countries=", ".join(words.country(each) for each in countries_of(document)),
        sentences=_sentences(document),
        tags=_tags(document, request.release),
        blocks=blocks_of(request, row, document),
        source=source_line(row, document),
        wholes=[(end.upper(), addresses.programme(row.slug, f"whole.{end}")) for end in ENDINGS],
        citation=Citation(
            document.name, _("the register of programmes"), request.release.id, address
        ),
        api=addresses.by_api(row.slug) if public else "",
        runs=runs(request, row),
    )


def _sentences(document: Document) -> list[str]:
    """Say who funds it and when, how much public money there is, and how many awards."""
    count = len(document.awards)
    awards = ngettext("%(count)s award.", "%(count)s awards.", count) % {
        "count": figures.whole(count)
    }
    return [
        money_words.funding(document),
        *money_words.public_in_short(document),
        awards if count else _("No award is stated."),
    ]


def _tags(document: Document, release: Release) -> list[tuple[str, list[Place]]]:
    """Return what it is about, with the pages of it; what is not stated is left out."""
    website = [Place(document.website, document.website)] if document.website else []
    instruments = [
        Place(
            names.first(words.word(words_of("instrument", each))),
            addresses.register(instrument=each),
        )
        for each in document.instruments
    ]
    listed = [
        (_("Instruments"), instruments),
        (_("Regions"), [names.region(release, each) for each in document.regions]),
        (_("Clusters"), [names.cluster(release, each) for each in document.clusters]),
        (_("Calls"), [Place(_call(each)) for each in document.calls]),
        (_("Website"), website),
    ]
    return [(label, places) for label, places in listed if places]


def _call(call: object) -> str:
    name, opened, closed = (getattr(call, each) for each in ("name", "opened", "closed"))
    days = " \u2013 ".join(each.isoformat() for each in (opened, closed) if each)
    return f"{name} ({days})" if days else str(name)


@needs("see_programme")
@require_safe
def versions_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show which versions were kept and when; what they held is for those who run it."""
    row = found_programme(programme)
    return page(
        request,
        "programmes/versions.html",
        section="programmes",
        programme=row,
        published=row.published_at.date().isoformat() if row.published_at else "",
        versions=[(each.version, each.at.date().isoformat()) for each in row.revisions.all()],
    )
