"""What the peers offer, each called in its own environment as its documentation says.

Only numpy and the peer itself are at hand here. Inputs are put into the peer's form before the
clock starts; what a peer computes that is not the measure (prints, tidy output) is left out where
it has a function of its own for the measure.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.cell import Call, Job, NotThere
from benchmarks.data import Kept

SWEEPS = 20
PERMUTATIONS = 999


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _frame(table: Any) -> Any:
    return _module("pandas").DataFrame(table)


def _quotients(kept: Kept) -> Any:
    jobs = kept.jobs
    return jobs / jobs.sum(axis=1, keepdims=True) / (jobs.sum(axis=0) / jobs.sum())


# econcomplex: arrays regions x industries


def _econcomplex(name: str, of: str = "jobs", **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        function, table = getattr(_module("econcomplex"), name), getattr(kept, of)
        table = table.astype(np.float64)
        return lambda: function(table, **options)

    return ready


def _econcomplex_presence(kept: Kept) -> Call:
    binarize, quotients = _module("econcomplex").binarize, _quotients(kept)
    return lambda: binarize(quotients, 1.0)


def _econcomplex_density(kept: Kept) -> Call:
    density = _module("econcomplex").relatedness_density
    present, pairs = kept.present.astype(np.float64), kept.proximity
    return lambda: density(present, phi=pairs, use_rca=False)


def _econcomplex_gini(kept: Kept) -> Call:
    gini, frame = _module("econcomplex").gini, _frame(kept.jobs)
    return lambda: gini(frame)


def _econcomplex_growth(kept: Kept) -> Call:
    growth, start, end = _module("econcomplex").growth_matrix, kept.jobs, kept.later
    return lambda: growth(start, end)


def _econcomplex_entry(kept: Kept) -> Call:
    entry, start, end = _module("econcomplex").entry, kept.jobs, kept.later
    return lambda: entry([start, end], use_rca=False)


# ecomplexity: the functions behind its one table function, whole numbers as it makes them


def _ecomplexity_proximity(kept: Kept) -> Call:
    function = _module("ecomplexity.calc_proximity").calc_discrete_proximity
    present = kept.present.astype(np.int64)
    return lambda: function(present, present.sum(axis=0))


def _ecomplexity_density(kept: Kept) -> Call:
    function = _module("ecomplexity.calc_density").calc_density
    present, pairs = kept.present.astype(np.int64), kept.proximity
    return lambda: function(present, pairs)


def _ecomplexity_complexity(kept: Kept) -> Call:
    function = _module("ecomplexity.ecomplexity").calc_eci_pci
    present = kept.present.astype(np.int64)
    held = SimpleNamespace(
        mcp_t=present, diversity_t=present.sum(axis=1), ubiquity_t=present.sum(axis=0), t=0
    )
    return lambda: function(held)


# economic-complexity (Datawheel): frames of quotients, cut at 1 inside


def _datawheel(name: str, of: str = "present") -> Job:
    def ready(kept: Kept) -> Call:
        function = getattr(_module("economic_complexity"), name)
        frame = _frame(getattr(kept, of).astype(np.float64))
        return lambda: function(frame)

    return ready


def _datawheel_density(kept: Kept) -> Call:
    function = _module("economic_complexity").relatedness
    present, pairs = _frame(kept.present.astype(np.float64)), _frame(kept.proximity)
    return lambda: function(present, proximities=pairs)


# fermi-cref: classes that load, compute and hand out; loading the table is part of the call


def _fermi_processor(step: str, *, quotients: bool = False) -> Job:
    def ready(kept: Kept) -> Call:
        processor = _module("fermi.matrix_processor").MatrixProcessorCA
        table = _quotients(kept) if quotients else kept.jobs

        def call() -> object:
            return getattr(processor().load(table), step)()

        return call

    return ready


def _fermi_proximity(kept: Kept) -> Call:
    metrics = _module("fermi.relatedness_metrics").RelatednessMetrics
    present = kept.present.astype(np.float64)

    def call() -> object:
        held = metrics()
        held.load(present)
        return held.get_projection(rows=False, projection_method="proximity")

    return call


def _fermi_complexity(kept: Kept) -> Call:
    metrics = _module("fermi.economic_fitness_complexity").efc
    present = kept.present.astype(np.float64)
    return lambda: metrics().load(present).get_eci_pci(method="eigenvalue")


def _fermi_fitness(kept: Kept) -> Call:
    metrics = _module("fermi.economic_fitness_complexity").efc
    present = kept.present.astype(np.float64)
    return lambda: metrics().load(present).get_fitness_complexity(max_iteration=SWEEPS)


# esda: one industry a call, so all industries are a loop


def _weights(kept: Kept) -> Any:
    one, other = kept.neighbours
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    starts = np.searchsorted(one, np.arange(kept.shape[0] + 1))
    near = {i: other[starts[i] : starts[i + 1]].tolist() for i in range(kept.shape[0])}
    return _module("libpysal.weights").W(near, silence_warnings=True)


def _esda(call: Callable[[Any, Any, Any], object], few: bool = False) -> Job:
    def ready(kept: Kept) -> Call:
        esda, weights = _module("esda"), _weights(kept)
        jobs = kept.jobs
        values = np.ascontiguousarray((jobs / jobs.sum(axis=1, keepdims=True)).T)
        values = values[: {400: 90, 3_100: 20, 40_000: 2}[kept.shape[0]]] if few else values
        call(esda, values[0], weights)
        return lambda: [call(esda, one, weights) for one in values]

    return ready


def _moran(esda: Any, values: Any, weights: Any) -> object:
    return esda.Moran(values, weights, permutations=0)


def _local_moran(esda: Any, values: Any, weights: Any) -> object:
    return esda.Moran_Local(
        values, weights, permutations=PERMUTATIONS, keep_simulations=False, seed=3
    )


def _getis_ord(esda: Any, values: Any, weights: Any) -> object:
    return esda.G_Local(values, weights, transform="B", permutations=0, star=True)


# pointpats: all pairs at once


def _pointpats_k(kept: Kept) -> Call:
    function, place = _module("pointpats").k, kept.place
    if len(place) > 20_000:
        raise NotThere(f"holds all pairs: {len(place) ** 2 * 4 / 1e9:,.0f} GB")
    radii = np.linspace(1 / 64, 1, 64)
    return lambda: function(place, support=radii)


JOBS: dict[str, dict[str, Job]] = {
    "econcomplex": {
        "location_quotient": _econcomplex("rca"),
        "presence": _econcomplex_presence,
        "krugman_index": _econcomplex("krugman_index"),
        "hoover_index": _econcomplex("hoover_index"),
        "hachman_index": _econcomplex("hachman_index"),
        "herfindahl_index": _econcomplex("herfindahl", normalize=False),
        "shannon_entropy": _econcomplex("shannon_entropy"),
        "gini": _econcomplex_gini,
        "locational_gini": _econcomplex("locational_gini"),
        "growth": _econcomplex_growth,
        "entry": _econcomplex_entry,
        "proximity": _econcomplex("proximity", "present", use_rca=False, compute="product"),
        "relatedness": _econcomplex("relatedness_index", "present", method="association"),
        "relatedness_density": _econcomplex_density,
        "complexity": _econcomplex("eci_pci", "present", use_rca=False),
        "fitness": _econcomplex("fitness_complexity", "present", use_rca=False, iterations=SWEEPS),
    },
    "ecomplexity": {
        "proximity": _ecomplexity_proximity,
        "relatedness_density": _ecomplexity_density,
        "complexity": _ecomplexity_complexity,
    },
    "economic-complexity": {
        "location_quotient": _datawheel("rca", "jobs"),
        "proximity": _datawheel("proximity"),
        "relatedness_density": _datawheel_density,
        "complexity": _datawheel("complexity"),
    },
    "fermi-cref": {
        "location_quotient": _fermi_processor("compute_rca"),
        "presence": _fermi_processor("binarize", quotients=True),
        "proximity": _fermi_proximity,
        "complexity": _fermi_complexity,
        "fitness": _fermi_fitness,
    },
    "pointpats": {"ripley_k": _pointpats_k},
    "esda": {
        "moran": _esda(_moran),
        "local_moran": _esda(_local_moran, few=True),
        "getis_ord": _esda(_getis_ord),
    },
}
