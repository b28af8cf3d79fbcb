"""Cluster definitions that come with Cluster Atlas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification.industries import NACE, NAICS
from clusteratlas.classification.packaged import read_packaged
from clusteratlas.tables import CLUSTERS, DEFINITIONS, CannotAnswer

BENCHMARK: Final = "us-benchmark-2014"
DIVISIONS: Final = "nace-divisions"
FIRST_LOCAL: Final = 101
"""Benchmark clusters from this number on are local."""


@dataclass(frozen=True)
class Definition:
    """Which industries make up which cluster.

    Parameters
    ----------
    name
        Name in codes and addresses, such as ``us-benchmark-2014``.
    title
        Name on pages.
    citation
        Who drew the definition, and where it is published.
    group_word
        What a page calls one of its groups: ``cluster`` or ``industry group``.
    clusters
        Contract ``CLUSTERS``.
    industries
        Contract ``DEFINITIONS``.
    note
        What a reader must know about what it covers.
    """

    name: str
    title: str
    citation: str
    group_word: str
    clusters: pa.Table
    industries: pa.Table
    note: str = ""

    @property
    def group_words(self) -> str:
        """The plural of ``group_word``."""
        return f"{self.group_word}s"

    def traded_clusters(self, classification: str) -> dict[str, str]:
        """Return the cluster of each industry that is not local, by industry.

        Definition
        ----------
        Traded, or not said to be either. An industry of several clusters counts in the one with
        its largest weight, the first of equals.

        Example
        -------
        >>> definition(BENCHMARK, "naics-2017").traded_clusters("naics-2017")["336111"]
        '4'
        """
        best: dict[str, tuple[float, str]] = {}
        for row in self._rows(classification):
            if row["traded"] is not False and row["weight"] > best.get(row["industry"], (0.0,))[0]:
                best[row["industry"]] = (row["weight"], row["cluster"])
        return {industry: cluster for industry, (_, cluster) in best.items()}

    def shared_industries(self, classification: str) -> list[str]:
        """Return the industries that are not local and lie in several clusters, sorted."""
        told = [
            row["industry"]
            for row in self._rows(classification)
            if row["traded"] is not False and row["weight"] > 0
        ]
        return [code for code, count in Counter(told).items() if count > 1]

    def _rows(self, classification: str) -> list[dict[str, Any]]:
        rows = self.industries.filter(
            pc.equal(self.industries.column("classification"), classification)
        )
        order = [("industry", "ascending"), ("cluster", "ascending")]
        return list(rows.sort_by(order).to_pylist())


def definitions(classification: str | None = None) -> tuple[str, ...]:
    """Return the definitions at hand, or those that are drawn in one classification.

    >>> definitions("naics-2012")
    ('us-benchmark-2014',)
    """
    drawn = {BENCHMARK: NAICS, DIVISIONS: (NACE,)}
    return tuple(
        name for name, known in drawn.items() if classification is None or classification in known
    )


@lru_cache(maxsize=8)
def definition(name: str, classification: str) -> Definition:
    """Return a definition in one classification.

    Definition
    ----------
    ``us-benchmark-2014``: each six-digit NAICS industry lies in exactly one of 51 traded and 16
    local clusters; 1,088 industries of NAICS 2007, 978 of 2012, 970 of 2017. Farming, government,
    private households, railways, the post, notaries and a few funds are in none.
    ``nace-divisions``: every division of NACE Rev. 2 that Eurostat's regional business statistics
    cover is a group of its own.

    Parameters
    ----------
    name
        One of `definitions`.
    classification
        Vintage of the codes.

    Missing data
    ------------
    ``subcluster`` is null where it is not known: for NAICS 2012 in the 28 codes that ended with
    2017, for NAICS 2007 in every code whose content changed later. ``traded`` is null in
    ``nace-divisions``, which does not say.

    Raises
    ------
    CannotAnswer
        When the definition is not at hand, or not in that classification.

    Source
    ------
    Delgado, M., Porter, M. E., Stern, S. (2016), Defining clusters of related industries, Journal
    of Economic Geography 16(1), 1-38; Eurostat (2008), NACE Rev. 2.

    Example
    -------
    >>> benchmark = definition("us-benchmark-2014", "naics-2017")
    >>> benchmark.clusters.num_rows, benchmark.industries.num_rows
    (67, 970)
    """
    if name not in definitions():
        raise CannotAnswer(
            "no such definition", value=name, hint=f"at hand: {', '.join(definitions())}"
        )
    if name not in definitions(classification):
        drawn = NAICS if name == BENCHMARK else (NACE,)
        raise CannotAnswer(
            f"{name} is not drawn in that classification",
            value=classification,
            hint=f"it is in {', '.join(drawn)}",
        )
    return _benchmark(classification) if name == BENCHMARK else _divisions()


def _benchmark(classification: str) -> Definition:
    vintage = classification.removeprefix("naics-")
    clusters = [
        (row["cluster"], row["name"], int(row["cluster"]) < FIRST_LOCAL)
        for row in read_packaged("us_benchmark_clusters.csv")
    ]
    assigned = [
        (row["industry"], row["cluster"], row["subcluster"] or None)
        for row in read_packaged("us_benchmark_industries.csv")
        if vintage in row["vintages"].split()
    ]
    return Definition(
        name=BENCHMARK,
        title="US Benchmark Cluster Definition (2014)",
        citation="Delgado, M., Porter, M. E., Stern, S. (2016). Defining clusters of related "
        "industries. Journal of Economic Geography 16(1), 1-38; codes as applied by the US "
        "Cluster Mapping Project",
        group_word="cluster",
        clusters=clusters_table(BENCHMARK, clusters),
        industries=industries_table(
            BENCHMARK,
            classification,
            [
                (code, cluster, subcluster, int(cluster) < FIRST_LOCAL, 1.0)
                for code, cluster, subcluster in assigned
            ],
        ),
        note="Farming, government, private households, railways, the post, notaries and a few "
        "funds are in no cluster.",
    )


def _divisions() -> Definition:
    rows = [
        (row["industry"], row["title"])
        for row in read_packaged("nace.csv")
        if row["level"] == "2" and row["covered"] == "true"
    ]
    return Definition(
        name=DIVISIONS,
        title="NACE Rev. 2 divisions",
        citation="Eurostat (2008). NACE Rev. 2, Statistical classification of economic activities "
        "in the European Community",
        group_word="industry group",
        clusters=clusters_table(DIVISIONS, [(code, title, None) for code, title in rows]),
        industries=industries_table(
            DIVISIONS, NACE, [(code, code, None, None, 1.0) for code, _ in rows]
        ),
        note="Eurostat's regional structural business statistics cover sections B to J, L to N "
        "and division S95: no farming, finance, government, education, health or arts. They "
        "count persons employed, the self-employed included. A division is an industry group, "
        "not a cluster.",
    )


def clusters_table(name: str, rows: Sequence[tuple[str, str, bool | None]]) -> pa.Table:
    """Build the contract table ``CLUSTERS`` from cluster, its name and whether it is traded."""
    clusters, titles, traded = zip(*rows, strict=True)
    return pa.table([[name] * len(rows), clusters, titles, traded], schema=CLUSTERS.schema)


def industries_table(
    name: str,
    classification: str,
    rows: Sequence[tuple[str, str, str | None, bool | None, float]],
) -> pa.Table:
    """Build the contract table ``DEFINITIONS``, sorted by industry and cluster.

    ``rows`` hold industry, cluster, subcluster, traded, weight.
    """
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    columns: list[Sequence[object]] = list(zip(*ordered, strict=True))
    return pa.table(
        [[name] * len(rows), [classification] * len(rows), *columns], schema=DEFINITIONS.schema
    )
