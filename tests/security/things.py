"""Things that addresses name: of one's own organisation and of a foreign one, public and not.

Everything that only some may see carries a word of its own (`SECRETS`), so that a test can look for
it in whatever anybody is answered.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from clusteratlas.matching.timetable import Slot, solve
from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    FollowUp,
    MatchmakingEvent,
    Pair,
    Plan,
    Preference,
    Registration,
)
from clusteratlas.portal.meetings.planned import document_of, timetable_input
from clusteratlas.portal.meetings.slots import slot_document, tables_of
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.practice.models import Entry, EntryRevision
from clusteratlas.portal.programmes.effects import uploads
from clusteratlas.portal.programmes.models import (
    Application,
    EffectStudy,
    Programme,
    RegisterFile,
    StudyFiles,
)
from clusteratlas.portal.registry.models import (
    Invitation,
    Membership,
    Organisation,
    Revision,
    TakeOver,
    Upload,
)
from clusteratlas.portal.registry.people import digest_of
from clusteratlas.portal.roles import InsideRole
from clusteratlas.programmes.benchmarking import packaged_questionnaire
from clusteratlas.programmes.effects import (
    DataFacts,
    Design,
    EffectReport,
    Outcome,
    OutcomeFindings,
    Study,
)

if TYPE_CHECKING:
    from tests.security.world import World

ROLES = (
    "visitor",
    "outsider",
    "member",
    "editor",
    "owner",
    "moderator",
    "administrator",
)
ON_SITE = {"visitor": 0, "moderator": 2, "administrator": 3}
"""What each role is on the site; who is not named here is a member (1)."""

WITHIN = {"member": 1, "editor": 2, "owner": 3}
"""What each role is within the organisations called own; nothing for the others."""

SECRETS = {
    name: f"Canary{name.title().replace('_', '')}Qx7"
    for name in (
        "draft",
        "no_consent",
        "request",
        "follow_up",
        "event",
        "attendee",
        "library",
        "take_over",
        "upload",
        "register",
        "revision",
        "person",
        "token",
        "programme",
        "panel",
        "assessment",
        "application",
    )
}
"""A word for each kind of thing that not everybody may see."""

MAIL = "canary-mail-qx7"
"""Begins every mail address of the people here."""


def organisation(slug: str, *, public: bool) -> Organisation:
    word = slug.title() if public else f"{SECRETS['draft']} {slug}"
    profile = Profile.model_validate(
        {
            "name": word,
            "summary": word,
            "contacts": [
                {"name": f"Open {slug.title()}", "consent": True},
                {"name": SECRETS["no_consent"], "mail": f"{MAIL}-contact@example.org"},
            ],
        }
    ).model_dump(mode="json")
    made = Organisation.objects.create(
        slug=slug,
        name=word,
        published=profile if public else None,
        published_version=2 if public else 0,
        draft={**profile, "summary": SECRETS["draft"]},
        state=Organisation.State.PUBLISHED if public else Organisation.State.DRAFT,
        version=2,
    )
    for version in (1, 2):
        Revision.objects.create(
            organisation=made,
            version=version,
            profile={**profile, "summary": SECRETS["revision"]},
            published_at=timezone.now() if public and version == 2 else None,
        )
    return made


def joined(person: User, to: Organisation, role: int) -> None:
    Membership.objects.get_or_create(user=person, organisation=to, defaults={"role": role})


Places = dict[str, Any]


def _each_target(world: World, make: Any) -> Places:
    return {target: make(each) for target, each in world.organisations.items()}


def _slugs(world: World) -> Places:
    return _each_target(world, lambda each: each.slug)


def _members(world: World) -> Places:
    """Somebody of the organisation who is none of those that ask."""
    return _each_target(world, lambda each: each.memberships.get(user=world.people["stranger"]).pk)


def _invited(world: World) -> Places:
    return _each_target(world, lambda each: _invitation(each, f"{MAIL}-new@example.org").pk)


def _invitation(to: Organisation, mail: str, secret: str = "") -> Invitation:
    return Invitation.objects.create(
        organisation=to,
        email=mail,
        role=InsideRole.MEMBER,
        digest=digest_of(secret or f"{to.slug}{mail}"),
        expires_at=timezone.now() + timedelta(days=9),
    )


def _invitations(world: World) -> Places:
    """The secret of an invitation for whoever asks, and of one for somebody else."""
    for role, person in world.people.items():
        _invitation(world.third, person.email, f"secret-of-{role}")
    return {
        "own": {role: f"secret-of-{role}" for role in ROLES[1:]},
        "foreign": "secret-of-stranger",
    }


def _contact(sender: Organisation, receiver: Organisation, state: str) -> ContactRequest:
    return ContactRequest.objects.create(
        sender=sender,
        receiver=receiver,
        topic=SECRETS["request"],
        message=SECRETS["request"],
        state=state,
        expires_at=timezone.now() + timedelta(days=9),
    )


def _contacts(world: World) -> Places:
    return {
        target: _contact(world.third, world.organisations[target], "accepted").pk
        for target in ("own", "foreign")
    }


def _reports(world: World) -> Places:
    """What the other side said came of the requests of `_contacts`."""
    found = {}
    for target in ("own", "foreign"):
        contact = ContactRequest.objects.get(receiver=world.organisations[target])
        found[target] = FollowUp.objects.create(
            contact=contact,
            organisation=world.third,
            outcome="meeting",
            on=timezone.localdate(),
            note=SECRETS["follow_up"],
        ).pk
    return found


def _jobs(world: World) -> Places:
    jobs.kind("watched", "Work to watch", {})(_no_work)
    return {
        target: Job.objects.create(
            kind="watched",
            organisation=world.organisations[target],
            state=Job.State.DONE,
        ).pk
        for target in ("own", "foreign")
    }


def _no_work(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
    raise AssertionError("this job is over")


def _uploads(world: World) -> Places:
    """Files that whoever asks has sent, and one of somebody else."""
    made = {
        role: Upload.objects.create(
            person=person,
            file=f"{SECRETS['upload']}.csv",
            profiles=[{"name": SECRETS["upload"]}],
        ).pk
        for role, person in world.people.items()
    }
    return {"own": made, "foreign": made["stranger"]}


def _register_files(world: World) -> Places:
    """Files of programmes that whoever asks has sent, and one of somebody else."""
    made = {
        role: RegisterFile.objects.create(
            person=person,
            file=f"{SECRETS['register']}.csv",
            programmes=[{"name": SECRETS["register"]}],
        ).pk
        for role, person in world.people.items()
    }
    return {"own": made, "foreign": made["stranger"]}


def _asked(world: World) -> Places:
    return {
        "foreign": TakeOver.objects.create(
            organisation=world.third, person=world.people["stranger"], text=SECRETS["take_over"]
        ).pk
    }


def _persons(world: World) -> Places:
    return {"foreign": world.people["stranger"].pk}


def _entries(world: World) -> Places:
    """Entries of the library in the name of an organisation; drafts, and one that all read."""
    document = {
        "kind": "news",
        "title": "Something open",
        "summary": "A summary that is long enough.",
        "date": "2026-03-01",
    }
    hidden = {**document, "title": SECRETS["library"], "text": SECRETS["library"]}
    found: Places = {}
    for target, each in world.organisations.items():
        public = "draft" not in target
        entry = Entry.objects.create(
            slug=f"entry-{each.slug}",
            title=(document if public else hidden)["title"],
            published=document if public else None,
            draft=hidden,
            state=Entry.State.PUBLISHED if public else Entry.State.DRAFT,
            organisation=each,
            author=world.people["stranger"],
            published_at=timezone.now() if public else None,
        )
        EntryRevision.objects.create(entry=entry, version=1, document=hidden)
        found[target] = entry.slug
    return found


def event(slug: str, organisation: Organisation, *, public: bool) -> MatchmakingEvent:
    """An event of an organisation that can be registered for now."""
    now = timezone.now()
    start = now.replace(microsecond=0) + timedelta(days=20)
    title = f"Event {slug}" if public else f"{SECRETS['event']} {slug}"
    return MatchmakingEvent.objects.create(
        slug=slug,
        title=title,
        organisation=organisation,
        state="announced" if public else "draft",
        opens_at=now - timedelta(days=1),
        first_cutoff=now + timedelta(days=5),
        second_cutoff=now + timedelta(days=9),
        slots=[slot_document(Slot("s1", start, start + timedelta(minutes=25)))],
        tables=tables_of(1),
        guarantee=0,
    )


def _guest(at: MatchmakingEvent, to: Organisation) -> Attendee:
    """Somebody who comes to an event for an organisation that was selected and told so."""
    registration, _made = Registration.objects.get_or_create(
        event=at,
        organisation=to,
        defaults={"message": SECRETS["attendee"], "state": "selected", "told": "selected"},
    )
    return Attendee.objects.create(
        registration=registration,
        name=SECRETS["attendee"],
        mail=f"{MAIL}-attendee@example.org",
        nonce="n",
    )


def _events(world: World) -> Places:
    """Events with three guests, a pair that must not meet, and a timetable that is published."""
    found = {}
    for target, each in world.organisations.items():
        made = event(f"event-{each.slug}", each, public="draft" not in target)
        guests = [_guest(made, to) for to in (world.third, world.fourth, world.third)]
        for one, other in ((0, 1), (1, 0)):
            Preference.objects.create(wisher=guests[one], wished=guests[other], score=3)
        Pair.objects.create(event=made, a=guests[1], b=guests[2], forbidden=True)
        asked = timetable_input(made)
        document = document_of(asked, solve(asked, seconds=5))
        Plan.objects.create(event=made, revision=1, state="preliminary", document=document)
        found[target] = made.slug
    return found


def _of_events(world: World, find: Any) -> Places:
    return {
        target: find(MatchmakingEvent.objects.get(slug=slug))
        for target, slug in world.places["event"].items()
    }


def _applicants(world: World) -> Places:
    return _of_events(world, lambda each: each.registrations.first().pk)


def _pairs(world: World) -> Places:
    return _of_events(world, lambda each: each.pairs.get().pk)


def _agendas(world: World) -> Places:
    """The secret of somebody's agenda: whoever has it may read that one."""
    guest = Attendee.objects.filter(registration__event__slug="event-optics").first()
    assert guest is not None
    return {"own": key_of(guest)}


def _registrations(world: World) -> Places:
    """What an organisation brings to an event of a third one."""
    fair = event("fair", world.third, public=True)
    return {
        target: _guest(fair, world.organisations[target]).registration_id
        for target in ("own", "foreign")
    }


def _attendees(world: World) -> Places:
    """Who comes with the registrations of `_registrations`."""
    return {
        target: Attendee.objects.get(registration=registration).pk
        for target, registration in world.places["registration"].items()
    }


def _assessments(world: World) -> Places:
    """A finished round of each organisation, and one that is being answered."""
    asked = packaged_questionnaire("european-gold-1")
    answers = {"press": {"value": 12, "note": SECRETS["assessment"]}}
    found: Places = {}
    for target, each in world.organisations.items():
        made = [
            AssessmentRound.objects.create(
                organisation=each,
                questionnaire=asked.key,
                date=f"202{number}-03-31",
                answers=answers,
                state=state,
            )
            for number, state in ((5, "finished"), (6, "draft"))
        ]
        found[target] = made[1].pk
    return found


def _programmes(world: World) -> Places:
    """A programme that each organisation runs; public where the organisation is."""
    return _each_target(world, _programme)


def _programme(run_by: Organisation) -> str:
    word = f"Boost of {run_by.slug}" if run_by.is_public else SECRETS["programme"]
    document = {"name": word, "summary": word, "since": 2020, "until": 2021}
    made = Programme.objects.create(
        slug=f"boost-{run_by.slug}",
        name=word,
        published=document if run_by.is_public else None,
        draft={**document, "summary": SECRETS["programme"]},
        state=Programme.State.PUBLISHED if run_by.is_public else Programme.State.DRAFT,
        organisation=run_by,
    )
    made.revisions.create(version=1, document=document)
    EffectStudy.objects.create(
        programme=made,
        number=1,
        title=word,
        report=REFUSED.to_dict(),
        published_at=timezone.now(),
    )
    return made.slug


def _studies(world: World) -> Places:
    return _each_target(world, lambda each: 1)


def _study_files(world: World) -> Places:
    """Files that wait for the choices of a study of the programme of each organisation."""
    return _each_target(world, _study_file)


def _study_file(run_by: Organisation) -> str:
    made = StudyFiles.objects.create(
        programme=Programme.objects.get(organisation=run_by),
        key=f"{run_by.pk:032x}",
        panel=SECRETS["panel"],
        treated="treated.csv",
    )
    folder = uploads.folder(made.key)
    folder.mkdir(parents=True, exist_ok=True)
    for role in ("panel", "treated"):
        uploads.path_of(made, role).write_text("unit,year,jobs\na,2019,3\n")
    return made.key


REFUSED = EffectReport(
    Study(Design.staggered, (Outcome("jobs"),)),
    DataFacts(1, 1, 2019, 2019, 1, 1, 0),
    outcomes=(OutcomeFindings(Outcome("jobs"), refused=True),),
)
"""A report that tells no effect."""


def _effects(world: World) -> Places:
    """Published effects of the package: everybody reads them."""
    return dict.fromkeys(world.organisations, "bavaria-rd")


def _applied(world: World) -> Places:
    """Applications of a third organisation to the programmes that each organisation runs."""
    return {
        target: _application(slug, world.third)
        for target, slug in world.places["programme"].items()
    }


def _own_applications(world: World) -> Places:
    """Applications of each organisation to the programme of a third one."""
    if not Programme.objects.filter(slug=f"boost-{world.third.slug}").exists():
        _programme(world.third)
    return _each_target(world, lambda each: _application(f"boost-{world.third.slug}", each))


def _application(programme: str, by: Organisation) -> int:
    return Application.objects.create(
        programme=Programme.objects.get(slug=programme),
        organisation=by,
        state=Application.State.HANDED_IN,
        title=SECRETS["application"],
        evidence=[{"kind": "strategy", "title": SECRETS["application"]}],
        handed_in_at=timezone.now(),
    ).pk


PLACES: dict[str, Any] = {
    "organisation": _slugs,
    "member": _members,
    "pk": _invited,
    "invitation": _invitations,
    "contact": _contacts,
    "report": _reports,
    "job": _jobs,
    "upload": _uploads,
    "register_file": _register_files,
    "asked": _asked,
    "person": _persons,
    "entry": _entries,
    "programme": _programmes,
    "effect": _effects,
    "study": _studies,
    "files": _study_files,
    "assessment": _assessments,
    "applied": _applied,
    "application": _own_applications,
    "event": _events,
    "applicant": _applicants,
    "pair": _pairs,
    "key": _agendas,
    "registration": _registrations,
    "attendee": _attendees,
}
"""By the name of a place in addresses: what stands there for each target, or each role."""
