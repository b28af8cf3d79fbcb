"""One published effect: what is stated of it, its grade, and what it compares with."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence import effect_words as words
from clusteratlas.portal.evidence.effects_kept import library
from clusteratlas.portal.evidence.forest import forest
from clusteratlas.portal.evidence.library_page import SECTION, country, effects_sheet
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.evidence import PublishedEffect, StudyDesign, comparable_groups
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import CannotAnswer


@needs("read")
@require_safe
def effect_page(request: AtlasRequest, effect: str) -> HttpResponse:
    """Show one published effect."""
    held = library()
    try:
        found = held.of(effect)
    except CannotAnswer as error:
        raise Http404 from error
    groups = [each for each in comparable_groups(held.effects) if found in each.members]
    near = [
        each
        for each in held.effects
        if each.family == found.family and each.identity != found.identity
    ]
    return page(
        request,
        "evidence/effect.html",
        section=SECTION,
        effect=found,
        heading=_heading(found),
        sentence=_sentence(found),
        facts=_facts(found),
        rule=_rule(found),
        forests=[forest(each) for each in groups],
        near=effects_sheet(near, "near") if near else None,
        source=format_html('<span lang="und">{}</span>', found.source),
        about=format_html('<span lang="und">{}</span>', found.programme),
        csv=addresses.library("effects.csv", programme=found.family),
    )


def _heading(effect: PublishedEffect) -> str:
    text = words.outcome(effect.outcome)
    return text[:1].upper() + text[1:]


def _sentence(effect: PublishedEffect) -> SafeString:
    values = {
        "programme": format_html('<strong lang="und">{}</strong>', effect.programme),
        "outcome": words.outcome(effect.outcome),
        "figure": format_html("<strong>{}</strong>", words.figure(effect)),
        "unit": words.unit_of_value(effect),
    }
    if effect.value is None:
        return format_html(_("{programme}: {outcome}, {figure}."), **values)
    return format_html(_("{programme}: {outcome}, {figure} {unit}."), **values)


def _facts(effect: PublishedEffect) -> list[tuple[str, str]]:
    def own(text: str) -> str:
        return format_html('<span lang="en">{}</span>', text) if text else figures.NOTHING

    unknown = _("not stated in the source seen")
    error = effect.standard_error
    observed = unknown if effect.observed is None else figures.whole(effect.observed)
    return [
        (_("What changed, in the source's words"), own(effect.outcome_stated)),
        (_("Stage"), words.stage(effect.stage)),
        (_("Finding"), words.finding(effect.finding)),
        (_("Significance"), words.significance(effect.significance)),
        (_("Standard error"), unknown if error is None else number(f"{error:,g}")),
        (_("Horizon"), words.when(effect)),
        (_("Years"), own(effect.years)),
        (_("Country"), country(effect.country)),
        (_("Design"), words.design(effect.design)),
        (_("Design, in the source's words"), own(effect.design_stated)),
        (_("Observed unit"), words.unit(effect.unit)),
        (_("Observed unit, in the source's words"), own(effect.unit_stated)),
        (_("Units observed"), observed),
        (_("What was counted"), own(effect.observed_words)),
        (_("Source"), own(effect.source)),
        (_("Source read"), _("yes") if effect.seen else _("no, from memory")),
    ]


def _rule(effect: PublishedEffect) -> str:
    if effect.design is StudyDesign.several:
        return _(
            "Several designs are named and it is not said which gave the figure; the weakest "
            "counts."
        )
    if effect.design is StudyDesign.not_stated:
        return _("A design that is not stated cannot be credited with more.")
    return {
        EvidenceGrade.A: _("Who took part was drawn by lot."),
        EvidenceGrade.B: _(
            "A change is compared with the change of controls, or support hung on a threshold or "
            "an instrument."
        ),
        EvidenceGrade.C: _(
            "Compared with others or with an average, but nothing holds apart what the programme "
            "did from what was so before."
        ),
        EvidenceGrade.D: _(
            "Told by those who took part or who ran it: a count, not what the programme added."
        ),
        EvidenceGrade.E: _("Multiplied by a model: not observed."),
    }[effect.grade]
