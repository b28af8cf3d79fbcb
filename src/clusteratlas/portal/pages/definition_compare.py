"""Two cluster definitions side by side: how far they agree, what matches, what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import DefinitionInfo, Release, SchemeInfo
from clusteratlas.atlas.compared import (
    DefinitionComparison,
    MapChange,
    MovedIndustry,
    changes_on_the_map,
    compare_definitions,
)
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import Choice, asked_word
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, percent_cell, share_bar

ORDERS = ("industry", "title", "name_a", "name_b")


@require_safe
def compare_page(request: AtlasRequest) -> HttpResponse:
    """Show two definitions of one classification side by side."""
    release = request.release
    pair = _asked(request, release)
    if pair is None:
        return page(
            request,
            "definition_compare.html",
            section="clusters",
            pairs=[],
            definitions=_definitions(release),
        )
    a, b = pair
    found = compare_definitions(release, a.definition, b.definition)
    scheme = _mapped_by_both(release, a, b)
    changes = changes_on_the_map(release, found, scheme.scheme, scheme.years[-1]) if scheme else {}
    codes = [each.cluster for each in found.matches]
    cluster = asked_word(request, "cluster", ["", *codes], "")
    order = asked_word(request, "order", ORDERS, "name_a")
    return page(
        request,
        "definition_compare.html",
        section="clusters",
        a=a,
        b=b,
        found=found,
        summary=_summary(found, a, b),
        pairs=_pairs(release, a, b),
        clusters=[
            Choice(each.cluster, words.cluster(each.name), each.cluster == cluster)
            for each in found.matches
        ],
        cluster=cluster,
        order=order,
        scheme=scheme,
        matches=_matches_sheet(found, a, b, scheme, changes),
        moved=_moved_sheet(found, a, b, cluster, order),
        back=addresses.comparison(b.definition, a.definition),
        csv=addresses.comparison(a.definition, b.definition, table=".csv"),
        source="; ".join(dict.fromkeys((a.citation, b.citation))),
    )


@require_safe
def moved_table(request: AtlasRequest) -> HttpResponse:
    """Give the industries that moved as CSV."""
    release = request.release
    pair = _asked(request, release)
    found: Sequence[MovedIndustry] = ()
    name, source = "definitions-compared", "Cluster Atlas"
    if pair is not None:
        a, b = pair
        found = compare_definitions(release, a.definition, b.definition).moved
        name = f"moved-{a.definition}-{b.definition}"
        source = "; ".join(dict.fromkeys((a.citation, b.citation)))
    return table_answer(
        request,
        found,
        name=name,
        title=_("Industries that moved between two definitions"),
        source=source,
        kind=MovedIndustry,
    )


def _of_one_classification(release: Release) -> list[tuple[DefinitionInfo, DefinitionInfo]]:
    """Return every two definitions that group the same industries, in the release's order."""
    known = release.manifest.definitions
    return [(a, b) for a in known for b in known if a != b and a.classification == b.classification]


def _asked(request: AtlasRequest, release: Release) -> tuple[DefinitionInfo, DefinitionInfo] | None:
    """Read the two definitions; the first two that go together where the address is silent."""
    names = [request.GET.get(each, "") for each in ("a", "b")]
    infos = [release.definition(name) if name else None for name in names]
    able = _of_one_classification(release)
    if all(infos):
        return infos[0], infos[1]  # type: ignore[return-value]
    for a, b in able:
        if infos[0] in (None, a) and infos[1] in (None, b):
            return a, b
    return None


def _mapped_by_both(release: Release, a: DefinitionInfo, b: DefinitionInfo) -> SchemeInfo | None:
    """Return the regions to look at: the default ones of the first where the second maps them."""
    able = [each for each in release.manifest.schemes if a.definition in each.definitions]
    able = [each for each in able if b.definition in each.definitions and each.regions > 1]
    if not able:
        return None
    default = default_scheme(release, a.definition)
    return default if default in able else able[0]


def _pairs(release: Release, a: DefinitionInfo, b: DefinitionInfo) -> list[Choice]:
    return [
        Choice(
            f"{one.definition} {other.definition}",
            f"{one.title} \u2192 {other.title}",
            (one, other) == (a, b),
            addresses.comparison(one.definition, other.definition),
        )
        for one, other in _of_one_classification(release)
    ]


def _definitions(release: Release) -> list[tuple[DefinitionInfo, str]]:
    return [(each, at(f"/clusters/{each.definition}/")) for each in release.manifest.definitions]


def _summary(found: DefinitionComparison, a: DefinitionInfo, b: DefinitionInfo) -> SafeString:
    """Say how far two definitions agree and how much moved."""
    share = len(found.moved) / found.industries if found.industries else None
    parts: list[SafeString | str] = [
        format_html(
            _(
                "{first} and {second} agree to an adjusted Rand index of {index} (1 is the same "
                "grouping, 0 chance)."
            ),
            first=a.title,
            second=b.title,
            index=told(_two(found.adjusted_rand), "compare"),
        ),
        format_html(
            _(
                "Of the pairs of industries that the first puts together, {share} stay together "
                "in the second."
            ),
            share=told(figures.percent(found.pairs_kept), "compare"),
        ),
        format_html(
            _(
                "Industries that go elsewhere than the rest of their group: {moved} of {all} "
                "({share})."
            ),
            moved=told(figures.whole(len(found.moved)), "compare"),
            all=figures.whole(found.industries),
            share=figures.percent(share),
        ),
    ]
    return joined(parts)


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", figures.MINUS)


def _matches_sheet(
    found: DefinitionComparison,
    a: DefinitionInfo,
    b: DefinitionInfo,
    scheme: SchemeInfo | None,
    changes: Mapping[str, MapChange],
) -> Sheet:
    rows = sorted(
        (each for each in found.matches if each.match), key=lambda each: (-each.overlap, each.name)
    )
    apart = len(found.matches) - len(rows)
    caption = (
        _("%(first)s: best matches, the best first; without an industry in the other: %(apart)s")
        if apart
        else _("%(first)s: best matches, the best first")
    ) % {"first": a.title, "apart": apart}
    year = str(scheme.years[-1]) if scheme else ""
    map_heads = (
        (_("Strong in both"), _("Strong by the first only"), _("Strong by the second only"))
        if changes
        else ()
    )
    return Sheet(
        "matches",
        caption,
        [
            SheetColumn(words.word(a.group_word).capitalize(), number=False),
            SheetColumn(_("Industries")),
            SheetColumn(_("Best match"), b.title, number=False),
            SheetColumn(_("Industries"), _("of the match")),
            SheetColumn(_("Shared")),
            SheetColumn(_("Overlap"), _("of both")),
            SheetColumn(_("Kept"), _("of the first")),
            *(SheetColumn(head, _("regions, %(year)s") % {"year": year}) for head in map_heads),
        ],
        [
            SheetRow(
                words.cluster(each.name),
                [
                    Cell(figures.whole(each.industries)),
                    Cell(
                        words.cluster(each.match_name or ""),
                        number=False,
                        href=addresses.cluster(found.b, each.match or ""),
                    ),
                    Cell(figures.whole(each.match_industries)),
                    Cell(figures.whole(each.shared)),
                    Cell(figures.percent(each.overlap), bar=share_bar(each.overlap)),
                    percent_cell(each.kept),
                    *(_map_cells(changes.get(each.cluster)) if changes else ()),
                ],
                addresses.cluster(found.a, each.cluster),
            )
            for each in rows
        ],
        tall=len(rows) > 15,
    )


def _map_cells(change: MapChange | None) -> list[Cell]:
    """Return the regions where the two are strong; dashes where no cluster answers to the other."""
    if change is None:
        return [Cell(figures.NOTHING)] * 3
    return [Cell(figures.whole(each)) for each in (change.kept, change.lost, change.gained)]


def _moved_sheet(
    found: DefinitionComparison, a: DefinitionInfo, b: DefinitionInfo, cluster: str, order: str
) -> Sheet:
    def head(label: str, name: str, unit: str = "") -> SheetColumn:
        href = addresses.comparison(found.a, found.b, cluster=cluster, order=name)
        return SheetColumn(
            label, unit, False, f"{href}#moved", "ascending" if name == order else ""
        )

    rows = [each for each in found.moved if not cluster or cluster == each.cluster_a]
    rows.sort(key=lambda each: (getattr(each, order), each.industry))
    return Sheet(
        "moved",
        _("Industries outside the best match of their group: %(number)s")
        % {"number": figures.whole(len(rows))},
        [
            head(_("Industry"), "title"),
            head(_("Code"), "industry"),
            head(_("From"), "name_a", a.title),
            head(_("To"), "name_b", b.title),
        ],
        [
            SheetRow(
                each.title,
                [
                    Cell(each.industry, number=False),
                    Cell(
                        words.cluster(each.name_a),
                        number=False,
                        href=addresses.cluster(found.a, each.cluster_a),
                    ),
                    Cell(
                        words.cluster(each.name_b),
                        number=False,
                        href=addresses.cluster(found.b, each.cluster_b),
                    ),
                ],
            )
            for each in rows
        ],
        tall=True,
        empty=_("No industry moved here."),
    )
