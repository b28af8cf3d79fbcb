"""Profiles as JSON: the full schema, versioned; older versions are lifted, newer ones refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from clusteratlas.organisations.json_list import SHOWN, ListForm
from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.tables import Fault, InvalidInput

FORMAT: Final = "clusteratlas-organisations"
UPGRADES: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = MappingProxyType({})
"""By version: what lifts a profile of that version to the next one."""

FORM: Final = ListForm(
    FORMAT,
    "organisations",
    "profile",
    "profiles",
    SCHEMA_VERSION,
    min(UPGRADES, default=SCHEMA_VERSION),
)


def profiles_of_json(data: bytes, *, file: str = "") -> tuple[Profile, ...]:
    """Return the profiles of a JSON file: an object with ``organisations``, or a bare list.

    Raises
    ------
    InvalidInput
        Every fault of every profile, its row being the profile's number from 1.

    Example
    -------
    >>> [each.name for each in profiles_of_json(b'[{"name": "Optics"}]')]
    ['Optics']
    """
    profiles, _names, faults = parsed_json(listed_json(data, file), file=file)
    if faults:
        raise InvalidInput(faults)
    return tuple(profiles)


def parsed_json(
    given: Sequence[Any], *, file: str = ""
) -> tuple[list[Profile], list[tuple[str, str]], list[Fault]]:
    """Return the profiles without fault, name and identifier of every one, and all faults."""
    profiles: list[Profile] = []
    names: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for number, each in enumerate(given, 1):
        profile, mine = profile_of(each, file=file, row=number)
        faults.extend(mine)
        if profile is not None:
            profiles.append(profile)
        held = each if isinstance(each, Mapping) else {}
        names.append((str(held.get("name", "")), str(held.get("identifier", ""))))
    return profiles, names, faults


def listed_json(data: bytes, file: str = "") -> list[Any]:
    """Return what should be profiles, as JSON gives it; the file's own faults are raised."""
    return FORM.listed(data, file)


def lifted(
    given: Mapping[str, Any],
    upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = UPGRADES,
) -> dict[str, Any]:
    """Return a profile as the present version has it; one that names no version is of the present.

    >>> lifted({"name": "Optics"})["schema_version"]
    1
    """
    found = dict(given)
    version = found.get("schema_version", SCHEMA_VERSION)
    while version in upgrades and version != SCHEMA_VERSION:
        found = upgrades[version](found)
        version += 1
    found["schema_version"] = version
    return found


def profile_of(
    given: object, *, file: str = "", row: int | None = None
) -> tuple[Profile | None, list[Fault]]:
    """Return a profile, or its faults, out of what JSON gives.

    >>> profile_of({"name": "Optics", "founded": 12})[1][0].column
    'founded'
    """
    if not isinstance(given, Mapping):
        problem = "an organisation is not an object of fields"
        return None, [Fault(problem, file, row, value=str(given)[:SHOWN])]
    if fault := FORM.version_fault(given.get("schema_version", SCHEMA_VERSION), file, row):
        return None, [fault]
    try:
        return Profile.model_validate(lifted(given)), []
    except ValidationError as error:
        return None, faults_of(error, file=file, row=row)


def faults_of(error: ValidationError, *, file: str = "", row: int | None = None) -> list[Fault]:
    """Return the faults of a profile as the family of errors has them, one for each field."""
    faults = []
    for each in error.errors(include_url=False, include_context=False):
        column = ".".join(str(part) for part in each["loc"])
        value = each["input"] if isinstance(each["input"], str | int | float | bool) else ""
        problem, _, hint = worded(each["type"], each["msg"]).partition("; ")
        faults.append(Fault(problem, file, row, column, str(value)[:SHOWN], hint))
    return faults


def worded(kind: str, message: str) -> str:
    """Return a fault of the schema in plain words, a hint behind a semicolon."""
    if kind == "missing":
        return "the field is missing; every organisation needs it"
    if kind == "extra_forbidden":
        return "there is no such field; see `clusteratlas organisations schema`"
    if kind == "float_parsing":
        return f"{_lowered(message)}; digits with a decimal point, such as 6.5"
    return _lowered(message)


def _lowered(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input ")
    return text[:1].lower() + text[1:]


def written_json(profiles: Iterable[Profile]) -> str:
    """Return profiles as JSON that `profiles_of_json` reads back to the same profiles.

    Fields that are not stated are left out; every contact is written.
    """
    listed: Sequence[dict[str, Any]] = [
        {"schema_version": SCHEMA_VERSION, **each.model_dump(mode="json", exclude_defaults=True)}
        for each in profiles
    ]
    whole = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "organisations": listed}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
