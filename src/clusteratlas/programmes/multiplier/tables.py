"""The requirements between industries that come with the package, and a user's own lists."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

Floats = npt.NDArray[np.float64]

INDUSTRIES: Final = "us_industries_2017.csv"
REQUIREMENTS: Final = "us_requirements_2017.parquet"
MILLIONTHS: Final = 1_000_000
YEAR: Final = 2017
SOURCE: Final = (
    "US Bureau of Economic Analysis, input-output accounts 2017, use and make tables in detail, "
    "before redefinitions, producers' prices; coefficients computed by Cluster Atlas"
)


@dataclass(frozen=True)
class Requirements:
    """Industries of the input-output tables and what they need of one another.

    Attributes
    ----------
    industries, titles
        Codes and names; length n.
    output
        Million USD of 2017.
    value_added, compensation
        Per unit of output.
    required
        Direct domestic requirements: suppliers by industries, per unit of output.
    naics
        Industry of the tables by class of NAICS 2017, six digits.
    """

    industries: tuple[str, ...]
    titles: tuple[str, ...]
    output: Floats
    value_added: Floats
    compensation: Floats
    required: Floats
    naics: Mapping[str, tuple[str, ...]]

    def place(self, code: str) -> int:
        """The place of an industry, by its own code or by a class of NAICS that lies in one.

        Raises
        ------
        CannotAnswer
            A code that nobody knows, or a class that is spread over several industries.
        """
        if code in self.industries:
            return self.industries.index(code)
        found = sorted(
            {bea for naics, codes in self.naics.items() if naics.startswith(code) for bea in codes}
        )
        if len(found) == 1:
            return self.industries.index(found[0])
        if found:
            raise CannotAnswer(
                f"the class {code} is spread over {len(found)} industries of the tables",
                hint=f"choose among {few(found)}",
            )
        raise CannotAnswer(
            f"no industry of the tables has the code {code}",
            hint="give a code of the Bureau of Economic Analysis, such as 336411, or of NAICS 2017",
        )


@lru_cache(maxsize=1)
def packaged_requirements() -> Requirements:
    """Return the requirements of the United States in 2017.

    >>> us = packaged_requirements()
    >>> len(us.industries), us.titles[us.place("336411")]
    (402, 'Aircraft manufacturing')
    """
    folder = files("clusteratlas.programmes.multiplier").joinpath("data")
    text = folder.joinpath(INDUSTRIES).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    industries = tuple(row["industry"] for row in rows)
    with as_file(folder.joinpath(REQUIREMENTS)) as path:
        pairs = pq.read_table(path)
    places = {code: place for place, code in enumerate(industries)}
    required = np.zeros((len(industries), len(industries)))
    supplier = [places[code] for code in pairs["supplier"].to_pylist()]
    buyer = [places[code] for code in pairs["industry"].to_pylist()]
    required[supplier, buyer] = pairs["millionths"].to_numpy() / MILLIONTHS
    naics: dict[str, tuple[str, ...]] = {}
    for row in rows:
        for code in row["naics"].split():
            naics[code] = (*naics.get(code, ()), row["industry"])

    def column(name: str) -> Floats:
        return np.array([float(row[name]) for row in rows])

    return Requirements(
        industries,
        tuple(row["title"] for row in rows),
        column("output"),
        column("value_added"),
        column("compensation"),
        required,
        naics,
    )


def read_by_industry(path: Path, column: str, requirements: Requirements) -> Floats:
    """Return a figure for each industry from a CSV file with ``industry`` and one column.

    Parameters
    ----------
    path
        CSV; codes of the tables or classes of NAICS 2017 that lie in one industry.
    column
        ``location_quotient``, ``jobs`` or ``amount``. Jobs and amounts of several classes of one
        industry are added up; a quotient may be given once.
    requirements
        The industries.

    Returns
    -------
    ndarray
        Length n; NaN where the file says nothing.

    Missing data
    ------------
    An empty cell is a fault: leave the row out where a figure is not known.

    Raises
    ------
    InvalidInput
        With every fault: unknown codes, cells that are no numbers, quotients given twice.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in ("industry", column) if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(
                Fault("the column is missing", str(path), None, name) for name in missing
            )
        rows = list(reader)
    found = np.full(len(requirements.industries), np.nan)
    faults: list[Fault] = []
    for number, row in enumerate(rows, 2):
        code, cell = (row["industry"] or "").strip(), (row[column] or "").strip()
        try:
            place = requirements.place(code)
        except CannotAnswer as error:
            faults.append(Fault(str(error), str(path), number, "industry", code))
            continue
        value = _number(cell)
        if value is None or value < 0:
            problem = "this is no number" if value is None else "a figure is below zero"
            faults.append(Fault(problem, str(path), number, column, cell, "write 1234.5"))
        elif np.isnan(found[place]):
            found[place] = value
        elif column == "location_quotient":
            faults.append(
                Fault(
                    f"the industry {requirements.industries[place]} has a quotient already",
                    str(path),
                    number,
                    "industry",
                    code,
                    "give one quotient for each industry of the tables",
                )
            )
        else:
            found[place] += value
    if faults:
        raise InvalidInput(faults)
    return found


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
