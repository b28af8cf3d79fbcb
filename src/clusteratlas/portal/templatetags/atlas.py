"""How templates write figures and explain words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clusteratlas.portal import figures, glossary, table_html

register = template.Library()

for _name in ("whole", "in_words", "percent", "quotient", "signed", "growth"):
    register.filter(_name, getattr(figures, _name))

register.filter("as_table", table_html.as_table)


@register.filter
def percent_width(share: float | None) -> str:
    """Write a share as the width of a bar, in percent without its sign."""
    return f"{min(max(share or 0, 0), 1) * 100:.1f}"


class TermNode(template.Node):
    """A word of the glossary; explained where a page uses it first."""

    def __init__(self, key: str, inside: template.NodeList) -> None:
        self.key = key
        self.nodelist = inside

    def render(self, context: template.Context) -> SafeString:
        """Write the words as a link with their explanation, or plainly when they had it."""
        said = self.nodelist.render(context)
        request = getattr(context, "request", None)
        if request is None:
            return said
        explained: set[str] = request.__dict__.setdefault("terms_explained", set())
        if self.key in explained:
            return said
        explained.add(self.key)
        term = glossary.terms()[self.key]
        return format_html(
            '<span class="term"><a href="{}" aria-describedby="term-{}">{}</a>'
            '<span class="term-said" id="term-{}" role="tooltip">{}</span></span>',
            *(term.href, self.key, said, self.key, term.short),
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
