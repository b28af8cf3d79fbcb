"""Ask a release what goes with lying together, and which occupations a region has and lacks."""

from __future__ import annotations

from clusteratlas.atlas.explained_records import (
    ClusterOccupation,
    Mechanism,
    MissingSkill,
    RegionalOccupation,
)
from clusteratlas.atlas.opened_related import RelatedQuestions


class ExplainedQuestions(RelatedQuestions):
    """What can be asked about mechanisms and skills.

    Each answer is empty where the release has no such rows; `missing` says why.
    """

    def mechanisms(self, definition: str, cluster: str) -> list[Mechanism]:
        """Return what goes with lying together inside a cluster, supply before skills.

        A single row with ``refused`` says why there is no figure.
        """
        self.cluster(definition, cluster)
        return self._records(
            Mechanism,
            "select * from mechanisms where definition = ? and cluster = ? "
            "order by component <> 'input_output', component, mechanism",
            [definition, cluster],
        )

    def leading_occupations(self, scheme: str, region: str) -> list[RegionalOccupation]:
        """Return the occupations that a region is most specialised in, the first one first."""
        self.region(scheme, region)
        return self._records(
            RegionalOccupation,
            "select * from leading_occupations where scheme = ? and region = ? "
            "order by year desc, rank, occupation",
            [scheme, region],
        )

    def cluster_occupations(self, definition: str, cluster: str) -> list[ClusterOccupation]:
        """Return the largest occupations of a cluster, the first one first."""
        self.cluster(definition, cluster)
        return self._records(
            ClusterOccupation,
            "select * from cluster_occupations where definition = ? and cluster = ? order by rank",
            [definition, cluster],
        )

    def skill_gaps(
        self, scheme: str, region: str, industry: str | None = None
    ) -> list[MissingSkill]:
        """Return what the first options of a region need, by industry, the largest gap first."""
        self.region(scheme, region)
        titles = self._titles(self.scheme(scheme).classification)
        rows = self._dicts(
            "select * from skill_gaps where scheme = ? and region = ? "
            "and (? is null or industry = ?) order by industry, rank, occupation",
            [scheme, region, industry, industry],
        )
        return [
            MissingSkill(**row, industry_title=titles.get(row["industry"], row["industry"]))
            for row in rows
        ]
