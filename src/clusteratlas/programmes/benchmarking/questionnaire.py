"""Questionnaires: indicators in groups, their scales, and what earns a label, as versioned data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from math import isnan
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic import model_validator as checked

from clusteratlas.organisations.picks import PICKS
from clusteratlas.organisations.profile import Country, Day, Language, Line, Name, Text, Web
from clusteratlas.programmes.register.document import Currency
from clusteratlas.tables import CannotAnswer

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
KNOWN: Final = (
    "age",
    "legal_form",
    "staff",
    "staff_per_100_members",
    "members",
    "member_kinds",
    "main_claims",
    "services",
    "partnerships",
    "supported_share",
    "contact_share",
)
"""What the registry, the measured map or logs may know of an indicator: see `known`."""


class Mark(StrEnum):
    """Where a name, a group, a scale or a threshold comes from.

    Examples
    --------
    >>> Mark.seen.meaning
    'read in a source'
    """

    official = "official"
    seen = "seen"
    remembered = "remembered"
    reconstructed = "reconstructed"
    ours = "ours"

    @property
    def meaning(self) -> str:
        """The mark in words."""
        return _MEANINGS[self]


_MEANINGS: Final = {
    Mark.official: "from the official text",
    Mark.seen: "read in a source",
    Mark.remembered: "from memory, not read again",
    Mark.reconstructed: "put together from parts, not a copy of the official text",
    Mark.ours: "set by this project",
}


class Part(BaseModel):
    """Part of a questionnaire; frozen, and an unknown field is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerOption(Part):
    """One of the answers to choose from; ``points`` only where the scale is scored."""

    code: Key
    name: Name
    points: Annotated[int, Field(ge=0, le=20)] | None = None


class Scale(Part):
    """How an indicator is answered, and how many points an answer is worth.

    Attributes
    ----------
    kind
        ``levels``: a whole number from 0, each described by one of ``levels``; a level is worth
        as many points. ``number``: a figure in ``unit``, worth a point for each of ``cuts`` that
        it reaches. ``choice``: one of ``options``.
    better
        For a figure, whether more or less is worth points.
    step
        The smallest change of a figure that counts as one.
    """

    code: Key
    kind: Literal["levels", "number", "choice"]
    mark: Mark
    unit: Line = ""
    levels: tuple[Name, ...] = ()
    low: float = 0.0
    high: float | None = None
    step: Annotated[float, Field(gt=0)] = 1.0
    better: Literal["more", "less"] = "more"
    cuts: tuple[float, ...] = ()
    options: tuple[AnswerOption, ...] = ()

    @checked(mode="after")
    def _whole(self) -> Self:
        told = []
        if self.kind == "levels" and len(self.levels) < 2:
            told.append("a scale of levels describes at least two")
        if self.kind == "choice" and len(self.options) < 2:
            told.append("a scale to choose from has at least two options")
        worth = [each.points is None for each in self.options]
        if any(worth) and not all(worth):
            told.append("either every option has points or none")
        rising = list(self.cuts) == sorted(set(self.cuts), reverse=self.better == "less")
        if not rising:
            told.append("the cuts go from the first point to the last")
        if self.high is not None and self.high <= self.low:
            told.append("the scale ends before it begins")
        if told:
            raise ValueError(". ".join(told))
        return self

    @property
    def most(self) -> int | None:
        """Points of the best answer; none where the scale only describes."""
        if self.kind == "levels":
            return len(self.levels) - 1
        if self.kind == "number":
            return len(self.cuts) or None
        return max((each.points for each in self.options if each.points is not None), default=None)

    def points(self, value: float | str) -> int | None:
        """Return what an answer is worth; none where the scale only describes.

        >>> staff = Scale(code="staff", kind="number", mark="ours", cuts=(1, 2, 4))
        >>> staff.points(0.5), staff.points(2), staff.points(9)
        (0, 2, 3)
        """
        if self.kind == "choice":
            return next((each.points for each in self.options if each.code == value), None)
        if isinstance(value, str):
            return None
        if self.kind == "levels":
            return int(value)
        if not self.cuts:
            return None
        if self.better == "less":
            return sum(value <= cut for cut in self.cuts)
        return sum(value >= cut for cut in self.cuts)

    def refuses(self, value: object) -> tuple[str, str] | None:
        """Return what is wrong with an answer and a hint; none where nothing is.

        >>> Scale(code="s", kind="levels", mark="ours", levels=("none", "all")).refuses(2)
        ('there is no such level', 'use a whole number from 0 to 1')
        """
        if self.kind == "choice":
            codes = [each.code for each in self.options]
            return None if value in codes else ("no such answer", f"use one of {', '.join(codes)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
            return ("not a number", f"use {self._asks}")
        if self.kind == "levels":
            fits = value == int(value) and 0 <= value < len(self.levels)
            return None if fits else ("there is no such level", f"use {self._asks}")
        if value < self.low or (self.high is not None and value > self.high):
            return ("outside the scale", f"use {self._asks}")
        return None

    @property
    def _asks(self) -> str:
        if self.kind == "levels":
            return f"a whole number from 0 to {len(self.levels) - 1}"
        unit = f" {self.unit}" if self.unit else ""
        if self.high is None:
            return f"a number from {self.low:g} on{unit and ','}{unit}"
        return f"a number from {self.low:g} to {self.high:g}{unit and ','}{unit}"


class Group(Part):
    """A group of indicators."""

    code: Key
    name: Name
    mark: Mark


class Threshold(Part):
    """The points an indicator needs at least for a label."""

    points: Annotated[int, Field(ge=0)]
    mark: Mark


class Indicator(Part):
    """Something asked of an organisation.

    Attributes
    ----------
    mark
        Where the name comes from; the question ``asks`` is this project's own wording unless the
        mark is ``official``.
    effort
        Days of work that one more point takes, with ``effort_mark``; what stands in the
        package is a guess, to order the gaps, and a site knows better. None where work gives no
        point: a figure that only describes, or that only time raises.
    known
        One of `KNOWN`: what the registry, the map or logs may say of it.
    tolerance
        How far, as a share of what is known, an answer may lie from it.
    may_not_apply
        Whether it can be answered as not applicable, with the reason.
    """

    code: Key
    group: Key
    name: Name
    mark: Mark
    asks: Text
    scale: Key
    threshold: Threshold | None = None
    effort: Annotated[float, Field(gt=0)] | None = None
    effort_mark: Mark = Mark.ours
    known: str = ""
    tolerance: Annotated[float, Field(ge=0)] = 0.1
    may_not_apply: bool = False

    @checked(mode="after")
    def _whole(self) -> Self:
        if self.known and self.known not in KNOWN:
            raise ValueError(f"nothing knows {self.known}; use one of {', '.join(KNOWN)}")
        return self


class Price(Part):
    """What a label costs, as its giver has stated it."""

    what: Name
    amount: Annotated[float, Field(ge=0)]
    currency: Currency
    mark: Mark
    source: Line


class Condition(Part):
    """Something a label asks.

    Attributes
    ----------
    kind
        ``answered``: every indicator is answered or does not apply. ``share``: at least
        ``at_least`` (0-1) of the points. ``thresholds``: every indicator reaches its own.
        ``earlier``: a round finished ``months_from`` to ``months_to`` before. ``improved``: at
        least ``at_least`` groups gained points since. ``holds``: the label ``label`` is held.
        ``outside``: decided by somebody else; never checked here.
    """

    kind: Literal["answered", "share", "thresholds", "earlier", "improved", "holds", "outside"]
    text: Text
    mark: Mark
    source: Line = ""
    at_least: Annotated[float, Field(ge=0)] | None = None
    months_from: Annotated[float, Field(ge=0)] | None = None
    months_to: Annotated[float, Field(ge=0)] | None = None
    label: str = ""

    @checked(mode="after")
    def _whole(self) -> Self:
        if self.kind == "share" and not 0 < (self.at_least or 0) <= 1:
            raise ValueError("a share of points is above 0 and at most 1")
        if self.kind == "improved" and not self.at_least:
            raise ValueError("say how many groups must have gained points: at_least")
        if self.kind == "earlier" and (self.months_from is None or self.months_to is None):
            raise ValueError("say how long before: months_from and months_to")
        if self.kind == "holds" and self.label not in PICKS["label"]:
            raise ValueError(f"no such label; use one of {', '.join(PICKS['label'])}")
        return self


class LabelRule(Part):
    """A label: how it is earned, how long it stands, what it costs.

    ``code`` is that of the pick-list ``label`` of profiles.
    """

    code: str
    name: Name
    mark: Mark
    earned: Text
    earned_mark: Mark
    valid_months: Annotated[int, Field(ge=1)] | None = None
    renewed_months: Annotated[int, Field(ge=1)] | None = None
    validity_mark: Mark | None = None
    source: Line = ""
    price: tuple[Price, ...] = ()
    condition: tuple[Condition, ...] = ()

    @checked(mode="after")
    def _whole(self) -> Self:
        if self.code not in PICKS["label"]:
            raise ValueError(f"no such label; use one of {', '.join(PICKS['label'])}")
        return self


class Count(Part):
    """A number that the scheme is known by, and where it comes from."""

    count: Annotated[int, Field(ge=1)]
    mark: Mark
    source: Line = ""


class Questionnaire(Part):
    """A versioned questionnaire.

    Attributes
    ----------
    name, version
        Rounds are compared only within one name and version.
    indicators_in_all, split
        How many indicators the scheme has, and where the way they fall into groups comes from.
    languages
        ``language`` is that of every text in it.
    """

    name: Key
    version: Annotated[int, Field(ge=1)]
    title: Name
    language: Language = "en"
    publisher: Line = ""
    about: Text = ""
    source: Line
    address: Web = ""
    as_of: Day | None = None
    countries: tuple[Country, ...] = ()
    indicators_in_all: Count
    groups_in_all: Count
    split: Mark
    scale: tuple[Scale, ...]
    group: tuple[Group, ...]
    indicator: tuple[Indicator, ...]
    label: tuple[LabelRule, ...] = ()

    @checked(mode="after")
    def _together(self) -> Self:
        told = [
            *_twice("scale", [each.code for each in self.scale]),
            *_twice("group", [each.code for each in self.group]),
            *_twice("indicator", [each.code for each in self.indicator]),
            *_twice("label", [each.code for each in self.label]),
        ]
        scales = {each.code: each for each in self.scale}
        groups = {each.code for each in self.group}
        for each in self.indicator:
            if each.group not in groups:
                told.append(f"indicator {each.code} stands in group {each.group}, which is not")
            scale = scales.get(each.scale)
            if scale is None:
                told.append(f"indicator {each.code} uses scale {each.scale}, which is not")
            elif each.threshold and each.threshold.points > (scale.most or 0):
                told.append(f"the threshold of {each.code} lies above its scale")
        used = {each.group for each in self.indicator}
        told += [f"group {code} has no indicator" for code in sorted(groups - used)]
        for what, stated, found in (
            ("indicators", self.indicators_in_all.count, len(self.indicator)),
            ("groups", self.groups_in_all.count, len(self.group)),
        ):
            if stated != found:
                told.append(f"{stated} {what} are announced and {found} stand in the file")
        if told:
            raise ValueError(". ".join(told))
        return self

    @property
    def key(self) -> str:
        """Name and version in one word, as it stands in addresses and files."""
        return f"{self.name}-{self.version}"

    @cached_property
    def scales(self) -> Mapping[str, Scale]:
        """Scales by the code of the indicator that uses them."""
        held = {each.code: each for each in self.scale}
        return {each.code: held[each.scale] for each in self.indicator}

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        """Indicators by code."""
        return {each.code: each for each in self.indicator}

    def of_group(self, group: str) -> tuple[Indicator, ...]:
        """The indicators of a group, in order."""
        return tuple(each for each in self.indicator if each.group == group)

    def label_rule(self, code: str) -> LabelRule:
        """Return what earns a label.

        Raises
        ------
        CannotAnswer
            If this questionnaire does not lead to it.
        """
        for each in self.label:
            if each.code == code:
                return each
        raise CannotAnswer(
            f"the questionnaire {self.key} does not lead to that label",
            value=code,
            hint=f"it leads to {', '.join(each.code for each in self.label) or 'no label'}",
        )

    def marks(self) -> Iterator[tuple[str, str, Mark]]:
        """Yield every mark: what it stands at, its code, and the mark itself."""
        yield "split", self.key, self.split
        yield "count", "indicators", self.indicators_in_all.mark
        yield "count", "groups", self.groups_in_all.mark
        for group in self.group:
            yield "group", group.code, group.mark
        for scale in self.scale:
            yield "scale", scale.code, scale.mark
        for each in self.indicator:
            yield "name", each.code, each.mark
            if each.effort is not None:
                yield "effort", each.code, each.effort_mark
            if each.threshold:
                yield "threshold", each.code, each.threshold.mark
        for label in self.label:
            yield "label", label.code, label.mark
            yield "earned", label.code, label.earned_mark
            yield from (("condition", label.code, one.mark) for one in label.condition)
            yield from (("price", label.code, one.mark) for one in label.price)


def _twice(what: str, codes: list[str]) -> list[str]:
    return [
        f"two of {what} are coded {each}" for each in sorted(set(codes)) if codes.count(each) > 1
    ]
