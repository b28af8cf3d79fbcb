"""What a return assumes: data with sources, read whole and shown whole."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.register.document import Currency
from clusteratlas.tables import Fault, InvalidInput

LONGEST_SPAN: Final = 40
"""Years that an effect may be carried into the future."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Assumed(_Frozen):
    """A figure that is assumed, perhaps between two ends, and where it comes from.

    Between ends it is drawn from a triangle with its peak at ``value``.
    """

    value: float
    low: float | None = None
    high: float | None = None
    source: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        """Take a plain number for a figure without ends."""
        plain = isinstance(given, int | float) and not isinstance(given, bool)
        return {"value": given} if plain else given

    @model_validator(mode="after")
    def _in_order(self) -> Assumed:
        low, high = self.low, self.high
        if (low is None) != (high is None):
            raise ValueError("give both ends or none")
        if low is not None and high is not None and not low <= self.value <= high:
            raise ValueError("the value does not lie between its ends")
        return self


NotNegative = Annotated[Assumed, Field(default_factory=lambda: Assumed(value=0.0))]


class MemberAssumptions(_Frozen):
    """What taking part costs a member firm in a year."""

    fee: NotNegative
    hours: NotNegative
    cost_of_hour: NotNegative
    own_share: NotNegative
    """Own money put into joint projects."""
    kept: Assumed = Assumed(value=1.0)
    """Share of the additional value that stays with the firm, 0-1."""

    @model_validator(mode="after")
    def _possible(self) -> MemberAssumptions:
        _refuse_negative(self, ("fee", "hours", "cost_of_hour", "own_share"))
        ends = (self.kept.low, self.kept.value, self.kept.high)
        if any(each is not None and not 0 < each <= 1 for each in ends):
            raise ValueError("kept is a share above 0 and at most 1")
        return self


class PublicAssumptions(_Frozen):
    """What the public paid for all treated units together."""

    cost: Assumed
    paid: Literal["evenly", "at_start"] = "evenly"
    """Evenly over the window of the effect, or all at its start."""

    @model_validator(mode="after")
    def _possible(self) -> PublicAssumptions:
        _refuse_negative(self, ("cost",))
        if (self.cost.value if self.cost.low is None else self.cost.low) <= 0:
            raise ValueError("the cost must be above 0")
        return self


class LeverageAssumptions(_Frozen):
    """Which outcomes of the report are the own money of firms and the public money they got."""

    private: str
    public: str
    correlation: Annotated[float, Field(ge=-0.99, le=0.99)] = 0.0
    """Of the two estimates; the report does not tell it, so it is assumed."""


class GrossFigure(_Frozen):
    """A figure that was reported or multiplied: shown apart, never added to an effect."""

    what: Annotated[str, Field(min_length=1, max_length=200)]
    value: float
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    grade: Literal["D", "E"]
    source: Annotated[str, Field(max_length=300)] = ""

    @property
    def evidence(self) -> EvidenceGrade:
        """Its grade."""
        return EvidenceGrade(self.grade)


class Assumptions(_Frozen):
    """Everything that a return rests on beside the effect.

    Attributes
    ----------
    currency, price_base
        In which money all amounts are told; none for the prices of their time.
    discount_rate
        A year, such as 0.03; real where amounts have a price base.
    value_per_unit
        What one unit of the outcome is worth in a year: value added of a job, share of turnover
        that is value added, 1 for an outcome that is value itself.
    base
        Level of the outcome of a treated unit without the programme; needed where the effect is
        in percent.
    years_after, decay
        Years that the effect is taken to last after the window, and the share of it that is lost
        in each; nothing lasts unless it is stated.
    """

    currency: Currency
    price_base: Annotated[int, Field(ge=1900, le=2200)] | None = None
    discount_rate: Annotated[float, Field(ge=0, le=0.5)]
    value_per_unit: Assumed
    base: Assumed | None = None
    years_after: Annotated[int, Field(ge=0, le=LONGEST_SPAN)] = 0
    decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    member: MemberAssumptions | None = None
    public: PublicAssumptions | None = None
    leverage: LeverageAssumptions | None = None
    gross: Annotated[tuple[GrossFigure, ...], Field(max_length=100)] = ()
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    seed: Annotated[int, Field(ge=0)] = 0
    draws: Annotated[int, Field(ge=1_000, le=200_000)] = 20_000

    @model_validator(mode="after")
    def _possible(self) -> Assumptions:
        for name in ("value_per_unit", "base"):
            held: Assumed | None = getattr(self, name)
            if held is not None and (held.value if held.low is None else held.low) <= 0:
                raise ValueError(f"{name} must be above 0")
        if self.member is None and self.public is None and self.leverage is None:
            raise ValueError("say whose return is asked for: member, public or leverage")
        return self


def _refuse_negative(held: BaseModel, names: tuple[str, ...]) -> None:
    for name in names:
        each: Assumed = getattr(held, name)
        if (each.value if each.low is None else each.low) < 0:
            raise ValueError(f"{name} is negative")


def assumptions_of(given: dict[str, Any], *, file: str = "") -> Assumptions:
    """Return assumptions from what a file or a form holds.

    Raises
    ------
    InvalidInput
        With every field that is missing, unknown or impossible.

    Examples
    --------
    >>> found = assumptions_of({"currency": "EUR", "discount_rate": 0.03, "value_per_unit": 50_000,
    ...     "public": {"cost": {"value": 2e6, "source": "grant agreements"}}})
    >>> found.public.cost.value, found.years_after
    (2000000.0, 0)
    """
    try:
        return Assumptions.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(
            Fault(
                each["msg"].removeprefix("Value error, "),
                file,
                column=".".join(map(str, each["loc"])),
                value="" if isinstance(each["input"], dict) else str(each["input"])[:60],
                hint="docs/explanation/returns.md has a whole file",
            )
            for each in error.errors()
        ) from error


def read_assumptions(path: Path) -> Assumptions:
    """Read assumptions from a TOML file.

    Raises
    ------
    InvalidInput
        No such file, no TOML, and what `assumptions_of` finds.
    """
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    try:
        return assumptions_of_text(path.read_text(encoding="utf-8"), file=str(path))
    except UnicodeDecodeError as error:
        fault = Fault("the file is not text in UTF-8", str(path), hint="save it in UTF-8")
        raise InvalidInput([fault]) from error


def assumptions_of_text(text: str, *, file: str = "") -> Assumptions:
    """Return assumptions from TOML.

    Raises
    ------
    InvalidInput
        No TOML, and what `assumptions_of` finds.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput([Fault(f"this is no TOML: {error}", file)]) from error
    return assumptions_of(given, file=file)
