"""What everybody reads of the registry: the list with its filters, profiles, files."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.organisations import Profile, load_demonstration
from clusteratlas.portal.registry import keeping, state
from clusteratlas.portal.registry.loading import arrivals, load
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.shelf import published
from clusteratlas.tables import InvalidInput

from ..people import organisation, person


def test_a_file_is_taken_in_once_and_its_changes_become_versions() -> None:
    first = load(load_demonstration())
    assert {each.kind for each in first} == {"new"}
    before = state.current()
    assert {each.kind for each in load(load_demonstration())} == {"same"}
    assert state.current() == before

    changed = load_demonstration()[0].model_copy(update={"staff": 9.0})
    (arrival,) = load([changed], person=person())
    row = Organisation.objects.get(pk=arrival.organisation.pk)
    assert (arrival.kind, row.version, row.published["staff"]) == ("changed", 2, 9.0)
    assert [each.profile["staff"] for each in row.revisions.all()] == [9.0, 6.5]
    assert state.current() != before


def test_what_waits_for_a_moderator_is_seen_by_nobody() -> None:
    load([Profile(name="Optics")], publish=False)
    assert published().organisations == ()
    row = Organisation.objects.get()
    assert (row.state, row.is_public) == (Organisation.State.SUBMITTED, False)


def test_two_of_one_name_are_told_apart_or_refused_and_nothing_is_written() -> None:
    load([Profile(name="Optics", identifier="a"), Profile(name="Optics", identifier="b")])
    assert set(published().by_slug) == {"optics", "optics-2"}
    with pytest.raises(InvalidInput) as refused:
        load([Profile(name="Water"), Profile(name="optics"), Profile(name="Water")])
    assert [(each.row, each.column) for each in refused.value.faults] == [(2, "name")]
    assert Organisation.objects.count() == 2
    (arrival,) = arrivals([Profile(name="Optics renamed", identifier="b")])
    assert (arrival.kind, arrival.organisation.slug) == ("changed", "optics-2")
    with pytest.raises(InvalidInput):
        load([Profile(name="X", identifier="b"), Profile(name="Y", identifier="b")])


def test_the_shelf_knows_regions_and_clusters_and_forgets_what_is_taken_down() -> None:
    load(load_demonstration())
    shelf = published()
    stuttgart = shelf.by_region["nuts-2", "DE11"]
    assert [each.slug for each in stuttgart] == [
        "musternetz-fahrzeugbau-stuttgart",
        "musterregion-medizintechnik-stuttgart",
    ]
    assert len({each.slug for each in shelf.by_cluster["us-benchmark-2014", "5"]}) == 2
    assert all(each.consent for row in shelf.organisations for each in row.profile.contacts)
    assert published() is shelf
    keeping.withdraw(Organisation.objects.get(slug=stuttgart[0].slug), person())
    assert stuttgart[0].slug not in published().by_slug


def test_a_shelf_stays_while_no_organisation_changes() -> None:
    organisation("optics")
    organisation("foods")
    state.bump()
    first = published()
    state.bump()  # such as for an event
    assert published() is first
    row = Organisation.objects.get(slug="foods")
    row.published = {**row.published, "town": "Ulm"}
    row.save()
    state.bump()
    second = published()
    assert (second is first, second.token == first.token) == (False, False)
    assert second.by_slug["foods"].profile.town == "Ulm"
    assert second.by_slug["optics"] is first.by_slug["optics"]
    Organisation.objects.filter(slug="foods").update(state="withdrawn")
    state.bump()
    assert list(published().by_slug) == ["optics"]


def test_a_change_while_the_state_is_read_is_seen_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.bump()
    settings.REGISTRY_STATE_SECONDS = 60
    first = state.RegistryState.objects.get().token

    held = state.RegistryState.objects

    class Slow:
        """Another thread changes the state right after this one has read it."""

        def __init__(self, *names: str, flat: bool) -> None:
            monkeypatch.undo()

        def filter(self, pk: int) -> Slow:
            return self

        def first(self) -> str:
            token = held.get().token
            state.bump()
            return token

    monkeypatch.setattr(held, "values_list", Slow)
    assert state.current() == first
    assert state.current() == state.RegistryState.objects.get().token != first


def test_words_are_found_without_accents_and_with_typos() -> None:
    load(load_demonstration())
    shelf = published()
    assert shelf.find("jarmuipari")[0].name == "Képzeletbeli Járműipari Klaszter"
    assert shelf.find("sttutgart medizintecnik")[0].slug == "musterregion-medizintechnik-stuttgart"
    assert shelf.find("carpet guild", 1)[0].slug == "imaginary-carpet-town-guild"
    assert shelf.find("zzzzzz") == shelf.find("?!") == []


def test_the_list_answers_every_filter_and_says_so(portal: Client) -> None:
    load(load_demonstration())
    whole = portal.get("/organisations/").content.decode()
    assert "Cluster organisations: 24." in whole
    assert "made up" in whole
    for query, count in (
        ("country=DE", 2),
        ("region=nuts-2:DE11", 2),
        ("cluster=us-benchmark-2014:5", 2),
        ("scheme=us-state", 1),
        ("label=silver&country=US", 1),
        ("q=toulose", 1),
        ("technology=photonics&country=MT", 0),
    ):
        rows = list(
            csv.DictReader(
                io.StringIO(portal.get(f"/organisations/table.csv?{query}").content.decode())
            )
        )
        assert len(rows) == count, query
        page = portal.get(f"/organisations/?{query}").content.decode()
        assert "passes" in page or "pass the filters" in page
        assert page.count("<tr>") >= 1
    for wrong in ("kind=witch", "region=DE11", "order=x", "page=2", "page=x"):
        assert portal.get(f"/organisations/?{wrong}").status_code == 400, wrong
    for order in ("members", "changed", "country", "name"):
        assert portal.get(f"/organisations/?order={order}").status_code == 200


def test_a_profile_shows_only_contacts_with_consent_and_is_kept(portal: Client) -> None:
    load(load_demonstration())
    address = "/organisations/imaginary-lakes-medical-device-alliance/"
    response = portal.get(address)
    page = response.content.decode()
    assert "Ada Example" in page
    assert "Ben Example" not in page
    assert 'rel="nofollow noopener noreferrer"' in page
    assert "fictional" in page
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert '<a href="/organisations/imaginary-bay-life-science-council/"' in page
    assert portal.get(f"{address}versions/").status_code == 200
    assert portal.get("/de" + address).status_code == 200
    assert portal.get("/organisations/nobody/").status_code == 404


def test_what_is_not_public_is_not_there_for_others(portal: Client) -> None:
    organisation("hidden", public=False)
    assert portal.get("/organisations/hidden/").status_code == 404


def test_text_of_an_organisation_is_never_run(portal: Client) -> None:
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    load(
        [
            Profile(
                name="=1+1 " + bad,
                summary=bad,
                town=bad,
                priorities=(bad,),
                offers=[{"topic": bad, "text": bad}],
                partnerships=[{"name": bad, "partners": [bad], "programme": bad}],
                contacts=[{"name": bad, "role": bad, "phone": "+1", "consent": True}],
                evidence=[{"title": bad}],
                labels=[{"label": "gold", "name": bad}],
                regions=[{"scheme": "nuts-2", "region": '"><b>'}],
                claims=[{"definition": "nace-divisions", "cluster": "<b>", "subcluster": bad}],
            )
        ]
    )
    slug = published().organisations[0].slug
    for place in ("", f"{slug}/", f"{slug}/versions/"):
        page = portal.get(f"/organisations/{place}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert '"><b>' not in page
    table = portal.get("/organisations/table.csv").content.decode()
    assert "\r\n" in table
    assert ",=1+1" not in table
    assert '"=1+1' not in table


def test_organisations_are_among_what_the_search_finds(portal: Client) -> None:
    load(load_demonstration())
    page = portal.get("/search/?q=jarmuipari").content.decode()
    assert 'href="/organisations/kepzeletbeli-jarmuipari-klaszter/"' in page
    asked = portal.get("/search/suggest/?q=stuttgart").content.decode()
    assert "/organisations/musternetz-fahrzeugbau-stuttgart/" in asked
    assert "/regions/nuts-2/DE11/" in asked
    only = portal.get("/search/suggest/?q=stuttgart&kinds=region").content.decode()
    assert "/organisations/" not in only
