"""Benchmarking by the API: questionnaires with their marks, aggregates of those who share."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from pydantic import Field

from clusteratlas.portal.accounts.tokens import TokenRefused, person_of
from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS
from clusteratlas.portal.api.registry_endpoints import Slug, unknown
from clusteratlas.portal.benchmarking import shelf
from clusteratlas.portal.benchmarking.asked import peer_filter
from clusteratlas.portal.benchmarking.found import found_of
from clusteratlas.portal.benchmarking.overview_page import own_source
from clusteratlas.portal.benchmarking.profile_block import shown_score
from clusteratlas.portal.benchmarking.public_pages import public_source
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer
from clusteratlas.portal.errors import problem_of_status as of_status
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import Named, holds
from clusteratlas.programmes.benchmarking import (
    Questionnaire,
    benchmark_rule,
    choose,
    positions,
)
from clusteratlas.programmes.benchmarking.document import (
    benchmark_document,
    peers_document,
    points_document,
    position_document,
)
from clusteratlas.tables import CannotAnswer

router = Router()

Key = Annotated[
    str, Path(min_length=1, max_length=80, description="name and version of a questionnaire")
]
Part = Annotated[str, Query(max_length=130)]


class QuestionnaireLine(Schema):
    """A questionnaire of this site."""

    key: str = Field(description="name and version, as it stands in addresses")
    title: str
    language: str = Field(description="two letters of the language of its texts")
    indicators: int
    groups: int
    labels: list[str] = Field(description="codes of the labels it leads to")
    source: str


class QuestionnaireList(Schema):
    """The questionnaires of this site."""

    questionnaires: list[QuestionnaireLine]


class QuestionnaireOut(Schema):
    """A questionnaire whole, with a mark at every item of where it comes from."""

    key: str
    most: dict[str, int | None] = Field(
        description="points of the best answer by indicator; null where it only describes"
    )
    questionnaire: Questionnaire


class PeersOut(Schema):
    """Aggregates of those who share, or why nothing is told of them."""

    questionnaire: str
    filter: dict[str, str]
    peers: int | None = Field(None, description="null where nothing is told")
    population: int | None = Field(
        None, description="organisations of the registry that meet the filter"
    )
    minimum_peers: int
    refused: str | None = Field(None, description="too_few, left_out or line")
    confidence: float = Field(description="of the interval of the median, 0-1")
    boxes: list[dict[str, Any]] = Field(
        description="total, groups and indicators: quartiles of the shares of points, 0-1"
    )
    source: str


class BenchmarkOut(Schema):
    """A self-assessment: what everybody may read of it, and all of it for its people."""

    organisation: str
    questionnaire: str | None = None
    date: str | None = Field(None, description="the day the round stands for")
    score: dict[str, Any] | None = Field(
        None, description="points from low to high; null unless the organisation chose to show it"
    )
    inside: dict[str, Any] | None = Field(
        None, description="score, label, drift, peers, positions, disagreements and health"
    )
    source: str


@router.get("/benchmarking/questionnaires", response={200: QuestionnaireList, **REFUSALS})
def questionnaires(request: AtlasRequest) -> Any:
    """Return the questionnaires of this site."""
    return {
        "questionnaires": [
            {
                "key": each.key,
                "title": each.title,
                "language": each.language,
                "indicators": len(each.indicator),
                "groups": len(each.group),
                "labels": [one.code for one in each.label],
                "source": each.source,
            }
            for each in shelf.questionnaires().values()
        ]
    }


@router.get(
    "/benchmarking/questionnaires/{questionnaire}",
    response={200: QuestionnaireOut, **REFUSALS},
)
def questionnaire(request: AtlasRequest, questionnaire: Key) -> Any:
    """Return a questionnaire with every mark."""
    found = _known(questionnaire)
    most = {each.code: found.scales[each.code].most for each in found.indicator}
    return {"key": found.key, "most": most, "questionnaire": found}


@router.get(
    "/benchmarking/questionnaires/{questionnaire}/peers", response={200: PeersOut, **REFUSALS}
)
def peers(
    request: AtlasRequest,
    questionnaire: Key,
    country: Annotated[str, Query(max_length=2, description="two letters")] = "",
    field: Annotated[str, Query(max_length=130, description="definition:cluster")] = "",
    technology: Part = "",
    age: Annotated[str, Query(max_length=20, description="a band, such as 6-10")] = "",
    members: Annotated[str, Query(max_length=20, description="a band, such as 60-119")] = "",
) -> Any:
    """Return how those who share stand: boxes, never a single organisation."""
    asked = _known(questionnaire)
    rule = benchmark_rule()
    chosen = choose(shelf.pool(asked), peer_filter(request))
    return {
        "questionnaire": asked.key,
        **peers_document(chosen, rule.minimum_peers),
        "confidence": rule.confidence,
        "boxes": [
            {name: each[name] for name in ("of", "code", "peers", "box")}
            for each in map(position_document, positions(None, chosen, asked))
        ],
        "source": public_source(),
    }


@router.get(
    "/organisations/{slug}/benchmark",
    response={200: BenchmarkOut, 401: schemas.ProblemOut, **REFUSALS},
)
def organisation_benchmark(
    request: AtlasRequest,
    slug: Slug,
    inside: Annotated[
        bool, Query(description="everything, for its people; needs a token of theirs")
    ] = False,
) -> Any:
    """Return the score that an organisation chose to show, or everything to its own people."""
    row = Organisation.objects.filter(slug=slug).first()
    if not inside:
        if row is None or not row.is_public:
            raise unknown(slug)
        return {"organisation": slug, **_shown(row), "source": own_source()}
    try:
        bearer = person_of(request)
    except TokenRefused:
        bearer = None
    if bearer is None:
        return answer(request, of_status(401))
    if row is None or not holds(bearer.person, "see_inside", Named((row.pk,), row.is_public)):
        raise unknown(slug)
    found = found_of(request, row)
    if found is None:
        raise CannotAnswer("the organisation has finished no round yet", value=slug)
    whole = benchmark_document(found.benchmark)
    return {
        "organisation": slug,
        **{name: whole[name] for name in ("questionnaire", "date")},
        "score": whole["score"]["total"],
        "inside": whole,
        "source": own_source(),
    }


def _shown(row: Organisation) -> dict[str, Any]:
    found = shown_score(row)
    if found is None:
        return {}
    asked, on, total = found
    return {"questionnaire": asked.key, "date": str(on), "score": points_document(total)}


def _known(key: str) -> Questionnaire:
    held = shelf.questionnaires()
    if key not in held:
        hint = f"use one of {', '.join(held)}"
        raise CannotAnswer("there is no such questionnaire", value=key, hint=hint)
    return held[key]
