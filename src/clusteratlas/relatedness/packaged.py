"""Similarities as files: those that come with the package, and a user's own."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from clusteratlas.relatedness.similarities import COMPONENTS, Similarities
from clusteratlas.tables import Fault, InvalidInput

INDUSTRIES: Final = {"naics-2017": "us_industries.parquet"}
CLUSTERS: Final = {"us-benchmark-2014": "us_benchmark_clusters.csv"}
INHERITED: Final = "_inherited"
DECIMALS: Final = 5
SKILL: Final = "us_options_skill.csv"
SOURCE: Final = "cluster-atlas-components-2021"
"""Source of the packaged components, as named in provenance."""

NUMBERS: Final = (
    *COMPONENTS,
    "colocation",
    "composite",
    "percentile",
    "percentile_of_a",
    "linked_share_a",
    "linked_share_b",
)
CLUSTER_COLUMNS: Final = ("a", "b", "composite", "percentile", "related", "rule")
MOST_FAULTS: Final = 200
MOST_INDUSTRIES: Final = 5_000
LARGEST: Final = 1e6
"""A larger similarity is no similarity."""


@lru_cache(maxsize=2)
def packaged_industries(classification: str) -> Similarities | None:
    """Return the similarities of traded industries that come with the package, or none.

    >>> packaged_industries("nace-2") is None
    True
    """
    name = INDUSTRIES.get(classification)
    if name is None:
        return None
    with as_file(files("clusteratlas.relatedness").joinpath("data", name)) as path:
        return read_similarities(path)


@lru_cache(maxsize=2)
def packaged_clusters(definition: str) -> pa.Table | None:
    """Return the relatedness of the clusters of a definition that comes with the package, or none.

    Rows as `related_clusters` returns them, made by the command in data/README.md.

    >>> packaged_clusters("us-benchmark-2014").num_rows
    2601
    """
    name = CLUSTERS.get(definition)
    if name is None:
        return None
    with as_file(files("clusteratlas.relatedness").joinpath("data", name)) as path:
        return read_clusters(path)


@lru_cache(maxsize=2)
def packaged_skill(scheme: str) -> tuple[dict[str, str], ...]:
    """Return how well odds of options told later years, as measured once for a scheme; or nothing.

    Rows of `Skill` with the scheme, every cell as text: County Business Patterns 2017-2021, learned
    from 2017 to 2019 and judged on 2019 to 2021, by the command in data/README.md.

    >>> packaged_skill("us-cbsa")[0]["split"]
    'out of time'
    """
    place = files("clusteratlas.relatedness").joinpath("data", SKILL)
    with place.open(encoding="utf-8") as lines:
        return tuple(row for row in csv.DictReader(lines) if row["scheme"] == scheme)


def write_similarities(
    similarities: Similarities, file: Path | IO[bytes], *, text: bool = False
) -> None:
    """Write similarities as Parquet (``text``: CSV), a row for each pair a < b and for a = b.

    Values are rounded to five decimals. An industry's row a = b holds whether each component is
    inherited.
    """
    labels = np.array(similarities.labels, dtype=object)
    first, second = np.triu_indices(len(labels))
    columns: dict[str, pa.Array] = {
        "a": pa.array(labels[first], pa.string()),
        "b": pa.array(labels[second], pa.string()),
    }
    same = first == second
    for name, matrix in sorted(similarities.components.items()):
        values = np.round(matrix[first, second], DECIMALS) + 0.0
        columns[name] = pa.array(values.astype(np.float32), mask=np.isnan(values))
    for name, flags in sorted(similarities.inherited.items()):
        columns[name + INHERITED] = pa.array(flags[first], mask=~same)
    table = pa.table(columns).replace_schema_metadata({"notes": "\n".join(similarities.notes)})
    if text:
        pacsv.write_csv(table, file, pacsv.WriteOptions(quoting_style="needed"))
        return
    floats = [
        name for name in table.column_names if pa.types.is_floating(table.schema.field(name).type)
    ]
    pq.write_table(
        table,
        file,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in table.column_names if name not in floats],
        use_byte_stream_split=floats,
    )


def read_similarities(path: Path) -> Similarities:
    """Read what `write_similarities` wrote, or any table of a, b and components.

    Parameters
    ----------
    path
        Parquet or CSV with the columns ``a``, ``b`` and at least one component (``COMPONENTS``);
        a pair may stand in one direction or in both, with the same value.

    Missing data
    ------------
    A pair without a row, or an empty cell, is not known.

    Raises
    ------
    InvalidInput
        With every fault: no such file, columns missing, cells that are no numbers, a pair with two
        values.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.csv")
    ...     _ = path.write_text("a,b,input_output\\n1133,3211,0.3\\n1133,3221,0.1\\n")
    ...     found = read_similarities(path)
    >>> found.labels, found.components["input_output"][0]
    (('1133', '3211', '3221'), array([nan, 0.3, 0.1]))
    """
    table = _read(path)
    known = [name for name in table.column_names if name in COMPONENTS]
    faults = [
        Fault(f"the column {name} is missing", str(path), column=name, hint="needed: a, b, values")
        for name in ("a", "b")
        if name not in table.column_names
    ]
    if not known:
        faults.append(
            Fault("there is no component", str(path), hint=f"one of {', '.join(COMPONENTS)}")
        )
    if faults:
        raise InvalidInput(faults)
    faults = _bad_cells(table, known, path)
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    first, second = (table.column(name).cast(pa.string()) for name in ("a", "b"))
    labels = sorted({*pc.unique(first).to_pylist(), *pc.unique(second).to_pylist()})
    if len(labels) > MOST_INDUSTRIES:
        hint = f"at most {MOST_INDUSTRIES:,} industries"
        raise InvalidInput(
            [Fault("too many industries", str(path), value=str(len(labels)), hint=hint)]
        )
    at = [pc.index_in(column, pa.array(labels)).to_numpy() for column in (first, second)]
    components = {}
    for name in known:
        values = pc.cast(table.column(name), pa.float64()).to_numpy().round(DECIMALS + 2)
        matrix = np.full((len(labels),) * 2, np.nan)
        matrix[at[0], at[1]] = values
        back = matrix.T
        both = ~np.isnan(matrix) & ~np.isnan(back) & (np.abs(matrix - back) > 10.0**-DECIMALS)
        faults += [
            Fault(
                f"{name} differs between the two directions of the pair",
                str(path),
                column=name,
                value=f"{labels[i]}-{labels[j]}: {matrix[i, j]:g} and {back[i, j]:g}",
                hint="give each pair once, or the same value twice",
            )
            for i, j in np.argwhere(np.triu(both))
        ]
        components[name] = np.where(np.isnan(matrix), back, matrix)
        np.fill_diagonal(components[name], np.nan)
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    same = at[0] == at[1]
    inherited = {}
    for name in known:
        if name + INHERITED in table.column_names:
            flags = np.zeros(len(labels), dtype=bool)
            told = table.column(name + INHERITED).filter(pa.array(same))
            flags[at[0][same]] = pc.fill_null(pc.cast(told, pa.bool_()), False).to_numpy()
            inherited[name] = flags
    notes = (table.schema.metadata or {}).get(b"notes", b"").decode()
    return Similarities(
        tuple(labels), components, inherited, tuple(line for line in notes.split("\n") if line)
    )


def _bad_cells(table: pa.Table, known: list[str], path: Path) -> list[Fault]:
    """Return empty codes, pairs that stand twice and cells that are no numbers, by row."""
    first = 1 if path.suffix.lower() != ".csv" else 2
    twice = sorted({name for name in table.column_names if table.column_names.count(name) > 1})
    if twice:
        return [Fault("the column stands twice", str(path), column=name) for name in twice]
    faults = []
    for name in known:
        kind = table.schema.field(name).type
        if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)):
            faults.append(
                Fault("the component is no column of numbers", str(path), None, name, str(kind))
            )
            continue
        values = pc.cast(table.column(name), pa.float64()).to_numpy()
        for row in np.flatnonzero(np.abs(values) > LARGEST).tolist():
            faults.append(
                Fault("the value is no similarity", str(path), row + first, name, str(values[row]))
            )
    codes = [table.column(name).cast(pa.string()).to_pylist() for name in ("a", "b")]
    seen: dict[tuple[str | None, str | None], int] = {}
    for row, pair in enumerate(zip(*codes, strict=True), first):
        if not all(pair):
            faults.append(Fault("a code is empty", str(path), row, "a, b", str(pair)))
        elif pair in seen:
            hint = f"it stands in row {seen[pair]} already"
            faults.append(
                Fault("the pair stands twice", str(path), row, "a, b", f"{pair[0]}-{pair[1]}", hint)
            )
        seen.setdefault(pair, row)
    if not codes[0]:
        faults.append(Fault("the file has no rows", str(path)))
    return faults


def read_clusters(path: Path) -> pa.Table:
    """Read the relatedness of clusters as `clusteratlas relatedness --level cluster` wrote it.

    Raises
    ------
    InvalidInput
        With every fault: no such file, columns missing, a pair twice.
    """
    table = _read(path)
    missing = [name for name in CLUSTER_COLUMNS if name not in table.column_names]
    faults = [
        Fault(
            f"the column {name} is missing",
            str(path),
            column=name,
            hint="give the file that clusteratlas relatedness --level cluster --out wrote",
        )
        for name in missing
    ]
    if faults:
        raise InvalidInput(faults)
    if not table.num_rows:
        raise InvalidInput([Fault("the file has no rows", str(path))])
    if not pa.types.is_boolean(table.schema.field("related").type):
        problem = "the column related is not true or false"
        told = str(table.column("related")[0].as_py())
        raise InvalidInput([Fault(problem, str(path), column="related", value=told)])
    pairs = zip(table.column("a").to_pylist(), table.column("b").to_pylist(), strict=True)
    seen: set[tuple[str, str]] = set()
    for row, pair in enumerate(pairs, 2):
        if pair in seen:
            faults.append(Fault("the pair stands twice", str(path), row, "a, b", "-".join(pair)))
        seen.add(pair)
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    for name in ("rule", "carried_by"):
        if name in table.column_names:
            place = table.column_names.index(name)
            table = table.set_column(place, name, pc.fill_null(table.column(name), ""))
    return table


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    texts = dict.fromkeys(("a", "b", "a_name", "b_name", "rule", "carried_by"), pa.string())
    try:
        if path.suffix.lower() == ".csv":
            return pacsv.read_csv(
                path,
                read_options=pacsv.ReadOptions(use_threads=False),
                convert_options=pacsv.ConvertOptions(
                    column_types=texts | dict.fromkeys(NUMBERS, pa.float64()),
                    strings_can_be_null=False,
                    null_values=[""],
                ),
            )
        with pq.ParquetFile(path) as file:
            return file.read()
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(
            [
                Fault(
                    "the file is no table of pairs",
                    str(path),
                    value=str(error).splitlines()[0][:160],
                    hint="columns a and b are codes, components are numbers or empty",
                )
            ]
        ) from error
