"""Organisations by API: reading for everybody, changes with a token, a version and no fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from clusteratlas.organisations import Profile, load_demonstration
from clusteratlas.portal.accounts import tokens
from clusteratlas.portal.accounts.models import ApiToken, User
from clusteratlas.portal.registry import keeping
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole

from ..people import join, organisation, person

API = "/api/v1/organisations"
FULL = load_demonstration()[0].model_copy(update={"name": "Optics"})


@pytest.fixture
def ada(portal: Client) -> User:
    return person()


def bearer(user: User, scope: str = ApiToken.Scope.EDIT) -> dict[str, str]:
    _token, secret = tokens.make(user, name="test", scope=scope, days=1)
    return {"authorization": f"Bearer {secret}"}


def put(slug: str, profile: object, headers: dict[str, str], query: str = "") -> tuple[int, Any]:
    body = profile if isinstance(profile, bytes) else json.dumps(profile).encode()
    answer = Client().put(
        f"{API}/{slug}{query}", body, content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


def got(address: str, status: int = 200, **headers: str) -> Any:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_everybody_reads_and_leafs_through_what_is_published(portal: Client) -> None:
    load(load_demonstration())
    first = got(f"{API}?limit=10")
    assert (first["count"], len(first["items"])) == (24, 10)
    rest = got(f"{API}?limit=10&cursor={first['next']}")
    assert first["items"][-1]["name"] < rest["items"][0]["name"]
    assert got(f"{API}?in_region=nuts-2:DE11&organisation_kind=cluster-initiative")["count"] >= 1
    assert got(f"{API}?q=toulose")["items"][0]["country"] == "FR"
    got(f"{API}?organisation_kind=witch", 400)
    one = got(f"{API}/imaginary-lakes-medical-device-alliance")
    assert (one["version"], one["public"]) == (1, True)
    assert [each["name"] for each in one["profile"]["contacts"]] == ["Ada Example"]
    Profile.model_validate_json(json.dumps(one["profile"]))
    got(f"{API}/nobody", 404)
    load([load_demonstration()[0].model_copy(update={"staff": 9.0})])
    got(f"{API}?limit=10&cursor={first['next']}", 400)  # the list is another one now
    versions = got(f"{API}/imaginary-lakes-medical-device-alliance/history")["versions"]
    assert [each["version"] for each in versions] == [2, 1]


def test_a_change_needs_a_token_the_right_and_the_version(ada: User) -> None:
    load([FULL])
    row = Organisation.objects.get()
    join(ada, row, InsideRole.EDITOR)
    hers, changed = bearer(ada), FULL.model_dump(mode="json") | {"staff": 8, "fictional": False}
    at_one = {"if-match": '"1"'}
    assert put("optics", changed, at_one)[0] == 401
    assert put("optics", changed, {"authorization": "Bearer ca_wrong", **at_one})[0] == 401
    assert put("optics", changed, bearer(ada, ApiToken.Scope.READ) | at_one)[0] == 403
    assert put("optics", changed, bearer(person("eve")) | at_one)[0] == 403
    organisation("hidden", public=False)
    assert put("hidden", changed, hers | at_one)[0] == 404
    status, told = put("optics", changed, hers)
    assert (status, "draft=true" in told["hint"]) == (428, True)
    browser = Client()
    browser.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    cookie = browser.put(f"{API}/optics", json.dumps(changed), content_type="application/json")
    assert cookie.status_code == 401

    status, told = put("optics", changed, hers | at_one)
    assert (status, told["version"], told["state"], told["changed"]) == (200, 2, "published", True)
    assert all(each["state"] == "held" for each in told["rules"])
    row.refresh_from_db()
    assert (row.draft["staff"], row.fictional, row.published["staff"]) == (8, True, 6.5)
    assert got(f"{API}/optics")["profile"]["staff"] == 6.5
    assert put("optics", changed, hers | {"if-match": "2"})[1]["changed"] is False
    status, told = put("optics", changed | {"staff": 9}, hers | at_one)
    assert (status, "version 2 stands now" in told["detail"]) == (412, True)

    got(f"{API}/optics?draft=true", 401)
    working = got(f"{API}/optics?draft=true", **hers)
    assert (working["version"], working["profile"]["staff"], working["public"]) == (2, 8, False)
    assert len(working["profile"]["contacts"]) == 2
    got(f"{API}/optics?draft=true", 401)  # what a token opened is kept for nobody
    got(f"{API}/optics?draft=true", 404, **bearer(User.objects.get(email="eve@example.org")))
    status, told = put("optics", changed, hers | {"if-match": "2"}, "?submit=true")
    assert (status, told["state"]) == (200, "submitted")


def test_every_fault_of_a_change_is_named_at_once(ada: User) -> None:
    keeping.propose(Profile(name="Optics"), ada)
    hers = bearer(ada) | {"if-match": "1"}
    wrong = {"name": "", "founded": "soon", "offers": [{"topic": "x", "kind": "y"}], "shoe": 1}
    status, told = put("optics", wrong, hers)
    assert status == 422
    assert {each["column"] for each in told["faults"]} == {
        "name",
        "founded",
        "offers.0.kind",
        "shoe",
    }
    assert "file" not in told["faults"][0]
    coded = {"name": "Optics", "claims": [{"definition": "us-benchmark-2014", "cluster": "999"}]}
    status, told = put("optics", coded, hers)
    assert (status, told["faults"][0]["column"]) == (422, "claims.0")
    assert put("optics", b"{", hers)[0] in (400, 422)
    assert put("optics", [1], hers)[0] == 422
    assert Organisation.objects.get().version == 1
