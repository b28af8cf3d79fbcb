"""What goes with lying together inside a cluster: a sentence, a table, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Mechanism, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.related import deviations
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.tables.explained import FEWEST_PAIRS

ANCHOR = "mechanisms"
RARE = 0.05
FEW_INDUSTRIES = 12
"""With fewer, one industry can carry a coefficient."""

WORDS = {
    "input_output": ("trade more with each other", "trade less with each other", "trade"),
    "occupations": (
        "employ more of the same occupations",
        "employ fewer of the same occupations",
        "shared occupations",
    ),
    "skill_flows": (
        "exchange more people",
        "exchange fewer people",
        "people who change between them",
    ),
    "knowledge": ("share more knowledge", "share less knowledge", "shared knowledge"),
}
"""Component to what it says where the coefficient is above 0, below 0, and what it is called."""


@dataclass(frozen=True, slots=True)
class MechanismSection:
    """The section of a cluster's page; without a table it says why."""

    summary: SafeString
    sheet: Sheet | None
    few: int
    source: str
    csv: str
    api: str


def mechanism_section(
    release: Release, view: View, cluster: str, name: str
) -> MechanismSection | None:
    """Return what goes with lying together; nothing where the release says nothing of it."""
    definition = view.definition.definition
    rows = release.mechanisms(definition, cluster)
    if not rows:
        return None
    first = rows[0]
    industries = first.industries or 0
    return MechanismSection(
        _refusal(name, first) if first.refused else _summary(name, rows),
        None if first.refused else _sheet(name, rows),
        industries if not first.refused and industries < FEW_INDUSTRIES else 0,
        source_of(release, rows),
        addresses.cluster(definition, cluster, table="mechanisms.csv"),
        f"/api/v1/clusters/{definition}/{cluster}/mechanisms",
    )


@require_safe
def mechanisms_table(request: AtlasRequest, definition: str, cluster: str) -> HttpResponse:
    """Give what goes with lying together inside a cluster as CSV."""
    release = request.release
    rows = release.mechanisms(definition, cluster)
    return table_answer(
        request,
        rows,
        name=f"{cluster}-{definition}-mechanisms",
        title=_("What goes with lying together inside %(cluster)s")
        % {"cluster": words.cluster(release.cluster(definition, cluster).name)},
        source=source_of(release, rows),
        columns=[each for each in Mechanism.__dataclass_fields__ if each != "source"],
        kind=Mechanism,
    )


def source_of(release: Release, rows: Sequence[Mechanism]) -> str:
    """Return the publishers behind rows of mechanisms."""
    keys = {row.source for row in rows}
    named = [row.publisher for row in release.provenance("mechanisms") if row.source in keys]
    return "; ".join(dict.fromkeys(named)) or "Cluster Atlas"


def _refusal(name: str, row: Mechanism) -> SafeString:
    """Say plainly why there is no figure."""
    if row.pairs is None or row.pairs >= FEWEST_PAIRS:
        return format_html("This is not said of {}: {}.", name, row.refused)
    pairs = f"only {figures.count(row.pairs, 'pair', 'pairs')}" if row.pairs else "no pair"
    return format_html(
        "This is not said of {}: its {} make {} of different four-digit classes that can be "
        "compared, and {} are the least that could carry an answer.",
        name,
        figures.count(row.industries or 0, "industry", "industries"),
        told(pairs, ANCHOR),
        FEWEST_PAIRS,
    )


def _summary(name: str, rows: Sequence[Mechanism]) -> SafeString:
    """Say which mechanisms go with lying together, over how many pairs, and how much they tell."""
    clear = [row for row in rows if _rare(row) and not _crosses(row)]
    weak = [row for row in rows if _rare(row) and _crosses(row)]
    none = [row for row in rows if not _rare(row)]
    over = format_html("Over {} of industries of {}", told(_pairs(rows[0]), ANCHOR), name)
    parts: list[SafeString | str] = []
    if clear:
        parts.append(
            format_html("{}, those that lie together more also {}.", over, _phrases(clear))
        )
        if weak:
            parts.append(f"They may also {_phrases(weak)}: the sign is weak.")
    elif weak:
        parts.append(
            format_html("{}, those that lie together more may also {}.", over, _phrases(weak))
        )
        parts.append(
            "The sign is weak: chance rarely brings it, but leaving out single industries moves "
            "it too much to be sure."
        )
    else:
        parts.append(
            format_html(
                "{}, lying together goes clearly with none of these: {}.",
                over,
                figures.listed([_noun(row) for row in none]),
            )
        )
        none = []
    if none:
        parts.append(f"Nothing clear shows of {figures.listed([_noun(row) for row in none])}.")
    explained = rows[0].explained
    if explained is not None:
        parts.append(
            format_html(
                "{} {} of the differences between pairs (R\u00b2\u00a0{}).",
                "Together they account for" if len(rows) > 1 else "It accounts for",
                told(figures.percent(explained), ANCHOR),
                f"{explained:.3f}",
            )
        )
    return joined(parts)


def _pairs(row: Mechanism) -> str:
    return figures.count(row.pairs or 0, "pair", "pairs")


def _rare(row: Mechanism) -> bool:
    return row.p_value is not None and row.p_value < RARE


def _crosses(row: Mechanism) -> bool:
    return row.low is None or row.high is None or row.low <= 0 <= row.high


def _noun(row: Mechanism) -> str:
    return WORDS[row.component][2] if row.component in WORDS else row.mechanism


def _phrases(rows: Sequence[Mechanism]) -> str:
    said = []
    for row in rows:
        up, down, _ = WORDS.get(row.component, (f"have more {row.mechanism}",) * 3)
        said.append(up if (row.coefficient or 0) > 0 else down)
    return figures.listed(said)


def _sheet(name: str, rows: Sequence[Mechanism]) -> Sheet:
    first = rows[0]
    pairs = _pairs(first)
    return Sheet(
        "mechanisms-table",
        f"What goes with lying together: {name}, {pairs} of "
        f"{figures.count(first.industries or 0, 'industry', 'industries')}, in standard deviations",
        [
            SheetColumn("Mechanism", number=False),
            SheetColumn("Coefficient", "95\u00a0% interval"),
            SheetColumn("p"),
        ],
        [
            SheetRow(
                row.mechanism.capitalize(),
                [
                    Cell(_number(row.coefficient), between=_interval(row)),
                    Cell(figures.NOTHING if row.p_value is None else f"{row.p_value:.3f}"),
                ],
            )
            for row in rows
        ],
    )


def _interval(row: Mechanism) -> str:
    """Write the interval of a coefficient."""
    if row.low is None or row.high is None:
        return ""
    return f"{_number(row.low)} to {_number(row.high)}"


def _number(value: float | None) -> str:
    """Write a coefficient; next to 0 with the digits that tell its sign.

    >>> _number(0.298), _number(-0.0028), _number(None)
    ('+0.30', '\u22120.003', '\u2013')
    """
    if value is not None and value and abs(value) < 0.005:
        return f"{value:+.3f}".replace("-", figures.MINUS)
    return deviations(value)
