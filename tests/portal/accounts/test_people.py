"""The administrator: people, roles, the audit log, and the first one from the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from clusteratlas.cli import app
from clusteratlas.portal.accounts import audit, own_data, second_factor
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.roles import SiteRole

from ..people import person, signed_in
from .conftest import PASSWORD, sign_in


def test_only_administrators_see_people(ada: User) -> None:
    for role in (SiteRole.MEMBER, SiteRole.MODERATOR):
        here = signed_in(person(role.name.lower(), role))
        assert here.get("/account/people/").status_code == 403
        assert here.get("/account/audit.csv").status_code == 403
        assert here.post(f"/account/people/{ada.pk}/role/", {"role": 3}).status_code == 403
    assert Client().get("/account/people/").status_code == 302
    ada.refresh_from_db()
    assert ada.site_role == SiteRole.MEMBER


def test_a_changed_role_is_written_down_and_ends_sessions(ada: User) -> None:
    theirs, boss = signed_in(ada), signed_in(person("boss", SiteRole.ADMINISTRATOR))
    found = boss.get("/account/people/", {"q": "ada"}).content.decode()
    assert "ada@example.org" in found
    assert "boss@example.org" not in found
    assert boss.post(f"/account/people/{ada.pk}/role/", {"role": "2"}).status_code == 302
    ada.refresh_from_db()
    assert ada.site_role == SiteRole.MODERATOR
    assert theirs.get("/account/").status_code == 302
    noted = AuditEntry.objects.get(action="person.role")
    assert noted.details == {"before": "member", "after": "moderator"}
    for role in ("0", "4", "x", ""):
        boss.post(f"/account/people/{ada.pk}/role/", {"role": role})
    ada.refresh_from_db()
    assert ada.site_role == SiteRole.MODERATOR
    assert boss.post("/account/people/999999/role/", {"role": "2"}).status_code == 404


def test_a_closed_account_opens_nothing_until_it_is_opened_again(ada: User) -> None:
    theirs, boss = signed_in(ada), signed_in(person("boss", SiteRole.ADMINISTRATOR))
    boss.post(f"/account/people/{ada.pk}/active/")
    assert theirs.get("/account/").status_code == 302
    assert theirs.post("/account/reset/", {"email": ada.email}).status_code == 302
    boss.post(f"/account/people/{ada.pk}/active/", {"active": "1"})
    ada.refresh_from_db()
    assert ada.is_active


def test_the_last_administrator_stays_one() -> None:
    boss = person("boss", SiteRole.ADMINISTRATOR)
    here = signed_in(boss)
    here.post(f"/account/people/{boss.pk}/role/", {"role": "1"})
    page = here.post(f"/account/people/{boss.pk}/active/", follow=True).content.decode()
    boss.refresh_from_db()
    assert (boss.site_role, boss.is_active) == (SiteRole.ADMINISTRATOR, True)
    assert "last administrator" in page
    assert b"last administrator" in here.get("/account/delete/").content
    assert own_data.delete(boss), "nor can they leave"
    assert User.objects.filter(pk=boss.pk).exists()


def test_the_audit_log_is_filtered_and_taken_along_without_formulas(ada: User) -> None:
    here = signed_in(person("boss", SiteRole.ADMINISTRATOR))
    audit.note(ada, "organisation.publish", "=cmd|' /C calc'!A0", note="<script>alert(1)</script>")
    audit.note(None, "account.delete")
    page = here.get("/account/audit/", {"action": "organisation.publish"}).content.decode()
    assert "<script>alert" not in page
    assert len(re.findall(r"<tr><td", page)) == 1
    assert "Nothing fits" in here.get("/account/audit/", {"since": "2999-01-01"}).content.decode()
    assert here.get("/account/audit/", {"since": "2026-99-99"}).status_code == 200
    assert here.get("/account/audit/?person=%00&subject=%00x").status_code == 200
    assert here.get("/account/people/?q=%00&page=99999").status_code == 200
    answer = here.get("/account/audit.csv", {"person": "ada"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[0] == ["at", "person", "action", "subject", "details"]
    assert [row[2] for row in rows[1:]] == ["organisation.publish"]
    assert rows[1][3].startswith("'=")


def test_an_administrator_takes_the_second_step_from_who_lost_it(ada: User) -> None:
    second_factor.begin(ada)
    second_factor.turn_on(ada)
    theirs, boss = signed_in(ada), signed_in(person("boss", SiteRole.ADMINISTRATOR))
    assert boss.post(f"/account/people/{ada.pk}/second-factor/").status_code == 302
    ada.refresh_from_db()
    assert ada.second_factor_at is None
    assert not ada.second_factor_salt
    assert theirs.get("/account/").status_code == 302


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The command `people` on the database of the test."""
    monkeypatch.setattr("clusteratlas.cli.people.set_up", lambda place: None)
    monkeypatch.setattr("clusteratlas.portal.store.migrate", lambda: None)

    def answered(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["people", *arguments], env={"COLUMNS": "120"})

    return answered


def test_the_first_administrator_comes_from_the_command_line(run: Callable[..., Any]) -> None:
    done = run("add", "Boss@example.org", "--role", "administrator", "--site", "http://testserver/")
    assert done.exit_code == 0, done.stderr
    boss = User.objects.get()
    assert (boss.email, boss.site_role) == ("boss@example.org", SiteRole.ADMINISTRATOR)
    assert not boss.has_usable_password()
    assert "waits for a password" in run("list").stdout
    here, path = Client(), done.stdout.strip().removeprefix("http://testserver")
    here.get(path, follow=True)
    assert here.post("/account/reset/set/", {"password": PASSWORD}).status_code == 302
    assert here.get(path, follow=True).status_code == 410
    assert sign_in(here, "boss@example.org").status_code == 302
    assert here.get("/account/people/").status_code == 200
    listed = json.loads(run("list", "--json").stdout)["people"]
    assert [(each["mail"], each["state"]) for each in listed] == [("boss@example.org", "open")]


def test_the_command_line_names_every_fault_and_lets_people_in_again(
    run: Callable[..., Any], ada: User
) -> None:
    wrong = run("add", "no address", "--role", "king")
    assert wrong.exit_code == 2
    assert "2 faults" in wrong.stderr
    assert run("add", "ADA@example.org").exit_code == 2
    near = run("role", "adda@example.org", "moderator")
    assert (near.exit_code, "did you mean ada@example.org?" in near.stderr) == (3, True)
    assert run("role", ada.email, "administrator").exit_code == 0
    assert run("role", ada.email, "member").exit_code == 3, "the last administrator"
    second_factor.begin(ada)
    second_factor.turn_on(ada)
    for _ in range(5):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 429
    done = run("reset", ada.email, "--without-second-factor", "--site", "")
    assert sign_in(Client()).url == "/account/"
    opened = Client().get(done.stdout.strip(), follow=True)
    assert opened.status_code == 200
