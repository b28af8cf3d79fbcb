"""Run by a peer's own interpreter: evaluate its calls on the input of the conventions page.

Reads the input and the calls as JSON from standard input, prints a list of numbers for each.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import warnings
from typing import Any

import numpy as np


def _econcomplex(names: dict[str, Any]) -> None:
    module = importlib.import_module("econcomplex")
    names |= {name: getattr(module, name) for name in module.__all__}
    names["present"] = names["mcp"](names["jobs"])


def _ecomplexity(names: dict[str, Any]) -> None:
    module = importlib.import_module("ecomplexity")
    jobs = names["jobs"]
    region, industry = np.indices(jobs.shape)
    frame = importlib.import_module("pandas").DataFrame(
        {"t": 2020, "r": region.ravel(), "i": industry.ravel(), "jobs": jobs.ravel()}
    )
    columns = {"time": "t", "loc": "r", "prod": "i", "val": "jobs"}

    def ecomplexity(field: str, **options: Any) -> Any:
        found = module.ecomplexity(frame, columns, **options).sort_values(["r", "i"])
        return found[field].to_numpy().reshape(jobs.shape)

    def proximity() -> Any:
        found = module.proximity(frame, columns)["proximity"].to_numpy()
        return found.reshape(jobs.shape[1], jobs.shape[1])

    names |= {"ecomplexity": ecomplexity, "proximity": proximity}


def _datawheel(names: dict[str, Any]) -> None:
    module = importlib.import_module("economic_complexity")
    names |= {name: getattr(module, name) for name in module.__all__}
    names["quotients"] = module.rca(importlib.import_module("pandas").DataFrame(names["jobs"]))


def _fermi(names: dict[str, Any]) -> None:
    found = importlib.import_module("fermi.economic_fitness_complexity").efc()
    found.load(names["jobs"])
    found.compute_rca()
    found.binarize()
    metrics = importlib.import_module("fermi.relatedness_metrics").RelatednessMetrics()
    metrics.load(names["jobs"])
    metrics.compute_rca()
    metrics.binarize()
    names |= {"efc": found, "metrics": metrics}


def _pointpats(names: dict[str, Any]) -> None:
    names["k"] = importlib.import_module("pointpats").k


def _esda(names: dict[str, Any]) -> None:
    names["esda"] = importlib.import_module("esda")
    count = len(names["jobs"])
    near = {i: [j for j in (i - 1, i + 1) if 0 <= j < count] for i in range(count)}
    names["row"] = lambda: importlib.import_module("libpysal.weights").W(near)


READY = {
    "econcomplex": _econcomplex,
    "ecomplexity": _ecomplexity,
    "economic-complexity": _datawheel,
    "fermi-cref": _fermi,
    "pointpats": _pointpats,
    "esda": _esda,
}


def main() -> None:
    """Evaluate and print."""
    asked = json.loads(sys.stdin.read())
    names: dict[str, Any] = {"np": np}
    names |= {name: np.array(value, dtype=float) for name, value in asked["input"].items()}
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        READY[asked["peer"]](names)
        found = [np.atleast_1d(eval(call, names)).astype(float) for call in asked["calls"]]
    print(json.dumps([values.ravel().tolist() for values in found]))


if __name__ == "__main__":
    main()
