"""What goes with lying together inside a cluster: a sentence, a table, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Mechanism, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.related import deviations
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.tables.explained import FEWEST_PAIRS

ANCHOR = "mechanisms"
RARE = 0.05
FEW_INDUSTRIES = 12
"""With fewer, one industry can carry a coefficient."""


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


def _said_of() -> dict[str, tuple[str, str, str, str]]:
    """Component to what it says above 0 and below 0, what it is called, and its mechanism."""
    return {
        "input_output": (
            _("they trade more with each other"),
            _("they trade less with each other"),
            _("trade"),
            _("Supply"),
        ),
        "occupations": (
            _("they employ more of the same occupations"),
            _("they employ fewer of the same occupations"),
            _("shared occupations"),
            _("Skills (occupations)"),
        ),
        "skill_flows": (
            _("they exchange more people"),
            _("they exchange fewer people"),
            _("people who change between them"),
            _("Skills (people who change)"),
        ),
        "knowledge": (
            _("they share more knowledge"),
            _("they share less knowledge"),
            _("shared knowledge"),
            _("Knowledge"),
        ),
    }


def _refusal(name: str, row: Mechanism) -> SafeString:
    """Say plainly why there is no figure."""
    if row.pairs is None or row.pairs >= FEWEST_PAIRS:
        return format_html(
            _("This is not said of {cluster}: {reason}."),
            cluster=name,
            reason=format_html('<span lang="en">{}</span>', row.refused),
        )
    return format_html(
        _(
            "This is not said of {cluster}: pairs of industries of different four-digit classes "
            "that can be compared: {pairs}; the least that could carry an answer: {fewest}."
        ),
        cluster=name,
        pairs=told(figures.whole(row.pairs or 0), ANCHOR),
        fewest=FEWEST_PAIRS,
    )


def _summary(name: str, rows: Sequence[Mechanism]) -> SafeString:
    """Say which mechanisms go with lying together, over how many pairs, and how much they tell."""
    clear = [row for row in rows if _rare(row) and not _crosses(row)]
    weak = [row for row in rows if _rare(row) and _crosses(row)]
    none = [row for row in rows if not _rare(row)]
    over = {"pairs": told(_pairs(rows[0]), ANCHOR), "cluster": name}
    parts: list[SafeString | str] = []
    if clear:
        text = _("Industries of {cluster} that lie together more, over {pairs}: {phrases}.")
        parts.append(format_html(text, phrases=_phrases(clear), **over))
        if weak:
            parts.append(
                _("Perhaps also, but the sign is weak: %(phrases)s.") % {"phrases": _phrases(weak)}
            )
    elif weak:
        text = _(
            "Industries of {cluster} that lie together more, over {pairs}; perhaps: {phrases}."
        )
        parts.append(format_html(text, phrases=_phrases(weak), **over))
        parts.append(
            _(
                "The sign is weak: chance rarely brings it, but leaving out single industries "
                "moves it too much to be sure."
            )
        )
    else:
        text = _(
            "Over {pairs} of industries of {cluster}, lying together goes clearly with none of "
            "these: {nouns}."
        )
        parts.append(format_html(text, nouns=_nouns(none), **over))
        none = []
    if none:
        parts.append(_("Nothing clear shows here: %(nouns)s.") % {"nouns": _nouns(none)})
    explained = rows[0].explained
    if explained is not None:
        text = (
            _("Together they account for {share} of the differences between pairs (R\u00b2 {r}).")
            if len(rows) > 1
            else _("It accounts for {share} of the differences between pairs (R\u00b2 {r}).")
        )
        share = told(figures.percent(explained), ANCHOR)
        parts.append(format_html(text, share=share, r=number(f"{explained:.3f}")))
    return joined(parts)


def _pairs(row: Mechanism) -> str:
    pairs = row.pairs or 0
    return ngettext("%(count)s pair", "%(count)s pairs", pairs) % {"count": figures.whole(pairs)}


def _rare(row: Mechanism) -> bool:
    return row.p_value is not None and row.p_value < RARE


def _crosses(row: Mechanism) -> bool:
    return row.low is None or row.high is None or row.low <= 0 <= row.high


def _nouns(rows: Sequence[Mechanism]) -> str:
    said = _said_of()
    return figures.listed(
        [said[row.component][2] if row.component in said else row.mechanism for row in rows]
    )


def _phrases(rows: Sequence[Mechanism]) -> str:
    said = _said_of()
    phrases = []
    for row in rows:
        known = said.get(row.component or "")
        above = (row.coefficient or 0) > 0
        if known:
            phrases.append(known[0] if above else known[1])
        else:
            text = _("they have more of this: %(what)s") if above else _("less: %(what)s")
            phrases.append(text % {"what": row.mechanism})
    return figures.listed(phrases)


def _sheet(name: str, rows: Sequence[Mechanism]) -> Sheet:
    first = rows[0]
    said = _said_of()
    return Sheet(
        "mechanisms-table",
        _(
            "What goes with lying together: %(cluster)s; pairs: %(pairs)s; industries: "
            "%(industries)s; in standard deviations"
        )
        % {
            "cluster": name,
            "pairs": figures.whole(first.pairs or 0),
            "industries": figures.whole(first.industries or 0),
        },
        [
            SheetColumn(_("Mechanism"), number=False),
            SheetColumn(_("Coefficient"), _("95 % interval")),
            SheetColumn("p"),
        ],
        [
            SheetRow(
                said[row.component][3] if row.component in said else row.mechanism.capitalize(),
                [
                    Cell(_number(row.coefficient), between=_interval(row)),
                    Cell(figures.NOTHING if row.p_value is None else number(f"{row.p_value:.3f}")),
                ],
            )
            for row in rows
        ],
    )


def _interval(row: Mechanism) -> str:
    """Write the interval of a coefficient."""
    if row.low is None or row.high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": _number(row.low), "high": _number(row.high)}


def _number(value: float | None) -> str:
    """Write a coefficient; next to 0 with the digits that tell its sign.

    >>> _number(0.298), _number(-0.0028), _number(None)
    ('+0.30', '\u22120.003', '\u2013')
    """
    if value is not None and value and abs(value) < 0.005:
        return number(f"{value:+.3f}".replace("-", figures.MINUS))
    return deviations(value)
