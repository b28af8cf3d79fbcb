"""Requirements between industries: the files of `programmes/multiplier/data`, ten seconds.

    python scripts/input_output_multipliers.py USE_2017 MAKE_2017 NAICS_CODES FOLDER

Tables of the Bureau of Economic Analysis, public domain. Nothing written here is a cell of theirs:
coefficients are computed, domestic, rounded to millionths, and checked to return the output.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.measures.networks.requirements import (
    industry_requirements,
    multipliers,
    total_requirements,
)
from clusteratlas.programmes.multiplier.tables import INDUSTRIES, MILLIONTHS, REQUIREMENTS
from clusteratlas.sources.accounts.bea_codes import read_bea_codes
from clusteratlas.sources.accounts.input_output import read_input_output

EXPORTS, IMPORTS = "F04000", "F05000"
COMPENSATION, VALUE_ADDED = "V00100", "T006"
ROUNDED_AWAY = 0.5
"""Million dollars by which a cell may be rounded."""


def main() -> None:
    """Write the files."""
    use_file, make_file, codes_file, folder = map(Path, sys.argv[1:])
    use, make = read_input_output(use_file).rows, read_input_output(make_file).rows
    codes = read_bea_codes(codes_file).rows.to_pylist()
    industries = _codes(make, "row", "industry")
    commodities = sorted({*_codes(make, "column", "commodity"), *_codes(use, "row", "commodity")})
    used, made = _cells(use), _cells(make)
    final = _codes(use, "column", "final use")
    flows = _matrix(used, commodities, industries)
    makes = _matrix(made, industries, commodities)
    output, supply = makes.sum(axis=1), makes.sum(axis=0)
    demand = _matrix(used, commodities, final).sum(axis=1)
    exports = _matrix(used, commodities, [EXPORTS])[:, 0]
    imports = -np.minimum(_matrix(used, commodities, [IMPORTS])[:, 0], 0)
    shares = np.divide(makes, supply, out=np.zeros_like(makes), where=supply > 0)
    everything = total_requirements(industry_requirements(flows, makes, output, supply))
    lacking = np.abs(everything @ (shares @ demand) - output)
    if lacking.max() > ROUNDED_AWAY * 4 * len(commodities):
        raise SystemExit(f"{industries[int(lacking.argmax())]}: demand does not return the output")
    absorbed = supply - exports + imports
    domestic = np.divide(
        supply - exports, absorbed, out=np.ones_like(supply), where=absorbed > 0
    ).clip(0, 1)
    required = industry_requirements(flows, makes, output, supply, domestic)
    total = total_requirements(required)
    wages = _matrix(used, [COMPENSATION], industries)[0] / output
    added = _matrix(used, [VALUE_ADDED], industries)[0] / output
    titles = {row["bea"]: row["bea_title"] for row in codes}
    naics = defaultdict(list)
    for row in codes:
        naics[row["bea"]].append(row["industry"])
    with (folder / INDUSTRIES).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["industry", "title", "output", "value_added", "compensation", "output_multiplier",
             "value_added_total", "income_multiplier", "naics"]
        )  # fmt: skip
        figures = zip(
            industries, output, added, wages, multipliers(total), added @ total,
            multipliers(total, wages), strict=True,
        )  # fmt: skip
        for code, out, value, wage, multiplier, of_all, income in figures:
            told = "" if np.isnan(income) else f"{income:.4f}"
            writer.writerow(
                [code, titles.get(code, OTHERWISE.get(code, code)), round(out), f"{value:.6f}",
                 f"{wage:.6f}", f"{multiplier:.4f}", f"{of_all:.4f}", told,
                 " ".join(sorted(naics[code]))]
            )  # fmt: skip
    rounded = np.rint(required * MILLIONTHS).astype(np.int32)
    supplier, buyer = np.nonzero(rounded)
    names = pa.array(industries)
    pq.write_table(
        pa.table(
            {
                "supplier": pa.DictionaryArray.from_arrays(supplier.astype(np.int16), names),
                "industry": pa.DictionaryArray.from_arrays(buyer.astype(np.int16), names),
                "millionths": rounded[supplier, buyer],
            }
        ),
        folder / REQUIREMENTS,
        compression="zstd",
        compression_level=19,
        use_dictionary=["supplier", "industry"],
    )
    print(f"Written: {folder / INDUSTRIES}, {folder / REQUIREMENTS} ({len(supplier):,} pairs)")


OTHERWISE = {
    "4200ID": "Customs duties",
    "531HSO": "Owner-occupied housing",
    "S00101": "Federal electric utilities",
    "S00102": "Other federal government enterprises",
    "S00201": "State and local government passenger transit",
    "S00202": "State and local government electric utilities",
    "S00203": "Other state and local government enterprises",
    "S00500": "Federal general government (defense)",
    "S00600": "Federal general government (nondefense)",
    "GSLGE": "State and local government (educational services)",
    "GSLGH": "State and local government (hospitals and health services)",
    "GSLGO": "State and local government (other services)",
}
"""Titles of industries to which no class of NAICS is tied."""


def _codes(table: pa.Table, side: str, kind: str) -> list[str]:
    rows = zip(table[side].to_pylist(), table[f"{side}_kind"].to_pylist(), strict=True)
    return sorted({code for code, of in rows if of == kind})


def _cells(table: pa.Table) -> dict[tuple[str, str], float]:
    names = zip(table["row"].to_pylist(), table["column"].to_pylist(), strict=True)
    return dict(zip(names, table["value"].to_pylist(), strict=True))


def _matrix(
    cells: dict[tuple[str, str], float], rows: list[str], columns: list[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[cells.get((row, column), 0.0) for column in columns] for row in rows])


if __name__ == "__main__":
    main()
