"""Why two organisations score as they do in what their profiles say of themselves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from clusteratlas.matching.explaining_fields import MOST, Pair, Reasons
from clusteratlas.matching.ground import Organisation
from clusteratlas.matching.parts.capacity import DEGREES_AN_HOUR, LEVEL
from clusteratlas.matching.parts.intent import best_wishes
from clusteratlas.matching.reasons import said
from clusteratlas.matching.records import PartScore, Reason
from clusteratlas.matching.words import stems
from clusteratlas.organisations import Profile, words_of

LEAST_CLOSENESS = 0.15


def _unstated(pair: Pair, code: str, states: Callable[[Profile], object]) -> list[Reason]:
    return [said(code, who=each.profile.name) for each, _ in pair.sides if not states(each.profile)]


def technology(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``technology``."""
    gaps = _unstated(pair, "technology_unstated", lambda each: each.technologies)
    if gaps:
        return [], gaps
    mine, theirs = (set(each.profile.technologies) for each, _ in pair.sides)
    everybody = pair.parts.ground.organisations
    held = {
        tag: sum(tag in each.profile.technologies for each in everybody) for tag in mine & theirs
    }
    evidence = [
        said(
            "technology_shared",
            tag=words_of("technology", tag),
            count=held[tag],
            all=len(everybody),
        )
        for tag in sorted(held, key=lambda tag: (held[tag], tag))[:MOST]
    ]
    tags = pair.parts.technology.tags
    near = sorted(
        (-tags.close(one, other), one, other)
        for one in mine - theirs
        for other in theirs - mine
        if part.value and tags.close(one, other) >= LEAST_CLOSENESS
    )
    evidence += [
        said(
            "technology_near",
            tag=words_of("technology", one),
            mine=pair.me.profile.name,
            other=words_of("technology", other),
            theirs=pair.them.profile.name,
        )
        for _, one, other in near[:1]
    ]
    return evidence or [said("technology_none")], []


def priorities(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``priorities``."""
    evidence: list[Reason] = []
    gaps: list[Reason] = []
    mine, theirs = pair.me.profile, pair.them.profile
    for name, picks, here, there in (
        ("ecosystems", "ecosystem", mine.ecosystems, theirs.ecosystems),
        ("emerging", "emerging", mine.emerging_industries, theirs.emerging_industries),
    ):
        for who, tags in ((mine, here), (theirs, there)):
            if not tags:
                gaps.append(said(f"{name}_unstated", who=who.name))
        if shared := sorted(set(here) & set(there)):
            words = tuple(words_of(picks, each) for each in shared)
            evidence.append(said(f"{name}_shared", tags=words))
    gaps += _unstated(pair, "priorities_unstated", lambda each: each.priorities)
    alike = sorted(
        (-len(common), one, other)
        for one in mine.priorities
        for other in theirs.priorities
        if (common := set(stems(one)) & set(stems(other)))
    )
    if alike:
        evidence.append(said("priorities_shared", one=alike[0][1], other=alike[0][2]))
    if not evidence and part.value is not None:
        evidence.append(said("priorities_none"))
    return evidence, gaps


def intent(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``intent``: the best fit in each direction."""
    evidence: list[Reason] = []
    gaps = _unstated(pair, "seeks_unstated", lambda each: each.seeks)
    gaps += _unstated(pair, "offers_unstated", lambda each: each.offers)
    at = pair.parts.each.index(pair.parts.intent)
    mine, theirs = pair.mine.parts[at], pair.theirs.parts[at]
    for who, other, here, there in (
        (pair.me, pair.them, mine, theirs),
        (pair.them, pair.me, theirs, mine),
    ):
        if not who.profile.seeks:
            continue
        fit, sought, offered = best_wishes(here, there)
        names = {"who": who.profile.name, "other": other.profile.name}
        if fit <= 0 and not other.profile.offers:
            continue
        if fit <= 0:
            evidence.append(said("intent_unmet", **names))
            continue
        topic = who.profile.seeks[sought].topic
        if other.profile.offers:
            offer = other.profile.offers[offered].topic
            evidence.append(said("intent_met", **names, sought=topic, offered=offer, fit=fit))
        else:
            evidence.append(said("intent_fitting", **names, sought=topic, fit=fit))
    return evidence, gaps


def capacity(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``capacity``."""
    evidence: list[Reason] = []
    gaps: list[Reason] = []
    mine, theirs = pair.me.profile, pair.them.profile
    for name, shown in (
        ("members", lambda each: each.members.total),
        ("staff", lambda each: each.staff),
        ("budget", lambda each: words_of("budget", each.budget) if each.budget else None),
        ("label", _label),
    ):
        here, there = shown(mine), shown(theirs)
        gaps += [
            said(f"{name}_unstated", who=each.name)
            for each, value in ((mine, here), (theirs, there))
            if value is None
        ]
        if here is not None and there is not None:
            evidence.append(said(f"{name}_both", mine=here, theirs=there))
    degrees = [float(known.longitude[0]) for _, known in pair.sides]
    gaps += [
        said("hours_unstated", who=each.profile.name)
        for (each, _), where in zip(pair.sides, degrees, strict=True)
        if math.isnan(where)
    ]
    if not any(math.isnan(each) for each in degrees):
        apart = abs(degrees[0] - degrees[1])
        hours = round(min(apart, 360 - apart) / DEGREES_AN_HOUR)
        evidence.append(said("hours_both", hours=hours))
    gaps += _unstated(pair, "languages_unstated", lambda each: each.languages)
    if mine.languages and theirs.languages:
        common = tuple(sorted(set(mine.languages) & set(theirs.languages)))
        evidence.append(
            said("languages_both", languages=common) if common else said("languages_none")
        )
    return evidence, gaps


def _label(profile: Profile) -> str | None:
    held = sorted((-LEVEL.get(each.label, 0), each.label) for each in profile.labels)
    return words_of("label", held[0][1]) if held else None


def novelty(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``novelty``."""
    if part.value is None:
        return [], _communities_unknown(pair)
    code = "partners_already" if part.value == 0 else "community_other"
    if part.value not in (0, 1):
        code = "community_same"
    return [said(code)], []


def _communities_unknown(pair: Pair) -> list[Reason]:
    at = pair.parts.each.index(pair.parts.network)
    gaps = []
    for (each, _), side in zip(pair.sides, (pair.mine, pair.theirs), strict=True):
        if side.parts[at].community[0] < 0:
            code = "partners_unnamed" if each.profile.partnerships else "partnerships_unstated"
            gaps.append(said(code, who=each.profile.name))
    return gaps


def observed(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``observed``."""
    network = pair.parts.network
    at = pair.parts.each.index(network)
    mine, theirs = pair.mine.parts[at], pair.theirs.parts[at]
    both = mine.partners.multiply(theirs.partners).tocsr().indices
    evidence = []
    if len(both):
        names = tuple(_called(pair, network.graph.names[each]) for each in sorted(both)[:MOST])
        evidence.append(said("partners_common", partners=names))
    times = network.by_others(mine, theirs)
    field, other = np.unravel_index(int(times.argmax()), times.shape)
    if times[field, other] > 0:
        evidence.append(
            said(
                "fields_combined",
                field=pair.name(int(field)),
                other=pair.name(int(other)),
                count=round(float(times[field, other])),
            )
        )
    gaps = _partnerships_unstated(pair)
    if part.value is None:
        return [], [said("combined_unknown"), *gaps]
    return evidence or [said("combined_none")], gaps


def _partnerships_unstated(pair: Pair) -> list[Reason]:
    return _unstated(pair, "partnerships_unstated", lambda each: each.partnerships)


def _called(pair: Pair, name: str) -> str:
    """The name of a partner: that of its profile where it has one."""

    def matches(each: Organisation) -> bool:
        return each.slug == name

    found = [each for each in pair.parts.ground.organisations if matches(each)]
    return found[0].profile.name if found else name
