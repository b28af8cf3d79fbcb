"""Records as values that JSON knows, and back."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from clusteratlas.tables import Fault, InvalidInput


def written_as(kind: Any, record: Any) -> dict[str, Any]:
    """Return a record as values that JSON knows."""
    written: dict[str, Any] = _adapter(kind).dump_python(record, mode="json")
    return written


def read_as(kind: Any, written: dict[str, Any], called: str) -> Any:
    """Return the record of values that JSON knows; ``called`` is what people call it.

    Raises
    ------
    InvalidInput
        With every field that does not fit.
    """
    try:
        return _adapter(kind).validate_python(written)
    except ValidationError as error:
        raise InvalidInput(
            Fault(
                f"this is no {called} of an effect: {each['msg'][0].lower()}{each['msg'][1:]}",
                column=".".join(map(str, each["loc"])),
                value=str(each["input"])[:60],
                hint="write it as `clusteratlas programme effect --out` does",
            )
            for each in error.errors()
        ) from error


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
