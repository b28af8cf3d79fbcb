"""Relatedness in a release: from a package, a file or the places; what is missing says why."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from clusteratlas.atlas import Dataset, Release, build, open_release, read_relatedness
from clusteratlas.atlas import related as relating
from clusteratlas.atlas.cells import cells_of
from clusteratlas.atlas.given_relatedness import given_relatedness
from clusteratlas.atlas.opened_related import _pairs
from clusteratlas.atlas.related import relate
from clusteratlas.classification import Definition
from clusteratlas.relatedness.colocation import colocation_of
from clusteratlas.relatedness.packaged import packaged_industries
from clusteratlas.relatedness.related_clusters import related_clusters
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.sources import Source, SourceTable
from clusteratlas.tables import (
    CLUSTERS,
    DEFINITIONS,
    EMPLOYMENT,
    RELATEDNESS,
    CannotAnswer,
    InvalidInput,
    find_faults,
)

SOURCE = Source(
    source="own",
    publisher="Office of Examples",
    title="Jobs by industry",
    address=None,
    retrieved=None,
    checksum=None,
    licence="free",
    covers="districts",
    employment_word="jobs",
    payroll_unit="EUR 1,000",
)
GROUPS = {
    "334412": "chips",
    "334413": "chips",
    "334511": "instruments",
    "334516": "instruments",
    "311111": "feed",
    "311119": "feed",
    "336411": "planes",
    "336413": "planes",
    "336111": "cars",
    "336112": "cars",
}
"""Chips and instruments are planted in the same districts, feed where neither is."""


def jobs_of(districts: int, year: int = 2020) -> dict[tuple[str, str], int]:
    random = np.random.default_rng(year)
    found = {}
    for place in range(districts):
        near = place % 3 == 0
        for industry, cluster in GROUPS.items():
            much = {
                "chips": near,
                "instruments": near,
                "feed": not near,
                "planes": place % 2,
                "cars": place % 5 == 1,
            }
            found[f"D{place:02d}", industry] = int(
                (900 if much[cluster] else 30) * random.uniform(0.8, 1.2)
            )
    return found


def own_table(
    jobs: dict[tuple[str, str], int | None], *, year: int = 2020, establishments: bool = True
) -> SourceTable:
    rows = [
        {
            "scheme": "districts",
            "region": region,
            "industry": industry,
            "year": year,
            "source": "own",
            "employment": count,
            "employment_low": count or 0,
            "employment_high": count,
            "establishments": 1 + (count or 0) // 9 if establishments else None,
            "status": "withheld" if count is None else "reported",
        }
        for (region, industry), count in jobs.items()
    ]
    return SourceTable(
        pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema), "naics-2017", "districts", (SOURCE,)
    )


def definition(rows: list[tuple[str, str, float]] | None = None, name: str = "mine") -> Definition:
    rows = rows or [(industry, cluster, 1.0) for industry, cluster in GROUPS.items()]
    clusters = sorted({cluster for _, cluster, _ in rows})
    return Definition(
        name=name,
        title="Mine",
        citation="none",
        group_word="cluster",
        clusters=pa.Table.from_pylist(
            [
                {"definition": name, "cluster": each, "name": each.title(), "traded": None}
                for each in clusters
            ],
            schema=CLUSTERS.schema,
        ),
        industries=pa.Table.from_pylist(
            [
                dict(
                    zip(
                        DEFINITIONS.names,
                        (name, "naics-2017", industry, cluster, None, None, weight),
                        strict=True,
                    )
                )
                for industry, cluster, weight in rows
            ],
            schema=DEFINITIONS.schema,
        ),
    )


def districts(count: int = 36, **options: bool) -> Dataset:
    return Dataset.of([own_table(dict(jobs_of(count)), **options)], definitions=[definition()])


def row_of(table: pa.Table, a: str, b: str) -> dict[str, object]:
    return next(row for row in table.to_pylist() if (row["a"], row["b"]) == (a, b))


def test_an_own_definition_is_related_by_where_its_industries_are() -> None:
    dataset = districts()
    found = relate(dataset, dataset.employment)["mine"]
    assert found.rows.num_rows == 25
    assert find_faults(found.rows, RELATEDNESS) == ([], 0)
    rows = found.rows.filter(pc.equal(found.rows.column("a"), "chips")).to_pylist()
    ordered = sorted(
        (row for row in rows if row["b"] != "chips"), key=lambda row: -row["composite"]
    )
    assert (ordered[0]["b"], ordered[-1]["b"]) == ("instruments", "feed")
    assert ordered[0]["percentile"] == 1.0
    within = row_of(found.rows, "chips", "chips")
    assert within["colocation_employment"] > 0.9
    assert within["percentile"] is None


def test_it_is_what_the_room_computes_on_the_same_figures() -> None:
    dataset = districts()
    found = relate(dataset, dataset.employment)["mine"].rows
    cells = cells_of(dataset.employment, "districts", 2020, GROUPS)
    places = colocation_of(cells.jobs, cells.establishments, industries=cells.industries)
    packaged = packaged_industries("naics-2017")
    assert packaged is not None
    known = {name: packaged.components[name] for name in ("input_output", "occupations")}
    more = places.with_others(Similarities(packaged.labels, known))
    expected = related_clusters(more, GROUPS)
    for name in ("colocation_employment", "colocation_establishments", "composite", "percentile"):
        ours = np.array(found.column(name).to_pylist(), dtype=float)
        theirs = np.array(expected.column(name).to_pylist(), dtype=float)
        np.testing.assert_allclose(ours, theirs, atol=1e-6, equal_nan=True)


def test_provenance_says_how_it_was_computed() -> None:
    dataset = districts()
    found = relate(dataset, dataset.employment)["mine"]
    (about,) = found.about
    assert set(found.rows.column("source").to_pylist()) == {about["source"]}
    assert about["source"] == "mine by co-location in districts 2020"
    parameters = json.loads(str(about["parameters"]))
    assert (parameters["regions"], parameters["year"], parameters["industries"]) == (36, 2020, 10)


def test_without_establishments_the_other_component_stands_alone() -> None:
    dataset = districts(establishments=False)
    row = row_of(relate(dataset, dataset.employment)["mine"].rows, "chips", "feed")
    assert row["colocation_establishments"] is None
    assert row["composite"] is not None


@pytest.mark.parametrize(
    ("jobs", "why"),
    [
        (dict(jobs_of(29)), "29 regions are too few"),
        (
            {
                **jobs_of(31),
                ("D00", "334413"): None,
                ("D01", "336411"): None,
            },
            "D00, D01",
        ),
        (
            {
                key: value
                for key, value in jobs_of(36).items()
                if GROUPS[key[1]] in {"chips", "feed"}
            },
            "fewer than three clusters",
        ),
    ],
)
def test_too_little_gives_no_rows_and_says_why(
    jobs: dict[tuple[str, str], int | None], why: str
) -> None:
    dataset = Dataset.of([own_table(jobs)], definitions=[definition()])
    found = relate(dataset, dataset.employment)["mine"]
    assert found.rows.num_rows == 0
    (about,) = found.about
    assert about["source"] == "none for mine"
    assert why in str(about["covers"])
    assert "districts 2020" in str(about["covers"])


def test_a_region_with_a_withheld_cell_is_left_out_and_named() -> None:
    jobs: dict[tuple[str, str], int | None] = {**jobs_of(36), ("D05", "334413"): None}
    dataset = Dataset.of([own_table(jobs)], definitions=[definition()])
    found = relate(dataset, dataset.employment)["mine"]
    (about,) = found.about
    assert json.loads(str(about["parameters"]))["regions"] == 35
    assert "Left out for withheld cells: D05." in str(about["covers"])


def test_cells_tell_nothing_from_not_known() -> None:
    jobs: dict[tuple[str, str], int | None] = {("A", "334413"): 5, ("B", "311111"): None}
    cells = cells_of(own_table(jobs).employment, "districts", 2020, GROUPS)
    assert (cells.regions, cells.industries) == (("A", "B"), ("311111", "334413"))
    np.testing.assert_array_equal(cells.jobs, [[0, 5], [np.nan, 0]])
    whole, others = cells.whole_regions()
    assert (whole.regions, others) == (("A",), ["B"])


def table_of_pairs(codes: list[str]) -> pa.Table:
    """What the package or a file holds, of these clusters."""
    random = np.random.default_rng(1)
    rows = [
        {
            "a": a,
            "b": b,
            "input_output": 0.1,
            "composite": float(random.normal()),
            "percentile": None if a == b else 0.5,
            "related": a != b,
            "rule": "" if a == b else "link",
            "carried_by": "334413-334511",
        }
        for a in codes
        for b in codes
    ]
    return pa.Table.from_pylist(rows)


def test_the_benchmark_takes_the_packaged_table(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = table_of_pairs(["1", "2", "3"])
    monkeypatch.setattr(relating, "packaged_clusters", lambda _: packaged)
    dataset = districts()
    found = relate(dataset, dataset.employment)
    rows = found["us-benchmark-2014"].rows
    assert rows.num_rows == 9
    assert set(rows.column("source").to_pylist()) == {relating.PACKAGED}
    (about,) = found["us-benchmark-2014"].about
    assert str(about["covers"]).startswith("3 traded clusters; 64 others")
    assert found["mine"].rows.num_rows == 25


def written(path: Path, table: pa.Table) -> Path:
    pa.csv.write_csv(table, path)
    return path


def test_a_file_takes_the_place_of_what_is_computed(tmp_path: Path) -> None:
    path = written(tmp_path / "own.csv", table_of_pairs(["chips", "feed", "planes"]))
    dataset = districts()
    given = read_relatedness([path], [dataset])
    assert given[0].definition == "mine"
    found = relate(dataset, dataset.employment, given)["mine"]
    assert found.rows.num_rows == 9
    assert set(found.rows.column("source").to_pylist()) == {"own.csv"}
    assert str(found.about[0]["checksum"]).startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda t: t.drop_columns(["composite"]), "composite is missing"),
        (lambda t: t.slice(0, 7), "one direction alone"),
        (lambda t: t.append_column("definition", pa.array(["other"] * 9)), "no such cluster def"),
        (lambda t: t.append_column("definition", pa.array(["mine"] * 8 + ["x"])), "several defin"),
        (lambda t: t.append_column("linked_share_a", pa.array([7.0] * 9)), "linked_share_a"),
        (lambda t: pa.concat_tables([t, t]), "twice"),
        (
            lambda t: table_of_pairs(["zz", "feed", "planes"]),
            "no definition of this release has all",
        ),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, change: object, problem: str) -> None:
    table = table_of_pairs(["chips", "feed", "planes"])
    path = written(tmp_path / "own.csv", change(table))  # type: ignore[operator]
    with pytest.raises(InvalidInput) as caught:
        read_relatedness([path], [districts()])
    assert problem in " ".join(fault.problem for fault in caught.value.faults)


def test_a_table_without_rows_is_refused() -> None:
    empty = table_of_pairs(["chips", "feed", "planes"]).slice(0, 0)
    with pytest.raises(InvalidInput, match="no rows"):
        given_relatedness(empty, [districts()], file="own.csv")


def test_unknown_clusters_of_a_named_definition_are_all_told(tmp_path: Path) -> None:
    table = table_of_pairs(["chips", "x", "y"]).append_column("definition", pa.array(["mine"] * 9))
    with pytest.raises(InvalidInput) as caught:
        read_relatedness([written(tmp_path / "own.csv", table)], [districts()])
    assert {fault.value for fault in caught.value.faults} == {"x", "y"}


def test_two_files_of_one_definition_are_refused(tmp_path: Path) -> None:
    table = table_of_pairs(["chips", "feed", "planes"])
    paths = [written(tmp_path / name, table) for name in ("one.csv", "two.csv")]
    with pytest.raises(InvalidInput, match="two files"):
        read_relatedness(paths, [districts()])


# A release


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("related")
    build([districts()], place).close()
    return place


@pytest.fixture
def release(place: Path) -> Release:
    return open_release(place)


def test_related_clusters_come_strongest_first(release: Release) -> None:
    found = release.related("mine", "chips")
    assert (found[0].b, found[-1].b, len(found)) == ("instruments", "feed", 4)
    assert {row.a for row in found} == {"chips"}
    assert found[0].name == "Instruments"
    pair = found[0].carried_by[0]
    assert (GROUPS[pair.industry_a], GROUPS[pair.industry_b]) == ("chips", "instruments")
    assert "anufacturing" in pair.title_a
    assert [row.a for row in release.within("mine")] == sorted(set(GROUPS.values()))
    assert len(release.relatedness("mine")) == 25
    assert release.sources_of_relatedness("mine") == ["mine by co-location in districts 2020"]
    assert release.missing("relatedness", "mine") == ""


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.related("mine", "nothing"),
        lambda r: r.related("nothing", "chips"),
        lambda r: r.relatedness("nothing"),
        lambda r: r.options("districts", "nowhere"),
        lambda r: r.options("districts", "D01", kind="lovely"),
        lambda r: r.options("districts", "D01", 1999),
        lambda r: r.options_skill("nothing"),
        lambda r: r.peers("districts", "nowhere"),
        lambda r: r.missing("nothing", "mine"),
    ],
)
def test_what_is_not_there_is_refused(release: Release, ask: object) -> None:
    with pytest.raises(CannotAnswer):
        ask(release)  # type: ignore[operator]


def test_one_year_gives_no_options_and_says_why(release: Release) -> None:
    assert release.options("districts", "D01") == []
    assert release.options_skill("districts") == []
    for table in ("options", "options_skill"):
        assert "two years" in release.missing(table, "districts")


def test_building_twice_gives_identical_bytes(place: Path, tmp_path: Path) -> None:
    again = build([districts()], tmp_path)
    assert again.id == open_release(place).id


def test_a_release_of_earlier_days_answers_with_nothing(tmp_path: Path) -> None:
    release = build([districts()], tmp_path)
    for name in ("relatedness", "options", "options_skill", "peers"):
        release.path(name).unlink()
    earlier = open_release(tmp_path)
    assert earlier.related("mine", "chips") == []
    assert earlier.peers("districts", "D01") == []
    assert earlier.options("districts", "D01") == []
    assert earlier.table("relatedness").num_rows == 0


def test_pairs_of_codes_with_hyphens_are_told_apart() -> None:
    titles = {"31-33": "Manufacturing", "44-45": "Retail", "72": "Inns"}
    found = _pairs("31-33-72 72-44-45 x-y", titles)
    assert [(pair.industry_a, pair.industry_b) for pair in found] == [
        ("31-33", "72"),
        ("72", "44-45"),
        ("x", "y"),
    ]
    assert _pairs("", titles) == ()


# The sample


def test_the_sample_relates_both_definitions(sample_release: Release) -> None:
    americans = sample_release.relatedness("us-benchmark-2014")
    assert len({row.a for row in americans}) == 51
    assert len(americans) == 51 * 51
    europeans = sample_release.relatedness("nace-divisions")
    assert all(row.occupations is None for row in europeans)
    for definition_ in ("us-benchmark-2014", "nace-divisions"):
        sources = {each.source for each in sample_release.provenance("relatedness")}
        assert set(sample_release.sources_of_relatedness(definition_)) <= sources
