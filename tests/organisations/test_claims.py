"""The claim check against the release's own figures, and what no claim may ever get."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusteratlas import measures
from clusteratlas.atlas import Release
from clusteratlas.organisations import (
    Claim,
    IndustryRef,
    Profile,
    RegionRef,
    Verdict,
    check_claims,
    check_many,
    claim_rule,
    load_demonstration,
)
from clusteratlas.organisations.claim_words import REASONS, figures_in_words, sentence
from clusteratlas.organisations.measured import relations
from clusteratlas.organisations.verdicts import Evidence, verdict_of
from clusteratlas.tables import CannotAnswer

US = "us-benchmark-2014"
RULE = claim_rule("claim-check-1")


def one(scheme: str, region: str, cluster: str, definition: str = US, **more: str) -> Profile:
    return Profile(
        name="One",
        regions=(RegionRef(scheme=scheme, region=region),),
        claims=(Claim(definition=definition, cluster=cluster, **more),),
    )


def reasons(profile: Profile, release: Release) -> tuple[str, list[str]]:
    (check,) = check_claims(profile, release).claims
    found = check.best.reasons if check.best else check.reasons
    return check.verdict.value, [each.code for each in found]


def test_the_demonstration_shows_every_verdict(sample_release: Release) -> None:
    reports = check_many(load_demonstration(), sample_release)
    counts = Counter(each.verdict for report in reports for each in report.claims)
    assert all(counts[verdict] >= 3 for verdict in Verdict), counts
    shown = {
        reason.code
        for report in reports
        for each in report.claims
        for reason in (each.best.reasons if each.best else each.reasons)
    }
    assert shown >= {
        "strong", "concentrated", "could_be_strong", "below_average", "open", "unpublished",
        "partly_covered", "no_region", "definition_not_measured", "growth",
    }  # fmt: skip
    industries = Counter(each.verdict for report in reports for each in report.industries)
    assert industries[Verdict.supported] > 10
    for report in reports:
        for each in (*report.claims, *report.industries):
            for region in each.regions:
                assert all(sentence(reason) for reason in region.reasons)
    assert reports == [check_claims(each, sample_release) for each in load_demonstration()]


def test_figures_are_those_of_the_release(sample_release: Release) -> None:
    report = check_claims(one("us-cbsa", "48620", "1"), sample_release)
    (check,) = report.claims
    assert check.best is not None
    figures = check.best.figures
    assert figures is not None
    row = sample_release.regional_cluster("us-cbsa", "48620", "1")
    for name in (
        "employment", "employment_low", "employment_high", "status", "year", "establishments",
        "location_quotient", "location_quotient_low", "location_quotient_high", "rank", "ranked",
        "probability_strong", "strong", "share_of_nation",
    ):  # fmt: skip
        assert getattr(figures, name) == getattr(row, name), name
    assert figures.growth == row.employment_growth
    whole = sample_release.cluster_profile("us-cbsa", "1")
    assert figures.reference_growth == whole.employment_growth
    assert figures.source == sample_release.scheme("us-cbsa").source_line
    assert "us-2014" in figures.profiles_held
    assert (report.rule, report.release) == ("claim-check-1", sample_release.id)
    assert f"{row.employment:,}" in figures_in_words(figures)
    weights = relations(sample_release, US)
    near = [weights["1", each.cluster].composite for each in check.best.strong_here]
    assert near == sorted(near, reverse=True)
    away = [each.kilometres for each in check.best.strong_near]
    assert away == sorted(away)
    assert all(
        sample_release.regional_cluster("us-cbsa", each.region, "1").probability_strong >= 0.9
        for each in check.best.strong_near
    )


@pytest.mark.parametrize("scheme", ["us-cbsa", "us-state", "nuts-2"])
def test_no_verdict_goes_against_the_interval(scheme: str, sample_release: Release) -> None:
    """An independent reading of the published rows: what each verdict may never be."""
    definition = sample_release.definition_of(scheme, None)
    rows = sample_release.regional_clusters(scheme)
    chosen = random.Random(7).sample(rows, 400)
    reports = check_many(
        [one(scheme, row.region, row.cluster, definition) for row in chosen], sample_release
    )
    seen = Counter()
    for row, report in zip(chosen, reports, strict=True):
        region = report.claims[0].regions[0]
        verdict, code = region.verdict, region.reasons[0].code
        seen[verdict] += 1
        if sample_release.region(scheme, row.region).coverage != 1:
            continue
        strong = row.probability_strong if row.probability_strong is not None else 0.0
        if verdict is Verdict.supported:
            assert strong >= 0.9
            assert row.employment_low >= 50
        if row.employment is None:
            assert code in ("unpublished", "withheld")
            assert verdict is Verdict.unknown
        if row.traded is False:
            assert verdict is Verdict.unknown
        if verdict is Verdict.emerging:
            assert strong < 0.9
            assert row.location_quotient_low >= (0.75 if code == "growing" else 1)
        if verdict is Verdict.unsupported and code == "below_average":
            assert row.location_quotient_high < 1
            assert strong <= 0.1
        if verdict is Verdict.unsupported and code == "too_small":
            assert row.employment_high < 50
    assert set(seen) == set(Verdict)


def test_a_state_is_judged_among_states_and_a_nation_among_none(sample_release: Release) -> None:
    (check,) = check_claims(one("us-state", "26", "4"), sample_release).claims
    assert check.best is not None
    assert check.best.figures is not None
    assert check.best.figures.ranked is not None
    assert check.best.figures.ranked <= 50
    assert check.verdict is Verdict.supported
    assert reasons(one("us-nation", "US", "4"), sample_release) == (
        "unknown", ["nothing_to_rank_among"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (Profile(name="A", claims=(Claim(definition=US, cluster="4"),)), "no_region"),
        (one("us-cbsa", "nowhere", "4"), "region_not_in_release"),
        (one("us-zip", "1", "4"), "region_not_in_release"),
        (one("us-cbsa", "19820", "999"), "cluster_not_in_release"),
        (one("us-cbsa", "19820", "4", "own"), "cluster_not_in_release"),
        (one("nuts-2", "DE11", "4"), "definition_not_measured"),
        (one("us-state", "11", "4"), "not_covered"),
        (one("us-cbsa", "19820", "113"), "local_cluster"),
        (one("us-cbsa", "19820", "43"), "unpublished"),
        (one("us-cbsa", "19820", "4", subcluster="Nothing of the kind"), "unpublished"),
    ],
)
def test_what_cannot_be_judged_says_why(
    profile: Profile, code: str, sample_release: Release
) -> None:
    verdict, codes = reasons(profile, sample_release)
    assert (verdict, codes[0]) == ("unknown", code)


def test_withheld_is_unknown_and_never_zero(unbound_release: Release) -> None:
    verdict, codes = reasons(one("us-cbsa", "19820", "4"), unbound_release)
    assert (verdict, codes) == ("unknown", ["withheld"])


def test_several_regions_give_each_its_verdict_and_the_claim_the_best(
    sample_release: Release,
) -> None:
    places = (("nuts-2", "DE11"), ("us-cbsa", "47900"), ("us-cbsa", "19140"), ("us-cbsa", "48620"))
    profile = Profile(
        name="Many",
        regions=tuple(RegionRef(scheme=scheme, region=region) for scheme, region in places),
        claims=(Claim(definition=US, cluster="1"),),
    )
    (check,) = check_claims(profile, sample_release).claims
    assert [each.verdict.value for each in check.regions] == [
        "unknown", "unsupported", "unknown", "supported"
    ]  # fmt: skip
    assert check.best is check.regions[3]
    worse = profile.model_copy(update={"regions": profile.regions[:2]})
    assert check_claims(worse, sample_release).claims[0].verdict is Verdict.unsupported


def test_a_part_that_is_not_covered_widens(sample_release: Release) -> None:
    (check,) = check_claims(one("us-cbsa", "47900", "16"), sample_release).claims
    assert check.best is not None
    figures = check.best.figures
    assert figures is not None
    assert figures.coverage is not None
    assert figures.coverage < 1
    assert figures.quotient_low == pytest.approx(figures.coverage * figures.location_quotient_low)
    assert figures.quotient_high == pytest.approx(
        figures.coverage * figures.location_quotient_high + (1 - figures.coverage) * 5
    )
    assert "partly_covered" in [each.code for each in check.best.reasons]


def test_a_subcluster_is_judged_by_the_same_profile(sample_release: Release) -> None:
    name = "Aircraft"
    rows = sample_release.selected(
        "select * from regional_subclusters where scheme = 'us-cbsa' and cluster = '1' "
        "and subcluster = ? and year = 2021 order by region",
        [name],
    ).to_pylist()
    table = [
        np.array([np.nan if row[each] is None else row[each] for row in rows], dtype=float)
        for each in ("location_quotient", "employment", "establishments")
    ]
    strong = measures.strength_flags(*table).strong
    reports = check_many(
        [one("us-cbsa", row["region"], "1", subcluster=name) for row in rows], sample_release
    )
    settled = 0
    for row, flag, report in zip(rows, strong, reports, strict=True):
        region = report.claims[0].regions[0]
        if row["status"] != "reported" or row["establishments"] is None:
            continue
        settled += 1
        assert region.figures is not None
        assert region.figures.strong == flag
        if row["employment"] >= 50:
            assert (region.verdict is Verdict.supported) == flag
    assert settled > 10


def test_own_industries_by_their_quotient_within_all_jobs(sample_release: Release) -> None:
    profile = one("us-cbsa", "48620", "1").model_copy(
        update={
            "industries": tuple(
                IndustryRef(classification=name, industry=code)
                for name, code in (("naics-2017", "336411"), ("nace-2", "C30"),
                                   ("naics-2017", "000000"), ("naics-2017", "611310"))
            )
        }
    )  # fmt: skip
    made = check_claims(profile, sample_release).industries
    assert made[0].title == "Aircraft Manufacturing"
    assert made[0].best is not None
    figures = made[0].best.figures
    assert figures is not None
    here = sample_release.region_profile("us-cbsa", "48620").employment
    nation = sample_release.region_profile("us-nation", "US").employment
    assert here
    assert nation
    assert figures.share_of_nation
    assert figures.location_quotient == pytest.approx(figures.share_of_nation / (here / nation))
    assert made[0].verdict is Verdict.supported
    assert [each.regions[0].reasons[0].code for each in made[1:3]] == [
        "classification_not_measured", "industry_not_in_release"
    ]  # fmt: skip
    assert made[3].verdict is not Verdict.supported


quotients = st.floats(0, 6)
chances = st.floats(0, 1)
jobs = st.integers(0, 300)


@st.composite
def nested(draw: st.DrawFn) -> tuple[Evidence, Evidence]:
    """Evidence, and evidence that knows more: every interval lies within that of the first."""
    lead = draw(st.none() | st.floats(-0.1, 0.1))
    ends = [sorted(draw(st.tuples(*[kind] * 4))) for kind in (jobs, quotients, chances)]
    wide = Evidence(
        *(ends[0][0], draw(st.sampled_from([ends[0][3], None]))),
        *(ends[1][0], draw(st.sampled_from([ends[1][3], None]))),
        *(ends[2][0], ends[2][3]),
        draw(st.sampled_from([lead, None])),
    )
    narrow = Evidence(*ends[0][1:3], *ends[1][1:3], *ends[2][1:3], lead)
    return wide, replace(narrow, growth_lead=wide.growth_lead if wide.growth_lead else lead)


@given(nested())
def test_knowing_more_never_overturns_a_verdict(evidence: tuple[Evidence, Evidence]) -> None:
    wide, narrow = (verdict_of(each, RULE)[0] for each in evidence)
    allowed = {
        Verdict.supported: {Verdict.supported},
        Verdict.emerging: {Verdict.emerging, Verdict.supported},
        Verdict.unsupported: {Verdict.unsupported},
        Verdict.unknown: set(Verdict),
    }
    assert narrow in allowed[wide], evidence


def test_every_reason_has_words_and_an_unknown_rule_is_refused() -> None:
    assert len(REASONS) == 25
    with pytest.raises(CannotAnswer, match="claim-check-1"):
        claim_rule("claim-check-0")


@pytest.mark.proof
def test_two_thousand_profiles_in_five_seconds(sample_release: Release) -> None:
    draw = random.Random(3)
    metros = [RegionRef(scheme="us-cbsa", region=each.region)
              for each in sample_release.regions("us-cbsa")]  # fmt: skip
    claims = [Claim(definition=US, cluster=each.cluster) for each in sample_release.clusters(US)]
    many = [
        Profile(name=str(at), regions=draw.sample(metros, 2), claims=draw.sample(claims, 3))
        for at in range(2_000)
    ]
    start = time.perf_counter()
    check_many(many, sample_release)
    assert time.perf_counter() - start <= 5
    start = time.perf_counter()
    for each in many[:100]:
        check_claims(each, sample_release)
    assert time.perf_counter() - start <= 100 * 0.02


def test_the_portal_has_words_for_every_reason() -> None:
    from clusteratlas.portal.organised.reason_words import REASONS as IN_THE_PORTAL

    assert set(REASONS) <= set(IN_THE_PORTAL)
