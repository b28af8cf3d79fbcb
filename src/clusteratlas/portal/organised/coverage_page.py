"""Where to look next: strong clusters that nobody organises, organisations that overlap."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.organisations import CoverageCount, CoverageRow, Covered, OverlapRow
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised.coverage_kept import coverage
from clusteratlas.portal.pages.asking import Choice, View, asked_view
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sentences import heading
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

MOST_ROWS = 100
COVERAGE_WORDS = {
    "region_name": "name of the region",
    "cluster_name": "name of the cluster",
    "beyond_average": "jobs beyond those of an average region of its size, "
    "employment x (1 - 1 / quotient)",
    "reference_growth": "compound growth of employment a year in the reference area",
    "covered": "who covers it: here, part (a subcluster), within, above, nobody",
    "organisations": "names of the organisations that cover it",
    "covered_from": "regions of those organisations, where they are others",
    "source": "publisher and title of the figures",
}
OVERLAP_WORDS = {
    "region_name": "name of the region",
    "cluster_name": "name of the cluster",
    "count": "organisations that claim the cluster there",
    "organisations": "organisations at home in the region",
    "from_above": "organisations of regions around it",
}


@needs("read")
@require_safe
def coverage_page(request: AtlasRequest) -> HttpResponse:
    """Show which strong clusters of a scheme nobody organises, and who overlaps."""
    view = _view(request)
    shelf = published()
    found = coverage(shelf, request.release, view.scheme.scheme, view.definition.definition)
    gaps = found.gaps
    return page(
        request,
        "organised/coverage.html",
        section="organisations",
        view=view,
        schemes=[
            Choice(each.scheme, words.word(each.title), each.scheme == view.scheme.scheme)
            for each in request.release.manifest.schemes
            if each.regions > 1
        ],
        sentence=_sentence(view, found.rows, gaps, len(shelf.organisations)),
        gaps=_gaps_sheet(view, gaps[:MOST_ROWS]),
        more=max(0, len(gaps) - MOST_ROWS),
        overlaps=_overlaps_sheet(view, found.overlaps) if found.overlaps else None,
        by_cluster=_counts_sheet(view, found.by_cluster()),
        without_base=found.without_base,
        gaps_csv=_table(view, "coverage/table.csv"),
        overlaps_csv=_table(view, "coverage/overlaps.csv"),
        source=view.scheme.source_line,
    )


@needs("read")
@require_safe
def coverage_table(request: AtlasRequest) -> HttpResponse:
    """Give every strong cluster of a scheme with who covers it, as a file."""
    view = _view(request)
    found = coverage(published(), request.release, view.scheme.scheme, view.definition.definition)
    return table_answer(
        request,
        found.rows,
        name=f"coverage-{view.scheme.scheme}",
        title=_("%(scheme)s: strong clusters and who organises them, %(year)s")
        % {"scheme": words.word(view.scheme.title), "year": found.year},
        source=view.scheme.source_line,
        kind=CoverageRow,
        words=COVERAGE_WORDS,
    )


@needs("read")
@require_safe
def overlaps_table(request: AtlasRequest) -> HttpResponse:
    """Give the clusters of regions that several organisations claim, as a file."""
    view = _view(request)
    found = coverage(published(), request.release, view.scheme.scheme, view.definition.definition)
    return table_answer(
        request,
        found.overlaps,
        name=f"overlaps-{view.scheme.scheme}",
        title=_("%(scheme)s: clusters that several organisations claim")
        % {"scheme": words.word(view.scheme.title)},
        source=_("what the organisations say of themselves"),
        kind=OverlapRow,
        words=OVERLAP_WORDS,
    )


def _view(request: AtlasRequest) -> View:
    release = request.release
    scheme = request.GET.get("scheme", "") or default_scheme(release).scheme
    return asked_view(request, release, scheme)


def _table(view: View, name: str) -> str:
    return with_query(
        f"/organisations/{name}",
        scheme=view.scheme.scheme,
        definition=view.definition_in_address,
    )


def _sentence(
    view: View, rows: Sequence[CoverageRow], gaps: Sequence[CoverageRow], organisations: int
) -> str:
    values = {
        "regions": words.word(view.scheme.region_words),
        "clusters": words.word(view.definition.group_words),
        "strong": figures.whole(len(rows)),
        "open": figures.whole(len(gaps)),
        "jobs": figures.in_words(sum(each.employment or 0 for each in gaps)),
        "unit": words.word(view.scheme.employment_word),
        "organisations": figures.whole(organisations),
    }
    if not organisations:
        return _("No organisation is published here yet, so nobody is known to organise anything.")
    return (
        _(
            "Strong, nearly surely: %(strong)s regional clusters. Organised by nobody in the "
            "registry: %(open)s of them, with %(jobs)s %(unit)s. Organisations in the registry: "
            "%(organisations)s."
        )
        % values
    )


def _gaps_sheet(view: View, rows: Sequence[CoverageRow]) -> Sheet:
    since = _("a year")
    return Sheet(
        "gaps",
        _("Strong and organised by nobody, %(year)s") % {"year": view.scheme.years[-1]},
        [
            SheetColumn(heading(view.scheme.region_word), number=False),
            SheetColumn(heading(view.definition.group_word), number=False),
            SheetColumn(heading(view.scheme.employment_word)),
            SheetColumn(_("Beyond average")),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Growth"), since),
        ],
        [
            SheetRow(
                each.region_name,
                [
                    Cell(
                        words.cluster(each.cluster_name),
                        number=False,
                        href=addresses.region_cluster(
                            each.scheme,
                            each.region,
                            each.cluster,
                            definition=view.definition_in_address,
                        ),
                    ),
                    Cell(doubt.jobs(each), between=doubt.jobs_between(each)),
                    Cell(figures.whole(each.beyond_average)),
                    Cell(
                        figures.quotient(each.location_quotient),
                        between=doubt.between(
                            each.location_quotient_low,
                            each.location_quotient_high,
                            figures.quotient,
                        ),
                    ),
                    Cell(figures.growth(each.employment_growth)),
                ],
                addresses.region(each.scheme, each.region),
            )
            for each in rows
        ],
        tall=True,
        empty=_("Nothing that is strong, nearly surely, is without an organisation."),
    )


def _overlaps_sheet(view: View, rows: Sequence[OverlapRow]) -> Sheet:
    return Sheet(
        "overlaps",
        _("Claimed by several organisations"),
        [
            SheetColumn(heading(view.scheme.region_word), number=False),
            SheetColumn(heading(view.definition.group_word), number=False),
            SheetColumn(_("Organisations"), number=False),
        ],
        [
            SheetRow(
                each.region_name,
                [
                    Cell(words.cluster(each.cluster_name), number=False),
                    Cell(
                        "; ".join(filter(None, [each.organisations, each.from_above])),
                        number=False,
                    ),
                ],
                addresses.region_cluster(
                    each.scheme,
                    each.region,
                    each.cluster,
                    definition=view.definition_in_address,
                ),
            )
            for each in rows
        ],
    )


def _counts_sheet(view: View, rows: Sequence[CoverageCount]) -> Sheet:
    covered = (Covered.here, Covered.part, Covered.within, Covered.above, Covered.nobody)
    heads = {
        Covered.here: _("Organised there"),
        Covered.part: _("In part"),
        Covered.within: _("From within"),
        Covered.above: _("From around"),
        Covered.nobody: _("By nobody"),
    }
    return Sheet(
        "by-cluster",
        _("Strong regions and who organises them, %(year)s") % {"year": view.scheme.years[-1]},
        [
            SheetColumn(heading(view.definition.group_word), number=False),
            SheetColumn(_("Strong regions")),
            *(SheetColumn(heads[each]) for each in covered),
            SheetColumn(heading(view.scheme.employment_word), _("organised by nobody")),
        ],
        [
            SheetRow(
                words.cluster(each.name),
                [
                    Cell(figures.whole(each.strong)),
                    *(Cell(figures.whole(getattr(each, way.value))) for way in covered),
                    Cell(figures.whole(each.jobs_open)),
                ],
                addresses.cluster(view.definition.definition, each.code),
            )
            for each in rows
        ],
        tall=True,
    )
