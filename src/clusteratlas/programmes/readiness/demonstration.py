"""Fictional applications that show every state of the readiness screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from clusteratlas.organisations import load_demonstration
from clusteratlas.organisations.writing import json_of
from clusteratlas.programmes.readiness.reading import SHEET


@lru_cache(maxsize=1)
def demonstration_rows() -> tuple[Mapping[str, Any], ...]:
    """Return the rows of what fictional organisations show and ask for.

    >>> sorted({each["kind"] for each in demonstration_rows()})[:2]
    ['action-plan', 'asked']
    """
    place = files("clusteratlas.programmes.readiness").joinpath("data", "applications.json")
    return tuple(json.loads(place.read_text(encoding="utf-8"))[SHEET])


def demonstration_file() -> str:
    """Return a file of fictional applicants, as `read_applicants` reads it."""
    rows = demonstration_rows()
    names = {each["organisation"] for each in rows}
    mine = [each for each in load_demonstration() if each.name in names]
    whole = json.loads(json_of(mine))
    whole["fictional"] = True
    whole[SHEET] = list(rows)
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
