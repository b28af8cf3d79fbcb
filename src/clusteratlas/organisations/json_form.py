"""Profiles as JSON: the full schema, versioned; older versions are lifted, newer ones refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.tables import Fault, InvalidInput

FORMAT: Final = "clusteratlas-organisations"
SHOWN: Final = 80
"""Letters of a value that a fault shows."""

UPGRADES: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = MappingProxyType({})
"""By version: what lifts a profile of that version to the next one."""


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
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise InvalidInput(
            [Fault("the file is not UTF-8", file, hint="save it as UTF-8")]
        ) from None
    except RecursionError:
        hint = "is this a file of profiles?"
        raise InvalidInput([Fault("the file is nested too deep", file, hint=hint)]) from None
    except json.JSONDecodeError as error:
        problem = f"the file is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        hint = "check it with the program that wrote it"
        raise InvalidInput([Fault(problem, file, error.lineno, hint=hint)]) from None
    except _Twice as error:
        problem, hint = "an object names a field twice", "keep one of the two"
        raise InvalidInput([Fault(problem, file, value=str(error), hint=hint)]) from None
    except ValueError:
        raise InvalidInput([Fault("the file is not JSON", file)]) from None
    if isinstance(found, Mapping):
        _same_format(found, file)
        found = (
            [found]
            if "name" in found and "organisations" not in found
            else found.get("organisations")
        )
    if not isinstance(found, list):
        hint = (
            f'give a list of profiles, or an object {{"format": "{FORMAT}", "organisations": []}}'
        )
        raise InvalidInput([Fault("the file holds no list of organisations", file, hint=hint)])
    return found


class _Twice(ValueError):
    """A field that an object names twice; which one is meant nobody can tell."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _Twice(counts.most_common(1)[0][0][:SHOWN])
    return held


def _same_format(found: Mapping[str, Any], file: str) -> None:
    named = found.get("format", FORMAT)
    if named != FORMAT:
        raise InvalidInput(
            [
                Fault(
                    "the file is of another format",
                    file,
                    column="format",
                    value=str(named)[:SHOWN],
                    hint=f"the format of profiles is {FORMAT}",
                )
            ]
        )
    version = found.get("schema_version", SCHEMA_VERSION)
    if fault := _version_fault(version, file, None):
        raise InvalidInput([fault])


def _version_fault(version: object, file: str, row: int | None) -> Fault | None:
    oldest = min(UPGRADES, default=SCHEMA_VERSION)
    if isinstance(version, int) and not isinstance(version, bool):
        if oldest <= version <= SCHEMA_VERSION:
            return None
        newer = version > SCHEMA_VERSION
    else:
        newer = False
    problem = "the profile is of a newer schema" if newer else "there is no schema of that version"
    hint = (
        f"this programme reads up to version {SCHEMA_VERSION}; bring it up to date"
        if newer
        else f"use a whole number from {oldest} to {SCHEMA_VERSION}"
    )
    return Fault(problem, file, row, "schema_version", str(version)[:SHOWN], hint)


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
    if fault := _version_fault(given.get("schema_version", SCHEMA_VERSION), file, row):
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
