"""All rows of a database as lines of JSON, and back: the same lines for SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.core.management.color import no_style
from django.db import DataError, IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, Model

from clusteratlas.tables import Fault, InvalidInput

LEFT_OUT = frozenset({"sessions.session"})
"""Who is signed in is not kept: after a restore everybody signs in again."""

FILE = "tables.jsonl"
AT_ONCE = 1_000
Table = type[Model]


def name_of(table: Table) -> str:
    """Return the name of a table in an archive, such as ``registry.organisation``."""
    return str(table._meta.label_lower)


def counted(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> dict[str, int]:
    """Return how many rows each table holds."""
    alias = connection.alias
    return {
        name_of(each): each._base_manager.using(alias).count()
        for each in tables
        if name_of(each) not in LEFT_OUT
    }


def write(connection: BaseDatabaseWrapper, tables: Sequence[Table], out: IO[bytes]) -> None:
    """Write every row of every table, a line each; the caller holds one transaction over all."""
    for table in tables:
        if name_of(table) in LEFT_OUT:
            continue
        fields = list(table._meta.local_concrete_fields)
        # Historical tables have no order of their own; the key makes two backups comparable.
        rows = table._base_manager.using(connection.alias).order_by("pk").iterator(AT_ONCE)
        for row in rows:
            said = {field.attname: _plain(field, row) for field in fields}
            line = json.dumps([name_of(table), said], ensure_ascii=False, default=_as_text)
            out.write(line.encode("utf-8", "surrogatepass") + b"\n")


def read(
    connection: BaseDatabaseWrapper, tables: Sequence[Table], lines: Iterable[bytes]
) -> dict[str, int]:
    """Write the rows of an archive into empty tables; return how many of each.

    Raises
    ------
    InvalidInput
        If a line is none of ours or the database refuses it.
    """
    known = {name_of(each): each for each in tables}
    found = dict.fromkeys((name for name in known if name not in LEFT_OUT), 0)
    waiting: list[Model] = []
    try:
        for number, line in enumerate(lines, 1):
            row = _row(known, line, number)
            if waiting and (type(waiting[0]) is not type(row) or len(waiting) >= AT_ONCE):
                _put(connection, waiting)
                waiting = []
            waiting.append(row)
            found[name_of(type(row))] += 1
        _put(connection, waiting)
    except (IntegrityError, DataError, ValueError) as error:  # ValueError: a NUL on PostgreSQL
        raise InvalidInput(
            [Fault("the database refuses rows of the backup", file=FILE, value=str(error))]
        ) from error
    _go_on_counting(connection, tables)
    return found


def clear(connection: BaseDatabaseWrapper) -> None:
    """Drop every table of the database, in the transaction of the caller."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cascade = " cascade" if connection.vendor == "postgresql" else ""
        for name in names:
            cursor.execute(f"drop table {connection.ops.quote_name(name)}{cascade}")


def empty(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Remove the rows that the making of tables wrote."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"delete from {connection.ops.quote_name(table._meta.db_table)}")


def _plain(field: Any, row: Model) -> Any:
    value = field.value_from_object(row)
    if isinstance(field, BinaryField):
        return field.value_to_string(row) if value is not None else None
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value.total_seconds())
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"no backup of a {type(value).__name__}")


def _row(known: dict[str, Table], line: bytes, number: int) -> Model:
    try:
        name, said = json.loads(line)
        table = known[name]
        fields = {field.attname: field for field in table._meta.local_concrete_fields}
        values = {key: fields[key].to_python(value) for key, value in said.items()}
    except Exception as error:  # whatever a stranger's line breaks, it is this line
        raise InvalidInput(
            [
                Fault(
                    "the line is none of a backup",
                    file=FILE,
                    row=number,
                    value=line[:80].decode("utf-8", "replace"),
                )
            ]
        ) from error
    return table(**values)


def _put(connection: BaseDatabaseWrapper, rows: list[Model]) -> None:
    if rows:
        type(rows[0])._base_manager.using(connection.alias).bulk_create(rows)


def _go_on_counting(connection: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """Let new rows get keys above those that were written."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(tables))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
