"""Read programmes from tables or JSON: all of them, or every fault at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.json_list import SHOWN, ListForm
from clusteratlas.organisations.profile import folded_name
from clusteratlas.organisations.table_files import (
    MOST_BYTES,
    MOST_ROWS,
    MOST_UNPACKED,
    Table,
    read_bytes,
    read_tables,
    refuse,
)
from clusteratlas.programmes.register.contradictions import contradictions
from clusteratlas.programmes.register.document import SCHEMA_VERSION, Award, Programme
from clusteratlas.programmes.register.joined_tables import HEADS, TablesReader, table_names
from clusteratlas.programmes.register.json_faults import programme_of_json
from clusteratlas.programmes.register.unknown_codes import code_faults
from clusteratlas.tables import Fault, InvalidInput

MOST_FAULTS: Final = 1_000
"""Faults that are spelled out; the rest is counted."""

MOST_FILES: Final = 20
"""CSV files of an archive; a register has fewer tables, so more are something else."""

FORM: Final = ListForm(
    "clusteratlas-programmes",
    "programmes",
    "programme",
    "programmes",
    SCHEMA_VERSION,
    SCHEMA_VERSION,
)


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """What a file gave.

    Attributes
    ----------
    programmes
        All of them; none where there is any fault, so that nothing is half taken in.
    faults, total
        Everything wrong (the first thousand), and how many faults there are.
    notes
        What was taken in another way than it stood, such as a formula's value.
    """

    programmes: tuple[Programme, ...]
    faults: tuple[Fault, ...]
    total: int
    notes: tuple[Fault, ...] = ()


def read_programmes(path: Path, release: Release | None = None) -> tuple[Programme, ...]:
    """Return the programmes of a file or folder.

    Definition
    ----------
    A workbook holds the tables of docs/reference/programme-file.md as sheets, a folder or a zip
    holds them as CSV files of these names; JSON holds the full schema.

    Parameters
    ----------
    path
        A file of at most 50 MB, or a folder of CSV files.
    release
        If given, codes of regions and clusters are checked against it and names do as well.

    Raises
    ------
    InvalidInput
        With every fault: file, row, column, value and hint.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "register.csv"
    >>> _ = place.write_text("name,funder,since\\nBoost,Ministry,2018\\n")
    >>> read_programmes(place)[0].since
    2018
    """
    found = read_register(path, release)
    if found.faults:
        raise InvalidInput(found.faults, total=found.total)
    return found.programmes


def read_register(
    path: Path,
    release: Release | None = None,
    *,
    book: Codebook | None = None,
    name: str = "",
    into: Programme | None = None,
) -> RegisterReading:
    """Return what a file gave, its faults as data.

    Parameters
    ----------
    path, release
        As in `read_programmes`.
    book
        The codes of a release, where the release itself is not at hand.
    name
        Of the file in faults, such as that of an upload; by default its path.
    into
        The one programme that the file is about: each table of the file takes the place of the
        programme's own, the others stay, and rows need not name it.
    """
    if release is not None:
        book = Codebook.of(release)
    file = name or str(path)
    fresh = book.fresh() if book is not None else None
    try:
        programmes, faults, notes = _read(path, file, fresh, into)
    except InvalidInput as error:
        return RegisterReading((), tuple(error.faults[:MOST_FAULTS]), error.total)
    faults += _same_twice(programmes, file)
    if not programmes and not faults:
        hint = "fill in a row below the header of the table of programmes"
        faults = [Fault("the file holds no programme", file, hint=hint)]
    faults.sort(key=lambda each: (each.row is not None, each.file, each.row or 0))
    whole = () if faults else tuple(programmes)
    return RegisterReading(whole, tuple(faults[:MOST_FAULTS]), len(faults), tuple(notes))


def _read(
    path: Path, file: str, book: Codebook | None, into: Programme | None
) -> tuple[list[Programme], list[Fault], list[Fault]]:
    if path.is_dir():
        tables, notes = _folder(path, file)
        return (*TablesReader(file, book, into).read(tables), notes)
    data = read_bytes(path, file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        programmes, faults = _of_json(data, file, book)
        if into is not None and not faults:
            programmes, faults = _the_one(programmes, into, file)
        return programmes, faults, []
    if data.startswith(b"PK\x03\x04") and (listed := _listed_files(data, file)):
        tables, notes = _csv_files(listed, file)
    else:
        held = read_tables(data, file, HEADS)
        tables, notes = held.tables, held.notes
    return (*TablesReader(file, book, into).read(tables), notes)


def _of_json(data: bytes, file: str, book: Codebook | None) -> tuple[list[Programme], list[Fault]]:
    given = FORM.listed(data, file)
    if len(given) > MOST_ROWS:
        refuse(f"the file holds more than {MOST_ROWS:,} programmes", file, hint="split it")
    programmes: list[Programme] = []
    faults: list[Fault] = []
    for row, each in enumerate(given, 1):
        if isinstance(each, Mapping) and (
            wrong := FORM.version_fault(each.get("schema_version", SCHEMA_VERSION), file, row)
        ):
            faults.append(wrong)
            continue
        programme, found = programme_of_json(each, file=file, row=row)
        faults += found
        if programme is None:
            continue
        for odd in contradictions(programme):
            column = ".".join(map(str, odd.place))
            faults.append(Fault(odd.problem, file, row, column, odd.value[:SHOWN], odd.hint))
        faults += _unknown_codes(programme, book, file, row)
        programmes.append(programme)
    return programmes, faults


def _unknown_codes(programme: Programme, book: Codebook | None, file: str, row: int) -> list[Fault]:
    if book is None:
        return []
    faults = []
    parts: list[tuple[str, Programme | Award]] = [("", programme)]
    parts += [(f"awards.{at}.", award) for at, award in enumerate(programme.awards)]
    for place, part in parts:
        for where, fault in code_faults(part, book):
            faults.append(Fault(fault.problem, file, row, place + where, fault.value, fault.hint))
    return faults


def _the_one(
    programmes: Sequence[Programme], into: Programme, file: str
) -> tuple[list[Programme], list[Fault]]:
    if len(programmes) == 1:
        return [programmes[0].model_copy(update={"slug": into.slug})], []
    mine = {folded_name(each) for each in (into.slug, into.name) if each}
    for each in programmes:
        if mine & {folded_name(each.slug), folded_name(each.name)}:
            return [each.model_copy(update={"slug": into.slug})], []
    hint = f"give a file that holds {into.name}"
    return [], [Fault("the file holds several programmes, and not this one", file, hint=hint)]


def _same_twice(programmes: Iterable[Programme], file: str) -> list[Fault]:
    """A programme is known by its slug, else by its name; neither may stand twice."""
    faults = []
    first: dict[tuple[str, str], int] = {}
    for number, each in enumerate(programmes, 1):
        for column, key in (("slug", each.slug), ("name", folded_name(each.name))):
            if key and (column, key) in first:
                problem = (
                    f"two programmes of one {column}: numbers {first[column, key]} and {number}"
                )
                hint = "keep one of them, or name the other otherwise"
                shown = getattr(each, column)[:SHOWN]
                faults.append(Fault(problem, file, None, column, shown, hint))
            first.setdefault((column, key), number)
    return faults


# Several CSV files


def _folder(path: Path, file: str) -> tuple[list[Table], list[Fault]]:
    held = [
        (each.name, read_bytes(each, f"{file}/{each.name}"))
        for each in sorted(path.iterdir())
        if each.suffix.lower() == ".csv" and each.is_file()
    ]
    if not held:
        hint = f"put {', '.join(f'{name}.csv' for name in table_names())} there"
        refuse("the folder holds no CSV", file, hint=hint)
    return _csv_files(held, file)


def _listed_files(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """The CSV files of a zip; none where it is a workbook or no archive that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [
                each
                for each in archive.infolist()
                if each.filename.lower().endswith(".csv") and not each.is_dir()
            ]
            if sum(each.file_size for each in members) > MOST_UNPACKED:
                refuse("the archive is too large", file, hint="split it")
            if len(members) > MOST_FILES:
                problem = f"the archive holds more than {MOST_FILES} CSV files"
                hint = f"keep one of each: {', '.join(f'{name}.csv' for name in table_names())}"
                refuse(problem, file, value=str(len(members)), hint=hint)
            return [(Path(each.filename).name, _member(archive, each, file)) for each in members]
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return []


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> bytes:
    with archive.open(member) as opened:
        held = opened.read(MOST_BYTES + 1)
    if len(held) > MOST_BYTES:
        hint = "split it; at most 50 MB of a file are read"
        refuse("a file of the archive is too large", file, value=member.filename, hint=hint)
    return held


def _csv_files(held: Iterable[tuple[str, bytes]], file: str) -> tuple[list[Table], list[Fault]]:
    tables: list[Table] = []
    notes: list[Fault] = []
    faults: list[Fault] = []
    for name, data in held:
        try:
            found = read_tables(data, f"{file}, {name}", HEADS)
        except InvalidInput as error:
            faults += error.faults
            continue
        notes += found.notes
        stem = Path(name).stem
        tables += [
            Table(each.file, stem, each.header, each.header_row, each.rows) for each in found.tables
        ]
    if faults:
        raise InvalidInput(faults)
    return tables, notes
