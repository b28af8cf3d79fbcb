"""The register's files: every fault named with its place, nothing lost, no two currencies added."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook
from clusteratlas.programmes.register import (
    Award,
    Call,
    Money,
    Programme,
    by_year,
    bytes_of,
    contradictions,
    fictional_programme,
    money_at,
    read_programmes,
    read_register,
    read_untrusted_register,
    register_schema,
    schema_text,
    stated_programmes,
    sums,
)
from clusteratlas.programmes.register.unknown_codes import code_faults
from clusteratlas.tables import CannotAnswer, InvalidInput

WINNERS = (
    Path(__file__).parents[4] / "shared" / "data" / "programmes" / "eda_bbbrc_winners_2022.csv"
)
FORMS = ("zip", "xlsx", "json")

TABLES = {
    "programmes": "slug,name,since,until\nboost,Boost,2018,2025\n",
    "calls": "programme,key,name,opened,closed\n"
    "boost,one,First,2018-02-01,2018-01-01\n"
    "boost,two,Second,2018-03-01,\n",
    "awards": "programme,key,organisation,call,year,regions\n"
    "boost,a,Optics,two,2017,us-state:06\n"
    "boost,a,Lasers,three,2019,us-state:ZZ\n"
    "elsewhere,b,Light,,2019,\n",
    "money": "programme,award,amount,currency,side,year\n"
    'boost,a,"1,200",EUR,public,2019\n'
    "boost,a,12k,EUR,public,2019\n"
    "boost,a,500,,public,2020\n"
    "boost,c,500,EUR,public,2019\n"
    "boost,,700,EUR,public,\n"
    "boost,,300,EUR,public,2020\n"
    "boost,,300,EURO,both,2031\n",
}
FAULTS = [
    ("awards.csv", 2, "year", "outside the programme (2018-2025)"),
    ("awards.csv", 3, "call", "no call of that key"),
    ("awards.csv", 3, "key", "two awards of one key"),
    ("awards.csv", 3, "regions", "no region with that code in us-state"),
    ("awards.csv", 4, "programme", "none of that slug or name"),
    ("calls.csv", 2, "closed", "closes before it opens"),
    ("money.csv", 2, "amount", "separators"),
    ("money.csv", 3, "amount", "a unit or a currency"),
    ("money.csv", 4, "currency", "money without currency (programme boost, award a, year 2020)"),
    ("money.csv", 5, "award", "no award of that key"),
    ("money.csv", 6, "year", "count money twice"),
    ("money.csv", 8, "currency", "not a currency"),
    ("money.csv", 8, "side", "not a word of this field"),
]


def folder(place: Path, tables: dict[str, str]) -> Path:
    place.mkdir(exist_ok=True)
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def test_every_fault_of_every_table_is_told_at_once(
    tmp_path: Path, sample_release: Release
) -> None:
    found = read_register(folder(tmp_path / "register", TABLES), sample_release)
    told = [(each.file.rpartition(", ")[2], each.row, each.column) for each in found.faults]
    assert sorted(told) == [(file, row, column) for file, row, column, _words in FAULTS]
    assert (found.programmes, found.total) == ((), len(FAULTS))
    for fault in found.faults:
        place = (fault.file.rpartition(", ")[2], fault.row, fault.column)
        words = next(words for *at, words in FAULTS if tuple(at) == place)
        assert words in fault.problem
        assert fault.hint
    with pytest.raises(InvalidInput, match="money without currency"):
        read_programmes(tmp_path / "register")


def test_json_tells_whose_money_lacks_its_currency(tmp_path: Path) -> None:
    place = tmp_path / "register.json"
    place.write_text(
        '[{"name": "Boost", "since": 2018, "awards": [{"key": "a", "organisation": "Optics",'
        '"year": 2015, "money": [{"amount": 5, "side": "public", "year": 2019}]}]},'
        '{"name": "boost", "since": 2020, "until": 2019, "instruments": ["voucher"]},'
        '{"name": "Other", "slug": "other", "awards": [{"key": "a", "organisation": "O",'
        '"call": "x"}]}, 7, {"name": "New", "schema_version": 9}]'
    )
    found = read_register(place)
    told = [(each.row, each.column, each.problem) for each in found.faults]
    assert told[0] == (
        1,
        "awards.0.money.0.currency",
        "money without currency (programme Boost, award a, year 2019)",
    )
    assert [(row, column) for row, column, _problem in told[1:]] == [
        (2, "until"),
        (2, "instruments.0"),
        (3, "awards.0.call"),
        (4, ""),
        (5, "schema_version"),
    ]
    assert "vouchers" in found.faults[2].hint
    place.write_text(
        '[{"name": "Boost", "facts": [{"what": "jobs", "value": NaN}], "money": ['
        '{"amount": 1e400, "currency": "EUR", "side": "public"},'
        '{"amount": 1e300, "currency": "EUR", "side": "private"}]}]'
    )
    told = [(each.row, each.column, each.problem) for each in read_register(place).faults]
    assert [column for _row, column, _problem in told] == [
        "money.0.amount",
        "money.1.amount",
        "facts.0.value",
    ], "what is no amount makes no sum"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,amount_thousands\nBoost,5\n", "not clear|no column"),
        ("programme,amount_thousand_eur,currency\nBoost,5,EUR\n", "programmes is missing"),
        ("name,name\nA,B\n", "twice"),
        ("name\n", "no programme"),
        ("name,since\nBoost,20l8\n", "the cell is no year .*write the year in four digits"),
        ("name,until\nBoost,20x\n", "the cell is no year .*write the year in four digits"),
        ("name\nBoost\nboost\n", "two programmes of one name"),
        ("colour,size\nred,1\n", "not clear which table"),
    ],
)
def test_what_is_no_register_is_named(text: str, words: str, tmp_path: Path) -> None:
    place = tmp_path / "register.csv"
    place.write_text(text)
    with pytest.raises(InvalidInput, match=words):
        read_programmes(place)


def test_amounts_in_thousands_are_refused_once(tmp_path: Path) -> None:
    money = "programme,amount_thousands,currency,side\nBoost,5,EUR,public\nBoost,6,EUR,public\n"
    found = read_register(folder(tmp_path / "r", {"programmes": "name\nBoost\n", "money": money}))
    assert [each.hint for each in found.faults] == [
        "give whole units in column amount: multiply by 1,000"
    ]


@pytest.mark.parametrize("ending", FORMS)
def test_every_form_comes_back_as_it_was(ending: str, tmp_path: Path) -> None:
    hostile = Programme(
        slug="x", name="=1+1", summary="a;b\n'=2", awards=({"key": "-1", "organisation": "@x"},)
    )
    whole = (*stated_programmes(), fictional_programme(), hostile)
    place = tmp_path / f"register.{ending}"
    place.write_bytes(bytes_of(whole, ending))
    assert place.read_bytes() == bytes_of(whole, ending)
    assert read_programmes(place) == whole
    if ending == "zip":
        with zipfile.ZipFile(place) as archive:
            archive.extractall(tmp_path / "folder")
        assert read_programmes(tmp_path / "folder") == whole
    if ending == "xlsx":
        found = read_untrusted_register(place, name="up.xlsx")
        assert found.programmes == whole


def test_no_file_of_an_archive_is_passed_over(tmp_path: Path) -> None:
    place = tmp_path / "register.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(21):
            archive.writestr(f"{number}.csv", "name\nBoost\n")
    found = read_register(place)
    assert found.programmes == ()
    assert "more than 20 CSV files" in found.faults[0].problem
    assert found.faults[0].value == "21"


def test_a_table_takes_the_place_of_the_programmes_own(tmp_path: Path) -> None:
    boost = fictional_programme()
    money = "award,amount,currency,side,year\nA01,5.5,EUR,public,2019\n"
    (tmp_path / "money.csv").write_text(money)
    changed = read_register(tmp_path / "money.csv", into=boost).programmes[0]
    assert changed.model_copy(update={"awards": (), "money": ()}) == boost.model_copy(
        update={"awards": (), "money": ()}
    )
    assert [each.key for each in changed.awards] == [each.key for each in boost.awards]
    assert [each.amount for each in money_at(changed, "awards")] == [5.5]
    awards = "key,organisation,call\nA01,Optics,first\nZ,New,first\n"
    (tmp_path / "awards.csv").write_text(awards)
    changed = read_register(tmp_path / "awards.csv", into=boost).programmes[0]
    assert [len(each.money) for each in changed.awards] == [6, 0]
    wrong = "award,amount,currency,side\nA99,5,EUR,public\n"
    (tmp_path / "money.csv").write_text(wrong)
    fault = read_register(tmp_path / "money.csv", into=boost).faults[0]
    assert (fault.column, fault.value) == ("award", "A99")
    assert "A01" in fault.hint


def test_a_fault_of_what_the_file_does_not_hold_is_placed_on_the_site(tmp_path: Path) -> None:
    call = Call(key="late", name="Late", opened="2029-02-01")
    late = Money(amount=5, currency="EUR", side="public", year=2030)
    award = Award(key="A", organisation="Optics", year=2020, money=(late,))
    kept = Programme(
        name="Boost", since=2018, until=2025, calls=(call,), awards=(award,), money=(late,)
    )
    (tmp_path / "awards.csv").write_text("key,organisation,year\nA,Optics,2031\n")
    found = read_register(tmp_path / "awards.csv", into=kept, name="awards.csv")
    assert [(each.file, each.row, each.column, each.value) for each in found.faults] == [
        ("what is kept on the site: award A, money 1", None, "year", "2030"),
        ("what is kept on the site: call late", None, "opened", "2029-02-01"),
        ("what is kept on the site: money 1", None, "year", "2030"),
        ("awards.csv", 2, "year", "2031"),
    ]
    # A year of the programme that the file states is what the kept call contradicts.
    (tmp_path / "programmes.csv").write_text("name,since,until\nBoost,2018,2030\n")
    assert read_register(tmp_path / "programmes.csv", into=kept).faults == ()


def test_other_endings_are_refused() -> None:
    with pytest.raises(CannotAnswer, match="not written in that form"):
        bytes_of(stated_programmes(), "csv")


amounts = st.builds(
    Money,
    amount=st.integers(0, 10**6),
    currency=st.sampled_from(("EUR", "USD")),
    side=st.sampled_from(("public", "private")),
    kind=st.sampled_from(("", "planned", "committed", "paid")),
    year=st.none() | st.integers(2018, 2021),
    price_base=st.none() | st.just(2015),
)


@given(st.lists(amounts, max_size=30))
@settings(max_examples=40, deadline=None)
def test_money_is_added_only_within_a_purse(money: list[Money]) -> None:
    found = sums(money)
    purses = [each.purse for each in found]
    assert len(set(purses)) == len(purses)
    assert sum(each.count for each in found) == len(money)
    assert sum(each.amount for each in found) == sum(each.amount for each in money)
    dated = sum(each.amount for each in money if each.year is not None)
    assert sum(sum(years.values()) for years in by_year(money).values()) == dated
    assert set(sums(reversed(money))) == set(found)


def test_stated_facts_have_sources_and_contradict_nothing() -> None:
    programmes = stated_programmes()
    assert len({each.slug for each in programmes}) == len(programmes) == 17
    for each in programmes:
        assert (contradictions(each), each.fictional) == ([], False)
        assert each.references
        assert all(fact.source for fact in each.facts)
        assert all(award.source for award in each.awards)
        assert all(one.source for one in each.money)
    assert "memory" not in bytes_of(programmes, "json").decode()
    boost = fictional_programme()
    assert (contradictions(boost), boost.fictional) == ([], True)
    assert {(each.purse.side, each.purse.kind) for each in sums(boost.money)} == {
        ("public", "paid"),
        ("public", "planned"),
        ("private", "planned"),
    }


@pytest.mark.shared
def test_the_21_winners_are_those_of_the_source(sample_release: Release) -> None:
    if not WINNERS.is_file():
        pytest.skip("the winners of 2022 (../shared) are not on this machine")
    given = list(csv.DictReader(io.StringIO(WINNERS.read_text(encoding="utf-8"))))
    ours = stated_programmes()[0].awards
    states = {each.region: each.name for each in sample_release.regions("us-state")}
    assert [round(float(each["amount_musd"]) * 1e6) for each in given] == [
        each.money[0].amount for each in ours
    ]
    assert [each["initiative"] for each in given] == [each.title for each in ours]
    assert all(each.regions[0].region in states for each in ours)
    assert {states[e.regions[0].region] for e in ours if e.key in ("01", "10")} == {
        "California",
        "Oklahoma",
    }
    assert sums(money_at(stated_programmes()[0], "awards"))[0].amount == 970_000_000
    assert read_codes(sample_release) == []


def read_codes(release: Release) -> list[str]:
    """Codes of the packaged programmes that the sample does not know."""
    book = Codebook.of(release)
    parts = [
        part
        for each in (*stated_programmes(), fictional_programme())
        for part in (each, *each.awards)
    ]
    return [fault.value for part in parts for _place, fault in code_faults(part, book)]


def test_the_schema_is_published() -> None:
    schema = register_schema()
    assert schema["$defs"]["Money"]["required"] == ["amount", "currency", "side"]
    assert "vouchers" in schema["properties"]["instruments"]["items"]["enum"]
    published = Path(__file__).parents[3] / "docs" / "reference" / "programme.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(), (
        "write it anew: clusteratlas programme register schema "
        "> docs/reference/programme.schema.json"
    )
