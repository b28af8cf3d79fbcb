"""Ask a release which places below the county hold a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.atlas.given_local import ALL_CLUSTERS, SCHEME
from clusteratlas.atlas.opened_explained import ExplainedQuestions


@dataclass(frozen=True, slots=True)
class LocalCluster:
    """A cluster in a place below the county."""

    place: str
    name: str | None
    scheme: str | None
    region: str | None
    longitude: float | None
    latitude: float | None
    definition: str
    cluster: str
    year: int
    establishments: int | None
    status: str
    establishments_of_place: int | None
    share_of_place: float | None
    source: str


@dataclass(frozen=True, slots=True)
class LocalView:
    """The places of an area that print a cluster, and of how many places.

    Attributes
    ----------
    year, years
        The year shown, and all that are there.
    rows
        Places with a row of the cluster, the largest first.
    places
        Places of the area that print anything.
    establishments
        Sum over the rows: at least so many.
    """

    year: int
    years: tuple[int, ...]
    rows: tuple[LocalCluster, ...]
    places: int
    establishments: int


_INSIDE = (
    f"place in (select region from memberships where scheme = '{SCHEME}' "
    "and in_scheme = ? and in_region = ?)"
)


class LocalQuestions(ExplainedQuestions):
    """What can be asked about places below the county; empty where none were given."""

    def local_view(
        self,
        definition: str,
        cluster: str,
        *,
        scheme: str | None = None,
        region: str | None = None,
        year: int | None = None,
    ) -> LocalView | None:
        """Return the places that print a cluster, in a region or everywhere.

        Parameters
        ----------
        definition, cluster
            The cluster.
        scheme, region
            The region that the places lie in; none: all places.
        year
            The year wanted; the closest one is taken, the later of two.
        """
        self.cluster(definition, cluster)
        if region is not None and scheme is not None:
            self.region(scheme, region)
        years = tuple(
            int(row[0])
            for row in self._rows(
                "select distinct year from local_establishments where definition = ? order by 1",
                [definition],
            )
        )
        if not years:
            return None
        shown = min(years, key=lambda each: (abs(each - (year or years[-1])), -each))
        inside = [scheme, region] if region is not None else []
        places = self._rows(
            "select count(distinct place) from local_establishments where definition = ? "
            "and year = ?" + (f" and {_INSIDE}" if inside else ""),
            [definition, shown, *inside],
        )[0][0]
        if not places:
            return None
        rows = self._records(
            LocalCluster,
            "select e.*, p.name, p.scheme, p.region, p.longitude, p.latitude, "
            "a.establishments as establishments_of_place, "
            "case when e.establishments <= a.establishments and a.establishments > 0 "
            "then e.establishments / a.establishments end as share_of_place "
            "from local_establishments e left join local_places p on p.place = e.place "
            "left join local_establishments a on a.place = e.place and a.year = e.year "
            "and a.definition = e.definition and a.source = e.source "
            f"and a.cluster = '{ALL_CLUSTERS}' "
            "where e.definition = ? and e.cluster = ? and e.year = ?"
            + (f" and e.{_INSIDE}" if inside else "")
            + " order by e.establishments desc nulls last, e.place",
            [definition, cluster, shown, *inside],
        )
        return LocalView(
            shown,
            years,
            tuple(rows),
            int(places),
            sum(row.establishments or 0 for row in rows),
        )
