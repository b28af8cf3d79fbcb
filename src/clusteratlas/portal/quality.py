"""How good the figures of a region are: one grade from four things, each held against thresholds.

The grade is the worst of the four, so that no strength hides a weakness:

=================  ==============  ==============  ==============
what               good            fair            weak
=================  ==============  ==============  ==============
reported share     at least 0.90   at least 0.70   less
estimated share    at most 0.10    at most 0.30    more
coverage           at least 0.995  at least 0.90   less
age of figures     at most 4 years at most 8 years more
=================  ==============  ==============  ==============

The estimated share counts the clusters with jobs whose figure is estimated in part, weighed by
jobs, in years whose withheld cells are filled; a cluster that is withheld counts in full. Age is
counted to the year that it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Region, RegionalCluster, RegionProfile
from clusteratlas.portal import doubt, figures
from clusteratlas.tables import WITHHELD

GOOD, FAIR, WEAK, UNKNOWN = "good", "fair", "weak", "unknown"
ORDER = (GOOD, FAIR, WEAK)
LEAST_REPORTED = (0.90, 0.70)
MOST_ESTIMATED = (0.10, 0.30)
LEAST_COVERAGE = (0.995, 0.90)
MOST_AGE = (4, 8)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that the grade rests on: its name, its figure in words and its own grade."""

    name: str
    value: str
    grade: str

    @property
    def grade_said(self) -> str:
        """The grade in a word."""
        return grade_word(self.grade)


@dataclass(frozen=True, slots=True)
class Quality:
    """The grade of a region's figures in a year, and what it rests on."""

    grade: str
    criteria: tuple[Criterion, ...]

    @property
    def word(self) -> str:
        """The grade in a word."""
        return grade_word(self.grade)

    @property
    def reason(self) -> str:
        """What brought the grade down, or that nothing did."""
        worst = [each for each in self.criteria if each.grade == self.grade]
        if self.grade == GOOD or not worst:
            return _("all criteria are met")
        return ", ".join(f"{each.name}: {each.value}" for each in worst)


def grade_word(grade: str) -> str:
    """Return a grade in a word."""
    return {GOOD: _("good"), FAIR: _("fair"), WEAK: _("weak")}.get(grade, _("not known"))


def at_least(value: float | None, levels: tuple[float, float]) -> str:
    """Grade a figure that should be high.

    >>> [at_least(value, (0.9, 0.7)) for value in (0.95, 0.8, 0.2, None)]
    ['good', 'fair', 'weak', 'unknown']
    """
    if value is None:
        return UNKNOWN
    return GOOD if value >= levels[0] else FAIR if value >= levels[1] else WEAK


def at_most(value: float | None, levels: tuple[float, float]) -> str:
    """Grade a figure that should be low.

    >>> [at_most(value, (4, 8)) for value in (4, 6, 9)]
    ['good', 'fair', 'weak']
    """
    if value is None:
        return UNKNOWN
    return GOOD if value <= levels[0] else FAIR if value <= levels[1] else WEAK


def estimated_share(rows: Sequence[RegionalCluster]) -> float | None:
    """Return the share of the jobs in clusters that rests on estimates or is withheld."""
    known = [row for row in rows if row.employment]
    total = sum(row.employment or 0 for row in known)
    if not total:
        return None
    unsure = 0.0
    for row in known:
        if row.status == WITHHELD:
            unsure += row.employment or 0
        elif doubt.is_estimated(row):
            unsure += (row.employment or 0) * (1 - (row.reported_share or 0))
    return unsure / total


def quality_of(
    region: Region,
    profile: RegionProfile,
    rows: Sequence[RegionalCluster],
    *,
    now: int | None = None,
) -> Quality:
    """Grade the figures of a region in a year; ``now`` is the year that their age is told from."""
    filled = any(row.location_quotient_low is not None for row in rows)
    share = estimated_share(rows) if filled else None
    age = max((now or timezone.now().year) - profile.year, 0)
    criteria = (
        Criterion(
            _("reported share"),
            figures.percent(profile.reported_share),
            at_least(profile.reported_share, LEAST_REPORTED),
        ),
        *(
            [
                Criterion(
                    _("estimated share"), figures.percent(share), at_most(share, MOST_ESTIMATED)
                )
            ]
            if filled
            else []
        ),
        Criterion(
            _("coverage"),
            figures.percent(region.coverage),
            at_least(region.coverage, LEAST_COVERAGE),
        ),
        Criterion(
            _("age of the figures"),
            ngettext("%(years)s year", "%(years)s years", age) % {"years": age},
            at_most(age, MOST_AGE),
        ),
    )
    graded = [ORDER.index(each.grade) for each in criteria if each.grade in ORDER]
    return Quality(ORDER[max(graded)] if graded else UNKNOWN, criteria)
