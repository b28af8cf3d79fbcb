"""The questionnaires of this site, and the pool of those who agreed to share, kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.shelf import published
from clusteratlas.programmes.benchmarking import (
    PACKAGED,
    Assessed,
    Assessment,
    Pool,
    Questionnaire,
    assessed_of,
    packaged_questionnaire,
    pool_of,
    read_questionnaire,
    traits_of,
)


def questionnaires() -> Mapping[str, Questionnaire]:
    """Return the questionnaires of this site by key: those of the package, then its own."""
    return _read(settings.QUESTIONNAIRES)


@lru_cache(maxsize=4)
def _read(folder: Path | None) -> Mapping[str, Questionnaire]:
    found = {key: packaged_questionnaire(key) for key in PACKAGED}
    for path in sorted(folder.glob("*.toml")) if folder else ():
        own = read_questionnaire(path)
        found[own.key] = own
    return found


def questionnaire(key: str) -> Questionnaire:
    """Return a questionnaire of this site; what there is none of is not found."""
    found = questionnaires().get(key)
    if found is None:
        raise Http404
    return found


def assessment_of(row: Organisation, asked: Questionnaire) -> Assessment:
    """Return an organisation with its finished rounds by a questionnaire."""
    rounds = row.assessment_rounds.filter(questionnaire=asked.key, state="finished")
    return Assessment(
        questionnaire=asked.key,
        organisation=_named(row),
        rounds=tuple(each.round for each in rounds),
    )


def _named(row: Organisation) -> Assessed:
    """What peers are found by; named by its address, which no other has."""
    return assessed_of(row.profile).model_copy(update={"name": row.slug})


class _Kept:
    """The pools read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[str, str] | None = None
        self.pools: dict[str, Pool] = {}


_kept = _Kept()


def pool(asked: Questionnaire, *, without: str = "") -> Pool:
    """Return the pool of a questionnaire: published organisations that agreed to share.

    It stands for all published organisations of the registry, those that did not answer too.
    """
    whole = _whole(asked)
    if not without:
        return whole
    shelf = published()
    own = shelf.by_slug.get(without)
    everybody = list(whole.everybody)
    if own is not None:
        mine = assessed_of(own.profile)
        everybody.remove(traits_of(mine, timezone.localdate()))
    peers = tuple(each for each in whole.peers if each.name != without)
    return Pool(peers, tuple(everybody))


def _whole(asked: Questionnaire) -> Pool:
    key = (state.current(), str(settings.DATABASES["default"]["NAME"]))
    kept = key[0] != state.NOTHING
    with _kept.lock:
        if kept and _kept.key == key and asked.key in _kept.pools:
            return _kept.pools[asked.key]
    found = _asked_of_database(asked)
    with _kept.lock:
        if _kept.key != key:
            _kept.key, _kept.pools = key, {}
        _kept.pools[asked.key] = found
    return found


def _asked_of_database(asked: Questionnaire) -> Pool:
    shelf = published()
    rows = AssessmentRound.objects.filter(
        questionnaire=asked.key,
        state="finished",
        organisation__assessment_sharing__with_peers=True,
        organisation__slug__in=list(shelf.by_slug),
    ).select_related("organisation")
    latest = {each.organisation.slug: each for each in rows}  # the latest round stands last
    shared = [
        Assessment(
            questionnaire=asked.key,
            organisation=assessed_of(shelf.by_slug[slug].profile).model_copy(update={"name": slug}),
            rounds=(each.round,),
        )
        for slug, each in latest.items()
    ]
    today = timezone.localdate()
    everybody = [traits_of(assessed_of(each.profile), today) for each in shelf.organisations]
    return pool_of(shared, asked, everybody=everybody)
