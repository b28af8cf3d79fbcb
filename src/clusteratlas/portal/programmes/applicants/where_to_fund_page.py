"""Where to fund next: strong clusters that nobody organises, organisations without a base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from clusteratlas.portal import addresses as pages
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised.coverage_kept import coverage
from clusteratlas.portal.pages.asking import Choice, View, asked_view, asked_word
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.applicants.screened import site_criteria
from clusteratlas.portal.registry import addresses as registry
from clusteratlas.portal.registry.shelf import Shelf, published
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sentences import heading
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.readiness import FundingNext, Gap, NextRow, fund_next

MOST_ROWS = 50
GAPS = {
    Gap.no_organisation: gettext_noop("Strong, and organised by nobody"),
    Gap.only_around: gettext_noop("Strong, and organised only from around or inside"),
    Gap.no_base: gettext_noop("Organisations without a cluster base"),
    Gap.base_open: gettext_noop("Organisations whose cluster base cannot be told"),
}
LEDES = {
    Gap.no_organisation: gettext_noop(
        "No organisation of the region claims the cluster: here one could be founded. The most "
        "important first, by jobs beyond those of an average region of that size."
    ),
    Gap.only_around: gettext_noop(
        "Organised from a region around, such as a state, or from one inside: ask whether that "
        "reaches the place."
    ),
    Gap.no_base: gettext_noop(
        "None of their claims is borne out, and their base surely falls short of the criteria: "
        "support would have to build the cluster first."
    ),
    Gap.base_open: gettext_noop(
        "What is withheld, not printed or not stated leaves it open: ask before you decide."
    ),
}
NEXT_WORDS = {
    "gap": "what is missing: no_organisation, only_around, no_base, base_open",
    "rank": "place within its gap, the most important first",
    "region_name": "name of the region",
    "cluster_name": "name of the cluster",
    "organisations": "who covers it from around, or the organisation without a base",
    "covered_from": "regions from which it is covered",
    "beyond_average": "jobs beyond those of an average region of its size, "
    "employment x (1 - 1 / quotient)",
    "reference_growth": "compound growth of employment a year in the reference area",
    "reason": "code of why: the coverage, or the reason of the claim check",
    "source": "publisher and title of the figures",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A gap with its table."""

    gap: str
    title: str
    lede: str
    sheet: Sheet
    more: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: a view of the map, one gap or all, one cluster or all."""

    view: View
    gap: str
    cluster: str

    def address(self, place: str = "") -> str:
        """Return the address of the page or of its table."""
        return addresses.where_to_fund(
            place,
            scheme=self.view.scheme.scheme,
            definition=self.view.definition_in_address,
            gap=self.gap,
            cluster=self.cluster,
        )


@needs("read")
@require_safe
def where_to_fund_page(request: AtlasRequest) -> HttpResponse:
    """Show where a programme could look next."""
    asked, shelf = _asked(request), published()
    found = _found(request, asked, shelf)
    rows = _rows(found, asked)
    view = asked.view
    slugs = {each.name: each.slug for each in shelf.organisations}
    return page(
        request,
        "programmes/where_to_fund.html",
        section="programmes",
        view=view,
        schemes=[
            Choice(each.scheme, words.word(each.title), each.scheme == view.scheme.scheme)
            for each in request.release.manifest.schemes
            if each.regions > 1
        ],
        definitions=[
            Choice(each, each, each == view.definition.definition)
            for each in view.scheme.definitions
        ],
        gaps=[Choice(gap.value, _(told), gap.value == asked.gap) for gap, told in GAPS.items()],
        clusters=[
            Choice(each.cluster, words.cluster(each.name), each.cluster == asked.cluster)
            for each in request.release.clusters(view.definition.definition)
            if each.traded is not False
        ],
        sentence=_sentence(asked, rows),
        sections=[
            _section(asked, gap, [each for each in rows if each.gap == gap], slugs)
            for gap in Gap
            if asked.gap in ("", gap.value)
        ],
        csv=asked.address("table.csv"),
        source=view.scheme.source_line,
        criteria=found.criteria,
    )


@needs("read")
@require_safe
def where_to_fund_table(request: AtlasRequest) -> HttpResponse:
    """Give where a programme could look next as a file."""
    asked = _asked(request)
    rows = _rows(_found(request, asked, published()), asked)
    scheme = asked.view.scheme
    return table_answer(
        request,
        rows,
        name=f"where-to-fund-{scheme.scheme}",
        title=_("%(scheme)s: where to fund next, %(year)s")
        % {"scheme": words.word(scheme.title), "year": scheme.years[-1]},
        source=scheme.source_line,
        kind=NextRow,
        words=NEXT_WORDS,
    )


def _asked(request: AtlasRequest) -> Asked:
    release = request.release
    scheme = request.GET.get("scheme", "") or default_scheme(release).scheme
    view = asked_view(request, release, scheme)
    gap = asked_word(request, "gap", ("", *(each.value for each in Gap)), "")
    known = [each.cluster for each in release.clusters(view.definition.definition)]
    return Asked(view, gap, asked_word(request, "cluster", ("", *known), ""))


def _found(request: AtlasRequest, asked: Asked, shelf: Shelf) -> FundingNext:
    view, release = asked.view, request.release
    scheme, definition = view.scheme.scheme, view.definition.definition
    return fund_next(
        [each.profile for each in shelf.organisations],
        release,
        scheme,
        definition=definition,
        criteria=site_criteria(),
        coverage=coverage(shelf, release, scheme, definition),
    )


def _rows(found: FundingNext, asked: Asked) -> list[NextRow]:
    return [
        each
        for each in found.rows
        if asked.gap in ("", each.gap) and asked.cluster in ("", each.cluster)
    ]


def _sentence(asked: Asked, rows: Sequence[NextRow]) -> str:
    view = asked.view
    open_rows = [each for each in rows if each.gap == Gap.no_organisation]
    lacking = sum(each.gap in (Gap.no_base, Gap.base_open) for each in rows)
    return _(
        "Strong, nearly surely, and organised by nobody in the registry: %(open)s regional "
        "clusters with %(jobs)s %(unit)s, %(year)s. Organisations without a cluster base, "
        "or whose base cannot be told: %(lacking)s."
    ) % {
        "open": figures.whole(len(open_rows)),
        "jobs": figures.in_words(sum(each.employment or 0 for each in open_rows)),
        "unit": words.word(view.scheme.employment_word),
        "year": view.scheme.years[-1],
        "lacking": figures.whole(lacking),
    }


def _section(asked: Asked, gap: Gap, rows: Sequence[NextRow], slugs: dict[str, str]) -> Section:
    of_organisations = gap in (Gap.no_base, Gap.base_open)
    show = _organisation if of_organisations else _cluster
    shown = rows[:MOST_ROWS]
    return Section(
        gap.value,
        _(GAPS[gap]),
        _(LEDES[gap]),
        Sheet(
            f"t-{gap.value}",
            f"{_(GAPS[gap])}, {asked.view.scheme.years[-1]}",
            _columns(asked.view, organisations=of_organisations),
            [show(asked, each, slugs) for each in shown],
            tall=True,
            empty=_("Nothing of this kind."),
        ),
        len(rows) - len(shown),
    )


def _columns(view: View, *, organisations: bool) -> list[SheetColumn]:
    region = SheetColumn(heading(view.scheme.region_word), number=False)
    cluster = SheetColumn(heading(view.definition.group_word), number=False)
    front = (
        [SheetColumn(_("Organisation"), number=False), cluster, region]
        if organisations
        else [region, cluster, SheetColumn(_("Organised from"), number=False)]
    )
    return [
        *front,
        SheetColumn(heading(view.scheme.employment_word)),
        SheetColumn(_("Quotient")),
        SheetColumn(_("Strong"), _("of 100 tables")),
        SheetColumn(_("Growth"), _("a year")),
    ]


def _figures_of(each: NextRow) -> list[Cell]:
    strong = each.probability_strong
    if each.employment is None:
        jobs = Cell(figures.NOTHING)
    else:
        low, high = each.employment_low, each.employment_high
        jobs = Cell(
            figures.whole(each.employment),
            mark=each.status if each.status in ("estimated", "withheld") else "",
            between=doubt.between(low, high, figures.whole),
        )
    return [
        jobs,
        Cell(figures.quotient(each.location_quotient)),
        Cell(figures.NOTHING if strong is None else figures.whole(100 * strong)),
        Cell(figures.growth(each.employment_growth)),
    ]


def _cluster(asked: Asked, each: NextRow, slugs: dict[str, str]) -> SheetRow:
    from_where = each.covered_from or each.organisations or figures.NOTHING
    href = pages.region_cluster(
        each.scheme, each.region, each.cluster, definition=asked.view.definition_in_address
    )
    return SheetRow(
        each.region_name,
        [
            Cell(words.cluster(each.cluster_name), number=False, href=href),
            Cell(from_where, number=False),
            *_figures_of(each),
        ],
        pages.region(each.scheme, each.region),
    )


def _organisation(asked: Asked, each: NextRow, slugs: dict[str, str]) -> SheetRow:
    slug = slugs.get(each.organisations)
    return SheetRow(
        each.organisations,
        [
            Cell(words.cluster(each.cluster_name) or figures.NOTHING, number=False),
            Cell(each.region_name or figures.NOTHING, number=False),
            *_figures_of(each),
        ],
        registry.organisation(slug) if slug else "",
        lang="und",
    )
