"""The whole way from similarities to a definition: search, agree, move, assess."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clusteratlas.relatedness.defining.assessment import Assessment, assess
from clusteratlas.relatedness.defining.change_log import Change
from clusteratlas.relatedness.defining.clustering import METHODS
from clusteratlas.relatedness.defining.consensus import Consensus, consensus
from clusteratlas.relatedness.defining.moves import apply_moves, move_outliers, read_moves, scorer
from clusteratlas.relatedness.defining.search import Search, search
from clusteratlas.relatedness.defining.stability import (
    Positions,
    Sample,
    Stability,
    resampled,
    stability,
)
from clusteratlas.relatedness.defining.validation import Tests, Validation
from clusteratlas.relatedness.similarities import Similarities

Progress = Callable[[str, float], None]
SPREAD = 7
"""Numbers of clusters that candidates are built with, evenly spread over those asked for."""


@dataclass(frozen=True)
class Defined:
    """A definition with everything that led to it."""

    found: Search
    agreed: Consensus
    start: Mapping[str, str]
    """Industry to cluster before any move; codes 1, 2, ... by size."""
    definition: Mapping[str, str]
    """After the moves: what `replay` makes of ``start`` and ``log``."""
    log: tuple[Change, ...]
    before: Validation
    after: Validation
    assessed: tuple[Assessment, ...]


def define_clusters(
    similarities: Similarities,
    counts: Sequence[int],
    *,
    bases: Sequence[str] | None = None,
    methods: Sequence[str] = tuple(METHODS),
    nearness: float = 0.0,
    samples: Sequence[Similarities] = (),
    best: bool = False,
    moves: Path | None = None,
    outliers: bool = True,
    seed: int = 0,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Defined:
    """Return a cluster definition, with all candidates, all moves and every industry assessed.

    Definition
    ----------
    `search` scores candidates; `consensus` finds the set that a panel agrees on (``best``: the
    best candidate is taken instead); an expert's moves come first (`apply_moves`), then outliers
    move where that raises VS (`move_outliers`), none of which an expert moved; `assess` looks at
    the result.

    Parameters
    ----------
    similarities
        Components; of every industry at least one pair is known (`without_unknown`).
    counts
        Numbers of clusters to choose from.
    bases, methods, seed, folder
        As in `search`.
    nearness
        Weight of the nearness of codes in the consensus; 0: none.
    samples
        Similarities over samples of the regions (`resampled`), for the consensus.
    best
        Whether to start from the best candidate.
    moves
        File of an expert's moves, as `read_moves` takes it.
    outliers
        Whether outliers are moved.
    progress
        Called with the stage and the share done.

    Raises
    ------
    InvalidInput
        Faults of the file of moves.
    CannotAnswer
        As `search` and `consensus`.

    Example
    -------
    >>> import numpy as np
    >>> near = np.kron(np.eye(3), np.ones((3, 3))) + np.arange(9)[:, None] * np.arange(9) / 1e3
    >>> some = Similarities(tuple("abcdefghi"), {"input_output": near})
    >>> done = define_clusters(some, [3, 4], methods=["ward"])
    >>> "".join(done.definition[code] for code in "abcdefghi"), done.after.score
    ('111222333', 1.0)
    """
    steps = min(SPREAD, len(set(counts)))
    asked = sorted(set(counts))
    spread = [asked[round(at * (len(asked) - 1) / max(steps - 1, 1))] for at in range(steps)]
    found = search(
        similarities,
        bases=bases,
        methods=methods,
        counts=spread,
        seed=seed,
        folder=folder,
        progress=_within(progress, 0.0, 0.75),
    )
    agreed = consensus(
        similarities,
        asked,
        samples=samples,
        classification=nearness,
        progress=_within(progress, 0.75, 0.85),
    )
    groups = found.best.groups if best else agreed.groups
    labels = similarities.labels
    start = {code: str(at + 1) for code, at in zip(labels, groups.tolist(), strict=True)}
    log: list[Change] = []
    definition: Mapping[str, str] = start
    if moves is not None:
        done = apply_moves(start, read_moves(moves, start), scorer(similarities))
        log, definition = list(done.changes), done.definition
    if outliers:
        done = move_outliers(
            definition,
            similarities,
            keep={each.industry for each in log if each.applied},
            first_step=len(log) + 1,
            progress=_within(progress, 0.85, 1.0),
        )
        log, definition = [*log, *done.changes], done.definition
    tests = Tests(similarities)
    return Defined(
        found=found,
        agreed=agreed,
        start=start,
        definition=definition,
        log=tuple(log),
        before=tests.score([start[code] for code in labels]),
        after=tests.score([definition[code] for code in labels]),
        assessed=assess(similarities, definition),
    )


def stability_of_definition(
    sample: Sample,
    regions: int,
    clusters: int,
    *,
    nearness: float = 0.0,
    outliers: bool = True,
    seed: int = 0,
    splits: int = 3,
    progress: Progress | None = None,
) -> Stability:
    """Return how alike the definitions are that are found on two halves of the regions.

    Definition
    ----------
    As `stability`; each half draws its own samples (`resampled`), finds the consensus of as many
    clusters as the whole has, and moves its own outliers.

    Parameters
    ----------
    sample
        From positions of regions to similarities, always of the same industries.
    regions
        How many there are.
    clusters
        How many clusters the whole has.
    nearness, outliers, seed, progress
        As in `define_clusters`.
    splits
        How often the regions are cut in two.

    Raises
    ------
    CannotAnswer
        As `stability` and `consensus`.
    """

    def find(rows: Positions) -> list[str]:
        half = sample(rows)
        agreed = consensus(
            half, clusters, samples=resampled(sample, rows, seed=seed), classification=nearness
        )
        start = dict(zip(agreed.labels, agreed.groups.astype(str).tolist(), strict=True))
        moved = move_outliers(start, half).definition if outliers else start
        return [moved[code] for code in agreed.labels]

    return stability(sample, regions, find, splits=splits, seed=seed, progress=progress)


def _within(progress: Progress | None, low: float, high: float) -> Progress | None:
    if progress is None:
        return None
    return lambda stage, share: progress(stage, low + (high - low) * share)
