"""Who is ready: against the release's own figures, and what no knowledge may ever turn round."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.atlas import Release
from clusteratlas.organisations import Reason, load_demonstration, write_profiles
from clusteratlas.programmes.readiness import (
    Applicant,
    Figure,
    Gap,
    Met,
    Piece,
    Readiness,
    Rules,
    Screening,
    Total,
    choose,
    criteria_of,
    default_criteria,
    fund_next,
    ranking,
    read_applicants,
    read_criteria,
    rescreened,
    screen,
    sensitivity,
)
from clusteratlas.programmes.readiness.answers import ClusterBase, Screened
from clusteratlas.programmes.readiness.criteria import BASE_MEASURES
from clusteratlas.programmes.readiness.demonstration import demonstration_file, demonstration_rows
from clusteratlas.programmes.readiness.readiness_words import GAPS, PASSED, reason_of, verdict_of
from clusteratlas.programmes.readiness.reading import COLUMNS
from clusteratlas.programmes.readiness.screening import _answer, _whole
from clusteratlas.programmes.register import Money
from clusteratlas.tables import CannotAnswer, InvalidInput

DAY = date(2026, 6, 1)
EURO = Total(5_000_000, "EUR")


@pytest.fixture(scope="module")
def screening(sample_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Screening:
    path = tmp_path_factory.mktemp("applicants") / "applicants.json"
    path.write_text(demonstration_file(), encoding="utf-8")
    return screen(read_applicants(path, sample_release), sample_release, on=DAY)


def named(screening: Screening, part: str) -> Screened:
    (found,) = (each for each in screening.applicants if part in each.applicant.profile.name)
    return found


def test_the_demonstration_shows_every_verdict_with_figures_of_the_release(
    screening: Screening, sample_release: Release
) -> None:
    counts = Counter(each.verdict for each in screening.applicants)
    assert all(counts[verdict] for verdict in Readiness), counts
    devices = named(screening, "Lakes")
    row = sample_release.regional_cluster("us-cbsa", "33460", "30")
    jobs = devices.base.figures["base.employment"]
    assert (jobs.value, jobs.low, jobs.high) == (
        row.employment,
        row.employment_low,
        row.employment_high,
    )
    assert jobs.year == 2021
    assert "County Business Patterns" in jobs.source
    assert "lacks a strategic plan" in verdict_of(named(screening, "Têxtil"))
    carpets = named(screening, "Carpet")
    assert {each.figure.cause.code for each in carpets.lacks} >= {"none_of_it", "stated"}
    harbour = named(screening, "Medicon")
    assert (harbour.least, harbour.most) == (Readiness.nearly_ready, Readiness.ready)
    assert [each.figure.cause.code for each in harbour.open] == ["undated"]
    boots = named(screening, "Footwear")
    assert {each.figure.cause.code for each in boots.open} == {"nothing_shown", "not_stated"}
    for each in screening.applicants:
        assert each.score_low <= each.score <= each.score_high
        for answer in each.answers:
            assert reason_of(answer)


def test_draws_are_those_that_the_release_was_made_of(screening: Screening) -> None:
    drawn = 0
    for each in screening.applicants:
        strong = each.base.figures["base.probability_strong"]
        jobs = each.base.figures["base.employment"]
        if strong.drawn is None or each.base.best is None or each.base.best.figures is None:
            continue
        figures = each.base.best.figures
        drawn += 1
        assert strong.drawn.mean() == pytest.approx(strong.value, abs=0.011)
        assert jobs.drawn is not None
        assert jobs.high is not None
        inside = (jobs.drawn >= jobs.low - 1) & (jobs.drawn <= jobs.high + 1)
        assert inside.mean() >= 0.85
        quotient = each.base.figures["base.location_quotient"].drawn
        assert quotient is not None
        assert figures.location_quotient is not None
        assert np.median(quotient) == pytest.approx(figures.location_quotient, rel=0.1)
    assert drawn >= 8


def test_places_hold_what_is_not_known(screening: Screening) -> None:
    ranked = ranking(screening, 4, least=Readiness.nearly_ready)
    assert [each.place for each in ranked] == list(range(1, len(ranked) + 1))
    by_name = {each.applicant.applicant.profile.name: each for each in ranked}
    for each in ranked:
        assert each.place_low <= each.place <= each.place_high
        assert 0 <= each.probability_first[0] <= each.probability_first[1] <= 1
    assert by_name["Imaginary Medicon Harbour"].probability_first == (0.0, 1.0)
    lakes = by_name["Imaginary Lakes Medical Device Alliance"].probability_first
    assert 0 < lakes[1] < 1, "the draws put it fourth in some tables only"
    sure = sum(each.probability_first[0] for each in ranked)
    assert sure <= 4


def test_the_choice_is_the_best_there_is(screening: Screening) -> None:
    order = [Readiness.not_ready, Readiness.nearly_ready, Readiness.ready]
    able = [each for each in screening.applicants if order.index(each.least) >= 1]
    for rules in (Rules(first=3, budget=EURO), Rules(budget=EURO), Rules(first=4),
                  Rules(first=4, budget=Total(9e6, "EUR"), most_per_cluster=1)):  # fmt: skip
        found = choose(screening, rules)
        best = max(
            sum(each.score for each in some)
            for size in range(len(able) + 1)
            for some in itertools.combinations(able, size)
            if size <= (rules.first or 99)
            and (rules.budget is None
                 or sum(each.applicant.totals[0].amount for each in some) <= rules.budget.amount)
        )  # fmt: skip
        assert found.score == pytest.approx(best)
        assert {each.code for each in found.passed} <= set(PASSED)
    assert found.spent is not None
    assert found.spent <= 9e6
    dollars = choose(screening, Rules(budget=Total(5e6, "USD")))
    assert not dollars.picks
    assert {each.code for each in dollars.passed} == {"not_eligible", "asks_other_money"}
    with pytest.raises(InvalidInput):
        Rules()


def test_flips_swaps_and_variants_are_exact(screening: Screening) -> None:
    rules = Rules(first=4)
    found = sensitivity(screening, rules)
    for flip in found.flips:
        for threshold, verdict in ((flip.at, flip.upto), (np.nextafter(flip.at, 9e9), flip.beyond)):
            moved = rescreened(
                screening, screening.criteria.changed(thresholds={flip.criterion: float(threshold)})
            )
            (one,) = (each for each in moved.applicants
                      if each.applicant.identity == flip.applicant)  # fmt: skip
            assert one.verdict is verdict, flip
    assert found.swaps
    for swap in found.swaps:
        weights = {swap.criterion: swap.at}
        moved = rescreened(screening, screening.criteria.changed(weights=weights))
        scores = {each.applicant.identity: each.score for each in moved.applicants}
        assert scores[swap.one] == pytest.approx(scores[swap.other], abs=1e-9)
        above = screening.criteria.changed(weights={swap.criterion: swap.at + 0.5})
        scores = {
            each.applicant.identity: each.score for each in rescreened(screening, above).applicants
        }
        behind = ({swap.one, swap.other} - {swap.ahead_above}).pop()
        assert scores[swap.ahead_above] > scores[behind]
    picks = choose(screening, rules).names
    assert set(found.robust) <= picks
    assert set(found.robust).isdisjoint(found.fragile)
    assert {each.kind for each in found.variants} == {"threshold", "weight", "without"}
    assert all(found.held(name) == 1 for name in found.robust)


# Whatever is not known


def applicant(name: str, values: dict[str, tuple[float, float | None]]) -> Screened:
    """An applicant whose figures lie between two ends."""
    criteria = default_criteria()
    answers = []
    for each in criteria.criterion:
        low, high = values[each.name]
        value = low if low == high else None
        answers.append(_answer(each, Figure(value, low, high, Reason("stated")), ()))
    base = ClusterBase(None, None, {})
    profile = load_demonstration()[0].model_copy(update={"name": name, "identifier": name})
    return _whole(Applicant(profile=profile), base, tuple(answers), criteria)


ends = st.tuples(st.floats(0, 2), st.one_of(st.floats(0, 2), st.none())).map(
    lambda pair: pair if pair[1] is None else (min(pair), max(pair))
)
figures = st.lists(ends, min_size=9, max_size=9).map(
    lambda found: {
        each.name: (low * each.at_least, None if high is None else high * each.at_least)
        for each, (low, high) in zip(default_criteria().criterion, found, strict=True)
    }
)
ORDER = [Readiness.not_ready, Readiness.nearly_ready, Readiness.ready]


@settings(max_examples=40, deadline=None)
@given(st.lists(figures, min_size=2, max_size=5), st.integers(0, 8), st.floats(0, 1),
       st.randoms(use_true_random=False))  # fmt: skip
def test_thresholds_order_and_knowledge(
    given_figures: list[dict[str, tuple[float, float | None]]],
    which: int,
    know: float,
    rng: random.Random,
) -> None:
    criteria = default_criteria()
    every = [applicant(f"a{at}", each) for at, each in enumerate(given_figures)]
    before = Screening(criteria, "", "", DAY, tuple(every))
    name = criteria.criterion[which].name
    raised = criteria.changed(thresholds={name: criteria.criterion[which].at_least * 1.5})
    for old, new in zip(every, rescreened(before, raised).applicants, strict=True):
        assert ORDER.index(new.most) <= ORDER.index(old.most)
        assert ORDER.index(new.least) <= ORDER.index(old.least)
        assert new.verdict is not Readiness.ready or old.verdict is Readiness.ready
        assert new.score == old.score
    rules = Rules(first=2)
    shuffled = every[:]
    rng.shuffle(shuffled)
    again = Screening(
        criteria, "", "", DAY, tuple(sorted(shuffled, key=lambda e: e.applicant.identity))
    )
    assert choose(before, rules).names == choose(again, rules).names
    # to know more only ever narrows
    for old, values in zip(every, given_figures, strict=True):
        told = {
            key: (low + know * (high - low),) * 2 if high is not None else (low, low + 1)
            for key, (low, high) in values.items()
        }
        new = applicant(old.applicant.identity, told)
        assert ORDER.index(old.least) <= ORDER.index(new.least)
        assert ORDER.index(new.most) <= ORDER.index(old.most)
        assert old.score_low <= new.score_low + 1e-12
        assert new.score_high <= old.score_high + 1e-12
        if old.verdict is not Readiness.cannot_be_told:
            assert new.verdict is old.verdict


def test_the_order_of_applicants_does_not_matter(
    screening: Screening, sample_release: Release
) -> None:
    turned = [each.applicant for each in screening.applicants][::-1]
    again = screen(turned, sample_release, on=DAY)
    assert again == screening
    with pytest.raises(InvalidInput, match="told apart"):
        screen([turned[0], turned[0]], sample_release, on=DAY)


# Files


def test_criteria_name_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'name = "Ours!"\nversion = 0\n'
        '[[criterion]]\nname = "a"\ngroup = "base"\nmeasure = "base.jobs"\nat_least = -1\n'
        '[[criterion]]\nname = "b"\ngroup = "plan"\nmeasure = "evidence"\nat_least = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput) as caught:
        read_criteria(path)
    told = str(caught.value)
    for each in ("column name", "column version", "criterion.0.at_least", "names the kinds"):
        assert each in told, told
    for broken, part in (
        ("kinds = ['x']", "no kind of the file"),
        ("weight = 0", "weight above 0"),
    ):
        text = (
            'name = "ours"\nversion = 2\n[[kind]]\nname = "plan"\ntext = "a plan"\n'
            '[[criterion]]\nname = "p"\ngroup = "plan"\nmeasure = "evidence"\nat_least = 1\n'
        )
        kinds = "" if "kinds" in broken else "kinds = ['plan']\n"
        with pytest.raises(InvalidInput, match=part):
            criteria_of(f"{text}{kinds}{broken}\n")


def test_the_table_may_stand_in_a_file_of_its_own(tmp_path: Path, sample_release: Release) -> None:
    inside = tmp_path / "all.json"
    inside.write_text(demonstration_file(), encoding="utf-8")
    profiles = tmp_path / "profiles.csv"
    names = {each["organisation"] for each in demonstration_rows()}
    write_profiles(profiles, [each for each in load_demonstration() if each.name in names])
    table = tmp_path / "table.csv"
    rows = [
        ",".join(f'"{"yes" if (v := each.get(name, "")) is True else v}"' for name in COLUMNS)
        for each in demonstration_rows()
    ]
    table.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    one = read_applicants(inside, sample_release)
    other = read_applicants(profiles, sample_release, applications=table)
    assert {each.identity: each for each in one} == {each.identity: each for each in other}


def test_every_fault_of_an_application_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    rows = [
        {"organisation": "Optics", "kind": "asked", "amount": 5},
        {"organisation": "Optics", "kind": "asked", "amount": -5, "currency": "EUR"},
        {"organisation": "Nobody", "kind": "strategy", "title": "S"},
        {"organisation": "Optics", "kind": "strategie", "title": "S"},
        {"organisation": "Optics", "kind": "strategy", "title": "S", "none": "yes"},
        {"organisation": "Optics", "kind": "strategy", "title": "S", "on": "May 2024"},
        {"organisation": "Optics", "kind": "strategy", "amount": 3},
    ]
    whole = {"organisations": [{"name": "Optics"}], "applications": rows}
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_applicants(path)
    told = [str(each) for each in caught.value.faults]
    for row, part in ((1, "money without its currency"), (2, "greater than or equal"),
                      (3, "no organisation of that name"), (4, "no evidence of that kind"),
                      (5, "there is none of the kind"), (6, "not a day"),
                      (7, "only a row of the kind asked"), (7, "has no title")):  # fmt: skip
        assert any(f"row {row}," in each and part in each for each in told), (row, part, told)


def test_pieces_count_by_kind_and_age(sample_release: Release) -> None:
    profile = load_demonstration()[0]
    cases = {
        "counts": ((Piece(kind="strategy", title="S", on=date(2025, 1, 1)),), Met.met),
        "too old": ((Piece(kind="strategy", title="S", on=date(2015, 1, 1)),), Met.not_met),
        "to come": ((Piece(kind="strategy", title="S", on=date(2027, 1, 1)),), Met.not_met),
        "undated": ((Piece(kind="strategy", title="S"),), Met.cannot_be_told),
        "other kind": ((Piece(kind="other", title="S"),), Met.cannot_be_told),
        "none": ((Piece(kind="strategy", none=True),), Met.not_met),
    }
    asks = (Money(amount=1, currency="EUR", side="private"),)
    every = [
        Applicant(profile=profile, key=key, pieces=pieces, asked=asks)
        for key, (pieces, _met) in cases.items()
    ]
    assert every[0].totals == (), "private money is not asked of a programme"
    for each in screen(every, sample_release, on=DAY).applicants:
        (answer,) = (one for one in each.answers if one.criterion.name == "strategy")
        assert answer.verdict is cases[each.applicant.identity][1], each.applicant.identity


def test_where_to_fund_next(sample_release: Release) -> None:
    found = fund_next(load_demonstration(), sample_release, "us-cbsa")
    gaps = found.of(Gap.no_organisation)
    assert [each.rank for each in gaps] == list(range(1, len(gaps) + 1))
    beyond = [each.beyond_average or 0 for each in gaps]
    assert beyond == sorted(beyond, reverse=True)
    assert all(each.year == 2021 and each.source and not each.organisations for each in gaps)
    assert all(each.probability_strong >= 0.9 for each in gaps)
    claimed = {("33460", "30"), ("19820", "4")}
    assert claimed.isdisjoint((each.region, each.cluster) for each in gaps)
    assert {each.organisations for each in found.of(Gap.base_open)} == {
        "Imaginary Capital Cyber Network",
        "Imaginary Network Without a Base",
    }
    assert {each.gap for each in found.rows} <= set(GAPS)
    europe = fund_next(load_demonstration(), sample_release, "nuts-2")
    assert all(each.definition == "nace-divisions" for each in europe.of(Gap.no_organisation))
    with pytest.raises(CannotAnswer):
        fund_next((), sample_release, "nuts-9")


def test_no_measure_is_left_out(screening: Screening) -> None:
    assert all(set(each.base.figures) == set(BASE_MEASURES) for each in screening.applicants)
