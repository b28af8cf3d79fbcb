"""What the printed report says of a return: what an effect is worth, apart from gross figures."""

from __future__ import annotations

from clusteratlas.programmes.account.words import shown_number
from clusteratlas.programmes.report import ReturnPart
from clusteratlas.programmes.returns import Ranged, Returns


def return_part(found: Returns) -> ReturnPart:
    """Return a return in English, as `report_content` takes it; ``found`` is of `returns_of`."""
    held = found.assumptions
    money = held.currency + (f" of {held.price_base}" if held.price_base else "")
    grade = found.grade.value
    rows = [("Effect, for each supported unit and year", found.effect, found.unit)]
    if found.member is not None:
        rows += [
            ("Member firm: additional value it keeps, all years", found.member.benefit, money),
            ("Member firm: fees, time and own share", found.member.cost, money),
            ("Member firm: net", found.member.net, money),
        ]
    if found.public is not None:
        rows += [
            ("Public: additional a year", found.public.additional, found.unit),
            ("Public: money, discounted", found.public.cost, money),
            (
                "Public: additional value for one",
                found.public.value_per_unit_of_money,
                f"{money} / {money}",
            ),
        ]
    said = [
        f"Intervals are {held.level:.0%}; they hold the error of the effect and the ends of what "
        "is assumed, not whether that is right.",
        f"Assumed: one unit is worth {shown_number(held.value_per_unit.value)} {money} a year; "
        f"{held.discount_rate:.2%} are discounted a year; the effect lasts {found.effect_years} "
        f"years and {held.years_after} more, losing {held.decay:.0%} a year.",
    ]
    said += [
        f"Gross, in none of the above: {each.what}, {shown_number(each.value)} {each.unit} "
        f"(grade {each.grade})."
        for each in held.gross
    ]
    return ReturnPart(
        f"Return on {found.outcome}",
        tuple((what, _ranged(figure), unit, grade) for what, figure, unit in rows),
        tuple(said),
    )


def _ranged(each: Ranged) -> str:
    ends = f"{shown_number(each.low)} to {shown_number(each.high)}"
    return f"{shown_number(each.value)} ({ends})"
