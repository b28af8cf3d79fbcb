"""Why two organisations score as they do in fields, strength and complementarity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from clusteratlas.matching.ground import Known, Organisation, beyond_related
from clusteratlas.matching.pairs import Parts, Sides
from clusteratlas.matching.parts.measured import FLOOR, needs_of
from clusteratlas.matching.reasons import said
from clusteratlas.matching.records import PartScore, Reason
from clusteratlas.matching.regional import Figure
from clusteratlas.matching.scores import Floats
from clusteratlas.tables import UNPUBLISHED, WITHHELD

MOST = 3
"""Reasons of one kind are not listed beyond this many."""

LEAST_GAP = 0.1

Reasons = tuple[list[Reason], list[Reason]]
"""Evidence, and gaps."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations and all that is known of them; each ``Known`` has one row."""

    parts: Parts
    mine: Sides
    theirs: Sides

    @property
    def me(self) -> Organisation:
        """The organisation that asked."""
        return self.mine.known.organisations[0]

    @property
    def them(self) -> Organisation:
        """The other."""
        return self.theirs.known.organisations[0]

    @property
    def sides(self) -> tuple[tuple[Organisation, Known], tuple[Organisation, Known]]:
        """Both with what is known of them."""
        return (self.me, self.mine.known), (self.them, self.theirs.known)

    def name(self, field: int) -> str:
        """Return the name of a field."""
        return self.parts.ground.name_of(self.parts.ground.fields[field])

    def shared(self) -> list[int]:
        """Return the fields that both claim, the rarest first."""
        both = (self.mine.known.claims[0] > 0) & (self.theirs.known.claims[0] > 0)
        rarity = self.parts.ground.rarity
        return sorted(np.flatnonzero(both).tolist(), key=lambda at: (-rarity[at], at))


def same_field(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``same_field``."""
    ground = pair.parts.ground
    gaps = [
        said("claims_unstated", who=each.profile.name)
        for each, known in pair.sides
        if not known.claiming[0]
    ]
    if gaps:
        return [], gaps
    if part.value is None:
        return [], [said("definitions_differ")]
    evidence = []
    for field in pair.shared()[:MOST]:
        evidence.append(
            said(
                "field_shared",
                field=pair.name(field),
                count=int(ground.claimed_by[field]),
                all=len(ground.organisations),
            )
        )
        mine, theirs = (_subclusters(pair, each, field) for each, _ in pair.sides)
        common = sorted(mine.keys() & theirs.keys())
        if common:
            words = tuple(mine[each] for each in common)
            evidence.append(said("subclusters_shared", field=pair.name(field), subclusters=words))
        elif mine and theirs:
            evidence.append(said("subclusters_differ", field=pair.name(field)))
        for (each, _), named in zip(pair.sides, (mine, theirs), strict=True):
            if not named:
                gaps.append(
                    said("subclusters_unstated", who=each.profile.name, field=pair.name(field))
                )
    return evidence or [said("field_none")], gaps


def _subclusters(pair: Pair, organisation: Organisation, field: int) -> dict[str, str]:
    wanted = pair.parts.ground.fields[field]
    return {
        claim.subcluster.casefold(): claim.subcluster
        for claim in organisation.profile.claims
        if (claim.definition, claim.cluster) == wanted and claim.subcluster
    }


def related(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of a part about related fields."""
    if not part.applies:
        return [said("related_same")], []
    mine, theirs = (np.flatnonzero(known.claims[0] > 0) for _, known in pair.sides)
    gaps = [
        said("claims_unstated", who=each.profile.name)
        for each, known in pair.sides
        if not known.claiming[0]
    ]
    if gaps:
        return [], gaps
    square = pair.parts.ground.related[part.name.removeprefix("related_")][np.ix_(mine, theirs)]
    if np.isnan(square).all():
        return [], [said("related_unknown")]
    here, there = np.unravel_index(int(np.nanargmax(square)), square.shape)
    definition = pair.parts.ground.fields[int(mine[here])][0]
    evidence = said(
        part.name,
        field=pair.name(int(mine[here])),
        mine=pair.me.profile.name,
        other=pair.name(int(theirs[there])),
        theirs=pair.them.profile.name,
        percent=int(100 * float(square[here, there]) + 1e-3),
        source=pair.parts.ground.sources.get(definition, ""),
    )
    different = mine[:, None] != theirs[None, :]
    unknown = bool((np.isnan(square) & different).any())
    return [evidence], [said("related_in_part")] if unknown else []


def strength(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``strength``: the claims that matter most to the other."""
    if pair.parts.ground.release is None:
        return [], [said("release_none")]
    evidence, gaps = [], []
    for (each, known), (_, other) in zip(reversed(pair.sides), pair.sides, strict=True):
        if not known.claiming[0]:
            gaps.append(said("claims_unstated", who=each.profile.name))
            continue
        unmeasured = list(_unmeasured(pair, each))
        if unmeasured:
            gaps += unmeasured
            continue
        matters = np.maximum(other.claims[0] > 0, beyond_related(other.near[0]))
        claimed = np.flatnonzero(known.claims[0] > 0)
        worth = (FLOOR + matters) * known.claims[0]
        strong = np.nan_to_num(known.grounded.strength[0])
        order = np.lexsort((claimed, -strong[claimed], -worth[claimed]))
        for field in claimed[order[:MOST]].tolist():
            told, missing = _measured(pair, each, field)
            evidence += told
            gaps += missing
    return evidence, gaps


def _unmeasured(pair: Pair, organisation: Organisation) -> Iterator[Reason]:
    if not organisation.profile.regions:
        yield said("regions_unstated", who=organisation.profile.name)
    elif not pair.parts.ground.regions(organisation):
        yield said("regions_unmeasured", who=organisation.profile.name)


def _measured(pair: Pair, organisation: Organisation, field: int) -> Reasons:
    """What is measured of one claim: its best figure, or why there is none."""
    figures = pair.parts.ground.figures_of(organisation, field)
    known = [each for each in figures if each.quotient is not None]
    name = pair.name(field)
    if known:
        best = max(known, key=lambda each: (each.probability or 0, each.quotient or 0))
        return [_figure(best, name, organisation.profile.name)], []
    for each in figures:
        if each.status in (WITHHELD, UNPUBLISHED):
            code = "figure_withheld" if each.status == WITHHELD else "figure_unpublished"
            return [], [said(code, field=name, region=each.region, year=str(each.year))]
    place = organisation.profile.regions[0]
    return [], [said("figure_none", field=name, region=f"{place.scheme} {place.region}")]


def _figure(figure: Figure, field: str, who: str) -> Reason:
    parameters = {
        "field": field,
        "who": who,
        "region": figure.region,
        "year": str(figure.year),
        "quotient": figure.quotient,
        "low": figure.quotient if figure.quotient_low is None else figure.quotient_low,
        "high": figure.quotient if figure.quotient_high is None else figure.quotient_high,
        "status": figure.status,
        "source": figure.source,
    }
    if figure.probability is None:
        return said("strength_quotient", **parameters)
    ends = {round(each or 0, 2) for each in (figure.quotient_low, figure.quotient_high)}
    code = "strength_measured" if len(ends) > 1 else "strength_exact"
    return said(code, **parameters, percent=round(100 * figure.probability))


def complementarity(pair: Pair, part: PartScore) -> Reasons:
    """Return the reasons of ``complementarity``: gaps that the other's region fills, and back."""
    if pair.parts.ground.release is None:
        return [], [said("release_none")]
    evidence = [*_filled(pair, turned=False), *_filled(pair, turned=True)]
    gaps = [reason for each, _ in pair.sides for reason in _unmeasured(pair, each)]
    gaps += [
        said("claims_unstated", who=each.profile.name)
        for each, known in pair.sides
        if not known.claiming[0]
    ]
    if not gaps and part.value is None:
        gaps = [said("related_unknown")]
    if not evidence and part.value is not None:
        names = {"mine": pair.me.profile.name, "theirs": pair.them.profile.name}
        evidence = [said("gap_none", **names)]
    return evidence, gaps


def _filled(pair: Pair, *, turned: bool) -> Iterator[Reason]:
    (asking, wanting), (giving, having) = reversed(pair.sides) if turned else pair.sides
    worth: Floats = (
        needs_of(wanting)[0]
        * np.nan_to_num(wanting.grounded.lack[0])
        * np.nan_to_num(having.grounded.gives[0])
    )
    claimed = np.flatnonzero(wanting.claims[0] > 0)
    for field in np.argsort(-worth, kind="stable")[:MOST].tolist():
        if worth[field] < LEAST_GAP:
            return
        near = pair.parts.ground.together[claimed, field]
        figures = pair.parts.ground.figures_of(giving, field)
        best = max(
            (each for each in figures if each.quotient is not None),
            key=lambda each: each.quotient or 0,
            default=None,
        )
        if best is not None:
            yield said(
                "gap_filled",
                field=pair.name(field),
                who=asking.profile.name,
                claim=pair.name(int(claimed[int(np.nanargmax(near))])),
                region=best.region,
                quotient=best.quotient,
                year=str(best.year),
                status=best.status,
                source=best.source,
            )
