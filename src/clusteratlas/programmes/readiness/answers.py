"""What the readiness screen answers with: figures with their ends, verdicts, reasons as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from clusteratlas.organisations import ClaimCheck, Reason, RegionalCheck
from clusteratlas.programmes.readiness.applicants import Applicant, Piece
from clusteratlas.programmes.readiness.criteria import Criteria, Criterion

Floats = npt.NDArray[np.float64]


class Met(StrEnum):
    """Whether a criterion is met."""

    met = "met"
    not_met = "not_met"
    cannot_be_told = "cannot_be_told"


class Readiness(StrEnum):
    """How ready an applicant is."""

    ready = "ready"
    nearly_ready = "nearly_ready"
    not_ready = "not_ready"
    cannot_be_told = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of an applicant between two ends, and where it is from.

    Attributes
    ----------
    value
        ``None`` where it is not known.
    low, high
        Between which it surely is, or by its 90 % interval; ``high`` is ``None`` where nothing
        bounds it.
    cause
        Why it is not known, or what decided.
    drawn
        Its value in each possible table of what is withheld, where the release keeps those.
    """

    value: float | None
    low: float
    high: float | None
    cause: Reason
    year: int | None = None
    source: str = ""
    status: str = ""
    drawn: Floats | None = field(default=None, compare=False, repr=False)

    def in_draws(self, count: int, *, upper: bool) -> Floats:
        """Return it in each draw; what has none stays at its low or its high end throughout."""
        if self.drawn is not None:
            return np.resize(np.nan_to_num(self.drawn), count)
        end = self.high if upper else self.low
        return np.full(count, np.inf if end is None else end)


@dataclass(frozen=True, slots=True)
class PieceAnswer:
    """A piece of evidence and whether it counts: ``counts`` is ``None`` where its day is missing.

    ``code`` says why: ``counts``, ``too_old``, ``undated``, ``not_yet`` (of a day to come).
    """

    piece: Piece
    counts: bool | None
    code: str


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """A criterion and what an applicant has of it.

    ``degree`` is how far it goes towards what counts in full, 0-1, with its ends; where nothing is
    known it is the middle of what is possible.
    """

    criterion: Criterion
    verdict: Met
    figure: Figure
    degree: float
    degree_low: float
    degree_high: float
    pieces: tuple[PieceAnswer, ...] = ()

    @property
    def threshold(self) -> float:
        """What the criterion asks."""
        return self.criterion.at_least


def draws_in(answers: Sequence[CriterionAnswer]) -> int:
    """Return how many draws the figures of criteria have; one where they have none."""
    return max((len(a.figure.drawn) for a in answers if a.figure.drawn is not None), default=1)


@dataclass(frozen=True, slots=True)
class ClusterBase:
    """The claimed cluster that stands for the base, where it stands, and its figures by measure."""

    check: ClaimCheck | None
    best: RegionalCheck | None
    figures: Mapping[str, Figure]

    @property
    def region(self) -> str:
        """The region of the base as ``scheme:region``; empty where there is none."""
        return "" if self.best is None else f"{self.best.region.scheme}:{self.best.region.region}"

    @property
    def cluster(self) -> str:
        """The cluster of the base as ``definition:cluster``; empty where there is none."""
        if self.check is None:
            return ""
        return f"{self.check.claim.definition}:{self.check.claim.cluster}"


@dataclass(frozen=True, slots=True)
class Screened:
    """An applicant with every criterion.

    Attributes
    ----------
    verdict
        ``cannot_be_told`` where what is not known could make it ``least`` or ``most``.
    least, most
        The verdict if nothing that is open is met, and if all of it is.
    score, score_low, score_high
        Degrees weighted, 0-1, with their ends.
    """

    applicant: Applicant
    base: ClusterBase
    answers: tuple[CriterionAnswer, ...]
    verdict: Readiness
    least: Readiness
    most: Readiness
    score: float
    score_low: float
    score_high: float

    @property
    def probability_ready(self) -> tuple[float, float]:
        """In which share of the possible tables it is ready, between two ends."""
        count = draws_in(self.answers)
        ends = []
        for upper in (False, True):
            ready = np.ones(count, dtype=bool)
            for each in self.answers:
                ready &= each.figure.in_draws(count, upper=upper) >= each.threshold
            ends.append(float(ready.mean()))
        return ends[0], ends[1]

    @property
    def lacks(self) -> tuple[CriterionAnswer, ...]:
        """The criteria that are surely not met."""
        return tuple(each for each in self.answers if each.verdict is Met.not_met)

    @property
    def open(self) -> tuple[CriterionAnswer, ...]:
        """The criteria of which it cannot be told."""
        return tuple(each for each in self.answers if each.verdict is Met.cannot_be_told)


@dataclass(frozen=True, slots=True)
class Screening:
    """All applicants screened by one set of criteria against one release, on one day."""

    criteria: Criteria
    rule: str
    release: str
    on: date
    applicants: tuple[Screened, ...]

    def of(self, verdict: Readiness) -> tuple[Screened, ...]:
        """The applicants of a verdict."""
        return tuple(each for each in self.applicants if each.verdict is verdict)
