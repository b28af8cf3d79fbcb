"""The library of published effects: filters, what it adds up to, forest plots, table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, make_dataclass
from typing import Any, get_type_hints

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal import words as portal_words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence import effect_words as words
from clusteratlas.portal.evidence.effects_kept import library
from clusteratlas.portal.evidence.forest import forest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence import (
    Asked,
    PublishedEffect,
    StudyDesign,
    by_stage,
    comparable_groups,
)
from clusteratlas.programmes.grades import EvidenceGrade

SECTION = "programmes"
SOURCE = "the publications named in each row"
EFFECT_WORDS = {
    "identity": "name of the figure in addresses",
    "statement": "number of the statement it was taken from; several figures may share one",
    "programme": "name of the programme",
    "family": "key of the programme; findings of one family never count twice",
    "country": "two letters; EU for several",
    "years": "years as the source states them",
    "design": "how the figure was found",
    "design_stated": "the same in the source's words",
    "unit": "kind of unit observed",
    "unit_stated": "the same in the source's words",
    "observed": "units observed; null where the source seen does not say",
    "observed_words": "what they are",
    "outcome": "what changed",
    "outcome_stated": "the same in the source's words",
    "stage": "how far along the chain of results: activity, behaviour, intermediate, business, "
    "region",
    "finding": "what the source says that it found",
    "significance": "what the source says of chance",
    "value": "the figure, in the unit of the row; null where the direction alone is stated",
    "value_to": "other end of a range of estimates; no interval",
    "scale": "kind of number; figures of two scales never stand on one axis",
    "unit_of_value": "unit of the value",
    "standard_error": "of the value; null where the source seen states none",
    "horizon_years": "years after the start, where stated",
    "measured": "when or how it was measured, as stated",
    "source": "where it is published",
    "seen": "whether the source was read; else it is remembered",
    "own": "whether the site added it",
    "grade": "A drawn by lot, B credible quasi-experiment, C comparison without credible "
    "control, D self-report, E multiplier",
    "is_effect": "whether somebody asked what it would be without the programme",
}
EffectRecord = make_dataclass(
    "EffectRecord",
    [
        *get_type_hints(PublishedEffect).items(),
        ("grade", str),
        ("is_effect", bool),
    ],
    frozen=True,
)
"""A published effect as downloads and the API give it: with the grade that follows."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the library: its choices as (value, words, chosen)."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]


@needs("read")
@require_safe
def library_page(request: AtlasRequest) -> HttpResponse:
    """Show the published effects that pass the filters."""
    held = library()
    asked = asked_effects(request)
    found = held.asked(asked)
    return page(
        request,
        "evidence/library.html",
        section=SECTION,
        filters=_filters(request, held.effects),
        words=asked.programme,
        filtered=bool(_given(request)),
        sentence=_sentence(found),
        stages=_stages(found),
        forests=[forest(each) for each in comparable_groups(found)],
        sheet=effects_sheet(found),
        csv=addresses.library("effects.csv", **_given(request)),
        source=_("The publications named in each row; graded here by one rule."),
    )


@needs("read")
@require_safe
def effects_table(request: AtlasRequest) -> HttpResponse:
    """Give the published effects that pass the filters, as a file."""
    return table_answer(
        request,
        [record_of(each) for each in library().asked(asked_effects(request))],
        name="published-effects",
        title=_("Published effects of cluster programmes"),
        source=SOURCE,
        kind=EffectRecord,
        words=EFFECT_WORDS,
    )


def record_of(effect: PublishedEffect) -> Any:
    """Return an effect with its grade, as it is written into files and answers."""
    held = {each.name: getattr(effect, each.name) for each in fields(effect)}
    return EffectRecord(**held, grade=effect.grade.value, is_effect=effect.is_effect)


def asked_effects(request: AtlasRequest) -> Asked:
    """Return what an address asks for.

    Raises
    ------
    BadAddress
        A filter has a value that is not of its list.
    """
    given = _given(request)
    kinds: dict[str, Any] = {"design": StudyDesign, "stage": Stage, "grade": EvidenceGrade}
    chosen: dict[str, Any] = {}
    for name, value in given.items():
        kind = kinds.get(name)
        if kind is None:
            chosen[name] = value
            continue
        try:
            chosen[name] = kind(value)
        except ValueError as error:
            known = ", ".join(each.value for each in kind)
            raise BadAddress(f"there is no such {name}", value=value, hint=known) from error
    return Asked(**chosen)


def _given(request: AtlasRequest) -> dict[str, str]:
    names = ("programme", "design", "stage", "country", "grade", "outcome")
    found = {name: request.GET.get(name, "").strip()[:100] for name in names}
    return {name: value for name, value in found.items() if value}


def _filters(request: AtlasRequest, effects: Sequence[PublishedEffect]) -> list[Filter]:
    given = _given(request)
    grades = [each for each in EvidenceGrade if any(each is one.grade for one in effects)]
    stages = [each for each in Stage if any(each is one.stage for one in effects)]
    designs = [each for each in StudyDesign if any(each is one.design for one in effects)]
    countries = sorted({each.country for each in effects})
    outcomes = sorted({each.outcome for each in effects}, key=words.outcome)
    listed = (
        ("grade", _("Evidence grade"), [(e.value, f"{e.value}: {words.grade(e)}") for e in grades]),
        ("stage", _("Stage"), [(each.value, words.stage(each)) for each in stages]),
        ("design", _("Design"), [(each.value, words.design(each)) for each in designs]),
        ("country", _("Country"), [(each, country(each)) for each in countries]),
        ("outcome", _("Outcome"), [(each, words.outcome(each)) for each in outcomes]),
    )
    return [
        Filter(
            name, label, [(value, said, value == given.get(name, "")) for value, said in choices]
        )
        for name, label, choices in listed
    ]


def country(code: str) -> str:
    """Return the name of a country, or what stands for several."""
    return _("European Union") if code == "EU" else portal_words.country(code)


def _sentence(effects: Sequence[PublishedEffect]) -> str:
    causal = [each for each in effects if each.is_effect and each.grade.is_causal]
    values = {
        "figures": figures.whole(len(effects)),
        "programmes": figures.whole(len({each.family for each in effects})),
        "causal": figures.whole(len(causal)),
        "causal_programmes": figures.whole(len({each.family for each in causal})),
        "errors": figures.whole(sum(each.standard_error is not None for each in effects)),
    }
    return (
        _(
            "Published figures: %(figures)s, on %(programmes)s programmes. With a credible "
            "control (grades A and B): %(causal)s, on %(causal_programmes)s programmes. "
            "With a standard error stated: %(errors)s; none is made up."
        )
        % values
    )


def _stages(effects: Sequence[PublishedEffect]) -> Sheet | None:
    counts = by_stage(effects)
    if not counts:
        return None
    return Sheet(
        "stages",
        _("What causal estimates found, by stage (grades A and B; estimates)"),
        [
            SheetColumn(_("Stage"), number=False),
            SheetColumn(_("Up")),
            SheetColumn(_("None detected")),
            SheetColumn(_("Down")),
            SheetColumn(_("Weak or mixed")),
            SheetColumn(_("Programmes")),
        ],
        [
            SheetRow(
                words.stage(each.stage),
                [
                    Cell(figures.whole(count))
                    for count in (
                        each.positive,
                        each.none_detected,
                        each.negative,
                        each.other,
                        each.programmes,
                    )
                ],
                addresses.library(stage=each.stage.value),
            )
            for each in counts
        ],
    )


def effects_sheet(effects: Sequence[PublishedEffect], identity: str = "effects") -> Sheet:
    """Return published effects as a table of a page."""
    return Sheet(
        identity,
        _("Published figures, as their sources state them"),
        [
            SheetColumn(_("Outcome"), number=False),
            SheetColumn(_("Evidence grade"), number=False),
            SheetColumn(_("Figure")),
            SheetColumn(_("Unit"), number=False),
            SheetColumn(_("Horizon"), number=False),
            SheetColumn(_("Programme"), number=False),
            SheetColumn(_("Country"), number=False),
            SheetColumn(_("Design"), number=False),
            SheetColumn(_("Observed")),
        ],
        [_line(each) for each in effects],
        tall=True,
        empty=_("Nothing published passes these filters."),
    )


def _line(effect: PublishedEffect) -> SheetRow:
    said = words.significance(effect.significance)
    return SheetRow(
        words.outcome(effect.outcome),
        [
            Cell(f"{effect.grade.value}: {words.grade(effect.grade)}", number=False),
            Cell(
                words.figure(effect),
                between=said if effect.significance.value != "not_stated" else "",
            ),
            Cell(words.unit_of_value(effect) or figures.NOTHING, number=False),
            Cell(words.when(effect), number=False),
            Cell(format_html('<span lang="und">{}</span>', effect.programme), number=False),
            Cell(country(effect.country), number=False),
            Cell(words.design(effect.design), number=False),
            Cell(figures.whole(effect.observed)),
        ],
        addresses.effect(effect.identity),
        pills=[("own", _("added here"))] if effect.own else [],
    )
