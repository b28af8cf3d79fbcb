"""Compared with whom: a region's clusters beside the nation, a region, its neighbours or peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.atlas import Peer, Region, RegionalCluster, RegionProfile, Release
from clusteratlas.atlas.beside import Beside, beside_reference, beside_regions
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import Choice, View
from clusteratlas.portal.pages.region_around import neighbours_of
from clusteratlas.portal.sentences import short_name
from clusteratlas.tables import CannotAnswer

NATION, NEIGHBOURS, PEERS = "nation", "neighbours", "peers"
MOST_SHOWN = 12
MOST_PEERS = 5
MOST_LETTERS = 120
MATTERING = 2
LEAST_DIFFERENCE = 0.002
ANCHOR = "compared"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cluster here and there, as it is set; ``x`` and ``width`` are its bar in percent."""

    name: str
    href: str
    mark: str
    share_here: str
    share_there: str
    difference: str
    x: str
    width: str
    kind: str
    quotient_here: str
    between: str
    quotient_there: str


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A region built alike, and what differs most."""

    name: str
    href: str
    compare: str
    more: str
    less: str
    jobs: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The section as it is set."""

    against: str
    there: str
    choices: Sequence[Choice]
    typed: str
    near: Sequence[tuple[str, str]]
    wholes: Sequence[tuple[str, str, str]]
    rows: Sequence[Difference]
    peers: Sequence[PeerRow]
    of: str
    members: Sequence[tuple[str, str]]
    missing: str


def compared_section(
    request: HttpRequest,
    release: Release,
    view: View,
    region: Region,
    profile: RegionProfile,
    rows: Sequence[RegionalCluster],
) -> Compared | None:
    """Return the comparison that the address asks for; nothing for the reference area itself."""
    scheme = view.scheme.scheme
    typed = request.GET.get("against", "").strip()
    if len(typed) > MOST_LETTERS:
        raise BadAddress(
            _("that is too long for the name of a region"),
            value=typed,
            hint=_("give nation, neighbours, peers, or the code or name of a region"),
        )
    around = neighbours_of(scheme, region.region)
    peers = release.peers(scheme, region.region)[:MOST_PEERS]
    if view.is_reference and not typed:
        return None
    against, near = _asked(release, view, region, typed)
    known = {
        each.region: each
        for each in release.region_profiles(scheme, view.year, view.definition.definition)
    }
    missing = ""
    if against == NATION:
        found = beside_reference(release, rows)
        others: list[str] = []
    else:
        named = {NEIGHBOURS: around, PEERS: tuple(each.peer for each in peers)}
        chosen = named.get(against, (against,))
        others = [code for code in chosen if code in known]
        missing = "" if others else _why_none(against)
        found = beside_regions(release, rows, others)
    there = _there(view, against, known, others)
    traded = [each for each in found if each.traded is not False and each.difference is not None]
    return Compared(
        against,
        there,
        _choices(view, region, against, bool(around), bool(peers), there),
        typed if against not in (NATION, NEIGHBOURS, PEERS) or near else "",
        near,
        _wholes(release, view, profile, known, against, others),
        _differences(view, traded[:MOST_SHOWN]),
        _peer_rows(release, view, region, rows, peers, known, against),
        _of_what(view),
        [
            (known[code].region_name, _address(view, known[code].region))
            for code in (others if len(others) > 1 else [])
        ],
        missing,
    )


def _asked(
    release: Release, view: View, region: Region, typed: str
) -> tuple[str, list[tuple[str, str]]]:
    """Return what to compare with, and regions that are near what was typed if it is none."""
    if typed in ("", NATION):
        return NATION, []
    if typed in (NEIGHBOURS, PEERS):
        return typed, []
    scheme = view.scheme.scheme
    try:
        code = release.find_region(typed, scheme).region
    except CannotAnswer:
        hits = [
            hit
            for hit in release.search(typed, 20)
            if hit.kind == "region" and hit.scheme == scheme and hit.code != region.region
        ][:6]
        if not hits:
            raise
        return NATION, [(hit.name, _address(view, region.region, hit.code)) for hit in hits]
    if code == region.region:
        raise BadAddress(
            _("a region cannot be compared with itself"),
            value=typed,
            hint=_("give nation, neighbours, peers, or another region"),
        )
    return code, []


def _why_none(against: str) -> str:
    if against == NEIGHBOURS:
        return _("No neighbours of this region are known, or none has figures in this year.")
    if against == PEERS:
        return _("No regions built like this one are known: its kind has too few to choose from.")
    return _("That region has no figures in this year.")


def _address(view: View, region: str, against: str = "") -> str:
    return addresses.region(
        view.scheme.scheme,
        region,
        year=view.year,
        definition=view.definition_in_address,
        against=against,
        place=ANCHOR if against else "",
    )


def _there(view: View, against: str, known: dict[str, RegionProfile], others: list[str]) -> str:
    if against == NATION:
        return view.reference
    if against == NEIGHBOURS:
        return _("its neighbours together")
    if against == PEERS:
        return _("its peers together")
    return known[against].region_name if against in known else against


def _choices(
    view: View, region: Region, against: str, around: bool, peers: bool, there: str
) -> list[Choice]:
    offered = [(NATION, view.reference, not view.is_reference)]
    offered += [(NEIGHBOURS, _("its neighbours"), around), (PEERS, _("its peers"), peers)]
    choices = [
        Choice(name, label, name == against, _address(view, region.region, name))
        for name, label, able in offered
        if able
    ]
    if against not in (NATION, NEIGHBOURS, PEERS):
        choices.append(Choice(against, there, True, _address(view, region.region, against)))
    return choices


def _of_what(view: View) -> str:
    if view.definition.traded_split:
        return _("of the jobs in traded clusters")
    return _("of all jobs")


def points(difference: float | None) -> str:
    """Write a difference of shares in percentage points.

    >>> points(0.1234), points(-0.004)
    ('+12.3', '−0.4')
    """
    if difference is None:
        return figures.NOTHING
    return number(f"{difference * 100:+.1f}".replace("-", figures.MINUS))


def _differences(view: View, found: Sequence[Beside]) -> list[Difference]:
    most = max((abs(each.difference or 0) for each in found), default=0) or 1
    rows = []
    for each in found:
        wide = 48 * abs(each.difference or 0) / most
        below = (each.difference or 0) < 0
        rows.append(
            Difference(
                words.cluster(each.name),
                addresses.region_cluster(
                    view.scheme.scheme,
                    each.here.region,
                    each.cluster,
                    year=view.year,
                    definition=view.definition_in_address,
                ),
                doubt.mark_of(each.here),
                figures.percent(each.share_here),
                figures.percent(each.share_there),
                points(each.difference),
                f"{50 - wide if below else 50:.1f}",
                f"{wide:.1f}",
                "loss" if below else "gain",
                figures.quotient(each.quotient_here),
                doubt.quotient_between(each.here),
                figures.quotient(each.quotient_there),
            )
        )
    return rows


def _wholes(
    release: Release,
    view: View,
    here: RegionProfile,
    known: dict[str, RegionProfile],
    against: str,
    others: Sequence[str],
) -> list[tuple[str, str, str]]:
    """Return the totals of both sides where the other side is one area."""
    there: RegionProfile | None = None
    if against == NATION:
        profiles = release.region_profiles(
            view.scheme.reference_scheme, view.year, view.definition.definition
        )
        there = profiles[0] if len(profiles) == 1 else None
    elif len(others) == 1:
        there = known[others[0]]
    if there is None:
        return []
    lines = [
        (
            words.word(view.scheme.employment_word),
            figures.in_words(here.employment),
            figures.in_words(there.employment),
        ),
        (
            _("growth a year"),
            figures.growth(here.employment_growth),
            figures.growth(there.employment_growth),
        ),
        (
            _("traded share"),
            figures.percent(here.traded_share),
            figures.percent(there.traded_share),
        ),
        (
            _("share in strong %(clusters)s")
            % {"clusters": words.word(view.definition.group_words)},
            figures.percent(here.cluster_strength),
            figures.percent(there.cluster_strength),
        ),
    ]
    return [each for each in lines if each[1] != figures.NOTHING or each[2] != figures.NOTHING]


def _peer_rows(
    release: Release,
    view: View,
    region: Region,
    rows: Sequence[RegionalCluster],
    peers: Sequence[Peer],
    known: dict[str, RegionProfile],
    against: str,
) -> list[PeerRow]:
    found = []
    held = {peer.peer: peer for peer in peers if peer.peer in known}
    every = release.clusters_of_regions(
        view.scheme.scheme, list(held), view.year, view.definition.definition
    )
    mine = {row.cluster: row for row in rows}
    for code in held:
        apart = _apart(mine, every[code])
        found.append(
            PeerRow(
                known[code].region_name,
                _address(view, code),
                _address(view, region.region, code),
                _mattering([each for each in apart if each[1] > 0]),
                _mattering([each for each in reversed(apart) if each[1] < 0]),
                figures.in_words(known[code].employment),
                code == against,
            )
        )
    return found


def _apart(
    mine: dict[str, RegionalCluster], theirs: Sequence[RegionalCluster]
) -> list[tuple[str, float]]:
    """Return by how much the shares here are above those there, the most above first."""
    found = []
    for there in theirs:
        here = mine.get(there.cluster)
        if here is None or here.traded is False:
            continue
        name = "share_of_region" if here.traded is None else "share_of_traded_or_local"
        one, other = getattr(here, name), getattr(there, name)
        if one is not None and other is not None and abs(one - other) >= LEAST_DIFFERENCE:
            found.append((there.name, one - other))
    return sorted(found, key=lambda each: -each[1])


def _mattering(apart: Sequence[tuple[str, float]]) -> str:
    return "; ".join(
        _("%(cluster)s (%(points)s points)")
        % {"cluster": words.cluster(name), "points": points(difference)}
        for name, difference in apart[:MATTERING]
    )


def title_of(region: Region, compared: Compared) -> str:
    """Return the caption of the comparison."""
    return _("%(region)s beside %(other)s") % {
        "region": short_name(region),
        "other": compared.there,
    }
