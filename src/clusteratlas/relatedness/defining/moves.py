"""Move industries between clusters, by an expert's note or because VS rises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from clusteratlas.relatedness.defining.assessment import assess
from clusteratlas.relatedness.defining.change_log import Change, table_rows
from clusteratlas.relatedness.defining.comparison import natural
from clusteratlas.relatedness.defining.validation import Tests
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import Fault, InvalidInput

Score = Callable[[Mapping[str, str]], float]

RISE: Final = 1e-6
"""VS rises where it does by more than rounding."""
ROUNDS: Final = 5
EXPERT, AUTOMATIC = "expert", "outlier"


class Move(NamedTuple):
    """A move that somebody asks for."""

    industry: str
    to: str
    note: str = ""
    leaves: str = ""
    """The cluster it must be in; empty: any."""


@dataclass(frozen=True)
class Moved:
    """A definition after moves, and what was done."""

    definition: Mapping[str, str]
    changes: tuple[Change, ...]


def scorer(similarities: Similarities) -> Score:
    """Return a function from a definition to its VS over the industries that can be scored."""
    tests: dict[tuple[str, ...], Tests] = {}

    def score(definition: Mapping[str, str]) -> float:
        labels = tuple(code for code in similarities.labels if code in definition)
        if labels not in tests:
            tests[labels] = Tests(similarities.take(labels))
        return tests[labels].score([definition[code] for code in labels]).score

    return score


def read_moves(path: Path, definition: Mapping[str, str]) -> tuple[Move, ...]:
    """Read moves from a CSV file of industry, to[, note, from].

    Definition
    ----------
    One row moves one industry into a cluster that exists. A move with a note is made; one without
    is made only where it raises VS. ``from`` guards against a file drawn up for another set.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, with a header. Other columns are ignored.
    definition
        Industry to cluster, before the moves.

    Returns
    -------
    tuple of Move
        In the order of the file.

    Raises
    ------
    InvalidInput
        With every fault of the file: no file, missing column, short row, empty cell, an industry
        or cluster that is not in the definition, an industry twice, another cluster in ``from``,
        a move to where it is.
    """
    faults: list[Fault] = []
    header, rows = table_rows(path, ("industry", "to"), faults)
    moves: list[Move] = []
    seen: dict[str, int] = {}
    clusters = set(definition.values())
    for number, cells in rows:
        row = dict(zip(header, cells, strict=True))
        move = Move(row["industry"], row["to"], row.get("note", ""), row.get("from", ""))
        is_in = definition.get(move.industry, "")
        moves.append(move)
        first = seen.setdefault(move.industry, number)
        for wrong, problem, column, value, hint in (
            (not move.industry, "industry is empty", "industry", "", ""),
            (not move.to, "to is empty", "to", "", "name the cluster it shall move into"),
            (
                bool(move.industry) and not is_in,
                "the industry is not in the definition",
                "industry",
                move.industry,
                "is it a code of another vintage or level?",
            ),
            (
                bool(move.industry) and first != number,
                f"the industry stands twice, see row {first}",
                "industry",
                move.industry,
                "keep one of them",
            ),
            (
                bool(move.to) and move.to not in clusters,
                "there is no such cluster",
                "to",
                move.to,
                f"one of {', '.join(sorted(clusters, key=natural)[:8])}, ...",
            ),
            (
                bool(move.leaves and is_in) and move.leaves != is_in,
                f"the industry is in cluster {is_in}",
                "from",
                move.leaves,
                "is the file drawn up for another set?",
            ),
            (
                bool(is_in) and move.to == is_in,
                "the industry is in that cluster",
                "to",
                move.to,
                "leave the row out",
            ),
        ):
            if wrong:
                faults.append(Fault(problem, str(path), number, column, value, hint))
    if faults:
        raise InvalidInput(faults)
    return tuple(moves)


def apply_moves(
    definition: Mapping[str, str], moves: Sequence[Move], score: Score, *, first_step: int = 1
) -> Moved:
    """Return a definition after an expert's moves, one after another.

    Definition
    ----------
    A move is made where it raises VS or carries a note; otherwise it is logged and not made.

    Parameters
    ----------
    definition
        Industry to cluster.
    moves
        As `read_moves` gives them.
    score
        From `scorer`.
    first_step
        Number of the first line of the log.

    Example
    -------
    >>> done = apply_moves({"a": "1", "b": "2", "c": "2"}, [Move("b", "1")], lambda _: 0.5)
    >>> done.changes[0].applied, dict(done.definition)["b"]
    (False, '2')
    """
    now = dict(definition)
    before = score(now)
    changes = []
    for step, move in enumerate(moves, first_step):
        tried = now | {move.industry: move.to}
        after = _or_nan(score, tried)
        applied = bool(move.note) or after > before + RISE
        changes.append(
            Change(
                step,
                move.industry,
                now[move.industry],
                move.to,
                EXPERT,
                move.note,
                applied,
                before,
                after,
            )
        )
        if applied:
            now, before = tried, after
    return Moved(now, tuple(changes))


def move_outliers(
    definition: Mapping[str, str],
    similarities: Similarities,
    *,
    keep: Collection[str] = (),
    rounds: int = ROUNDS,
    first_step: int = 1,
    progress: Callable[[str, float], None] | None = None,
) -> Moved:
    """Return a definition after its outliers moved where that raises VS.

    Definition
    ----------
    In each round every outlier of `assess` (and every industry that is alone) is tried in its best
    cluster, the farthest from home first (ties by code); the move is made where VS rises. Rounds
    end when none is made. Only moves that were made enter the log.

    Parameters
    ----------
    definition
        Industry to cluster.
    similarities
        Components.
    keep
        Industries that stay where they are: an expert put them there.
    rounds
        At most so many.
    first_step
        Number of the first line of the log.
    progress
        Called with the stage and the share done.
    """
    score = scorer(similarities)
    now = dict(definition)
    before = score(now)
    changes: list[Change] = []
    for turn in range(rounds):
        if progress is not None:
            progress("moving outliers", turn / rounds)
        outliers = [
            each
            for each in assess(similarities, now)
            if each.suggested and each.industry not in keep
        ]
        outliers.sort(key=lambda each: (-np.nan_to_num(each.best - each.within), each.industry))
        made = 0
        for each in outliers:
            if each.suggested == now[each.industry] or each.suggested not in now.values():
                continue
            tried = now | {each.industry: each.suggested}
            after = _or_nan(score, tried)
            if after > before + RISE:
                changes.append(
                    Change(
                        first_step + len(changes),
                        each.industry,
                        now[each.industry],
                        each.suggested,
                        AUTOMATIC,
                        each.verdict,
                        True,
                        before,
                        after,
                    )
                )
                now, before, made = tried, after, made + 1
        if not made:
            break
    return Moved(now, tuple(changes))


def _or_nan(score: Score, tried: Mapping[str, str]) -> float:
    return score(tried) if len(set(tried.values())) > 1 else float("nan")
