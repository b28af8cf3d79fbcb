"""Fictional applications of the demonstration: open, funded, declined and still being written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.applicants import applying
from clusteratlas.portal.programmes.applicants.screened import asked_of, document_of
from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.readiness import Piece
from clusteratlas.programmes.readiness.demonstration import demonstration_rows
from clusteratlas.programmes.readiness.reading import ASKED
from clusteratlas.programmes.register import Call, Money
from clusteratlas.programmes.register import Programme as Document

CALL = "open-call"
WRITTEN = date(2026, 6, 1)
"""The day that the rows are written for; evidence is as old as it was then."""

FUNDED = "Vlaams Voorbeeldcluster Chemie"
DECLINED = "Imaginary Carpet Town Guild"
BEING_WRITTEN = "Imaginary Footwear Makers of Grand Rapids"


def load_applications(programme: Programme, release: Release, decider: User) -> int:
    """Let fictional organisations apply to an open call of a programme; again it adds nothing.

    One is funded, one declined, one still being written; the others wait for a decision and show
    every verdict of the readiness screen.

    Parameters
    ----------
    programme
        Published; a call that is open now is added where it has none. One that is over gets none,
        and no application.
    decider
        Who has decided on the funded and the declined one.

    Returns
    -------
    How many applications there are now.
    """
    if programme.applications.exists():
        return programme.applications.count()
    call = _open_call(programme)
    if call is None:
        return 0
    by_name = {each.name: each for each in Organisation.objects.filter(fictional=True)}
    later = timezone.localdate() - WRITTEN
    for name, rows in _by_organisation().items():
        if name in by_name:
            _apply(programme, call, by_name[name], rows, later, decider)
    for name, fund in ((FUNDED, True), (DECLINED, False)):
        found = programme.applications.filter(organisation__name=name).first()
        if found is not None:
            _decide(found, release, decider, fund=fund)
    return programme.applications.count()


def _by_organisation() -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in demonstration_rows():
        found.setdefault(row["organisation"], []).append(row)
    return found


def _open_call(programme: Programme) -> str | None:
    """A call that is open today; nothing where today lies outside the years of the programme."""
    calls = applying.open_calls(programme)
    if calls:
        return calls[0].key
    today = timezone.localdate()
    stated = programme.document
    first = date(stated.since, 1, 1) if stated.since is not None else date.min
    last = date(stated.until, 12, 31) if stated.until is not None else date.max
    if not first <= today <= last:
        return None
    added = Call(
        key=CALL,
        name="Imaginary call for clusters that make a next step",
        opened=max(first, today - timedelta(days=30)),
        closed=min(last, today + timedelta(days=365)),
    )
    for name in ("published", "draft"):
        held = getattr(programme, name)
        if held is not None:
            document = Document.model_validate(held)
            changed = document.model_copy(update={"calls": (*document.calls, added)})
            setattr(programme, name, changed.model_dump(mode="json"))
    programme.save(update_fields=["published", "draft"])
    return CALL


def _apply(
    programme: Programme,
    call: str,
    organisation: Organisation,
    rows: list[Mapping[str, Any]],
    later: timedelta,
    person: User,
) -> None:
    title, asked, pieces = "", [], []
    for row in rows:
        if row["kind"] == ASKED:
            title = row["title"]
            amount, currency = row["amount"], row["currency"]
            asked.append(Money(amount=amount, currency=currency, side="public", kind="planned"))
            continue
        given = {name: row[name] for name in ("kind", "title", "address", "none") if name in row}
        on = date.fromisoformat(row["on"]) + later if "on" in row else None
        pieces.append(Piece(**given, on=on))
    found = applying.begin(programme, call, organisation, person)
    applying.keep(found, person, title=title, pieces=pieces, asked=asked)
    if organisation.name != BEING_WRITTEN:
        applying.hand_in(found, person)


def _decide(found: Application, release: Release, person: User, *, fund: bool) -> None:
    money = next(iter(asked_of(found)), None)
    applying.decide(
        found,
        person,
        fund=fund,
        reason="Ready, and the plan says who does what by when."
        if fund
        else "There is a base, and neither a plan nor a structure yet: please come again.",
        granted=money.model_copy(update={"kind": "committed"}) if fund and money else None,
        screened=document_of(found, release),
    )
