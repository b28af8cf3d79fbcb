"""A user's own definition: what is read, and every fault at once."""

from __future__ import annotations

import pytest

from clusteratlas.classification import read_definition
from clusteratlas.tables import CLUSTERS, DEFINITIONS, CannotAnswer, InvalidInput, check

TEN_FAULTS = """\
industry,cluster,subcluster,traded,weight,name
541511,IT,Programming,traded,1,Software
541512,IT,,maybe,1,Software
541711,LAB,,traded,1,Laboratories
,LAB,,traded,1,Laboratories
621511,,,traded,1,Laboratories
999,LAB,,traded,2.5,Laboratories
3254,PHA,,local,1,Drugs
325411,PHA,,traded,0.5,Medicines
325411,PHA,,local,0.5,Drugs
abc,PHA,,local,1,Drugs
3391,MED,,,0.7,Devices
3391,DEN,,,"0,6",Dental
3391,OPT,,,0.6,Optics
622110,MED
"""


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, *, name="own", classification="naics-2017", encoding="utf-8"):
        path = tmp_path / "clusters.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_definition(path, name=name, classification=classification)

    return write_and_read


@pytest.fixture
def faults_of(read):
    def collect(text, **options):
        with pytest.raises(InvalidInput) as error:
            read(text, **options)
        return error.value.faults

    return collect


def test_two_columns_are_enough(read):
    own = read("industry,cluster\n3254,Health\n6221,Health\n5415,Software\n")
    assert check(own.clusters, CLUSTERS).equals(own.clusters)
    assert check(own.industries, DEFINITIONS).equals(own.industries)
    assert [(row["cluster"], row["name"], row["traded"]) for row in own.clusters.to_pylist()] == [
        ("Health", "Health", None),
        ("Software", "Software", None),
    ]
    assert own.industries["industry"].to_pylist() == ["3254", "5415", "6221"]
    assert own.industries["weight"].to_pylist() == [1.0, 1.0, 1.0]
    assert (own.name, own.group_word) == ("own", "cluster")
    assert "clusters.csv" in own.citation


def test_all_columns(read):
    own = read(
        "\ufeffIndustry, Cluster ,subcluster,traded,weight,name,remark\r\n"
        '3254,H,Drugs,traded,0.6,"Health, care",\r\n'
        "3254,C,,False,0.4,Chemistry,ours\r\n"
        "\r\n"
        "6221,H,,,1,,\r\n"
    )
    assert own.clusters.to_pylist() == [
        {"definition": "own", "cluster": "H", "name": "Health, care", "traded": True},
        {"definition": "own", "cluster": "C", "name": "Chemistry", "traded": False},
    ]
    rows = own.industries.to_pylist()
    assert [(row["industry"], row["cluster"], row["weight"]) for row in rows] == [
        ("3254", "C", 0.4),
        ("3254", "H", 0.6),
        ("6221", "H", 1.0),
    ]
    assert [row["traded"] for row in rows] == [False, True, True]
    assert [row["subcluster"] for row in rows] == [None, "Drugs", None]


def test_divisions_of_nace(read):
    own = read("industry,cluster\nC29,Cars\nC30,Cars\n", classification="nace-2")
    assert own.industries["classification"].unique().to_pylist() == ["nace-2"]


def test_ten_kinds_of_fault_are_told_at_once(faults_of):
    told = [(fault.row, fault.column, fault.problem) for fault in faults_of(TEN_FAULTS)]
    assert told == [
        (3, "traded", "traded is none of the known words"),
        (4, "industry", "the code is none of naics-2017 but of naics-2007, naics-2012"),
        (5, "industry", "industry is empty"),
        (6, "cluster", "cluster is empty"),
        (7, "weight", "the weight is no number from 0 to 1"),
        (9, "industry", "the industry lies inside 3254, which stands in row 8"),
        (9, "name", "the cluster bears another name in row 8"),
        (9, "traded", "cluster PHA is both traded and local, see row 8"),
        (10, "industry, cluster", "the same industry and cluster stand already in row 9"),
        (11, "industry", "the code is none of naics-2017"),
        (13, "weight", "the weight is no number from 0 to 1"),
        (14, "weight", "the weights of the industry sum to more than 1"),
        (15, "", "the row has 2 cells"),
    ]


def test_every_fault_names_the_file_and_gives_a_hint(faults_of):
    assert all(
        fault.file.endswith("clusters.csv") and fault.hint for fault in faults_of(TEN_FAULTS)
    )


def test_a_missing_column_does_not_hide_other_faults(faults_of):
    faults = faults_of("industry,clustr,traded\n541711,A,perhaps\n")
    assert [fault.problem for fault in faults] == [
        "column cluster is missing",
        "the column is not known",
        "the code is none of naics-2017 but of naics-2007, naics-2012",
    ]
    assert faults[1].hint == "is it cluster?"


def test_no_known_column_at_all(faults_of):
    faults = faults_of("naics;gruppe\n1;2\n")
    assert [fault.problem for fault in faults] == ["the cells are not separated by commas"]


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_separator(faults_of, sign):
    (fault,) = faults_of(f"industry{sign}cluster\n3254{sign}Health\n")
    assert fault.problem == "the cells are not separated by commas"
    assert "commas" in fault.hint


def test_wrong_encoding_names_the_row_and_goes_on(faults_of):
    faults = faults_of("industry,cluster\n3254,Santé\nx,Autre\n", encoding="latin-1")
    assert [(fault.row, fault.problem) for fault in faults] == [
        (2, "the text is not UTF-8"),
        (3, "the code is none of naics-2017"),
    ]
    assert "UTF-8" in faults[0].hint


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "the file is empty"),
        (b"\n", "the file is empty"),
        (b"industry,cluster\n", "the file has a header and no rows"),
        (b"PK\x03\x04rest of a workbook", "the file is no text"),
        (b"industry,cluster\n\0\0", "the file is no text"),
        (b'industry,cluster\n3254,"Health\n', "the file is no valid CSV"),
        (b"industry,cluster,cluster\n3254,A,B\n", "the column stands twice"),
    ],
)
def test_files_that_are_no_table(faults_of, text, problem):
    faults = faults_of(text)
    assert [fault.problem for fault in faults] == [problem]
    assert faults[0].hint


def test_an_absent_file(tmp_path):
    with pytest.raises(InvalidInput, match="the file cannot be read"):
        read_definition(tmp_path / "none.csv", name="own", classification="naics-2017")


def test_two_clusters_for_an_industry_need_weights(faults_of):
    (fault,) = faults_of("industry,cluster\n3254,A\n3254,B\n")
    assert fault.problem == "the weights of the industry sum to more than 1"
    assert "column weight" in fault.hint


def test_weights_may_sum_to_one_by_thirds(read):
    text = "industry,cluster,weight\n" + "".join(f"3254,{c},0.3333333334\n" for c in "ABC")
    assert read(text).industries.num_rows == 3


def test_an_empty_weight_is_a_fault(faults_of):
    (fault,) = faults_of("industry,cluster,weight\n3254,A,\n")
    assert fault.problem == "weight is empty"


@pytest.mark.parametrize("name", ["", "Our Clusters", "a/b", "-x", "us-benchmark-2014"])
def test_names_that_do_not_fit(faults_of, name):
    (fault,) = faults_of("industry,cluster\n3254,A\n", name=name)
    assert fault.problem == "the definition cannot bear this name"


def test_an_unknown_classification_is_refused(read):
    with pytest.raises(CannotAnswer, match="no such classification"):
        read("industry,cluster\n3254,A\n", classification="naics-2022")
