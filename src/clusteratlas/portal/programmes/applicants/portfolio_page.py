"""Whom to fund: applicants beside each other, the best choice, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.charts.dots import LARGEST_DOT, DotChart, DotRow, Tick
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.applicants import applying, screen_words
from clusteratlas.portal.programmes.applicants.portfolio_asked import Asked, PortfolioForm
from clusteratlas.portal.programmes.applicants.portfolio_sheets import (
    FLIP_WORDS,
    PICK_WORDS,
    SOURCE,
    SWAP_WORDS,
    VARIANT_WORDS,
    FlipRow,
    PickRow,
    SwapRow,
    VariantRow,
    flip_rows,
    flips_sheet,
    pick_rows,
    picks_sheet,
    swap_rows,
    swaps_sheet,
    variant_rows,
    variants_sheet,
)
from clusteratlas.portal.programmes.applicants.screened import (
    applicant_of,
    key_of,
    screening_of,
    site_criteria,
)
from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.readiness import (
    Choice,
    Ranked,
    Screening,
    Sensitivity,
    choose,
    ranking,
    sensitivity,
)

SECTION = "programmes"
DOT = f"{LARGEST_DOT / 2:.1f}"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that a portfolio shows; ``links`` leads from an applicant to its page."""

    programme: Programme
    asked: Asked
    screening: Screening
    ranked: tuple[Ranked, ...]
    choice: Choice
    depends: Sensitivity
    links: Mapping[str, str]

    @property
    def names(self) -> dict[str, str]:
        """The names of applicants."""
        return {
            each.applicant.identity: each.applicant.profile.name
            for each in self.screening.applicants
        }


def _waiting(programme: Programme) -> list[Application]:
    found = programme.applications.filter(state=applying.State.HANDED_IN)
    return list(found.select_related("organisation", "programme"))


def _form(request: AtlasRequest, row: Programme, waiting: Sequence[Application]) -> PortfolioForm:
    applicants = [applicant_of(each) for each in waiting]
    return PortfolioForm(site_criteria(), row.document.calls, applicants, request.GET)


def _portfolio(
    request: AtlasRequest, row: Programme, waiting: Sequence[Application], asked: Asked
) -> Portfolio:
    mine = [each for each in waiting if asked.call in ("", each.call)]
    screening = screening_of(mine, request.release, asked.criteria)
    rules = asked.rules
    return Portfolio(
        row,
        asked,
        screening,
        ranking(screening, rules.first or len(mine), least=rules.least),
        choose(screening, rules),
        sensitivity(screening, rules),
        {key_of(each): addresses.applicant(row.slug, each.pk) for each in mine},
    )


@needs("run_programme")
@require_safe
def portfolio_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show the applicants beside each other, the choice, and who flips."""
    row = found_programme(programme)
    waiting = _waiting(row)
    form = _form(request, row, waiting)
    content = {
        "programme": row,
        "form": form,
        "waiting": len(waiting),
        "here": addresses.portfolio(row.slug),
        "applicants": addresses.applicant(row.slug),
    }
    if not form.is_valid():
        return form_page(request, "programmes/portfolio.html", section=SECTION, **content)
    found = _portfolio(request, row, waiting, form.asked)
    query = request.GET.dict()
    return page(
        request,
        "programmes/portfolio.html",
        section=SECTION,
        **content,
        portfolio=found,
        sentence=_sentence(found),
        steady=_steady(found),
        chart=_chart(found) if found.ranked else None,
        picks=picks_sheet(found.ranked, found.choice, found.depends, found.links),
        variants=variants_sheet(found.depends, found.names, found.screening.criteria),
        flips=flips_sheet(found.depends, found.names, found.screening.criteria),
        swaps=swaps_sheet(found.depends, found.names, found.screening.criteria),
        csv={
            name: addresses.portfolio(row.slug, f"{name}.csv", **query)
            for name in ("table", "variants", "flips", "swaps")
        },
        source=_("applications to the programme, profiles of the applicants and the measured map"),
    )


def _asked_table(request: AtlasRequest, programme: str) -> Portfolio:
    row = found_programme(programme)
    waiting = _waiting(row)
    form = _form(request, row, waiting)
    if not form.is_valid():
        name, told = next(iter(form.errors.items()))
        raise BadAddress(
            _("%(name)s: that cannot be asked") % {"name": name}, hint=" ".join(map(str, told))
        )
    return _portfolio(request, row, waiting, form.asked)


@needs("run_programme")
@require_safe
def picks_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give places and choice as a file."""
    found = _asked_table(request, programme)
    return table_answer(
        request,
        pick_rows(found.ranked, found.choice, found.depends),
        name=f"portfolio-{programme}",
        title=_("Whom to fund: %(name)s") % {"name": found.programme.name},
        source=SOURCE,
        kind=PickRow,
        words=PICK_WORDS,
    )


@needs("run_programme")
@require_safe
def variants_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the choices with one thing changed as a file."""
    found = _asked_table(request, programme)
    return table_answer(
        request,
        variant_rows(found.depends, found.names),
        name=f"variants-{programme}",
        title=_("Whom to fund with one thing changed: %(name)s") % {"name": found.programme.name},
        source=SOURCE,
        kind=VariantRow,
        words=VARIANT_WORDS,
    )


@needs("run_programme")
@require_safe
def flips_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the thresholds at which verdicts flip as a file."""
    found = _asked_table(request, programme)
    return table_answer(
        request,
        flip_rows(found.depends, found.names),
        name=f"flips-{programme}",
        title=_("Thresholds at which a verdict flips: %(name)s") % {"name": found.programme.name},
        source=SOURCE,
        kind=FlipRow,
        words=FLIP_WORDS,
    )


@needs("run_programme")
@require_safe
def swaps_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the weights at which two applicants change places as a file."""
    found = _asked_table(request, programme)
    return table_answer(
        request,
        swap_rows(found.depends, found.names),
        name=f"swaps-{programme}",
        title=_("Weights at which two change places: %(name)s") % {"name": found.programme.name},
        source=SOURCE,
        kind=SwapRow,
        words=SWAP_WORDS,
    )


def _sentence(found: Portfolio) -> str:
    choice, count = found.choice, len(found.screening.applicants)
    if not count:
        return _("Nobody waits for a decision.")
    told = ngettext(
        "Chosen: %(picks)s of %(count)s applicant.",
        "Chosen: %(picks)s of %(count)s applicants.",
        count,
    ) % {"picks": figures.whole(len(choice.picks)), "count": figures.whole(count)}
    budget = choice.rules.budget
    if budget is None or choice.spent is None:
        return told
    money = _("They ask for %(spent)s of %(budget)s.") % {
        "spent": screen_words.money(choice.spent, budget.currency, budget.price_base),
        "budget": screen_words.money(budget.amount, budget.currency, budget.price_base),
    }
    return f"{told} {money}"


def _steady(found: Portfolio) -> str:
    """Who is funded whatever is moved, and who only in some variants."""
    names = found.names
    robust = figures.listed([names[each] for each in found.depends.robust])
    fragile = figures.listed([names[each] for each in found.depends.fragile])
    told = []
    if robust:
        told.append(_("Funded whatever is moved: %(names)s.") % {"names": robust})
    elif found.choice.picks:
        told.append(_("Nobody is funded whatever is moved."))
    if fragile:
        told.append(_("Funded in some variants only: %(names)s.") % {"names": fragile})
    return " ".join(told)


def _chart(found: Portfolio) -> DotChart:
    """Scores with their intervals; rows start from the line of the last that is chosen."""
    picks = [each.score for each in found.choice.picks]
    cut = min(picks) if picks else 1.0
    title = _("Scores, and the line of the cut")
    chosen = found.choice.names
    return DotChart(
        "scores",
        title,
        f"{100 * cut:.2f}%",
        [Tick(f"{place}%", number(f"{place / 100:g}")) for place in (0, 25, 50, 75, 100)],
        [_dot(each, found, chosen) for each in found.ranked],
    )


def _dot(each: Ranked, found: Portfolio, chosen: frozenset[str]) -> DotRow:
    identity = each.applicant.applicant.identity
    one, other = screen_words.score(each.score_low), screen_words.score(each.score_high)
    said = screen_words.verdict(each.applicant.verdict.value)
    return DotRow(
        name=each.applicant.applicant.profile.name,
        href=found.links[identity],
        place=f"{100 * each.score:.2f}%",
        radius=DOT,
        mark="reported" if identity in chosen else "bare",
        value=screen_words.score(each.score),
        small=_("chosen") if identity in chosen else "",
        low=f"{100 * each.score_low:.2f}%" if one != other else "",
        high=f"{100 * each.score_high:.2f}%" if one != other else "",
        caps=each.score_high - each.score_low > 0.04,
        said=f"{said}, {one}–{other}" if one != other else said,
    )
