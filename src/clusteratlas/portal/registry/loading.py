"""Take many organisations in at once: from a file or the demonstration. All of them or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from clusteratlas.atlas.search import folded
from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.registry import keeping, state
from clusteratlas.portal.registry.models import Membership, Organisation, Revision, WorkingCopy
from clusteratlas.portal.registry.slugs import slug_of
from clusteratlas.tables import Fault, InvalidInput

EACH_TIME = 500
"""Rows written with one statement."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a profile of a file is to the registry.

    ``kind`` is ``new``, ``changed``, ``same``, or ``waiting``: its editors have a change of their
    own that is not published yet, so the file leaves it alone.
    """

    kind: str
    profile: Profile
    organisation: Organisation | None = None

    @property
    def before(self) -> Profile | None:
        """The profile that stands now; none for a new organisation."""
        return self.organisation.profile if self.organisation else None


def arrivals(profiles: Iterable[Profile], *, file: str = "") -> list[Arrival]:
    """Say of each profile what it is to the registry, without changing anything.

    An organisation is known again by its identifier where it states one, else by its name. Its
    contacts without consent stay, because a public file never holds them.

    Raises
    ------
    InvalidInput
        Several organisations here have that name, or one is meant twice; all such rows at once.
    """
    peopled = set(Membership.objects.values_list("organisation_id", flat=True))
    by_identifier: dict[str, Organisation] = {}
    by_name: dict[str, list[Organisation]] = defaultdict(list)
    for row in Organisation.objects.all():
        identifier = (row.draft or row.published or {}).get("identifier", "")
        if identifier:
            by_identifier[identifier] = row
        by_name[folded(row.name)].append(row)
    found, faults = [], []
    meant: dict[int, int] = {}
    for number, profile in enumerate(profiles, 1):
        named = [
            row
            for row in by_name[folded(profile.name)]
            if not _stated(row) or not profile.identifier or _stated(row) == profile.identifier
        ]
        known = by_identifier.get(profile.identifier) if profile.identifier else None
        if known is None and len(named) > 1:
            faults.append(_several(profile, file, number))
            continue
        known = known or (named[0] if named else None)
        if known is not None and known.pk in meant:
            faults.append(_twice(profile, file, number, meant[known.pk]))
            continue
        if known is not None:
            meant[known.pk] = number
        whole = _with_unshown(profile, known)
        found.append(Arrival(_kind(known, whole, peopled), whole, known))
    if faults:
        raise InvalidInput(faults)
    return found


def load(
    profiles: Iterable[Profile],
    *,
    person: User | None = None,
    publish: bool = True,
    file: str = "",
) -> Sequence[Arrival]:
    """Take organisations in: new ones, and changes of those that are here; in one transaction.

    Parameters
    ----------
    publish
        Everybody reads them at once; else they wait for a moderator.

    Raises
    ------
    InvalidInput
        As `arrivals` does; nothing was written.
    """
    with transaction.atomic():
        found = arrivals(profiles, file=file)
        changed = [each for each in found if each.kind == "changed"]
        _begin([each.profile for each in found if each.kind == "new"], person, publish)
        _change(changed, person, publish)
        if publish and any(each.kind in ("new", "changed") for each in found):
            state.bump()
        audit.note(
            person,
            "organisation.load",
            file,
            new=sum(each.kind == "new" for each in found),
            changed=len(changed),
        )
    return found


def _with_unshown(profile: Profile, known: Organisation | None) -> Profile:
    """Keep the contacts that no public file holds, because they gave no consent."""
    if known is None:
        return profile
    named = {each.name for each in profile.contacts}
    kept = [each for each in known.profile.contacts if not each.consent and each.name not in named]
    return profile.model_copy(update={"contacts": (*profile.contacts, *kept)}) if kept else profile


def _stated(row: Organisation) -> str:
    return str((row.draft or row.published or {}).get("identifier", ""))


def _kind(known: Organisation | None, profile: Profile, peopled: Container[int]) -> str:
    if known is None:
        return "new"
    if known.profile == profile:
        return "same"
    return "waiting" if known.draft is not None and known.pk in peopled else "changed"


def _several(profile: Profile, file: str, number: int) -> Fault:
    return Fault(
        "several organisations of that name are in the registry",
        file,
        number,
        "name",
        profile.name,
        "state the identifier of the one that is meant",
    )


def _twice(profile: Profile, file: str, number: int, first: int) -> Fault:
    return Fault(
        f"this is the same organisation as number {first} of the file",
        file,
        number,
        "name",
        profile.name,
        "state an identifier for each where they are two",
    )


def _begin(profiles: Sequence[Profile], person: User | None, publish: bool) -> None:
    now = timezone.now()
    slugs = set(Organisation.objects.values_list("slug", flat=True))
    rows = []
    for profile in profiles:
        slug = slug_of(profile.name, slugs)
        slugs.add(slug)
        kept = keeping.stored(profile)
        rows.append(
            Organisation(
                slug=slug,
                name=profile.name,
                state=Organisation.State.PUBLISHED if publish else Organisation.State.SUBMITTED,
                published=kept if publish else None,
                published_version=1 if publish else 0,
                draft=None if publish else kept,
                version=1,
                fictional=profile.fictional,
                imported=True,
                changed_at=now,
                submitted_at=None if publish else now,
                published_at=now if publish else None,
            )
        )
    Organisation.objects.bulk_create(rows, batch_size=EACH_TIME)
    made = Organisation.objects.filter(slug__in=[row.slug for row in rows]).in_bulk(
        field_name="slug"
    )
    Revision.objects.bulk_create(
        [
            Revision(
                organisation=made[row.slug],
                version=1,
                profile=row.published or row.draft,
                author=person,
                at=now,
                published_at=now if publish else None,
            )
            for row in rows
        ],
        batch_size=EACH_TIME,
    )


def _change(changed: Sequence[Arrival], person: User | None, publish: bool) -> None:
    """Keep changes as next versions: one statement for each, so that other writers wait shortly."""
    now, revisions, notes = timezone.now(), [], []
    for each in changed:
        row = each.organisation
        if row is None:
            continue
        kept, version = keeping.stored(each.profile), row.version + 1
        fields = {
            "version": version,
            "name": each.profile.name,
            "fictional": each.profile.fictional,
            "changed_at": now,
            **(_published(kept, version, now) if publish else _handed_in(kept, now)),
        }
        if not Organisation.objects.filter(pk=row.pk, version=row.version).update(**fields):
            raise keeping.Outdated(row.version)
        for name, value in fields.items():
            setattr(row, name, value)
        revisions.append(
            Revision(
                organisation=row,
                version=version,
                profile=kept,
                author=person,
                at=now,
                published_at=now if publish else None,
            )
        )
        notes.append(_note(person, "organisation.change", row, version))
        if publish:
            notes.append(_note(None, "organisation.publish", row, version))
    Revision.objects.bulk_create(revisions, batch_size=EACH_TIME)
    AuditEntry.objects.bulk_create(notes, batch_size=EACH_TIME)
    _forget_typed([each.organisation_id for each in revisions], person)


def _forget_typed(organisations: Sequence[int], person: User | None) -> None:
    """Forget what whoever brings the file had typed of them; a part at a time, as SQLite wants."""
    for start in range(0, len(organisations), EACH_TIME) if person is not None else ():
        part = organisations[start : start + EACH_TIME]
        WorkingCopy.objects.filter(user=person, organisation__in=part).delete()


def _published(kept: dict[str, Any], version: int, now: datetime) -> dict[str, Any]:
    return {
        "published": kept,
        "draft": None,
        "published_version": version,
        "state": Organisation.State.PUBLISHED,
        "reason": "",
        "published_at": now,
    }


def _handed_in(kept: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {"draft": kept, "state": Organisation.State.SUBMITTED, "submitted_at": now}


def _note(person: User | None, action: str, row: Organisation, version: int) -> AuditEntry:
    return AuditEntry(
        person=person, action=action, subject=row.slug[:200], details={"version": version}
    )
