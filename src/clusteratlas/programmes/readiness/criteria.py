"""When a cluster is ready to be supported: criteria as data, named and versioned."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as checked

from clusteratlas.organisations.entry_rules import FIELDS
from clusteratlas.organisations.json_form import faults_of
from clusteratlas.tables import Fault, InvalidInput

DEFAULT: Final = "readiness-1"
MOST_BYTES: Final = 1_000_000
GROUPS: Final = ("base", "plan", "structure")
BASE_MEASURES: Final = (
    "base.probability_strong",
    "base.employment",
    "base.location_quotient",
    "base.share_of_nation",
    "base.reported_share",
    "base.supported_claims",
)
SHARES: Final = (
    "base.probability_strong",
    "base.share_of_nation",
    "base.reported_share",
)
EVIDENCE: Final = "evidence"
OF_PROFILE: Final = "profile."
MEASURED: Final = (
    "base.location_quotient",
    "profile.staff",
    "profile.latitude",
    "profile.longitude",
)
"""Measures that are neither shares nor whole numbers."""

MEASURES: Final = (*BASE_MEASURES, EVIDENCE, *(f"{OF_PROFILE}{name}" for name in FIELDS))
"""What a criterion may ask of: the map, attached evidence, and fields of a profile."""

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
_Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Steps = tuple[Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)], ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceKind(_Part):
    """A kind of evidence that can be attached, with the words a form shows for it."""

    name: _Key
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Criterion(_Part):
    """A demand on an applicant.

    Attributes
    ----------
    measure
        One of `MEASURES`; a list of a profile counts as the number of its entries.
    at_least
        The threshold, in the unit of the measure.
    full
        From which value on the criterion gives its whole weight to the score; by default the
        threshold. It stays where it is when a threshold is moved.
    kinds, within_years
        Which kinds of evidence count, and how many years old a piece may be.
    essential
        Who does not meet it is not ready, whatever else holds.
    text
        A name of one's own that stands instead of the packaged words.
    """

    name: _Key
    group: Literal["base", "plan", "structure"]
    measure: str
    at_least: _Amount
    full: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    weight: _Amount = 1.0
    essential: bool = False
    kinds: tuple[_Key, ...] = ()
    within_years: Annotated[float, Field(gt=0, le=100)] | None = None
    text: Annotated[str, StringConstraints(max_length=200)] = ""

    @property
    def whole(self) -> float:
        """From which value on the criterion counts in full."""
        return self.at_least if self.full is None else self.full

    @property
    def is_share(self) -> bool:
        """Whether the measure ends at 1."""
        return self.measure in SHARES or self.measure == f"{OF_PROFILE}members.firm_share"

    @property
    def counts(self) -> bool:
        """Whether the measure is a whole number."""
        return not self.is_share and self.measure not in MEASURED

    def stepped(self, factor: float) -> float:
        """Return the threshold times a factor; a count is rounded, a share ends at 1.

        >>> Criterion(name="a", group="plan", measure="profile.members.kinds", at_least=3).stepped(
        ...     1.1)
        3.0
        """
        value = self.at_least * factor
        if self.counts:
            return float(round(value))
        return min(value, 1.0) if self.is_share else value

    def degree(self, value: float) -> float:
        """Return how far a value goes towards the whole, 0-1.

        >>> Criterion(name="a", group="base", measure="base.employment", at_least=200).degree(50)
        0.25
        """
        return 1.0 if self.whole <= 0 else min(1.0, max(0.0, value / self.whole))

    @checked(mode="after")
    def _whole(self) -> Self:
        told, hints = [], []
        if self.measure not in MEASURES:
            near = get_close_matches(self.measure, MEASURES, 1, 0.5)
            told.append(f"there is no measure {self.measure}")
            hints.append(f"did you mean {near[0]}?" if near else f"one of {', '.join(MEASURES)}")
        if self.measure == EVIDENCE and not self.kinds:
            told.append("a criterion of evidence names the kinds that count")
            hints.append('such as kinds = ["strategy"]')
        if self.kinds and self.measure != EVIDENCE:
            told.append("only a criterion of evidence names kinds")
            hints.append("leave kinds out")
        dated = self.measure == EVIDENCE or self.measure.startswith(f"{OF_PROFILE}members.")
        if self.within_years is not None and not dated:
            told.append("only evidence and members have a day that can be too old")
            hints.append("leave within_years out")
        if told:
            raise ValueError(f"{', and '.join(told)}; {', '.join(hints)}")
        return self


class Criteria(_Part):
    """A named, versioned set of criteria.

    ``may_lack`` criteria, none essential, may be missing in who is nearly ready. Thresholds and
    weights are multiplied by the steps to see who depends on them.
    """

    name: _Key
    version: Annotated[int, Field(ge=1)]
    may_lack: Annotated[int, Field(ge=0)] = 1
    threshold_steps: _Steps = (0.8, 0.9, 1.1, 1.25)
    weight_steps: _Steps = (0.5, 2.0)
    kind: tuple[EvidenceKind, ...] = ()
    criterion: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @checked(mode="after")
    def _together(self) -> Self:
        kinds = [each.name for each in self.kind]
        names = [each.name for each in self.criterion]
        told = [
            f"criterion {each.name} counts {kind}, which is no kind of the file"
            for each in self.criterion
            for kind in each.kinds
            if kind not in kinds
        ]
        for what, listed in (("criteria", names), ("kinds of evidence", kinds)):
            twice = sorted({name for name in listed if listed.count(name) > 1})
            told += [f"two {what} are named {name}" for name in twice]
        if sum(each.weight for each in self.criterion) <= 0:
            told.append("no criterion has a weight above 0")
        if told:
            raise ValueError(". ".join(told))
        return self

    @property
    def total_weight(self) -> float:
        """All weights together."""
        return sum(each.weight for each in self.criterion)

    def of(self, name: str) -> Criterion | None:
        """Return the criterion of a name; none where there is none."""
        return next((each for each in self.criterion if each.name == name), None)

    def changed(
        self,
        *,
        thresholds: dict[str, float] | None = None,
        weights: dict[str, float] | None = None,
    ) -> Criteria:
        """Return the criteria with other thresholds or weights; what counts in full stays.

        >>> found = default_criteria().changed(thresholds={"members": 30.0})
        >>> found.of("members").at_least, found.of("members").whole
        (30.0, 150.0)
        """
        moved, weighed = thresholds or {}, weights or {}
        return self.model_validate(
            {
                **self.model_dump(),
                "criterion": [
                    {
                        **each.model_dump(),
                        "full": each.whole or None,
                        "at_least": moved.get(each.name, each.at_least),
                        "weight": weighed.get(each.name, each.weight),
                    }
                    for each in self.criterion
                ],
            }
        )

    def without(self, name: str) -> Criteria:
        """Return the criteria without one of them."""
        left = tuple(each for each in self.criterion if each.name != name)
        return self.model_copy(update={"criterion": left})


@lru_cache(maxsize=1)
def default_criteria() -> Criteria:
    """Return the criteria that come with the package.

    >>> default_criteria().name, [each.name for each in default_criteria().criterion][:2]
    ('readiness-1', ['strong-cluster', 'base-jobs'])
    """
    place = files("clusteratlas.programmes.readiness").joinpath("data", f"{DEFAULT}.toml")
    return criteria_of(place.read_text(encoding="utf-8"), file=f"{DEFAULT}.toml")


def read_criteria(path: Path) -> Criteria:
    """Return criteria of one's own from a TOML file.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    file = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput([Fault("the file is too large for criteria", file)])
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problem = Fault("the file is not UTF-8", file, hint="save it as UTF-8")
        raise InvalidInput([problem]) from None
    except OSError as error:
        raise InvalidInput([Fault(f"the file cannot be read: {error.strerror}", file)]) from None
    return criteria_of(text, file=file)


def criteria_of(text: str, *, file: str = "") -> Criteria:
    """Return the criteria of a TOML text, or raise all its faults.

    Example
    -------
    >>> found = criteria_of('''
    ... name = "ours"
    ... version = 1
    ... [[criterion]]
    ... name = "members"
    ... group = "structure"
    ... measure = "profile.members.total"
    ... at_least = 20
    ... ''')
    >>> found.of("members").at_least
    20.0
    """
    try:
        return Criteria.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Fault(f"the file is not TOML: {error}"[:300], file)]) from None
    except ValidationError as error:
        raise InvalidInput(faults_of(error, file=file)) from None
