"""Every publication of the catalogue: list, fetch, check, import, and the figures are the same."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from clusteratlas.atlas import open_release
from clusteratlas.cli import app
from clusteratlas.cli import sources as command
from clusteratlas.sources.catalogue import PUBLICATIONS, Reach, publication
from clusteratlas.sources.catalogue.take_in import METADATA
from clusteratlas.tables import EMPLOYMENT, TAKEN_IN, check

from . import test_accounts as accounts
from .layouts import (
    bea_archive,
    bea_codes_sheet,
    cbp,
    oews_area,
    oews_industry,
    patents_page,
    qcew_annual,
    qcew_quarter,
    zipped,
)
from .publisher import Publisher
from .test_indicators import PATENTS
from .test_occupations import area, industry

CBP = [
    ("------", 17000, 2100000, 160),
    ("3344//", 12500, 900000, 125),
    ("334413", 12500, 900000, 125),
]
QCEW = [
    ("06085", "5", "10", "71", "", 900, 17000, 900000),
    ("06085", "5", "3344", "76", "", 125, 12500, 700000),
    ("06085", "5", "3341", "76", "N", 12, 0, 0),
]
SBS = (
    "nace_r2,indic_sb,geo\\time\t2013 \t2014 \n"
    "C29,V16110,DE11\t100000 \t110000 \n"
    "C29,V16110,DE12\t: c\t: c\n"
)
LFS = (
    "DATAFLOW,LAST UPDATE,freq,nace_r2,sex,age,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "ESTAT:LFST_R_LFE2EN2(1.0),01/10/26 11:00:00,A,TOTAL,T,Y_GE15,THS,DE11,2014,2150.5,\n"
    "ESTAT:LFST_R_LFE2EN2(1.0),01/10/26 11:00:00,A,A,T,Y_GE15,THS,DE11,2014,21.2,u\n"
)
ARCHIVE = bea_archive(accounts.use_sheet(), accounts.make_sheet(), bea_codes_sheet(accounts.CODES))


@dataclass(frozen=True)
class Case:
    """A publication, what its server has, and figures that must come out of the tidy table."""

    name: str
    data: bytes
    key: tuple[str, ...]
    value: str
    figures: dict[tuple[Any, ...], Any]
    year: int | None = None
    options: dict[str, str] = field(default_factory=dict)


REGIONAL = ("scheme", "region", "industry", "year")
CASES = [
    Case(
        "cbp-county",
        cbp({"fipstate": "06", "fipscty": "085"}, CBP, "cbp21co.txt"),
        REGIONAL,
        "employment",
        {("us-county", "06085", "3344", 2021): 12500, ("us-county", "06085", "00", 2021): 17000},
        2021,
    ),
    Case(
        "cbp-metro",
        cbp({"msa": "41940"}, CBP, "cbp21msa.txt"),
        REGIONAL,
        "employment",
        {("us-cbsa", "41940", "3344", 2021): 12500},
        2021,
    ),
    Case(
        "cbp-state",
        cbp({"fipstate": "06", "lfo": "-"}, CBP, "cbp21st.txt"),
        REGIONAL,
        "employment",
        {("us-state", "06", "3344", 2021): 12500},
        2021,
    ),
    Case(
        "cbp-us",
        cbp({"lfo": "-"}, CBP, "cbp21us.txt"),
        REGIONAL,
        "employment",
        {("us-nation", "US", "3344", 2021): 12500},
        2021,
    ),
    Case(
        "qcew-annual",
        zipped({"2016.annual.singlefile.csv": qcew_annual(2016, QCEW)}),
        REGIONAL,
        "employment",
        {("us-county", "06085", "3344", 2016): 12500, ("us-county", "06085", "3341", 2016): None},
        2016,
    ),
    Case(
        "qcew-quarterly",
        zipped({"2016.q1-q4.singlefile.csv": qcew_quarter(2016, 1, QCEW, titles=False)}),
        REGIONAL,
        "employment",
        {("us-county", "06085", "3344", 2016): 12500, ("us-county", "06085", "3341", 2016): None},
        2016,
    ),
    Case(
        "qcew-area",
        qcew_quarter(2016, 1, QCEW, titles=True),
        REGIONAL,
        "employment",
        {("us-county", "06085", "3344", 2016): 12500},
        2016,
        {"area": "06085", "quarter": "1"},
    ),
    Case(
        "oews-industry",
        oews_industry(
            2025, [industry("3320A1", "51-4121", 41230), industry("332700", "27-2011", "**")]
        ),
        ("industry", "occupation"),
        "employment",
        {("3320A1", "51-4121"): 41230, ("332700", "27-2011"): None},
        2025,
    ),
    Case(
        "oews-area",
        oews_area(2025, [area("10180", "Abilene, TX", "11-0000", 5470)]),
        ("scheme", "region", "occupation"),
        "employment",
        {("us-cbsa", "10180", "11-0000"): 5470},
        2025,
    ),
    Case(
        "oews-state",
        oews_area(2025, [area("06", "California", "11-0000", 900_000, AREA_TYPE=2)]),
        ("scheme", "region", "occupation"),
        "employment",
        {("us-state", "06", "11-0000"): 900_000},
        2025,
    ),
    Case("bea-use", ARCHIVE, ("row", "column"), "value", dict(accounts.USE)),
    Case("bea-make", ARCHIVE, ("row", "column"), "value", dict(accounts.MAKE)),
    Case("bea-crosswalk", ARCHIVE, ("bea", "industry"), "finer", {("1111A0", "111110"): "naics"}),
    Case(
        "eurostat-sbs",
        gzip.compress(SBS.encode(), mtime=0),
        REGIONAL,
        "employment",
        {("nuts-2", "DE11", "C29", 2014): 110000, ("nuts-2", "DE12", "C29", 2014): None},
    ),
    Case(
        "eurostat-lfs",
        gzip.compress(LFS.encode(), mtime=0),
        REGIONAL,
        "employment",
        {("nuts-2", "DE11", "A", 2014): 21200},
    ),
    Case(
        "uspto-patents-county",
        patents_page(PATENTS, (2000, 2001)),
        ("region", "year"),
        "value",
        {("06085", 2001): 6200},
    ),
    Case(
        "zbp-detail",
        zipped({"zbp22detail.txt": b"zip,naics,est,n<5\n95054,------,900,N\n95054,334413,42,N\n"}),
        ("place", "industry"),
        "establishments",
        {("95054", "334413"): 42, ("95054", "00"): 900},
        2022,
    ),
    Case(
        "zbp-totals",
        zipped(
            {
                "zbp22totals.txt": b"zip,name,est,city,stabbr,cty_name\n"
                b'95054,"SANTA CLARA, CA",900,SANTA CLARA,CA,SANTA CLARA\n'
            }
        ),
        ("place",),
        "region",
        {("95054",): "06085"},
        2022,
    ),
]

Run = Callable[..., Result]


@pytest.fixture
def run(server: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, with a publisher on this machine and a cache of its own."""
    monkeypatch.setattr(command, "REACH", Reach(stand_in=server.address))
    monkeypatch.setenv("CLUSTERATLAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, ["sources", *map(str, words)], env={"COLUMNS": "80"})

    return run


def test_every_publication_with_an_address_makes_the_round() -> None:
    assert [case.name for case in CASES] == [each.id for each in PUBLICATIONS if not each.own]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_list_fetch_check_import(run: Run, server: Publisher, tmp_path: Path, case: Case) -> None:
    listed = json.loads(run("list", case.name, "--json").stdout)["publications"][0]
    assert listed["id"] == case.name
    quarter = case.options.get("quarter", "a")
    address, file = publication(case.name).asked(case.year, case.options.get("area"), quarter)
    server.put(address, case.data)
    words = [*(["--year", case.year] if case.year else [])]
    for name, value in case.options.items():
        words += [f"--{name}", value]
    fetched = run("fetch", case.name, *words)
    assert fetched.exit_code == 0, fetched.output
    path = tmp_path / "cache" / case.name / file
    assert path.read_bytes() == case.data
    assert f"sources check {path} --as {case.name}" in fetched.stdout.replace("\n", " ")
    checked = run("check", path, "--as", case.name)
    assert checked.exit_code == 0, checked.output
    assert "No faults." in checked.stdout
    out = tmp_path / "tidy.parquet"
    imported = run("import", path, "--as", case.name, "--to", out)
    assert imported.exit_code == 0, imported.output
    table = pq.read_table(out)
    contract = {**TAKEN_IN, EMPLOYMENT.name: EMPLOYMENT}[publication(case.name).table]
    assert listed["table"] == contract.name
    check(table, contract)
    found = {tuple(row[name] for name in case.key): row[case.value] for row in table.to_pylist()}
    assert found.items() >= case.figures.items()
    said = json.loads(table.schema.metadata[METADATA])
    assert said["table"] == contract.name
    assert said["publication"] == case.name
    assert said["sources"][0]["checksum"].startswith("sha256:")
    assert said["sources"][0]["retrieved"], "the day of the download is kept"
    assert {row["source"] for row in table.to_pylist()} <= {
        each["source"] for each in said["sources"]
    }
    first = out.read_bytes()
    run("import", path, "--as", case.name, "--to", out)
    assert out.read_bytes() == first


def test_official_names_tell_the_publication(run: Run, server: Publisher, tmp_path: Path) -> None:
    for case in CASES:
        if publication(case.name).file == "AllTablesIO.zip" or case.name == "qcew-area":
            continue
        _, file = publication(case.name).asked(case.year)
        (tmp_path / file).write_bytes(case.data)
        told = run("check", tmp_path / file)
        assert told.exit_code == 0, told.output
        assert f"table {publication(case.name).table}" in told.stdout


def test_offline_it_ends_with_4_and_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Publisher()
    gone.close()
    monkeypatch.setattr(command, "REACH", Reach(stand_in=gone.address))
    told = CliRunner().invoke(
        app, ["sources", "fetch", "oews-area", "--year", "2025", "--to", str(tmp_path)]
    )
    assert told.exit_code == 4
    assert told.stderr.count("\n") == 1
    assert "https://www.bls.gov/oes/special-requests/oesm25ma.zip" in told.stderr
    assert str(tmp_path / "oesm25ma.zip") in told.stderr
    assert told.stdout == ""


def test_a_build_keeps_the_day_of_the_download(run: Run, server: Publisher, tmp_path: Path) -> None:
    address, file = publication("cbp-county").asked(2021)
    server.put(address, CASES[0].data)
    run("fetch", "cbp-county", "--year", 2021, "--to", tmp_path)
    place = tmp_path / "atlas"
    told = CliRunner().invoke(app, ["build", str(tmp_path / file), "--place", str(place)])
    assert told.exit_code == 0, told.output
    with open_release(place) as release:
        (source,) = release.provenance("employment")
        assert source.retrieved
        assert source.checksum == f"sha256:{hashlib.sha256(CASES[0].data).hexdigest()}"


def test_what_came_by_hand_is_taken(run: Run, server: Publisher, tmp_path: Path) -> None:
    place = tmp_path / "cache" / "oews-area"
    place.mkdir(parents=True)
    (place / "oesm25ma.zip").write_bytes(CASES[8].data)
    told = run("fetch", "oews-area", "--year", 2025)
    assert told.exit_code == 0
    assert "Was there already" in told.stdout
    assert server.asked == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("fetch", "cbp-conty"), 3, "did you mean cbp-county"),
        (("fetch", "cbp-county"), 3, "say which"),
        (("fetch", "cbp-county", "--year", 1980), 3, "1998-"),
        (("fetch", "own"), 3, "nothing to fetch"),
        (("fetch", "qcew-area", "--year", 2016), 3, "one file an area"),
        (("fetch", "qcew-area", "--year", 2016, "--area", "../x"), 3, "letters and digits"),
        (("fetch", "qcew-area", "--year", 2016, "--area", "06085", "--quarter", "5"), 3, "quarter"),
        (("check", "nowhere.csv"), 2, "there is no such file"),
        (("check", "."), 2, "this is a folder"),
        (("import", "nowhere.csv", "--as", "nothing"), 2, "no such file"),
        (("list", "nothing"), 3, "no such publication"),
        (("check", "AllTablesIO.zip"), 2, "bea-use, bea-make or bea-crosswalk"),
    ],
)
def test_refusals(
    run: Run, tmp_path: Path, words: tuple[object, ...], code: int, told: str
) -> None:
    (tmp_path / "AllTablesIO.zip").write_bytes(ARCHIVE)
    answer = run(*words)
    assert answer.exit_code == code, answer.output
    assert told in answer.stderr


def test_check_tells_the_faults_of_all_files_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    head = "region,indicator,year,value,unit,source\n"
    first.write_text(f"{head}DE11,x,2014,high,percent,me\n")
    second.write_text(f"{head}DE11,x,2014,1,,me\n")
    before = sorted(tmp_path.iterdir())
    told = run("check", first, second)
    assert told.exit_code == 2
    assert "a.csv, row 2, column value" in told.stderr
    assert "b.csv, row 2, column unit" in told.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_own_figures_and_indicators_are_imported(run: Run, tmp_path: Path) -> None:
    jobs = tmp_path / "jobs.csv"
    jobs.write_text("region,industry,year,employment\nnorth,C10,2024,120\nnorth,C11,2024,\n")
    told = run("import", jobs, "--classification", "nace-2", "--scheme", "district")
    assert told.exit_code == 0, told.output
    assert "Withheld" in told.stdout
    assert pq.read_table(tmp_path / "jobs.parquet").num_rows == 2
    assert run("import", tmp_path / "jobs.parquet", "--classification", "nace-2",
               "--scheme", "district").exit_code == 2  # fmt: skip
    figures = tmp_path / "figures.csv"
    figures.write_text("region,indicator,year,value,unit,source\nDE11,x,2014,1.5,percent,me\n")
    told = run("import", figures, "--publisher", "Town hall", "--licence", "CC BY 4.0")
    assert told.exit_code == 0, told.output
    held = pq.read_table(tmp_path / "figures.parquet")
    said = json.loads(held.schema.metadata[METADATA])["sources"][0]
    assert (said["publisher"], said["licence"]) == ("Town hall", "CC BY 4.0")


def test_the_list_reads_well(run: Run) -> None:
    out = run("list").stdout
    for each in PUBLICATIONS:
        assert each.id in out
    assert max(map(len, out.splitlines())) <= 80
    one = run("list", "cbp-metro").stdout
    assert "Confirmed  no" in one
    table = run("list", "--csv").stdout.splitlines()
    assert len(table) == len(PUBLICATIONS) + 1
