"""A registry and a release small enough to be worked out by hand, and a larger one made up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.matching.affinity import Affinity
from clusteratlas.organisations import (
    PICKS,
    Claim,
    Interest,
    Label,
    Members,
    Partnership,
    Profile,
    RegionRef,
)

DEFINITION = "own"
CLUSTERS = tuple(str(number) for number in range(1, 13))


@dataclass
class Cell:
    """What the small release says of a cluster in a region."""

    region: str
    cluster: str
    quotient: float | None
    probability: float | None = 0.0
    status: str = "reported"
    spread: float = 0.0


class SmallRelease:
    """Answers what partner suggestions ask of a release."""

    id = "small"

    def __init__(self, cells: list[Cell], countries: dict[str, str] | None = None) -> None:
        self._cells = cells
        self._countries = countries or {}
        self.manifest = SimpleNamespace(definitions=[SimpleNamespace(definition=DEFINITION)])

    def clusters(self, definition: str) -> list[Any]:
        return [SimpleNamespace(cluster=code, name=f"Field {code}") for code in CLUSTERS]

    def region(self, scheme: str, region: str) -> Any:
        country = self._countries.get(region)
        return SimpleNamespace(name=f"Region {region}", country=country, longitude=None)

    def scheme(self, scheme: str) -> Any:
        return SimpleNamespace(source_line="An office, 2021")

    def selected(self, question: str) -> pa.Table:
        def end(cell: Cell, sign: int) -> float | None:
            return None if cell.quotient is None else cell.quotient + sign * cell.spread

        rows = [
            {
                "scheme": "s",
                "region": each.region,
                "definition": DEFINITION,
                "cluster": each.cluster,
                "year": 2021,
                "status": each.status,
                "employment": None,
                "location_quotient": each.quotient,
                "location_quotient_low": None
                if each.quotient is None
                else each.quotient - each.spread,
                "location_quotient_high": None
                if each.quotient is None
                else each.quotient + each.spread,
                "probability_strong": each.probability,
            }
            for each in self._cells
        ]
        text, real = pa.string(), pa.float64()
        return pa.Table.from_pylist(
            rows,
            schema=pa.schema(
                [
                    *((name, text) for name in ("scheme", "region", "definition", "cluster")),
                    ("year", pa.int16()),
                    ("status", text),
                    ("employment", pa.int64()),
                    *(
                        (name, real)
                        for name in (
                            "location_quotient",
                            "location_quotient_low",
                            "location_quotient_high",
                            "probability_strong",
                        )
                    ),
                ]
            ),
        )


def affinity_by_hand(pairs: dict[tuple[str, str], tuple[float, float, float]]) -> Affinity:
    """Skills, input-output and co-location of the pairs of fields given; 0.5 of all others."""
    squares = np.full((3, len(CLUSTERS), len(CLUSTERS)), 0.5)
    for (one, other), values in pairs.items():
        a, b = CLUSTERS.index(one), CLUSTERS.index(other)
        squares[:, a, b] = squares[:, b, a] = values
    for square in squares:
        np.fill_diagonal(square, np.nan)
    return Affinity(DEFINITION, CLUSTERS, *squares, made_of={}, source="by hand")


def claim(cluster: str, weight: str = "main", subcluster: str = "") -> Claim:
    """A claim of one of the twelve fields."""
    return Claim(definition=DEFINITION, cluster=cluster, weight=weight, subcluster=subcluster)


def made_up_profile(number: int, draw: random.Random) -> Profile:
    """A profile with gaps in it, of the kind that registries hold."""
    tags = list(PICKS["technology"])[:8]

    def some(values: list[Any], most: int) -> list[Any]:
        return draw.sample(values, draw.randint(0, most))

    def wishes() -> list[Interest]:
        topics = ("laser sources", "recycling of film", "test beds", "export to Asia", "training")
        return [
            Interest(
                topic=draw.choice(topics),
                kind=draw.choice(["", "supply", "training"]),
                countries=some(["AA", "DE", "US"][1:], 1),
                clusters=[claim(code) for code in some(list(CLUSTERS), 1)],
                technologies=some(tags, 1),
            )
            for _ in range(draw.randint(0, 2))
        ]

    claims = [
        claim(code, draw.choice(["main", "side"]), draw.choice(["", "left", "right"]))
        for code in some(list(CLUSTERS), 3)
    ]
    return Profile(
        name=f"Organisation {number:02d}",
        country=draw.choice(["", "DE", "US"]),
        longitude=draw.choice([None, -80.0, 10.0]),
        regions=[RegionRef(scheme="s", region=each) for each in some(["r1", "r2", "r3"], 2)],
        claims=claims,
        technologies=some(tags, 3),
        ecosystems=some(list(PICKS["ecosystem"]), 2),
        priorities=some(["Clean water", "Green hydrogen", "Water use"], 2),
        members=Members(counts={"small-firms": draw.randint(0, 90)}) if draw.random() < 0.7 else {},
        staff=draw.choice([None, 1, 4.5, 12]),
        budget=draw.choice(["", "up-to-0.5m", "1m-5m"]),
        labels=[Label(label=each) for each in some(["bronze", "gold"], 1)],
        languages=some(["en", "de", "fr"], 2),
        offers=wishes(),
        seeks=wishes(),
        partnerships=[Partnership(name=f"Alliance {draw.randint(1, 8)}")]
        if draw.random() < 0.5
        else [],
    )


@pytest.fixture(scope="session")
def made_up_release() -> SmallRelease:
    """Three regions with figures, some withheld and some not printed."""
    draw = random.Random(3)
    cells = []
    for region in ("r1", "r2", "r3"):
        for cluster in CLUSTERS:
            kind = draw.choice(["reported", "reported", "estimated", "withheld", "unpublished"])
            told = kind in ("reported", "estimated")
            quotient = round(draw.uniform(0.1, 4), 2) if told else None
            chance = draw.choice([0.0, 0.3, 1.0, None]) if told else None
            spread = 0.05 if kind == "estimated" else 0
            cells.append(Cell(region, cluster, quotient, chance, kind, spread))
    return SmallRelease(cells, {"r1": "DE", "r2": "US"})


@pytest.fixture(scope="session")
def made_up_registry() -> list[Profile]:
    """Twenty organisations."""
    draw = random.Random(11)
    return [made_up_profile(number, draw) for number in range(20)]


@pytest.fixture(scope="session")
def made_up_affinity() -> Affinity:
    """Relatedness of twelve fields, drawn once, some of it not known."""
    draw = random.Random(5)
    pairs = {
        (one, other): (draw.random(), draw.random(), draw.random())
        for one in CLUSTERS
        for other in CLUSTERS
        if one < other
    }
    pairs[("1", "12")] = (float("nan"), 0.4, 0.2)
    return affinity_by_hand(pairs)
