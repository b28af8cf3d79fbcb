"""Why a region changed, and how mixed it is."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionProfile
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.parts import Bars, part_bars
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import sentence, told, worked

PARTS = ("change_national", "change_mix", "change_competitive", "change_new")


def change_bars(view: View, profile: RegionProfile, *, linked: bool = True) -> Bars | None:
    """Draw the shift-share parts of the change of the clusters' jobs; None where not known.

    ``linked`` leads each part to its derivation, which only regions of the release have.
    """
    values = [getattr(profile, name) for name in PARTS]
    if view.is_reference or any(value is None for value in values):
        return None
    named = {
        "regions": words.word(view.scheme.region_words),
        "clusters": words.word(view.definition.group_words),
    }
    names = (
        (_("Growth of all %(regions)s") % named, ""),
        (
            _("Mix of %(clusters)s") % named,
            _("what it does grew more or less than all, everywhere"),
        ),
        (_("Local standing"), _("what it does grew more or less here than elsewhere")),
        (_("New here"), _("what had no jobs here before")),
    )
    parts = [
        (name, _address(view, profile, figure) if linked else "", float(value), note)
        for (name, note), figure, value in zip(names, PARTS, values, strict=True)
        if figure != "change_new" or round(value)
    ]
    return part_bars(
        "parts-chart",
        _("Why %(unit)s changed, %(start)s to %(end)s")
        % {
            "unit": words.word(view.scheme.employment_word),
            "start": profile.change_from_year,
            "end": view.year,
        },
        parts,
        total=(_("Together"), "", float(sum(values)), _("of what can be compared")),
        source=view.source_line,
    )


def _address(view: View, profile: RegionProfile, figure: str) -> str:
    return addresses.derivation(
        view.scheme.scheme,
        profile.region,
        figure,
        year=view.year,
        definition=view.definition_in_address,
    )


def variety_sentence(
    view: View, profile: RegionProfile, *, linked: bool = True
) -> SafeString | None:
    """Say as how many industries of equal size a region is mixed; None where not known."""
    if not profile.concentration or profile.related_variety is None:
        return None

    def number_of(text: str, figure: str) -> SafeString:
        if linked:
            return worked(text, view, profile.region, figure)
        return told(text, "variety")

    return sentence(
        _(
            "Its jobs are as mixed as %(count)s industries of equal size; related variety "
            "%(related)s bits, unrelated %(unrelated)s bits."
        ),
        count=number_of(figures.whole(1 / profile.concentration), "concentration"),
        related=number_of(number(f"{profile.related_variety:.1f}"), "related_variety"),
        unrelated=number_of(number(f"{profile.unrelated_variety or 0:.1f}"), "unrelated_variety"),
    )
