"""Whatever bytes a file holds: figures by the contract, or one refusal that lists faults."""

from __future__ import annotations

import gzip
import io
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusteratlas.sources import (
    Source,
    SourceTable,
    read_any,
    read_census_table,
    read_county_business_patterns,
    read_eurostat_lfs,
    read_eurostat_sbs,
    read_mapped_table,
    read_own_table,
    read_qcew,
)
from clusteratlas.tables import EMPLOYMENT, InvalidInput, find_faults

TOWN = Source("jobs", "Town", "Register", None, None, None, "open", "All.", "jobs", "EUR 1,000")


def own(path: Path) -> SourceTable:
    return read_own_table(path, classification="nace-2", scheme="nuts-2", source=TOWN)


def anything(path: Path) -> SourceTable:
    return read_any(path, classification="nace-2", scheme="nuts-2", source=TOWN)


MAPPING = """
classification = "nace-2"
scheme = "nuts-2"
columns = {region = "region", industry = "industry", year = "year", employment = "employment"}
file = {decimal = ",", thousands = "."}
values = {withheld = ["c"]}
units = {employment = 1000}
source = {title = "Register", publisher = "Town", licence = "open"}
"""


def mapped(path: Path) -> SourceTable:
    mapping = path.with_suffix(".toml")
    mapping.write_text(MAPPING)
    return read_mapped_table(path, mapping)


READERS: tuple[tuple[str, Callable[[Path], SourceTable]], ...] = (
    ("cbp21co.txt", read_county_business_patterns),
    ("counties.csv", read_census_table),
    ("sbs.tsv", read_eurostat_sbs),
    ("jobs.csv", own),
    ("table", anything),
    ("2016.csv", read_qcew),
    ("lfs.tsv", read_eurostat_lfs),
    ("register.csv", mapped),
)

BUREAU = (
    b'"fipstate","fipscty","naics","emp_nf","emp","qp1_nf","qp1","ap_nf","ap","est"\n'
    b'"06","085","------","G",900000,"G",1,"G",90000000,9000\n'
    b'"06","085","3344//","G",90000,"G",1,"G",9000000,900\n'
    b'"06","001","334413","D",0,"D",0,"D",0,12\n'
)
CENSUS = b"year,fips,naics,emp,est,pay_k\n2021,06085,334413,900,4,910\n2021,06001,3344,0,4,9\n"
EUROPE = (
    b"nace_r2,indic_sb,geo\\time\t2014 \t2013 \n"
    b"C10,V16110,AT11\t1805 b\t: c\nC10,V13320,AT11\t12.5 \t: \nG451,V11210,FRZZ\t1 \t2 \n"
)
OWN = (
    b"region,industry,year,employment,employment_low,employment_high,status\n"
    b"AT11,C10,2024,12,12,12,reported\nAT12,C10,2024,,0,,withheld\n"
)


QCEW = (
    b"area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,"
    b"annual_avg_estabs,annual_avg_emplvl,total_annual_wages\n"
    b"19153,5,33441,77,0,2016,A,,9,900,90000\n19153,5,334413,78,0,2016,A,N,2,0,0\n"
)
LABOUR = (
    b"DATAFLOW,LAST UPDATE,freq,nace_r2,sex,age,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    b"x,y,A,C,T,Y_GE15,THS,AT11,2014,18.1,u\nx,y,A,F,T,Y_GE15,THS,AT12,2014,,c\n"
)
EARLIER = (
    b"fipstate,fipscty,naics,empflag,emp,ap,est,n1_4,n5_9,n10_19,n20_49,n50_99,n100_249,n250_499,"
    b"n500_999,n1000\n06,085,334413,B,0,0,6,4,0,1,1,0,0,0,0,0\n06,001,334413,,9,9,3,3,0,0,0,0,0,0,0,0\n"
)


def _zip(data: bytes) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cbp21co.txt", data)
    return place.getvalue()


def _parquet() -> bytes:
    place = io.BytesIO()
    columns = {"year": [2021, 2021], "fips": ["06085", "06001"], "naics": ["3344", "3345"]}
    table = pa.table(columns | {"emp": [1, 2], "est": [3, 4], "pay_k": [5, None]})
    pq.write_table(table, place)
    return place.getvalue()


SEEDS = (
    BUREAU, CENSUS, EUROPE, OWN, _zip(BUREAU), gzip.compress(EUROPE, mtime=0), _parquet(),
    QCEW, LABOUR, EARLIER, OWN.replace(b"12,12,12", b'"1.200,5",12,12'), _zip(QCEW),
)  # fmt: skip
MEANT = (0, 1, 2, 3, 0, 2, 1, 5, 6, 0, 7, 5)
"""The reader that each seed is meant for."""

ANY = 4
MARKS = (b",", b";", b"\t", b'"', b"\n", b"\r", b"\x00", b"-", b"\xff", b"\xef\xbb\xbf", b"\\",
         b"'", b"1e9", b"NaN", b"999", b" ", b"%", b"{0}", b"\xc3\xa9", b":")  # fmt: skip


def mutate(seed: bytes, chance: random.Random) -> bytes:
    """Some bytes replaced, left out, doubled, cut or put in."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randint(1, 12)]
            case 2:
                data[at:at] = chance.choice(MARKS)
            case 3:
                data[at:at] = data[at : at + chance.randint(1, 40)]
            case 4:
                data[at : at + 2] = chance.choice(MARKS)
            case _:
                data = data[: max(1, at)] if chance.random() < 0.2 else data
    return bytes(data)


def hold(data: bytes, place: Path, readers: Iterable[int] = range(len(READERS))) -> None:
    """Every reader gives figures by the contract, or refuses with faults that name the file."""
    for name, read in (READERS[reader] for reader in readers):
        path = place / name
        path.write_bytes(data)
        refusal: InvalidInput | None = None
        try:
            table = read(path)
        except InvalidInput as error:
            refusal = error
        if refusal is not None:
            assert refusal.faults
            assert refusal.total >= len(refusal.faults)
            assert all(fault.file == str(path) and fault.problem for fault in refusal.faults)
        else:
            faults, _ = find_faults(table.employment, EMPLOYMENT)
            assert not faults, faults
            assert table.employment.num_rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000))
def test_random_bytes(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        hold(data, Path(place))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([BUREAU, CENSUS, EUROPE, OWN]), st.text(max_size=300))
def test_random_text_under_a_good_header(seed: bytes, text: str) -> None:
    header = seed.split(b"\n", 1)[0]
    with tempfile.TemporaryDirectory() as place:
        hold(header + b"\n" + text.encode("utf-8", errors="replace"), Path(place))


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_mutated_files(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        hold(mutate(SEEDS[seed], chance), tmp_path, (MEANT[seed], ANY))


@pytest.mark.proof
def test_ten_thousand_mutated_files(tmp_path: Path) -> None:
    chance = random.Random(2024)
    for number in range(10_000):
        seed = number % len(SEEDS)
        hold(mutate(SEEDS[seed], chance), tmp_path, (MEANT[seed], ANY))
