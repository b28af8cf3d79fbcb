"""Survival: under which strength profiles a regional cluster counts as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose, columns, divide, sum_known
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.strong.profiles import StarRule, star_rule, star_rules, strength_profiles
from clusteratlas.measures.strong.stars import stars_of
from clusteratlas.measures.strong.strength import strength_flags

CELLS_AT_ONCE = 500_000
"""Cells worked at once, in whole columns: what is needed on the way stays small."""


@dataclass(frozen=True)
class Survival:
    """Which profiles a regional cluster holds up under."""

    profiles: dict[str, Any]
    """By profile: 1 where it counts as a cluster, 0 where not, NaN where nobody can tell."""
    held: Any
    """Number of profiles under which it counts."""
    judged: Any
    """Number of profiles that can be told."""
    share: Any
    """Held over judged, 0-1; NaN where no profile can be told."""


def every_profile() -> tuple[str, ...]:
    """Return the names of all profiles that `survival` holds a regional cluster against.

    Example
    -------
    >>> every_profile()
    ('us-2014', 'eu-stars-2007', 'eu-nodes-2021', 'quotient-1.2')
    """
    return (*strength_profiles(), *star_rules())


@measure({"held": "cells", "judged": "cells", "share": "cells"})
def survival(
    location_quotient: npt.ArrayLike,
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike,
    *,
    overall_quotient: npt.ArrayLike | None = None,
    share_of_nation: npt.ArrayLike | None = None,
    share_of_region: npt.ArrayLike | None = None,
    profiles: Sequence[str | StarRule] | None = None,
) -> Survival:
    r"""Return under which strength profiles each regional cluster counts as a cluster.

    Definition
    ----------
    It counts under ``us-2014`` where it is strong (``strength_flags``), and under a star rule
    where it has the stars that the rule counts a cluster from (``star_rating``): one for
    ``eu-stars-2007``, both tests for ``eu-nodes-2021``. held is the number of profiles it counts
    under, share is held over those that can be told.

    Parameters
    ----------
    location_quotient
        Regions x clusters (or one column), ratio; for ``us-2014`` within traded jobs.
    employment, establishments
        Same shape, jobs and count.
    overall_quotient
        Same shape: the quotient within all jobs, which star rules use. Default:
        ``location_quotient``.
    share_of_nation, share_of_region
        Same shape, 0-1. Default: shares of the column and row sums of ``employment``; one column
        alone needs ``share_of_region``.
    profiles
        Names out of ``every_profile()``, or star rules of your own. Default: all of them.

    Returns
    -------
    Survival
        For each profile 1, 0 or NaN, and held, judged and share, in the shape of the input.

    Missing data
    ------------
    A profile cannot be told (NaN) where a figure that it asks for is not known, and is then neither
    held nor judged. A cell without jobs is a cluster under none. Default sums run over the known
    cells.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, ``share_of_region`` missing, no or
        repeated profiles.
    CannotAnswer
        Unknown name of a profile.

    Source
    ------
    As for ``strength_flags`` and ``star_rating``.

    Example
    -------
    >>> found = survival(
    ...     [2.5, 1.3, 0.9, 0.8, 0.7], [50, 40, 30, 20, 10], [5, 4, 3, 2, 1],
    ...     share_of_region=[0.03, 0.02, 0.01, 0.01, 0.01],
    ... )
    >>> found.held, found.judged
    (array([4, 2, 0, 0, 0]), array([4, 4, 4, 4, 4]))
    >>> [name for name, flags in found.profiles.items() if flags[1]]
    ['us-2014', 'quotient-1.2']
    """
    given = Arguments()
    chosen = _chosen(given, every_profile() if profiles is None else profiles)
    quotient = given.figures("location_quotient", location_quotient)
    read = {"employment": given.figures("employment", employment)}
    read["establishments"] = given.figures("establishments", establishments)
    given.need(
        quotient.ndim == 2 or quotient.size == 0 or share_of_region is not None,
        "share_of_region",
        "share_of_region is missing",
        "one cluster alone does not tell the region's jobs; give its share of them",
    )
    for name, values in (
        ("overall_quotient", overall_quotient),
        ("share_of_nation", share_of_nation),
        ("share_of_region", share_of_region),
    ):
        if values is not None:
            read[name] = given.figures(name, values)
    for name, figures in read.items():
        given.same_shape("location_quotient", quotient, name, figures)
    given.check()

    table = {name: columns(figures) for name, figures in read.items()}
    table["location_quotient"] = columns(quotient)
    row_sums = sum_known(table["employment"], 1)[:, None]
    size = table["employment"].shape
    flags = {name: np.empty(size) for name in chosen}
    held, judged = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    share = np.empty(size)
    step = max(1, CELLS_AT_ONCE // max(size[0], 1))
    for begin in range(0, size[1], step):
        part = (slice(None), slice(begin, begin + step))
        some = {name: np.ascontiguousarray(figures[part]) for name, figures in table.items()}
        for name, rule in chosen.items():
            counts = _counts(some, row_sums, name, rule)
            flags[name][part] = counts
            held[part] += counts == 1
            judged[part] += ~np.isnan(counts)
        share[part] = divide(held[part], judged[part])
    shape = quotient.shape
    return Survival(
        {name: _labelled(flag.reshape(shape), location_quotient) for name, flag in flags.items()},
        held.reshape(shape),
        judged.reshape(shape),
        share.reshape(shape),
    )


def _counts(table: dict[str, Floats], row_sums: Floats, name: str, rule: StarRule | None) -> Floats:
    """Return where each cell counts as a cluster under one profile."""
    quotient, jobs, places = (
        table[word] for word in ("location_quotient", "employment", "establishments")
    )
    if rule is None:
        counts = strength_flags(quotient, jobs, places, profile=name).strong.astype(np.float64)
        counts[np.isnan(quotient) | np.isnan(jobs) | np.isnan(places)] = np.nan
    else:
        figures = {"location_quotient": table.get("overall_quotient", quotient)}
        for word, whole in (("share_of_nation", sum_known(jobs, 0)), ("share_of_region", row_sums)):
            figures[word] = table[word] if word in table else divide(jobs, whole)
        stars = stars_of(figures, rule)
        counts = (stars >= rule.counts_from - 1e-9).astype(np.float64)
        counts[np.isnan(stars)] = np.nan
    counts[jobs == 0] = 0.0
    return counts


def _chosen(given: Arguments, profiles: Sequence[str | StarRule]) -> dict[str, StarRule | None]:
    """Return the star rule of each profile by its name; None for a profile of flags."""
    found: dict[str, StarRule | None] = {}
    given.need(bool(profiles), "profiles", "there is no profile", ", ".join(every_profile()))
    for profile in profiles:
        name = profile if isinstance(profile, str) else profile.name
        given.need(name not in found, "profiles", f"{name} stands twice", "name each profile once")
        if isinstance(profile, StarRule):
            found[name] = profile
        elif choose("profile", name, every_profile()) in star_rules():
            found[name] = star_rule(name)
        else:
            found[name] = None
    return found


def _labelled(flag: Floats, first: npt.ArrayLike) -> Any:
    return first.labelled(flag, "cells") if isinstance(first, LabelledFigures) else flag
