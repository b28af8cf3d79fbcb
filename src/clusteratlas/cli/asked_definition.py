"""The definition that an option names: a known one, or a file."""

from __future__ import annotations

from pathlib import Path

from clusteratlas import classification
from clusteratlas.classification import Definition


def asked_definition(asked: str, vintage: str) -> Definition:
    """Return a definition by its name, or read one from a CSV file."""
    if asked.lower().endswith(".csv") or "/" in asked:
        path = Path(asked)
        return classification.read_definition(path, name=path.stem.lower(), classification=vintage)
    return classification.definition(asked, vintage)
