"""What published effects are called on pages: codes of the library in the reader's language."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.language import number
from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence import (
    FactScale,
    Finding,
    PublishedEffect,
    Refusal,
    Significance,
    StudyDesign,
    UnitKind,
)
from clusteratlas.programmes.grades import EvidenceGrade


def grade(of: EvidenceGrade) -> str:
    """What a grade means."""
    return {
        EvidenceGrade.A: _("drawn by lot"),
        EvidenceGrade.B: _("credible quasi-experiment"),
        EvidenceGrade.C: _("comparison without credible control"),
        EvidenceGrade.D: _("self-report"),
        EvidenceGrade.E: _("multiplier model"),
    }[of]


def stage(of: Stage) -> str:
    """How far along the chain of results an outcome stands."""
    return {
        Stage.activity: _("activity and support"),
        Stage.behaviour: _("behaviour"),
        Stage.intermediate: _("research and innovation"),
        Stage.business: _("business results"),
        Stage.region: _("region"),
    }[of]


def design(of: StudyDesign) -> str:
    """How a figure was found."""
    return {
        StudyDesign.randomised: _("drawn by lot"),
        StudyDesign.matched_difference_in_differences: _("matched difference-in-differences"),
        StudyDesign.difference_in_differences: _("difference-in-differences"),
        StudyDesign.triple_difference: _("triple difference"),
        StudyDesign.reweighted_fixed_effects: _("fixed effects, reweighted"),
        StudyDesign.synthetic_control: _("synthetic control"),
        StudyDesign.discontinuity: _("threshold (discontinuity)"),
        StudyDesign.instrument: _("instrument"),
        StudyDesign.matching: _("matching alone"),
        StudyDesign.comparison: _("comparison with others"),
        StudyDesign.regression: _("regression"),
        StudyDesign.benchmark: _("beside an average"),
        StudyDesign.several: _("several; which is not said"),
        StudyDesign.not_stated: _("not stated"),
        StudyDesign.survey: _("survey"),
        StudyDesign.reporting: _("reports of those supported"),
        StudyDesign.monitoring: _("monitoring"),
        StudyDesign.process_evaluation: _("process evaluation"),
        StudyDesign.input_output: _("input-output model"),
    }[of]


def unit(of: UnitKind) -> str:
    """What was observed."""
    return {
        UnitKind.firm: _("firm"),
        UnitKind.organisation: _("organisation"),
        UnitKind.partnership: _("partnership"),
        UnitKind.cluster: _("cluster"),
        UnitKind.region: _("region"),
        UnitKind.grantee: _("grantee"),
        UnitKind.programme: _("programme"),
    }[of]


def finding(of: Finding) -> str:
    """What a source says that it found."""
    return {
        Finding.positive: _("up"),
        Finding.negative: _("down"),
        Finding.none_detected: _("none detected"),
        Finding.weak: _("weak"),
        Finding.mixed: _("mixed"),
        Finding.reported: _("as reported"),
        Finding.not_estimated: _("not estimated"),
    }[of]


def significance(of: Significance) -> str:
    """What a source says of chance."""
    return {
        Significance.significant: _("significant"),
        Significance.not_significant: _("not significant"),
        Significance.not_stated: _("not stated"),
    }[of]


def outcome(code: str) -> str:
    """What changed; a code that the site brought stands as it is, in words."""
    known = {
        "rd_spend": _("R&D spend"),
        "rd_spend_yearly": _("R&D spend a year"),
        "own_rd_spend": _("R&D from own funds"),
        "own_rd_per_euro": _("own R&D for a public euro"),
        "rd_per_aid": _("R&D for a euro of aid"),
        "public_aid": _("public aid"),
        "direct_aid": _("direct aid"),
        "tax_credit": _("tax credit"),
        "turnover": _("turnover"),
        "patents": _("patents"),
        "patents_reported": _("patents"),
        "patents_with_university": _("patents with a university"),
        "rd_staff": _("R&D staff"),
        "employment": _("employment"),
        "employment_of_neighbours": _("employment of untreated neighbours"),
        "investment": _("investment"),
        "productivity": _("productivity"),
        "productivity_growth": _("growth of productivity"),
        "productivity_gap": _("productivity above the average"),
        "total_factor_productivity": _("total factor productivity"),
        "value_added": _("value added"),
        "exports": _("exports"),
        "exports_of_neighbours": _("exports of untreated neighbours"),
        "export_variety": _("products and markets exported"),
        "export_probability": _("chance to export"),
        "innovating": _("chance to innovate"),
        "innovations": _("innovations"),
        "biotech_rd": _("biotechnology R&D"),
        "biotech_rd_of_losers": _("biotechnology R&D of those that lost"),
        "other_programmes": _("takes part in other programmes"),
        "rd_productivity": _("productivity of R&D"),
        "rd_productivity_inside": _("productivity of R&D with a partner nearby"),
        "network_size": _("size of the network"),
        "new_economic_activity": _("new economic activity"),
        "new_products": _("new products or services"),
        "revenue_grew": _("revenue grew"),
        "collaboration": _("collaboration"),
        "workforce": _("workforce"),
        "jobs_reported": _("jobs created or kept"),
        "jobs_with_multipliers": _("jobs with multipliers"),
        "capital_raised": _("capital raised"),
        "firms_involved": _("firms involved"),
        "cluster_meetings": _("meetings among clusters"),
        "business_meetings": _("business meetings"),
        "partner_requests": _("searches for a partner"),
        "agreements": _("agreements"),
        "projects": _("projects"),
        "core_employment_growth": _("growth of core employment"),
        "state_employment_growth": _("growth of employment in the state"),
        "output": _("output with multipliers"),
        "spin_offs": _("spin-offs"),
        "theses": _("doctoral and habilitation theses"),
        "degree_theses": _("bachelor and master theses"),
        "members": _("members of an organisation"),
    }
    return known.get(code) or code.replace("_", " ")


def unit_of_value(effect: PublishedEffect) -> str:
    """The unit of a figure, marked as English where it stands in the source's words."""
    said = unit_in_words(effect.unit_of_value)
    if said != effect.unit_of_value or said in ("EUR per EUR", ""):
        return said
    return format_html('<span lang="en">{}</span>', said)


def unit_in_words(unit: str) -> str:
    """Return a unit in the reader's language, where it is a common one."""
    known = {
        "percent": _("percent"),
        "percentage points": _("percentage points"),
        "EUR per firm": _("EUR per firm"),
        "EUR per firm and year": _("EUR per firm and year"),
        "EUR per EUR": _("EUR per EUR"),
        "jobs": _("jobs"),
        "times": _("times"),
        "percent a year": _("percent a year"),
    }
    return known.get(unit, unit)


def amount(value: float, scale: FactScale, *, signed: bool) -> str:
    """Write a figure; an effect has its sign."""
    whole = abs(value) >= 1000
    text = f"{value:+,.0f}" if whole else f"{value:+,.4g}"
    if not signed or scale in (FactScale.ratio, FactScale.above, FactScale.money_per_money):
        text = text.lstrip("+")
    return number(text.replace("-", figures.MINUS))


def figure(effect: PublishedEffect) -> str:
    """Write the figure of an effect without its unit, or its direction where there is none."""
    if effect.value is None:
        return finding(effect.finding)
    if effect.value >= 1_000_000:
        return figures.in_words(effect.value)
    low = amount(effect.value, effect.scale, signed=effect.is_effect)
    if effect.value_to is not None:
        high = amount(effect.value_to, effect.scale, signed=effect.is_effect)
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("more than %(value)s") % {"value": low} if effect.scale is FactScale.above else low


def when(effect: PublishedEffect) -> str:
    """The horizon, as far as the source states one."""
    if effect.horizon_years is not None:
        return _("%(years)s years") % {"years": number(f"{effect.horizon_years:g}")}
    if effect.measured:
        return format_html('<span lang="en">{}</span>', effect.measured)
    return figures.NOTHING


def reason(refusal: Refusal) -> str:
    """Why figures are not pooled or not compared, as a sentence."""
    texts = {
        "outcomes_differ": _("They are about different outcomes."),
        "scales_differ": _("They are in different scales."),
        "units_of_value_differ": _("They are in different units: %(values)s."),
        "units_differ": _("They were observed on different kinds of units."),
        "no_value": _("Of %(count)s the direction alone is stated."),
        "range_of_estimates": _("Of %(count)s a range of estimates is stated, not one."),
        "not_causal": _("Without a credible control: %(count)s."),
        "grades_differ": _("Experiments and quasi-experiments are not pooled together."),
        "same_programme": _("One programme would count twice: %(values)s."),
        "no_standard_error": _("The sources state no standard error of %(count)s of %(of)s."),
        "few_programmes": _("Independent programmes: %(count)s; a mean needs at least %(fewest)s."),
        "nothing_published": _("The library has no causal effect on this outcome."),
        "other_scales": _("Published figures are in other units: %(values)s; this one: %(own)s."),
    }
    return texts[refusal.code] % refusal.parameters
