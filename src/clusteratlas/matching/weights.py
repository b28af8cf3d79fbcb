"""How much each part of a score counts: data with a default, read with every fault named."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.matching.records import PART_NAMES
from clusteratlas.tables import Fault, InvalidInput

LARGEST: Final = 1_000.0
LARGEST_POOL: Final = 1_000
LARGEST_FILE: Final = 100_000

_SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "parts": PART_NAMES,
    "claims": ("main", "side"),
    "list": ("relevance", "pool"),
}
_ENDS: Final[Mapping[str, tuple[float, float, str]]] = {
    "parts": (0, LARGEST, "0 or more; 0 shows the part and does not count it"),
    "claims": (0.001, LARGEST, "above 0"),
    "relevance": (0, 1, "0 to 1; 1 orders by the score alone"),
    "pool": (1, LARGEST_POOL, f"a whole number, 1 to {LARGEST_POOL:,}"),
}


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of a score weighs, and how the list is picked.

    Attributes
    ----------
    name, version
        What these weights are called; a change makes a new version.
    parts
        The weight of every part of ``PART_NAMES``; at least one is above 0.
    main, side
        How much a main and a side field count in a profile.
    relevance
        Share of the score, against difference from what is on the list already, 0 to 1.
    pool
        How many candidates the list is picked from.
    """

    name: str
    version: int
    parts: Mapping[str, float]
    main: float
    side: float
    relevance: float
    pool: int

    @property
    def title(self) -> str:
        """Name and version, such as ``default 1``."""
        return f"{self.name} {self.version}"


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """Return the weights that come with the package, stated beforehand and not learned.

    >>> ours = default_weights()
    >>> ours.title, ours.parts["related_colocation"], round(sum(ours.parts.values()), 2)
    ('default 1', 0.0, 1.0)
    """
    place = files("clusteratlas.matching").joinpath("data", "weights.toml")
    return _weights(tomllib.loads(place.read_text(encoding="utf-8")), "weights.toml")


def read_weights(path: Path) -> Weights:
    """Read weights from a TOML file; what it leaves out is as in the default.

    Parameters
    ----------
    path
        With ``name``, ``version`` and the tables ``parts``, ``claims`` and ``list``, as
        ``matching/data/weights.toml`` has them.

    Raises
    ------
    InvalidInput
        With every fault: no TOML, unknown names, values out of range, no part above 0.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.toml")
    ...     _ = path.write_text('name = "mine"\\n[parts]\\nintent = 0.3\\n')
    ...     mine = read_weights(path)
    >>> mine.title, mine.parts["intent"], mine.parts["strength"]
    ('mine 1', 0.3, 0.14)
    """
    name = str(path)
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", name, hint="check the path")])
    if path.stat().st_size > LARGEST_FILE:
        raise InvalidInput([Fault("this is too large a file for weights", name)])
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            [
                Fault(
                    "this is no TOML file", name, value=str(error)[:160], hint='write name = "mine"'
                )
            ]
        ) from error
    return _weights(_over_default(given), name)


def _over_default(given: dict[str, Any]) -> dict[str, Any]:
    ours = default_weights()
    held: dict[str, dict[str, Any]] = {
        "parts": dict(ours.parts),
        "claims": {"main": ours.main, "side": ours.side},
        "list": {"relevance": ours.relevance, "pool": ours.pool},
    }
    merged: dict[str, Any] = {"name": "own", "version": 1, **given}
    for section, before in held.items():
        now = given.get(section, {})
        merged[section] = {**before, **now} if isinstance(now, dict) else now
    return merged


def _weights(given: dict[str, Any], file: str) -> Weights:
    faults = [
        _unknown(name, ("name", "version", *_SECTIONS), file)
        for name in given
        if name not in ("name", "version", *_SECTIONS)
    ]
    name, version = given.get("name"), given.get("version")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= 60 or not name.isprintable():
        hint = "a name of 1 to 60 letters in one line"
        faults.append(Fault("the name is no name", file, None, "name", repr(name)[:80], hint))
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        hint = "a whole number from 1 on"
        faults.append(Fault("no version", file, None, "version", repr(version)[:80], hint))
    for section, known in _SECTIONS.items():
        faults += _faults_of(section, given.get(section), known, file)
    if faults:
        raise InvalidInput(faults)
    parts = {part: float(given["parts"][part]) for part in PART_NAMES}
    if not any(parts.values()):
        hint = "give one part a weight"
        raise InvalidInput([Fault("no part weighs anything", file, column="parts", hint=hint)])
    return Weights(
        str(name).strip(),
        int(version or 1),
        MappingProxyType(parts),
        float(given["claims"]["main"]),
        float(given["claims"]["side"]),
        float(given["list"]["relevance"]),
        int(given["list"]["pool"]),
    )


def _faults_of(section: str, given: object, known: tuple[str, ...], file: str) -> list[Fault]:
    if not isinstance(given, dict):
        hint = f"write [{section}] and lines such as {known[0]} = 0.1"
        return [Fault("this is no table of names and numbers", file, column=section, hint=hint)]
    faults = [_unknown(name, known, file, section) for name in given if name not in known]
    for name in known:
        least, most, hint = _ENDS.get(name) or _ENDS[section]
        value, column = given.get(name), f"{section}.{name}"
        if value is None:
            faults.append(Fault("the weight is missing", file, None, column, "", hint))
        elif isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            faults.append(Fault("this is no number", file, None, column, repr(value)[:80], hint))
        elif not least <= value <= most or (name == "pool" and value != int(value)):
            faults.append(Fault("out of range", file, None, column, repr(value)[:80], hint))
    return faults


def _unknown(name: str, known: tuple[str, ...], file: str, section: str = "") -> Fault:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    column = f"{section}.{name}" if section else name
    return Fault("nothing of that name has a weight", file, None, column[:80], "", hint)
