"""Partner suggestions for registries made up to look real, and whom such lists name how often."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import builds
from benchmarks.measured import measured
from clusteratlas.atlas import Release, open_release
from clusteratlas.matching.suggestions import PartnerIndex
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

ORGANISATIONS, LISTED = 2_000, 20
ASKED = 40
ALL = """
from benchmarks.partners import ORGANISATIONS, LISTED, made_up
from clusteratlas.atlas import open_release
from clusteratlas.matching.suggestions import PartnerIndex
from pathlib import Path
release = open_release(Path({place!r}))
PartnerIndex.of(made_up(release, ORGANISATIONS), release).all_against_all(LISTED)
"""
TOPICS = (
    "recycling of packaging film",
    "materials for battery cells",
    "digital health records",
    "robot cells for small firms",
    "sensors for the sea floor",
    "export to Asia",
    "training of welders",
    "laser processing of thin metal",
    "protein from peas",
    "valves for hydrogen",
)


def made_up(release: Release, count: int) -> list[Profile]:
    """Return profiles of organisations in the regions of the sample, the same ones each time.

    Six in ten are American; each claims one to four clusters, frequent ones more often, and states
    about half of the rest.
    """
    draw = random.Random(1)
    america = [each.region for each in release.regions("us-cbsa")]
    europe = [each.region for each in release.regions("nuts-2")]
    divisions = [each.cluster for each in release.clusters("nace-divisions")]
    return [
        _profile(number, draw, ("us-benchmark-2014", [*map(str, range(1, 52))], "us-cbsa", america))
        if draw.random() < 0.6
        else _profile(number, draw, ("nace-divisions", divisions, "nuts-2", europe))
        for number in range(count)
    ]


def _profile(
    number: int, draw: random.Random, home: tuple[str, list[str], str, list[str]]
) -> Profile:
    definition, clusters, scheme, regions = home
    heavy = [1 / (1 + place) ** 0.5 for place in range(len(clusters))]
    chosen = draw.choices(clusters, heavy, k=draw.choice([1, 1, 2, 2, 3, 4]))
    claims = [
        Claim(definition=definition, cluster=code, weight=draw.choice(["main", "side"]))
        for code in dict.fromkeys(chosen)
    ]
    tags = list(PICKS["technology"])

    def wishes() -> list[Interest]:
        return [
            Interest(
                topic=draw.choice(TOPICS),
                kind=draw.choice(["", *PICKS["cooperation"]]),
                countries=draw.choice([[], [], ["US", "DE"]]),
                clusters=draw.sample(claims, draw.randint(0, 1)),
                technologies=draw.sample(tags, draw.randint(0, 1)),
            )
            for _ in range(draw.choice([0, 1, 1, 2]))
        ]

    return Profile(
        name=f"Organisation {number:05d}",
        country="US" if scheme == "us-cbsa" else "",
        regions=[RegionRef(scheme=scheme, region=draw.choice(regions))],
        claims=claims,
        technologies=draw.sample(tags, draw.randint(0, 3)),
        ecosystems=draw.sample(list(PICKS["ecosystem"]), draw.randint(0, 2)),
        members=Members(counts={"small-firms": draw.randint(5, 200)})
        if draw.random() < 0.7
        else Members(),
        staff=draw.choice([None, 1, 3, 10]),
        budget=draw.choice(["", *PICKS["budget"]]),
        labels=[Label(label=draw.choice(["bronze", "silver", "gold"]))]
        if draw.random() < 0.3
        else [],
        languages=draw.choice([[], ["en"], ["en", "de"], ["fr"]]),
        offers=wishes(),
        seeks=wishes(),
        partnerships=[Partnership(name=f"Alliance {draw.randint(1, 600)}")]
        if draw.random() < 0.4
        else [],
    )


def _taken(job: Callable[[], object]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - wall, time.process_time() - processor


def lines() -> list[str]:
    """Return the part of the results."""
    sample = builds.sample()[1]
    release = open_release(Path(sample.name))
    profiles = made_up(release, ORGANISATIONS)
    built = [_taken(lambda: PartnerIndex.of(profiles, release)) for _ in range(3)]
    index = PartnerIndex.of(profiles, release)
    slugs = index.slugs[:: ORGANISATIONS // ASKED]
    ones = [_taken(lambda slug=slug: index.suggest(slug, LISTED)) for slug in slugs]  # type: ignore[misc]
    alls = [_taken(lambda: index.all_against_all(LISTED)) for _ in range(3)]
    found = index.all_against_all(LISTED)
    often = np.bincount(found.partners[found.partners >= 0], minlength=ORGANISATIONS)
    whole = measured(ALL.format(place=sample.name), repeats=1)
    rows = (
        ("index", built, "2 s"),
        (f"one organisation, {LISTED} with reasons", ones, "0.2 s"),
        (f"all against all, {LISTED} each with parts", alls, "5 s"),
    )
    return [
        f"## Partner suggestions ({ORGANISATIONS:,} organisations made up, regions of the sample)",
        "",
        "| what | wall, median | processor, median | to reach |",
        "|---|---|---|---|",
        *(
            f"| {name} | {statistics.median(wall for wall, _ in taken):.3f} s "
            f"| {statistics.median(processor for _, processor in taken):.3f} s | {target} |"
            for name, taken, target in rows
        ),
        "",
        f"One process that reads, builds and ranks all against all takes {whole.seconds:.1f} s "
        f"(imports and profiles counted) and {whole.peak_mib:,.0f} MiB at its peak (to reach: "
        f"1,024). The most listed organisation stands in {often.max():,} lists, the middle one in "
        f"{np.median(often):.0f}; {int((often == 0).sum()):,} in none.",
        "",
    ]
