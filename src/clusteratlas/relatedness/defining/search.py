"""Search sets of clusters: bases x functions x numbers of clusters, all scored and ranked."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.defining.basis import Basis, Scale, composite_of, scaled
from clusteratlas.relatedness.defining.clustering import METHODS, STARTS, groupings
from clusteratlas.relatedness.defining.validation import Tests, held_out
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

Groups = npt.NDArray[np.intp]
Progress = Callable[[str, float], None]

VERSION: Final = 1
"""Of what a finished job holds; another number makes old ones unknown."""
COUNTS: Final = (30, 35, 40, 45, 50, 55, 60)
BASES: Final = (
    "colocation",
    "coagglomeration",
    "input_output",
    "occupations",
    "skill_flows",
    "colocation+input_output",
    "colocation+occupations",
    "coagglomeration+input_output",
    "coagglomeration+occupations",
    "colocation+input_output+occupations",
    "coagglomeration+input_output+occupations",
    "0.5*coagglomeration+colocation+input_output+occupations",
    "colocation+input_output+occupations+skill_flows",
)
"""What sets are built from; those whose components are at hand."""


@dataclass(frozen=True)
class Candidate:
    """One set of clusters, how it was made and its scores."""

    basis: str
    method: str
    asked: int
    """Number of clusters asked for."""
    groups: Groups
    """The cluster of each industry, 0 the largest."""
    score: float
    """VS on all tests, 0-1."""
    cluster: float
    """VS-Cluster."""
    industry: float
    """VS-Industry."""
    held_out: float
    """VS on the tests that are not in the basis; NaN where all are."""
    by_test: Mapping[str, float]
    """VS on each test."""

    @property
    def clusters(self) -> int:
        """Number of clusters found."""
        return int(self.groups.max()) + 1


@dataclass(frozen=True)
class Search:
    """All candidates, the best first."""

    labels: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    resumed: int = 0
    """Jobs that were found finished."""
    refused: tuple[str, ...] = ()
    """Of the usual bases and functions those that cannot be used here, and why."""

    @property
    def best(self) -> Candidate:
        """The candidate with the highest VS."""
        return self.candidates[0]


def bases_at_hand(similarities: Similarities) -> tuple[str, ...]:
    """Return those of ``BASES`` whose components are at hand."""
    known = set(similarities.components)
    if any(name.startswith("colocation_") for name in known):
        known.add("colocation")
    return tuple(text for text in BASES if set(Basis.read(text).components) <= known)


def search(
    similarities: Similarities,
    *,
    bases: Sequence[str] | None = None,
    methods: Sequence[str] = tuple(METHODS),
    counts: Sequence[int] = COUNTS,
    tests: Sequence[str] | None = None,
    scale: Scale = "normal scores",
    seed: int = 0,
    starts: int = STARTS,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Search:
    """Return every set of clusters that these choices make, scored and ranked.

    Definition
    ----------
    For each basis (a component or a composite, `composite_of`) and clustering function
    (`groupings`) the industries are put into each number of clusters. Every set is scored by VS on
    all tests (`Tests.score`) and by VS on those tests that its basis does not hold. Order: VS from
    the highest, then more clusters before fewer (VS cannot tell two clusters from their union where
    both are clear), then basis and function.

    Parameters
    ----------
    similarities
        Components over all industries.
    bases
        Texts as `Basis.read` takes them; by default those of ``BASES`` that are at hand and know
        every industry (the others are named in the result). One that is asked for is refused.
    methods
        Clustering functions, by default all.
    counts
        Numbers of clusters.
    tests
        Test matrices; by default the four that are at hand.
    scale
        How components are made comparable: "normal scores" or "standardised".
    seed, starts
        Of the methods with random starts.
    folder
        Where finished jobs (one basis and function) are kept, one file each, whole or not at all;
        a search with the same input and parameters takes them up again, bytes for bytes.
    progress
        Called with the stage and the share done.

    Returns
    -------
    Search
        Candidates in order.

    Missing data
    ------------
    As in `composite_of` and `Tests.score`. Industries of which nothing is known are refused;
    `without_unknown` takes them out.

    Raises
    ------
    CannotAnswer
        Unknown components or functions, numbers that do not fit, graphs that fall apart.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016), steps 1 to 4.

    Example
    -------
    >>> near = np.kron(np.eye(3), np.ones((3, 3))) + np.eye(9)
    >>> some = Similarities(tuple("abcdefghi"), {"input_output": near})
    >>> found = search(some, methods=["ward"], counts=[3, 4])
    >>> found.best.asked, found.best.groups.tolist(), found.best.score
    (3, [0, 0, 0, 1, 1, 1, 2, 2, 2], 1.0)
    """
    chosen = [Basis.read(text) for text in (bases or bases_at_hand(similarities))]
    if not chosen or not methods:
        raise CannotAnswer("a search needs a basis and a clustering function")
    tester = Tests(similarities, tests)
    on_scale = scaled(similarities, scale)
    given = checksum(similarities)
    jobs = sorted({(str(basis), method) for basis in chosen for method in methods})
    found: list[Candidate] = []
    refused: list[str] = []
    resumed = 0
    for at, (text, method) in enumerate(jobs):
        if progress is not None:
            progress(f"{method} on {text}", at / len(jobs))
        parameters = {
            "version": VERSION,
            "input": given,
            "basis": text,
            "method": method,
            "counts": sorted(set(counts)),
            "tests": list(tester.names),
            "scale": scale,
            "seed": seed,
            "starts": starts,
        }
        key = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
        done = None if folder is None else _read(folder / f"{key}.json", parameters)
        resumed += done is not None
        if done is None:
            try:
                matrix = composite_of(on_scale, Basis.read(text))
                groups = groupings(
                    matrix, counts, method, seed=seed, starts=starts, labels=similarities.labels
                )
            except CannotAnswer as error:
                if bases is not None:
                    raise
                refused.append(f"{method} on {text}: {error.fault.problem}")
                continue
            done = [_scored(tester, Basis.read(text), method, k, groups[k]) for k in sorted(groups)]
            if folder is not None:
                _write(folder / f"{key}.json", parameters, done)
        found += done
    if progress is not None:
        progress("candidates scored", 1.0)
    if not found:
        raise CannotAnswer("no set of clusters can be built", value=refused[0])
    found.sort(key=lambda each: (-each.score, -each.clusters, each.basis, each.method, each.asked))
    return Search(similarities.labels, tuple(found), resumed, tuple(refused))


def checksum(similarities: Similarities) -> str:
    """Return the SHA-256 of labels and components."""
    total = hashlib.sha256("\n".join(similarities.labels).encode())
    for name in sorted(similarities.components):
        total.update(name.encode())
        total.update(np.ascontiguousarray(similarities.components[name], dtype="<f8").tobytes())
    return total.hexdigest()


def _scored(tester: Tests, basis: Basis, method: str, asked: int, groups: Groups) -> Candidate:
    validation = tester.score(groups)
    return Candidate(
        basis=str(basis),
        method=method,
        asked=asked,
        groups=groups,
        score=validation.score,
        cluster=validation.cluster,
        industry=validation.industry,
        held_out=validation.only(held_out(tester.names, basis.components)),
        by_test={name: each.score for name, each in validation.by_test.items()},
    )


def _read(path: Path, parameters: Mapping[str, Any]) -> list[Candidate] | None:
    """A finished job, or None where there is none or it is not what it says."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["parameters"] != parameters:
            return None
        return [
            Candidate(
                **{**each, "groups": np.array(each["groups"], dtype=np.intp)}
                | {"held_out": float("nan") if each["held_out"] is None else each["held_out"]}
            )
            for each in held["candidates"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, parameters: Mapping[str, Any], done: Sequence[Candidate]) -> None:
    rows = [
        {
            **vars(each),
            "groups": each.groups.tolist(),
            "by_test": dict(each.by_test),
            "held_out": None if np.isnan(each.held_out) else each.held_out,
        }
        for each in done
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".job-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"parameters": dict(parameters), "candidates": rows}, file, sort_keys=True)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
