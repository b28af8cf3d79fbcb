"""What the derivation pages say: names of figures, inputs and steps, and how each is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure: its name, its rule in one sentence, its formula and where the method stands."""

    title: str
    rule: str
    formula: str
    method: str


@dataclass(frozen=True, slots=True)
class Named:
    """An input or a step: the symbol of formulas (``_`` before what is set low) and its words."""

    symbol: str
    words: str


def figure_words(figure: str, *, of_cluster: bool) -> FigureWords:
    """Return the words of a figure of a regional cluster, or of a region."""
    chosen = _cluster_figures if of_cluster else _region_figures
    return chosen(get_language())[figure]


def name_of(name: str) -> Named:
    """Return the words of an input or step."""
    return _names(get_language())[name]


@lru_cache(maxsize=8)
def _cluster_figures(language: str | None) -> dict[str, FigureWords]:
    change = _("Jobs in this year less jobs in the first year of the release.")
    growth = _("The yearly rate that leads from the jobs of the first year to those of this one.")
    return {
        "employment": FigureWords(
            _("Jobs in the cluster"),
            _("The jobs of its industries in the region, added up with their weights."),
            "e_rc = Σ w_ic × e_ri",
            "employment",
        ),
        "establishments": FigureWords(
            _("Establishments in the cluster"),
            _("The establishments of its industries in the region, added up with their weights."),
            "n_rc = Σ w_ic × n_ri",
            "employment",
        ),
        "reported_share": FigureWords(
            _("Reported share"),
            _("The part of the jobs that the statistical office prints by industry."),
            "q_rc = p_rc ÷ e_rc",
            "reported-share",
        ),
        "share_of_region": FigureWords(
            _("Share of the region"),
            _("The cluster's jobs over all jobs of the region."),
            "e_rc ÷ E_r",
            "shares",
        ),
        "share_of_traded_or_local": FigureWords(
            _("Share of its kind"),
            _("The cluster's jobs over the region's jobs in clusters of the same kind."),
            "e_rc ÷ b_r",
            "shares",
        ),
        "share_of_nation": FigureWords(
            _("Share of the reference area"),
            _("The cluster's jobs here over its jobs in the whole reference area."),
            "e_rc ÷ e_c",
            "shares",
        ),
        "location_quotient": FigureWords(
            _("Location quotient"),
            _(
                "The cluster's share of the region's jobs over its share of the jobs of the "
                "reference area. Where traded and local clusters are told apart, both shares are "
                "taken within the jobs of the same kind."
            ),
            "LQ_rc = (e_rc ÷ b_r) ÷ (e_c ÷ b)",
            "location-quotient",
        ),
        "employment_change": FigureWords(
            _("Change of jobs"), change, "Δe_rc = e_rc − e⁰_rc", "change"
        ),
        "employment_growth": FigureWords(
            _("Growth a year"), growth, "g_rc = (e_rc ÷ e⁰_rc)^(1 ÷ y) − 1", "change"
        ),
        "rank": FigureWords(
            _("Rank by quotient"),
            _("One more than the number of regions with a higher quotient; equal regions share."),
            "1 + a",
            "rank",
        ),
        "percentile": FigureWords(
            _("Percentile"),
            _("The share of the other ranked regions that it beats or equals."),
            "(n − rank) ÷ (n − 1)",
            "rank",
        ),
        "rank_by_employment": FigureWords(
            _("Rank by jobs"),
            _("One more than the number of regions with more jobs in the cluster."),
            "1 + a",
            "rank",
        ),
        "strong": FigureWords(
            _("Strong or not, by the US rule of 2014"),
            _(
                "Four conditions, all of which must hold: the quotient is in the top quarter of "
                "the regions that have the cluster, it is at least 1, and neither jobs nor "
                "establishments are in the lowest quarter of those regions."
            ),
            "LQ_rc ≥ Q75,  LQ_rc ≥ 1,  e_rc > Q25(e),  n_rc > Q25(n)",
            "strength",
        ),
        "stars_eu_2007": FigureWords(
            _("Stars, by the European rule of 2007"),
            _(
                "One star for size (jobs among the top tenth of the regions that have it), one for "
                "specialisation (a quotient within all jobs of at least 2) and one for focus (its "
                "share of the region among the top tenth). One star makes it a cluster."
            ),
            "★(e_rc) + ★(LQ′_rc) + ★(e_rc ÷ E_r)",
            "strength",
        ),
        "held_eu_nodes_2021": FigureWords(
            _("Specialised and relevant, by the European typology of 2021"),
            _("The quotient within all jobs is at least 1.5, and it holds 1 % of the jobs here."),
            "LQ′_rc ≥ 1.5,  e_rc ÷ E_r ≥ 0.01",
            "strength",
        ),
        "held_quotient_1_2": FigureWords(
            _("A quotient of 1.2"),
            _("The quotient within all jobs is at least 1.2."),
            "LQ′_rc ≥ 1.2",
            "strength",
        ),
        "probability_strong": FigureWords(
            _("How often it is strong"),
            _(
                "The share of possible tables, drawn within what the printed sums allow, in which "
                "all four conditions of the strength rule hold."
            ),
            "P_rc = k ÷ K",
            "probability",
        ),
    }


@lru_cache(maxsize=8)
def _region_figures(language: str | None) -> dict[str, FigureWords]:
    return {
        "employment": FigureWords(
            _("Jobs in the region"),
            _(
                "The printed totals of its industry groups, or the industries beneath where those "
                "add up to more, added up."
            ),
            "E_r = Σ max(e_rg, Σ e_ri)",
            "employment",
        ),
        "establishments": FigureWords(
            _("Establishments in the region"),
            _("The establishments of its industries that are printed, added up."),
            "N_r = Σ n_ri",
            "employment",
        ),
        "reported_share": FigureWords(
            _("Reported share"),
            _("The part of all jobs that the statistical office prints by industry."),
            "q_r = p_r ÷ E_r",
            "reported-share",
        ),
        "traded_share": FigureWords(
            _("Traded share"),
            _("Jobs in traded clusters over jobs in traded and local ones."),
            "T_r ÷ (T_r + L_r)",
            "traded",
        ),
        "cluster_strength": FigureWords(
            _("Share in strong clusters"),
            _("Jobs in its strong clusters over all its jobs in traded ones."),
            "S_r ÷ T_r",
            "cluster-strength",
        ),
        "strong_clusters": FigureWords(
            _("Number of strong clusters"),
            _("The clusters for which all four conditions of the strength rule hold."),
            "#{c : strong}",
            "strength",
        ),
        "withheld_clusters": FigureWords(
            _("Number of withheld clusters"),
            _("The clusters of which the office withholds a figure that nothing fills."),
            "#{c : withheld}",
            "status",
        ),
        "rank_by_employment": FigureWords(
            _("Rank by jobs"),
            _("One more than the number of regions of its kind with more jobs."),
            "1 + a",
            "rank",
        ),
        "employment_change": FigureWords(
            _("Change of jobs"),
            _("All jobs in this year less those in the first year of the release."),
            "ΔE_r = E_r − E⁰_r",
            "change",
        ),
        "employment_growth": FigureWords(
            _("Growth a year"),
            _("The yearly rate that leads from the jobs of the first year to those of this one."),
            "g_r = (E_r ÷ E⁰_r)^(1 ÷ y) − 1",
            "change",
        ),
        "change_national": FigureWords(
            _("Part of the change: growth of all regions"),
            _("The jobs of the first year, had they grown as all regions of the kind did."),
            "e⁰_r × G",
            "shift-share",
        ),
        "change_mix": FigureWords(
            _("Part of the change: mix of clusters"),
            _(
                "What its clusters would have gained at their own rates everywhere, beyond the "
                "growth of all."
            ),
            "Σ e⁰_rc × (g_c − G)",
            "shift-share",
        ),
        "change_competitive": FigureWords(
            _("Part of the change: local standing"),
            _("What its clusters gained beyond the same clusters everywhere."),
            "Σ e⁰_rc × (g_rc − g_c)",
            "shift-share",
        ),
        "change_new": FigureWords(
            _("Part of the change: new here"),
            _("Jobs in clusters that had none here in the first year."),
            "Σ e_rc, e⁰_rc = 0",
            "shift-share",
        ),
        "concentration": FigureWords(
            _("Concentration"),
            _("The squared shares of all industries, added up (Herfindahl)."),
            "H_r = Σ (e_ri ÷ e_r)²",
            "variety",
        ),
        "unrelated_variety": FigureWords(
            _("Unrelated variety"),
            _("How evenly the jobs are spread over the sectors: their entropy."),
            "UV_r = Σ P_g × log₂(1 ÷ P_g)",
            "variety",
        ),
        "related_variety": FigureWords(
            _("Related variety"),
            _("How evenly they are spread within the sectors: entropy of all less between them."),
            "RV_r = Σ p_i × log₂(1 ÷ p_i) − UV_r",
            "variety",
        ),
    }


@lru_cache(maxsize=8)
def _names(language: str | None) -> dict[str, Named]:
    return {
        "jobs_here": Named("e_rc", _("Jobs of the cluster in the region")),
        "jobs_before": Named("e⁰_rc", _("Jobs of the cluster in the region, first year")),
        "places_here": Named("n_rc", _("Establishments of the cluster in the region")),
        "all_jobs_here": Named("E_r", _("All jobs of the region")),
        "all_jobs_before": Named("E⁰_r", _("All jobs of the region, first year")),
        "all_jobs_reference": Named("E", _("All jobs of the reference area")),
        "base_here": Named("b_r", _("Jobs of the region that the share is taken of")),
        "jobs_reference": Named("e_c", _("Jobs of the cluster in the reference area")),
        "base_reference": Named("b", _("Jobs of the reference area that the share is taken of")),
        "own_share": Named("s_r", _("Share in the region")),
        "reference_share": Named("s", _("Share in the reference area")),
        "location_quotient": Named("LQ_rc", _("Location quotient")),
        "overall_quotient": Named("LQ′_rc", _("Quotient within all jobs")),
        "share_of_region": Named("f_rc", _("Share of the region")),
        "share_of_traded_or_local": Named("s_r", _("Share of its kind")),
        "share_of_nation": Named("s_c", _("Share of the reference area")),
        "sum_of_industries": Named("Σ_i", _("Its industries added up")),
        "sum_of_groups": Named("Σ_g", _("Its industry groups added up")),
        "printed_jobs": Named("p", _("Jobs that are printed by industry")),
        "reported_share": Named("q", _("Reported share")),
        "employment": Named("e", _("Jobs")),
        "establishments": Named("n", _("Establishments")),
        "years": Named("y", _("Years between")),
        "employment_change": Named("Δ", _("Change of jobs")),
        "employment_growth": Named("g", _("Growth a year")),
        "regions_above": Named("a", _("Regions with a higher figure")),
        "regions_ranked": Named("n", _("Regions ranked")),
        "rank": Named("rank", _("Rank by quotient")),
        "percentile": Named("pct", _("Percentile")),
        "rank_by_employment": Named("rank", _("Rank by jobs")),
        "quotient_cut": Named("Q75", _("Quotient from which the top quarter begins")),
        "least_quotient": Named("q", _("Least quotient that the rule asks for")),
        "jobs_cut": Named("Q25(e)", _("Jobs below which the lowest quarter of regions lies")),
        "places_cut": Named("Q25(n)", _("Establishments below which the lowest quarter lies")),
        "in_top_quarter": Named("I", _("The quotient is in the top quarter")),
        "above_average": Named("II", _("The quotient is not below 1")),
        "enough_jobs": Named("III", _("Jobs are above the lowest quarter")),
        "enough_places": Named("IV", _("Establishments are above the lowest quarter")),
        "strong": Named("strong", _("Strong: all four hold")),
        "size_cut": Named("T10(e)", _("Jobs of the last region in the top tenth")),
        "overall_cut": Named("q", _("Quotient that the rule asks for")),
        "focus_cut": Named("T10(f)", _("Share of the last region in the top tenth")),
        "star_for_size": Named("★₁", _("Star for size")),
        "star_for_specialisation": Named("★₂", _("Star for specialisation")),
        "star_for_focus": Named("★₃", _("Star for focus")),
        "stars_eu_2007": Named("★", _("Stars")),
        "node_quotient": Named("q", _("Quotient that the rule asks for")),
        "node_share": Named("v", _("Share of the region that the rule asks for")),
        "is_specialised": Named("I", _("It is specialised")),
        "is_relevant": Named("II", _("It is relevant to the region")),
        "held_eu_nodes_2021": Named("node", _("Both hold")),
        "held_quotient_1_2": Named("cut", _("The quotient reaches the cut")),
        "traded_jobs": Named("T_r", _("Jobs in traded clusters")),
        "local_jobs": Named("L_r", _("Jobs in local clusters")),
        "strong_jobs": Named("S_r", _("Jobs in strong clusters")),
        "jobs_in_groups": Named("T_r", _("Jobs in all of them")),
        "traded_share": Named("t_r", _("Traded share")),
        "cluster_strength": Named("σ_r", _("Share in strong clusters")),
        "clusters_counted": Named("#", _("Counted here")),
        "strong_clusters": Named("#", _("Number of strong clusters")),
        "withheld_clusters": Named("#", _("Number of withheld clusters")),
        "start_jobs": Named("e⁰_r", _("Jobs of the first year that can be compared")),
        "everywhere_start": Named("E⁰", _("Jobs of all regions of the kind, first year")),
        "everywhere_end": Named("E¹", _("Jobs of all regions of the kind, this year")),
        "growth_everywhere": Named("G", _("Growth of all regions of the kind")),
        "at_cluster_rates": Named(
            "X_r", _("Jobs, had each cluster grown as it did everywhere: e⁰ × (1 + g)")
        ),
        "end_jobs_of_old": Named("e¹_r", _("Jobs of this year in clusters that were here before")),
        "jobs_of_new": Named("m_r", _("Jobs of this year in clusters that are new here")),
        "change_national": Named("N_r", _("Growth of all regions")),
        "change_mix": Named("M_r", _("Mix of clusters")),
        "change_competitive": Named("C_r", _("Local standing")),
        "change_new": Named("m_r", _("New here")),
        "jobs_squared": Named("Σ e²", _("Squared jobs of all industries, added up")),
        "jobs_in_industries": Named("e_r", _("Jobs of all industries")),
        "concentration": Named("H_r", _("Concentration")),
        "entropy_of_sectors": Named("Σ_g", _("Entropy of the sectors: P × log₂(1 ÷ P), added up")),
        "entropy_of_industries": Named(
            "Σ_i", _("Entropy of all industries: p × log₂(1 ÷ p), added up")
        ),
        "unrelated_variety": Named("UV_r", _("Unrelated variety")),
        "related_variety": Named("RV_r", _("Related variety")),
    }


def unit_words(unit: str, employment_word: str) -> str:
    """Return a unit as it stands beside a figure."""
    return {
        "jobs": employment_word,
        "share": _("share"),
        "ratio": _("ratio"),
        "count": _("count"),
        "years": _("years"),
        "rate": _("a year"),
        "truth": _("yes or no"),
        "bits": _("bits"),
        "jobs squared": _("jobs squared"),
        "place": _("place"),
    }[unit]


def status_words(status: str) -> str:
    """Return a status as it stands beside a figure."""
    return {
        "reported": _("reported"),
        "estimated": _("estimated in part"),
        "withheld": _("withheld in part"),
        "unpublished": _("not printed"),
        "rule": _("set by the rule"),
    }.get(status, status)


def missing_words(why: str) -> str:
    """Say why a figure has no arithmetic."""
    return {
        "withheld": _("The statistical office withholds this figure, and nothing fills it."),
        "unpublished": _(
            "The statistical office prints no row for this: a true zero or too few to print."
        ),
        "first year": _("This is the first year of the release: there is nothing to compare with."),
        "not kept": _(
            "The release keeps the result and not the terms that it was made of, so it cannot be "
            "worked again here."
        ),
    }.get(
        why,
        _("The release has no such figure: an input is not known, or too few regions can be held."),
    )
