"""The hide-one-cluster test: by hand, its ties, what it leaves out, and the figures of the docs."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clusteratlas.matching.affinity import Affinity, affinity_of_packaged
from clusteratlas.matching.affinity_evidence import Cases, evidence_of, hide_one
from clusteratlas.matching.affinity_ranking import (
    EXPECTED,
    Choices,
    Constants,
    further_clusters,
    learn,
    probabilities,
    scores,
)
from clusteratlas.matching.evaluation import evaluate, mid_ranks
from clusteratlas.matching.evaluation_rankings import (
    CO_TAGS,
    ESTIMATED,
    MOST_FOLDS,
    OURS,
    POPULARITY,
    RANDOM,
    SAID,
    all_scores,
    cold,
    folds,
    scores_elsewhere,
)
from clusteratlas.matching.registry_list import Listed, RegistryList, read_list
from clusteratlas.tables import CannotAnswer

BENCHMARK = "us-benchmark-2014"
ROOT = Path(__file__).parents[2]
SHARED = ROOT / "../shared/data/organisations/us_organisations_and_clusters.csv"


@pytest.fixture(scope="module")
def affinity() -> Affinity:
    return affinity_of_packaged(BENCHMARK)


def _listed(rows: list[list[str]]) -> RegistryList:
    return RegistryList(
        "made.csv",
        BENCHMARK,
        tuple(
            Listed(str(at), f"Organisation {at}", tuple(codes), at + 2)
            for at, codes in enumerate(rows)
        ),
    )


FOUR = _listed([["1", "2"], ["1", "2"], ["1", "3"], ["1", "110"]])
"""Two that span 1 and 2, one that spans 1 and 3, one in 1 and a local cluster."""


def test_four_organisations_by_hand(affinity: Affinity) -> None:
    """Co-tags of the first: others with 1 are 2 (once), 3 (once), so 2 ties with 3: rank 1.5.

    Hidden 1, known 2: the second has both: rank 1. The second organisation likewise. The third,
    hidden 3, known 1: 2 counts two, all others none: 3 ties with 48 others for the places 2 to 50:
    rank 26, cold; hidden 1, known 3: nobody else has 3, all 50 tie for rank 25.5, cold.
    """
    found = evaluate(FOUR, affinity, draws=200)
    assert (found.organisations, found.asked, found.cases, found.cold_cases) == (4, 3, 6, 2)
    ranks = [1.5, 1, 1.5, 1, 26, 25.5]
    judged = {each.name: each for each in found.rankings}
    assert judged[CO_TAGS].figures == {
        "mrr": pytest.approx(sum(1 / rank for rank in ranks) / 6),
        "mrr_cold": pytest.approx((1 / 26 + 1 / 25.5) / 2),
        "hits_5": pytest.approx(4 / 6),
        "hits_10": pytest.approx(4 / 6),
    }
    # popularity without the organisation asked about. First, hidden 2: 2 and 3 have one each, rank
    # 1.5; hidden 1: it has three and leads, rank 1. Third, hidden 3: 2 has two, 3 none, rank 26;
    # hidden 1: three, rank 1.
    assert judged[POPULARITY].figures["mrr"] == pytest.approx(
        (1 / 1.5 + 1 + 1 / 1.5 + 1 + 1 / 26 + 1) / 6
    )
    chance = sum(1 / rank for rank in range(1, 51)) / 50
    assert judged[RANDOM].figures["mrr"] == pytest.approx(chance)
    assert judged[RANDOM].figures["hits_10"] == pytest.approx(0.2)
    assert [each.name for each in found.rankings] == list(SAID)
    for each in found.rankings:
        for figure, interval in each.intervals.items():
            assert interval is None or interval[0] <= each.figures[figure] <= interval[1]


def test_ties_share_the_middle_and_known_clusters_are_no_rivals() -> None:
    cases = Cases(np.array([0, 0]), np.array([0, 3]), np.array([[False, True, False, False]] * 2))
    scored = np.array([[0.3, 9.0, 0.1 + 0.2, 0.1], [0.0, 9.0, 0.0, 0.0]])
    assert mid_ranks(scored, cases).tolist() == [1.5, 2.0]


def test_cold_is_what_no_other_organisation_combines() -> None:
    tags = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1.0]])
    cases = hide_one(tags)
    keys = zip(cases.organisation, cases.hidden, strict=True)
    assert dict(zip(keys, cold(tags, cases), strict=True)) == {
        (0, 0): False,
        (0, 1): False,
        (0, 2): True,
        (1, 0): False,
        (1, 1): False,
        (2, 2): True,
        (2, 3): True,
    }


def _random_tags(seed: int, organisations: int = 40) -> np.ndarray:
    random = np.random.default_rng(seed)
    popular = 1 / np.arange(1, 52)
    tags = np.zeros((organisations, 51))
    for row in tags:
        size = random.choice([1, 2, 3, 4], p=[0.4, 0.3, 0.2, 0.1])
        row[random.choice(51, size, replace=False, p=popular / popular.sum())] = 1
    return tags


def _scored(tags: np.ndarray, affinity: Affinity) -> tuple[Cases, dict[str, np.ndarray]]:
    cases = hide_one(tags)
    return cases, all_scores(tags, cases, affinity, seed=0, tell=lambda *_: None)


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_of_the_organisation_asked_about_is_used(affinity: Affinity, seed: int) -> None:
    """Left out in place, or taken out of the list beforehand: the scores are the same."""
    tags = _random_tags(seed)
    cases, scored = _scored(tags, affinity)
    for organisation in np.unique(cases.organisation)[:6]:
        mine = np.flatnonzero(cases.organisation == organisation)
        others = np.delete(tags, organisation, axis=0)
        names = tuple(name for name in scored if name != ESTIMATED)
        elsewhere = scores_elsewhere(others, cases.part(mine), affinity, names)
        for name in names:
            assert np.allclose(scored[name][mine], elsewhere[name]), name
        learned = learn(others, affinity, Choices(estimated=True))
        evidence = evidence_of(others, cases.part(mine), among=False)
        again = scores(evidence, affinity, learned, Choices(estimated=True))
        assert np.allclose(scored[ESTIMATED][mine], again, rtol=1e-4, atol=1e-6)


def test_the_order_of_the_others_changes_nothing_and_a_double_lends_its_links(
    affinity: Affinity,
) -> None:
    tags = _random_tags(3)
    cases, scored = _scored(tags, affinity)
    order = np.random.default_rng(0).permutation(len(tags))
    turned_cases, turned = _scored(tags[order], affinity)
    back = {
        (order[organisation], hidden): at
        for at, (organisation, hidden) in enumerate(
            zip(turned_cases.organisation, turned_cases.hidden, strict=True)
        )
    }
    here = [back[key] for key in zip(cases.organisation, cases.hidden, strict=True)]
    for name, each in scored.items():
        assert np.allclose(turned[name][here], each, rtol=1e-3, atol=1e-5), name
    first = int(cases.organisation[0])
    mine = cases.organisation == first
    doubled = np.vstack([tags, tags[first]])
    again = scores_elsewhere(
        np.delete(doubled, first, axis=0), cases.part(mine), affinity, (CO_TAGS, OURS)
    )
    before = scored[CO_TAGS][mine]
    at = (np.arange(mine.sum()), cases.hidden[mine])
    known = cases.known[mine].sum(axis=1)
    assert (again[CO_TAGS][at] == before[at] + known).all()
    assert not cold(doubled, cases.part(mine)).any()
    assert (mid_ranks(again[OURS], cases.part(mine)) <= mid_ranks(scored[OURS], cases)[mine]).all()


def test_folds_hold_every_organisation_with_several_clusters_once() -> None:
    tags = _random_tags(4, organisations=400)
    found = folds(tags, seed=5)
    several = tags.sum(axis=1) > 1
    assert (found[~several] == -1).all()
    assert set(found[several]) == set(range(MOST_FOLDS))
    assert np.array_equal(found, folds(tags, seed=5))


def test_without_evidence_relatedness_decides_and_with_it_what_is_observed(
    affinity: Affinity,
) -> None:
    nothing = np.zeros((0, 51))
    alone = further_clusters(["47"], nothing, affinity)
    related = affinity.between("skills", "input_output")[affinity.place("47")]
    places = [affinity.place(code) for code, _, _ in alone]
    assert (np.diff(related[places]) <= 1e-9).all()
    assert sum(probable for _, probable, _ in alone) == pytest.approx(1)
    tags = np.zeros((6, 51))
    tags[:, [affinity.place("47"), affinity.place("45")]] = 1
    first, *_ = further_clusters(["47"], tags, affinity)
    assert (first[0], first[2]) == ("45", 6)
    assert first[1] > 6 / 7
    with pytest.raises(CannotAnswer, match="only traded clusters"):
        further_clusters(["110"], tags, affinity)
    everything = further_clusters(list(affinity.clusters), tags, affinity)
    assert everything == []


def test_probabilities_add_up_and_slopes_are_those_of_the_likelihood(affinity: Affinity) -> None:
    tags = _random_tags(6)
    cases = hide_one(tags)
    evidence = evidence_of(tags, cases, among=True)
    constants = Constants(0.4, (1.0, 3.0), 0.7)
    for choices in (Choices(), Choices(discount=0.5)):
        found = probabilities(evidence, affinity, constants, choices)
        assert np.allclose(found.sum(axis=1), 1)
        assert (found[cases.known] == 0).all()
    unknown = replace(affinity, skills=np.full((51, 51), np.nan))
    middle = replace(affinity, skills=np.full((51, 51), 0.5))
    assert np.array_equal(
        probabilities(evidence, unknown, constants), probabilities(evidence, middle, constants)
    )


def test_estimated_constants_find_what_a_made_list_was_made_of(affinity: Affinity) -> None:
    """Skills alone make these combinations: their weight grows, that of input-output falls."""
    random = np.random.default_rng(0)
    pull = np.exp(8 * np.nan_to_num(affinity.skills))
    np.fill_diagonal(pull, 0)
    tags = np.zeros((400, 51))
    for row in tags:
        first = random.integers(51)
        row[[first, random.choice(51, p=pull[first] / pull[first].sum())]] = 1
    learned = learn(tags, affinity, Choices(estimated=True))
    assert learned.relatedness[0] > 4
    assert learned.relatedness[1] < 1.5
    assert learned.strength > 2
    kept = learn(tags, affinity)
    assert np.allclose(kept.values(), EXPECTED)
    none = learn(np.eye(51), affinity, Choices(estimated=True))
    assert none == Constants.expected()
    repeated = np.zeros((60, 51))
    repeated[::2, [0, 9]] = 1
    repeated[1::2, [4, 20]] = 1
    assert learn(repeated, affinity, Choices(estimated=True)).strength < 0.4


def test_lists_that_cannot_be_judged_are_refused(affinity: Affinity) -> None:
    with pytest.raises(CannotAnswer, match="nothing to hide"):
        evaluate(_listed([["1"], ["2", "110"]]), affinity)
    with pytest.raises(CannotAnswer, match="two cluster definitions"):
        evaluate(replace(FOUR, definition="nace-divisions"), affinity)
    warm = evaluate(_listed([["1", "2"]] * 3), affinity, draws=200)
    assert warm.cold_cases == 0
    assert warm.ours.figures["mrr_cold"] is None
    assert warm.ours.intervals["mrr_cold"] is None


@pytest.mark.proof
def test_two_thousand_organisations_within_a_minute(affinity: Affinity) -> None:
    tags = _random_tags(7, organisations=2000)
    rows = [[affinity.clusters[at] for at in np.flatnonzero(row)] for row in tags]
    started = time.monotonic()
    found = evaluate(_listed(rows), affinity)
    assert found.organisations == 2000
    assert time.monotonic() - started < 60


@pytest.mark.shared
def test_the_figures_of_the_docs_are_those_of_the_registry(affinity: Affinity) -> None:
    if not SHARED.is_file():
        pytest.skip("the registry's list is private test data in ../shared")
    found = evaluate(read_list(SHARED), affinity)
    assert (found.organisations, found.asked, found.cases, found.cold_cases) == (71, 19, 46, 21)
    text = (ROOT / "docs/explanation/matching-evaluation.md").read_text(encoding="utf-8")
    text = text.split("## How it was chosen")[0]
    rows = {
        cells[0].strip("* "): [cell.strip("* ") for cell in cells[1:]]
        for cells in (line.strip("|").split("|") for line in re.findall(r"^\|.*\|$", text, re.M))
    }
    for each in found.rankings:
        low, high = each.intervals["mrr"]
        coldest = each.intervals["mrr_cold"]
        assert rows[SAID[each.name]] == [
            f"{each.figures['mrr']:.2f} ({low:.2f}-{high:.2f})",
            f"{each.figures['hits_5']:.0%}".replace("%", " %"),
            f"{each.figures['hits_10']:.0%}".replace("%", " %"),
            f"{each.figures['mrr_cold']:.2f} ({coldest[0]:.2f}-{coldest[1]:.2f})",
        ], each.name
    for one in found.robustness:
        assert rows[one.name] == [
            f"{one.cases:.0f}",
            f"{one.cold_cases:.0f}",
            *(
                f"{one.figures[name][figure]:.2f}"
                for name in (OURS, CO_TAGS, POPULARITY)
                for figure in ("mrr", "mrr_cold")
            ),
        ], one.name
