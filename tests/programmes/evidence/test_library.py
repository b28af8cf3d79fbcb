"""The library of published effects: what it holds, who may stand beside whom, what is refused."""

from __future__ import annotations

from tests.cli.conftest import Ran  # noqa: F401 - documents what `run` returns
