"""What `clusteratlas programme benchmark` prints for readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.words import NOT_KNOWN, number, quotient
from clusteratlas.programmes.benchmarking import (
    Benchmark,
    Chosen,
    ClusterHealth,
    ConditionCheck,
    LabelCheck,
    Mark,
    Points,
    Position,
    Questionnaire,
    Refusal,
    Standing,
)
from clusteratlas.programmes.benchmarking.layout import answer_with

READABLE_GAPS = 12
STANDING = {
    Standing.met: "met",
    Standing.missed: "not met",
    Standing.unknown: "not known yet",
    Standing.outside: "decided by others",
}
MARKED = {
    Mark.official: "",
    Mark.seen: " [seen]",
    Mark.remembered: " [remembered]",
    Mark.reconstructed: " [reconstructed]",
    Mark.ours: " [ours]",
}
REFUSED = {
    Refusal.too_few: "fewer than {minimum} organisations meet the filter",
    Refusal.left_out: "the filter leaves out so few that they could be told from a wider one",
    Refusal.line: "what the other values of the filter hide could be told from this one",
}


def show_benchmark(name: str, found: Benchmark) -> None:
    """Print a benchmark: score, positions, label, drift, checks, health."""
    asked = found.questionnaire
    title(name, f"{asked.title} · round of {found.round.date} · self-assessment")
    total = found.score.total
    open_ones = total.asked - total.answered - total.not_applicable
    line(
        f"{_points(total)} of {total.most} points ({_share(total)}); "
        f"{total.answered} of {total.asked - total.not_applicable} indicators answered."
    )
    if open_ones:
        notes([f"{open_ones} are open and count from nothing to the most: that is the interval."])
    _show_positions(found)
    if found.label:
        _show_label(found.label)
    _show_drift(found)
    _show_disagreements(found)
    _show_health(found)
    line()
    notes(
        [
            "Marks: [seen] read in a source, [remembered] not read again, [reconstructed] put "
            "together, [ours] set by this project.",
            f"{asked.source}.",
            f"Rule {found.rule.name}. Evidence grade D: self-report.",
        ]
    )


def show_what_if(before: Benchmark, after: Benchmark, changes: Mapping[str, object]) -> None:
    """Print what changed answers would make of score and label."""
    said = ", ".join(f"{code} = {value}" for code, value in changes.items())
    line()
    line(f"What if {said}?", style="bold")
    line(
        f"{_points(before.score.total)} points become {_points(after.score.total)} of "
        f"{after.score.total.most} ({_share(after.score.total)})."
    )
    if before.label and after.label:
        line(
            f"{after.label.rule.name}: {STANDING[before.label.standing]} becomes "
            f"{STANDING[after.label.standing]}."
        )


def show_questionnaires(found: Iterable[Questionnaire]) -> None:
    """Print a list of questionnaires."""
    rows = [
        [
            each.key,
            f"{len(each.indicator)}{MARKED[each.indicators_in_all.mark]}",
            f"{len(each.group)}{MARKED[each.groups_in_all.mark]}",
            ", ".join(one.code for one in each.label),
            each.title,
        ]
        for each in found
    ]
    headings = [Heading(each) for each in ("questionnaire", "indicators", "groups", "labels")]
    table([*headings, Heading("title", folds=True)], rows)


def show_questionnaire(found: Questionnaire) -> None:
    """Print a questionnaire with its marks, then what earns its labels."""
    title(found.title, f"{found.key} · {found.source}")
    if found.about:
        line(found.about)
    notes([f"How indicators fall into groups: {found.split.meaning}."])
    for group in found.group:
        line()
        line(f"{group.name}{MARKED[group.mark]}", style="bold")
        table(
            [Heading("indicator"), Heading("name", folds=True), Heading("answer with", folds=True)],
            [
                [
                    each.code,
                    f"{each.name}{MARKED[each.mark]}",
                    f"{answer_with(found.scales[each.code])}{MARKED[found.scales[each.code].mark]}",
                ]
                for each in found.of_group(group.code)
            ],
        )
    for label in found.label:
        line()
        line(f"{label.name}{MARKED[label.mark]}", style="bold")
        line(f"{label.earned}{MARKED[label.earned_mark]}")
        if label.valid_months:
            mark = MARKED[label.validity_mark] if label.validity_mark else ""
            renewed = f", renewed for {label.renewed_months}" if label.renewed_months else ""
            line(f"Stands for {label.valid_months} months{renewed}{mark}.")
        for price in label.price:
            line(
                f"{price.currency} {price.amount:,.0f}: {price.what}{MARKED[price.mark]} "
                f"({price.source})"
            )
        for each in label.condition:
            line(f"- {each.text}{MARKED[each.mark]}")


def _points(points: Points) -> str:
    return f"{points.low}" if points.low == points.high else f"{points.low} to {points.high}"


def _share(points: Points) -> str:
    low, high = points.share_low, points.share_high
    if low is None or high is None:
        return NOT_KNOWN
    return f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"


def _show_positions(found: Benchmark) -> None:
    if found.chosen is None:
        return
    line()
    if found.chosen.refusal:
        line(f"No position is told: {_refused(found.chosen, found.rule.minimum_peers)}.")
        return
    of = found.chosen.population
    stands = f" that stand for {of:,} organisations" if of else ""
    line(f"Among {len(found.chosen.peers)} peers{stands}", style="bold")
    names = {each.code: each.name for each in found.questionnaire.group}
    table(
        [
            Heading("", folds=True),
            Heading("own share", right=True),
            Heading("peers' quartiles", right=True),
            Heading("more than", right=True),
            Heading(f"{found.rule.confidence:.0%} interval", right=True),
        ],
        [_position_row(each, names) for each in found.positions if each.of != "indicator"],
    )
    notes(
        [
            "“More than” is the share of peers with fewer points; the interval is that of all "
            "organisations they stand for, exact for draws without replacement, open answers in it."
        ]
    )


def _refused(chosen: Chosen, minimum: int) -> str:
    return REFUSED[chosen.refusal or Refusal.too_few].format(minimum=minimum)


def _position_row(each: Position, names: Mapping[str, str]) -> list[str]:
    own = NOT_KNOWN
    if each.own_low is not None and each.own_high is not None:
        own = f"{each.own_low:.0%}"
        if each.own_high != each.own_low:
            own = f"{each.own_low:.0%} to {each.own_high:.0%}"
    box = each.box
    return [
        "In all" if each.of == "total" else names[each.code],
        own,
        f"{box.lower:.0%}, {box.middle:.0%}, {box.upper:.0%}",
        NOT_KNOWN if each.below is None else f"{each.below:.0%}",
        f"{each.low:.0%} to {each.high:.0%}",
    ]


def _show_label(check: LabelCheck) -> None:
    line()
    line(f"{check.rule.name}{MARKED[check.rule.mark]}: {STANDING[check.standing]}", style="bold")
    for each in check.conditions:
        line(f"- {each.condition.text}{MARKED[each.condition.mark]} {_found(each)}")
    rows = [each for each in check.gaps if each.standing is not Standing.met]
    if not rows:
        return
    line()
    table(
        [
            Heading("indicator", folds=True),
            Heading("now", right=True),
            Heading("asked", right=True),
            Heading("days a point", right=True),
            Heading("stands"),
        ],
        [
            [
                f"{each.indicator.name}{MARKED[each.indicator.mark]}",
                str(each.low) if each.low == each.high else f"{each.low}-{each.high}",
                f"{each.most if each.threshold is None else each.threshold} of {each.most}",
                NOT_KNOWN if each.effort is None else f"{each.effort:g}",
                STANDING[each.standing],
            ]
            for each in rows[:READABLE_GAPS]
        ],
    )
    if len(rows) > READABLE_GAPS:
        notes([f"{len(rows) - READABLE_GAPS} more with --json."])
    notes(["Days of work are this project's guess [ours]; best value for work first."])
    plan = check.plan
    if plan and plan.reaches and plan.steps:
        line(f"Least work that surely reaches what it asks of points: {plan.effort:g} days.")
    elif plan and not plan.reaches:
        line(f"Work alone does not reach it: {', '.join(plan.without_work) or 'too few points'}.")


def _found(each: ConditionCheck) -> str:
    standing = STANDING[each.standing]
    low, high, asked = each.low, each.high, each.asked
    if low is None or high is None:
        return f"({standing})"
    if each.condition.kind == "share":
        between = f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"
        return f"({standing}: {between} of {asked:.0%})"
    between = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"({standing}: {between} of {asked:g})"


def _show_drift(found: Benchmark) -> None:
    since = found.drift
    if since is None:
        return
    line()
    line(f"Since {since.since} ({since.months:.0f} months)", style="bold")
    line(f"Points gained: {since.total.low:+d} to {since.total.high:+d}.")
    names = {each.code: each.name for each in found.questionnaire.indicator}
    for change in ("better", "worse", "moved"):
        rows = [each for each in since.indicators if each.change.value == change]
        if rows:
            said = ", ".join(
                f"{names[e.indicator]} ({_said(e.before)} to {_said(e.after)})" for e in rows
            )
            line(f"{change.capitalize()}: {said}.")


def _said(value: float | str | None) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _show_disagreements(found: Benchmark) -> None:
    if not found.disagreements:
        return
    line()
    line("Answers that differ from what is known", style="bold")
    for each in found.disagreements:
        worth = f"; {each.worth:+d} points" if each.worth else ""
        line(
            f"- {each.indicator.name}: answered {_said(each.answered)}, {each.known.source} "
            f"says {_said(each.known.value)}{worth}."
        )
    notes(["Two statements differ; which is right is not said."])


def _show_health(found: Benchmark) -> None:
    rows = found.health
    if not rows:
        return
    line()
    line("Measured health of its own clusters", style="bold")
    table(
        [
            Heading("cluster", folds=True),
            Heading("region", folds=True),
            Heading("verdict"),
            Heading("jobs", right=True),
            Heading("quotient", right=True),
            Heading("a year", right=True),
            Heading("elsewhere", right=True),
        ],
        [
            [
                each.cluster_name,
                each.region_name,
                each.verdict.value,
                _jobs(each.employment, each.employment_low, each.employment_high),
                quotient(each.location_quotient),
                _rate(each.growth),
                _rate(each.reference_growth),
            ]
            for each in rows
        ],
    )
    notes(_sources(rows))


def _sources(rows: Sequence[ClusterHealth]) -> list[str]:
    told = {
        f"{each.source} Figures of {each.year}, growth since {each.since}."
        for each in rows
        if each.year
    }
    return sorted(told)


def _jobs(figure: int | None, low: int | None, high: int | None) -> str:
    if low is None or high is None or low == high:
        return number(figure)
    return f"{number(figure)} ({number(low)}-{number(high)})"


def _rate(share: float | None) -> str:
    return NOT_KNOWN if share is None else f"{share:+.1%}"
