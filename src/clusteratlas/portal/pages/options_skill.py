"""How far the odds of options can be trusted: their skill on years kept aside, beside baselines."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from clusteratlas.atlas import OptionSkill, SchemeInfo
from clusteratlas.portal import figures
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

SHOWN = "sizes, quotient and relatedness"
"""The predictor behind the probabilities on the page."""

QUOTIENT = "current quotient alone"
EFFECTS = "region and industry effects alone"
WITHOUT = "all but relatedness"
SHUFFLED = "all, relatedness shuffled"
SAID = {
    QUOTIENT: "today's quotient alone",
    EFFECTS: "the effects of region and industry alone",
    WITHOUT: "all that it sees but relatedness",
    SHUFFLED: "the same with relatedness exchanged at random",
}
"""Baselines that stand in the sentence, as one says them."""

SAMPLES = {
    "all": "All entries",
    "observed start": "Entries from a figure that was printed at the start",
    "durable": "Entries that lasted",
}
OUT_OF_TIME = "out of time"


def judged(rows: Sequence[OptionSkill]) -> list[OptionSkill]:
    """Return the rows on the hardest ground at hand: out of time, else in sample."""
    late = [row for row in rows if row.split == OUT_OF_TIME]
    return late or list(rows)


def of(rows: Sequence[OptionSkill], predictor: str, sample: str = "all") -> OptionSkill | None:
    """Return the row of a predictor."""
    return next((row for row in rows if row.predictor == predictor and row.sample == sample), None)


def hits(rows: Sequence[OptionSkill]) -> SafeString | str:
    """Say how many of the first ten such forecasts came true; empty where nobody knows."""
    row = of(judged(rows), SHOWN)
    if row is None or row.precision_at_10 is None:
        return ""
    tested = row.split == OUT_OF_TIME
    return format_html(
        "Of ten such forecasts of what a region lacked, {} came true {}.",
        told(f"{10 * row.precision_at_10:.1f}", "options-skill"),
        "on years kept aside" if tested else "in the very sample that they were learned from",
    )


def skill_summary(rows: Sequence[OptionSkill]) -> SafeString | str:
    """Say what the odds are worth, beside what is known without any of this."""
    kept = judged(rows)
    shown = of(kept, SHOWN)
    if shown is None or shown.auc is None:
        return ""
    said = format_html(
        "{} an industry that came stood above one that did not in {} of 100 pairs.",
        "On years that it had not seen,"
        if shown.split == OUT_OF_TIME
        else "This release holds too few years to keep one aside. On those it was learned from,",
        told(_hundred(shown.auc), "options-skill"),
    )
    others = [
        f"{words} ({_hundred(row.auc)})"
        for name, words in SAID.items()
        if (row := of(kept, name)) is not None and row.auc is not None
    ]
    beside = (
        format_html("Beside it, by the same test: chance (50), {}.", figures.listed(others))
        if others
        else ""
    )
    return joined([said, beside, _added(kept, shown), _rare(shown)])


def _added(kept: Sequence[OptionSkill], shown: OptionSkill) -> str:
    """Say what relatedness adds to the rest; exchanged at random it must add nothing."""
    rest = [
        _pairs(row)
        for name in (WITHOUT, SHUFFLED)
        if (row := of(kept, name)) is not None and row.auc is not None
    ]
    said = []
    if rest:
        gain = _pairs(shown) - max(rest)
        said.append(
            f"What relatedness adds to the rest is {figures.count(gain, 'pair', 'pairs')} in 100."
            if gain > 0
            else "Relatedness adds nothing that this test can see."
        )
    effects = of(kept, EFFECTS)
    if effects is not None and effects.auc is not None and _pairs(effects) > _pairs(shown):
        said.append(
            "Effects alone do better here: the order below says little beyond which regions and "
            "industries change often."
        )
    return " ".join(said)


def _pairs(row: OptionSkill) -> int:
    return round(100 * (row.auc or 0))


def _rare(shown: OptionSkill) -> str:
    if not shown.cells or not shown.events:
        return ""
    return (
        f"Entries are rare: {figures.whole(shown.events)} of {figures.whole(shown.cells)} cells, "
        f"{figures.percent(shown.events / shown.cells)}."
    )


def _hundred(share: float | None) -> str:
    return figures.NOTHING if share is None else f"{100 * share:.0f}"


def skill_sheet(rows: Sequence[OptionSkill], scheme: SchemeInfo) -> Sheet | None:
    """Return each predictor's skill on each sample, what is shown here first."""
    kept = judged(rows)
    if not kept:
        return None
    late = kept[0].split == OUT_OF_TIME
    lines = []
    for sample in dict.fromkeys(row.sample for row in kept):
        mine = [row for row in kept if row.sample == sample]
        mine.sort(key=lambda row: (row.predictor != SHOWN, -(row.auc or 0), row.predictor))
        first = mine[0]
        lines.append(
            SheetRow(
                SAMPLES.get(sample, sample),
                [
                    *(Cell("") for _ in range(3)),
                    Cell(f"constant {_digits(first.brier_constant, 4)}"),
                    Cell(""),
                    Cell(f"{figures.whole(first.events)} of {figures.whole(first.cells)}"),
                ],
                kind="level-1",
            )
        )
        lines += [_line(row) for row in mine]
    return Sheet(
        "skill-table",
        f"Skill {'on years kept aside' if late else 'in the sample it was fitted on'}, "
        f"{scheme.title}, {kept[0].year}",
        [
            SheetColumn("Predicted by", number=False),
            SheetColumn("AUC", "0.5 is chance"),
            SheetColumn("Average precision"),
            SheetColumn("Right in the first ten"),
            SheetColumn("Brier score", "lower is better"),
            SheetColumn("Calibration", "slope, 1 is right"),
            SheetColumn("Entries", "of cells"),
        ],
        lines,
    )


def _line(row: OptionSkill) -> SheetRow:
    return SheetRow(
        row.predictor,
        [
            Cell(_digits(row.auc, 2)),
            Cell(_digits(row.average_precision, 2)),
            Cell(figures.percent(row.precision_at_10)),
            Cell(_digits(row.brier, 4)),
            Cell(_digits(row.calibration_slope, 2)),
            Cell(""),
        ],
        kind="level-2",
        pills=[("strong", "shown here")] if row.predictor == SHOWN else (),
    )


def _digits(value: float | None, digits: int) -> str:
    if value is None:
        return figures.NOTHING
    return f"{value:.{digits}f}".replace("-", figures.MINUS)
