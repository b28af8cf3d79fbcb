"""A list in a JSON file: what the file itself can have wrong, before one entry is looked at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from clusteratlas.tables import Fault, InvalidInput

SHOWN: Final = 80
"""Letters of a value that a fault shows."""


@dataclass(frozen=True, slots=True)
class ListForm:
    """What a JSON file of many entries is called by.

    Attributes
    ----------
    format
        The name that such a file may state as its ``format``.
    field
        The field that holds the list, which is also what the entries are called.
    one, many
        What an entry and several are called in faults.
    version, oldest
        The version of the schema that is written, and the oldest that is read.
    """

    format: str
    field: str
    one: str
    many: str
    version: int
    oldest: int

    def listed(self, data: bytes, file: str = "") -> list[Any]:
        """Return the entries as JSON gives them: of an object with the list, or of a bare list.

        Raises
        ------
        InvalidInput
            No JSON, another format, a newer schema, no list.
        """
        found = decoded_json(data, file, self.many)
        if isinstance(found, Mapping):
            self._same_format(found, file)
            single = "name" in found and self.field not in found
            found = [found] if single else found.get(self.field)
        if not isinstance(found, list):
            hint = (
                f"give a list of {self.many}, or an object "
                f'{{"format": "{self.format}", "{self.field}": []}}'
            )
            raise InvalidInput([Fault(f"the file holds no list of {self.field}", file, hint=hint)])
        return found

    def _same_format(self, found: Mapping[str, Any], file: str) -> None:
        named = found.get("format", self.format)
        if named != self.format:
            hint = f"the format of {self.many} is {self.format}"
            value = str(named)[:SHOWN]
            problem = "the file is of another format"
            raise InvalidInput([Fault(problem, file, column="format", value=value, hint=hint)])
        if fault := self.version_fault(found.get("schema_version", self.version), file, None):
            raise InvalidInput([fault])

    def version_fault(self, version: object, file: str, row: int | None) -> Fault | None:
        """Return what is wrong with the version of a schema; nothing where it can be read."""
        newer = False
        if isinstance(version, int) and not isinstance(version, bool):
            if self.oldest <= version <= self.version:
                return None
            newer = version > self.version
        problem = (
            f"the {self.one} is of a newer schema"
            if newer
            else "there is no schema of that version"
        )
        hint = (
            f"this programme reads up to version {self.version}; bring it up to date"
            if newer
            else f"use a whole number from {self.oldest} to {self.version}"
        )
        return Fault(problem, file, row, "schema_version", str(version)[:SHOWN], hint)


def decoded_json(data: bytes, file: str = "", many: str = "entries") -> Any:
    """Return what JSON gives; a file that is none, is too deep or names a field twice is a fault.

    >>> decoded_json(b'{"name": "Optics"}')
    {'name': 'Optics'}
    """
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise InvalidInput(
            [Fault("the file is not UTF-8", file, hint="save it as UTF-8")]
        ) from None
    except RecursionError:
        hint = f"is this a file of {many}?"
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


class _Twice(ValueError):
    """A field that an object names twice; which one is meant nobody can tell."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _Twice(counts.most_common(1)[0][0][:SHOWN])
    return held
