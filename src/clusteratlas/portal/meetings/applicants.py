"""What the rule of an event looks at: facts of an organisation's profile and its claim check."""

from __future__ import annotations

from collections.abc import Iterable

from clusteratlas.atlas import Release
from clusteratlas.organisations import Profile, Verdict, check_many
from clusteratlas.portal.meetings.models import Registration
from clusteratlas.portal.meetings.selection import Applicant
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.rules import checklist

FILLED = (
    "summary",
    "website",
    "country",
    "regions",
    "claims",
    "technologies",
    "staff",
    "services",
    "languages",
    "offers",
    "seeks",
    "contacts",
)
"""Fields of a profile that tell others enough to choose whom to meet."""


def applicants_of(registrations: Iterable[Registration], release: Release) -> list[Applicant]:
    """Return what the rule looks at for each registration; claims are checked all at once."""
    given = list(registrations)
    profiles = [each.organisation.profile for each in given]
    reports = check_many(profiles, release) if profiles else []
    found = []
    for each, profile, report in zip(given, profiles, reports, strict=True):
        members = profile.members
        found.append(
            Applicant(
                each.pk,
                each.applied_at,
                each.organisation.is_public,
                country=profile.country,
                labels=tuple(label.label for label in profile.labels),
                claims=len(profile.claims),
                supported_claims=len(report.of(Verdict.supported)) if profile.claims else None,
                unknown_claims=len(report.of(Verdict.unknown)),
                passes_entry=_passes(each.organisation),
                members=members.total,
                member_kinds=members.kinds if members.counts else None,
                staff=profile.staff,
                completeness=completeness(profile),
            )
        )
    return found


def _passes(organisation: Organisation) -> bool | None:
    """Whether it passes the entry rules of this site; none where it does not state enough."""
    kinds = {each.kind for each in checklist(organisation).rules}
    return False if "failed" in kinds else None if "unknown" in kinds else True


def completeness(profile: Profile) -> float:
    """Return the share of ``FILLED`` that a profile states, 0-1.

    >>> completeness(Profile(name="Optics", country="DE", staff=0))
    0.16666666666666666
    """
    stated = sum(getattr(profile, name) not in (None, "", ()) for name in FILLED)
    return stated / len(FILLED)
