"""What is published on a programme, on its page in the register."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence.effects_kept import library
from clusteratlas.portal.evidence.library_page import effects_sheet
from clusteratlas.portal.programmes.blocks import block
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.evidence import PublishedEffect
from clusteratlas.programmes.evidence.reading import key_of
from clusteratlas.programmes.register import Programme as Document


def effects_of(slug: str, document: Document) -> tuple[PublishedEffect, ...]:
    """Return what is published on a programme: of its slug, or of its name."""
    names = {key_of(each) for each in (document.name, document.short_name) if each}
    return tuple(
        each for each in library().effects if each.family == slug or key_of(each.programme) in names
    )


@block(order=60)
def published_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Show the published effects of a programme; nothing where there are none."""
    found = effects_of(row.slug, document)
    if not found:
        return None
    return mark_safe(  # noqa: S308 - a template, which escapes
        render_to_string(
            "evidence/_block.html",
            {
                "sheet": effects_sheet(found, "published-effects"),
                "causal": sum(each.is_effect and each.grade.is_causal for each in found),
                "count": len(found),
                "csv": addresses.library("effects.csv", programme=found[0].family),
            },
            request,
        )
    )
