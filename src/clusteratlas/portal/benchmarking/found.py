"""From an organisation and an address to its benchmark: rounds, peers, what is known, health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.organisations import check_claims
from clusteratlas.portal.benchmarking import shelf
from clusteratlas.portal.benchmarking.asked import label_of, peer_filter
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.benchmarking import (
    Assessment,
    Benchmark,
    PeerFilter,
    Pool,
    Questionnaire,
    benchmark,
    choose,
    health_of,
    known_of_map,
    known_of_profile,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The benchmark of an organisation with all that the page needs beside it."""

    questionnaire: Questionnaire
    asked: PeerFilter
    label: str
    pool: Pool
    assessment: Assessment
    benchmark: Benchmark


def finished_keys(row: Organisation) -> list[str]:
    """Return the questionnaires an organisation finished a round of, the last one first."""
    rounds = row.assessment_rounds.filter(state="finished").order_by("-date", "-pk")
    held = dict.fromkeys(rounds.values_list("questionnaire", flat=True))
    return [key for key in held if key in shelf.questionnaires()]


def questionnaire_asked(request: AtlasRequest, keys: Sequence[str]) -> Questionnaire | None:
    """Return the questionnaire that the address names, else the last finished; none without.

    Raises
    ------
    BadAddress
        If it names one that no round of the organisation answers.
    """
    named = request.GET.get("questionnaire", "").strip()
    if named and named not in keys:
        raise BadAddress(
            _("no finished round answers that questionnaire"),
            value=named[:80],
            hint=_("use one of %(names)s") % {"names": ", ".join(keys)} if keys else "",
        )
    key = named or (keys[0] if keys else "")
    return shelf.questionnaire(key) if key else None


def found_of(request: AtlasRequest, row: Organisation) -> Found | None:
    """Return the benchmark that an address asks for; none before a round is finished."""
    asked = questionnaire_asked(request, finished_keys(row))
    if asked is None:
        return None
    return of_questionnaire(row, asked, peer_filter(request), label_of(request, asked), request)


def of_questionnaire(
    row: Organisation,
    asked: Questionnaire,
    wanted: PeerFilter,
    label: str,
    request: AtlasRequest,
) -> Found:
    """Return the benchmark of an organisation by a questionnaire it has finished."""
    held = shelf.assessment_of(row, asked)
    latest = held.rounds[-1]
    profile = row.profile
    report = check_claims(profile, request.release)
    pool = shelf.pool(asked, without=row.slug)
    result = benchmark(
        held,
        asked,
        chosen=choose(pool, wanted),
        label=label,
        held=profile.labels,
        known=(*known_of_profile(profile, latest.date), *known_of_map(report)),
        health=health_of(report, request.release),
    )
    return Found(asked, wanted, label, pool, held, result)


def draft_of(row: Organisation) -> AssessmentRound | None:
    """Return the round that is being answered, the last begun; none where there is none."""
    return row.assessment_rounds.filter(state="draft").order_by("-begun_at").first()
