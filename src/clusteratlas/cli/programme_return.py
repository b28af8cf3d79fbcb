"""`clusteratlas programme return`: what a member firm and the public euro get back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.cli.console import facts, line, notes, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command
from clusteratlas.cli.programme import app
from clusteratlas.cli.programme_evidence import read_report
from clusteratlas.cli.words import rounded
from clusteratlas.programmes.returns import (
    Assumed,
    Leverage,
    MemberReturn,
    PublicReturn,
    Ranged,
    Returns,
    read_assumptions,
    returns_of,
)


@app.command("return")
@command
def programme_return(
    report: Annotated[
        Path,
        typer.Argument(metavar="REPORT.json", help="As `programme effect --out` writes it."),
    ],
    *,
    assumptions: Annotated[
        Path,
        typer.Option("--assumptions", metavar="FILE.toml", help="Costs, values, discount rate."),
    ],
    column: Annotated[
        str, typer.Option("--column", metavar="NAME", help="Which outcome of the report.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show what a firm and the public get back.

    The effect times what is assumed, less what it cost, with intervals. Gross figures stand apart.
    Refused where the effect was refused.
    """
    found = returns_of(read_report(report), read_assumptions(assumptions), column=column)
    if as_json:
        print(to_json(found.to_dict()))
        return
    _show(found)


def _show(found: Returns) -> None:
    held = found.assumptions
    money = held.currency + (f" of {held.price_base}" if held.price_base else "")
    title(
        f"Return on {found.outcome}",
        f"effect of grade {found.grade.value}; amounts in {money}; intervals {held.level:.0%}",
    )
    facts([("Effect, for each treated unit and year", f"{_ranged(found.effect)} {found.unit}")])
    if found.member is not None:
        _show_member(found.member, money)
    if found.public is not None:
        _show_public(found.public, money, found.unit)
    if found.leverage is not None:
        _show_leverage(found.leverage, money)
    line()
    line("Assumed", style="bold")
    facts(_assumed(found))
    if held.gross:
        line()
        line("Gross figures: not additional, in none of the above", style="bold")
        facts(
            [
                (f"{each.what} (grade {each.grade})", f"{each.value:,.15g} {each.unit}")
                for each in held.gross
            ]
        )
    notes(
        [
            "Intervals hold the error of the effect and the ends of assumptions, not whether "
            "these are right.",
        ]
    )


def _show_member(member: MemberReturn, money: str) -> None:
    line()
    line("A member firm, all years, discounted", style="bold")
    facts(
        [
            ("Additional value it keeps", f"{_ranged(member.benefit)} {money}"),
            ("Fees, time and own share", f"{_ranged(member.cost)} {money}"),
            ("Net", f"{_ranged(member.net)} {money}"),
            ("For each unit of money", "–" if member.ratio is None else _ranged(member.ratio)),
            ("Chance to gain", f"{member.chance_positive:.0%}"),
            ("Breaks even at an effect of", f"{rounded(member.break_even)} a year"),
        ]
    )


def _show_public(public: PublicReturn, money: str, unit: str) -> None:
    line()
    line("The public", style="bold")
    facts(
        [
            ("Additional a year", f"{_ranged(public.additional)} {unit}"),
            ("Public money, discounted", f"{_ranged(public.cost)} {money}"),
            ("Additional a year for a million", f"{_ranged(public.per_million)} {unit}"),
            ("Additional value for one", _ranged(public.value_per_unit_of_money)),
            ("Chance of more value than cost", f"{public.chance_above_cost:.0%}"),
        ]
    )


def _show_leverage(leverage: Leverage, money: str) -> None:
    ratio = leverage.ratio
    ends = "no interval with two ends: the public money itself may not have risen"
    if ratio.low is not None and ratio.high is not None:
        ends = f"{ratio.low:,.3g} to {ratio.high:,.3g}"
    line()
    line("Leverage: additional own money for additional public money", style="bold")
    facts(
        [
            ("Own money, for each firm and year", f"{_ranged(leverage.private)} {money}"),
            ("Public money, for each firm and year", f"{_ranged(leverage.public)} {money}"),
            ("Ratio", f"{ratio.value:,.3g} ({ends})"),
            ("Correlation of the two, assumed", f"{leverage.correlation:g}"),
        ]
    )


def _assumed(found: Returns) -> list[tuple[str, str]]:
    held = found.assumptions
    rows = [
        ("Value of one unit a year", _figure(held.value_per_unit)),
        ("Discount rate", f"{held.discount_rate:.2%} a year"),
        ("Years of the effect", f"{found.effect_years}, then {held.years_after} more"),
        ("Lost of it in each later year", f"{held.decay:.0%}"),
        ("The same, discounted", f"{found.discounted_years:.3f} years"),
    ]
    if held.base is not None:
        rows.append(("Level without the programme", _figure(held.base)))
    if held.member is not None:
        for name, words in (
            ("fee", "Fee a year"),
            ("hours", "Hours a year"),
            ("cost_of_hour", "Cost of an hour"),
            ("own_share", "Own share a year"),
            ("kept", "Share of value the firm keeps"),
        ):
            rows.append((words, _figure(getattr(held.member, name))))
    if held.public is not None:
        rows.append(("Public cost", f"{_figure(held.public.cost)}, paid {held.public.paid}"))
    return [(name, value.replace("at_start", "at the start")) for name, value in rows]


def _figure(assumed: Assumed) -> str:
    ends = "" if assumed.low is None else f" ({assumed.low:,.15g} to {assumed.high:,.15g})"
    return f"{assumed.value:,.15g}{ends}" + (f" [{assumed.source}]" if assumed.source else "")


def _ranged(each: Ranged) -> str:
    return f"{rounded(each.value)} ({rounded(each.low)} to {rounded(each.high)})"
