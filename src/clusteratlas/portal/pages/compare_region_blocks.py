"""The blocks of a comparison of regions: totals, portfolio, growth, shares, years, likeness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.atlas.side_by_side import overlaps_of_regions, payroll_per_job
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.scatter import (
    Scatter,
    ScatterAxis,
    ScatterPoint,
    growth_tick,
    percent_tick,
    scatter_chart,
)
from clusteratlas.portal.charts.side import SideChart
from clusteratlas.portal.charts.timeline import Line, Point, Timeline, small_multiples
from clusteratlas.portal.pages.compare_asked import Place
from clusteratlas.portal.pages.compare_portfolio import (
    chart_of,
    clusters_of,
    different_of,
    portfolio_of,
)
from clusteratlas.portal.pages.compare_rows import (
    Side,
    SideRow,
    apart,
    columns_of,
    counts,
    points,
    side_row,
    some,
)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Everything below the head of the page; a block without figures is None or empty."""

    answers: Sequence[str]
    totals: Side
    portfolio: Side | None
    chart: SideChart | None
    growth: Side | None
    scatter: Scatter | None
    different: Side | None
    years: Timeline | None
    alike: Side | None
    alike_words: str
    source: str
    filled: bool
    reference: str


def blocks_of(release: Release, places: Sequence[Place]) -> Blocks:
    """Return the blocks of regions whose figures can be compared."""
    shown = [place for place in places if place.profile is not None]
    clusters = [clusters_of(release, place) for place in shown]
    view = shown[0].view
    sources = dict.fromkeys(place.view.source_line for place in shown)
    pairs = overlaps_of_regions(
        release,
        [(place.view.scheme.scheme, place.region.region) for place in shown],
        view.year,
        view.definition.definition,
    )
    return Blocks(
        answers=_answers(shown, pairs),
        totals=_totals(shown),
        portfolio=portfolio_of(shown, clusters),
        chart=chart_of(shown, clusters),
        growth=_growth(shown),
        scatter=_scatter(release, shown),
        different=different_of(shown, clusters),
        years=_years(release, shown),
        alike=_alike(shown, pairs),
        alike_words=_alike_words(shown, pairs),
        source="; ".join(sources),
        filled=any(
            row.location_quotient_low is not None for rows in clusters for row in rows.values()
        ),
        reference=words.word(view.scheme.reference_name),
    )


def _totals(places: Sequence[Place]) -> Side:
    view = places[0].view
    profiles = [place.profile for place in places if place.profile is not None]
    split = view.definition.traded_split
    unit = view.scheme.payroll_unit
    money = unit.removesuffix(" 1,000")
    scale = 1000 if unit.endswith(" 1,000") else 1
    pays = [payroll_per_job(each) for each in profiles]
    since = _since(view.base_year)
    rows = [
        side_row(
            words.word(view.scheme.employment_word).capitalize(),
            [each.employment for each in profiles],
            figures.whole,
            counts,
            unit=str(view.year),
            href="#employment",
        ),
        side_row(
            _("Growth a year"),
            [each.employment_growth for each in profiles],
            figures.growth,
            points,
            unit=since,
            href="#change",
        ),
        side_row(
            _("Pay a job"),
            [None if pay is None else pay * scale for pay in pays],
            figures.whole,
            counts,
            unit=_("%(currency)s a year, where nearly all is reported") % {"currency": money},
        ),
        side_row(
            _("Establishments"), [each.establishments for each in profiles], figures.whole, counts
        ),
    ]
    if split:
        rows.append(
            side_row(
                _("Traded share"),
                [each.traded_share for each in profiles],
                figures.percent,
                points,
                ends=[(each.traded_share_low, each.traded_share_high) for each in profiles],
                unit=_("of the jobs"),
                href="#traded",
            )
        )
    rows += [
        side_row(
            _("Share in strong clusters") if split else _("Share in strong industry groups"),
            [each.cluster_strength for each in profiles],
            figures.percent,
            points,
            ends=[(each.cluster_strength_low, each.cluster_strength_high) for each in profiles],
            href="#cluster-strength",
        ),
        side_row(
            _("Strong clusters") if split else _("Strong industry groups"),
            [each.strong_clusters for each in profiles],
            figures.whole,
            counts,
            ends=[(each.strong_clusters_low, each.strong_clusters_high) for each in profiles],
            href="#strength",
        ),
        side_row(
            _("Related variety"),
            [each.related_variety for each in profiles],
            figures.quotient,
            apart,
            unit=_("bits"),
            href="#variety",
        ),
        side_row(
            _("Unrelated variety"),
            [each.unrelated_variety for each in profiles],
            figures.quotient,
            apart,
            unit=_("bits"),
            href="#variety",
        ),
        side_row(
            _("Rank by size"),
            [each.rank_by_employment for each in profiles],
            figures.whole,
            texts=[
                figures.NOTHING
                if each.rank_by_employment is None
                else _("%(rank)s of %(count)s")
                % {
                    "rank": figures.whole(each.rank_by_employment),
                    "count": figures.whole(each.ranked),
                }
                for each in profiles
            ],
            unit=_("within its kind of regions"),
            href="#rank",
        ),
        side_row(
            _("Reported share"),
            [each.reported_share for each in profiles],
            figures.percent,
            unit=_("of the jobs"),
            href="#reported-share",
        ),
    ]
    return Side(
        "totals",
        _("Totals, %(year)s") % {"year": view.year},
        columns_of(places),
        some(rows),
        base=places[0].name,
        corner=_("Question"),
    )


def _since(base_year: int | None) -> str:
    return _("since %(year)s") % {"year": base_year} if base_year else ""


def _growth(places: Sequence[Place]) -> Side | None:
    """The change since the first year and its parts, in percent of the jobs of that year."""
    view = places[0].view
    if view.base_year is None:
        return None
    profiles = [place.profile for place in places if place.profile is not None]
    starts = [
        (each.employment - each.employment_change)
        if each.employment is not None and each.employment_change is not None
        else None
        for each in profiles
    ]

    def of_start(name: str) -> list[float | None]:
        found: list[float | None] = []
        for each, start in zip(profiles, starts, strict=True):
            part = getattr(each, name)
            found.append(part / start if part is not None and start else None)
        return found

    rows = [
        side_row(
            _("Change"),
            [each.employment_change for each in profiles],
            figures.signed,
            counts,
            unit=words.word(view.scheme.employment_word),
        ),
        *(
            side_row(label, of_start(name), figures.growth, points, unit=_("of the jobs then"))
            for label, name in (
                (_("Change"), "employment_change"),
                (_("as all regions together"), "change_national"),
                (_("by its mix of clusters"), "change_mix"),
                (_("by its own pace within them"), "change_competitive"),
                (_("by clusters new there"), "change_new"),
            )
        ),
    ]
    found = some(rows)
    if not found:
        return None
    return Side(
        "growth",
        _("Change since %(base)s and what it is made of, %(year)s")
        % {"base": view.base_year, "year": view.year},
        columns_of(places),
        found,
        base=places[0].name,
        corner=_("Part"),
    )


def _scatter(release: Release, places: Sequence[Place]) -> Scatter | None:
    """All regions by share in strong clusters and growth, the compared ones marked."""
    kinds = [place for place in places if not place.base]
    view = kinds[0].view
    if len({place.view.scheme.scheme for place in kinds}) > 1 or view.base_year is None:
        return None
    numbers = {place.region.region: place for place in kinds}
    if view.scheme.regions <= len(numbers):
        return None
    asked = []
    everyone = release.region_profiles(view.scheme.scheme, view.year, view.definition.definition)
    by_code = {each.region: each for each in everyone}
    order = [by_code[place.region.region] for place in kinds if place.region.region in by_code]
    for each in [*order, *(one for one in everyone if one.region not in numbers)]:
        place = numbers.get(each.region)
        low, high = each.cluster_strength_low, each.cluster_strength_high
        asked.append(
            ScatterPoint(
                each.region_name,
                addresses.region(
                    view.scheme.scheme,
                    each.region,
                    year=view.year,
                    definition=view.definition_in_address,
                ),
                each.cluster_strength,
                each.employment_growth,
                marked=place is not None,
                short=place.name if place else "",
                number=str(place.number) if place else "",
                size=float(each.employment or 0),
                between_x=(low, high) if low is not None and high is not None else None,
            )
        )
    return scatter_chart(
        "level-change",
        _("Share in strong clusters and growth: %(regions)s, %(year)s")
        % {"regions": words.word(view.scheme.title), "year": view.year},
        asked,
        ScatterAxis(
            _("share of jobs in strong clusters, %(year)s") % {"year": view.year},
            figures.percent,
            _("share in strong clusters"),
            ticked=percent_tick,
        ),
        ScatterAxis(
            _("growth of jobs a year since %(year)s") % {"year": view.base_year},
            figures.growth,
            _("growth a year"),
            ticked=growth_tick,
            line=0.0,
            line_label=_("The level line is no change."),
        ),
        source=view.source_line,
        sized=words.word(view.scheme.employment_word),
        twin=addresses.region_ranking(
            view.scheme.scheme,
            "cluster_strength",
            definition=view.definition_in_address,
            year=view.year,
            region=kinds[0].region.region,
        ),
    )


def _years(release: Release, places: Sequence[Place]) -> Timeline | None:
    """Jobs of each region over the years, as an index of the first year that all have."""
    view = places[0].view
    lines = []
    for place in places:
        scheme, definition = place.view.scheme, place.view.definition.definition
        if definition not in scheme.definitions:
            continue
        jobs = {
            year: next(
                (
                    each.employment
                    for each in release.region_profiles(scheme.scheme, year, definition)
                    if each.region == place.region.region
                ),
                None,
            )
            for year in scheme.years
        }
        first = next((jobs[year] for year in scheme.years if jobs[year]), None)
        if not first:
            continue
        lines.append(
            Line(
                f"{place.number} {place.name}",
                [
                    Point(year, None, mark="nodata")
                    if jobs[year] is None
                    else Point(year, 100 * (jobs[year] or 0) / first)
                    for year in scheme.years
                ],
            )
        )
    if not lines or len(view.scheme.years) < 2:
        return None
    return small_multiples(
        "years",
        _("Jobs, %(year)s = 100, all on one axis") % {"year": view.scheme.years[0]},
        lines,
        written=_index,
        zero=False,
        shared=True,
        source=view.source_line,
    )


def _index(value: float) -> str:
    return figures.whole(value)


def _alike(places: Sequence[Place], pairs: Sequence[Sequence[float | None]]) -> Side | None:
    rows = [
        SideRow(
            f"{place.number} {place.name}",
            side_row("", list(pairs[one]), figures.percent).cells,
        )
        for one, place in enumerate(places)
    ]
    return Side(
        "alike",
        _("Share of the jobs that two regions have in the same clusters, %(year)s")
        % {"year": places[0].view.year},
        columns_of(places),
        rows,
        corner=_("Region"),
    )


def _pairs(
    places: Sequence[Place], pairs: Sequence[Sequence[float | None]]
) -> list[tuple[float, Place, Place]]:
    found = []
    for one, first in enumerate(places):
        for other in range(one + 1, len(places)):
            value = pairs[one][other]
            if value is not None:
                found.append((value, first, places[other]))
    return sorted(found, key=lambda each: -each[0])


def _alike_words(places: Sequence[Place], pairs: Sequence[Sequence[float | None]]) -> str:
    found = _pairs(places, pairs)
    if not found:
        return ""
    value, one, other = found[0]
    if len(found) == 1:
        return _("%(one)s and %(other)s have %(share)s of their jobs in the same clusters.") % {
            "one": one.name,
            "other": other.name,
            "share": figures.percent(value),
        }
    least, third, fourth = found[-1]
    return _(
        "Most alike are %(one)s and %(other)s with %(share)s of their jobs in the same clusters, "
        "least alike %(third)s and %(fourth)s with %(least)s."
    ) % {
        "one": one.name,
        "other": other.name,
        "share": figures.percent(value),
        "third": third.name,
        "fourth": fourth.name,
        "least": figures.percent(least),
    }


def _answers(places: Sequence[Place], pairs: Sequence[Sequence[float | None]]) -> list[str]:
    """Return the first sentences: who leads in what."""
    own = [place for place in places if not place.base]
    year = places[0].view.year

    def most(value: Callable[[Place], float | None]) -> tuple[Place, float] | None:
        known = [(place, found) for place in own if (found := value(place)) is not None]
        return max(known, key=lambda each: each[1]) if len(known) > 1 else None

    sentences = []
    strong = most(lambda place: place.profile.cluster_strength if place.profile else None)
    if strong:
        text = _(
            "%(region)s has the largest share of its jobs in strong clusters (%(share)s, %(year)s)."
        )
        sentences.append(
            text % {"region": strong[0].name, "share": figures.percent(strong[1]), "year": year}
        )
    pace = most(lambda place: place.profile.employment_growth if place.profile else None)
    if pace:
        text = _("%(region)s grew fastest: %(rate)s a year since %(base)s.")
        if pace[1] <= 0:
            text = _("%(region)s shrank least: %(rate)s a year since %(base)s.")
        sentences.append(
            text
            % {
                "region": pace[0].name,
                "rate": figures.growth(pace[1]),
                "base": places[0].view.base_year,
            }
        )
    alike = _alike_words(places, pairs)
    return [*sentences, *([alike] if alike else [])]
