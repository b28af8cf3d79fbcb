"""Strength profiles: named rules by which a regional cluster counts as strong, or gets stars.

A profile never changes once published: another rule is another name.
"""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.measures.arguments import choose
from clusteratlas.tables import Fault, InvalidInput


@dataclass(frozen=True)
class Cut:
    """One flag's cut on the location quotient."""

    level: float
    """The quotient is held against this quantile of its column, 0-1."""
    strict: bool
    """True: it must be above the quantile. False: equal is enough."""
    least: float = 0.0
    """The quotient must also be at least this."""


@dataclass(frozen=True)
class StrengthProfile:
    """A rule for four flags; quantiles run over the regions where the cluster has jobs."""

    name: str
    """Name with year, such as us-2014."""
    title: str
    """What the rule is, for people."""
    source: str
    """Who uses the rule and where it is written down."""
    employment_level: float
    """Jobs must be above this quantile of their column, for every flag."""
    establishments_level: float
    """Establishments must be above this quantile of their column, for every flag."""
    qualifying: Cut
    significant: Cut
    strong: Cut
    strong10: Cut

    @property
    def cuts(self) -> tuple[Cut, Cut, Cut, Cut]:
        """The four cuts, from the weakest flag to the strongest."""
        return (self.qualifying, self.significant, self.strong, self.strong10)


_PROFILES = {
    profile.name: profile
    for profile in (
        StrengthProfile(
            name="us-2014",
            title="Strong clusters as the US Cluster Mapping portal marks them",
            source="M. Delgado, M. E. Porter, S. Stern, Clusters, convergence, and economic "
            "performance (2014); exact cuts as coded in the US Cluster Mapping portal",
            employment_level=0.25,
            establishments_level=0.25,
            qualifying=Cut(0.25, strict=True),
            significant=Cut(0.50, strict=True),
            strong=Cut(0.75, strict=False, least=1.0),
            strong10=Cut(0.90, strict=False, least=1.0),
        ),
    )
}


def strength_profiles() -> tuple[str, ...]:
    """Return the names of the strength profiles.

    Example
    -------
    >>> strength_profiles()
    ('us-2014',)
    """
    return tuple(_PROFILES)


def strength_profile(name: str) -> StrengthProfile:
    """Return the strength profile of that name, or raise CannotAnswer with those there are.

    Example
    -------
    >>> strength_profile("us-2014").strong
    Cut(level=0.75, strict=False, least=1.0)
    """
    return _PROFILES[choose("strength profile", name, _PROFILES)]


CUTS = ("at least", "quantile", "top share")
"""At or above a figure; at or above a quantile; among the highest share of the regions."""


@dataclass(frozen=True)
class Dimension:
    """One thing that a star is given for."""

    figure: str
    """``"location_quotient"``, ``"share_of_nation"``, ``"share_of_region"`` or the name of a
    further figure, such as wages or growth."""
    cut: str
    """One of ``CUTS``. Quantiles (linear interpolation, type 7) and top shares are taken within
    each cluster over the regions that have jobs in it. In the top share p of n regions are those
    whose rank, ties sharing the best, is at most p n."""
    level: float
    """The figure, or the quantile or share as 0-1."""
    weight: float = 1.0
    """What it counts."""


@dataclass(frozen=True)
class StarRule:
    """A rule for stars: what counts, from where on, and how much."""

    name: str
    """Name with year, such as eu-stars-2007."""
    title: str
    """What the rule is, for people."""
    source: str
    """Who uses the rule, where it is written down, and what of it is not confirmed."""
    dimensions: tuple[Dimension, ...]
    steps: tuple[float, ...] = ()
    """Weight from which on there is a first, a second ... star. Default: the stars are the sum of
    the weights."""
    counts_from: float = 1.0
    """Stars from which on a regional cluster counts as one."""

    def __post_init__(self) -> None:
        faults = [
            Fault(f"rule {self.name}: {problem}", column="rule", value=str(value), hint=hint)
            for wrong, problem, value, hint in self._doubts()
            if wrong
        ]
        if faults:
            raise InvalidInput(faults)

    def _doubts(self) -> list[tuple[bool, str, object, str]]:
        return [
            (not self.dimensions, "there is no dimension", "", "give at least one"),
            (
                list(self.steps) != sorted(set(self.steps)),
                "the steps do not rise",
                self.steps,
                "give each star a higher weight than the one before",
            ),
            *(
                doubt
                for each in self.dimensions
                for doubt in (
                    (each.cut not in CUTS, "no such cut", each.cut, ", ".join(CUTS)),
                    (
                        each.cut != CUTS[0] and not 0 <= each.level <= 1,
                        f"the level of {each.figure} is no share",
                        each.level,
                        "between 0 and 1",
                    ),
                    (
                        not each.weight > 0,
                        f"the weight of {each.figure} is not positive",
                        each.weight,
                        "leave the dimension out if it shall not count",
                    ),
                )
            ),
        ]


_STARS = {
    rule.name: rule
    for rule in (
        StarRule(
            name="eu-stars-2007",
            title="Stars of the European Cluster Observatory: size, specialisation, focus",
            source="European Cluster Observatory, Evaluation of regional cluster strength "
            "(2007-2013). Confirmed: one star for each of the three, size from the top 10 % of the "
            "cluster's regions by jobs, specialisation as a quotient within all jobs. Not "
            "confirmed: the quotient of 2 and the top 10 % for focus",
            dimensions=(
                Dimension("share_of_nation", "top share", 0.10),
                Dimension("location_quotient", "at least", 2.0),
                Dimension("share_of_region", "top share", 0.10),
            ),
        ),
        StarRule(
            name="eu-nodes-2021",
            title="Specialised and relevant, as in the European typology of regions",
            source="European Cluster Collaboration Platform, typology of regions (2021). "
            "Confirmed: both are asked for, relevance is 1 % of the region's jobs. Not confirmed: "
            "the quotient of 1.5",
            dimensions=(
                Dimension("location_quotient", "at least", 1.5),
                Dimension("share_of_region", "at least", 0.01),
            ),
            counts_from=2.0,
        ),
        StarRule(
            name="quotient-1.2",
            title="Working cut of StatsAmerica's county tool: a quotient of 1.2",
            source="StatsAmerica, Innovation in American Regions",
            dimensions=(Dimension("location_quotient", "at least", 1.2),),
        ),
    )
}


def star_rules() -> tuple[str, ...]:
    """Return the names of the star rules.

    Example
    -------
    >>> star_rules()
    ('eu-stars-2007', 'eu-nodes-2021', 'quotient-1.2')
    """
    return tuple(_STARS)


def star_rule(name: str) -> StarRule:
    """Return the star rule of that name, or raise CannotAnswer with those there are.

    Example
    -------
    >>> [dimension.figure for dimension in star_rule("eu-stars-2007").dimensions]
    ['share_of_nation', 'location_quotient', 'share_of_region']
    """
    return _STARS[choose("star rule", name, _STARS)]
