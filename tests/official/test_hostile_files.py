"""Whatever stands in a file: a list of faults or rows that keep the contract, never a crash."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from clusteratlas.sources import (
    read_bea_codes,
    read_county_patents,
    read_indicators,
    read_industry_occupations,
    read_input_output,
    read_regional_occupations,
)
from clusteratlas.sources.catalogue import recognise_publication
from clusteratlas.tables import (
    BEA_CODES,
    INDICATORS,
    INDUSTRY_OCCUPATIONS,
    INPUT_OUTPUT,
    REGIONAL_OCCUPATIONS,
    Contract,
    InvalidInput,
    find_faults,
)

from .layouts import oews_area, oews_industry, patents_page, workbook
from .test_accounts import CODES, bea_codes_sheet, make_sheet
from .test_indicators import HEAD, PATENTS, ROWS, text
from .test_occupations import area, industry

Read = Callable[[Path], pa.Table]
FILES: list[tuple[str, bytes, Read, Contract]] = [
    (
        "oesm25in4.zip",
        oews_industry(2025, [industry("3320A1", "51-4121", 41230)]),
        lambda path: read_industry_occupations(path).rows,
        INDUSTRY_OCCUPATIONS,
    ),
    (
        "oesm25ma.zip",
        oews_area(2025, [area("10180", "Abilene, TX", "11-0000", 5470)]),
        lambda path: read_regional_occupations(path).rows,
        REGIONAL_OCCUPATIONS,
    ),
    (
        "IOMake_Before_Redefinitions_2017_Detail.xlsx",
        workbook({"2017": make_sheet()}),
        lambda path: read_input_output(path).rows,
        INPUT_OUTPUT,
    ),
    (
        "make_2017.csv",
        b"code,1111A0,115000,T008\n1111A0,5,2,7\n115000,0,4,4\n",
        lambda path: read_input_output(path).rows,
        INPUT_OUTPUT,
    ),
    (
        "codes.xlsx",
        workbook({"NAICS Codes": bea_codes_sheet(CODES)}),
        lambda path: read_bea_codes(path).rows,
        BEA_CODES,
    ),
    (
        "usa_county_gd.htm",
        patents_page(PATENTS, (2000, 2001)),
        lambda path: read_county_patents(path).indicators,
        INDICATORS,
    ),
    (
        "figures.csv",
        text(ROWS).encode(),
        lambda path: read_indicators(path).indicators,
        INDICATORS,
    ),
    (
        "figures.xlsx",
        workbook({"Figures": [HEAD, *ROWS]}),
        lambda path: read_indicators(path).indicators,
        INDICATORS,
    ),
]
PIECES = some.sampled_from(
    [b"", b"\x00", b"\xff\xfe", b"-1", b"1e400", b"nan", b"**", b'"', b",", b"\n", b"\t", b"=1+1",
     b"</td>", b"<tr>", b"99999999999999999999", b"\xc3\x28", b"0001", b";", b"PK\x05\x06"]
)  # fmt: skip


def held_against(path: Path, read: Read, contract: Contract) -> None:
    recognise_publication(path)
    refusal: InvalidInput | None = None
    try:
        rows = read(path)
    except InvalidInput as error:
        refusal = error
    if refusal is None:
        assert find_faults(rows, contract) == ([], 0)
        return
    assert refusal.total >= len(refusal.faults) > 0
    assert all(fault.problem and fault.file for fault in refusal.faults)


@pytest.mark.parametrize(("name", "data", "read", "contract"), FILES, ids=[f[0] for f in FILES])
@given(draws=some.data())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_changed_cut_and_joined_bytes(
    name: str, data: bytes, read: Read, contract: Contract, draws: Any
) -> None:
    changed = bytearray(data)
    for _ in range(draws.draw(some.integers(1, 4))):
        at = draws.draw(some.integers(0, max(0, len(changed) - 1)))
        kind = draws.draw(some.sampled_from(["cut", "flip", "put", "drop"]))
        if kind == "cut":
            del changed[at:]
        elif kind == "flip" and changed:
            changed[at] = draws.draw(some.integers(0, 255))
        elif kind == "put":
            changed[at:at] = draws.draw(PIECES)
        else:
            del changed[at : at + draws.draw(some.integers(1, 40))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(bytes(changed))
        held_against(path, read, contract)


CELLS = some.one_of(
    some.none(),
    some.integers(-(10**20), 10**20),
    some.floats(allow_nan=False, allow_infinity=False),
    some.text(max_size=8).filter(lambda word: word.isprintable()),
    some.sampled_from(["**", "*", "#", "11-1011", "99", "06", "2014", "percent", "DE11", "3320A1"]),
    some.booleans(),
)


@pytest.mark.parametrize("which", [0, 1, 7])
@given(cells=some.lists(some.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=5))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_cells_in_a_workbook(which: int, cells: list[list[Any]]) -> None:
    heads = {
        0: ["NAICS", "NAICS_TITLE", "OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN"],
        1: ["AREA", "AREA_TITLE", "AREA_TYPE", "OCC_CODE", "TOT_EMP", "LOC_QUOTIENT"],
        7: ["region", "indicator", "year", "value", "unit", "source"],
    }
    more = {0: ["I_GROUP", "OWN_CODE"], 1: ["OCC_TITLE"], 7: []}
    _, _, read, contract = FILES[which]
    rows = [[*row, *("x" for _ in more[which])] for row in cells]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any_M2025_dl.xlsx"
        path.write_bytes(workbook({"any": [[*heads[which], *more[which]], *rows]}))
        held_against(path, read, contract)
