"""Do industries do better where their cluster is strong? Three outcomes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal import words as portal_words
from clusteratlas.portal.charts.dots import DotChart
from clusteratlas.portal.charts.level import Level, level_chart
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence.growth_kept import performance
from clusteratlas.portal.evidence.library_page import SECTION
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import Choice, View, asked_view
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.performance import (
    NEAREST,
    GrowthOutcome,
    NeighbourRule,
    Performance,
)
from clusteratlas.programmes.performance.regression import (
    ALL_TERMS,
    INSIDE,
    PLAIN,
    WITH_NEIGHBOURS,
    WITH_RELATED,
)
from clusteratlas.relatedness.growth import (
    CLUSTER,
    CONVERGENCE,
    NEIGHBOURS,
    RELATED,
    GrowthRegression,
)
from clusteratlas.relatedness.least_squares import Term
from clusteratlas.tables import CannotAnswer

GROWTH_WORDS = {
    "outcome": "what grows: employment (jobs), establishments, or wages (payroll for each job)",
    "start": "first year of growth",
    "end": "last year of growth",
    "variant": "which cells and regressors; 'own industry inside' is the trap and no finding",
    "term": "convergence (start), cluster (without the industry itself), related clusters, "
    "neighbouring regions (the same cluster there)",
    "coefficient": "percent more growth over the span for one percent more of the term",
    "standard_error": "allows for whatever cells of a region share",
    "t": "coefficient over its standard error",
    "p_value": "of the hypothesis that the coefficient is 0",
    "low": "lower end of the 95 % interval",
    "high": "upper end of the 95 % interval",
    "plain_error": "standard error as if cells were independent",
    "cells": "industries in regions that are in the regression",
    "regions": "regions in the regression",
    "industries": "industries in the regression",
    "explained_within": "R² of what region and industry effects leave, 0-1",
}


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """One term of one regression, as downloads and the API give it."""

    outcome: str
    start: int
    end: int
    variant: str
    term: str
    coefficient: float
    standard_error: float
    t: float
    p_value: float
    low: float
    high: float
    plain_error: float
    cells: int
    regions: int
    industries: int
    explained_within: float


@needs("read")
@require_safe
def growth_page(request: AtlasRequest) -> HttpResponse:
    """Show what growth of jobs, establishments and wages went with."""
    view = _view(request)
    content = {
        "view": view,
        "schemes": [
            Choice(each.scheme, portal_words.word(each.title), each.scheme == view.scheme.scheme)
            for each in request.release.manifest.schemes
            if each.regions > 1
        ],
        "source": view.scheme.source_line,
    }
    try:
        found = performance(request.release, view.scheme.scheme, view.definition.definition)
    except CannotAnswer as error:
        return page(
            request, "evidence/growth.html", section=SECTION, refused=error.fault, **content
        )
    return page(
        request,
        "evidence/growth.html",
        section=SECTION,
        found=found,
        sentence=_sentence(found),
        charts=[_chart(found, term) for term in (CLUSTER, CONVERGENCE)],
        around=_around(found),
        around_said=_around_said(found),
        neighbours=_neighbours(found),
        apart=list(found.apart.items()),
        sheet=_sheet(found),
        trap=_trap(found),
        left=_left(found),
        refusals=list(found.refused.items()),
        csv=addresses.growth(
            "table.csv", scheme=view.scheme.scheme, definition=view.definition_in_address
        ),
        api=f"/api/v1/growth?scheme={view.scheme.scheme}",
        **content,
    )


@needs("read")
@require_safe
def growth_table(request: AtlasRequest) -> HttpResponse:
    """Give every term of every regression as a file."""
    view = _view(request)
    found = performance(request.release, view.scheme.scheme, view.definition.definition)
    return table_answer(
        request,
        rows_of(found),
        name=f"growth-{view.scheme.scheme}",
        title=_("Growth of traded industries, %(start)s to %(end)s")
        % {"start": found.start, "end": found.end},
        source=view.scheme.source_line,
        kind=GrowthRow,
        words=GROWTH_WORDS,
    )


def rows_of(found: Performance) -> list[GrowthRow]:
    """Return one row for each term of each regression."""
    return [GrowthRow(**each) for each in found.rows()]  # type: ignore[arg-type]


def _view(request: AtlasRequest) -> View:
    scheme = request.GET.get("scheme", "") or default_scheme(request.release).scheme
    return asked_view(request, request.release, scheme)


def _outcome(outcome: GrowthOutcome) -> str:
    return {
        GrowthOutcome.employment: _("jobs"),
        GrowthOutcome.establishments: _("establishments"),
        GrowthOutcome.wages: _("wages (payroll for each job)"),
    }[outcome]


def _term(name: str) -> str:
    return {
        CONVERGENCE: _("own start"),
        CLUSTER: _("cluster without the industry"),
        RELATED: _("related clusters"),
        NEIGHBOURS: _("the cluster in neighbouring regions"),
    }[name]


def _variant(name: str) -> str:
    known = {
        PLAIN: _("all cells"),
        INSIDE: _("the trap: own industry counted in"),
        WITH_RELATED: _("with related clusters"),
        WITH_NEIGHBOURS: _("with neighbouring regions"),
        ALL_TERMS: _("all four terms"),
    }
    if name in known:
        return known[name]
    jobs = figures.whole(int(name.partition("+")[0]))
    return _("cells of %(jobs)s and more jobs") % {"jobs": jobs}


def _named(outcome: GrowthOutcome, regression: GrowthRegression) -> str:
    text = f"{_outcome(outcome)}: {_variant(regression.variant)}"
    return _begun(text)


def _sentence(found: Performance) -> str:
    clear = [
        _outcome(outcome)
        for outcome, each in found.outcomes.items()
        if each[0].term(CLUSTER).low > 0
    ]
    open_ = [
        _outcome(outcome)
        for outcome, each in found.outcomes.items()
        if not each[0].term(CLUSTER).low > 0
    ]
    first = next(iter(found.outcomes.values()))[0]
    values = {
        "start": found.start,
        "end": found.end,
        "regions": figures.whole(first.regions),
        "words": portal_words.word(found.regions_word),
        "cells": figures.whole(first.cells),
        "clear": figures.listed(clear),
        "open": figures.listed(open_),
    }
    said = (
        _(
            "%(start)s to %(end)s, %(regions)s %(words)s, %(cells)s industries in regions: where "
            "the rest of its cluster was stronger, an industry grew more. Clear for: %(clear)s."
        )
        if clear
        else _(
            "%(start)s to %(end)s, %(regions)s %(words)s, %(cells)s industries in regions: growth "
            "goes with the rest of the cluster for nothing that was asked."
        )
    )
    more = _("Not clear for: %(open)s.") if open_ and clear else ""
    return " ".join(filter(None, (said % values, more % values if more else "")))


def _chart(found: Performance, name: str) -> DotChart:
    rows = []
    for outcome, regressions in found.outcomes.items():
        for each in regressions:
            term = each.term(name)
            rows.append(
                Level(
                    _named(outcome, each),
                    "",
                    term.coefficient,
                    "reported",
                    "",
                    term.low,
                    term.high,
                    _interval(term),
                    kind="local" if each.variant == INSIDE else "traded",
                )
            )
    titles = {
        CLUSTER: _("Percent more growth for one percent more cluster, 95 % interval"),
        CONVERGENCE: _("Percent more growth for one percent more at the start, 95 % interval"),
    }
    return level_chart(
        f"growth-{name}",
        titles[name],
        rows,
        _coefficient,
        on_axis=_coefficient,
        source=found.source,
    )


def _around(found: Performance) -> DotChart | None:
    """Draw the terms of what is around an industry, from the regression that holds them all."""
    rows = [
        Level(
            _around_named(outcome, term),
            "",
            term.coefficient,
            "reported",
            "",
            term.low,
            term.high,
            _interval(term),
            kind="traded",
        )
        for outcome, regressions in found.outcomes.items()
        if (full := _fullest(regressions)) is not None
        for term in full.terms
        if term.name != CONVERGENCE
    ]
    if not rows:
        return None
    title = _("Percent more growth for one percent more of each, in one regression, 95 % interval")
    return level_chart(
        "growth-around", title, rows, _coefficient, on_axis=_coefficient, source=found.source
    )


def _around_named(outcome: GrowthOutcome, term: Term) -> str:
    text = f"{_outcome(outcome)}: {_term(term.name)}"
    return _begun(text)


def _fullest(regressions: Sequence[GrowthRegression]) -> GrowthRegression | None:
    """Return the regression with all that is around; nothing where it has the cluster alone."""
    last = regressions[-1]
    return last if last.variant in (ALL_TERMS, WITH_NEIGHBOURS, WITH_RELATED) else None


def _around_said(found: Performance) -> str:
    """Say of each term beside the cluster whether it is clear, and with what coefficient."""
    told = []
    for name in (RELATED, NEIGHBOURS):
        each = [
            (outcome, term)
            for outcome, regressions in found.outcomes.items()
            if (full := _fullest(regressions)) is not None
            for term in full.terms
            if term.name == name
        ]
        if not each:
            continue
        parts = [
            (
                _("%(outcome)s %(coefficient)s")
                if term.low > 0 or term.high < 0
                else _("%(outcome)s not clear of zero (%(coefficient)s)")
            )
            % {"outcome": _outcome(outcome), "coefficient": _coefficient(term.coefficient)}
            for outcome, term in each
        ]
        text = _("%(term)s: %(parts)s.") % {"term": _term(name), "parts": "; ".join(parts)}
        told.append(_begun(text))
    return " ".join(told)


def _neighbours(found: Performance) -> str:
    """Say which regions count as neighbouring, or why there are none."""
    rule = found.neighbours.rule
    said = {
        NeighbourRule.borders: _("Neighbouring regions share a stretch of land border."),
        NeighbourRule.nearest: _(
            "Borders are not at hand: neighbouring regions are the %(count)s whose points are "
            "nearest, a pair counting in both directions."
        )
        % {"count": figures.whole(NEAREST)},
        NeighbourRule.given: _("Neighbouring regions are those of a list."),
        NeighbourRule.unknown: _(
            "Neighbouring regions are not at hand: nothing tells where these regions lie."
        ),
        NeighbourRule.few_points: _(
            "Neighbouring regions are not at hand: no more than %(count)s of these have a point."
        )
        % {"count": figures.whole(NEAREST)},
        NeighbourRule.apart: _(
            "Neighbouring regions are not at hand: no two of these regions are neighbours."
        ),
    }[rule]
    if not found.neighbours.pairs or not found.without_neighbours:
        return said
    without = _("Regions without a neighbour, left out of that row: %(count)s.")
    return f"{said} {without % {'count': figures.whole(found.without_neighbours)}}"


def _coefficient(value: float) -> str:
    return number(f"{value:+.3f}".replace("-", figures.MINUS)) if value else number("0")


def _interval(term: Term) -> str:
    return _("%(low)s to %(high)s") % {
        "low": _coefficient(term.low),
        "high": _coefficient(term.high),
    }


def _begun(text: str) -> str:
    """Return a text with a capital at its beginning and everything else as it is.

    >>> _begun("cluster ohne den Wirtschaftszweig")
    'Cluster ohne den Wirtschaftszweig'
    """
    return text[:1].upper() + text[1:]


def _sheet(found: Performance) -> Sheet:
    names = (CONVERGENCE, CLUSTER, RELATED, NEIGHBOURS)
    return Sheet(
        "growth-table",
        _("Growth from %(start)s to %(end)s: coefficients of logarithms")
        % {"start": found.start, "end": found.end},
        [
            SheetColumn(_("Outcome and cells"), number=False),
            *(SheetColumn(_begun(_term(each)), _("95 % interval")) for each in names),
            SheetColumn(_("Cells")),
            SheetColumn(_("Regions")),
            SheetColumn(_("Industries")),
        ],
        [
            SheetRow(
                _named(outcome, each),
                [
                    *(_cell(each, name) for name in names),
                    Cell(figures.whole(each.cells)),
                    Cell(figures.whole(each.regions)),
                    Cell(figures.whole(each.industries)),
                ],
            )
            for outcome, regressions in found.outcomes.items()
            for each in regressions
        ],
    )


def _cell(regression: GrowthRegression, name: str) -> Cell:
    term = next((each for each in regression.terms if each.name == name), None)
    if term is None:
        return Cell(figures.NOTHING)
    return Cell(_coefficient(term.coefficient), between=_interval(term))


def _trap(found: Performance) -> str:
    parts = []
    for outcome, regressions in found.outcomes.items():
        by_name = {each.variant: each.term(CLUSTER).coefficient for each in regressions}
        parts.append(
            _("%(outcome)s %(inside)s instead of %(plain)s")
            % {
                "outcome": _outcome(outcome),
                "plain": _coefficient(by_name[PLAIN]),
                "inside": _coefficient(by_name[INSIDE]),
            }
        )
    return "; ".join(parts)


def _left(found: Performance) -> Sequence[tuple[str, str]]:
    first = next(iter(found.outcomes.values()))[0]
    known = {
        "not known": _("withheld or estimated in one of the years"),
        "no jobs in one of the years": _("not printed or without jobs in one of the years"),
        "no other jobs in the cluster": _("no other jobs in the cluster"),
        "alone in region or industry": _("alone in their region or industry"),
    }
    return [
        (known.get(reason, reason), figures.whole(count)) for reason, count in first.dropped.items()
    ]
