"""Entry rules: what an organisation needs to be listed, as data, each answered with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as checked

from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.picks import PICKS
from clusteratlas.organisations.profile import Members, Profile
from clusteratlas.tables import Fault, InvalidInput

DEFAULT: Final = "entry-rules-1"
MOST_BYTES: Final = 1_000_000
FIRMS: Final = ("small-firms", "large-firms")
_OF_MEMBERS: Final = (
    "members.total",
    "members.kinds",
    "members.firms",
    "members.firm_share",
    "members.as_of",
    *(f"members.{kind}" for kind in PICKS["member"]),
)
FIELDS: Final = (
    *(name for name in Profile.model_fields if name not in ("schema_version", "members")),
    *_OF_MEMBERS,
)
"""What a rule may ask of: fields of a profile, and what follows from its members."""

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Value = str | float | int


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Part):
    """A field and what it must be; exactly one of the demands is made.

    Attributes
    ----------
    field
        One of `FIELDS`. A list counts as the number of its entries.
    at_least, at_most
        A number, or for a field of words its count.
    stated
        Whether the field is filled in at all.
    one_of, includes
        Codes of which one, or all, are in the field.
    """

    field: str
    at_least: float | None = None
    at_most: float | None = None
    stated: bool | None = None
    one_of: tuple[str, ...] | None = None
    includes: tuple[str, ...] | None = None

    @checked(mode="after")
    def _whole(self) -> Self:
        told, hints = [], []
        if self.field not in FIELDS:
            near = get_close_matches(self.field, FIELDS, 1, 0.5)
            told.append(f"there is no field {self.field} to ask of")
            hints.append(f"did you mean {near[0]}?" if near else f"one of {', '.join(FIELDS)}")
        if len(self._demands) != 1:
            told.append("a rule makes one demand")
            hints.append(f"use one of {', '.join(_DEMANDS)}")
        if told:
            raise ValueError(f"{', and '.join(told)}; {', '.join(hints)}")
        return self

    @property
    def _demands(self) -> list[tuple[str, Any]]:
        made = [(name, getattr(self, name)) for name in _DEMANDS]
        return [(name, value) for name, value in made if value is not None]

    @property
    def demand(self) -> tuple[str, Any]:
        """The name of the demand and what it asks."""
        return self._demands[0]

    def answer(self, profile: Profile) -> tuple[bool | None, Value | None]:
        """Return whether it holds (``None`` where not stated) and what was found."""
        value = _value(profile, self.field)
        empty = value is None or value in ("", ())
        name, asked = self.demand
        found = _found(value)
        if name == "stated":
            return (not empty) is asked, found
        if empty:
            return None, None
        if name in ("at_least", "at_most"):
            number = _number(value)
            if number is None:
                return None, found
            return number >= asked if name == "at_least" else number <= asked, found
        held = set(value) if isinstance(value, tuple) else {value}
        wanted = set(asked)
        return bool(held & wanted) if name == "one_of" else wanted <= held, found


_DEMANDS: Final = ("at_least", "at_most", "stated", "one_of", "includes")


class EntryRule(Condition):
    """A condition with a name, the key of its sentence, and which waivers lift it.

    ``text`` is a sentence of one's own that stands instead of the key's.
    """

    name: _Key
    reason: _Key
    text: Annotated[str, StringConstraints(max_length=500)] = ""
    waived_by: tuple[_Key, ...] = ()


class Waiver(_Part):
    """Why rules may be lifted; ``when`` says by itself for whom, else a moderator grants it."""

    name: _Key
    reason: _Key
    text: Annotated[str, StringConstraints(max_length=500)] = ""
    when: Condition | None = None


class EntryRules(_Part):
    """A named, versioned set of rules."""

    name: _Key
    version: Annotated[int, Field(ge=1)]
    rule: tuple[EntryRule, ...]
    waiver: tuple[Waiver, ...] = ()

    @checked(mode="after")
    def _together(self) -> Self:
        waivers = {each.name for each in self.waiver}
        told = [
            f"rule {each.name} is waived by {name}, which is no waiver of the file"
            for each in self.rule
            for name in each.waived_by
            if name not in waivers
        ]
        names = [each.name for each in self.rule]
        told += [
            f"two rules are named {name}" for name in sorted(set(names)) if names.count(name) > 1
        ]
        if told:
            raise ValueError(". ".join(told))
        return self


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule, whether it held, and why.

    Attributes
    ----------
    held
        ``None`` where the profile does not state what is asked.
    found, asked
        What the profile has (for a list the number of entries), and what the rule asks.
    waived_by
        The waiver that lifts the rule; empty where none does or none is needed.
    """

    rule: EntryRule
    held: bool | None
    found: Value | None
    asked: Value | tuple[str, ...]
    waived_by: str = ""

    @property
    def passed(self) -> bool:
        """Whether the rule held or is lifted."""
        return self.held is True or self.waived_by != ""


@lru_cache(maxsize=1)
def default_entry_rules() -> EntryRules:
    """Return the rules that come with the package.

    >>> [each.name for each in default_entry_rules().rule][:3]
    ['staff', 'members', 'member-kinds']
    """
    place = files("clusteratlas.organisations").joinpath("data", f"{DEFAULT}.toml")
    return entry_rules_of(place.read_text(encoding="utf-8"), file=f"{DEFAULT}.toml")


def read_entry_rules(path: Path) -> EntryRules:
    """Return rules of one's own from a TOML file.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    file = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput([Fault("the file is too large for rules", file)])
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            [Fault("the file is not UTF-8", file, hint="save it as UTF-8")]
        ) from None
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
        raise InvalidInput([Fault(problem, file)]) from None
    return entry_rules_of(text, file=file)


def entry_rules_of(text: str, *, file: str = "") -> EntryRules:
    """Return the rules of a TOML text, or raise all its faults.

    Example
    -------
    >>> rules = entry_rules_of('''
    ... name = "ours"
    ... version = 1
    ... [[rule]]
    ... name = "home"
    ... field = "country"
    ... one_of = ["DE", "FR"]
    ... reason = "home_country"
    ... ''')
    >>> [each.held for each in check_entry(Profile(name="Optics", country="DE"), rules)]
    [True]
    """
    try:
        return EntryRules.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Fault(f"the file is not TOML: {error}"[:300], file)]) from None
    except ValidationError as error:
        raise InvalidInput(faults_of(error, file=file)) from None


def check_entry(
    profile: Profile, rules: EntryRules | None = None, *, waivers: Iterable[str] = ()
) -> list[RuleAnswer]:
    """Return the answer to every rule, those that held too.

    Parameters
    ----------
    profile
        The organisation; a draft will do.
    rules
        By default those of the package.
    waivers
        Names of waivers that a moderator granted.

    Missing data
    ------------
    What a profile does not state is answered ``None``; it does not hold and is not taken as zero.

    Example
    -------
    >>> answers = check_entry(Profile(name="Optics", staff=2))
    >>> [(each.rule.name, each.held) for each in answers][:2]
    [('staff', True), ('members', None)]
    """
    rules = rules or default_entry_rules()
    granted = set(waivers) | {
        each.name for each in rules.waiver if each.when and each.when.answer(profile)[0]
    }
    answers = []
    for rule in rules.rule:
        held, found = rule.answer(profile)
        lifted = next((name for name in rule.waived_by if name in granted), "")
        answers.append(RuleAnswer(rule, held, found, rule.demand[1], "" if held else lifted))
    return answers


def may_enter(answers: Sequence[RuleAnswer]) -> bool:
    """Return whether every rule held or is lifted."""
    return all(each.passed for each in answers)


def sentence_of(answer: RuleAnswer) -> str:
    """Return what a rule asks, and what was found, in English.

    >>> sentence_of(check_entry(Profile(name="Optics", staff=0.25))[0])
    'At least 0.5 staff work for the organisation (stated: 0.25).'
    """
    asked = answer.asked
    listed = ", ".join(asked) if isinstance(asked, tuple) else _written(asked)
    text = answer.rule.text or WORDS.get(answer.rule.reason, "")
    if not text:
        text = f"{answer.rule.field}: {answer.rule.demand[0].replace('_', ' ')} {{asked}}"
    text = text.replace("{asked}", listed).rstrip(".")
    if answer.waived_by:
        return f"{text} (waived: {answer.waived_by.replace('-', ' ')})."
    if answer.held:
        return f"{text}."
    if answer.found is None:
        return f"{text} (not stated)."
    return f"{text} (stated: {_written(answer.found)})."


WORDS: Final = MappingProxyType(
    {
        "enough_staff": "At least {asked} staff work for the organisation",
        "enough_members": "At least {asked} members are committed",
        "two_kinds_of_members": "Members are of at least {asked} kinds",
        "website_stated": "The profile names its website",
        "region_stated": "At least one region is named",
        "claim_stated": "At least one field is claimed",
        "official_programme": "A public programme supports the organisation",
    }
)
"""English sentences of the keys that come with the package."""


def _value(profile: Profile, name: str) -> Any:
    if not name.startswith("members."):
        return getattr(profile, name)
    return _of_members(profile.members, name.removeprefix("members."))


def _of_members(members: Members, name: str) -> Any:
    if name == "as_of":
        return members.as_of
    if not members.counts:
        return None
    firms = sum(members.counts.get(kind, 0) for kind in FIRMS)
    if name == "firms":
        return firms
    if name == "firm_share":
        return firms / members.total if members.total else None
    return getattr(members, name) if name in ("total", "kinds") else members.counts.get(name)


def _found(value: Any) -> Value | None:
    if value is None or value in ("", ()):
        return None
    if isinstance(value, tuple):
        return len(value)
    return value if isinstance(value, int | float | str) else str(value)[:SHOWN]


def _number(value: Any) -> float | None:
    if isinstance(value, tuple):
        return float(len(value))
    return float(value) if isinstance(value, int | float) else None


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
