"""Files of profiles: what is written is read back, and every fault has its place and a hint."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusteratlas.atlas import Release
from clusteratlas.organisations import (
    PICKS,
    Claim,
    Contact,
    Interest,
    Members,
    Profile,
    RegionRef,
    bytes_of,
    load_demonstration,
    profile_schema,
    read,
    read_profiles,
    read_untrusted,
    untrusted,
    write_profiles,
)
from clusteratlas.organisations.codes import check
from clusteratlas.organisations.json_form import lifted
from clusteratlas.organisations.writing import schema_text
from clusteratlas.tables import InvalidInput

SHARED = Path(__file__).parents[3] / "shared" / "data" / "organisations"
FORMS = ("csv", "xlsx", "json")
HOSTILE = '=HYPERLINK("https://example.org")', "'=1", "''+1", "@x", "-1", "<script>1</script>"

GREEDY = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (200_000_000, 200_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
if json.load(sys.stdin)["path"].endswith("memory"):
    held = bytearray(1_000_000_000)
while True:
    pass
"""
"""Takes all the memory, or all the time, that it is given."""


def written(folder: Path, text: str | bytes, name: str = "registry.csv") -> Path:
    place = folder / name
    place.write_bytes(text.encode() if isinstance(text, str) else text)
    return place


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_back_and_written_the_same(form: str, tmp_path: Path) -> None:
    hostile = [
        Profile(
            name=text,
            identifier=str(number),
            summary=f"{text}\nsecond; line \\; with | signs, \"quotes\"",
            priorities=(text, "a;b", "c\\", "d\\;e"),
            claims=(
                Claim(definition="a%3A:b"[:5], cluster="x/y:%2F", subcluster="p/q (side)"),
                Claim(definition="own", cluster="1 (main)", weight="side"),
                Claim(definition="own", cluster="2"),
            ),
            offers=(Interest(topic=text), Interest(topic="b", clusters=(
                Claim(definition="own", cluster="1", subcluster="z;z", weight="side"),
            ))),
            members=Members(counts={"training": 0}, as_of=date(2025, 1, 1)),
            staff=0.1,
            latitude=-1.5,
            contacts=(Contact(name="A", phone="+49 711 1"), Contact(name="B", consent=True)),
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    everything = (*load_demonstration(), *hostile)
    place = tmp_path / f"registry.{form}"
    write_profiles(place, everything, private=True)
    assert read_profiles(place) == everything
    assert bytes_of(everything, form, private=True) == place.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == [place.name]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=12)
codes = st.text("ab1:/%;\\() -='", min_size=1, max_size=8).filter(str.strip)
claims = st.builds(
    Claim,
    definition=codes,
    cluster=codes,
    subcluster=texts,
    weight=st.sampled_from(["main", "side"]),
)
profiles = st.builds(
    Profile,
    name=texts.filter(str.strip),
    summary=texts,
    priorities=st.lists(texts.filter(str.strip), max_size=3),
    regions=st.lists(st.builds(RegionRef, scheme=codes, region=codes), max_size=2),
    claims=st.lists(claims, max_size=3),
    technologies=st.lists(st.sampled_from(list(PICKS["technology"])), max_size=2),
    latitude=st.none() | st.floats(-90, 90),
    staff=st.none() | st.floats(0, 100_000),
    founded=st.none() | st.integers(1600, 2200),
    offers=st.lists(st.builds(Interest, topic=texts.filter(str.strip), clusters=st.lists(claims)),
                    max_size=2),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(profile=profiles)
def test_any_profile_comes_back(form: str, profile: Profile, tmp_path_factory) -> None:
    place = tmp_path_factory.mktemp("any") / f"one.{form}"
    write_profiles(place, [profile])
    assert read_profiles(place) == (profile,)


@pytest.mark.parametrize("form", FORMS)
def test_contacts_without_consent_stay_and_the_fictional_are_marked(form: str) -> None:
    public = bytes_of(load_demonstration(), form)
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(public)) as book:
            public = b"".join(book.read(each) for each in book.namelist())
    assert b"ada@medical-devices.example.org" in public
    assert b"ben@medical-devices.example.org" not in public
    assert b"fictional" in public


def test_every_fault_at_once_with_row_column_value_and_hint(
    tmp_path: Path, sample_release: Release
) -> None:
    place = written(
        tmp_path,
        "Name;Kind;regions;claims;founded;website;latitude;fictional;offer_1_kind;staf\r\n"
        "Optics;clustr-initiative;us-cbsa:99999;us-benchmark-2014:Biopharmaceuticls;12;"
        "javascript:alert(1);nan;perhaps;supply;1\r\n"
        ";chamber;;;;;;;;\r\n"
        "Steel;chamber of commerce;Detroit-Warren-Dearborn, MI;Automotive (side);;;;;;\r\n"
        "STEEL;;;nowhere:1;;;;;;\r\n",
    )
    found = read(place, sample_release)
    told = {(each.row, each.column): each for each in found.faults}
    assert found.profiles == ()
    assert told[1, "staf"].hint == "did you mean staff?"
    for column in ("kind", "founded", "website", "latitude", "fictional", "offer_1_topic",
                   "regions", "claims"):  # fmt: skip
        assert (2, column) in told, column
    assert "cluster-initiative" in told[2, "kind"].hint
    assert "Biopharmaceuticals (5)" in told[2, "claims"].hint
    assert told[3, "name"].problem == "the field is missing"
    assert told[5, "claims"].value == "nowhere"
    assert "rows 4 and 5" in told[5, "name"].problem
    assert found.total == len(found.faults) == len(told)

    fixed = written(tmp_path, place.read_text().replace(";staf", ";staff").split("STEEL")[0])
    lines = fixed.read_text().splitlines()
    good = written(tmp_path, "\n".join([lines[0], lines[3]]))
    (steel,) = read_profiles(good, sample_release)
    assert steel.regions == (RegionRef(scheme="us-cbsa", region="19820"),)
    assert steel.claims == (Claim(definition="us-benchmark-2014", cluster="4", weight="side"),)
    assert steel.kind == "chamber"
    with pytest.raises(InvalidInput, match="write scheme:region"):
        read_profiles(good)


def test_codes_that_a_release_does_not_know(tmp_path: Path, sample_release: Release) -> None:
    profile = Profile(
        name="Optics",
        regions=(
            RegionRef(scheme="us-cbsa", region="33460"), RegionRef(scheme="nuts2", region="DE11"),
            RegionRef(scheme="nuts-2", region="DE1X"),
        ),
        claims=(
            Claim(definition="us-benchmark-2014", cluster="5", subcluster="Biopharma Products"),
        ),
        seeks=(Interest(topic="x", clusters=(Claim(definition="own", cluster="1"),)),),
    )  # fmt: skip
    told = {each.column: each for each in check(profile, sample_release)}
    assert set(told) == {"regions.1", "regions.2", "claims.0", "seeks.0.clusters.0"}
    assert "nuts-2" in told["regions.1"].hint
    assert "Biopharmaceutical Products" in told["claims.0"].hint
    place = tmp_path / "one.csv"
    write_profiles(place, [profile])
    columns = {each.column for each in read(place, sample_release).faults}
    assert columns == {"regions", "claims", "seek_1_clusters"}
    assert all(check(each, sample_release) == [] for each in load_demonstration())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a PNG picture"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"<!DOCTYPE html><html><table>", "a web page"),
        ("name\nZürich".encode("utf-16"), "UTF-16"),
        ("name\nZürich\n".encode("latin-1"), "not UTF-8"),
        (b"PK\x03\x04 nothing of a workbook", "cut short or damaged"),
        (b'name,kind\n"open,chamber\n', "quotation marks"),
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"name,kind\n", "no organisation"),
        (b"a,b\n1,2\n", "column name is missing"),
        (b"{not json", "not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": "other", "organisations": []}', "another format"),
        (b'[{"name": "A", "schema_version": 99}]', "newer schema"),
        (b'[{"name": "A", "colour": "red"}, 7]', "there is no such field"),
        (b"name,name\nA,B\n", "twice"),
        (b"name,kind\nA,chamber,more\n", "more cells than the header"),
    ],
)
def test_what_is_no_table_of_profiles_is_named(data: bytes, words: str, tmp_path: Path) -> None:
    place = written(tmp_path, data)
    with pytest.raises(InvalidInput, match=words):
        read_profiles(place)
    with pytest.raises(InvalidInput, match="no such file"):
        read_profiles(tmp_path)


def test_faults_of_json_are_told_with_unknown_codes(
    tmp_path: Path, sample_release: Release
) -> None:
    unknown = {"definition": "own", "cluster": "1"}
    data = [
        {"name": "A", "kind": "x", "regions": [{"scheme": "nuts-2", "region": "DE1X"}, 7]},
        {"name": "a", "offers": [{"topic": "x", "clusters": [unknown]}]},
    ]
    found = read(written(tmp_path, json.dumps(data), "a.json"), sample_release)
    assert {(each.row, each.column) for each in found.faults} == {
        (1, "kind"), (1, "regions.0"), (1, "regions.1"), (2, "name"), (2, "offers.0.clusters.0")
    }  # fmt: skip


def test_a_file_of_a_million_rows_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    place = written(tmp_path, b"name\n" + b"A Very Long Name Of An Organisation\n" * 1_000_000)
    with pytest.raises(InvalidInput, match="more than 20,000 rows") as error:
        read_profiles(place)
    assert len(error.value.faults) == 1
    place.write_bytes(b"name\n" + b"A" * 50_000_001)
    with pytest.raises(InvalidInput, match="too large"):
        read_profiles(place)


def test_formulas_are_taken_by_their_value_and_noted(tmp_path: Path) -> None:
    place = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(place)
    sheet = book.add_worksheet("Anything")
    sheet.write_row(0, 0, ["Registry of 2026"])
    sheet.write_row(2, 0, ["Name", "founded", "members as of", "languages"])
    sheet.write_row(3, 0, ["Optics", 1999])
    sheet.write_formula("B4", "=1990+9", None, 1999)
    sheet.write_datetime(3, 2, date(2025, 3, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.write_string(3, 3, "de; en")
    book.close()
    found = read(place)
    assert found.faults == ()
    assert found.profiles[0].founded == 1999
    assert found.profiles[0].members.as_of == date(2025, 3, 1)
    assert found.rows == (4,)
    assert [(each.row, each.column) for each in found.notes] == [(4, "B")]
    noted = read(written(tmp_path, 'name,summary\nOptics,"=WEBSERVICE(""x"")"\n'))
    assert noted.profiles[0].summary == '=WEBSERVICE("x")'
    assert noted.notes[0].column == "summary"


def test_a_sheet_of_parts_must_name_its_organisation(tmp_path: Path) -> None:
    place = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(place)
    book.add_worksheet("Organisations").write_column(0, 0, ["name", "Optics"])
    offers = book.add_worksheet("Offers")
    for row, cells in enumerate(
        (["organisation", "topic", "kind"], ["Optics", "Lasers", "supplies"], ["Optix", "x", ""],
         ["", "y", ""])
    ):  # fmt: skip
        offers.write_row(row, 0, cells)
    book.close()
    faults = read(place).faults
    assert {(each.row, each.column) for each in faults} == {
        (2, "kind"), (3, "organisation"), (4, "organisation")
    }  # fmt: skip
    assert all(each.file.endswith("sheet Offers") for each in faults)


def test_an_older_profile_is_lifted_step_by_step() -> None:
    steps = {
        -1: lambda old: {**old, "middle": True},
        0: lambda old: {"name": f"{old['title']}, {old['middle']}"},
    }
    assert lifted({"title": "A", "schema_version": -1}, steps) == {
        "name": "A, True",
        "schema_version": 1,
    }


def test_the_schema_says_what_may_stand_in_a_profile() -> None:
    schema = profile_schema()
    assert schema["properties"]["schema_version"]["const"] == 1
    assert set(schema["$defs"]["Claim"]["required"]) == {"definition", "cluster"}
    assert schema["properties"]["kind"]["enum"] == ["", *PICKS["kind"]]
    published = Path(__file__).parents[2] / "docs" / "reference" / "organisation.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(), (
        "write it anew: clusteratlas organisations schema > docs/reference/organisation.schema.json"
    )


def test_a_plain_list_of_organisation_and_cluster() -> None:
    place = SHARED / "us_organisations_and_clusters.csv"
    if not place.is_file():
        pytest.skip("the list of the American registry (../shared) is not on this machine")
    found = read_profiles(place)
    assert (len(found), sum(len(each.claims) for each in found)) == (73, 107)


def test_a_wrong_cluster_of_a_plain_list_is_named(tmp_path: Path) -> None:
    text = "org_id,org_title,cluster_name\n1,A,Plastics\n1,A,Automotve\n2,,Plastics\n1,A,Plastics\n"
    found = read(written(tmp_path, text))
    assert [(each.row, each.column) for each in found.faults] == [
        (3, "cluster_name"),
        (4, "org_title"),
    ]
    assert "Automotive" in found.faults[0].hint
    two = written(tmp_path, "organisation,cluster\nA,Plastics\na,4\nB,\n")
    assert [len(each.claims) for each in read_profiles(two)] == [2, 0]


def test_an_untrusted_file_is_read_elsewhere(
    tmp_path: Path, sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "upload.xlsx"
    write_profiles(place, load_demonstration())
    found = read_untrusted(place, sample_release, name="my registry.xlsx")
    assert found.profiles == read_profiles(place)
    written(tmp_path, GREEDY, "greedy.py")
    monkeypatch.setattr(untrusted, "CHILD", "greedy")
    monkeypatch.setattr(untrusted, "_surroundings", lambda: {"PYTHONPATH": str(tmp_path)})
    for way in ("memory", "time"):
        greedy = read_untrusted(tmp_path / way)
        assert "the limit is" in greedy.faults[0].problem
        assert greedy.profiles == ()


def test_names_alike_in_all_but_how_they_are_written_are_one(tmp_path: Path) -> None:
    text = "name\nÉcole d'Optique\ne\u0301cole  d'optique\nÉcole d\u200b'Optique\n\u200b\n"
    found = read(written(tmp_path, text))
    assert [(each.row, each.problem) for each in found.faults] == [
        (3, "two organisations of one name: rows 2 and 3"),
        (4, "two organisations of one name: rows 2 and 4"),
        (5, "the name shows no letter"),
    ]


def test_a_field_that_json_names_twice_is_refused(tmp_path: Path) -> None:
    found = read(written(tmp_path, '[{"name": "A", "name": "B"}]', "registry.json"))
    assert [(each.problem, each.value) for each in found.faults] == [
        ("an object names a field twice", "name")
    ]


@pytest.mark.parametrize(
    ("stated", "column"),
    [
        ({"members": {"as_of": 0}}, "members.as_of"),
        ({"members": {"as_of": "86400"}}, "members.as_of"),
        ({"members": {"as_of": "20250331"}}, "members.as_of"),
        ({"members": {"counts": {"research": True}}}, "members.counts.research"),
        ({"staff": True}, "staff"),
        ({"website": "https://example.org@elsewhere.example"}, "website"),
        ({"partnerships": [{"name": "P", "since": 2025, "until": 2020}]}, "partnerships.0.until"),
    ],
)
def test_what_only_looks_like_a_day_a_number_or_an_address(
    stated: dict[str, object], column: str, tmp_path: Path
) -> None:
    file = written(tmp_path, json.dumps([{"name": "A", **stated}]), "registry.json")
    assert [each.column for each in read(file).faults] == [column]
