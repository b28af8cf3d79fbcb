"""How far the odds of options can be trusted: their skill on years kept aside, beside baselines."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import OptionSkill, SchemeInfo
from clusteratlas.portal import figures, words
from clusteratlas.portal.language import number
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

SHOWN = "sizes, quotient and relatedness"
"""The predictor behind the probabilities on the page."""

QUOTIENT = "current quotient alone"
EFFECTS = "region and industry effects alone"
WITHOUT = "all but relatedness"
SHUFFLED = "all, relatedness shuffled"


def _said() -> dict[str, str]:
    """Baselines that stand in the sentence, as one says them."""
    return {
        QUOTIENT: _("today's quotient alone"),
        EFFECTS: _("the effects of region and industry alone"),
        WITHOUT: _("all that it sees but relatedness"),
        SHUFFLED: _("the same with relatedness exchanged at random"),
    }


def _predictors() -> dict[str, str]:
    """Predictors as the table names them."""
    return {
        SHOWN: _("sizes, quotient and relatedness"),
        QUOTIENT: _("current quotient alone"),
        EFFECTS: _("region and industry effects alone"),
        WITHOUT: _("all but relatedness"),
        SHUFFLED: _("all, relatedness shuffled"),
        "relatedness alone": _("relatedness alone"),
        "density alone (plain co-location)": _("density alone (plain co-location)"),
        "density alone (near co-location)": _("density alone (near co-location)"),
        "density alone (composite)": _("density alone (composite)"),
        "sizes and diversity": _("sizes and diversity"),
        "effects, quotient and density": _("effects, quotient and density"),
        "boosted trees on all": _("boosted trees on all"),
    }


def _samples() -> dict[str, str]:
    return {
        "all": _("All entries"),
        "observed start": _("Entries from a figure that was printed at the start"),
        "durable": _("Entries that lasted"),
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
        _("Of ten such forecasts of what a region lacked, {right} came true on years kept aside.")
        if tested
        else _(
            "Of ten such forecasts of what a region lacked, {right} came true in the very "
            "sample that they were learned from."
        ),
        right=told(number(f"{10 * row.precision_at_10:.1f}"), "options-skill"),
    )


def skill_summary(rows: Sequence[OptionSkill]) -> SafeString | str:
    """Say what the odds are worth, beside what is known without any of this."""
    kept = judged(rows)
    shown = of(kept, SHOWN)
    if shown is None or shown.auc is None:
        return ""
    said = format_html(
        _(
            "On years that it had not seen, an industry that came stood above one that did not in "
            "{pairs} of 100 pairs."
        )
        if shown.split == OUT_OF_TIME
        else _(
            "This release holds too few years to keep one aside. On those it was learned from, "
            "an industry that came stood above one that did not in {pairs} of 100 pairs."
        ),
        pairs=told(_hundred(shown.auc), "options-skill"),
    )
    others = [
        f"{said_as} ({_hundred(row.auc)})"
        for name, said_as in _said().items()
        if (row := of(kept, name)) is not None and row.auc is not None
    ]
    beside = (
        format_html(
            _("Beside it, by the same test: chance (50), {others}."), others=figures.listed(others)
        )
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
            ngettext(
                "What relatedness adds to the rest is %(count)s pair in 100.",
                "What relatedness adds to the rest is %(count)s pairs in 100.",
                gain,
            )
            % {"count": gain}
            if gain > 0
            else _("Relatedness adds nothing that this test can see.")
        )
    effects = of(kept, EFFECTS)
    if effects is not None and effects.auc is not None and _pairs(effects) > _pairs(shown):
        said.append(
            _(
                "Effects alone do better here: the order below says little beyond which regions "
                "and industries change often."
            )
        )
    return " ".join(said)


def _pairs(row: OptionSkill) -> int:
    return round(100 * (row.auc or 0))


def _rare(shown: OptionSkill) -> str:
    if not shown.cells or not shown.events:
        return ""
    return _("Entries are rare: %(events)s of %(cells)s cells, %(share)s.") % {
        "events": figures.whole(shown.events),
        "cells": figures.whole(shown.cells),
        "share": figures.percent(shown.events / shown.cells),
    }


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
                _samples().get(sample, sample),
                [
                    *(Cell("") for _ in range(3)),
                    Cell(_("constant %(score)s") % {"score": _digits(first.brier_constant, 4)}),
                    Cell(""),
                    Cell(
                        _("%(events)s of %(cells)s")
                        % {
                            "events": figures.whole(first.events),
                            "cells": figures.whole(first.cells),
                        }
                    ),
                ],
                kind="level-1",
            )
        )
        lines += [_line(row) for row in mine]
    return Sheet(
        "skill-table",
        (
            _("Skill on years kept aside: %(regions)s, %(year)s")
            if late
            else _("Skill in the sample it was fitted on: %(regions)s, %(year)s")
        )
        % {"regions": words.word(scheme.title), "year": kept[0].year},
        [
            SheetColumn(_("Predicted by"), number=False),
            SheetColumn(_("AUC"), _("0.5 is chance")),
            SheetColumn(_("Average precision")),
            SheetColumn(_("Right in the first ten")),
            SheetColumn(_("Brier score"), _("lower is better")),
            SheetColumn(_("Calibration"), _("slope, 1 is right")),
            SheetColumn(_("Entries"), _("of cells")),
        ],
        lines,
    )


def _line(row: OptionSkill) -> SheetRow:
    return SheetRow(
        _predictors().get(row.predictor, row.predictor),
        [
            Cell(_digits(row.auc, 2)),
            Cell(_digits(row.average_precision, 2)),
            Cell(figures.percent(row.precision_at_10)),
            Cell(_digits(row.brier, 4)),
            Cell(_digits(row.calibration_slope, 2)),
            Cell(""),
        ],
        kind="level-2",
        pills=[("strong", _("shown here"))] if row.predictor == SHOWN else (),
    )


def _digits(value: float | None, digits: int) -> str:
    if value is None:
        return figures.NOTHING
    return number(f"{value:.{digits}f}".replace("-", figures.MINUS))
