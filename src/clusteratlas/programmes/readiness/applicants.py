"""Who asks a programme for support: an organisation, what it shows for itself, what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from clusteratlas.organisations import Profile
from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.profile import Code, Day, Line, Part, Web
from clusteratlas.programmes.register import Money
from clusteratlas.tables import Fault


class Piece(Part):
    """Something that an applicant shows for itself; ``none`` says that it has nothing of the kind.

    A kind of which nothing is shown is not known, unless the applicant says that it has none.
    """

    kind: Code
    title: Line = ""
    address: Web = ""
    on: Day | None = None
    none: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """Money asked for, in one currency and one price base (none: prices of its time)."""

    amount: float
    currency: str
    price_base: int | None = None


class Applicant(Part):
    """An organisation that applies.

    ``key`` tells applicants apart, such as an address in a registry; by default the identifier of
    the profile, else its name. ``asked`` counts public money only.
    """

    profile: Profile
    key: Line = ""
    title: Line = ""
    pieces: tuple[Piece, ...] = ()
    asked: tuple[Money, ...] = Field(default=())

    @property
    def identity(self) -> str:
        """What tells it apart from the others."""
        return self.key or self.profile.identifier or self.profile.name

    @property
    def totals(self) -> tuple[Total, ...]:
        """The public money asked for, one total for each currency and price base."""
        return totals_of(self.asked)


def totals_of(asked: Iterable[Money]) -> tuple[Total, ...]:
    """Return public money added up within each currency and price base, never across them.

    >>> totals_of([Money(amount=2, currency="EUR", side="public"),
    ...            Money(amount=3, currency="EUR", side="public"),
    ...            Money(amount=3, currency="USD", side="public")])[0].amount
    5.0
    """
    found: dict[tuple[str, int | None], float] = {}
    for each in asked:
        if each.side == "public":
            key = (each.currency, each.price_base)
            found[key] = found.get(key, 0.0) + each.amount
    return tuple(
        Total(amount, currency, base)
        for (currency, base), amount in sorted(
            found.items(), key=lambda item: (item[0][0], item[0][1] or 0)
        )
    )


def piece_of(
    given: dict[str, Any], *, file: str = "", row: int | None = None, kinds: Sequence[str] = ()
) -> tuple[Piece | None, list[Fault]]:
    """Return a piece of evidence, or its faults; ``kinds`` are those the criteria know."""
    try:
        piece = Piece.model_validate(given)
    except ValidationError as error:
        return None, faults_of(error, file=file, row=row)
    faults = []
    if kinds and piece.kind not in kinds:
        hint = f"one of {', '.join(kinds)}"
        problem = "the criteria know no evidence of that kind"
        faults.append(Fault(problem, file, row, "kind", piece.kind, hint))
    if piece.none and (piece.title or piece.address or piece.on):
        problem = "it is said that there is none of the kind, and one is named"
        faults.append(Fault(problem, file, row, "none", piece.kind, "keep one of the two"))
    if not piece.none and not piece.title:
        problem = "a piece of evidence has no title"
        faults.append(Fault(problem, file, row, "title", hint="say what it is called"))
    return (None if faults else piece), faults
