"""Our measures, called as a user would call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import limits
from benchmarks.cell import Call, Job, NotThere
from benchmarks.data import TIDY_ROWS, WINDOW, Kept, panel, tidy
from clusteratlas import measures

Measure = Callable[..., Any]


def _of(name: str) -> Measure:
    found = getattr(measures, name, None)
    if found is None:
        raise NotThere("not there yet")
    return found  # type: ignore[no-any-return]


def _table(name: str, **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        measure, jobs = _of(name), kept.jobs
        return lambda: measure(jobs, **options)

    return ready


def _years(name: str, **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        measure, start, end = _of(name), kept.jobs, kept.later
        return lambda: measure(start, end, **options)

    return ready


def _present(name: str, **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        measure, present = _of(name), kept.present.astype(np.float64)
        return lambda: measure(present, **options)

    return ready


def _presence(kept: Kept) -> Call:
    measure, quotients = _of("presence"), _of("location_quotient")(kept.jobs)
    return lambda: measure(quotients)


def _variety(kept: Kept) -> Call:
    measure, jobs, groups = _of("related_variety"), kept.jobs, kept.groups
    return lambda: measure(jobs, groups=groups)


def _plants(name: str) -> Job:
    def ready(kept: Kept) -> Call:
        measure, jobs = _of(name), kept.plant_jobs
        region, industry = kept.plant_region, kept.plant_industry
        return lambda: measure(jobs, region=region, industry=industry)

    return ready


def _density(kept: Kept) -> Call:
    measure, present, pairs = _of("relatedness_density"), kept.present, kept.proximity
    present = present.astype(np.float64)
    return lambda: measure(present, pairs)


def _spatial(name: str, *, every: bool = True, **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        measure, weights, values = _of(name), limits.neighbours(kept), limits.shares(kept)
        values = values if every else np.ascontiguousarray(values[:, : limits.few(kept)])
        if options.get("permutations"):
            return lambda: measure(values, weights, rng=np.random.default_rng(3), **options)
        return lambda: measure(values, weights, **options)

    return ready


def _flags(kept: Kept) -> Call:
    measure, quotients = _of("strength_flags"), _of("location_quotient")(kept.jobs)
    jobs, establishments = kept.jobs, kept.establishments
    return lambda: measure(quotients, jobs, establishments)


def _stars(kept: Kept) -> Call:
    measure, quotients, jobs = _of("star_rating"), _of("location_quotient")(kept.jobs), kept.jobs
    of_nation, of_region = jobs / jobs.sum(axis=0), jobs / jobs.sum(axis=1, keepdims=True)
    return lambda: measure(quotients, of_nation, of_region)


def _rank(kept: Kept) -> Call:
    measure, quotients = _of("rank"), _of("location_quotient")(kept.jobs)
    return lambda: measure(quotients)


def _kd(kept: Kept) -> Call:
    measure, place, sector = _of("kd_function"), kept.place, kept.sector
    at = np.linspace(0, 0.5 * WINDOW, 256)
    return lambda: measure(place, sector, kind=0, distances=at, bandwidth=1.0)


def _m(kept: Kept) -> Call:
    measure, place, sector, jobs = _of("m_function"), kept.place, kept.sector, kept.jobs
    return lambda: measure(place, sector, kind=0, radii=limits.RADII, weights=jobs)


def _k(kept: Kept) -> Call:
    measure, place = _of("ripley_k"), kept.place
    window = [0, 0, WINDOW, WINDOW]
    return lambda: measure(place, radii=limits.K_RADII, window=window, correction="translate")


def _tidy(kept: Kept) -> Call:
    measure, columns = _of("tidy_location_quotient"), tidy(TIDY_ROWS)
    measure(*(column[:1000] for column in columns))
    return lambda: measure(*columns)


def _related_and_complex(kept: Kept) -> Call:
    proximity, complexity = _of("proximity"), _of("complexity")
    present = {year: _of("presence")(_of("location_quotient")(t)) for year, t in panel(kept)}
    return lambda: (proximity(present), complexity(present))


def _whole_panel(kept: Kept) -> Call:
    quotient, presence, proximity = _of("location_quotient"), _of("presence"), _of("proximity")
    density, complexity = _of("relatedness_density"), _of("complexity")
    jobs = dict(panel(kept))

    def call() -> object:
        present = presence(quotient(jobs))
        return density(present, proximity(present)), complexity(present)

    return call


def _envelope(kept: Kept) -> Call:
    measure, place, sector, jobs = _of("m_function"), kept.place, kept.sector, kept.jobs

    def call() -> object:
        return measure(
            place, sector, kind=0, radii=limits.RADII, weights=jobs,
            simulations=limits.SIMULATIONS, rng=np.random.default_rng(4),
        )  # fmt: skip

    return call


JOBS: dict[str, Job] = {
    "location_quotient": _table("location_quotient"),
    "presence": _presence,
    "krugman_index": _table("krugman_index"),
    "hoover_index": _table("hoover_index"),
    "hachman_index": _table("hachman_index"),
    "herfindahl_index": _table("herfindahl_index"),
    "shannon_entropy": _table("shannon_entropy"),
    "related_variety": _variety,
    "gini": _table("gini"),
    "locational_gini": _table("locational_gini"),
    "theil_index": _table("theil_index"),
    "ellison_glaeser": _plants("ellison_glaeser"),
    "maurel_sedillot": _plants("maurel_sedillot"),
    "coagglomeration": _table("coagglomeration"),
    "growth": _years("growth", years=1, kind="simple"),
    "entry": _years("entry"),
    "shift_share": _years("shift_share"),
    "convergence": _years("convergence", years=5),
    "proximity": _present("proximity"),
    "relatedness": _present("relatedness"),
    "relatedness_density": _density,
    "complexity": _present("complexity"),
    "fitness": _present("fitness", steps=limits.SWEEPS),
    "moran": _spatial("moran"),
    "local_moran": _spatial("local_moran", every=False, permutations=999),
    "getis_ord": _spatial("getis_ord"),
    "strength_flags": _flags,
    "star_rating": _stars,
    "rank": _rank,
    "kd_function": _kd,
    "m_function": _m,
    "ripley_k": _k,
    "tidy_location_quotient": _tidy,
    "relatedness and complexity": _related_and_complex,
    "quotient to complexity": _whole_panel,
    "local_moran, all industries": _spatial("local_moran", permutations=999),
    "m_function, envelope": _envelope,
}


def _pairs(name: str) -> Job:
    def ready(kept: Kept) -> Call:
        measure, present, pairs = _of(name), kept.present.astype(np.float64), kept.proximity
        pci = np.linspace(-2, 2, kept.shape[1])
        return lambda: measure(present, pairs, pci)

    return ready


def _quotients(name: str, **options: Any) -> Job:
    def ready(kept: Kept) -> Call:
        measure, quotients = _of(name), _of("location_quotient")(kept.jobs)
        return lambda: measure(quotients, **options)

    return ready


def _litzenberger(kept: Kept) -> Call:
    measure, jobs, plants = _of("litzenberger_sternberg"), kept.jobs, kept.establishments
    area, people = kept.area, jobs.sum(axis=1) * 2 + 1
    return lambda: measure(jobs, plants, area=area, population=people)


def _nodes(kept: Kept) -> Call:
    measure, jobs = _of("specialisation_nodes"), kept.jobs
    quotients, share = _of("location_quotient")(jobs), jobs / jobs.sum(axis=1, keepdims=True)
    return lambda: measure(quotients, share)


def _survival(kept: Kept) -> Call:
    measure, quotients = _of("survival"), _of("location_quotient")(kept.jobs)
    jobs, plants = kept.jobs, kept.establishments
    profiles = ["us-2014"]
    return lambda: measure(quotients, jobs, plants, profiles=profiles)


def _dynamic(kept: Kept) -> Call:
    measure, start, end = _of("dynamic_shift_share"), kept.jobs, kept.later
    return lambda: measure([start, end])


def _colocation(name: str) -> Job:
    def ready(kept: Kept) -> Call:
        measure, plants = _of(name), kept.establishments
        return lambda: measure(plants)

    return ready


def _group(kept: Kept) -> Call:
    measure, jobs, groups = _of("group_coagglomeration"), kept.jobs, kept.groups
    return lambda: measure(jobs, groups=groups)


def _plant_table(kept: Kept) -> Call:
    measure, jobs = _of("plant_table"), kept.plant_jobs
    region, industry = kept.plant_region, kept.plant_industry
    return lambda: measure(jobs, region=region, industry=industry)


FURTHER: dict[str, Job] = {
    "region_share": _table("region_share"),
    "national_share": _table("national_share"),
    "log_quotient": _table("log_quotient"),
    "symmetric_quotient": _table("symmetric_quotient"),
    "standardised_quotient": _table("standardised_quotient"),
    "shrunk_quotient": _table("shrunk_quotient"),
    "average_quotient": _table("average_quotient"),
    "specialisation_coefficient": _table("specialisation_coefficient"),
    "specialisation_gini": _table("specialisation_gini"),
    "equivalent_number": _table("equivalent_number"),
    "litzenberger_sternberg": _litzenberger,
    "plant_table": _plant_table,
    "group_coagglomeration": _group,
    "colocation": _colocation("colocation"),
    "excess_colocation": _colocation("excess_colocation"),
    "exit": _years("exit"),
    "region_shift_share": _years("region_shift_share"),
    "shift_share_factors": _years("shift_share_factors"),
    "dynamic_shift_share": _dynamic,
    "diversity": _present("diversity"),
    "ubiquity": _present("ubiquity"),
    "cooccurrence": _present("cooccurrence"),
    "reflections": _present("reflections", steps=18),
    "complexity_outlook": _pairs("complexity_outlook"),
    "opportunity_gain": _pairs("opportunity_gain"),
    "geary": _spatial("geary"),
    "percentile": _quotients("percentile"),
    "performance_classes": _quotients("performance_classes", cuts=(1.0, 2.0)),
    "specialisation_nodes": _nodes,
    "survival": _survival,
}
"""Measures without a limit of their own here: they are near kin of one above."""
