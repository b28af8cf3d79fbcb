"""The packaged tables are what the committed script writes, and small."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from clusteratlas.classification.packaged import read_packaged

ROOT = Path(__file__).parents[2]
US_ATLAS = ROOT / "assets" / "node_modules" / "us-atlas"
PLACE = files("clusteratlas.classification") / "data"


def test_packaged_tables_are_small_plain_and_described():
    described = (PLACE / "README.md").read_text(encoding="utf-8")
    total = 0
    for table in PLACE.iterdir():
        if table.name.endswith(".csv"):
            raw = table.read_bytes()
            assert b"\r" not in raw
            raw.decode("utf-8")
            assert len(raw) < 250_000
            assert f"`{table.name}`" in described
            total += len(raw)
    assert 0 < total < 1_200_000


def test_no_table_names_a_code_twice_in_one_vintage():
    for name in ("naics.csv", "us_benchmark_industries.csv"):
        seen = [
            (row["industry"], year)
            for row in read_packaged(name)
            for year in row["vintages"].split()
        ]
        assert len(seen) == len(set(seen))


@pytest.mark.shared
def test_the_committed_script_writes_the_same_bytes(shared, tmp_path):
    if not US_ATLAS.exists():
        pytest.skip("us-atlas is not installed (npm ci in assets)")
    script = ROOT / "scripts" / "restate_reference.py"
    subprocess.run(
        [sys.executable, script, shared / "reference", US_ATLAS, tmp_path], check=True, cwd=ROOT
    )
    for table in tmp_path.iterdir():
        assert table.read_bytes() == (PLACE / table.name).read_bytes(), table.name
    assert len(list(tmp_path.iterdir())) == 13
