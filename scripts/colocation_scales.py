"""Which scale of the figures foretells the co-location of areas that were not seen.

Usage: python scripts/colocation_scales.py CBP_NAICS6 CBP_NAICS4

County Business Patterns of all years given are filled and added up to the economic areas. The areas
are cut into halves at random, four times: the mean correlation of levels between every two traded
clusters of one half is the truth, what each scale says of the other half is judged by rank
correlation, plain and without the clusters' main effects. "As printed" leaves the cells out that
the office does not print.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from clusteratlas.classification import definition, economic_areas
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.relating_figures import filled_figures
from clusteratlas.relatedness.agreement import without_main_effects
from clusteratlas.relatedness.areas import cube_of
from clusteratlas.relatedness.colocation import Scale, correlation_over_regions
from clusteratlas.relatedness.related_clusters import between_groups
from clusteratlas.relatedness.similarities import Floats

HALVES = 4
SCALES: tuple[Scale, ...] = ("levels", "square root", "logarithm")


def main() -> None:
    """Print one line a figure, filling and scale."""
    with Reporter() as reporter:
        dataset, employment = filled_figures([Path(each) for each in sys.argv[1:]], reporter)
    benchmark = definition("us-benchmark-2014", dataset.classification)
    clusters = benchmark.traded_clusters(dataset.classification)
    industries = list(clusters)
    codes = sorted(set(clusters.values()))
    group = np.array([codes.index(clusters[industry]) for industry in industries])
    printed = employment.filter([each == "reported" for each in employment["status"].to_pylist()])
    upper = np.triu_indices(len(codes), 1)
    for column in ("employment", "establishments"):
        whole, areas, _ = cube_of(employment, industries, column=column, areas=economic_areas())
        shown, some, _ = cube_of(printed, industries, column=column, areas=economic_areas())
        assert areas == some
        for name, cube in (("filled", whole), ("as printed", shown)):
            for scale in SCALES:
                found = []
                random = np.random.default_rng(0)
                for _ in range(HALVES):
                    order = random.permutation(len(areas))
                    one, other = np.array_split(order, 2)
                    truth = _between(whole[:, one], group, "levels", len(codes))
                    told = _between(cube[:, other], group, scale, len(codes))
                    found.append(
                        [
                            spearmanr(each(truth)[upper], each(told)[upper])[0]
                            for each in (np.asarray, without_main_effects)
                        ]
                    )
                plain, centred = np.mean(found, axis=0)
                print(f"{column:15} {name:10} {scale:12} {plain:.3f} {centred:.3f}")


def _between(cube: Floats, group: np.ndarray, scale: Scale, count: int) -> Floats:
    matrix = between_groups(correlation_over_regions(cube, scale=scale), group, count)
    return np.nan_to_num(matrix)


if __name__ == "__main__":
    main()
