"""Strength profiles: named rules by which a regional cluster counts as strong.

A profile never changes once published: another rule is another name.
"""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.measures.arguments import choose


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
