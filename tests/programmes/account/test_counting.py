"""Every rule on logs that can be counted by hand, and against loops that share no code with it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusteratlas.programmes.account import LAYOUTS, Logs, account_of, checked, size_class
from clusteratlas.programmes.account.reading import Parsed, _parse_file
from clusteratlas.programmes.account.words import remarks
from clusteratlas.programmes.register import Award, Money, Programme

from .by_hand import SMALL, counted_by_loops, logs_of


def _programme(*money: Money, awards: tuple[Award, ...] = ()) -> Programme:
    return Programme(name="By hand", since=2019, until=2021, money=money, awards=awards)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    return logs_of(SMALL, tmp_path_factory.mktemp("logs"))


@pytest.mark.parametrize(
    ("rule", "year", "found"),
    [
        # F1 and F2 are one group, which pays; F3 pays from the last day of the year.
        ("flemish-clusters-2025-dbc1", 2020, (2, 2)),
        # B1's membership ended the year before.
        ("flemish-clusters-2025-dbc2", 2020, (1, 1)),
        # G, F3; U1; F4 came to two events without a fee, F5 to one with a fee; U2 is nowhere.
        ("flemish-clusters-2025-dbc3", 2020, (5, 5)),
        # Whether E4 cost a fee is not said: G and F5 came to it. F3 pays, U1 is an institute.
        ("flemish-clusters-2025-dbc3", 2021, (2, 4)),
        # G: P1 by F2; F3, F4: P1; U1: P2 and P4; F5: P2 and E1.
        ("flemish-clusters-2025-cpi1", 2020, (5, 5)),
        # G has a large firm; F3 is small; F4 and F5 stated no size by then; U1 is no company.
        ("flemish-clusters-2025-cpi2", 2020, (1, 3)),
        # P2 is linked, P3 is not, P4 is an initiative.
        ("flemish-clusters-2025-cpi3", 2020, (1, 1)),
        # Whether P5 is innovative is not said.
        ("flemish-clusters-2025-cpi3", 2021, (0, 1)),
        # F1, F3 pay; F4 two events; F5 and F2 by P2 and P1.
        ("flemish-clusters-1-c-1", 2020, (5, 5)),
        # F1 small, F3 small; F2 large; F4, F5 not stated.
        ("flemish-clusters-1-c-1bis", 2020, (2, 4)),
        ("flemish-clusters-1-c-2", 2020, (2, 2)),
        ("flemish-clusters-1-c-3", 2020, (2, 2)),
        # P1 ended on the first day of the year: it ran; P2 has F1, F3, F5 beside U1.
        ("flemish-clusters-1-c-4", 2020, (2, 2)),
        ("flemish-clusters-1-c-5", 2020, (5, 5)),
        ("flemish-clusters-1-c-5bis", 2020, (40.0, 80.0)),
        # A1 ended on the first day, A2 is of the next year.
        ("flemish-clusters-1-s-2", 2020, (1, 1)),
        ("programme-money-1-staff", 2020, (2.5, 2.5)),
        ("programme-money-1-service-hours", 2020, (6.5, 6.5)),
        # One service does not say how long it took: there is no upper end.
        ("programme-money-1-service-hours", 2021, (0, None)),
    ],
)
def test_a_rule_counts_what_a_hand_counts(
    small: Logs, rule: str, year: int, found: tuple[float, float]
) -> None:
    figure = account_of(small, years=[year]).of_rule(rule)[0]
    assert (figure.low, figure.high) == found
    assert figure.value == (found[0] if found[0] == found[1] else None)
    assert figure.status == "counted"
    assert figure.grade == "D"


def test_a_figure_opens_its_records_and_steps(small: Logs) -> None:
    account = account_of(small, _programme())
    figure = next(
        each for each in account.of_rule("flemish-clusters-2025-dbc3") if each.year == 2020
    )
    rows = figure.rows()
    # Of the group G: row 2 of members; F4's rows 2 and 3 of attendance, F5's rows 4 and 5.
    assert rows["members"] == (2, 3, 4)
    assert rows["attendance"] == (2, 3, 4)
    assert [(each.part, each.low) for each in figure.steps] == [
        (1, 2), (2, 1), (3, 1), (4, 1), (None, 5)
    ]  # fmt: skip
    assert figure.verified_by == ()
    again = account_of(small, _programme()).to_dict()
    assert again == account.to_dict()
    public = account.to_dict(rows=False)
    shown = next(each for each in public["figures"] if each["rule"] == figure.key
                 and each["year"] == 2020)  # fmt: skip
    assert shown["evidence"] == {
        "records": len(figure.records),
        "rows": {"attendance": 3, "members": 3, "participants": 2},
        "checksum": figure.checksum,
    }
    agreed = next(each for each in account.of_rule("flemish-clusters-1-c-2") if each.year == 2020)
    assert agreed.verified_by == ("Auditor",)
    assert agreed.grade == "D"


def test_what_is_not_logged_is_not_known(small: Logs, tmp_path: Path) -> None:
    without = {
        name: log for name, log in small.logs.items() if name not in ("services", "coverage")
    }
    logs, faults = checked(without, life=_life())
    assert faults == []
    account = account_of(logs, _programme())
    missing = account.of_rule("flemish-clusters-2025-cpi1")[0]
    assert (missing.value, missing.low, missing.status) == (None, None, "not_known")
    assert missing.why is not None
    assert missing.why.to_dict() == {"code": "logs_missing", "logs": ["services"]}
    # Without a log of coverage an account knows only the years that a log has dates of.
    by_year = {each.year: each for each in account.of_rule("flemish-clusters-1-c-3")}
    assert by_year[2019].why is not None
    assert by_year[2019].why.code == "year_not_covered"
    assert by_year[2020].value == 2
    assert [each.code for each in by_year[2020].assumed] == ["years_from_records"]
    longer = _programme(Money(amount=1, side="public", currency="EUR", year=2022))
    longer = longer.model_copy(update={"until": 2028})
    assert account_of(small, longer).years == (2019, 2020, 2021, 2022), "no year is empty"
    assert account_of(small, longer.model_copy(update={"money": ()})).years[-1] == 2021
    nothing = account_of(Logs(), _programme())
    assert nothing.years == (2019, 2020, 2021)
    assert nothing.figures
    assert not any(each.known for each in nothing.figures)


def _life() -> object:
    from clusteratlas.programmes.account import Life

    return Life(2019, 2021)


def test_money_is_never_added_across_kinds_and_a_cost_is_an_interval(small: Logs) -> None:
    def money(amount: float, side: str, kind: str, **more: object) -> Money:
        return Money(amount=amount, side=side, kind=kind, currency="EUR", year=2020, **more)  # type: ignore[arg-type]

    programme = _programme(
        money(100, "public", "paid"),
        money(50, "public", "paid"),
        money(900, "public", "committed"),
        money(60, "private", "paid"),
        money(7, "public", "paid", price_base=2015),
        awards=(Award(key="a", organisation="X", money=(money(1, "public", "paid"),)),),
    )
    account = account_of(small, programme, years=[2020])
    public = account.of_rule("programme-money-1-public-money")
    assert [(each.value, each.unit) for each in public] == [(150, "EUR"), (7, "EUR of 2015")]
    assert public[0].rows() == {"money": (1, 2)}
    assert [each.value for each in account.of_rule("programme-money-1-leverage")] == [0.4]
    cost = account.of_rule("flemish-clusters-1-c-2-cost")[0]
    assert (cost.value, cost.unit) == (75.0, "EUR / events")
    later = account_of(
        small,
        _programme(Money(amount=8, side="public", currency="USD", year=2021)),
        years=[2021],
    )
    unsure = later.of_rule("flemish-clusters-2025-cpi3-cost")[0]
    assert (unsure.value, unsure.low, unsure.high) == (None, 8.0, None)
    assert "Whether this money was planned, committed or paid is not stated." in remarks(unsure)
    none = account_of(small, _programme(), years=[2020]).of_rule("programme-money-1-leverage")[0]
    assert none.why is not None
    assert none.why.code == "no_money"


def test_a_survey_says_who_answered(small: Logs) -> None:
    figure = account_of(small, years=[2020]).of_rule("flemish-clusters-1-h-1")[0]
    assert (figure.value, figure.unit, figure.status) == (4000.0, "EUR", "reported")
    assert figure.response is not None
    assert (figure.response.asked, figure.response.answered) == (5, 2)
    assert figure.response.whole is None  # two answers say nothing of the other three
    silent = account_of(small, years=[2021]).of_rule("flemish-clusters-1-h-1")[0]
    assert silent.why is not None
    assert silent.why.code == "nobody_asked"


def test_sizes_are_those_of_the_european_definition() -> None:
    assert size_class(9, 2.0, 5.0) == "micro"
    assert size_class(9, 2.1, 2.1) == "small"
    assert size_class(49, 50.0, 43.0) == "medium"
    assert size_class(249, 51.0, 43.0) == "medium"
    assert size_class(249, 51.0, 44.0) == "large"
    assert size_class(250, None, None) == "large"
    assert size_class(249, 51.0, None) == ""
    assert size_class(None, 1.0, 1.0) == ""


# Small random logs

_CODES = [f"O{number}" for number in range(6)]
_DAYS = st.dates(
    min_value=__import__("datetime").date(2019, 1, 1),
    max_value=__import__("datetime").date(2021, 12, 31),
).map(str)
_YES = st.sampled_from(["yes", "no"])


@st.composite
def _random_logs(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    def rows(most: int, **cells: st.SearchStrategy[str]) -> list[dict[str, str]]:
        return draw(st.lists(st.fixed_dictionaries(cells), max_size=most))

    def once(found: list[dict[str, str]], *names: str) -> list[dict[str, str]]:
        return list({tuple(row[name] for name in names): row for row in found}.values())

    def keyed(name: str, sign: str, found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{name: f"{sign}{number}", **row} for number, row in enumerate(found)]

    def ordered(first: str, last: str, row: dict[str, str]) -> dict[str, str]:
        if row[last] and row[first] and row[last] < row[first]:
            row[first], row[last] = row[last], row[first]
        return row

    who = st.sampled_from(_CODES)
    events = keyed("event", "E", rows(5, date=_DAYS, kind=st.sampled_from(["network", "x"]),
                                     paid=_YES, innovative=_YES))  # fmt: skip
    projects = keyed("project", "P", rows(4, kind=st.sampled_from(
        ["cluster-project", "inter-cluster-project", "eu-project", "initiative"]),
        innovative=_YES, linked=_YES, decided=st.just(""),
        started=st.one_of(st.just(""), _DAYS), ended=st.one_of(st.just(""), _DAYS)))  # fmt: skip
    for row in projects:
        ordered("started", "ended", row)
        row["decided"] = row["started"] or draw(_DAYS)
        if row["ended"] and row["ended"] < row["decided"]:
            row["ended"] = ""
    return {
        "organisations": [
            {
                "organisation": code,
                "name": code,
                "group": draw(st.sampled_from(["", "G", "O0"])),
                "kind": draw(st.sampled_from(["company", "knowledge-institute", "public-body"])),
            }
            for code in _CODES
        ],
        "sizes": once(rows(6, organisation=who, year=st.sampled_from(["2019", "2020", "2021"]),
                           size=st.sampled_from(["small", "large"])), "organisation", "year"),
        "members": once([ordered("from", "until", row) for row in rows(
            5, organisation=who, type=st.sampled_from(["full", "associate"]), paying=_YES,
            **{"from": _DAYS}, until=st.one_of(st.just(""), _DAYS))],
            "organisation", "type", "from"),
        "events": events,
        "attendance": once(rows(10, event=st.sampled_from([e["event"] for e in events]),
                                organisation=who), "event", "organisation") if events else [],
        "services": keyed("service", "S", rows(5, date=_DAYS, organisation=who,
                                               kind=st.just("advice"), innovative=_YES)),
        "projects": projects,
        "participants": once(rows(10, project=st.sampled_from([p["project"] for p in projects]),
                                  organisation=who), "project", "organisation")
        if projects else [],
        "coverage": [{"log": name, "from": "2019", "until": "2021"} for name in
                     ("members", "events", "attendance", "services", "projects", "participants")],
    }  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_random_logs())
def test_rules_agree_with_loops_on_random_logs(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, list[dict[str, str]]]
) -> None:
    parsed = Parsed()
    folder = tmp_path_factory.mktemp("random")
    for name, log in rows.items():
        header = [each.name for each in LAYOUTS[name].columns]
        text = io.StringIO()
        writer = csv.DictWriter(text, header)
        writer.writeheader()
        writer.writerows(log)
        path = folder / f"{name}.csv"
        path.write_text(text.getvalue())
        _parse_file(path, str(path), parsed)
    logs, faults = checked(parsed.logs, _life())  # type: ignore[arg-type]
    assert [*parsed.faults, *faults] == []
    account = account_of(logs, years=[2020])
    expected = counted_by_loops(rows, 2020)
    found = {key: (account.of_rule(key)[0].low, account.of_rule(key)[0].high) for key in expected}
    assert found == expected
