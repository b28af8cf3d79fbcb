"""The claim check from the other side: strong clusters that nobody covers, and overlaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.organisations.claim_rule import ClaimRule, claim_rule
from clusteratlas.organisations.containment import Containment, Place, containment
from clusteratlas.organisations.measured import reference_growth, strong_rows
from clusteratlas.organisations.profile import Profile

BETWEEN_NAMES = "; "


class Covered(StrEnum):
    """By whom a strong cluster is covered, the nearest first.

    ``here``: an organisation of the region claims it; ``part``: one claims a subcluster of it;
    ``within``: one of a region inside; ``above``: one of a region around it; ``nobody``.
    """

    here = "here"
    part = "part"
    within = "within"
    above = "above"
    nobody = "nobody"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A strong cluster of a region and the organisations that claim it; a row of the export.

    Attributes
    ----------
    beyond_average
        Jobs beyond those of an average region of its size, employment x (1 - 1 / quotient): what
        rows are ordered by, as it joins size and strength.
    organisations
        Names, by ``; `` between them, of those that cover it in this way.
    covered_from
        The region of an organisation within or above; empty for here and part.
    """

    scheme: str
    region: str
    region_name: str
    definition: str
    cluster: str
    cluster_name: str
    year: int
    status: str
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    location_quotient: float | None
    location_quotient_low: float | None
    location_quotient_high: float | None
    probability_strong: float | None
    share_of_nation: float | None
    employment_growth: float | None
    reference_growth: float | None
    beyond_average: float | None
    covered: str
    organisations: str
    covered_from: str
    source: str


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A cluster of a region that several organisations claim, there or from a region around it."""

    scheme: str
    region: str
    region_name: str
    definition: str
    cluster: str
    cluster_name: str
    count: int
    organisations: str
    from_above: str


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """Strong clusters of a region, or strong regions of a cluster, and how many are covered.

    ``jobs_open`` counts the jobs of those that nobody covers, as far as they are known.
    """

    code: str
    name: str
    strong: int
    here: int
    part: int
    within: int
    above: int
    nobody: int
    jobs_open: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """All strong clusters of a region scheme with those that cover them.

    Attributes
    ----------
    rows
        The most important first.
    without_base
        Names of organisations that state no region, and so cover nothing.
    elsewhere
        Names of organisations all of whose regions the release does not know.
    """

    scheme: str
    definition: str
    year: int
    rule: str
    release: str
    rows: tuple[CoverageRow, ...]
    overlaps: tuple[OverlapRow, ...]
    without_base: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def gaps(self) -> tuple[CoverageRow, ...]:
        """The strong clusters that nobody covers, the most important first."""
        return tuple(each for each in self.rows if each.covered == Covered.nobody)

    def by_region(self) -> tuple[CoverageCount, ...]:
        """The regions, those with most jobs that nobody covers first."""
        return _counts(self.rows, lambda row: (row.region, row.region_name))

    def by_cluster(self) -> tuple[CoverageCount, ...]:
        """The clusters, those with most jobs that nobody covers first."""
        return _counts(self.rows, lambda row: (row.cluster, row.cluster_name))


@dataclass(slots=True)
class _Claimants:
    """Who claims a cluster in a region: wholly, or a subcluster of it."""

    whole: list[str] = field(default_factory=list)
    part: list[str] = field(default_factory=list)


def coverage_of(
    profiles: Iterable[Profile],
    release: Release,
    scheme: str,
    *,
    definition: str | None = None,
    rule: ClaimRule | None = None,
) -> Coverage:
    """Return every strong cluster of a scheme with the organisations that claim it.

    Definition
    ----------
    Strong is what the claim check takes for supported: nearly surely strong by the strength
    profile. A claim on a region around (a state around a metro area) covers from above, one on a
    region inside covers from within; claims are taken as stated, whatever their verdict.

    Parameters
    ----------
    profiles
        The registry.
    scheme, definition
        Whose regions, mapped by which definition; by default the scheme's own.
    rule
        By default the newest of the claim check.

    Raises
    ------
    CannotAnswer
        An unknown scheme, or a definition it is not mapped by.
    """
    rule = rule or claim_rule()
    definition = release.definition_of(scheme, definition)
    listed = list(profiles)
    claims = _claims(listed, definition)
    around = containment(release)
    names = {
        (info.scheme, region.region): region.name
        for info in release.manifest.schemes
        for region in release.regions(info.scheme)
    }
    growth = reference_growth(release, scheme, definition)
    source = release.scheme(scheme).source_line
    rows = [
        _row(row, _covering(row, claims, around, names), growth, source)
        for row in strong_rows(release, scheme, definition, rule)
    ]
    rows.sort(key=lambda each: (-(each.beyond_average or 0), each.region, each.cluster))
    return Coverage(
        scheme,
        definition,
        release.year(scheme, None),
        rule.name,
        release.id,
        tuple(rows),
        _overlaps(claims, around, names, release, scheme, definition),
        tuple(sorted(each.name for each in listed if not each.regions)),
        tuple(sorted(each.name for each in listed if _is_elsewhere(each, names))),
    )


def _is_elsewhere(profile: Profile, names: Mapping[Place, str]) -> bool:
    """Whether an organisation states regions and the release knows none of them."""
    places = [(each.scheme, each.region) for each in profile.regions]
    return bool(places) and not any(place in names for place in places)


def _claims(profiles: Sequence[Profile], definition: str) -> dict[tuple[Place, str], _Claimants]:
    found: dict[tuple[Place, str], _Claimants] = {}
    for profile in profiles:
        for claim in profile.claims:
            if claim.definition != definition:
                continue
            for region in profile.regions:
                key = ((region.scheme, region.region), claim.cluster)
                mine = found.setdefault(key, _Claimants())
                held = mine.part if claim.subcluster else mine.whole
                if profile.name not in held:
                    held.append(profile.name)
    return found


def _covering(
    row: RegionalCluster,
    claims: Mapping[tuple[Place, str], _Claimants],
    around: Containment,
    names: Mapping[Place, str],
) -> tuple[Covered, list[str], list[str]]:
    """How a strong cluster is covered, by whom, and from which regions."""
    place = (row.scheme, row.region)
    mine = claims.get((place, row.cluster))
    if mine and mine.whole:
        return Covered.here, mine.whole, []
    if mine:
        return Covered.part, mine.part, []
    for way, places in (
        (Covered.within, around.inside.get(place, ())),
        (Covered.above, around.above.get(place, ())),
    ):
        who: list[str] = []
        where: list[str] = []
        for other in places:
            theirs = claims.get((other, row.cluster))
            if theirs and theirs.whole:
                who += [each for each in theirs.whole if each not in who]
                where.append(names.get(other, other[1]))
        if who:
            return way, who, where
    return Covered.nobody, [], []


def _row(
    row: RegionalCluster,
    covering: tuple[Covered, list[str], list[str]],
    growth: Mapping[str, float | None],
    source: str,
) -> CoverageRow:
    covered, who, where = covering
    quotient, jobs = row.location_quotient, row.employment
    beyond = jobs * (1 - 1 / quotient) if jobs is not None and quotient else None
    return CoverageRow(
        row.scheme,
        row.region,
        row.region_name,
        row.definition,
        row.cluster,
        row.name,
        row.year,
        row.status,
        row.employment,
        row.employment_low,
        row.employment_high,
        quotient,
        row.location_quotient_low,
        row.location_quotient_high,
        row.probability_strong,
        row.share_of_nation,
        row.employment_growth,
        growth.get(row.cluster),
        beyond,
        covered.value,
        BETWEEN_NAMES.join(who),
        BETWEEN_NAMES.join(where),
        source,
    )


def _overlaps(
    claims: Mapping[tuple[Place, str], _Claimants],
    around: Containment,
    names: Mapping[Place, str],
    release: Release,
    scheme: str,
    definition: str,
) -> tuple[OverlapRow, ...]:
    clusters = {each.cluster: each.name for each in release.clusters(definition)}
    found = []
    for (place, cluster), mine in claims.items():
        if place[0] != scheme or place not in names:
            continue
        here = [*mine.whole, *(each for each in mine.part if each not in mine.whole)]
        above = [
            f"{who} ({names[other]})"
            for other in around.above.get(place, ())
            if (theirs := claims.get((other, cluster)))
            for who in theirs.whole
            if who not in here
        ]
        if len(here) + len(above) < 2:
            continue
        found.append(
            OverlapRow(
                *place,
                names[place],
                definition,
                cluster,
                clusters.get(cluster, cluster),
                len(here) + len(above),
                BETWEEN_NAMES.join(here),
                BETWEEN_NAMES.join(above),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.count, each.region_name, each.cluster)))


def _counts(
    rows: Iterable[CoverageRow], key: Callable[[CoverageRow], tuple[str, str]]
) -> tuple[CoverageCount, ...]:
    groups: dict[tuple[str, str], list[CoverageRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    found = []
    for (code, name), mine in groups.items():
        counts = {way.value: 0 for way in Covered}
        for row in mine:
            counts[row.covered] += 1
        jobs = sum(row.employment or 0 for row in mine if row.covered == Covered.nobody)
        found.append(CoverageCount(code, name, len(mine), **counts, jobs_open=jobs))
    return tuple(sorted(found, key=lambda each: (-each.jobs_open, each.code)))
