"""Which cluster supplies which: input-output with its direction, which relatedness leaves out."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from clusteratlas.atlas.opened import unknown_name
from clusteratlas.matching.affinity import Floats
from clusteratlas.relatedness.input_output import Flows
from clusteratlas.relatedness.packaged import SOURCE

PACKAGED: Final = {"us-benchmark-2014": "us_benchmark_supply.csv"}
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Supply:
    """What flows from cluster to cluster, as shares of what the two sell and buy.

    Attributes
    ----------
    definition
        Name of the cluster definition.
    clusters
        Codes, numbers in the order of numbers.
    sold
        Clusters x clusters, from row to column: share of all that the row's cluster sells to
        industries (intermediate output) that goes to the column's, 0 to 1.
    bought
        Likewise, of all that the column's cluster buys from industries (intermediate input) the
        share that comes from the row's, 0 to 1.
    source
        Source of the flows, a key of provenance.

    The diagonal is NaN; so is what has no output, or no input, in the table.
    """

    definition: str
    clusters: tuple[str, ...]
    sold: Floats
    bought: Floats
    source: str
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {code: at for at, code in enumerate(self.clusters)})

    def strongest(self) -> Floats:
        """Return the larger of the two shares, from row to column; NaN where neither is known."""
        return np.asarray(np.fmax(self.sold, self.bought))

    def shares(self, supplier: str, customer: str) -> tuple[float | None, float | None]:
        """Return the shares sold and bought from one cluster to another; ``None``: not known.

        Raises
        ------
        CannotAnswer
            One of them is not among ``clusters``.

        Example
        -------
        Upstream metal sells more to downstream metal than the other way round.

        >>> ours = supply_of_packaged("us-benchmark-2014")
        >>> there, back = ours.shares("47", "12"), ours.shares("12", "47")
        >>> there[0] > back[0], there[1] > back[1]
        (True, True)
        """
        for code in (supplier, customer):
            if code not in self._places:
                raise unknown_name("cluster with known flows", code, self.clusters)
        at = self._places[supplier], self._places[customer]
        sold, bought = float(self.sold[at]), float(self.bought[at])
        return (None if np.isnan(sold) else sold, None if np.isnan(bought) else bought)


@lru_cache(maxsize=2)
def supply_of_packaged(definition: str) -> Supply | None:
    """Return who supplies whom among the clusters of a definition, or none where none is packaged.

    Made by scripts/cluster_supply.py from the use table of 2017 of the US Bureau of Economic
    Analysis, split by the jobs of County Business Patterns 2017-2021.

    >>> supply_of_packaged("nace-divisions") is None
    True
    """
    name = PACKAGED.get(definition)
    if name is None:
        return None
    with files("clusteratlas.matching").joinpath("data", name).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    codes = tuple(sorted({row["supplier"] for row in rows}, key=_by_number))
    place = {code: at for at, code in enumerate(codes)}
    shares = {name: np.full((len(codes),) * 2, np.nan) for name in ("sold", "bought")}
    for row in rows:
        for column, values in shares.items():
            if row[column]:
                values[place[row["supplier"]], place[row["customer"]]] = float(row[column])
    return Supply(definition, codes, shares["sold"], shares["bought"], SOURCE)


def supply_of_flows(flows: Flows, groups: Mapping[str, str], *, definition: str) -> Supply:
    r"""Return the shares sold and bought between clusters.

    Definition
    ----------
    With flows F added up by cluster, all intermediate output O and input I of each,

    .. math:: sold_{ij} = F_{ij} / O_i, \qquad bought_{ij} = F_{ij} / I_j

    Parameters
    ----------
    flows
        From `clusteratlas.relatedness.input_output.flows_between`.
    groups
        Industry to cluster.
    definition
        Name of the definition.

    Missing data
    ------------
    NaN for what sells, or buys, nothing in the table.

    Example
    -------
    Steel sends 20 of its 30 to cars, which is all that cars use.

    >>> flows = Flows(("cars", "homes", "steel"), np.array([[0, 0, 0], [0, 0, 0], [20, 10, 0.0]]),
    ...     np.array([0.0, 0, 30]), np.array([20.0, 10, 0]), np.zeros(3, dtype=bool))
    >>> supply = supply_of_flows(flows, {"cars": "1", "steel": "2"}, definition="mine")
    >>> supply.shares("2", "1"), supply.shares("1", "2")
    ((0.6666666666666666, 1.0), (None, None))
    """
    codes = tuple(sorted(set(groups.values()), key=_by_number))
    member = np.zeros((len(flows.industries), len(codes)))
    for at, industry in enumerate(flows.industries):
        if industry in groups:
            member[at, codes.index(groups[industry])] = 1.0
    between = member.T @ flows.between @ member
    output, used = member.T @ flows.output, member.T @ flows.input
    with np.errstate(invalid="ignore", divide="ignore"):
        sold = np.where(output[:, None] > 0, between / output[:, None], np.nan)
        bought = np.where(used[None, :] > 0, between / used[None, :], np.nan)
    for each in (sold, bought):
        np.fill_diagonal(each, np.nan)
    return Supply(definition, codes, sold, bought, SOURCE)


def write_supply(supply: Supply, path: Path) -> None:
    """Write a row for every two clusters, shares rounded to six decimals, empty where unknown."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["supplier", "customer", "sold", "bought"])
        for here, supplier in enumerate(supply.clusters):
            for there, customer in enumerate(supply.clusters):
                if here == there:
                    continue
                shares = (float(each[here, there]) for each in (supply.sold, supply.bought))
                cells = ("" if np.isnan(share) else _short(share) for share in shares)
                writer.writerow([supplier, customer, *cells])


def _short(share: float) -> str:
    text = f"{share:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return text or "0"


def _by_number(code: str) -> tuple[int, str]:
    return (len(code), code) if code.isdigit() else (99, code)
