"""Each test of this room runs on every engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from clusteratlas.engine import DuckDBEngine, Engine
from clusteratlas.engine.spark import SparkEngine


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="PySpark is an optional extra")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
    with SparkEngine() as engine:
        yield engine


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "spark":
        yield request.getfixturevalue("spark_engine")
        return
    with DuckDBEngine(threads=2) as local:
        yield local
