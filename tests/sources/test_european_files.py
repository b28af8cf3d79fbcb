"""Eurostat's bulk TSV with flags."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from clusteratlas.sources import read_any, read_eurostat_sbs
from clusteratlas.tables import EMPLOYMENT, check

FILE = (
    "nace_r2,indic_sb,geo\\time\t2014 \t2013 \t2011 \n"
    "C,V16110,AT\t612345 \t610000 b\t: \n"
    "C10,V11210,AT11\t120 \t: c\t: \n"
    "C10,V13320,AT11\t45.3 \t40.25 p\t: \n"
    "C10,V16110,AT1\t30000 e\t: cd\t: \n"
    "C10,V16110,AT11\t1805 \t: c\t: \n"
    "C11,V11210,AT11\t4 \t5 \t: \n"
    "C11,V16110,AT11\t: u\t: \t: \n"
    "B06,V16110,NO06\t70 \t: \t: \n"
    "B06,V13320,NO06\t-8.3 \t: \t: \n"
    "B-N_S95_X_K,V16110,AT\t2900000 \t: \t: \n"
    "G451,V16110,AT11\t900 \t: \t: \n"
    "C10,V16110,FRZZ\t9 \t: \t: \n"
    "C10,V16110,EU28\t9 \t: \t: \n"
    "C10,V12150,AT11\t9.9 \t: \t: \n"
)


def ask(rows: pa.Table, question: str) -> list[tuple[object, ...]]:
    """Answer a question to the table ``rows``."""
    with duckdb.connect() as engine:
        engine.register("rows", rows)
        return engine.execute(question).fetchall()


def read(place: Path, content: str = FILE) -> dict[tuple[str, str, str, int], dict[str, object]]:
    path = place / "sbs.tsv"
    path.write_text(content)
    table = read_eurostat_sbs(path).employment
    check(table, EMPLOYMENT)
    return {
        (row["scheme"], row["region"], row["industry"], row["year"]): row
        for row in table.to_pylist()
    }


def figures_of(row: dict[str, object]) -> tuple[object, ...]:
    names = ("employment", "employment_low", "employment_high", "establishments", "payroll")
    return (*(row[name] for name in names), row["status"])


def test_figures_flags_and_units(tmp_path: Path) -> None:
    rows = read(tmp_path)
    assert {key: figures_of(row) for key, row in rows.items()} == {
        ("nuts-0", "AT", "B-N_S95", 2014): (2900000, 2900000, 2900000, None, None, "reported"),
        ("nuts-0", "AT", "C", 2013): (610000, 610000, 610000, None, None, "reported"),
        ("nuts-0", "AT", "C", 2014): (612345, 612345, 612345, None, None, "reported"),
        ("nuts-1", "AT1", "C10", 2013): (None, 0, None, None, None, "withheld"),
        ("nuts-1", "AT1", "C10", 2014): (30000, 30000, 30000, None, None, "reported"),
        ("nuts-2", "AT11", "C10", 2013): (None, 0, None, None, 40250, "withheld"),
        ("nuts-2", "AT11", "C10", 2014): (1805, 1805, 1805, 120, 45300, "reported"),
        ("nuts-2", "AT11", "C11", 2013): (None, None, None, 5, None, "unpublished"),
        ("nuts-2", "AT11", "C11", 2014): (None, None, None, 4, None, "unpublished"),
        ("nuts-2", "NO06", "B06", 2014): (70, 70, 70, None, None, "reported"),
    }


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sbs.tsv"
    path.write_text(FILE)
    table = read_any(path, years=(2014,))
    assert (table.classification, table.base_scheme) == ("nace-2", "nuts-2")
    assert [source.source for source in table.sources] == ["eurostat-sbs-2014"]
    assert "1 rows of groups" in table.sources[0].covers
    assert "2 rows of no NUTS 0 to NUTS 2 region" in table.sources[0].covers
    assert set(table.employment["year"].to_pylist()) == {2014}


def test_gzip_and_the_newer_header(tmp_path: Path) -> None:
    path = tmp_path / "sbs.tsv.gz"
    text = "freq,nace_r2,indic_sb,geo\\TIME_PERIOD\t2013 \t2014 \nA,C10,V16110,AT11\t: c\t7 b\n"
    path.write_bytes(gzip.compress(text.encode()))
    rows = read_any(path).employment.select(["year", "employment", "status"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (2013, None, "withheld"),
        (2014, 7, "reported"),
    ]


@pytest.mark.shared
def test_the_real_table_written_as_bulk_file(figures: Path, tmp_path: Path) -> None:
    parquet = figures / "eu" / "eurostat_sbs_r_nuts06_r2_2008_2014.parquet"
    pivoted: pa.Table = duckdb.sql(
        f"""pivot (
            select nace_r2 || ',' || indic_sb || ',' || geo as k, year,
                   coalesce(case when value = floor(value) then cast(value as bigint)::varchar
                            else value::varchar end, ':') || coalesce(' ' || flag, ' ') as cell
            from '{parquet}' where year >= 2013
        ) on year using first(cell) group by k order by k"""
    ).to_arrow_table()
    lines = ["nace_r2,indic_sb,geo\\time\t2013 \t2014 "]
    lines += ["\t".join(cell or ": " for cell in row.values()) for row in pivoted.to_pylist()]
    path = tmp_path / "sbs.tsv"
    path.write_text("\n".join(lines) + "\n")
    read = read_eurostat_sbs(path, years=(2014,)).employment
    nuts_2 = "scheme = 'nuts-2' and status = "
    counts = ask(
        read,
        f"select count(*) filter ({nuts_2}'reported'), count(*) filter ({nuts_2}'withheld'), "
        "sum(employment) filter (scheme = 'nuts-0' and length(industry) = 1) from rows",
    )
    expected = duckdb.sql(
        "select count(*) filter (nuts and value is not null), "
        "count(*) filter (nuts and value is null and flag like '%c%'), "
        "sum(value) filter (length(geo) = 2 and length(nace_r2) = 1) from ("
        "select *, length(geo) = 4 and geo not like '%Z' and length(nace_r2) <> 4 as nuts "
        f"from '{parquet}' where year = 2014 and indic_sb = 'V16110')"
    ).fetchall()
    assert counts == expected
