"""Entry rules, merging of edits, differences between versions, and who covers what."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusteratlas.atlas import Release
from clusteratlas.organisations import (
    Claim,
    Interest,
    Members,
    Partnership,
    Profile,
    RegionRef,
    changes,
    check_entry,
    coverage_of,
    load_demonstration,
    may_enter,
    merge,
    read_entry_rules,
)
from clusteratlas.organisations.containment import containment
from clusteratlas.organisations.entry_rules import entry_rules_of, sentence_of
from clusteratlas.tables import CannotAnswer, InvalidInput

US = "us-benchmark-2014"


def profile(**more: object) -> Profile:
    return Profile.model_validate({"name": "Optics", **more})


# Entry rules


def test_every_rule_is_answered_with_what_was_found() -> None:
    bare = {each.rule.name: each for each in check_entry(profile())}
    assert {name: each.held for name, each in bare.items()} == {
        "staff": None, "members": None, "member-kinds": None,
        "website": False, "region": False, "claim": False,
    }  # fmt: skip
    assert sentence_of(bare["members"]) == "At least 15 members are committed (not stated)."
    assert sentence_of(bare["region"]) == "At least one region is named (not stated)."
    short = profile(staff=0.25, members={"counts": {"small-firms": 14, "training": 0}})
    told = {each.rule.name: each for each in check_entry(short)}
    assert [told[name].found for name in ("staff", "members", "member-kinds")] == [0.25, 14, 1]
    assert [told[name].held for name in ("staff", "members", "member-kinds")] == [False] * 3
    lifted = check_entry(short, waivers=["official-programme"])
    assert [each.waived_by for each in lifted] == ["official-programme"] * 3 + [""] * 3
    assert "waived: official programme" in sentence_of(lifted[0])
    assert not may_enter(lifted)
    full = load_demonstration()[0]
    assert may_enter(check_entry(full))
    missed = Counter(
        each.rule.name
        for one in load_demonstration()
        for each in check_entry(one)
        if not each.passed
    )
    assert set(missed) == {"staff", "members", "member-kinds", "website", "region"}


def test_rules_of_ones_own(tmp_path: Path) -> None:
    place = tmp_path / "ours.toml"
    place.write_text(
        """
        name = "ours"
        version = 3
        [[waiver]]
        name = "labelled"
        reason = "labelled"
        when = { field = "labels", stated = true }
        [[rule]]
        name = "firms"
        field = "members.firm_share"
        at_least = 0.5
        reason = "firms"
        text = "At least {asked} of the members are firms"
        waived_by = ["labelled"]
        [[rule]]
        name = "home"
        field = "country"
        one_of = ["DE", "AT"]
        reason = "home"
        [[rule]]
        name = "both"
        field = "languages"
        includes = ["de", "en"]
        reason = "both"
        [[rule]]
        name = "few"
        field = "seeks"
        at_most = 1
        reason = "few"
        """
    )
    rules = read_entry_rules(place)
    mine = profile(
        country="CH", languages=["de", "en", "fr"], seeks=[{"topic": "a"}, {"topic": "b"}],
        members={"counts": {"small-firms": 2, "universities": 4}},
    )  # fmt: skip
    assert [each.held for each in check_entry(mine, rules)] == [False, False, True, False]
    assert sentence_of(check_entry(mine, rules)[0]) == (
        "At least 0.5 of the members are firms (stated: 0.333333)."
    )
    gold = mine.model_copy(update={"labels": profile(labels=[{"label": "gold"}]).labels})
    assert check_entry(gold, rules)[0].waived_by == "labelled"


def test_faults_of_rules_are_told_at_once() -> None:
    text = """
    name = "ours"
    version = 0
    colour = "red"
    [[rule]]
    name = "a b"
    field = "staff"
    at_least = 1
    reason = "x"
    [[rule]]
    name = "one"
    field = "stafff"
    reason = "x"
    [[rule]]
    name = "two"
    field = "staff"
    at_least = 1
    at_most = 2
    reason = "x"
    """
    with pytest.raises(InvalidInput) as error:
        entry_rules_of(text, file="ours.toml")
    told = str(error.value)
    for words in (
        "version",
        "colour",
        "rule.0.name",
        "rule.1",
        "rule.2",
        "did you mean staff?",
        "one demand",
    ):
        assert words in told, words
    with pytest.raises(InvalidInput, match="not TOML"):
        entry_rules_of("name = ")
    with pytest.raises(InvalidInput, match="no waiver of the file"):
        entry_rules_of(
            'name="a"\nversion=1\n[[rule]]\nname="r"\nfield="staff"\nat_least=1\nreason="x"\n'
            'waived_by=["nothing"]'
        )


# Two edits of one profile


def test_what_does_not_clash_is_merged_and_what_does_is_told() -> None:
    base = profile(
        staff=1, summary="old", languages=["de", "fr"], country="DE",
        claims=[Claim(definition=US, cluster="1"), Claim(definition=US, cluster="2")],
        offers=[Interest(topic="Lasers", kind="supply"), Interest(topic="Light")],
        members=Members(counts={"training": 1, "research": 2}, as_of=date(2024, 1, 1)),
        partnerships=[Partnership(name="Bridge", since=2020)],
    )  # fmt: skip
    theirs = base.model_copy(
        update={
            "staff": 2.0,
            "languages": ("de", "fr", "en"),
            "claims": (base.claims[0], base.claims[1].model_copy(update={"weight": "side"})),
            "offers": (Interest(topic="Lasers", kind="pilot"), base.offers[1]),
            "members": Members(counts={"training": 5, "research": 2}, as_of=date(2025, 1, 1)),
            "partnerships": (),
        }
    )
    mine = base.model_copy(
        update={
            "staff": 3.0,
            "summary": "new",
            "languages": ("fr", "it"),
            "claims": (Claim(definition=US, cluster="9"), *base.claims[1:]),
            "offers": (Interest(topic="Lasers", kind="supply", text="more"), *base.offers[1:],
                       Interest(topic="Glass")),
            "members": Members(counts={"training": 1, "finance": 4}, as_of=date(2024, 1, 1)),
            "partnerships": (Partnership(name="Bridge", since=2021),),
        }
    )  # fmt: skip
    found = merge(base, theirs, mine)
    merged = found.profile
    assert merged.summary == "new"
    assert merged.languages == ("fr", "en", "it")
    assert [(each.cluster, each.weight) for each in merged.claims] == [("2", "side"), ("9", "main")]
    assert merged.offers == (
        Interest(topic="Lasers", kind="pilot", text="more"), Interest(topic="Light"),
        Interest(topic="Glass"),
    )  # fmt: skip
    assert merged.members.counts == {"training": 5, "finance": 4}
    told = {each.key: (each.base, each.theirs, each.mine) for each in found.conflicts}
    assert told["staff"] == (1.0, 2.0, 3.0)
    assert set(told) == {"staff", "partnerships/Bridge"}
    assert told["partnerships/Bridge"][1] is None
    assert not found.clean
    chosen = merge(base, theirs, mine, choices={"staff": "mine", "partnerships/Bridge": "theirs"})
    assert chosen.clean
    assert chosen.profile.staff == 3
    assert chosen.profile.partnerships == ()


words = st.lists(st.sampled_from(["de", "en", "fr", "it"]), max_size=4, unique=True)
topics = st.lists(
    st.builds(
        Interest,
        topic=st.sampled_from(["a", "b", "c"]),
        kind=st.sampled_from(["", "supply", "pilot"]),
    ),
    max_size=4,
)
versions = st.builds(
    Profile,
    name=st.sampled_from(["A", "B"]),
    staff=st.none() | st.integers(0, 2).map(float),
    languages=words,
    offers=topics,
    members=st.builds(
        Members, counts=st.dictionaries(st.sampled_from(["training", "finance"]), st.integers(0, 2))
    ),
)


@given(versions, versions, versions)
def test_merging_keeps_to_its_laws(base: Profile, theirs: Profile, mine: Profile) -> None:
    assert merge(base, theirs, base) == merge(theirs, theirs, theirs)
    assert merge(base, base, mine).profile == mine
    assert merge(base, mine, mine).clean
    found = merge(base, theirs, mine)
    forward = {each.key for each in found.conflicts}
    assert forward == {each.key for each in merge(base, mine, theirs).conflicts}
    for side, whole in (("theirs", theirs), ("mine", mine)):
        decided = merge(base, theirs, mine, choices=dict.fromkeys(forward, side))
        assert decided.clean
        assert set(decided.profile.languages) >= set(theirs.languages) & set(mine.languages)
        if base == (mine if side == "theirs" else theirs):
            assert decided.profile == whole
    assert (changes(base, mine) == ()) == (base == mine)
    assert len(changes(base, mine)) == len({(each.key, each.kind) for each in changes(base, mine)})


def test_changes_read_field_by_field() -> None:
    before = profile(staff=1, languages=["de", "fr"], offers=[{"topic": "a", "kind": "supply"}])
    after = profile(
        languages=["fr", "de"], offers=[{"topic": "a", "kind": "pilot"}, {"topic": "b"}],
        members={"counts": {"training": 3}},
    )  # fmt: skip
    told = [(each.key, each.kind, each.before, each.after) for each in changes(before, after)]
    assert ("staff", "removed", 1.0, None) in told
    assert ("languages", "moved", ["de", "fr"], ["fr", "de"]) in told
    assert ("offers/a/kind", "changed", "supply", "pilot") in told
    assert ("members/counts/training", "added", None, 3) in told
    assert {each[0] for each in told} == {
        "staff", "languages", "offers/a/kind", "offers/b", "members/counts/training"
    }  # fmt: skip


# Coverage


def at(name: str, *places: str, clusters: str = "4", **more: object) -> Profile:
    regions = [dict(zip(("scheme", "region"), each.split(":"), strict=True)) for each in places]
    claims = [{"definition": US, "cluster": each, **more} for each in clusters.split()]
    return Profile.model_validate({"name": name, "regions": regions, "claims": claims})


def test_who_covers_a_strong_cluster(sample_release: Release) -> None:
    registry = [
        at("Here", "us-cbsa:19820"),
        at("Part", "us-cbsa:48620", clusters="1", subcluster="Aircraft"),
        at("State", "us-state:26", clusters="4 21"),
        at("Nowhere"),
        at("Elsewhere", "us-zip:1"),
    ]
    found = coverage_of(registry, sample_release, "us-cbsa")
    rows = {(each.region, each.cluster): each for each in found.rows}
    assert rows["19820", "4"].covered == "here"
    assert rows["19820", "4"].organisations == "Here"
    assert rows["48620", "1"].covered == "part"
    assert (rows["24340", "21"].covered, rows["24340", "21"].covered_from) == ("above", "Michigan")
    assert rows["35620", "16"].covered == "nobody"
    assert [(each.region, each.organisations, each.from_above) for each in found.overlaps] == [
        ("19820", "Here", "State (Michigan)")
    ]
    assert (found.without_base, found.elsewhere) == (("Nowhere",), ("Elsewhere",))

    strong = [
        row
        for row in sample_release.regional_clusters("us-cbsa")
        if (row.probability_strong or 0) >= 0.9
    ]
    assert {(row.region, row.cluster) for row in strong} == set(rows)
    importance = [each.beyond_average or 0 for each in found.rows]
    assert importance == sorted(importance, reverse=True)
    top = found.gaps[0]
    assert top.beyond_average == pytest.approx(top.employment * (1 - 1 / top.location_quotient))
    regions, clusters = found.by_region(), found.by_cluster()
    assert sum(each.strong for each in regions) == len(strong)
    assert sum(each.nobody for each in clusters) == len(found.gaps)
    assert regions[0].jobs_open == max(each.jobs_open for each in regions)

    states = coverage_of(registry, sample_release, "us-state")
    michigan = {each.cluster: each for each in states.rows if each.region == "26"}
    assert michigan["4"].covered == "here"
    kansas = coverage_of(
        [at("In Wichita", "us-cbsa:48620", clusters="1")], sample_release, "us-state"
    )
    aerospace = next(each for each in kansas.rows if (each.region, each.cluster) == ("20", "1"))
    assert (aerospace.covered, aerospace.covered_from) == ("within", "Wichita, KS")
    with pytest.raises(CannotAnswer):
        coverage_of(registry, sample_release, "us-zip")


def test_regions_lie_in_their_states_and_nation(sample_release: Release) -> None:
    around = containment(sample_release)
    assert set(around.above["us-cbsa", "47900"]) == {
        ("us-state", each) for each in ("11", "24", "51", "54")
    } | {("us-nation", "US")}
    assert around.above["nuts-2", "DE11"] == (("nuts-0", "DE"),)
    assert ("us-cbsa", "19820") in around.inside["us-state", "26"]
    assert RegionRef(scheme="nuts-0", region="DE").region not in around.above


def test_the_demonstration_overlaps_within_a_region(sample_release: Release) -> None:
    overlaps = coverage_of(load_demonstration(), sample_release, "nuts-2").overlaps
    assert [(each.region, each.cluster, each.count) for each in overlaps] == [("DE11", "C28", 2)]
