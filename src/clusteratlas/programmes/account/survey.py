"""What a survey answered: the sum or the mean, who answered, and what the others might say."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance
from typing import Final

from scipy.special import stdtrit

from clusteratlas.programmes.account.figures import Figure, Reason, Record, Response
from clusteratlas.programmes.account.records import Logs
from clusteratlas.programmes.account.rules import Rule, RuleSet, Survey

FEWEST: Final = 5
"""Answers without which nothing is said of those who did not answer."""

LOWEST_SHARE: Final = 0.2
"""Share of the asked without which nothing is said of those who did not answer."""

COVERAGE: Final = 0.9


def survey_figure(rules: RuleSet, rule: Rule, asked: Survey, logs: Logs, year: int) -> Figure:
    """Return what the survey of a year answered to a question.

    Missing data
    ------------
    Who did not answer is not taken as zero: the value is the sum or mean of those who answered,
    with their share; see `response_of` for the others.
    """
    unit = asked.currency or rule.unit
    invited = {row.text("organisation") for row in logs.rows("asked") if row.get("year") == year}
    rows = [
        row
        for row in logs.rows("answers")
        if row.get("year") == year and row.text("question") == asked.question
    ]
    other = sorted(
        {row.text("currency") for row in rows if asked.currency} - {asked.currency or ""}
    )
    why = None
    if not invited:
        why = Reason("nobody_asked", {"year": year})
    elif not rows:
        why = Reason("nobody_answered", {"asked": len(invited), "question": asked.question})
    elif other:
        why = Reason("other_currency", {"currencies": other, "currency": asked.currency})
    if why is not None:
        return Figure(rules, rule, year, unit, "not_known", why=why)
    answers = [float(row.cells["answer"]) for row in rows]  # type: ignore[arg-type]
    value = sum(answers) if asked.statistic == "sum" else fmean(answers)
    value = round(value, 9)
    return Figure(
        rules,
        rule,
        year,
        unit,
        "reported",
        value,
        value,
        value,
        assumed=(Reason("self_report"),),
        records=tuple(
            sorted(
                (Record(row.text("organisation"), "answers", row.number) for row in rows),
                key=lambda each: each.row,
            )
        ),
        response=response_of(answers, len(invited), asked.statistic),
    )


def response_of(answers: Sequence[float], asked: int, statistic: str) -> Response:
    """Return who answered, and the figure for all who were asked if the others are like them.

    **Definition.** With n answers of mean m and variance s² out of N asked, the mean of all is
    m ± t(n-1) · sqrt((1 - n/N) · s²/n) with 90 % confidence; a sum is N times that. Where no answer
    is negative, a sum is at least what was reported.

    Parameters
    ----------
    answers
        One number of each who answered.
    asked
        How many were asked (N).
    statistic
        ``sum`` or ``mean``.

    Missing data
    ------------
    With fewer than five answers or less than a fifth of the asked, nothing is said of the others.

    Source
    ------
    Cochran, Sampling Techniques (1977), equations 2.20 and 2.22, with the answers taken as if they
    had been drawn at random.

    Example
    -------
    >>> found = response_of([0, 0, 2, 4, 4], 10, "sum")
    >>> found.whole, round(found.low, 1), round(found.high, 1)
    (20.0, 10.0, 33.5)
    """
    count = len(answers)
    if count < FEWEST or count / asked < LOWEST_SHARE:
        return Response(asked, count)
    mean = fmean(answers)
    error = sqrt(max(0.0, 1 - count / asked) * variance(answers) / count)
    reach = float(stdtrit(count - 1, (1 + COVERAGE) / 2)) * error
    times = asked if statistic == "sum" else 1
    low, high = times * (mean - reach), times * (mean + reach)
    if min(answers) >= 0:
        low = max(low, float(sum(answers)) if statistic == "sum" else 0.0)
    return Response(asked, count, times * mean, low, high)
