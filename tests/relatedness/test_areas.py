"""Adding regions up to areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.classification import economic_area_names, economic_areas, regions
from clusteratlas.engine import with_columns_of
from clusteratlas.relatedness.areas import cube_of, read_areas
from clusteratlas.tables import EMPLOYMENT, InvalidInput


def employment(rows: list[tuple[str, str, int, int | None, str]]) -> pa.Table:
    region, industry, year, jobs, status = zip(*rows, strict=True)
    table = pa.table(
        {
            "region": region,
            "industry": industry,
            "year": pa.array(year, pa.int16()),
            "employment": pa.array(jobs, pa.int64()),
            "status": status,
        }
    )
    return with_columns_of(table, EMPLOYMENT)


ROWS = employment(
    [
        ("01", "a", 2018, 5, "reported"),
        ("02", "a", 2018, 7, "estimated"),
        ("03", "a", 2018, None, "withheld"),
        ("04", "a", 2018, 100, "reported"),
        ("01", "b", 2021, 3, "reported"),
        ("01", "z", 2021, 9, "reported"),
    ]
)


def test_areas_add_up_and_what_lies_in_none_is_left_out() -> None:
    cube, areas, years = cube_of(ROWS, ["a", "b"], areas={"01": "E", "02": "E", "03": "F"})
    assert areas == ["E", "F"]
    assert years == [2018, 2021]
    np.testing.assert_array_equal(cube[0], [[12, 0], [np.nan, 0]])
    np.testing.assert_array_equal(cube[1], [[0, 3], [0, 0]])


def test_without_areas_each_region_is_its_own() -> None:
    cube, regions_of, _ = cube_of(ROWS, ["a"], years=[2018])
    assert regions_of == ["01", "02", "03", "04"]
    assert cube[0, 3, 0] == 100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place,area\n1,2\n", "no columns region and area"),
        ("region,area\n1,\n", "row 2, column area: the area is empty"),
        ("region,area\n1,A\n1,B\n", "row 3, column area: 1 lies in A too"),
        ("region,area\n", "the file has no rows"),
        ("", "no columns region and area"),
    ],
)
def test_files_that_are_no_areas(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read_areas(path)


def test_the_bureaus_own_columns_are_known(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text('FIPS,County,EA,EA Name\n38001,"Adams County, ND",001,"Aberdeen, SD"\n')
    assert read_areas(path) == {"38001": "001"}


def test_every_county_lies_in_one_economic_area() -> None:
    areas = economic_areas()
    assert set(areas) == set(regions("us-county")["region"].to_pylist())
    assert set(areas.values()) == set(economic_area_names())
    assert areas["46102"] == areas["46071"]  # Oglala Lakota lies where its neighbour does
