"""What the public page of an organisation shows of its score: nothing unless it chose so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.benchmarking import addresses, shelf, words
from clusteratlas.portal.benchmarking.found import finished_keys
from clusteratlas.portal.benchmarking.models import Sharing
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.benchmarking import Points, Questionnaire, score


@dataclass(frozen=True, slots=True)
class ProfileBlock:
    """A score as everybody may read it."""

    sentence: str
    title: str
    language: str
    href: str


def shown_score(row: Organisation) -> tuple[Questionnaire, date, Points] | None:
    """Return the latest score of an organisation that chose to show it; none else."""
    if not Sharing.objects.filter(organisation=row, on_profile=True).exists():
        return None
    keys = finished_keys(row)
    if not keys:
        return None
    asked = shelf.questionnaire(keys[0])
    latest = shelf.assessment_of(row, asked).rounds[-1]
    return asked, latest.date, score(latest, asked).total


def profile_block(row: Organisation) -> ProfileBlock | None:
    """Return the same, ready to be set on the organisation's public page."""
    found = shown_score(row)
    if found is None:
        return None
    asked, on, total = found
    sentence = _(
        "It says of itself on %(day)s: %(share)s of the points, with %(answered)s of %(asked)s "
        "indicators answered."
    ) % {
        "day": on.isoformat(),
        "share": words.share(total),
        "answered": figures.whole(total.answered),
        "asked": figures.whole(total.asked - total.not_applicable),
    }
    return ProfileBlock(sentence, asked.title, asked.language, addresses.schemes(f"{asked.key}/"))
