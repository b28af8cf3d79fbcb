"""What an account says in words: English sentences, each with named places.

A `Voice` says them in another language: the portal's looks every sentence up in its catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.programmes.account.figures import Figure, Reason, Response, Step
from clusteratlas.programmes.account.layout import LAYOUTS, UNIT_LOGS
from clusteratlas.programmes.account.rule_files import bundled_sets
from clusteratlas.programmes.account.rules import Stage
from clusteratlas.programmes.grades import EvidenceGrade


def shown_number(value: float) -> str:
    """Return a number with as many digits as one reads.

    >>> shown_number(58823.53), shown_number(12), shown_number(92.31), shown_number(0.4)
    ('58,824', '12', '92.3', '0.4')
    """
    if float(value).is_integer() or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Voice:
    """How sentences and numbers are said; English as it is by default."""

    say: Callable[[str], str] = str
    number: Callable[[float], str] = shown_number

    def sentence(self, code: str, **given: Any) -> str:
        """Return a sentence with what it speaks of; numbers are written, names said."""
        told = {
            name: self.number(value)
            if isinstance(value, int | float) and name not in _AS_THEY_ARE
            else ", ".join(map(str, value))
            if isinstance(value, list | tuple)
            else value
            for name, value in given.items()
        }
        return self.say(SENTENCES[code]) % told


_AS_THEY_ARE: Final = ("year", "first", "last", "part")

STAGES: Final = MappingProxyType(
    {
        Stage.input: "What went in",
        Stage.activity: "What was done",
        Stage.output: "What it reached",
        Stage.behaviour: "What people do differently",
        Stage.outcome: "What members say came of it",
        Stage.impact: "What changed because of it",
    }
)

STATUSES: Final = MappingProxyType(
    {"counted": "counted", "reported": "reported", "not_known": "not known"}
)

GRADES: Final = MappingProxyType(
    {
        EvidenceGrade.A: "A: randomised",
        EvidenceGrade.B: "B: credible quasi-experiment",
        EvidenceGrade.C: "C: comparison without credible control",
        EvidenceGrade.D: "D: self-report",
        EvidenceGrade.E: "E: multiplier model",
    }
)

UNITS: Final = MappingProxyType(
    {
        "group": "groups",
        "organisation": "organisations",
        "event": "events",
        "service": "services",
        "project": "projects",
        "agreement": "agreements",
        "rows": "rows",
    }
)

SENTENCES: Final = MappingProxyType(
    {
        "between": "%(low)s to %(high)s",
        "at_least": "at least %(low)s",
        "at_most": "at most %(high)s",
        "not_known": "not known",
        "logs_missing": "Not known: needs the log of %(logs)s.",
        "log_empty": "Not known: the log of %(log)s has no row, and nothing says for which "
        "years it is complete.",
        "year_not_covered": "Not known: the log of %(log)s is complete for %(first)s–%(last)s.",
        "nobody_asked": "Not known: nobody was asked about this year.",
        "nobody_answered": "Not known: of %(asked)s asked, none answered %(question)s.",
        "other_currency": "Not known: answers are in %(currencies)s, the rule asks for "
        "%(currency)s.",
        "no_register": "Not known: no register of the programme's money is given.",
        "no_money_public": "Not known: the register states no public money of the year.",
        "no_money_private": "Not known: the register states no private money of the year.",
        "no_output": "Not known: there is no output %(output)s in the year to share the money.",
        "share_of_nothing": "Not known: there is nothing to be a share of.",
        "self_report": "What those who answered believe; nobody was compared with anybody.",
        "money_paid": "Money that was paid.",
        "money_committed": "Money that was committed; what was paid is not stated.",
        "money_planned": "Money that was planned; what was committed is not stated.",
        "money_unstated": "Whether this money was planned, committed or paid is not stated.",
        "money_of_awards": "The sum of the awards; the programme states no money of its own.",
        "gross_leverage": "All private money is set against the public, whether or not it would "
        "have been spent anyway.",
        "all_money_on_one_output": "The whole public money of the year is set against this one "
        "output; costs of several outputs do not add up.",
        "gross_output": "Outputs that would have come without the programme are counted too.",
        "years_from_records": "Nobody states which years are complete in the log of %(logs)s; they "
        "are taken from its first to its last date.",
        "unstated": "Left open by cells that are not stated: %(columns)s.",
        "unstated_column": "%(column)s (%(count)s)",
        "verified": "The logs were checked by %(names)s. That lifts no grade.",
        "response": "%(answered)s of %(asked)s who were asked answered (%(share)s %%).",
        "response_whole": "If the others are like them, all who were asked would come to %(whole)s "
        "%(unit)s (90 %% interval: %(low)s to %(high)s).",
        "response_few": "Too few answered to say anything of the others.",
        "step": "%(count)s %(unit)s: %(text)s",
        "step_part": "%(count)s %(unit)s by way %(part)s: %(text)s",
        "grade": "Evidence grade D, self-report: a programme's own logs, survey and money compare "
        "nobody with anybody. No effect follows from them.",
        "money-public": "public money",
        "money-private": "private money",
        "money-row": "money of the programme",
        "award-row": "awards",
        "rows_counted": "%(log)s (%(count)s)",
    }
)
"""Every sentence by its code; places are named."""


def value_in_words(figure: Figure, voice: Voice | None = None) -> str:
    """Return a value, an interval or *not known*, without unit.

    >>> from clusteratlas.programmes.account.rule_files import bundled
    >>> rules = bundled("flemish-clusters-1")
    >>> value_in_words(Figure(rules, rules.rule[0], 2020, "firms", "counted", None, 2, 4))
    '2 to 4'
    """
    voice = voice or Voice()
    if figure.value is not None:
        return voice.number(figure.value)
    return range_in_words(figure.low, figure.high, voice)


def range_in_words(low: float | None, high: float | None, voice: Voice | None = None) -> str:
    """Return what lies between two numbers, of which one may not be known.

    >>> range_in_words(2, None), range_in_words(3, 3), range_in_words(None, None)
    ('at least 2', '3', 'not known')
    """
    voice = voice or Voice()
    if low is None:
        return voice.say(SENTENCES["not_known"])
    if high is None:
        return voice.sentence("at_least", low=low)
    if low == high:
        return voice.number(low)
    return voice.sentence("between", low=low, high=high)


def unit_in_words(figure: Figure, voice: Voice | None = None) -> str:
    """Return the unit; a currency stays as it is."""
    say = (voice or Voice()).say
    parts = [say(each) for each in figure.unit.split(" / ")]
    return " / ".join(parts)


def reason_in_words(reason: Reason, voice: Voice | None = None) -> str:
    """Return why a figure is not known, or what it takes for granted.

    >>> reason_in_words(Reason("logs_missing", {"logs": ["services", "events"]}))
    'Not known: needs the log of services, events.'
    """
    voice = voice or Voice()
    given = dict(reason.given)
    code = reason.code
    if code == "no_money":
        code = f"no_money_{given['side']}"
    elif code == "money_kind":
        code = f"money_{given['kind'] or 'unstated'}"
    for name in ("log", "logs"):
        if name in given:
            named = given[name] if isinstance(given[name], list) else [given[name]]
            given[name] = ", ".join(voice.say(each) for each in named)
    return voice.sentence(code, **given)


def remarks(figure: Figure, voice: Voice | None = None) -> list[str]:
    """Return everything that a reader must know of a figure, one sentence each."""
    voice = voice or Voice()
    said = [] if figure.why is None else [reason_in_words(figure.why, voice)]
    said += [reason_in_words(each, voice) for each in figure.assumed]
    if figure.response is not None:
        said.append(_response(figure, figure.response, voice))
    if figure.unstated:
        columns = [
            voice.sentence("unstated_column", column=column_in_words(name, voice), count=count)
            for name, count in figure.unstated.items()
        ]
        said.append(voice.sentence("unstated", columns=", ".join(columns)))
    if figure.verified_by:
        said.append(voice.sentence("verified", names=", ".join(figure.verified_by)))
    return said


def _response(figure: Figure, found: Response, voice: Voice) -> str:
    """Who answered, and what may be said of the others."""
    share = round(100 * found.share)
    said = voice.sentence("response", answered=found.answered, asked=found.asked, share=share)
    if found.whole is None:
        return f"{said} {voice.sentence('response_few')}"
    if found.low is None or found.high is None or found.low >= found.high:
        return said
    unit = unit_in_words(figure, voice)
    whole = voice.sentence(
        "response_whole", whole=found.whole, low=found.low, high=found.high, unit=unit
    )
    return f"{said} {whole}"


def column_in_words(name: str, voice: Voice | None = None) -> str:
    """Return a column that a rule asks for, as the reference names it; its names are codes.

    >>> column_in_words("attendance.event.paid")
    'attendance: event.paid'
    """
    log, _, column = name.partition(".")
    return f"{(voice or Voice()).say(log)}: {column}"


def step_in_words(step: Step, voice: Voice | None = None) -> str:
    """Return a part of a figure: how many meet it.

    >>> step_in_words(Step("actors", "group", 3, 4, "pays a fee", 1))
    '3 to 4 groups by way 1: pays a fee'
    """
    voice = voice or Voice()
    count = range_in_words(step.low, step.high, voice)
    unit = voice.say(UNITS.get(step.unit, step.unit))
    text = voice.say(step.text or SENTENCES.get(step.set, step.set))
    if step.part is not None:
        return voice.sentence("step_part", count=count, unit=unit, part=step.part, text=text)
    return voice.sentence("step", count=count, unit=unit, text=text)


def rows_in_words(rows: Mapping[str, int], voice: Voice | None = None) -> list[str]:
    """Return how many rows of which log were counted."""
    voice = voice or Voice()
    named = {"money": SENTENCES["money-row"], "awards": SENTENCES["award-row"]}
    return [
        voice.sentence("rows_counted", count=count, log=voice.say(named.get(log, log)))
        for log, count in rows.items()
    ]


def texts() -> Iterator[str]:
    """Give every text of the room that a reader may see, for those who translate."""
    yield from SENTENCES.values()
    yield from STAGES.values()
    yield from STATUSES.values()
    yield from GRADES.values()
    yield from UNITS.values()
    for layout in LAYOUTS.values():
        yield layout.name
        yield layout.meaning
    yield from UNIT_LOGS
    for rules in bundled_sets():
        yield rules.title
        for units in rules.set:
            yield from filter(None, (units.text, *(each.text for each in units.demands)))
        for rule in rules.rule:
            yield from filter(None, (rule.title, rule.text, rule.unit, rule.note))
