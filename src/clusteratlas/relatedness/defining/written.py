"""What a search leaves behind, as CSV text: definition, scores, assessments, changes on the map."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from math import isnan

from clusteratlas.relatedness.defining.assessment import Assessment
from clusteratlas.relatedness.defining.comparison import MapChange, natural
from clusteratlas.relatedness.defining.search import Search
from clusteratlas.relatedness.defining.traded import TradedIndicators

DIGITS = 6


def definition_bytes(
    definition: Mapping[str, str],
    names: Mapping[str, str],
    traded: Mapping[str, bool] | None = None,
) -> bytes:
    """Return a definition as `clusteratlas.classification.read_definition` reads it.

    Rows by cluster and industry; ``traded`` says of each cluster whether it is, by default true.

    >>> definition_bytes({"311": "1"}, {"1": "Food"}).decode().splitlines()
    ['industry,cluster,traded,name', '311,1,true,Food']
    """
    return _csv(
        ("industry", "cluster", "traded", "name"),
        (
            (code, cluster, (traded or {}).get(cluster, True), names.get(cluster, cluster))
            for code, cluster in sorted(
                definition.items(), key=lambda item: (natural(item[1]), item[0])
            )
        ),
    )


def scores_bytes(
    found: Search, others: Sequence[tuple[str, Mapping[str, float | int | str]]] = ()
) -> bytes:
    """Return the scores of all candidates, and before them of other sets by name."""
    tests = sorted({name for each in found.candidates for name in each.by_test})
    header = (
        *("rank", "set", "basis", "method", "asked", "clusters"),
        *("score", "score_clusters", "score_industries", "held_out"),
        *tests,
    )
    rows: list[Sequence[object]] = [
        ("", name, *(scores.get(column, "") for column in header[2:])) for name, scores in others
    ]
    for rank, each in enumerate(found.candidates, 1):
        rows.append(
            (
                rank,
                "candidate",
                each.basis,
                each.method,
                each.asked,
                each.clusters,
                each.score,
                each.cluster,
                each.industry,
                each.held_out,
                *(each.by_test.get(name, float("nan")) for name in tests),
            )
        )
    return _csv(header, rows)


def assessments_bytes(
    found: Iterable[Assessment],
    titles: Mapping[str, str],
    certainty: Mapping[str, float],
) -> bytes:
    """Return how every industry stands in its cluster."""
    return _csv(
        (
            *("industry", "title", "cluster", "verdict", "within", "between_mean", "between_p95"),
            *("best_cluster", "best", "suggested", "tests_failed", "certainty"),
        ),
        (
            (
                each.industry,
                titles.get(each.industry, ""),
                *each[1:9],
                " ".join(each.tests_failed),
                certainty.get(each.industry, float("nan")),
            )
            for each in found
        ),
    )


def traded_bytes(found: Iterable[TradedIndicators]) -> bytes:
    """Return the indicators of traded and local, one row an industry."""
    return _csv(TradedIndicators._fields, found)


def changes_on_map_bytes(found: Iterable[MapChange]) -> bytes:
    """Return the strong regional clusters gained, kept and lost."""
    return _csv(MapChange._fields, found)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    out.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.{DIGITS}f}" if isinstance(value, float) else str(value)
