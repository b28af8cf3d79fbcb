"""Which columns of a County Business Patterns file hold what: county, metro, state or US."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clusteratlas.sources.census.size_classes import size_columns

FLAG_COLUMN = "empflag"
"""Range of a withheld row; in files of 2016 and earlier (the one of 2017 may have it)."""

FIGURES = ("emp_nf", "emp", "ap_nf", "ap", "est")
PLACES = ("fipstate", "fipscty", "msa")
LEGAL_FORM = "lfo"
ALL_FORMS = "-"


@dataclass(frozen=True)
class Columns:
    """The columns of a layout, in lower case.

    ``place`` is ``None`` where the whole file is the nation, ``state`` stands before a county of
    three digits, ``sizes`` are the nine size classes or none.
    """

    scheme: str
    place: str | None
    industry: str
    employment: str
    establishments: str
    payroll: str
    state: str | None = None
    year: str | None = None
    flag: str | None = None
    payroll_flag: str | None = None
    range_flag: str | None = None
    legal_form: str | None = None
    sizes: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that must be there."""
        named = (self.state, self.place, self.year, self.industry, self.legal_form)
        figures = (self.employment, self.establishments, self.payroll)
        flags = () if self.year else (self.flag, self.payroll_flag, self.range_flag)
        return tuple(name for name in (*named, *flags, *figures) if name)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one row from another."""
        named = (self.state, self.place, self.industry, self.year)
        return tuple(name for name in named if name)


def bureau_columns(names: Iterable[str]) -> Columns:
    """Return the layout of the Bureau's own file whose header has these names (in lower case).

    >>> bureau_columns(["fipstate", "lfo", "naics", "emp_nf", "emp", "ap_nf", "ap", "est"]).scheme
    'us-state'
    >>> bureau_columns(["msa", "naics", "empflag", "emp", "ap", "est"]).range_flag
    'empflag'
    """
    present = set(names)
    earlier = FLAG_COLUMN in present
    noisy = not earlier or "emp_nf" in present or "ap_nf" in present
    scheme, place, state = "us-nation", None, None
    if "msa" in present:
        scheme, place = "us-cbsa", "msa"
    elif "fipscty" in present or ("fipstate" in present and LEGAL_FORM not in present):
        scheme, place, state = "us-county", "fipscty", "fipstate"
    elif "fipstate" in present:
        scheme, place = "us-state", "fipstate"
    return Columns(
        scheme,
        place,
        "naics",
        "emp",
        "est",
        "ap",
        state=state,
        flag="emp_nf" if noisy else None,
        payroll_flag="ap_nf" if noisy else None,
        range_flag=FLAG_COLUMN if earlier else None,
        legal_form=LEGAL_FORM if LEGAL_FORM in present else None,
        sizes=size_columns(present),
    )
