"""Which cluster supplies which: the file `matching/data/us_benchmark_supply.csv`, two minutes.

    python scripts/cluster_supply.py CBP_NAICS6 CBP_NAICS4 USE_2017 NAICS_CODES OUT.csv

County Business Patterns and the input-output accounts, public domain. The larger share of the two
directions of a pair is the component `input_output` of `relatedness/data`, and is checked to be.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from clusteratlas.classification import definition
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.relating_figures import filled_figures
from clusteratlas.matching.affinity_supply import supply_of_flows, write_supply
from clusteratlas.relatedness.input_output import flows_between
from clusteratlas.relatedness.packaged import packaged_clusters
from clusteratlas.sources.accounts.bea_codes import read_bea_codes
from clusteratlas.sources.accounts.input_output import read_input_output

BENCHMARK = "us-benchmark-2014"


def main() -> None:
    """Write the file."""
    six, four, use, codes, out = map(Path, sys.argv[1:])
    with Reporter() as reporter:
        dataset, employment = filled_figures([six, four], reporter)
    added = employment.group_by("industry").aggregate([("employment", "sum")]).to_pylist()
    sizes = {row["industry"]: float(row["employment_sum"] or 0) for row in added}
    flows = flows_between(read_input_output(use).rows, read_bea_codes(codes).rows, sizes)
    groups = definition(BENCHMARK, dataset.classification).traded_clusters(dataset.classification)
    supply = supply_of_flows(flows, groups, definition=BENCHMARK)
    packaged = packaged_clusters(BENCHMARK)
    assert packaged is not None
    links = {(row["a"], row["b"]): row["input_output"] for row in packaged.to_pylist()}
    strongest = supply.strongest()
    for here, a in enumerate(supply.clusters):
        for there, b in enumerate(supply.clusters):
            larger = max(strongest[here, there], strongest[there, here])
            if a != b and not np.isclose(larger, links[a, b], atol=2e-6):
                raise SystemExit(f"{a}-{b}: {larger} is not the {links[a, b]} of the package")
    write_supply(supply, out)
    print(f"Written: {out}")


if __name__ == "__main__":
    main()
