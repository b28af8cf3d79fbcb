"""The library of published effects: what comes with the package and what a site adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence.designs import StudyDesign
from clusteratlas.programmes.evidence.reading import effects_of_text
from clusteratlas.programmes.evidence.records import Finding, PublishedEffect
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

PACKAGED = "published-effects.csv"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which effects are asked for; an empty part asks for all."""

    programme: str = ""
    """A part of its name or its key, in any case."""
    design: StudyDesign | None = None
    stage: Stage | None = None
    country: str = ""
    grade: EvidenceGrade | None = None
    outcome: str = ""

    def fits(self, effect: PublishedEffect) -> bool:
        """Whether an effect is among those asked for."""
        word = self.programme.casefold()
        return (
            (not word or word in effect.programme.casefold() or word == effect.family)
            and self.design in (None, effect.design)
            and self.stage in (None, effect.stage)
            and self.country in ("", effect.country)
            and self.grade in (None, effect.grade)
            and self.outcome in ("", effect.outcome)
        )


@dataclass(frozen=True, slots=True)
class Library:
    """Published effects, each under a name of its own."""

    effects: tuple[PublishedEffect, ...]

    def of(self, identity: str) -> PublishedEffect:
        """Return the effect of this name.

        Raises
        ------
        CannotAnswer
            If there is none.
        """
        for each in self.effects:
            if each.identity == identity:
                return each
        raise CannotAnswer(
            "the library has no effect of this name", value=identity, hint="list them all first"
        )

    def asked(self, asked: Asked) -> tuple[PublishedEffect, ...]:
        """Return the effects asked for, in the order of the library."""
        return tuple(each for each in self.effects if asked.fits(each))

    def with_own(self, own: Iterable[PublishedEffect], *, file: str = "") -> Library:
        """Return the library with effects that a site adds.

        Raises
        ------
        InvalidInput
            If names are taken already.
        """
        taken = {each.identity for each in self.effects}
        added = tuple(own)
        faults = [
            Fault(
                "the library has an effect of this name",
                file,
                None,
                "identity",
                each.identity,
                "choose another name, such as one that begins with your own",
            )
            for each in added
            if each.identity in taken
        ]
        if faults:
            raise InvalidInput(faults)
        return Library((*self.effects, *added))


@dataclass(frozen=True, slots=True)
class StageCount:
    """What was found at a stage, in effects of causal grade; a count of signs is no synthesis."""

    stage: Stage
    positive: int
    none_detected: int
    negative: int
    other: int
    programmes: int


def by_stage(effects: Iterable[PublishedEffect]) -> tuple[StageCount, ...]:
    """Return what effects of causal grade found at each stage, from doing to result."""
    causal = [each for each in effects if each.is_effect and each.grade.is_causal]
    found = []
    for stage in Stage:
        here = [each for each in causal if each.stage is stage]
        # What a source calls not significant counts as nothing detected, whatever its sign.
        counts = [_direction(each) for each in here]
        if here:
            found.append(
                StageCount(
                    stage,
                    counts.count(Finding.positive),
                    counts.count(Finding.none_detected),
                    counts.count(Finding.negative),
                    counts.count(Finding.mixed),
                    len({each.family for each in here}),
                )
            )
    return tuple(found)


def _direction(effect: PublishedEffect) -> Finding:
    if effect.significance.value == "not_significant":
        return Finding.none_detected
    known = (Finding.positive, Finding.negative, Finding.none_detected)
    return effect.finding if effect.finding in known else Finding.mixed


@cache
def published_library() -> Library:
    """Return the effects that come with the package."""
    file = resources.files("clusteratlas.programmes.evidence") / "data" / PACKAGED
    return Library(effects_of_text(file.read_text(encoding="utf-8"), file=PACKAGED, own=False))
