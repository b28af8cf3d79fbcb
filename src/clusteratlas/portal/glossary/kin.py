"""The words for change, for what is related and for what could come."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.portal.glossary.term import Term


def terms() -> list[Term]:
    """Return them in the language spoken now."""
    return [
        Term(
            "growth",
            _("growth a year"),
            _("The steady yearly change that leads from the first figure to the last."),
            "",
            _("growth a year = (last / first) to the power of (1 / years) \u2212 1"),
            "change",
        ),
        Term(
            "shift-share",
            _("shift-share"),
            _(
                "A split of a change in jobs into what the nation, the mix of industries and the"
                " place itself account for."
            ),
            _(
                "It is bookkeeping and no proof of cause. The part of the place is simply what "
                "the other two leave over."
            ),
            _("change = national part + mix of industries + part of the place"),
            "shift-share",
        ),
        Term(
            "relatedness",
            _("relatedness"),
            _(
                "How much two industries need the same things: places, skills, suppliers or "
                "customers."
            ),
            method="related",
        ),
        Term(
            "related-cluster",
            _("related cluster"),
            _("A cluster whose industries are much alike those of another."),
            _(
                "A line in the network says that two clusters go together in general. It does "
                "not say that they do in your region."
            ),
            method="related",
        ),
        Term(
            "co-location",
            _("co-location"),
            _("Two industries are found in the same regions more often than chance would have it."),
            method="related",
        ),
        Term(
            "input-output",
            _("input-output links"),
            _("How much one industry buys from another, taken from national accounts."),
            method="related",
        ),
        Term(
            "option",
            _("option"),
            _("An industry that a region lacks or has little of, and that is near what it has."),
            _(
                "The list says what would be unsurprising. It knows nothing of sites, prices, "
                "people or plans."
            ),
            method="options",
        ),
        Term(
            "density",
            _("relatedness density"),
            _("The share of what is near an industry that the region has already."),
            "",
            _("density = likeness to industries that are there / likeness to all industries"),
            "options",
        ),
        Term(
            "complexity",
            _("complexity"),
            _("Whether an industry is found in few places that also have many other things."),
            method="options",
        ),
        Term(
            "structural-peer",
            _("structural peer"),
            _("A region built alike by size, density and mix of sectors."),
            _("Peers are for fair comparison. Being alike is no judgement of success."),
            method="peers",
        ),
        Term(
            "skill-gap",
            _("skill gap"),
            _("The share of an industry's jobs in occupations that the region has little of."),
            method="skills",
        ),
    ]
