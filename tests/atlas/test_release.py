"""Questions to a release: answers, and refusals that say what to ask instead."""

from __future__ import annotations

import threading

import pytest

from clusteratlas.atlas import Release
from clusteratlas.tables import CannotAnswer


@pytest.mark.parametrize(
    ("ask", "problem", "hint"),
    [
        (lambda r: r.region("us-cbsa", "99999"), "no region with that code", ""),
        (lambda r: r.find_region("San Hose"), "no region", "San Jose"),
        (lambda r: r.scheme("us-metro"), "no region scheme", "us-cbsa"),
        (lambda r: r.region_profile("us-cbsa", "41940", 1999), "no figures", "2018, 2021"),
        (lambda r: r.cluster("us-benchmark-2014", "999"), "no cluster", ""),
        (lambda r: r.find_cluster("Aerospce"), "no cluster", "Aerospace"),
        (
            lambda r: r.regional_clusters("us-cbsa", definition="nace-divisions"),
            "not mapped",
            "us-benchmark-2014",
        ),
        (lambda r: r.regional_clusters("us-cbsa", order="beauty"), "no order", "rank"),
        (lambda r: r.table("secrets"), "no table", "regions"),
        (lambda r: r.region_profile("us-state", "11"), "print nothing", "another year"),
    ],
)
def test_what_is_not_there_is_refused_with_a_hint(
    sample_release: Release, ask: object, problem: str, hint: str
) -> None:
    with pytest.raises(CannotAnswer) as caught:
        ask(sample_release)  # type: ignore[operator]
    assert problem in str(caught.value)
    assert hint in str(caught.value)


def test_a_region_is_found_by_code_or_name(sample_release: Release) -> None:
    by_code = sample_release.find_region("41940")
    assert by_code.scheme == "us-cbsa"
    assert sample_release.find_region(by_code.name) == by_code
    assert sample_release.find_region("06", "us-state").name == "California"


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("41940", "region", "41940"),
        ("san jose", "region", "41940"),
        ("sunnyvale", "region", "41940"),
        ("San Hose Sunnyvale", "region", "41940"),
        ("ile de france", "region", "FR10"),
        ("Île-de-France", "region", "FR10"),
        ("biopharma", "cluster", "5"),
        ("biofarmaceuticals", "cluster", "5"),
        ("334413", "industry", "23"),
        ("semiconductor", "industry", "23"),
    ],
)
def test_search_forgives_typos_accents_and_codes(
    sample_release: Release, text: str, kind: str, code: str
) -> None:
    hits = sample_release.search(text, 5)
    assert (kind, code) in [(hit.kind, hit.code) for hit in hits]


def test_search_for_nothing_finds_nothing(sample_release: Release) -> None:
    assert sample_release.search("") == []
    assert sample_release.search("  --- ") == []
    assert sample_release.search("zzzzqqqq") == []


def test_orders_and_limits(sample_release: Release) -> None:
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", order="employment", limit=5)
    jobs = [each.employment for each in rows]
    assert len(jobs) == 5
    assert jobs == sorted(jobs, key=lambda count: -(count or 0))
    assert all(each.region_name and each.name for each in rows)


def test_industries_add_up_to_their_cluster_and_show_what_is_unpublished(
    sample_release: Release,
) -> None:
    cluster = sample_release.regional_cluster("us-cbsa", "41940", "23", 2021)
    industries = sample_release.industries("us-cbsa", "41940", "23", 2021)
    assert sum(each.employment or 0 for each in industries) == cluster.employment
    aerospace = sample_release.industries("us-cbsa", "41940", "20", 2021)
    assert {each.status for each in aerospace} & {"unpublished"}
    assert all(each.employment is None for each in aerospace if each.status == "unpublished")


def test_subclusters_add_up_to_their_cluster(sample_release: Release) -> None:
    cluster = sample_release.regional_cluster("us-cbsa", "41940", "23", 2021)
    parts = sample_release.subclusters("us-cbsa", "41940", "23", 2021)
    assert len(parts) > 2
    assert sum(each.employment or 0 for each in parts) == cluster.employment


def test_members_of_a_state_are_its_areas_and_its_rest(sample_release: Release) -> None:
    members = sample_release.members("us-state", "06")
    names = {each.name for each in members}
    assert "San Jose-Sunnyvale-Santa Clara, CA" in names
    assert "Rest of California" in names
    countries = sample_release.members("nuts-0", "DE")
    assert "DE11" in {each.region for each in countries}


def test_many_threads_read_the_same_answers(sample_release: Release) -> None:
    expected = sample_release.regional_clusters("us-cbsa", region="41940")
    answers: list[bool] = []

    def ask() -> None:
        for _ in range(5):
            answers.append(sample_release.regional_clusters("us-cbsa", region="41940") == expected)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 40


def test_the_engine_behind_a_release_reads_its_own_files_only(sample_release: Release) -> None:
    for question in (
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/leak.csv'",
        "install httpfs",
        "set enable_external_access = true",
        "attach '/tmp/other.db'",
    ):
        with pytest.raises(Exception, match=r"(?i)permission|disabled|locked|cannot"):
            sample_release._rows(question, [])
