"""How complete the figures of a release are: by scheme, year and country."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.atlas.opened import OpenedRelease


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of the figures of a scheme and year the sources print.

    Attributes
    ----------
    country
        A country of the scheme; none for the whole scheme.
    regions, regions_partly_covered
        Regions with figures (count), and how many of them the source does not wholly cover.
    employment
        All jobs of the regions.
    reported_share
        The part of those jobs that is printed by industry (0-1), weighted by jobs.
    regions_below_half
        Regions of whose jobs less than half are printed by industry (count).
    reported, estimated, withheld, unpublished
        Regional clusters by the status of their jobs (count).
    could_flip, strong
        Regional clusters whose flag what is withheld decides, and those with the flag (count).
    """

    scheme: str
    year: int
    country: str | None
    regions: int
    regions_partly_covered: int
    employment: int | None
    reported_share: float | None
    regions_below_half: int
    reported: int
    estimated: int
    withheld: int
    unpublished: int
    strong: int
    could_flip: int


_QUESTION = """
with places as (
  select p.scheme, p.year, {country} as country, count(*) as regions,
    count(*) filter (where r.coverage < 0.9995) as regions_partly_covered,
    sum(p.employment)::bigint as employment,
    sum(p.employment * p.reported_share)
      / nullif(sum(p.employment) filter (where p.reported_share is not null), 0) as reported_share,
    count(*) filter (where p.reported_share < 0.5) as regions_below_half
  from region_profile p join regions_held r on r.scheme = p.scheme and r.region = p.region
  where p.scheme = ? and p.definition = ? group by all
), cells as (
  select f.scheme, f.year, {country} as country,
    count(*) filter (where f.status = 'reported') as reported,
    count(*) filter (where f.status = 'estimated') as estimated,
    count(*) filter (where f.status = 'withheld') as withheld,
    count(*) filter (where f.status = 'unpublished') as unpublished,
    count(*) filter (where f.strong) as strong,
    count(*) filter (where f.probability_strong > 0.1 and f.probability_strong < 0.9) as could_flip
  from regional_clusters f join regions_held r on r.scheme = f.scheme and r.region = f.region
  where f.scheme = ? and f.definition = ? group by all
)
select places.*, reported, estimated, withheld, unpublished, strong, could_flip
from places join cells on cells.scheme = places.scheme and cells.year = places.year
  and cells.country is not distinct from places.country
order by places.year desc, places.country
"""


class CompletenessQuestions(OpenedRelease):
    """What can be asked about how complete the figures are."""

    def completeness(self, scheme: str, *, by_country: bool = False) -> list[Completeness]:
        """Return how complete a scheme's figures are, the latest year first."""
        definition = self.definition_of(scheme, None)
        country = "r.country" if by_country else "null::varchar"
        return self._records(
            Completeness,
            _QUESTION.format(country=country),
            [scheme, definition, scheme, definition],
        )
