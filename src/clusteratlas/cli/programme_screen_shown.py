"""What the readiness screen prints: places, criteria, the choice and what it depends on."""

from __future__ import annotations

from collections import Counter
from typing import Any

from clusteratlas.atlas import Release
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.words import number as whole
from clusteratlas.cli.words import quotient
from clusteratlas.programmes.readiness import (
    Choice,
    FundingNext,
    Gap,
    Ranked,
    Screened,
    Screening,
    Sensitivity,
)
from clusteratlas.programmes.readiness.documents import (
    choice_document,
    ranking_document,
    screening_document,
    sensitivity_document,
)
from clusteratlas.programmes.readiness.readiness_words import (
    GAPS,
    MET,
    PASSED,
    VERDICTS,
    between,
    name_of,
    number,
    reason_of,
    unit_of,
    verdict_of,
)

MOST_SWAPS = 10


def screen_document(
    screening: Screening,
    ranked: tuple[Ranked, ...],
    choice: Choice | None,
    depends: Sensitivity | None,
) -> dict[str, Any]:
    """Return the answer of ``clusteratlas programme screen --json``."""
    return {
        **screening_document(screening),
        "ranking": ranking_document(ranked),
        "choice": choice_document(choice) if choice is not None else None,
        "sensitivity": sensitivity_document(depends) if depends is not None else None,
    }


def next_document(found: FundingNext, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of ``clusteratlas programme fund-next --json``."""
    return {
        "scheme": found.scheme,
        "definition": found.definition,
        "year": found.year,
        "rule": found.rule,
        "criteria": found.criteria,
        "release": found.release,
        "counts": {gap.value: len(found.of(gap)) for gap in Gap},
        "rows": rows,
    }


def show(
    screening: Screening,
    ranked: tuple[Ranked, ...],
    choice: Choice | None,
    depends: Sensitivity | None,
) -> None:
    """Print the places, why each stands where it does, and the choice."""
    title("Who is ready", f"criteria {screening.criteria.name} · counted from {screening.on}")
    counts = Counter(each.verdict for each in screening.applicants)
    told = ", ".join(f"{counts[each]} {words}" for each, words in VERDICTS.items())
    line(f"Applicants: {len(screening.applicants)} ({told}).")
    headings = [
        Heading("place", right=True),
        Heading("applicant", folds=True),
        Heading("score", right=True),
        Heading("verdict", folds=True),
    ]
    if choice is not None and choice.rules.first is not None:
        headings.append(Heading(f"first {choice.rules.first}", right=True))
    table(headings, [_place(each, len(headings)) for each in ranked])
    for each in ranked:
        _show_criteria(each.applicant)
    if choice is not None and depends is not None:
        _show_choice(choice, depends)
    sources = {
        answer.figure.source
        for each in screening.applicants
        for answer in each.answers
        if answer.figure.source
    }
    notes([*sorted(sources), f"Release {screening.release}, rule {screening.rule}."])


def _place(each: Ranked, columns: int) -> list[str]:
    places = f"{each.place}"
    if each.place_low != each.place_high:
        places += f" ({each.place_low}–{each.place_high})"
    score = f"{each.score:.2f}"
    if f"{each.score_low:.2f}" != f"{each.score_high:.2f}":
        score += f" ({each.score_low:.2f}–{each.score_high:.2f})"
    low, high = each.probability_first
    chance = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%}–{high:.0%}"
    name = each.applicant.applicant.profile.name
    return [places, name, score, verdict_of(each.applicant), chance][:columns]


def _show_criteria(screened: Screened) -> None:
    profile = screened.applicant.profile
    title(f"{profile.name}{' (fictional)' if profile.fictional else ''}")
    check, best = screened.base.check, screened.base.best
    if check is not None and best is not None:
        line(f"Base: {check.cluster_name} in {best.region_name}.")
    rows = []
    for answer in screened.answers:
        unit = unit_of(answer.criterion)
        figure = answer.figure
        value = number(figure.value, unit=unit) if figure.value is not None else "–"
        ends = between(figure, unit)
        rows.append(
            [
                name_of(answer.criterion),
                MET[answer.verdict],
                f"{value} ({ends})" if ends else value,
                number(answer.threshold, unit=unit),
                unit,
                str(figure.year or ""),
            ]
        )
    table(
        [
            Heading("criterion", folds=True),
            Heading("verdict"),
            Heading("value", right=True, folds=True),
            Heading("asked", right=True),
            Heading("unit", folds=True),
            Heading("year"),
        ],
        rows,
    )
    notes(
        f"{name_of(each.criterion)}: {reason_of(each)}"
        for each in (*screened.lacks, *screened.open)
    )


def _show_choice(choice: Choice, depends: Sensitivity) -> None:
    rules = choice.rules
    title("Whom to fund")
    stable = dict(choice.stability)
    money = f" {rules.budget.currency}" if rules.budget is not None else ""
    if rules.budget is not None and choice.spent is not None:
        line(
            f"Chosen: {len(choice.picks)}, score {choice.score:.2f}, "
            f"{choice.spent:,.0f} of {rules.budget.amount:,.0f}{money}."
        )
    else:
        line(f"Chosen: {len(choice.picks)}, score {choice.score:.2f}.")
    table(
        [
            Heading("chosen", folds=True),
            Heading("score", right=True),
            Heading("asks", right=True),
            Heading("in draws", right=True),
            Heading("in variants", right=True),
            Heading("so it is"),
        ],
        [
            [
                each.applicant.profile.name,
                f"{each.score:.2f}",
                f"{each.applicant.totals[0].amount:,.0f}{money}" if money else "",
                f"{stable[each.applicant.identity]:.0%}",
                f"{depends.held(each.applicant.identity):.0%}",
                "robust" if each.applicant.identity in depends.robust else "fragile",
            ]
            for each in choice.picks
        ],
    )
    notes(
        f"Not chosen: {each.applicant.applicant.profile.name}: {PASSED[each.code]}."
        for each in choice.passed
    )
    for each in depends.variants:
        if each.enter or each.leave:
            what = f"{each.kind} of {each.criterion} at {number(each.value)}"
            said = what if each.kind != "without" else f"without {each.criterion}"
            notes([f"{said}: in {', '.join(each.enter) or 'nobody'}, "
                   f"out {', '.join(each.leave) or 'nobody'}."])  # fmt: skip
    notes(
        f"Equal at weight {each.at:.3g} of {each.criterion} (now {each.weight:g}): "
        f"{each.one} and {each.other}."
        for each in depends.swaps[:MOST_SWAPS]
    )


def show_next(release: Release, found: FundingNext, most: int) -> None:
    """Print the first rows of each gap."""
    info = release.scheme(found.scheme)
    title("Where to fund next", f"{info.title} · {found.year} · {found.definition}")
    for gap in Gap:
        rows = found.of(gap)
        line(f"{GAPS[gap.value][:1].upper()}{GAPS[gap.value][1:]}: {len(rows):,}.")
        if not rows:
            continue
        table(
            [
                Heading("", right=True),
                Heading("region", folds=True),
                Heading("cluster", folds=True),
                Heading("jobs", right=True),
                Heading("quotient", right=True),
                Heading("organisation", folds=True),
            ],
            [
                [
                    str(each.rank),
                    each.region_name,
                    each.cluster_name,
                    whole(each.employment),
                    quotient(each.location_quotient),
                    each.organisations,
                ]
                for each in rows[:most]
            ],
        )
    notes([info.source_line, f"Release {found.release}, rule {found.rule}, {found.criteria}."])
