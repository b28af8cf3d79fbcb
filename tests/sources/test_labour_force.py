"""Eurostat's labour force survey, and its SDMX-CSV layout of either table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from clusteratlas.sources import read_any, read_eurostat_lfs, read_eurostat_sbs
from clusteratlas.tables import EMPLOYMENT, InvalidInput, check

BULK = "freq,nace_r2,sex,age,unit,geo\\TIME_PERIOD\t2014 \t2013 \n"
FIGURE = "TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
SDMX = f"DATAFLOW,LAST UPDATE,freq,nace_r2,sex,age,unit,geo,{FIGURE}"
SBS = f"DATAFLOW,LAST UPDATE,freq,nace_r2,indic_sb,geo,{FIGURE}"
FLOW = "ESTAT:LFST_R_LFE2EN2(1.0),11/09/25 23:00:00,A"


def table(place: Path, content: str, name: str = "lfs.tsv") -> Path:
    path = place / name
    path.write_text(content)
    return path


def test_thousands_become_persons_and_flags_words(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        BULK + "A,C,T,Y_GE15,THS,AT11\t18.1 u\t: u\n"
        "A,C,M,Y_GE15,THS,AT11\t10.0 \t9 \n"
        "A,F,T,Y_GE15,THS_PER,AT\t301.25 b\t: c\n"
        "A,B-E,T,Y_GE15,THS,AT11\t20 \t21 \n"
        "A,K,T,Y_GE15,THS,EU28\t20 \t: \n"
        "A,K,T,Y_GE15,THS,AT11\t: \t4.0 \n",
    )
    read = read_any(path)
    check(read.employment, EMPLOYMENT)
    found = [
        (row["region"], row["industry"], row["year"], row["employment"], row["status"])
        for row in read.employment.to_pylist()
    ]
    assert found == [
        ("AT", "F", 2013, None, "withheld"),
        ("AT", "F", 2014, 301_250, "reported"),
        ("AT11", "C", 2013, None, "withheld"),
        ("AT11", "C", 2014, 18_100, "reported"),
        ("AT11", "K", 2013, 4_000, "reported"),
    ]
    covers = {source.source: source.covers for source in read.sources}
    assert "1 figures are marked as of low reliability" in covers["eurostat-lfs-2014"]
    assert "low reliability" not in covers["eurostat-lfs-2013"]
    assert "1 rows of sums of sections are left out" in covers["eurostat-lfs-2014"]
    assert "15 years and older" in covers["eurostat-lfs-2014"]


def test_the_age_group_is_chosen_and_never_guessed(tmp_path: Path) -> None:
    content = BULK + "A,C,T,Y_GE15,THS,AT11\t18 \t17 \nA,C,T,Y15-64,THS,AT11\t16 \t15 \n"
    path = table(tmp_path, content)
    with pytest.raises(InvalidInput, match="holds two age groups, Y_GE15 and Y15-64"):
        read_eurostat_lfs(path)
    read = read_any(path, age="Y15-64", years=(2014,))
    assert read.employment["employment"].to_pylist() == [16_000]
    assert "15 to 64 years" in read.sources[0].covers
    with pytest.raises(InvalidInput, match="no such age group"):
        read_eurostat_lfs(path, age="Y25")


def test_sdmx_csv(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        SDMX + f"{FLOW},C,T,Y_GE15,THS,AT11,2014,18.1,u,\n{FLOW},C,T,Y_GE15,THS,AT11,2013,,,C\n",
        "lfs.csv",
    )
    read = read_any(path)
    found = read.employment.select(["year", "employment", "status"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        (2013, None, "withheld"),
        (2014, 18_100, "reported"),
    ]


def test_faults_of_sdmx_csv_by_row_and_column(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        SDMX + f"{FLOW},C,T,Y_GE15,THS,AT11,2014-Q1,18.1,,\n{FLOW},C,T,Y_GE15,THS,QQ99,2013,18,,\n"
        f"{FLOW},C,T,Y_GE15,THS,AT12,2013,many,,\n{FLOW},C,T,Y_GE15,THS,AT13,2013,-4,,\n"
        f"{FLOW},C,T,Y_GE15,THS,AT21,2013,4,,\n{FLOW},C,T,Y_GE15,THS,AT21,2013,4,,\n",
        "lfs.csv",
    )
    with pytest.raises(InvalidInput) as caught:
        read_any(path)
    assert [(f.row, f.column, f.value) for f in caught.value.faults] == [
        (2, "TIME_PERIOD", "2014-Q1"),
        (3, "geo", "QQ99"),
        (4, "OBS_VALUE", "many"),
        (5, "OBS_VALUE", "-4"),
        (7, "nace_r2, sex, age, unit, geo, year", "C, T, Y_GE15, THS, AT21, 2013"),
    ]


def test_sdmx_csv_without_a_dimension(tmp_path: Path) -> None:
    path = table(tmp_path, "DATAFLOW,geo,TIME_PERIOD,OBS_VALUE\nx,AT11,2014,1\n", "sbs.csv")
    with pytest.raises(InvalidInput) as caught:
        read_eurostat_sbs(path)
    assert [fault.column for fault in caught.value.faults] == ["nace_r2", "indic_sb"]


def test_a_file_cut_in_the_middle(tmp_path: Path) -> None:
    path = table(tmp_path, BULK + "A,C,T,Y_GE15,THS,AT11\t18.1 u\t1")
    with pytest.raises(InvalidInput, match="ends in the middle of a row"):
        read_any(path)


@pytest.mark.shared
def test_the_same_figures_in_either_layout(figures: Path, tmp_path: Path) -> None:
    rows = duckdb.sql(
        "select nace_r2, indic_sb, geo, year, value, coalesce(flag, '') "
        f"from '{figures}/eu/eurostat_sbs_r_nuts06_r2_2008_2014.parquet' "
        "where year = 2014 and geo like 'AT%' and length(nace_r2) <= 3 "
        "and indic_sb in ('V11210', 'V16110', 'V13320') order by 1, 2, 3"
    ).fetchall()
    assert len(rows) > 1_000
    bulk = ["nace_r2,indic_sb,geo\\time\t2014 "]
    long = [SBS.strip()]
    for nace, indicator, geo, year, value, flag in rows:
        figure = ":" if value is None else f"{value:g}" if value < 1e5 else f"{value:.2f}"
        bulk.append(f"{nace},{indicator},{geo}\t{figure} {flag}")
        long.append(f"ESTAT:SBS(1.0),x,A,{nace},{indicator},{geo},{year},"
                    f"{'' if figure == ':' else figure},{flag},")  # fmt: skip
    tables = [
        read_any(table(tmp_path, "\n".join([*lines, ""]), name)).employment
        for lines, name in ((bulk, "sbs.tsv"), (long, "sbs.csv"))
    ]
    assert tables[0].num_rows > 300
    assert tables[0].equals(tables[1])
