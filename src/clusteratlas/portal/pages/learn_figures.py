"""The live figures of the primers: examples found in the release, none written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from clusteratlas.atlas import (
    ClusterProfile,
    Completeness,
    Option,
    Peer,
    RegionalCluster,
    RegionProfile,
    Release,
)
from clusteratlas.portal import addresses, doubt, figures, picks, words
from clusteratlas.portal.charts.dots import DotChart, quotient_chart
from clusteratlas.portal.pages.asking import View

NOTABLE = 1_000
SMALL = 500
MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One regional cluster as a primer speaks of it."""

    region: str
    cluster: str
    href: str
    jobs: str
    quotient: str
    between: str
    jobs_between: str
    share: str
    chance: str
    strong: bool
    mark: str
    rules: tuple[str, ...]


class Live:
    """What the primers may show; each part is looked up when a template asks for it."""

    def __init__(self, release: Release) -> None:
        self.release = release
        scheme = picks.default_scheme(release)
        self.view = View(scheme, release.definition(scheme.definition), scheme.years[-1])
        self.code = picks.featured_cluster(
            release, scheme, self.view.definition.definition, self.view.year
        )

    @cached_property
    def source(self) -> str:
        """The sources of the figures shown."""
        return self.view.source_line

    @cached_property
    def region_words(self) -> str:
        """The kind of regions that the examples are taken from."""
        return words.word(self.view.scheme.region_words)

    @cached_property
    def jobs_word(self) -> str:
        """What the sources count."""
        return words.word(self.view.scheme.employment_word)

    @cached_property
    def cluster(self) -> ClusterProfile:
        """The cluster that the examples are taken from."""
        return self.release.cluster_profile(self.view.scheme.scheme, self.code, self.view.year)

    @cached_property
    def name(self) -> str:
        """Its name."""
        return words.cluster(self.cluster.name)

    @cached_property
    def cluster_href(self) -> str:
        """Its page."""
        return addresses.cluster(
            self.view.definition.definition, self.code, scheme=self.view.scheme.scheme
        )

    @cached_property
    def map_href(self) -> str:
        """Its map."""
        return addresses.explorer(self.view.scheme.scheme, self.code, year=self.view.year)

    @cached_property
    def known(self) -> list[RegionalCluster]:
        """The cluster in all regions where its quotient is known, the highest first."""
        rows = self.release.regional_clusters(
            self.view.scheme.scheme, cluster=self.code, year=self.view.year
        )
        return [row for row in rows if row.location_quotient is not None]

    @cached_property
    def leading(self) -> list[Said]:
        """Regions with many jobs and a high quotient."""
        return [_said(row) for row in self._large()[:5]]

    def _large(self) -> list[RegionalCluster]:
        return [row for row in self.known if (row.employment or 0) >= NOTABLE] or self.known

    @cached_property
    def chart(self) -> DotChart:
        """Them as dots with intervals."""
        rows = [(row, row.region_name, _href(row)) for row in self._large()[:MOST_ROWS]]
        title = _("Location quotient of %(cluster)s, %(year)s") % {
            "cluster": self.name,
            "year": self.view.year,
        }
        return quotient_chart("primer-chart", title, rows, source=self.source)

    @cached_property
    def first(self) -> Said | None:
        """The most specialised region where the cluster is large and strong."""
        clear = [row for row in self.known if row.strong and (row.employment or 0) >= picks.LARGE]
        return _first(clear or self._large())

    @cached_property
    def small(self) -> Said | None:
        """The most specialised region with few jobs."""
        return _first([row for row in self.known if 0 < (row.employment or 0) < SMALL])

    @cached_property
    def largest(self) -> Said | None:
        """The region with the most jobs, however specialised."""
        return _first(sorted(self.known, key=lambda row: -(row.employment or 0)))

    @cached_property
    def two_cases(self) -> list[Said]:
        """A high quotient on few jobs and the most jobs, whatever the quotient."""
        return [each for each in (self.small, self.largest) if each is not None]

    @cached_property
    def undecided(self) -> Said | None:
        """The largest region whose verdict could flip."""
        rows = [row for row in self.known if row.could_flip]
        return _first(sorted(rows, key=lambda row: -(row.employment or 0)))

    @cached_property
    def widest(self) -> Said | None:
        """The large region whose quotient is least sure."""
        rows = [row for row in self._large() if row.location_quotient_high]
        return _first(sorted(rows, key=_width, reverse=True))

    @cached_property
    def local(self) -> ClusterProfile | None:
        """The largest local cluster, to set beside the traded one."""
        profiles = self.release.cluster_profiles(self.view.scheme.scheme, self.view.year)
        return next((each for each in profiles if each.traded is False), None)

    @cached_property
    def local_name(self) -> str:
        """Its name."""
        return words.cluster(self.local.name) if self.local else ""

    @cached_property
    def complete(self) -> Completeness:
        """How complete the figures of these regions are in the latest year."""
        return self.release.completeness(self.view.scheme.scheme)[0]

    @cached_property
    def split(self) -> Said | None:
        """A region that is strong by some rules and not by others."""
        rows = [row for row in self._large() if 0 < len(_rules(row)) < MOST_RULES]
        return _first(rows)

    # One region worked through

    @cached_property
    def place(self) -> RegionProfile | None:
        """The region of the worked example."""
        rows = picks.examples(
            self.release, self.view.scheme, self.view.definition.definition, self.view.year, 1
        )
        if not rows:
            return None
        return self.release.region_profile(self.view.scheme.scheme, rows[0].region, self.view.year)

    @cached_property
    def place_href(self) -> str:
        """Its page."""
        assert self.place is not None  # noqa: S101
        return addresses.region(self.view.scheme.scheme, self.place.region, year=self.view.year)

    @cached_property
    def place_rows(self) -> list[RegionalCluster]:
        """All clusters there."""
        assert self.place is not None  # noqa: S101
        return self.release.regional_clusters(
            self.view.scheme.scheme, region=self.place.region, year=self.view.year
        )

    @cached_property
    def place_strong(self) -> list[Said]:
        """The clusters that speak for it."""
        rows = [row for row in picks.spoken_for(self.place_rows) if row.traded is not False]
        return [_said(row) for row in rows[:5]]

    @cached_property
    def place_undecided(self) -> list[Said]:
        """Its clusters whose verdict could flip."""
        return [_said(row) for row in self.place_rows if row.could_flip][:3]

    @cached_property
    def place_losing(self) -> list[tuple[Said, str]]:
        """Strong clusters there that lost jobs, with the change."""
        rows = [row for row in self.place_rows if row.strong and (row.employment_change or 0) < 0]
        rows.sort(key=lambda row: row.employment_change or 0)
        return [(_said(row), figures.signed(row.employment_change)) for row in rows[:3]]

    @cached_property
    def place_peers(self) -> list[tuple[Peer, str]]:
        """Regions built like it, with their pages."""
        assert self.place is not None  # noqa: S101
        found = self.release.peers(self.view.scheme.scheme, self.place.region)[:3]
        return [(each, addresses.region(each.scheme, each.peer)) for each in found]

    @cached_property
    def place_options(self) -> list[Option]:
        """What it could grow into, the likeliest first."""
        assert self.place is not None  # noqa: S101
        found = self.release.options(self.view.scheme.scheme, self.place.region)
        return [each for each in found if each.kind == "absent"][:3]

    @cached_property
    def place_options_href(self) -> str:
        """The page of its options."""
        assert self.place is not None  # noqa: S101
        return addresses.options(self.view.scheme.scheme, self.place.region)

    # Europe

    @cached_property
    def europe(self) -> View | None:
        """The European regions, where the release has them."""
        able = [each for each in self.release.manifest.schemes if each.country_group == "Europe"]
        if not able:
            return None
        scheme = max(able, key=lambda each: each.regions)
        return View(scheme, self.release.definition(scheme.definition), scheme.years[-1])

    @cached_property
    def europe_complete(self) -> list[Completeness]:
        """How complete its figures are by country, the least complete first."""
        if self.europe is None:
            return []
        found = self.release.completeness(self.europe.scheme.scheme, by_country=True)
        latest = [each for each in found if each.year == self.europe.year]
        return sorted(latest, key=lambda each: each.reported_share or 0)

    @cached_property
    def europe_source(self) -> list[str]:
        """What the European sources cover, in their own words."""
        if self.europe is None:
            return []
        lines = self.europe.scheme.source_line
        found = self.release.provenance("employment")
        return list(
            dict.fromkeys(
                each.covers for each in found if f"{each.publisher}, {each.title}" in lines
            )
        )


MOST_RULES = 4


def of(release: Release) -> Live:
    """Return the live figures of a release."""
    return Live(release)


def _href(row: RegionalCluster) -> str:
    return addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year)


def _rules(row: RegionalCluster) -> tuple[str, ...]:
    return tuple(each for each in (row.profiles_held or "").split(", ") if each)


def _width(row: RegionalCluster) -> float:
    return (row.location_quotient_high or 0) / max(row.location_quotient_low or 0, 0.01)


def _first(rows: Sequence[RegionalCluster]) -> Said | None:
    return _said(rows[0]) if rows else None


def _said(row: RegionalCluster) -> Said:
    return Said(
        region=row.region_name,
        cluster=words.cluster(row.name),
        href=_href(row),
        jobs=doubt.jobs(row),
        quotient=figures.quotient(row.location_quotient),
        between=doubt.quotient_between(row),
        jobs_between=doubt.jobs_between(row),
        share=figures.percent(row.share_of_region),
        chance="" if row.probability_strong is None else doubt.chance(row.probability_strong),
        strong=bool(row.strong),
        mark=doubt.mark_of(row),
        rules=_rules(row),
    )
