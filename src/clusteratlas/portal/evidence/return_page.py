"""What a member firm and the public get back of a programme, on assumptions in the address."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.evidence.library_page import SECTION
from clusteratlas.portal.evidence.return_form import ReturnForm
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import block
from clusteratlas.portal.programmes.models import EffectStudy, Programme
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.effects.records import EffectReport
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.programmes.returns import Leverage, Ranged, Returns, returns_of
from clusteratlas.tables import CannotAnswer

Told = tuple[str, str]


@needs("see_programme")
@require_safe
def return_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show the return on what the address assumes, or ask what is assumed."""
    row = Programme.objects.get(slug=programme)
    document = (row.public_document if row.is_public else None) or row.document
    effects = told_effects(row)
    content = {
        "programme": row,
        "effects": effects,
        "gross": [each for each in document.facts if each.value is not None],
    }
    asked = request.GET if "effect" in request.GET else None
    choices = [(key, said) for key, said, _study, _column in effects]
    money = _money_of(effects)
    form = ReturnForm(asked, choices, [each for each in choices if each[0] in money])
    if asked is None:
        return page(request, "evidence/return.html", section=SECTION, form=form, **content)
    held = form.asked()
    if held is None:
        return form_page(request, "evidence/return.html", section=SECTION, form=form, **content)
    chosen = next(each for each in effects if each[0] == form.cleaned_data["effect"])
    try:
        found = returns_of(EffectReport.from_dict(chosen[2].report), held, column=chosen[3])
    except CannotAnswer as error:
        return page(
            request,
            "evidence/return.html",
            section=SECTION,
            form=form,
            refused=error.fault,
            **content,
        )
    return page(
        request,
        "evidence/return.html",
        section=SECTION,
        form=form,
        sentence=_sentence(found),
        parts=_parts(found),
        rule=_rule(found),
        study=addresses.programme(row.slug, f"effects/{chosen[2].number}/"),
        **content,
    )


def told_effects(row: Programme) -> list[tuple[str, str, EffectStudy, str]]:
    """Return the effects that published studies of a programme tell: key, words, study, column."""
    found = []
    for study in row.studies.filter(published_at__isnull=False).order_by("-number"):
        for each in EffectReport.from_dict(study.report).outcomes:
            if each.refused or each.effect() is None:
                continue
            column = each.outcome.column
            said = f"{study.title}: {each.outcome.name or column}"
            found.append((f"{study.number}:{column}", said, study, column))
    return found


def _money_of(effects: list[tuple[str, str, EffectStudy, str]]) -> set[str]:
    """Return the keys of the effects that are amounts of money."""
    found = set()
    for key, _said, study, column in effects:
        for each in EffectReport.from_dict(study.report).outcomes:
            if each.outcome.column == column and each.outcome.money:
                found.add(key)
    return found


@block(order=50)
def return_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Lead to the return, where a published study tells an effect."""
    effects = told_effects(row)
    if not effects:
        return None
    content = {"href": addresses.programme(row.slug, "return/"), "count": len(effects)}
    return mark_safe(  # noqa: S308 - a template, which escapes
        render_to_string("evidence/_return_block.html", content, request)
    )


def _sentence(found: Returns) -> SafeString:
    parts = []
    money = found.assumptions.currency
    if found.public is not None:
        value = found.public.value_per_unit_of_money
        text = _(
            "For one {money} of public money the programme added value of {value} {money} ({low} "
            "to {high})."
        )
        parts.append(_said(text, value, money))
    if found.member is not None:
        text = _(
            "A member firm gains {value} {money} in all ({low} to {high}), fees and time paid."
        )
        parts.append(_said(text, found.member.net, money))
    if found.leverage is not None:
        parts.append(_leverage_said(found.leverage, money))
    return mark_safe(" ".join(parts))  # noqa: S308 - every part is escaped


def _leverage_said(leverage: Leverage, money: str) -> SafeString:
    ratio = leverage.ratio
    if ratio.low is not None and ratio.high is not None:
        text = _(
            "Beside one {money} of additional public money firms put {value} {money} more of their "
            "own ({low} to {high})."
        )
        return _said(text, Ranged(ratio.value, ratio.low, ratio.high), money)
    return format_html(
        _(
            "Nothing bounds what firms put beside one {money} of public money: the public money "
            "itself may not have risen."
        ),
        money=money,
    )


def _said(text: str, each: Ranged, money: str) -> SafeString:
    return format_html(
        text,
        money=money,
        value=format_html("<strong>{}</strong>", _amount(each.value)),
        low=_amount(each.low),
        high=_amount(each.high),
    )


def _parts(found: Returns) -> list[tuple[str, list[Told]]]:
    money = found.assumptions.currency
    shown: list[tuple[str, list[Told]]] = []
    if found.public is not None:
        public = found.public
        rows = [
            (_("Additional a year, all treated units"), _ranged(public.additional, found.unit)),
            (_("Public money, discounted"), _ranged(public.cost, money)),
            (_("Additional a year for a million"), _ranged(public.per_million, found.unit)),
            (_("Additional value for one"), _ranged(public.value_per_unit_of_money, money)),
            (_("Chance of more value than cost"), figures.percent(public.chance_above_cost)),
        ]
        shown.append((_("The public"), rows))
    if found.member is not None:
        member = found.member
        rows = [
            (_("Additional value the firm keeps"), _ranged(member.benefit, money)),
            (_("Fees, time and own share"), _ranged(member.cost, money)),
            (_("Net"), _ranged(member.net, money)),
            (_("Chance to gain"), figures.percent(member.chance_positive)),
            (_("Breaks even at an effect a year of"), _amount(member.break_even)),
        ]
        if member.ratio is not None:
            rows.insert(3, (_("Back for one put in"), _ranged(member.ratio, money)))
        shown.append((_("A member firm"), rows))
    if found.leverage is not None:
        leverage = found.leverage
        ratio = leverage.ratio
        ends = _("not bounded")
        if ratio.low is not None and ratio.high is not None:
            ends = _("%(low)s to %(high)s") % {
                "low": _amount(ratio.low),
                "high": _amount(ratio.high),
            }
        rows = [
            (_("Additional own money, for each firm and year"), _ranged(leverage.private, money)),
            (_("Additional public money, the same"), _ranged(leverage.public, money)),
            (_("Own money for one of public money"), _amount(ratio.value)),
            (_("Interval of that (Fieller)"), ends),
            (_("Correlation of the two estimates, assumed"), _amount(leverage.correlation)),
        ]
        shown.append((_("Leverage"), rows))
    return shown


def _rule(found: Returns) -> str:
    held = found.assumptions
    text = _(
        "Effect of grade %(grade)s, %(effect)s for each treated unit and year, over %(years)s "
        "years and %(after)s more, which count as %(span)s years at %(rate)s a year. Intervals "
        "(%(level)s) hold the error of the effect and the ends of what is assumed, not whether the "
        "assumptions are right."
    )
    return text % {
        "grade": found.grade.value,
        "effect": _ranged(found.effect, found.unit),
        "years": found.effect_years,
        "after": held.years_after,
        "span": number(f"{found.discounted_years:.2f}"),
        "rate": figures.percent(held.discount_rate),
        "level": figures.percent(held.level),
    }


def _ranged(each: Ranged, unit: str) -> str:
    if each.low == each.high:
        return f"{_amount(each.value)} {unit}"
    return _("%(value)s %(unit)s (%(low)s to %(high)s)") % {
        "value": _amount(each.value),
        "unit": unit,
        "low": _amount(each.low),
        "high": _amount(each.high),
    }


def _amount(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
    return number(text.replace("-", figures.MINUS))
