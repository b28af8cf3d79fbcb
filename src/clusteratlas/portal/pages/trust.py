"""How far the figures can be trusted: their sources, how complete they are, for whom it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Completeness, Provenance, Release, SchemeInfo
from clusteratlas.portal import figures, quality, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, share_bar


@dataclass(frozen=True, slots=True)
class Used:
    """A source with what it is used for and how old it is."""

    given: Provenance
    tables: list[str]
    years: list[int]
    schemes: list[str]

    @property
    def age(self) -> str:
        """How many years lie between its figures and today."""
        if not self.years:
            return ""
        years = max(0, datetime.now(tz=UTC).year - self.years[-1])
        return _("figures of %(year)s, %(age)s years old") % {"year": self.years[-1], "age": years}


@require_safe
def quality_page(request: AtlasRequest) -> HttpResponse:
    """Show how complete the figures are, by scheme and year and by country."""
    release = request.release
    schemes = release.manifest.schemes
    many = [each for each in schemes if _countries(release, each) > 1]
    finest = max(many, key=lambda each: each.regions) if many else None
    return page(
        request,
        "quality.html",
        section="learn",
        by_scheme=_by_scheme(release),
        by_country=_by_country(release, finest) if finest else None,
        rule=_rule(),
        csv=at("/learn/data-quality.csv"),
    )


@require_safe
def quality_table(request: AtlasRequest) -> HttpResponse:
    """Give how complete the figures are as a table: whole schemes, then their countries."""
    release = request.release
    rows = [
        row
        for by_country in (False, True)
        for scheme in release.manifest.schemes
        if not by_country or _countries(release, scheme) > 1
        for row in release.completeness(scheme.scheme, by_country=by_country)
    ]
    return table_answer(
        request,
        rows,
        name="data-quality",
        title=_("How complete the figures are, by kind of region, year and country"),
        source="Cluster Atlas",
        kind=Completeness,
    )


@require_safe
def sources_page(request: AtlasRequest) -> HttpResponse:
    """Show every source of the release with its licence, age and what it leaves out."""
    used = _sources(request.release)
    return page(
        request,
        "sources.html",
        section="learn",
        figures_from=[each for each in used if "employment" in each.tables],
        others=[each for each in used if "employment" not in each.tables],
    )


@require_safe
def accessibility_page(request: AtlasRequest) -> HttpResponse:
    """Show for whom the portal works, and how to say where it does not."""
    return page(request, "accessibility.html", mail=settings.FEEDBACK_ADDRESS)


def _rule() -> list[tuple[str, str, str]]:
    """The thresholds of the grade of a region's figures: what, from where good, from where fair."""
    least, most = _("at least %(value)s"), _("at most %(value)s")

    def shares(text: str, levels: tuple[float, float]) -> list[str]:
        return [text % {"value": figures.percent(each)} for each in levels]

    years = [most % {"value": figures.whole(each)} for each in quality.MOST_AGE]
    lines = (
        (_("Reported share"), shares(least, quality.LEAST_REPORTED)),
        (_("Estimated share"), shares(most, quality.MOST_ESTIMATED)),
        (_("Coverage"), shares(least, quality.LEAST_COVERAGE)),
        (_("Age of the figures in years"), years),
    )
    return [(what, levels[0], levels[1]) for what, levels in lines]


def _countries(release: Release, scheme: SchemeInfo) -> int:
    return len({each.country for each in release.regions(scheme.scheme)})


def _columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Regions")),
        SheetColumn(_("Jobs printed by industry")),
        SheetColumn(_("Regions below half")),
        SheetColumn(_("Reported"), _("regional clusters")),
        SheetColumn(_("Estimated"), _("in part")),
        SheetColumn(_("Withheld")),
        SheetColumn(_("Not printed")),
        SheetColumn(_("Strong")),
        SheetColumn(_("Could flip"), _("strong or not")),
    ]


def _cells(each: Completeness) -> list[Cell]:
    share = each.reported_share
    return [
        Cell(figures.whole(each.regions)),
        Cell(figures.percent(share), bar=share_bar(share)),
        Cell(figures.whole(each.regions_below_half)),
        Cell(figures.whole(each.reported)),
        Cell(figures.whole(each.estimated)),
        Cell(figures.whole(each.withheld)),
        Cell(figures.whole(each.unpublished)),
        Cell(figures.whole(each.strong)),
        Cell(figures.whole(each.could_flip)),
    ]


def _by_scheme(release: Release) -> Sheet:
    rows = [
        SheetRow(
            _("%(regions)s, %(year)s") % {"regions": words.word(scheme.title), "year": each.year},
            _cells(each),
            at(f"/regions/{scheme.scheme}/"),
        )
        for scheme in release.manifest.schemes
        for each in release.completeness(scheme.scheme)
    ]
    caption = _("How complete the figures are, by kind of region and year")
    heads = [SheetColumn(_("Regions and year"), number=False), *_columns()]
    return Sheet("quality-schemes", caption, heads, rows)


def _by_country(release: Release, scheme: SchemeInfo) -> Sheet:
    year = scheme.years[-1]
    found = [
        each for each in release.completeness(scheme.scheme, by_country=True) if each.year == year
    ]
    found.sort(key=lambda each: (each.reported_share or 0, each.country or ""))
    rows = [SheetRow(words.country(each.country), _cells(each)) for each in found]
    caption = _("%(regions)s by country, %(year)s, the least complete first") % {
        "regions": words.word(scheme.title),
        "year": year,
    }
    heads = [SheetColumn(_("Country"), number=False), *_columns()]
    return Sheet("quality-countries", caption, heads, rows)


def _sources(release: Release) -> list[Used]:
    """Every source once, the figures' own before what was worked out from them."""
    tables: dict[str, list[str]] = {}
    given: dict[str, Provenance] = {}
    for file in sorted(release.manifest.files):
        for row in release.provenance(file.removesuffix(".parquet")):
            if row.licence == "not applicable":
                continue
            given.setdefault(row.source, row)
            tables.setdefault(row.source, []).append(row.table)
    return [Used(each, tables[source], *_seen_in(release, each)) for source, each in given.items()]


def _seen_in(release: Release, source: Provenance) -> tuple[list[int], list[str]]:
    """The years and kinds of regions whose figures come from a source."""
    name = f"{source.publisher}, {source.title}"
    schemes = [each for each in release.manifest.schemes if name in each.source_line.split("; ")]
    years = sorted({year for each in schemes for year in each.years if str(year) in source.title})
    if schemes and not years:
        years = sorted({year for each in schemes for year in each.years})
    return years, [words.word(each.title) for each in schemes]
