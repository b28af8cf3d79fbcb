"""Every usable worked example, one by one; none may be left out without a word."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from tests.conftest import EXAMPLES

from clusteratlas import measures as m

LATTICE = np.array(
    [[float(abs(a // 3 - b // 3) + abs(a % 3 - b % 3) == 1) for b in range(9)] for a in range(9)]
)
LATER = {"callaway_santanna_mpdta", "synth_basque", "twfe_mpdta"}
"""Effects of programmes: not among the measures."""
ELSEWHERE = {"us_state_2016_wood", "us_state_2016_aerospace"}
"""All flags of fifty states: test_strong_states."""


def plants(example: Mapping[str, Any]) -> dict[str, Any]:
    region = example["region_of_firm"]
    sizes = dict(zip(dict.fromkeys(region), example["E_j"], strict=True))
    return {
        "employment": example["E_ik"],
        "reference": sizes,
        "region": region,
        "industry": ["one"] * len(region),
    }


def of_plants(example: Mapping[str, Any]) -> Any:
    rows = example["FK2014_EGC"]
    return m.plant_table(rows["emp_firm"], region=rows["region"], industry=rows["industry"])


def pairs(example: Mapping[str, Any]) -> dict[str, float]:
    table = of_plants(example)
    found = m.coagglomeration(table.employment)
    names = [str(name) for name in table.industries]
    return {
        f"{one}|{other}": float(found[a, b])
        for a, one in enumerate(names)
        for b, other in enumerate(names)
        if a < b
    }


def dunn(example: Mapping[str, Any]) -> list[float]:
    found = shift(example)
    total = found.total
    return [total, found.national, found.mix, found.competitive]


def shift(example: Mapping[str, Any], **options: Any) -> Any:
    references = {"reference_start": example["n0"], "reference_end": example["n1"]}
    return m.region_shift_share(example["r0"], example["r1"], **references, **options)


def classic_and_esteban(example: Mapping[str, Any]) -> dict[str, float]:
    classic, esteban = shift(example), shift(example, kind="esteban-marquillas")
    return {
        "total": classic.total,
        "national": classic.national,
        "mix": classic.mix,
        "competitive": classic.competitive,
        "EM_competitive": esteban.competitive,
        "EM_allocation": esteban.allocation,
    }


def esteban(example: Mapping[str, Any]) -> list[float]:
    found = shift(example, kind="esteban-marquillas")
    return [found.total, found.national, found.mix, found.competitive, found.allocation]


def gerfin(example: Mapping[str, Any]) -> list[float]:
    found = m.shift_share_factors(
        example["r0"],
        example["r1"],
        reference_start=example["n0"],
        reference_end=example["n1"],
    )
    return [found.structural, found.locational, found.regional]


def rates(example: Mapping[str, Any]) -> np.ndarray:
    return np.column_stack(
        [
            m.growth(example[start], example[end], years=1, kind="simple")
            for start, end in (("r0", "r1"), ("n0", "n1"))
        ]
    )


def lattice(example: Mapping[str, Any]) -> dict[str, Any]:
    y = example["y"]
    moran, geary = m.moran(y, LATTICE), m.geary(y, LATTICE)
    return {
        "I": moran.statistic,
        "EI": moran.expected,
        "z_norm": moran.z_normality,
        "z_rand": moran.z_randomisation,
        "Geary_C": geary.statistic,
        "local_Is": m.local_moran(y, LATTICE).statistic,
        "Gi_star_z": m.getis_ord(y, LATTICE).z,
    }


def variety(example: Mapping[str, Any]) -> dict[str, float]:
    cells = [(group, jobs) for group, parts in example["emp"].items() for jobs in parts.values()]
    return m.related_variety(
        [jobs for _, jobs in cells], groups=[group for group, _ in cells]
    )._asdict()


def kci(example: Mapping[str, Any]) -> np.ndarray:
    return m.complexity(example["mat"]).eci


CHECKS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "econgeo_lq": lambda e: m.location_quotient(e["mat"]),
    "econgeo_lq_bin": lambda e: m.presence(m.location_quotient(e["mat"])),
    "econgeo_krugman": lambda e: m.krugman_index(e["mat"]),
    "econgeo_spec_coeff": lambda e: m.specialisation_coefficient(e["mat"]),
    "econgeo_herf": lambda e: m.herfindahl_index(e["mat"]),
    "econgeo_entropy": lambda e: m.shannon_entropy(e["mat"]),
    "econgeo_avgLQ": lambda e: m.average_quotient(e["mat"]),
    "econgeo_diversity": lambda e: m.diversity(m.presence(m.location_quotient(e["mat"]))),
    "econgeo_ubiquity": lambda e: m.ubiquity(m.presence(m.location_quotient(e["mat"]))),
    "econgeo_mort_1": lambda e: m.reflections(e["mat"], steps=1).regions,
    "econgeo_kci": kci,
    "econgeo_cooc": lambda e: m.cooccurrence(e["mat"], diagonal=0),
    "econgeo_rel_prob": lambda e: m.normalised_cooccurrence(e["cooc"], kind="probability"),
    "econgeo_rel_assoc": lambda e: m.normalised_cooccurrence(e["cooc"], kind="association"),
    "econgeo_rel_cos": lambda e: m.normalised_cooccurrence(e["cooc"], kind="cosine"),
    "econgeo_reldens": lambda e: 100 * m.relatedness_density(e["mat"], e["relatedness"]),
    "econgeo_entry": lambda e: m.entry(e["mat1"], e["mat2"]),
    "reat_locq": lambda e: m.location_quotient(
        [e["e_ij"]], [e["e_i"]], total=[e["e_j"]], reference_total=e["e"]
    )[0],
    "reat_gini_spec": lambda e: m.specialisation_gini(e["E_ij"], e["E_i"]),
    "reat_gini_spec_freiburg": lambda e: m.specialisation_gini(e["E_ij"], e["E_i"]),
    "reat_krugman_spec": lambda e: m.krugman_index(e["E_ij"], e["E_il"]),
    "reat_herf": lambda e: m.herfindahl_index(e["x"]),
    "reat_herf_eq": lambda e: m.equivalent_number(e["x"]),
    "reat_theil": lambda e: m.theil_index(e["x"], kind="L"),
    "reat_hoover": lambda e: m.hoover_index(e["x"], e["ref"]),
    "reat_herf_gdp": lambda e: m.herfindahl_index(e["x"]),
    "reat_eg": lambda e: m.ellison_glaeser(**plants(e)),
    "reat_howard": lambda e: m.colocation(
        [
            [
                sum(
                    (industry, place) == (kind, spot)
                    for industry, place in zip(e["industries"], e["locations"], strict=True)
                )
                for kind in "AB"
            ]
            for spot in "XY"
        ]
    )[0, 1],
    "reat_shift_A_Dunn": dunn,
    "reat_shift_A_Esteban": esteban,
    "reat_shift_A_Gerfin": gerfin,
    "reat_shift_C": dunn,
    "reat_shiftgrowth": rates,
    "eci_reference": lambda e: m.complexity(e["mat"]).eci,
    "pci_reference": lambda e: m.complexity(e["mat"]).pci,
    "proximity_hidalgo": lambda e: m.proximity(e["mat"]),
    "density_hidalgo_nodiag": lambda e: m.relatedness_density(e["mat"], m.proximity(e["mat"])),
    "egk_pairwise_firm_totals": pairs,
    "eg_group_firm_totals": lambda e: m.group_coagglomeration(of_plants(e).employment),
    "shiftshare_A": classic_and_esteban,
    "shiftshare_B": classic_and_esteban,
    "related_variety": variety,
    "moran_3x3": lattice,
}
ROUNDED = {"econgeo_lq": 5e-3, "econgeo_entropy": 5e-4, "econgeo_reldens": 5e-3}
"""What a package prints rounded: half of its last digit."""


def expected(name: str, example: Mapping[str, Any]) -> Any:
    """What the example gives, in the shape of ours."""
    told = example["expected"]
    if name.startswith("reat_shift_"):
        return [row[0] for row in told["components"]][: 4 if "Esteban" not in name else 5]
    if name == "reat_shiftgrowth":
        return np.array(told, dtype=float)[:, [3, 7]]
    return told


@pytest.mark.shared
def test_none_is_left_out():
    if not EXAMPLES.exists():
        pytest.skip("the worked examples (../shared/oracles) are not on this machine")
    usable = {each["id"] for each in json.loads(EXAMPLES.read_text()) if each["usable"]}
    assert usable == CHECKS.keys() | LATER | ELSEWHERE


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_worked_example(worked_example, name):
    example = worked_example(name)
    found, told = CHECKS[name](example["input"]), expected(name, example)
    if name == "reat_eg":
        told = told[0]
        found = [found.gamma, found.raw, found.plant_herfindahl]
        told = [told[0], told[1], told[4]]
    if name == "econgeo_kci":  # another scale: divided by its own sum, the matrix rounded
        assert abs(np.corrcoef(found, told)[0, 1]) == pytest.approx(1, abs=1e-6)
        return
    if isinstance(told, Mapping):
        found, told = [found[key] for key in told], list(told.values())
    np.testing.assert_allclose(
        flat(found), flat(told), rtol=1e-6, atol=ROUNDED.get(name, 1e-9), equal_nan=True
    )


def flat(value: Any) -> np.ndarray:
    """All numbers of a nested answer in a row; None is NaN."""
    if isinstance(value, (list, tuple)) and not isinstance(value, np.ndarray):
        return np.concatenate([flat(each) for each in value])
    return np.ravel(np.asarray(value, dtype=float))
