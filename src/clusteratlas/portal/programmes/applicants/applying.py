"""Organisations apply to open calls, and those who run a programme decide.

Each step is one transaction with its entry in the audit log; only awards are ever public.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.applicants.awarding import add_award
from clusteratlas.portal.programmes.applicants.screened import applicant_of
from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import site_role
from clusteratlas.portal.roles import InsideRole, SiteRole
from clusteratlas.programmes.readiness import Piece
from clusteratlas.programmes.register import Award, Call, Money
from clusteratlas.tables import CannotAnswer

State = Application.State
WRITABLE = (State.DRAFT, State.WITHDRAWN)
HANDED = (State.HANDED_IN, State.FUNDED, State.DECLINED)
"""States that those who run the programme see; what is being written is the applicant's own."""


class NotNow(CannotAnswer):
    """What somebody wants to do cannot be done; the sentence is in the language spoken."""


def is_open(call: Call, on: date | None = None) -> bool:
    """Whether one can apply to a call on a day, by default today; its last day counts.

    A call of which no day is stated is not open: nobody said that it ever was.
    """
    day = on or timezone.localdate()
    if call.opened is None and call.closed is None:
        return False
    return (call.opened is None or call.opened <= day) and (
        call.closed is None or day <= call.closed
    )


def open_calls(programme: Programme) -> list[Call]:
    """Return the calls of a public programme that one can apply to today.

    A programme that nobody runs here takes no applications: nobody would read them.
    """
    run = programme.organisation_id is not None or programme.runners.exists()
    document = programme.public_document if programme.is_public and run else None
    return [] if document is None else [each for each in document.calls if is_open(each)]


def begin(programme: Programme, call: str, organisation: Organisation, person: User) -> Application:
    """Begin an application, or return the one that the organisation has written already.

    Raises
    ------
    NotNow
        Where the call is not open.
    """
    _open_or_refuse(programme, call)
    with transaction.atomic():
        found, made = Application.objects.get_or_create(
            programme=programme,
            organisation=organisation,
            call=call,
            defaults={"author": person},
        )
        if made:
            _note(person, "application.begin", found)
    return found


def keep(
    application: Application,
    person: User,
    *,
    title: str,
    pieces: Iterable[Piece],
    asked: Iterable[Money],
) -> None:
    """Keep what is written; one that was taken back is being written again.

    Raises
    ------
    NotNow
        Where it is handed in or decided.
    """
    with transaction.atomic():
        row = _held(application, WRITABLE)
        row.title = title
        row.evidence = [each.model_dump(mode="json") for each in pieces]
        row.asked = [each.model_dump(mode="json") for each in asked]
        row.state, row.author = State.DRAFT, person
        row.save(update_fields=["title", "evidence", "asked", "state", "author"])
        _note(person, "application.keep", row)
    application.refresh_from_db()


def hand_in(application: Application, person: User) -> None:
    """Hand an application in.

    Raises
    ------
    NotNow
        Where the call is closed, or where it is handed in already.
    """
    _open_or_refuse(application.programme, application.call)
    with transaction.atomic():
        row = _held(application, WRITABLE)
        if not row.title:
            raise NotNow(_("Say first what the support is for."))
        row.state, row.handed_in_at = State.HANDED_IN, timezone.now()
        row.save(update_fields=["state", "handed_in_at"])
        _note(person, "application.hand_in", row)
    application.refresh_from_db()


def take_back(application: Application, person: User) -> None:
    """Take an application back; nobody but the applicant sees it from then on.

    Raises
    ------
    NotNow
        Where it is not handed in, or decided.
    """
    with transaction.atomic():
        row = _held(application, (State.HANDED_IN,))
        row.state, row.handed_in_at = State.WITHDRAWN, None
        row.save(update_fields=["state", "handed_in_at"])
        _note(person, "application.take_back", row)
    application.refresh_from_db()


def is_partial(person: User, application: Application) -> bool:
    """Whether somebody edits the organisation that applies, and so has an interest in it."""
    return person.role_within((application.organisation_id,)) >= InsideRole.EDITOR


def may_decide(person: User, application: Application) -> bool:
    """Whether somebody who runs the programme may decide: not on an organisation they edit.

    Administrators of the site may all the same; the audit log says so.
    """
    return not is_partial(person, application) or site_role(person) >= SiteRole.ADMINISTRATOR


def decide(
    application: Application,
    person: User,
    *,
    fund: bool,
    reason: str,
    granted: Money | None,
    screened: dict[str, Any],
) -> None:
    """Fund or decline an application; who is funded becomes an award of the programme.

    Parameters
    ----------
    granted
        The money that is given; none where nothing is said of money.
    screened
        The readiness screen as it stands, which is kept with the decision.

    Raises
    ------
    NotNow
        Where it is not handed in, or where the person has an interest in it.
    """
    if not may_decide(person, application):
        raise NotNow(_("Who edits the organisation that applies does not decide on it."))
    with transaction.atomic():
        row = _held(application, (State.HANDED_IN,))
        row.state = State.FUNDED if fund else State.DECLINED
        row.reason, row.screened = reason, screened
        row.decided_by, row.decided_at = person, timezone.now()
        row.save(update_fields=["state", "reason", "screened", "decided_by", "decided_at"])
        if fund:
            note = _("Award to %(name)s") % {"name": row.organisation.name}
            add_award(row.programme, award_of(row, granted), person, note=note)
        _note(person, f"application.{row.state}", row, partial=is_partial(person, row))
    application.refresh_from_db()


def reopen(application: Application, person: User) -> None:
    """Take back that an application was declined; an award is changed in the programme's entry.

    Raises
    ------
    NotNow
        Where it was not declined, or where the person has an interest in it.
    """
    if not may_decide(person, application):
        raise NotNow(_("Who edits the organisation that applies does not decide on it."))
    with transaction.atomic():
        row = _held(application, (State.DECLINED,))
        row.state, row.reason, row.screened = State.HANDED_IN, "", None
        row.decided_by = row.decided_at = None
        row.save(update_fields=["state", "reason", "screened", "decided_by", "decided_at"])
        _note(person, "application.reopen", row, partial=is_partial(person, row))
    application.refresh_from_db()


def award_of(application: Application, granted: Money | None) -> Award:
    """Return the award that an application becomes."""
    profile = applicant_of(application).profile
    main = tuple(each for each in profile.claims if each.weight == "main")
    day = application.decided_at or timezone.now()
    money = () if granted is None else (granted.model_copy(update={"year": day.year}),)
    return Award(
        key=f"application-{application.pk}",
        organisation=application.organisation.name,
        slug=application.organisation.slug,
        call=application.call,
        title=application.title,
        year=day.year,
        country=profile.country,
        regions=profile.regions,
        clusters=main,
        money=money,
    )


def _open_or_refuse(programme: Programme, call: str) -> None:
    if call not in {each.key for each in open_calls(programme)}:
        raise NotNow(_("The call is not open, so one cannot apply to it."))


def _held(application: Application, states: Iterable[str]) -> Application:
    """The row as it stands now, locked; a step that is not possible from there is refused."""
    row = (
        Application.objects.select_for_update(of=("self",))
        .select_related("programme", "organisation")
        .get(pk=application.pk)
    )
    if row.state not in states:
        raise NotNow(_("The application is %(state)s.") % {"state": State(row.state).label})
    return row


def _note(person: User, action: str, row: Application, **details: Any) -> None:
    audit.note(
        person,
        action,
        f"application:{row.pk}",
        programme=row.programme.slug,
        organisation=row.organisation.slug,
        **details,
    )
