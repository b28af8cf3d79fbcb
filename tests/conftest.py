"""What several rooms' tests share: the bundled sample, built once a session."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from django.conf import settings
from tests.atlas.made_up import gappy, made_up
from tests.portal.postgres import postgres

from clusteratlas.atlas import Dataset, Release, build, filling, open_release
from clusteratlas.sources import read_census_table, read_county_business_patterns

__all__ = ["postgres"]

settings.USAGE_SECONDS = 0
"""No thread beside the tests writes usage figures; servers of their own do."""

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Quick, where a test is not about how passwords are kept; servers of their own keep theirs."""

UNBOUND = """\
fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est
06,085,334413,G,12000,G,500000,G,2100000,120
06,085,334412,D,0,D,0,D,0,4
26,163,334413,G,3000,G,90000,G,400000,30
26,163,336111,D,0,D,0,D,0,25
"""
"""Two counties without any total: nothing binds the two withheld cells, so nothing fills them.

San Jose's cluster 23 is withheld in part, Detroit's cluster 4 as a whole.
"""


ROOT = Path(__file__).parents[1]
BUILT_HERE = ROOT / "var" / "test"
"""Atlases that tests read, each in a folder named by the code and figures behind it."""

KEPT = 8
AFTER_A_RELEASE = ("organisations", "matching", "programmes", "portal")
"""Rooms that read releases; no build depends on them."""


def built_once(
    name: str, make: Callable[[Path], None], meanwhile: Callable[[], object] | None = None
) -> Path:
    """Return a place built by the code as it is now; other workers of this run wait for it.

    Only what a build can depend on enters the name, so that a change of a page builds nothing.
    Who has to wait does something useful first.
    """
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    code = ROOT / "src" / "clusteratlas"
    for path in sorted(code.rglob("*")):
        inside = path.relative_to(code)
        # what Python and numba keep of compiled code comes and goes while tests run
        kept = "__pycache__" in inside.parts
        if path.is_file() and not kept and inside.parts[0] not in AFTER_A_RELEASE:
            digest.update(str(inside).encode() + path.read_bytes())
    place = BUILT_HERE / f"{name}-{digest.hexdigest()[:16]}"
    if (place / "current").exists():
        return place
    BUILT_HERE.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if meanwhile is not None:
                meanwhile()
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "current").exists():
            shutil.rmtree(place, ignore_errors=True)
            make(place)
            others = [each for each in BUILT_HERE.glob(f"{name}-*/") if each != place]
            others.sort(key=lambda each: each.stat().st_mtime)
            for each in others[: max(0, len(others) - KEPT)]:
                shutil.rmtree(each, ignore_errors=True)
                each.with_suffix(".lock").unlink(missing_ok=True)
    return place


COUNTIES = ROOT.parent / "shared" / "data" / "us"


def build_counties(place: Path, sectors: str) -> None:
    """Build all American counties in two years from the industries of these sectors."""
    files = [str(COUNTIES / f"cbp_county_naics{n}_2017_2021.parquet") for n in (4, 6)]
    chosen = place.with_suffix(".parquet")
    duckdb.execute(
        "copy (select * from read_parquet(?, union_by_name = true) where year in (2018, 2021) "
        f"and regexp_matches(naics, '^({sectors})')) to '{chosen}' (format parquet)",
        [files],
    )
    try:
        build([Dataset.of([read_census_table(chosen)])], place).close()
    finally:
        chosen.unlink()


def counties_once() -> Path:
    """Manufacturing and hospitality in all counties: a tenth of the rows, nearly every county."""
    return built_once("counties", lambda place: build_counties(place, "31|32|33|72"))


@pytest.fixture(scope="session")
def county_place() -> Path:
    """A place with all American counties in two years; skips where the figures are not at hand."""
    if not COUNTIES.is_dir():
        pytest.skip("the figures of all counties (../shared/data/us) are not on this machine")
    return counties_once()


SAID = "said.json"


@pytest.fixture(scope="session")
def sample_place() -> Path:
    """A place whose current release is the bundled sample, built as a newcomer builds it.

    Read it, never build into it. What `clusteratlas demo` said is kept beside the release.
    """

    def make(place: Path) -> None:
        asked = ["demo", "--no-serve", "--no-registry", "--port", "8123", "--place", str(place)]
        away = {"FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "CLUSTERATLAS_PLACE"}
        done = subprocess.run(
            [sys.executable, "-m", "clusteratlas.cli", *asked],
            env={**{k: v for k, v in os.environ.items() if k not in away}, "COLUMNS": "80"},
            capture_output=True,
            encoding="utf-8",
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (place / SAID).write_text(json.dumps([done.stdout, done.stderr]))

    return built_once("sample", make, counties_once if COUNTIES.is_dir() else None)


@pytest.fixture(scope="session")
def sample_release(sample_place: Path) -> Iterator[Release]:
    """The bundled sample, open for reading."""
    release = open_release(sample_place)
    yield release
    release.close()


@pytest.fixture(scope="session")
def unbound_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with withheld cells that no printed sum binds, built as any other."""
    place = tmp_path_factory.mktemp("unbound")
    path = place / "cbp21co.txt"
    path.write_text(UNBOUND)
    build([Dataset.of([read_county_business_patterns(path)])], place).close()
    return place


@pytest.fixture(scope="session")
def unbound_release(unbound_place: Path) -> Iterator[Release]:
    """What nothing binds, open for reading."""
    release = open_release(unbound_place)
    yield release
    release.close()


@pytest.fixture(scope="session")
def filled_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with fourteen districts whose withheld cells are filled, in one of two years."""
    place = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            filling,
            "fill",
            lambda dataset, year: made_up(dataset, year) if year == 2020 else None,
        )
        build([gappy(2019, 2020)], place).close()
    return place


@pytest.fixture(scope="session")
def filled_release(filled_place: Path) -> Iterator[Release]:
    """The districts, open for reading."""
    release = open_release(filled_place)
    yield release
    release.close()


EXAMPLES = Path(__file__).parents[2] / "shared" / "oracles" / "worked-examples.json"


@pytest.fixture(scope="session")
def worked_example():
    """Return a worked example by its id; skip where the private test data is absent."""
    if not EXAMPLES.exists():
        pytest.skip("the worked examples (../shared/oracles) are not on this machine")
    examples = {example["id"]: example for example in json.loads(EXAMPLES.read_text())}

    def find(name: str) -> dict:
        assert examples[name]["usable"], f"{name} rests on a remembered formula"
        return examples[name]

    return find
