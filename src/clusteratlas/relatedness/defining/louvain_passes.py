"""The compiled pass of Louvain: every node to the community where it adds most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True)
def move(start: Any, target: Any, weight: Any, degree: Any, order: Any, resolution: float) -> Any:
    """Return the community of each node once no single move raises modularity."""
    count = len(degree)
    community = np.arange(count)
    total = degree.copy()
    whole = degree.sum()
    towards = np.zeros(count)
    for _ in range(100):
        moved = False
        for place in range(count):
            node = order[place]
            home = community[node]
            total[home] -= degree[node]
            for link in range(start[node], start[node + 1]):
                towards[community[target[link]]] += weight[link]
            best = home
            gain = towards[home] - resolution * degree[node] * total[home] / whole
            for link in range(start[node], start[node + 1]):
                other = community[target[link]]
                its = towards[other] - resolution * degree[node] * total[other] / whole
                if its > gain + 1e-12:
                    best, gain = other, its
            for link in range(start[node], start[node + 1]):
                towards[community[target[link]]] = 0.0
            total[best] += degree[node]
            community[node] = best
            moved = moved or best != home
        if not moved:
            break
    return community
