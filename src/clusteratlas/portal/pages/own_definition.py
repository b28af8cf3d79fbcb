"""Own cluster definition: start from one of the release, move industries, see what changes where.

The whole definition stands in the address: ``base`` and ``moves``, each ``industry:cluster`` with
commas between; a new cluster is called ``new-`` and small letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import DefinitionInfo, Release, SchemeInfo
from clusteratlas.atlas.redefined import MOST_MOVES, Move, Redefined, redefine
from clusteratlas.atlas.redefined_changes import (
    Changes,
    IndustryFound,
    RegionShift,
    changes_of,
    definition_text,
    find_industries,
)
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import Choice, asked_word, asked_year
from clusteratlas.portal.pages.builder_asked import LONGEST_LIST, at_once
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.tables import InvalidInput

PATH = "/definitions/own/"
MOST_REGIONS = 15
MOST_UNDONE = 60
LONGEST_TEXT = 80
HINTS = 3


@dataclass(frozen=True)
class Asked:
    """The definition in the address and where its changes are looked at."""

    base: DefinitionInfo
    moves: tuple[Move, ...]
    scheme: SchemeInfo
    year: int
    region: str

    def address(self, page: str = "", **changed: object) -> str:
        """Return the address of this view, with some of it changed."""
        moves = changed.pop("moves", self.moves)
        given = {
            "base": self.base.definition,
            "moves": ",".join(f"{each.industry}:{each.cluster}" for each in moves),  # type: ignore[attr-defined]
            "scheme": self.scheme.scheme,
            "year": self.year,
            "region": self.region,
            **changed,
        }
        query = urlencode(
            {name: value for name, value in given.items() if value not in (None, "")}, safe=",:"
        )
        return f"{at(PATH + page)}?{query}"


@require_safe
def own_page(request: AtlasRequest) -> HttpResponse:
    """Show a definition of the reader's own and what it changes."""
    release = request.release
    asked = _asked(request, release)
    if code := request.GET.get("move", "").strip():
        others = tuple(each for each in asked.moves if each.industry != code)
        moves = (*others, Move(code, _target(request)))
        _checked(release, asked.base.definition, moves)
        return HttpResponseRedirect(asked.address(moves=moves))
    found = _checked(release, asked.base.definition, asked.moves)
    changes = changes_of(release, found, asked.scheme.scheme, asked.year) if found.moves else None
    text = request.GET.get("q", "")[:LONGEST_TEXT].strip()
    hits = find_industries(release, found, text) if text else []
    return page(
        request,
        "own_definition.html",
        section="clusters",
        asked=asked,
        found=found,
        changes=changes,
        text=text,
        hits=[(each, _hints(release, asked, each)) for each in hits],
        clusters=_cluster_choices(found),
        moves=_moves(release, asked, found),
        bases=[
            Choice(each.definition, each.title, each == asked.base)
            for each in release.manifest.definitions
        ],
        schemes=[
            Choice(each.scheme, words.word(each.title), each == asked.scheme)
            for each in _able(release, asked.base)
        ],
        years=[
            Choice(str(year), str(year), year == asked.year, asked.address(year=year))
            for year in asked.scheme.years
        ],
        shifts=_shifts_sheet(asked, changes) if changes else None,
        flags=_flags_sheet(asked, changes) if changes else None,
        quotients=_quotients_sheet(asked, changes) if changes else None,
        here=_region_sheet(release, asked, changes) if changes and asked.region else None,
        csv=asked.address("definition.csv"),
        changes_csv=asked.address("changes.csv"),
        source=f"{asked.base.citation}; {asked.scheme.source_line}",
        most=MOST_MOVES,
        compare=addresses.comparison(),
        action=at(PATH),
        moves_text=",".join(f"{each.industry}:{each.cluster}" for each in asked.moves),
        start=asked.address(moves=()),
    )


@require_safe
def own_file(request: AtlasRequest) -> HttpResponse:
    """Give the definition as the CSV that ``clusteratlas build --definition`` reads."""
    release = request.release
    asked = _asked(request, release)
    found = _checked(release, asked.base.definition, asked.moves)
    response = HttpResponse(definition_text(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="own-definition.csv"'
    return response


@require_safe
def own_changes(request: AtlasRequest) -> HttpResponse:
    """Give every changed cluster in every region, before and after, as a table."""
    release = request.release
    asked = _asked(request, release)
    found = _checked(release, asked.base.definition, asked.moves)
    changes = changes_of(release, found, asked.scheme.scheme, asked.year)
    return table_answer(
        request,
        changes.regions,
        name=f"own-definition-changes-{asked.scheme.scheme}-{asked.year}",
        title=_("What moving industries changes, %(year)s") % {"year": asked.year},
        source=asked.scheme.source_line,
        kind=RegionShift,
        words={
            "employment_before": "jobs by the definition it starts from",
            "employment_after": "jobs after the moves",
            "location_quotient_before": "quotient by the definition it starts from",
            "location_quotient_after": "quotient after the moves",
            "strong_before": "strong by the definition it starts from, us-2014",
            "strong_after": "strong after the moves, us-2014",
        },
    )


def _asked(request: AtlasRequest, release: Release) -> Asked:
    names = [each.definition for each in release.manifest.definitions]
    base = release.definition(asked_word(request, "base", names, names[0]))
    able = _able(release, base)
    default = default_scheme(release, base.definition)
    first = default.scheme if default in able else able[0].scheme
    scheme = release.scheme(asked_word(request, "scheme", [each.scheme for each in able], first))
    region = request.GET.get("region", "").strip()
    if region:
        region = release.find_region(region[:LONGEST_TEXT], scheme.scheme).region
    return Asked(base, _read_moves(request), scheme, asked_year(request, scheme), region)


def _able(release: Release, base: DefinitionInfo) -> list[SchemeInfo]:
    return [
        each
        for each in release.manifest.schemes
        if base.definition in each.definitions and each.regions > 1
    ]


def _read_moves(request: AtlasRequest) -> tuple[Move, ...]:
    text = request.GET.get("moves", "")
    if len(text) > LONGEST_LIST:
        raise BadAddress(
            _("the list of moves is too long to be read"),
            hint=_("try at most %(most)s moves") % {"most": MOST_MOVES},
        )
    parts = [part for each in text.split(",") if (part := each.strip())]
    wrong = [part for part in parts if part.count(":") != 1]
    if wrong:
        raise BadAddress(
            _("a move cannot be read"),
            value=", ".join(wrong[:5]),
            hint=_("write industry:cluster, such as 334111:5, with commas between"),
        )
    return tuple(Move(*part.split(":")) for part in parts)


def _target(request: AtlasRequest) -> str:
    """Read where an industry goes: a cluster of the list, or the name of a new one."""
    name = request.GET.get("new", "").strip()[:LONGEST_TEXT]
    if not name:
        return request.GET.get("to", "").strip()
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "new-" + re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _checked(release: Release, base: str, moves: Sequence[Move]) -> Redefined:
    try:
        return redefine(release, base, moves)
    except InvalidInput as error:
        raise at_once(error) from None


def _hints(release: Release, asked: Asked, hit: IndustryFound) -> list[str]:
    """The clusters most related to the one that an industry is in now."""
    known = {each.cluster for each in release.clusters(asked.base.definition)}
    if hit.cluster not in known:
        return []
    rows = release.related(asked.base.definition, hit.cluster)
    return [words.cluster(row.name) for row in rows if row.composite is not None][:HINTS]


def _cluster_choices(found: Redefined) -> list[Choice]:
    rows = [Choice(code, words.cluster(name), False) for code, name in found.names.items()]
    return sorted(rows, key=lambda each: each.label)


def _moves(release: Release, asked: Asked, found: Redefined) -> list[dict[str, str]]:
    """The moves, the latest first, each with the address that undoes it."""
    rows = release.selected(
        "select industry, title from industries_held where classification = ? "
        "and list_contains(?, industry)",
        [found.classification, [each.industry for each in asked.moves]],
    ).to_pylist()
    titles = {row["industry"]: row["title"] for row in rows}
    said = []
    for each in reversed(asked.moves[-MOST_UNDONE:]):
        left = [words.cluster(found.names[code]) for code in found.left[each.industry]]
        said.append(
            {
                "industry": each.industry,
                "title": titles.get(each.industry, each.industry),
                "from": ", ".join(left) or _("no cluster"),
                "to": words.cluster(found.names[each.cluster]),
                "undo": asked.address(
                    moves=tuple(other for other in asked.moves if other is not each)
                ),
            }
        )
    return said


def _shifts_sheet(asked: Asked, changes: Changes) -> Sheet:
    return Sheet(
        "shifts",
        _("Clusters that change, all %(regions)s together, %(year)s")
        % {"regions": words.word(asked.scheme.region_words), "year": asked.year},
        [
            SheetColumn(_("Cluster"), number=False),
            SheetColumn(_("Industries"), _("before")),
            SheetColumn(_("Industries"), _("after")),
            SheetColumn(_("Jobs"), _("before")),
            SheetColumn(_("Jobs"), _("after")),
            SheetColumn(_("Strong in"), _("before")),
            SheetColumn(_("Strong in"), _("after")),
            SheetColumn(_("Gained")),
            SheetColumn(_("Lost")),
        ],
        [
            SheetRow(
                words.cluster(each.name),
                [
                    Cell(figures.whole(value))
                    for value in (
                        each.industries_before,
                        each.industries_after,
                        each.employment_before,
                        each.employment_after,
                        each.strong_before,
                        each.strong_after,
                        each.gained,
                        each.lost,
                    )
                ],
                addresses.cluster(asked.base.definition, each.cluster)
                if each.industries_before
                else "",
            )
            for each in changes.clusters
        ],
    )


def _region_rows(
    identity: str, caption: str, rows: Sequence[RegionShift], *, by_cluster: bool = False
) -> Sheet:
    """Rows of regions before and after; the head is the region, or the cluster within one."""
    middle = [] if by_cluster else [SheetColumn(_("Cluster"), number=False)]
    return Sheet(
        identity,
        caption,
        [
            SheetColumn(_("Cluster") if by_cluster else _("Region"), number=False),
            *middle,
            SheetColumn(_("Quotient"), _("before")),
            SheetColumn(_("Quotient"), _("after")),
            SheetColumn(_("Jobs"), _("before")),
            SheetColumn(_("Jobs"), _("after")),
            SheetColumn(_("Strong"), number=False),
        ],
        [
            SheetRow(
                words.cluster(each.name) if by_cluster else each.region_name,
                [
                    *([] if by_cluster else [Cell(words.cluster(each.name), number=False)]),
                    Cell(figures.quotient(each.location_quotient_before)),
                    Cell(figures.quotient(each.location_quotient_after)),
                    Cell(figures.whole(each.employment_before)),
                    Cell(figures.whole(each.employment_after)),
                    Cell(_verdict(each), number=False),
                ],
                "" if by_cluster else addresses.region(each.scheme, each.region, year=each.year),
            )
            for each in rows
        ],
        empty=_("Nothing changes here."),
    )


def _verdict(each: RegionShift) -> str:
    if each.gains:
        return _("gained")
    if each.loses:
        return _("lost")
    if each.strong_after is None:
        return figures.NOTHING
    return _("strong as before") if each.strong_after else _("not strong as before")


def _flags_sheet(asked: Asked, changes: Changes) -> Sheet:
    turned = [row for row in changes.regions if row.gains or row.loses]
    turned.sort(key=lambda row: -max(row.employment_before or 0, row.employment_after or 0))
    return _region_rows(
        "flags",
        _("Regions that gain or lose a strong cluster, the largest first: %(shown)s of %(all)s")
        % {"shown": min(len(turned), MOST_REGIONS), "all": len(turned)},
        turned[:MOST_REGIONS],
    )


def _quotients_sheet(asked: Asked, changes: Changes) -> Sheet:
    rows = [row for row in changes.regions if (row.employment_before or 0) >= 100]
    rows.sort(key=lambda row: (-abs(row.quotient_change), row.region, row.cluster))
    return _region_rows(
        "quotients",
        _("The quotients that change most, where there were at least 100 jobs"),
        [row for row in rows[:MOST_REGIONS] if row.quotient_change],
    )


def _region_sheet(release: Release, asked: Asked, changes: Changes) -> Sheet:
    name = release.region(asked.scheme.scheme, asked.region).name
    rows = [row for row in changes.regions if row.region == asked.region]
    rows.sort(key=lambda row: -(row.location_quotient_after or 0))
    return _region_rows(
        "here",
        _("Changed clusters of %(region)s, %(year)s") % {"region": name, "year": asked.year},
        rows,
        by_cluster=True,
    )
