"""The strength rule at every edge, and the wrong readings that each edge rules out.

``portal_rule`` below spells the rule out a second time, row by row and with numpy's own quantiles,
and can be told to misread it. Every case states the flags by hand; the right reading must give
them and the named misreading must not.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field

import numpy as np
import pytest

from clusteratlas.measures import strength_flags, strength_profile, strength_profiles
from clusteratlas.measures.strong.quantiles import column_quantiles

FLAGS = ("qualifying", "significant", "strong", "strong10")


def portal_rule(
    quotient,
    jobs,
    places,
    *,
    method="linear",
    zeros=False,
    floor_jobs=operator.gt,
    floor_places=operator.gt,
    weak=operator.gt,
    high=operator.ge,
    least=1.0,
    one=operator.ge,
):
    """Return the four flags of one cluster as lists, by the rule or by a misreading of it."""
    inside = [i for i, count in enumerate(jobs) if zeros or count > 0]
    result = {flag: [False] * len(jobs) for flag in FLAGS}
    if not inside:
        return result

    def cut(values, level):
        return np.quantile([values[i] for i in inside], level, method=method)

    for i, count in enumerate(jobs):
        if not (
            count > 0
            and floor_jobs(count, cut(jobs, 0.25))
            and floor_places(places[i], cut(places, 0.25))
        ):
            continue
        q = quotient[i]
        result["qualifying"][i] = bool(weak(q, cut(quotient, 0.25)))
        result["significant"][i] = bool(weak(q, cut(quotient, 0.50)))
        result["strong"][i] = bool(high(q, cut(quotient, 0.75)) and one(q, least))
        result["strong10"][i] = bool(high(q, cut(quotient, 0.90)) and one(q, least))
    return result


@dataclass(frozen=True)
class Case:
    """One cluster; the flags stated by hand; the misreading that gets them wrong."""

    name: str
    quotient: list[float]
    jobs: list[float]
    places: list[float]
    expected: dict[str, str]  # one sign a region: x flagged, - not
    misread: dict[str, object] = field(default_factory=dict)


SIZES = [50, 40, 30, 20, 10]  # jobs: Q25 = 20, met exactly by the fourth
COUNTS = [5, 4, 3, 2, 1]

CASES = [
    Case(
        "a quotient of exactly 1 is enough",
        [1.0, 0.9, 0.8, 0.7, 0.6],
        SIZES,
        COUNTS,
        {"strong": "x----", "strong10": "x----"},
        {"one": operator.gt},
    ),
    Case(
        "the highest quotients are not strong below 1",
        [0.99, 0.9, 0.8, 0.7, 0.6],
        SIZES,
        COUNTS,
        {"strong": "-----", "strong10": "-----", "significant": "xx---"},
        {"least": 0.0},
    ),
    Case(
        "a quotient above 1 is not strong below the third quartile",
        [3.0, 2.5, 2.0, 1.5, 1.2],
        SIZES,
        COUNTS,
        {"strong": "xx---"},
        {"high": lambda q, cut: True},
    ),
    Case(
        "the third quartile itself is strong",
        [2.0, 1.5, 1.2, 1.1, 1.05],
        SIZES,
        COUNTS,
        {"strong": "xx---", "strong10": "x----"},
        {"high": operator.gt},
    ),
    Case(
        "the ninth decile itself is strong10",
        [3.0, 2.8, 2.6, 2.4, 2.2, 2.0, 1.8, 1.6, 1.4, 1.2, 1.1],
        [110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
        [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        {"strong": "xxx--------", "strong10": "xx---------"},
        {"high": operator.gt},
    ),
    Case(
        "the first quartile itself is not qualifying",
        [2.0, 0.5, 1.5, 0.4, 1.0],  # Q25 = 0.5 at the second, Q50 = 1.0
        SIZES,
        COUNTS,
        {"qualifying": "x-x--", "significant": "x-x--", "strong": "x-x--"},
        {"weak": operator.ge},
    ),
    Case(
        "the median itself is not significant",
        [2.0, 1.0, 1.5, 0.4, 0.5],
        SIZES,
        COUNTS,
        {"qualifying": "xxx--", "significant": "x-x--"},
        {"weak": operator.ge},
    ),
    Case(
        "jobs exactly at the quartile miss the floor, establishments do not",
        [0.5, 0.6, 0.7, 3.0, 0.4],
        SIZES,
        [1, 2, 3, 5, 4],
        {"strong": "-----", "qualifying": "--x--"},
        {"floor_jobs": operator.ge},
    ),
    Case(
        "establishments exactly at the quartile miss the floor, jobs do not",
        [0.5, 0.6, 0.7, 3.0, 0.4],
        [10, 20, 30, 50, 40],
        COUNTS,
        {"strong": "-----", "qualifying": "--x--"},
        {"floor_places": operator.ge},
    ),
    Case(
        "regions without the cluster do not lower the quotient's quartiles",
        [2.0, 1.8, 1.6, 1.4, 0.0, 0.0, 0.0, 0.0],
        [40, 30, 20, 11, 0, 0, 0, 0],
        [4, 3, 2, 1, 0, 0, 0, 0],
        {
            "qualifying": "xxx-----",
            "significant": "xx------",
            "strong": "x-------",
            "strong10": "x-------",
        },
        {"zeros": True},
    ),
    Case(
        "regions without the cluster do not lower the floors",
        [0.5, 0.6, 0.7, 1.5, 0.0, 0.0],
        [40, 30, 20, 10, 0, 0],
        [4, 3, 2, 1, 0, 0],
        {"strong": "------"},
        {"zeros": True},
    ),
    Case(
        "two regions tied at the top are both strong",
        [2.0, 2.0, 0.8, 0.7, 0.6],
        SIZES,
        COUNTS,
        {"strong": "xx---", "strong10": "xx---"},
        {"high": operator.gt},
    ),
    Case(
        "all regions alike at 1 are strong and not even qualifying",
        [1.0] * 5,
        SIZES,
        COUNTS,
        {"qualifying": "-----", "significant": "-----", "strong": "xxx--", "strong10": "xxx--"},
        {"weak": operator.ge},
    ),
    Case(
        "all regions of one size miss the floor",
        [2.0, 1.5, 1.2, 1.1, 1.0],
        [30] * 5,
        COUNTS,
        {"qualifying": "-----", "strong": "-----"},
        {"floor_jobs": operator.ge},
    ),
    Case(
        "of two regions one can be strong",
        [0.8, 1.3],
        [10, 20],
        [1, 2],
        {"qualifying": "-x", "significant": "-x", "strong": "-x", "strong10": "-x"},
        {"method": "higher"},
    ),
    Case(
        "one region alone is above no quartile",
        [5.0],
        [100],
        [10],
        {"qualifying": "-", "significant": "-", "strong": "-", "strong10": "-"},
        {"floor_jobs": operator.ge, "floor_places": operator.ge},
    ),
    Case(
        "without any jobs nothing is strong",
        [0.0, 0.0],
        [0, 0],
        [0, 0],
        {"qualifying": "--", "significant": "--", "strong": "--", "strong10": "--"},
    ),
]


def signs(flags) -> str:
    return "".join("x" if flag else "-" for flag in flags)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_flags_by_hand(case):
    flags = strength_flags(case.quotient, case.jobs, case.places)
    plain = portal_rule(case.quotient, case.jobs, case.places)
    for flag, expected in case.expected.items():
        assert signs(getattr(flags, flag)) == expected, flag
        assert signs(plain[flag]) == expected, flag


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.misread], ids=lambda case: case.name
)
def test_the_misreading_is_told_apart(case):
    wrong = portal_rule(case.quotient, case.jobs, case.places, **case.misread)
    assert any(signs(wrong[flag]) != expected for flag, expected in case.expected.items())


OTHER_METHODS = [
    "lower",
    "higher",
    "nearest",
    "weibull",
    "hazen",
    "inverted_cdf",
    "median_unbiased",
    "normal_unbiased",
]


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_other_quantiles_give_other_flags(method):
    """Linear quantiles are pinned down by clusters of four, five and six regions.

    A midpoint between the same two neighbours cannot be told apart by any flag.
    """
    four = ([1.4, 1.3, 1.2, 1.1], [40, 30, 20, 10], [4, 3, 2, 1])
    five = ([1.5, 1.4, 1.3, 1.2, 1.1], SIZES, COUNTS)
    six = ([1.6, 1.5, 1.4, 1.3, 1.2, 1.1], [60, 50, 40, 30, 20, 10], [6, 5, 4, 3, 2, 1])
    for cluster in (four, five, six):
        right = strength_flags(*cluster)
        assert {flag: signs(getattr(right, flag)) for flag in FLAGS} == {
            flag: signs(found) for flag, found in portal_rule(*cluster).items()
        }
    by_hand = {
        "qualifying": "xxx--",
        "significant": "xx---",
        "strong": "xx---",
        "strong10": "x----",
    }
    assert {flag: signs(found) for flag, found in portal_rule(*five).items()} == by_hand
    assert any(
        portal_rule(*cluster, method=method) != portal_rule(*cluster)
        for cluster in (four, five, six)
    )


def test_quantiles_are_those_of_numpy_to_the_last_bit():
    random = np.random.default_rng(11)
    table = random.lognormal(size=(57, 60))
    table[random.random(table.shape) < 0.4] = np.nan
    levels = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
    np.testing.assert_array_equal(
        column_quantiles(table, levels), np.nanquantile(table, levels, axis=0)
    )


def test_columns_are_clusters_and_do_not_mix():
    random = np.random.default_rng(5)
    shape = (31, 8)
    jobs = random.integers(0, 60, shape).astype(float)
    places = random.integers(0, 9, shape).astype(float)
    quotient = random.integers(0, 12, shape) / 4
    table = strength_flags(quotient, jobs, places)
    for column in range(shape[1]):
        alone = strength_flags(quotient[:, column], jobs[:, column], places[:, column])
        plain = portal_rule(quotient[:, column], jobs[:, column], places[:, column])
        for flag in FLAGS:
            np.testing.assert_array_equal(getattr(table, flag)[:, column], getattr(alone, flag))
            np.testing.assert_array_equal(getattr(alone, flag), plain[flag])


def test_unknown_jobs_enter_nothing():
    known = strength_flags([2.0, 1.5, 1.2, 1.1], [40, 30, 20, 10], [4, 3, 2, 1])
    more = strength_flags([2.0, 1.5, 1.2, 1.1, 9.0], [40, 30, 20, 10, np.nan], [4, 3, 2, 1, 90])
    for flag in FLAGS:
        assert signs(getattr(more, flag)) == signs(getattr(known, flag)) + "-"


def test_unknown_establishments_cannot_be_shown_to_meet_the_floor():
    # The second region stays in the quantiles of jobs and quotient and only lacks its own floor.
    flags = strength_flags([2.0, 1.9, 0.8, 0.7, 0.6], SIZES, [5, np.nan, 3, 2, 1])
    assert signs(flags.strong) == "x----"
    assert signs(flags.significant) == "x----"
    # Q25 of the four known is 1.75: the fourth has enough establishments and too few jobs.
    assert signs(flags.qualifying) == "x-x--"


def test_an_unknown_quotient_has_no_flag_and_enters_no_quantile_of_the_quotient():
    flags = strength_flags([2.0, np.nan, 1.0, 0.9, 0.8], SIZES, COUNTS)
    assert signs(flags.strong) == "x----"
    assert signs(flags.significant) == "x-x--"
    np.testing.assert_array_equal(flags.qualifying, [True, False, True, False, False])


def test_flags_are_booleans_in_the_shape_of_the_input():
    for shape in ((4,), (4, 1), (4, 3)):
        for flag in strength_flags(np.ones(shape), np.ones(shape), np.ones(shape)):
            assert (flag.shape, flag.dtype) == (shape, np.bool_)


def test_the_profile_is_the_published_one():
    assert strength_profiles() == ("us-2014",)
    rule = strength_profile("us-2014")
    assert (rule.employment_level, rule.establishments_level) == (0.25, 0.25)
    assert [(cut.level, cut.strict, cut.least) for cut in rule.cuts] == [
        (0.25, True, 0.0),
        (0.50, True, 0.0),
        (0.75, False, 1.0),
        (0.90, False, 1.0),
    ]
    with pytest.raises(AttributeError):
        rule.strong.level = 0.8
