"""The words for how sure a figure is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.portal.glossary.term import Term


def terms() -> list[Term]:
    """Return them in the language spoken now."""
    return [
        Term(
            "reported",
            _("reported"),
            _("The statistical office prints the figure."),
            method="status",
        ),
        Term(
            "estimated",
            _("estimated"),
            _(
                "A part of the figure is withheld and was filled from printed sums; it carries "
                "an interval."
            ),
            method="status",
        ),
        Term(
            "withheld",
            _("withheld"),
            _("A figure exists and the office does not give it, usually to protect single firms."),
            _("It is never taken for zero. A known part of it reads \u201cat least\u201d."),
            method="status",
        ),
        Term(
            "not-printed",
            _("not printed"),
            _("The office prints no row at all: a true zero, or too few establishments."),
            method="status",
        ),
        Term(
            "reported-share",
            _("reported share"),
            _("How much of a figure the office itself prints."),
            "",
            _("reported share = printed jobs / (printed jobs + estimated jobs)"),
            "reported-share",
        ),
        Term(
            "interval",
            _("interval"),
            _("The range in which nine of ten possible tables put a figure."),
            _(
                "It tells of what is withheld only. Errors of the register and noise added by "
                "the office are not in it."
            ),
            method="intervals",
        ),
        Term(
            "possible-table",
            _("possible table"),
            _("One way to fill all withheld figures so that every printed sum still holds."),
            _("Many are drawn, and everything on the pages is computed in each of them."),
            method="intervals",
        ),
        Term(
            "could-flip",
            _("could flip"),
            _(
                "What is withheld decides the verdict: it holds in more than 10 and fewer than "
                "90 of 100 possible tables."
            ),
            _("Treat it as undecided, however the flag stands today."),
            method="probability",
        ),
        Term(
            "coverage",
            _("coverage"),
            _("The part of a region's people or territory that the source covers."),
            method="coverage",
        ),
        Term(
            "quality-grade",
            _("quality grade"),
            _("A word, good, fair or weak, that sums up how far the figures of a region go."),
            _(
                "It is the worst of four things: reported share, estimated share, coverage and "
                "age. It says nothing of how well a region does."
            ),
            method="reported-share",
        ),
    ]
