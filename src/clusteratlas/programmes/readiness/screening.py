"""The readiness screen: every criterion for every applicant, from map, profile and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from clusteratlas.atlas import Release
from clusteratlas.organisations import ClaimReport, Profile, Reason, check_many
from clusteratlas.organisations.entry_rules import Condition
from clusteratlas.programmes.readiness.answers import (
    ClusterBase,
    CriterionAnswer,
    Figure,
    Met,
    PieceAnswer,
    Readiness,
    Screened,
    Screening,
)
from clusteratlas.programmes.readiness.applicants import Applicant, Piece
from clusteratlas.programmes.readiness.base import base_of
from clusteratlas.programmes.readiness.criteria import (
    EVIDENCE,
    OF_PROFILE,
    Criteria,
    Criterion,
    default_criteria,
)
from clusteratlas.tables import Fault, InvalidInput

DAYS_A_YEAR: Final = 365.25
_ORDER: Final = (Readiness.not_ready, Readiness.nearly_ready, Readiness.ready)


def screen(
    applicants: Sequence[Applicant],
    release: Release,
    *,
    on: date,
    criteria: Criteria | None = None,
) -> Screening:
    """Return every criterion for every applicant, and how ready each is.

    Definition
    ----------
    A criterion is *met* where the low end of its figure reaches the threshold, *not met* where the
    high end does not, and else *cannot be told*. An applicant is *ready* where all are met, *nearly
    ready* where at most ``may_lack`` are not met and none of those is essential, else *not ready*.
    Where criteria that cannot be told would change that, the verdict *cannot be told*, and says
    between which it is. The score is the weighted mean of the degrees min(1, value / full).

    Parameters
    ----------
    applicants
        In any order; the answer is ordered by what tells them apart.
    release
        The map; the latest year of each region's scheme counts.
    on
        The day from which the age of evidence is counted.
    criteria
        By default `default_criteria`.

    Missing data
    ------------
    What is withheld, not stated or not shown has no value: its degree is between 0 and 1, and the
    score has two ends. It is never zero. Only what an applicant says it has none of is none.

    Raises
    ------
    InvalidInput
        Two applicants that cannot be told apart.
    """
    chosen = criteria or default_criteria()
    ordered = sorted(applicants, key=lambda each: each.identity)
    _told_apart(ordered)
    reports = check_many([each.profile for each in ordered], release)
    given = [
        _screened(each, report, base_of(report, release), chosen, on)
        for each, report in zip(ordered, reports, strict=True)
    ]
    rule = reports[0].rule if reports else ""
    return Screening(chosen, rule, release.id, on, tuple(given))


def rescreened(screening: Screening, criteria: Criteria) -> Screening:
    """Return the same applicants by other thresholds or weights; nothing is looked up anew.

    Criteria must be ones that the screening has, each of the same measure.
    """
    known = {each.name for each in screening.criteria.criterion}
    lacking = [each.name for each in criteria.criterion if each.name not in known]
    if lacking:
        raise InvalidInput([Fault("the screening has no such criterion", value=lacking[0])])
    found = []
    for each in screening.applicants:
        had = {answer.criterion.name: answer for answer in each.answers}
        answers = tuple(
            _answer(criterion, had[criterion.name].figure, had[criterion.name].pieces)
            for criterion in criteria.criterion
        )
        found.append(_whole(each.applicant, each.base, answers, criteria))
    return Screening(criteria, screening.rule, screening.release, screening.on, tuple(found))


def readiness(met: Mapping[str, Met], criteria: Criteria) -> tuple[Readiness, Readiness, Readiness]:
    """Return the verdict, the least that it can be and the most, from every criterion's verdict."""
    low = _settled(met, criteria, Met.not_met)
    high = _settled(met, criteria, Met.met)
    return (low if low is high else Readiness.cannot_be_told), low, high


def _settled(met: Mapping[str, Met], criteria: Criteria, open_as: Met) -> Readiness:
    """The verdict where everything that is open is taken one way."""
    missed = [
        each
        for each in criteria.criterion
        if (open_as if met[each.name] is Met.cannot_be_told else met[each.name]) is Met.not_met
    ]
    if not missed:
        return Readiness.ready
    if len(missed) <= criteria.may_lack and not any(each.essential for each in missed):
        return Readiness.nearly_ready
    return Readiness.not_ready


def met_at(figure: Figure, threshold: float) -> Met:
    """Return whether a figure reaches a threshold, whatever it is between its ends."""
    if figure.low >= threshold:
        return Met.met
    if figure.high is not None and figure.high < threshold:
        return Met.not_met
    return Met.cannot_be_told


def ranked_readiness(verdict: Readiness) -> int:
    """Return the place of a settled verdict, 0 not ready, 1 nearly, 2 ready."""
    return _ORDER.index(verdict)


def _told_apart(applicants: Sequence[Applicant]) -> None:
    names = [each.identity for each in applicants]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        hint = "give each an identifier of its own"
        problem = "two applicants cannot be told apart"
        raise InvalidInput([Fault(problem, value=name, hint=hint) for name in twice])


def _screened(
    applicant: Applicant, report: ClaimReport, base: ClusterBase, criteria: Criteria, on: date
) -> Screened:
    answers = []
    for criterion in criteria.criterion:
        figure, pieces = _figure(criterion, applicant, base, on)
        answers.append(_answer(criterion, figure, pieces))
    return _whole(applicant, base, tuple(answers), criteria)


def _answer(
    criterion: Criterion, figure: Figure, pieces: tuple[PieceAnswer, ...]
) -> CriterionAnswer:
    low = criterion.degree(figure.low)
    high = 1.0 if figure.high is None else criterion.degree(figure.high)
    middle = (low + high) / 2 if figure.value is None else criterion.degree(figure.value)
    verdict = met_at(figure, criterion.at_least)
    return CriterionAnswer(criterion, verdict, figure, middle, low, high, pieces)


def _whole(
    applicant: Applicant,
    base: ClusterBase,
    answers: tuple[CriterionAnswer, ...],
    criteria: Criteria,
) -> Screened:
    met = {each.criterion.name: each.verdict for each in answers}
    verdict, least, most = readiness(met, criteria)
    total = criteria.total_weight

    def weighted(degrees: Iterable[float]) -> float:
        weights = (each.criterion.weight for each in answers)
        return sum(w * degree for w, degree in zip(weights, degrees, strict=True)) / total

    return Screened(
        applicant,
        base,
        answers,
        verdict,
        least,
        most,
        weighted(each.degree for each in answers),
        weighted(each.degree_low for each in answers),
        weighted(each.degree_high for each in answers),
    )


# What a criterion asks of


def _figure(
    criterion: Criterion, applicant: Applicant, base: ClusterBase, on: date
) -> tuple[Figure, tuple[PieceAnswer, ...]]:
    if criterion.measure == EVIDENCE:
        return _evidence(criterion, applicant, on)
    if criterion.measure.startswith(OF_PROFILE):
        return _stated(criterion, applicant.profile, on), ()
    return base.figures[criterion.measure], ()


def _stated(criterion: Criterion, profile: Profile, on: date) -> Figure:
    """A field of the profile: what the organisation says of itself."""
    field = criterion.measure.removeprefix(OF_PROFILE)
    found = Condition(field=field, at_least=0).answer(profile)[1]
    day = profile.members.as_of if field.startswith("members.") else None
    year = day.year if day is not None else None
    if not isinstance(found, int | float):
        return Figure(None, 0.0, None, Reason("not_stated"), year)
    if criterion.within_years is not None:
        if day is None:
            return Figure(None, 0.0, None, Reason("stated_undated", {"value": found}))
        if (on - day).days > criterion.within_years * DAYS_A_YEAR:
            old = {"value": found, "year": day.year, "years": criterion.within_years}
            return Figure(None, 0.0, None, Reason("stated_long_ago", old), year)
    value = float(found)
    return Figure(value, value, value, Reason("stated", {"value": value}), year, status="stated")


def _evidence(
    criterion: Criterion, applicant: Applicant, on: date
) -> tuple[Figure, tuple[PieceAnswer, ...]]:
    """The pieces of the kinds that count, and how many do."""
    mine = [each for each in applicant.pieces if each.kind in criterion.kinds]
    shown = tuple(_piece(each, criterion, on) for each in mine if not each.none)
    sure = sum(each.counts is True for each in shown)
    could = sum(each.counts is None for each in shown)
    denied = {each.kind for each in mine if each.none}
    silent = set(criterion.kinds) - denied - {each.piece.kind for each in shown}
    years = [each.piece.on.year for each in shown if each.counts and each.piece.on is not None]
    year = max(years, default=None)
    if not shown and silent:
        return Figure(None, 0.0, None, Reason("nothing_shown")), ()
    if not shown:
        return Figure(0.0, 0.0, 0.0, Reason("none_of_it"), status="stated"), ()
    if could:
        reason = Reason("undated", {"pieces": could})
        return Figure(None, float(sure), float(sure + could), reason, year), shown
    code = "shown" if sure else "too_old"
    values: dict[str, str | int | float | None] = {"pieces": sure, "years": criterion.within_years}
    value = float(sure)
    return Figure(value, value, value, Reason(code, values), year, status="shown"), shown


def _piece(piece: Piece, criterion: Criterion, on: date) -> PieceAnswer:
    if piece.on is not None and piece.on > on:
        return PieceAnswer(piece, False, "not_yet")
    if criterion.within_years is None:
        return PieceAnswer(piece, True, "counts")
    if piece.on is None:
        return PieceAnswer(piece, None, "undated")
    if (on - piece.on).days > criterion.within_years * DAYS_A_YEAR:
        return PieceAnswer(piece, False, "too_old")
    return PieceAnswer(piece, True, "counts")
