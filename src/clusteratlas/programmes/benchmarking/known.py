"""What registry, measured map and logs know of an indicator, and where an answer differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from clusteratlas.organisations.claim_records import ClaimReport, Verdict
from clusteratlas.organisations.profile import Profile
from clusteratlas.programmes.account.records import Logs
from clusteratlas.programmes.benchmarking.answers import Answer, Round
from clusteratlas.programmes.benchmarking.questionnaire import Indicator, Questionnaire

Origin = Literal["profile", "map", "log"]


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known already.

    Attributes
    ----------
    key
        One of `questionnaire.KNOWN`.
    value
        In the unit of the scales that use it: years, posts, members, or a share in percent.
    origin
        Whether the organisation's own profile, the measured map or a log says so.
    source
        Which one, in words; ``as_of`` is the day it holds for.
    """

    key: str
    value: float | str
    origin: Origin
    source: str
    as_of: date | None = None


def known_of_profile(profile: Profile, on: date) -> tuple[Known, ...]:
    """Return what a profile states that questionnaires ask too, on a day.

    Missing data
    ------------
    What is not stated is not among them; a list that is empty says nothing and counts as not
    stated.

    Example
    -------
    >>> held = known_of_profile(Profile(name="Optics", founded=2015, staff=2), date(2025, 3, 31))
    >>> [(each.key, each.value) for each in held]
    [('age', 9), ('staff', 2.0)]
    """
    source = "profile in the registry"
    counted = profile.members.as_of
    members = profile.members.total
    found: list[tuple[str, float | str | None, date | None]] = [
        ("age", _age(profile.founded, on), None),
        ("legal_form", profile.legal_form or None, None),
        ("staff", profile.staff, None),
        ("members", members, counted),
        ("member_kinds", profile.members.kinds if profile.members.counts else None, counted),
        ("main_claims", sum(each.weight == "main" for each in profile.claims) or None, None),
        ("services", len(profile.services) or None, None),
        ("partnerships", len(profile.partnerships) or None, None),
    ]
    if profile.staff is not None and members:
        ratio = round(100 * profile.staff / members, 1)
        found.append(("staff_per_100_members", ratio, counted))
    return tuple(
        Known(key, value, "profile", source, as_of)
        for key, value, as_of in found
        if value is not None
    )


def known_of_map(report: ClaimReport) -> tuple[Known, ...]:
    """Return what the measured map knows: the share of own fields that it bears out, in percent.

    Missing data
    ------------
    Where the map leaves a claim open, nothing is known.
    """
    verdicts = [each.verdict for each in report.claims]
    if not verdicts or Verdict.unknown in verdicts:
        return ()
    share = 100 * verdicts.count(Verdict.supported) / len(verdicts)
    source = f"claim check {report.rule}, release {report.release}"
    return (Known("supported_share", round(share, 1), "map", source),)


def known_of_logs(logs: Logs, on: date) -> tuple[Known, ...]:
    """Return what an organisation's own logs count: members, and how many of them it served.

    Definition
    ----------
    Members are the organisations whose membership runs on the day; the share with contact are
    those of them that were given a service of their own within the year before, in percent.

    Parameters
    ----------
    logs
        Read by `clusteratlas.programmes.account.read_logs`.
    on
        The day of the round.

    Missing data
    ------------
    A log that was not given, or that does not cover the year, says nothing; never zero.
    """
    held = logs.covered.get("members")
    if held is None or not held.holds(on.year):
        return ()
    running = {
        row.text("organisation")
        for row in logs.rows("members")
        if (row.day("from") or on) <= on <= (row.day("until") or on)
    }
    found = [Known("members", len(running), "log", "log of members", on)]
    covered = logs.covered.get("services")
    since = on - timedelta(days=365)
    if running and covered and covered.holds(on.year) and covered.holds(since.year):
        served = {
            row.text("organisation")
            for row in logs.rows("services")
            if (day := row.day("date")) is not None and since < day <= on
        }
        share = round(100 * len(running & served) / len(running), 1)
        found.append(Known("contact_share", share, "log", "log of services", on))
    return tuple(found)


def _age(founded: int | None, on: date) -> int | None:
    """Full years since the end of the founding year, which are sure whatever the day was."""
    return None if founded is None or founded > on.year else max(0, on.year - founded - 1)


def prefilled(questionnaire: Questionnaire, known: Iterable[Known], round_: Round) -> Round:
    """Return a round with what is known filled in wherever nothing was answered.

    An answer that was filled in says where it was taken from.
    """
    held = {each.key: each for each in known}
    answers = dict(round_.answers)
    for indicator in questionnaire.indicator:
        said = held.get(indicator.known) if indicator.known else None
        if said is None or not round_.answer(indicator.code).is_open:
            continue
        if questionnaire.scales[indicator.code].refuses(said.value) is None:
            answers[indicator.code] = Answer(value=said.value, taken_from=said.source)
    return round_.model_copy(update={"answers": answers})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer that differs from what is known, by more than the indicator allows.

    It says that two statements differ, and nothing about which is right.
    """

    indicator: Indicator
    answered: float | str
    known: Known
    worth: int | None


def disagreements(
    round_: Round, questionnaire: Questionnaire, known: Sequence[Known]
) -> tuple[Disagreement, ...]:
    """Return answers that differ from what the registry, the map or logs say.

    Definition
    ----------
    Figures differ where they lie more than ``tolerance`` of what is known, and at least half the
    scale's step, apart. ``worth`` is how many points the answer is worth beyond what is known.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> asked = packaged_questionnaire()
    >>> held = known_of_profile(Profile(name="Optics", staff=2), date(2025, 3, 31))
    >>> said = Round(date="2025-03-31", answers={"staff": Answer(value=6)})
    >>> [(each.answered, each.known.value, each.worth) for each in
    ...  disagreements(said, asked, held)]
    [(6, 2.0, 1)]
    """
    found = []
    for each in known:
        for indicator in questionnaire.indicator:
            if indicator.known != each.key:
                continue
            value = round_.answer(indicator.code).value
            scale = questionnaire.scales[indicator.code]
            if value is None or not _differ(value, each.value, indicator.tolerance, scale.step):
                continue
            said, held = scale.points(value), scale.points(each.value)
            worth = said - held if said is not None and held is not None else None
            found.append(Disagreement(indicator, value, each, worth))
    order = {each.code: place for place, each in enumerate(questionnaire.indicator)}
    return tuple(sorted(found, key=lambda each: order[each.indicator.code]))


def _differ(said: float | str, held: float | str, tolerance: float, step: float) -> bool:
    if isinstance(said, str) or isinstance(held, str):
        return said != held
    return abs(said - held) > max(tolerance * abs(held), step / 2)
