"""Applications of a programme screened against the current release."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.organisations import Profile
from clusteratlas.portal.programmes.models import Application
from clusteratlas.programmes.readiness import (
    Applicant,
    Criteria,
    Piece,
    Screening,
    default_criteria,
    read_criteria,
    screen,
)
from clusteratlas.programmes.readiness.documents import screened_document
from clusteratlas.programmes.register import Money


def site_criteria() -> Criteria:
    """Return the criteria of this site."""
    path: Path | None = settings.READINESS_CRITERIA
    return _read(path) if path else default_criteria()


@lru_cache(maxsize=2)
def _read(path: Path) -> Criteria:
    return read_criteria(path)


def key_of(application: Application) -> str:
    """Return what tells an applicant apart in a screening; in the order of applications."""
    return f"{application.pk:08d}"


def applicant_of(application: Application) -> Applicant:
    """Return an application as the screen reads it, with the profile that is public if one is."""
    organisation = application.organisation
    profile = (
        Profile.model_validate(organisation.published)
        if organisation.is_public
        else organisation.profile
    )
    return Applicant(
        profile=profile.for_the_public(),
        key=key_of(application),
        title=application.title,
        pieces=pieces_of(application),
        asked=asked_of(application),
    )


def pieces_of(application: Application) -> tuple[Piece, ...]:
    """Return what is attached."""
    return tuple(Piece.model_validate(each) for each in application.evidence)


def asked_of(application: Application) -> tuple[Money, ...]:
    """Return the money asked for."""
    return tuple(Money.model_validate(each) for each in application.asked)


def screening_of(
    applications: Iterable[Application], release: Release, criteria: Criteria | None = None
) -> Screening:
    """Screen applications as they stand today."""
    return screen(
        [applicant_of(each) for each in applications],
        release,
        on=timezone.localdate(),
        criteria=criteria or site_criteria(),
    )


def document_of(application: Application, release: Release) -> dict[str, Any]:
    """Return an application screened: as it was when it was decided, else as it is today."""
    if application.screened is not None:
        return dict(application.screened)
    screening = screening_of([application], release)
    return screened_document(screening.applicants[0], screening)
