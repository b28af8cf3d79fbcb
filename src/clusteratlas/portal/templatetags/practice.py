"""How pages about something else show what the library has about it."""

from __future__ import annotations

import logging
from typing import Any

from django import template
from django.db import DatabaseError

from clusteratlas.portal import figures
from clusteratlas.portal.practice import addresses, shown, words
from clusteratlas.portal.registry.shelf import published

log = logging.getLogger("clusteratlas.portal")
register = template.Library()


@register.inclusion_tag("practice/_block.html", takes_context=True)
def practice(context: Any, **tags: str) -> dict[str, Any]:
    """Show the latest entries with a tag; nothing where there are none.

    Where the database does not answer the page goes without, and is not kept.
    """
    try:
        found = shown.entries_for(**tags)
    except DatabaseError as error:
        log.warning("the library cannot be read: %s", error)
        context.request.partly = True
        found = []
    return {
        "cards": words.cards(found[: shown.MOST]),
        "count": figures.whole(len(found)),
        "more": len(found) > shown.MOST,
        "all": addresses.library(**tags),
        "feed": addresses.library("feed.atom", **tags),
        "language": context.get("language", ""),
        "at": context.get("at", ""),
    }


@register.inclusion_tag("operations/_demonstration.html", takes_context=True)
def demonstration(context: Any) -> dict[str, Any]:
    """Say on every page of the registry that what it shows is made up, where it is."""
    try:
        shown_now = any(each.profile.fictional for each in published().organisations)
    except DatabaseError:
        shown_now = False
    return {"demonstration": shown_now}
