"""How a figure was made: its rule, its inputs, each step with this region's own numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import floor, log10

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Region, RegionalCluster, Release
from clusteratlas.atlas.worked import Given, Part, Worked
from clusteratlas.atlas.worked_cluster import CLUSTER_FIGURES, worked_cluster
from clusteratlas.atlas.worked_region import REGION_FIGURES, worked_region
from clusteratlas.portal import addresses, doubt, figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import number
from clusteratlas.portal.pages import derivation_words as words
from clusteratlas.portal.pages.asking import View, asked_view
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.words import cluster as cluster_name
from clusteratlas.portal.words import word
from clusteratlas.tables import CannotAnswer

MOST_PARTS = 30
SIGNS = {"/": "÷", "*": "×", "-": figures.MINUS, ">=": "≥", "**": "^", "&": "∧"}
DIGITS = 8


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input as it is set."""

    symbol: SafeString
    words: str
    value: str
    between: str
    unit: str
    year: int
    status: str
    status_words: str
    table: str
    parts: list[tuple[str, str, str, str, str]]
    more: tuple[int, str] | None
    with_jobs: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it is set: what it gives, in symbols and in numbers."""

    symbol: SafeString
    words: str
    symbols: SafeString
    numbers: str
    result: str
    holds: bool | None


@require_safe
def derivation_page(request: AtlasRequest, scheme: str, region: str, figure: str) -> HttpResponse:
    """Show how a figure of a region, or of a cluster in it, was made."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    cluster = request.GET.get("cluster", "")
    known = CLUSTER_FIGURES if cluster else REGION_FIGURES
    if figure not in known:
        raise CannotAnswer(
            "no derivation is kept of a figure of that name",
            value=figure,
            hint=f"use one of {', '.join(known)}",
        )
    row = _row(release, view, place, cluster)
    if row is None:
        profile = release.region_profile(scheme, region, view.year, view.definition.definition)
        worked = worked_region(release, profile, figure)
    else:
        worked = worked_cluster(release, row, figure)
    said = words.figure_words(figure, of_cluster=row is not None)
    jobs_word = word(view.scheme.employment_word)
    return page(
        request,
        "derivation.html",
        section="regions",
        view=view,
        region=place,
        row=row,
        row_name=cluster_name(row.name) if row else "",
        figure=figure,
        said=said,
        formula=symbol(said.formula),
        worked=worked,
        result=_result(worked),
        result_exact=exact(worked.published or 0, worked.unit),
        between=doubt.between(worked.low, worked.high, lambda value: shown(value, worked.unit)),
        interval=_interval_words(worked, row is not None),
        unit=words.unit_words(worked.unit, jobs_word),
        status=words.status_words(worked.status),
        inputs=[_input(given, jobs_word) for given in worked.given],
        steps=_steps(worked),
        missing=words.missing_words(worked.missing) if not worked.steps else "",
        chance=doubt.chance(worked.published)
        if figure == "probability_strong" and worked.published is not None
        else "",
        others=_others(view, place, cluster, figure),
        region_href=addresses.region(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        back_href=_back(view, place, cluster),
        all_href=_address(view, place, "", cluster),
        api=_api(view, place, cluster),
    )


@require_safe
def derivations_page(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """List every figure of a region, or of a cluster in it, that is worked out step by step."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    cluster = request.GET.get("cluster", "")
    row = _row(release, view, place, cluster)
    profile = release.region_profile(scheme, region, view.year, view.definition.definition)
    listed = []
    for figure, (_make, unit) in (CLUSTER_FIGURES if row else REGION_FIGURES).items():
        source = row or profile
        value = getattr(source, figure, None)
        said = words.figure_words(figure, of_cluster=row is not None)
        listed.append(
            (said.title, _address(view, place, figure, cluster), shown(value, unit), said.rule)
        )
    return page(
        request,
        "derivations.html",
        section="regions",
        view=view,
        region=place,
        row=row,
        row_name=cluster_name(row.name) if row else "",
        listed=listed,
        region_href=addresses.region(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        back_href=_back(view, place, cluster),
    )


def _row(release: Release, view: View, region: Region, cluster: str) -> RegionalCluster | None:
    if not cluster:
        return None
    return release.regional_cluster(
        view.scheme.scheme, region.region, cluster, view.year, view.definition.definition
    )


def _address(view: View, region: Region, figure: str, cluster: str) -> str:
    return addresses.derivation(
        view.scheme.scheme,
        region.region,
        figure,
        year=view.year,
        definition=view.definition_in_address,
        cluster=cluster,
    )


def _back(view: View, region: Region, cluster: str) -> str:
    asked = {"year": view.year, "definition": view.definition_in_address}
    scheme = view.scheme.scheme
    if cluster:
        return addresses.region_cluster(scheme, region.region, cluster, **asked)  # type: ignore[arg-type]
    return addresses.region(scheme, region.region, **asked)  # type: ignore[arg-type]


def _api(view: View, region: Region, cluster: str) -> str:
    if not cluster:
        return addresses.with_query(
            f"/api/v1/regions/{view.scheme.scheme}/{region.region}",
            year=view.year,
            definition=view.definition_in_address,
        )
    return addresses.with_query(
        "/api/v1/regional-clusters",
        scheme=view.scheme.scheme,
        region=region.region,
        cluster=cluster,
        year=view.year,
        definition=view.definition_in_address,
    )


def _others(view: View, region: Region, cluster: str, figure: str) -> list[tuple[str, str, bool]]:
    return [
        (
            words.figure_words(name, of_cluster=bool(cluster)).title,
            _address(view, region, name, cluster),
            name == figure,
        )
        for name in (CLUSTER_FIGURES if cluster else REGION_FIGURES)
    ]


def symbol(text: str) -> SafeString:
    """Set a formula: what follows ``_`` stands low.

    >>> symbol("LQ_rc = e_rc ÷ b")
    'LQ<sub>rc</sub> = e<sub>rc</sub> ÷ b'
    """
    lowered = re.sub(r"_([a-z]+)", r"<sub>\1</sub>", str(escape(text)))
    return mark_safe(lowered)  # noqa: S308 (escaped above; only <sub> is put in)


def shown(value: float | bool | None, unit: str) -> str:
    """Write a figure as pages do."""
    if value is None:
        return figures.NOTHING
    match unit:
        case "truth":
            return _("yes") if value else _("no")
        case "share":
            return figures.percent(float(value))
        case "rate":
            return figures.growth(float(value))
        case "ratio":
            return figures.quotient(float(value)) if value >= 0.1 else exact(value, unit)
        case "bits":
            return number(f"{value:.2f}")
    return figures.whole(value)


def _result(worked: Worked) -> str:
    if worked.unit == "jobs" and "change" in worked.figure:
        return figures.signed(worked.published)
    return shown(worked.published, worked.unit)


def exact(value: float, unit: str = "") -> str:
    """Write a figure with all digits that its arithmetic needs.

    >>> exact(95290), exact(0.16094788), exact(-0.0087885), exact(1064393.0)
    ('95,290', '0.16094788', '−0.0087885', '1,064,393')
    """
    if unit == "truth":
        return _("yes") if value else _("no")
    if value == int(value):
        return figures.whole(value)
    decimals = min(max(DIGITS - 1 - floor(log10(abs(value))), 2), 12)
    text = f"{value:,.{decimals}f}".rstrip("0").rstrip(".")
    return number(text.replace("-", figures.MINUS))


def _input(given: Given, jobs_word: str) -> InputRow:
    named = words.name_of(given.name)
    kept = given.parts[:MOST_PARTS] if len(given.parts) > MOST_PARTS + 1 else given.parts
    rest = given.parts[len(kept) :]
    return InputRow(
        symbol(named.symbol),
        named.words,
        exact(given.value),
        doubt.between(given.low, given.high, exact),
        words.unit_words(given.unit, jobs_word),
        given.year,
        given.status,
        words.status_words(given.status),
        given.table,
        [_part(part) for part in kept],
        (len(rest), exact(sum(part.adds for part in rest))) if rest else None,
        any(part.jobs is not None for part in given.parts),
    )


def _part(part: Part) -> tuple[str, str, str, str, str]:
    return (
        cluster_name(part.name),
        part.code,
        exact(part.adds),
        "" if part.jobs is None else exact(part.jobs),
        part.status,
    )


def _steps(worked: Worked) -> list[StepRow]:
    known = {given.name: given.value for given in worked.given}
    truths = {step.name for step in worked.steps if step.unit == "truth"}
    rows = []
    for step in worked.steps:
        tokens = re.findall(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|\*\*|>=|[-+*/()&>]", step.expression)
        symbols: list[str] = []
        numbers: list[str] = []
        for token in tokens:
            if token in known:
                symbols.append(str(symbol(words.name_of(token).symbol)))
                written = exact(known[token], "truth" if token in truths else "")
                below = numbers and known[token] < 0
                numbers.append(f"({written})" if below else written)
            else:
                sign = SIGNS.get(token, token)
                symbols.append(str(escape(sign)))
                numbers.append(sign)
        known[step.name] = step.value
        named = words.name_of(step.name)
        rows.append(
            StepRow(
                symbol(named.symbol),
                named.words,
                mark_safe(_spaced(symbols)),  # noqa: S308 (each token was escaped above)
                _spaced(numbers),
                exact(step.value, step.unit),
                bool(step.value) if step.unit == "truth" else None,
            )
        )
    return rows


def _spaced(tokens: list[str]) -> str:
    text = " ".join(tokens)
    return text.replace("( ", "(").replace(" )", ")").replace(" ^ ", "^")


def _interval_words(worked: Worked, of_cluster: bool) -> str:
    if worked.low is None or worked.high is None:
        return ""
    if worked.figure == "employment" and worked.status != "estimated":
        return _("What the office prints bounds this figure; it was not drawn.")
    return _(
        "Possible tables were drawn that fit all printed sums and bounds; the figure was worked "
        "out anew in each of them, and nine in ten lie in the interval."
    )
