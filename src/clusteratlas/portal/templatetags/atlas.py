"""How templates write figures and explain words."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clusteratlas.portal import figures, glossary, table_html, words
from clusteratlas.portal.language import ENGLISH, active

register = template.Library()

for _name in ("whole", "in_words", "percent", "quotient", "signed", "growth"):
    register.filter(_name, getattr(figures, _name))

register.filter("as_table", table_html.as_table)
register.filter("country_name", words.country)
register.filter("word", words.word)
register.filter("cluster_name", words.cluster)


@register.filter
def percent_width(share: float | None) -> str:
    """Write a share as the width of a bar, in percent without its sign."""
    return f"{min(max(share or 0, 0), 1) * 100:.1f}"


MARKED = re.compile(r"\[\[([a-z-]+)\|([^\]]+)\]\]")
"""A word of the glossary inside a longer text: ``[[traded|traded clusters]]``."""


def explained(context: template.Context, key: str, said: str) -> str:
    """Return words as a link with their explanation, or plainly when the page explained them."""
    request = getattr(context, "request", None)
    if request is None:
        return said
    done: set[str] = request.__dict__.setdefault("terms_explained", set())
    if key in done:
        return said
    done.add(key)
    term = glossary.terms()[key]
    return format_html(
        '<span class="term"><a href="{}" aria-describedby="term-{}">{}</a>'
        '<span class="term-said" id="term-{}" role="tooltip">{}</span></span>',
        *(term.href, key, said, key, term.short),
    )


class TermNode(template.Node):
    """A word of the glossary; explained where a page uses it first."""

    def __init__(self, key: str, inside: template.NodeList) -> None:
        self.key = key
        self.nodelist = inside

    def render(self, context: template.Context) -> SafeString:
        """Write the words with or without their explanation."""
        return mark_safe(explained(context, self.key, self.nodelist.render(context)))  # noqa: S308


class TermsNode(template.Node):
    """A longer text whose marked words are explained where a page uses them first."""

    def __init__(self, inside: template.NodeList) -> None:
        self.nodelist = inside

    def render(self, context: template.Context) -> SafeString:
        """Write the text; its words are escaped already."""
        text = self.nodelist.render(context)
        return mark_safe(  # noqa: S308
            MARKED.sub(lambda found: explained(context, found[1], mark_safe(found[2])), text)  # noqa: S308
        )


@register.tag("term")
def term_tag(parser: template.base.Parser, token: template.base.Token) -> TermNode:
    """``{% term "location-quotient" %}quotient{% endterm %}``: explain a word at its first use."""
    parts = token.split_contents()
    key = parts[1].strip("\"'") if len(parts) == 2 else ""
    known = glossary.terms()
    if key not in known:
        raise template.TemplateSyntaxError(f"no term {key!r}; the glossary has {sorted(known)}")
    inside = parser.parse(("endterm",))
    parser.delete_first_token()
    return TermNode(key, inside)


@register.filter
def as_ending(address: str, ending: str) -> str:
    """Return the address of a table in another form.

    >>> as_ending("/map/table.csv?year=2021", "xlsx")
    '/map/table.xlsx?year=2021'
    """
    route, mark, query = str(address).partition("?")
    return f"{route.removesuffix('.csv')}.{ending}{mark}{query}"


@register.tag("terms")
def terms_tag(parser: template.base.Parser, token: template.base.Token) -> TermsNode:
    """``{% terms %}A [[traded|traded]] cluster{% endterms %}``: the same inside longer texts."""
    inside = parser.parse(("endterms",))
    parser.delete_first_token()
    return TermsNode(inside)


@register.filter
def in_english(text: str) -> str:
    """Mark a text that stays English, such as an industry's title, on a page that is not."""
    return text if active() == ENGLISH else format_html('<span lang="en">{}</span>', text)
