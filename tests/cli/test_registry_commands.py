"""The commands that look after the registry, in processes of their own: one whole round."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_migrate_back_up_restore(shell: Run, tmp_path: Path) -> None:
    place, other = tmp_path / "atlas", tmp_path / "other"
    file = tmp_path / "atlas.tar.gz"
    assert shell("backup", file, "--place", place).ended(3).err
    assert not file.exists()
    assert "registry 0001_initial" in shell("migrate", "--place", place).ended(0).out
    said = shell("backup", file, "--place", place).ended(0).out
    assert f"Backed up to {file}" in said
    assert "a registry already" in shell("restore", file, "--place", place).ended(3).err
    assert shell("restore", file, "--to", other).ended(0).out.startswith("Restored into")
    assert (other / "registry" / "registry.sqlite3").is_file()
    planned = shell("migrate", "--to", "registry", "zero", "--plan", "--place", other).ended(0).out
    assert "down  registry 0001_initial" in planned


def test_doctor(shell: Run, sample_place: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    asked = ("doctor", "--json", "--place", sample_place)
    said = json.loads(shell(*asked, CLUSTERATLAS_STORE=store).ended(0).out)
    assert said["broken"] == 0
    assert {"check", "verdict", "said", "hint"} == set(said["findings"][0])
    wrong = shell("doctor", "--place", sample_place, CLUSTERATLAS_DATABASE="mysql://x").ended(4)
    assert "CLUSTERATLAS_DATABASE" in wrong.out
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    refused = shell("migrate", "--place", sample_place, CLUSTERATLAS_DATABASE=nowhere).ended(4)
    assert "doctor" in refused.err
    assert "Traceback" not in refused.err
