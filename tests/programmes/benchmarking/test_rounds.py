"""Questionnaires, scores, gaps, drift and files of rounds: what must hold whatever is answered."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.organisations import Label, Profile
from clusteratlas.programmes.account import read_logs
from clusteratlas.programmes.benchmarking import (
    PACKAGED,
    Answer,
    Assessed,
    Assessment,
    Mark,
    Questionnaire,
    Round,
    Scale,
    Standing,
    benchmark,
    bytes_of,
    check_label,
    disagreements,
    drift,
    json_of,
    known_of_logs,
    known_of_profile,
    next_label,
    packaged_questionnaire,
    prefilled,
    questionnaire_of,
    read_assessments,
    read_questionnaire,
    score,
    what_if,
)
from clusteratlas.programmes.benchmarking.document import benchmark_document
from clusteratlas.tables import CannotAnswer, InvalidInput

BENCH, GOLD = (packaged_questionnaire(key) for key in PACKAGED)
few = settings(max_examples=25, deadline=None)

SMALL = """
name = "small"
version = 1
title = "Two questions"
source = "a test"
split = "official"
indicators_in_all = { count = 2, mark = "official" }
groups_in_all = { count = 2, mark = "official" }
scale = [
  { code = "level", kind = "levels", mark = "official", levels = ["no", "partly", "yes"] },
  { code = "days", kind = "number", mark = "official", better = "less", cuts = [30, 10], step = 5 },
]
group = [
  { code = "a", name = "First", mark = "official" },
  { code = "b", name = "Second", mark = "official" },
]
[[indicator]]
code = "plan"
group = "a"
name = "A plan"
mark = "official"
asks = "Is there a plan?"
scale = "level"
effort = 3
threshold = { points = 2, mark = "official" }
[[indicator]]
code = "wait"
group = "b"
name = "Days to an answer"
mark = "official"
asks = "How long does an answer take?"
scale = "days"
effort = 1
may_not_apply = true
[[label]]
code = "national"
name = "Our label"
mark = "official"
earned = "By points."
earned_mark = "official"
condition = [
  { kind = "share", text = "Three quarters of the points.", mark = "official", at_least = 0.75 },
  { kind = "thresholds", text = "Every threshold.", mark = "official" },
]
"""


def small() -> Questionnaire:
    return questionnaire_of(SMALL, file="small.toml")


def values(scale: Scale) -> st.SearchStrategy[float | str]:
    if scale.kind == "choice":
        return st.sampled_from([each.code for each in scale.options])
    if scale.kind == "levels":
        return st.integers(0, len(scale.levels) - 1)
    return st.integers(int(scale.low), int(scale.high or 300))


@st.composite
def rounds(draw: st.DrawFn, asked: Questionnaire = GOLD) -> Round:
    answers = {}
    for each in asked.indicator:
        kind = draw(st.sampled_from(["value", "value", "open", "out"]))
        if kind == "value":
            answers[each.code] = Answer(value=draw(values(asked.scales[each.code])))
        elif kind == "out" and each.may_not_apply:
            answers[each.code] = Answer(not_applicable="not our task")
    return Round(date=date(2025, 3, 31), answers=answers)


# Questionnaires


def test_every_item_of_the_package_says_where_it_comes_from_and_none_is_called_official() -> None:
    for asked, groups in ((BENCH, 6), (GOLD, 5)):
        marks = list(asked.marks())
        assert len(asked.group) == groups
        assert {what for what, _code, _mark in marks} >= {
            "name",
            "group",
            "scale",
            "price",
            "label",
        }
        assert Mark.official not in {mark for _what, _code, mark in marks}
        # Questions, scales and effort are this project's own and say so.
        assert {mark for what, _code, mark in marks if what in ("scale", "effort")} == {Mark.ours}
        assert asked.split is Mark.reconstructed
    assert {mark for what, _code, mark in GOLD.marks() if what == "threshold"} == {Mark.ours}


def test_a_site_brings_its_own_and_all_its_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert read_questionnaire(path) == small()
    broken = (
        SMALL.replace('scale = "days"', 'scale = "weeks"')
        .replace('group = "b"\nname', 'group = "c"\nname')
        .replace("count = 2, mark", "count = 3, mark")
    )
    with pytest.raises(InvalidInput) as raised:
        questionnaire_of(broken, file="own.toml")
    told = str(raised.value)
    for said in ("scale weeks, which is not", "group c, which is not", "3 indicators are announced",
                 "group b has no indicator"):  # fmt: skip
        assert said in told
    worse = SMALL.replace("effort = 3", "effort = -3\nprice = 2").replace(
        "cuts = [30, 10]", "cuts = [10, 30]"
    )
    with pytest.raises(InvalidInput) as raised:
        questionnaire_of(worse, file="own.toml")
    assert {each.column for each in raised.value.faults} == {
        "indicator.plan.effort", "indicator.plan.price", "scale.days",
    }  # fmt: skip
    for text in ("name = ", "name = 'x'"):
        with pytest.raises(InvalidInput):
            questionnaire_of(text)
    path.write_bytes(b"\xff\xfe\x00")
    for missing in (path, tmp_path / "none.toml"):
        with pytest.raises(InvalidInput):
            read_questionnaire(missing)
    with pytest.raises(CannotAnswer, match="european-gold-1"):
        packaged_questionnaire("silver")


# Scores


def test_a_score_by_hand_and_the_label_it_leads_to() -> None:
    asked = small()
    held = Round(date=date(2025, 1, 1), answers={"plan": Answer(value=1), "wait": Answer(value=10)})
    found = score(held, asked)
    assert (found.total.low, found.total.high, found.total.most) == (3, 3, 4)
    check = check_label(held, asked, "national")
    assert [each.standing for each in check.conditions] == [Standing.met, Standing.missed]
    assert check.standing is Standing.missed
    assert [(each.indicator.code, each.missing_high) for each in check.gaps] == [
        ("plan", 1), ("wait", 0),
    ]  # fmt: skip
    assert check.plan
    assert (check.plan.effort, check.plan.reaches) == (3, True)
    better = check_label(what_if(held, {"plan": 2}, asked), asked, "national")
    assert better.standing is Standing.met
    # What does not apply is in none of the points; what is open may be all or nothing.
    out = Round(date=held.date, answers={"wait": Answer(not_applicable="no answers are asked")})
    points = score(out, asked).total
    assert (points.low, points.high, points.most, points.not_applicable) == (0, 2, 2, 1)
    assert check_label(out, asked, "national").standing is Standing.unknown
    with pytest.raises(InvalidInput, match="no such level"):
        what_if(held, {"plan": 3, "none": 1}, asked)
    with pytest.raises(CannotAnswer, match="leads to national"):
        check_label(held, asked, "gold")


@few
@given(rounds(), st.data())
def test_a_better_answer_never_lowers_a_score_and_an_open_one_widens_it(
    held: Round, data: st.DataObject
) -> None:
    before = score(held, GOLD).total
    assert 0 <= before.low <= before.high <= before.most
    code = data.draw(st.sampled_from([each.code for each in GOLD.indicator]))
    scale = GOLD.scales[code]
    two = data.draw(st.tuples(values(scale), values(scale)))
    worse, better = sorted(two, key=float, reverse=scale.better == "less")
    low, high = (score(what_if(held, {code: each}, GOLD), GOLD).total for each in (worse, better))
    assert low.low <= high.low
    assert low.high <= high.high
    opened = held.model_copy(
        update={"answers": {key: each for key, each in held.answers.items() if key != code}}
    )
    wide = score(opened, GOLD).total
    assert wide.low <= low.low <= high.high <= wide.high
    shuffled = Round(date=held.date, answers=dict(reversed(list(held.answers.items()))))
    assert score(shuffled, GOLD) == score(held, GOLD)


@few
@given(rounds())
def test_the_plan_reaches_the_label_and_no_smaller_one_of_its_parts_does(held: Round) -> None:
    check = check_label(held, GOLD, "gold")
    plan = check.plan
    assert plan
    raised = {each.indicator.code: 0 for each in plan.steps}
    for step in plan.steps:
        raised[step.indicator.code] += step.points
    low = score(held, GOLD)
    for gap in check.gaps:
        reached = gap.low + raised.get(gap.indicator.code, 0)
        assert reached <= gap.most
        if gap.indicator.code not in plan.without_work:
            assert reached >= (gap.threshold or 0)
    total = low.total.low + sum(raised.values())
    if plan.reaches:
        assert total >= 0.8 * low.total.most - 1e-9
        extra = [each for each in plan.steps if not each.for_threshold]
        if extra:  # one point fewer would miss the share
            assert total - 1 < 0.8 * low.total.most
    order = [each.points_per_effort for each in check.of(Standing.missed)]
    known = [each for each in order if each is not None]
    assert known == sorted(known, reverse=True)


# Drift


@few
@given(rounds(BENCH), rounds(BENCH))
def test_drift_turns_its_sign_with_the_rounds_and_adds_up(one: Round, other: Round) -> None:
    there = drift(one, other, BENCH)
    back = drift(other, one, BENCH)
    assert (there.total.low, there.total.high) == (-back.total.high, -back.total.low)
    assert there.total.low == sum(each.low for each in there.groups.values())
    assert set(there.surely_better) <= set(there.possibly_better)
    assert not set(there.surely_better) & set(back.surely_better)
    same = drift(one, one, BENCH)
    assert not same.surely_better
    assert {each.change.value for each in same.indicators} <= {"same", "unknown"}


def test_silver_asks_for_time_and_for_three_groups_that_surely_improved() -> None:
    first = Round(date=date(2023, 3, 31), answers={
        each.code: Answer(value=1 if BENCH.scales[each.code].kind == "levels" else "association"
                          if each.code == "legal-form" else "mixed" if each.code == "driving-force"
                          else "up-to-100k" if each.code == "budget" else 1)
        for each in BENCH.indicator
    })  # fmt: skip
    up = {"roles": 3, "matchmaking": 2, "rd-effect": 2}
    then = what_if(first, up, BENCH).model_copy(update={"date": date(2025, 1, 31)})
    since = drift(first, then, BENCH)
    assert since.surely_better == ("management", "services", "achievements")
    assert [each.indicator for each in since.indicators if each.change.value == "better"] == [*up]
    check = check_label(then, BENCH, "silver", since=since)
    assert [each.standing.value for each in check.conditions] == ["met", "met", "met", "outside"]
    late = drift(first.model_copy(update={"date": date(2021, 3, 31)}), then, BENCH)
    assert check_label(then, BENCH, "silver", since=late).standing is Standing.missed
    less = what_if(then, {"roles": 1}, BENCH)
    check = check_label(less, BENCH, "silver", since=drift(first, less, BENCH))
    assert check.plan
    # The cheapest group that has not improved: a working group, or four days on roles.
    assert [(each.indicator.code, each.points) for each in check.plan.steps] == [("roles", 1)]
    # A gold label that is not known to be held is no condition; the next label is the next one.
    assert next_label(BENCH, (Label(label="bronze"),)).code == "silver"
    assert next_label(BENCH, ()).code == "bronze"


# What is known already


def test_the_registry_fills_in_and_differs_in_neutral_figures() -> None:
    profile = Profile(
        name="Optics", founded=2015, staff=2, legal_form="association",
        members={"counts": {"small-firms": 30, "research": 10}, "as_of": "2025-01-31"},
    )  # fmt: skip
    known = known_of_profile(profile, date(2025, 3, 31))
    held = prefilled(
        BENCH, known, Round(date=date(2025, 3, 31), answers={"staff": Answer(value=5)})
    )
    assert held.answers["staff"].value == 5  # an answer is never replaced
    assert (held.answers["committed-members"].value, held.answers["age"].value) == (40, 9)
    assert held.answers["committed-members"].taken_from == "profile in the registry"
    assert held.answers["staff-ratio"].value == 5
    assert "focus" not in held.answers  # not stated is not zero
    assert [(each.indicator.code, each.worth) for each in disagreements(held, BENCH, known)] == [
        ("staff", 1)
    ]
    close = prefilled(
        BENCH, known, Round(date=held.date, answers={"committed-members": Answer(value=43)})
    )
    assert not disagreements(close, BENCH, known)


def test_logs_say_what_was_claimed_otherwise(tmp_path: Path) -> None:
    held = "organisation,type,paying,from,until\n" + "".join(
        f"o{n},full,yes,2020-01-01,{'2024-06-30' if n > 7 else ''}\n" for n in range(10)
    )
    names = "organisation,name,group,kind\n" + "".join(f"o{n},O{n},,company\n" for n in range(10))
    served = "service,date,organisation,kind,hours,innovative\n" + "".join(
        f"s{n},{day},o{n},advice,2,no\n"
        for n, day in enumerate(["2025-02-01", "2024-05-02", "2023-02-01", "2025-12-01"])
    )
    covered = "log,from,until\nmembers,2020,2025\nservices,2023,2025\n"
    for name, text in (
        ("members", held), ("organisations", names), ("services", served), ("coverage", covered),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    logs = read_logs(tmp_path)
    known = known_of_logs(logs, date(2025, 3, 31))
    # Eight are still members; two of them were served within the year before.
    assert [(each.key, each.value) for each in known] == [("members", 8), ("contact_share", 25.0)]
    said = Round(date=date(2025, 3, 31), answers={
        "committed-members": Answer(value=60), "direct-contacts": Answer(value=25),
    })  # fmt: skip
    told = disagreements(said, GOLD, known)
    assert [(each.indicator.code, each.known.origin) for each in told] == [
        ("committed-members", "log")
    ]
    assert known_of_logs(logs, date(2031, 3, 31)) == ()


# Files


def assessment(*held: Round, name: str = "Optics", asked: Questionnaire = GOLD) -> Assessment:
    who = Assessed(
        name=name, country="DE", fields=("us-benchmark-2014:23",), founded=2012, members=40
    )
    return Assessment(questionnaire=asked.key, organisation=who, rounds=held)


@settings(max_examples=6, deadline=None)
@given(held=rounds())
def test_every_form_of_file_gives_back_the_same_rounds(
    tmp_path_factory: pytest.TempPathFactory, held: Round
) -> None:
    folder = tmp_path_factory.mktemp("rounds")
    cited = {"evidence": [{"title": "Minutes", "address": "https://example.org/m"}], "note": "=1+1"}
    answers = {**held.answers, "press": Answer(value=12, **cited)}
    later = Round(date=date(2026, 3, 31), answers=answers)
    whole = assessment(held.model_copy(update={"answers": answers}), later)
    for form in ("csv", "xlsx", "json"):
        path = folder / f"rounds.{form}"
        path.write_bytes(bytes_of([whole], GOLD, form))
        assert read_assessments(path) == (whole,)
    assert benchmark_document(benchmark(whole, GOLD))["drift"]["total"]["most"] > 0


def test_all_faults_of_a_file_are_named_with_row_column_and_hint(tmp_path: Path) -> None:
    path = tmp_path / "rounds.csv"
    head = "organisation,questionnaire,date,indicator,value,not_applicable,colour\n"
    rows = [
        "Optics,european-gold-1,2025-03-31,press,many,,",
        "Optics,european-gold-1,2025-03-31,review,7,,",
        "Optics,european-gold-1,2025-03-31,review,1,,",
        "Optics,european-gold-1,2025-03-31,satisfaction,,not asked,",
        "Optics,european-gold-1,2025-03-31,speed,1,,",
        "Optics,platinum-1,2025-03-31,press,1,,",
        ",european-gold-1,2025-03-31,press,1,,",
        "Optics,european-gold-1,31.3.2025,press,1,,",
    ]
    path.write_text(head + "\n".join(rows), encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        read_assessments(path)
    told = {(each.row, each.column) for each in raised.value.faults}
    assert told >= {
        (1, "colour"), (2, "press"), (3, "review"), (4, "indicator"), (5, "satisfaction"),
        (6, "indicator"), (7, "questionnaire"), (8, "organisation"),
    }  # fmt: skip
    assert any("not a day" in each.problem for each in raised.value.faults)
    assert all(each.file.startswith("rounds.csv") for each in raised.value.faults)
    wrong = json_of([assessment(Round(date="2025-03-31", answers={"press": Answer(value=-2)}))])
    for name, text in itertools.product(
        ["rounds.json"],
        [wrong, "{}", "[1", wrong.replace('"schema_version": 1', '"schema_version": 9')],
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput):
            read_assessments(tmp_path / name)
    with pytest.raises(CannotAnswer, match="another questionnaire"):
        benchmark(assessment(), BENCH)
    with pytest.raises(CannotAnswer, match="no round"):
        benchmark(assessment(), GOLD)
