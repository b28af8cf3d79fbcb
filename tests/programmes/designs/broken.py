"""Broken designs: the catalogue of faults, with seeds, and what a right refusal names.

Fixed before the checks were written (the history shows it). Words of a refusal:

``pre_trends``            treated and controls drifted apart before the start
``anticipation``          the outcome moved before the start because it was foreseen
``overlap``               treated units have no like among the controls
``few_treated``           too few treated units (or places that are treated) to say anything
``no_controls``           nobody is left to compare with
``contaminated_controls`` controls feel the programme
``attrition``             units leave, or go silent, after the start for reasons tied to the outcome
``composition``           those called treated are not the same units before and after
``mean_reversion``        units were chosen in an unusual year
``control_break``         part of the controls breaks away at the start for reasons of its own
``short_window``          too few years before or after the start
``bad_pre_fit``           the synthetic region does not follow the treated one before the start
``outside_hull``          the treated region lies outside what donors can make up
``few_donors``            too few donors
``dominating_shock``      one industry makes the instrument
``few_shocks``            too few shocks
``weak_instrument``       the instrument hardly moves what it stands for
``foreseen_shocks``       shocks hit where the outcome moved already before

Where two faults look alike in any data (a dip before the start and a start that was foreseen), both
words are right. A refusal for a reason that is not the fault's is not right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from tests.programmes.designs.panels import (
    NEVER,
    chosen,
    names,
    persistent,
    tidy,
    true_effects,
    wandering,
)
from tests.programmes.designs.records import Simulated, SimulatedShares, Truth, starts
from tests.programmes.designs.shares import shift_share
from tests.programmes.designs.sound import contest, matched, spillover, staggered, synthetic, triple

DRAWS = 10
"""Seeds of each fault; 30 faults make 300 draws."""


@dataclass(frozen=True)
class Fault:
    """One way to break a design."""

    name: str
    design: str
    make: Callable[[int], Simulated | SimulatedShares]
    right: frozenset[str]
    first_seed: int
    misleads: bool = True
    """Whether the plain comparison is off by much; else it cannot be trusted for other reasons."""

    @property
    def seeds(self) -> range:
        """The seeds, for good."""
        return range(self.first_seed, self.first_seed + DRAWS)

    def draw(self, seed: int) -> Simulated | SimulatedShares:
        """Return the broken design of one seed, with its fault and the right words."""
        return replace(self.make(seed), fault=self.name, right=self.right)


def _moved(made: Simulated, add: Callable[[npt.NDArray, npt.NDArray], npt.NDArray]) -> Simulated:
    """Add to the outcome by years since the start; of units never treated these are NaN."""
    start = dict(
        zip(made.treated["unit"].to_pylist(), made.treated["start"].to_pylist(), strict=True)
    )
    began = np.array([start.get(unit, np.nan) for unit in made.panel["unit"].to_pylist()])
    years = made.panel["year"].to_numpy()
    outcome = made.panel["outcome"].to_numpy() + add(years - began, years)
    place = made.panel.column_names.index("outcome")
    return replace(made, panel=made.panel.set_column(place, "outcome", pa.array(outcome)))


def _treated_only(change: Callable[[npt.NDArray], npt.NDArray]) -> Callable:
    return lambda since, years: np.where(np.isnan(since), 0.0, change(np.nan_to_num(since)))


def _kept(made: Simulated, keep: npt.NDArray[np.bool_]) -> Simulated:
    return replace(made, panel=made.panel.filter(pa.array(keep)))


# Trends


def diverging(seed: int) -> Simulated:
    """Supported firms pull ahead by two points a year, all along."""
    return _moved(matched(seed), _treated_only(lambda since: 0.02 * since))


def diverging_late(seed: int) -> Simulated:
    """Places that will start fall behind from three years before, and go on doing so."""
    return _moved(staggered(seed), _treated_only(lambda since: -0.02 * np.clip(since + 4, 0, None)))


def dip(seed: int) -> Simulated:
    """A bad year just before the start, made good afterwards whoever helps (Ashenfelter)."""
    return _moved(matched(seed), _treated_only(lambda since: np.where(since == -1, -0.12, 0.0)))


def foreseen_by_one(seed: int) -> Simulated:
    """Firms act when the call is announced, one year early."""
    return _moved(matched(seed), _treated_only(lambda since: np.where(since == -1, 0.10, 0.0)))


def foreseen_by_two(seed: int) -> Simulated:
    """Places act two years before the money comes."""
    return _moved(
        staggered(seed),
        _treated_only(lambda since: np.where((since == -1) | (since == -2), 0.06, 0.0)),
    )


def target_diverging(seed: int) -> Simulated:
    """The supported industries of the supported regions grew faster long before."""
    return _moved(triple(seed), _treated_only(lambda since: 0.025 * since))


def best_were_rising(seed: int) -> Simulated:
    """The jury picked those who were rising: the score follows growth."""
    return _moved(contest(seed), _treated_only(lambda since: 0.02 * since))


# Who is treated, who is left to compare


def _size_of_treated(seed: int, gap: float) -> Simulated:
    made = matched(seed)
    inside = pc.is_in(made.panel["unit"], value_set=made.treated["unit"].combine_chunks())
    size = made.panel["log_size"].to_numpy()
    treated = inside.to_numpy()
    lowest, highest = size[treated].min(), size[~treated].max()
    moved = np.where(treated, size - lowest + highest + gap, size)
    outcome = made.panel["outcome"].to_numpy() + 0.01 * np.where(treated, moved - size, 0) * (
        made.panel["year"].to_numpy() - 2012
    )
    panel = made.panel.set_column(
        made.panel.column_names.index("log_size"), "log_size", pa.array(moved)
    )
    return replace(
        made,
        panel=panel.set_column(panel.column_names.index("outcome"), "outcome", pa.array(outcome)),
    )


def no_overlap(seed: int) -> Simulated:
    """Every supported firm is larger than any other, and size drives growth."""
    return _size_of_treated(seed, 0.3)


def far_apart(seed: int) -> Simulated:
    """Only the largest firms get support: next to none of their size is left."""
    rng = np.random.default_rng([21, seed])
    years = np.arange(2008, 2019)
    count, start = 600, 2013
    size, age = rng.normal(size=count), rng.normal(size=count)
    supported = np.argsort(-(size + rng.normal(0, 0.1, count)))[:150]
    cohorts = np.full(count, NEVER)
    cohorts[supported] = start
    effects, told = true_effects(cohorts, years, {start: 0.05})
    outcome = (
        (7.0 + 0.9 * size + rng.normal(0, 0.4, count))[:, None]
        + np.outer(np.where(size > 0.6, 0.03 * size, 0.0), np.clip(years - 2012, 0, None))
        + wandering(rng, 1, len(years), 0.03)
        + persistent(rng, count, len(years), 0.12, 0.5)
        + effects
    )
    units = names("firm-", count)
    return Simulated(
        "matched",
        seed,
        tidy(units, years, outcome, {"log_size": 3.4 + 1.1 * size, "log_age": 2.3 + 0.7 * age}),
        starts([units[each] for each in sorted(supported)], [start] * 150),
        Truth(told, {start: 150}),
        covariates=("log_size", "log_age"),
    )


def three_treated(seed: int) -> Simulated:
    """Three firms were supported; the rest of the list never got the money."""
    made = matched(seed)
    left_out = made.treated["unit"].to_pylist()[3:]
    panel = made.panel.filter(pc.invert(pc.is_in(made.panel["unit"], pa.array(left_out))))
    return replace(made, panel=panel, treated=made.treated.slice(0, 3))


def two_regions(seed: int) -> Simulated:
    """Many firms are supported, but all of them in two regions, each with its own lasting shock."""
    made = spillover(seed)
    region = dict(
        zip(made.panel["unit"].to_pylist(), made.panel["region"].to_pylist(), strict=True)
    )
    where = [region[unit] for unit in made.treated["unit"].to_pylist()]
    two = sorted(set(where))[:2]
    others = set(where) - set(two)
    panel = made.panel.filter(pc.invert(pc.is_in(made.panel["region"], pa.array(sorted(others)))))
    assert made.exposed is not None
    near = [region[unit] in two for unit in made.exposed["unit"].to_pylist()]
    return replace(
        made,
        panel=panel,
        treated=made.treated.filter(pa.array([each in two for each in where])),
        exposed=made.exposed.filter(pa.array(near)),
    )


def all_treated_at_once(seed: int) -> Simulated:
    """Only supported firms were ever surveyed, and all began in one year."""
    made = matched(seed)
    inside = pc.is_in(made.panel["unit"], value_set=made.treated["unit"].combine_chunks())
    return replace(made, panel=made.panel.filter(inside))


def all_controls_exposed(seed: int) -> Simulated:
    """Every control sits in a region that is reached, and the study says so."""
    made = spillover(seed)
    assert made.exposed is not None
    known = pa.concat_tables([made.treated, made.exposed])["unit"].combine_chunks()
    return replace(made, panel=made.panel.filter(pc.is_in(made.panel["unit"], value_set=known)))


def neighbours_lose(seed: int) -> Simulated:
    """Firms beside supported ones lose what those win; regions are known, exposure is not told."""
    made = spillover(seed, scale=1.0)
    assert made.exposed is not None
    near = np.isin(made.panel["unit"].to_pylist(), made.exposed["unit"].to_pylist())
    years = made.panel["year"].to_numpy()
    loss = np.where(near & (years >= 2013), -0.15, 0.0)
    outcome = made.panel["outcome"].to_numpy() + loss
    panel = made.panel.set_column(
        made.panel.column_names.index("outcome"), "outcome", pa.array(outcome)
    )
    far = pc.invert(
        pc.is_in(
            panel["region"],
            value_set=pa.array(sorted(_regions(made, made.treated))),
        )
    )
    units = sorted(set(panel.filter(far)["unit"].to_pylist()))
    dropped = pa.array(units[: 2 * len(units) // 3])
    return replace(
        made, panel=panel.filter(pc.invert(pc.is_in(panel["unit"], dropped))), exposed=None
    )


def _regions(made: Simulated, units: pa.Table) -> set[str]:
    region = dict(
        zip(made.panel["unit"].to_pylist(), made.panel["region"].to_pylist(), strict=True)
    )
    return {region[unit] for unit in units["unit"].to_pylist()}


# What happens to the panel


def losers_vanish(seed: int) -> Simulated:
    """After the start half of the supported firms whose outcome fell drop out; no control does."""
    made = matched(seed)
    rng = np.random.default_rng([22, seed])
    units = np.array(made.panel["unit"].to_pylist())
    years = made.panel["year"].to_numpy()
    outcome = made.panel["outcome"].to_numpy()
    keep = np.ones(len(units), bool)
    for unit in made.treated["unit"].to_pylist():
        rows = np.flatnonzero(units == unit)
        order = rows[np.argsort(years[rows])]
        change = outcome[order] - outcome[order][years[order] == 2012]
        bad = (years[order] >= 2013) & (change < 0.02)
        if bad.any() and rng.random() < 0.8:
            keep[order[np.flatnonzero(bad)[0] :]] = False
    return _kept(made, keep)


def silent_controls(seed: int) -> Simulated:
    """A third of the controls, those that do well, no longer answer from the start on."""
    made = matched(seed)
    units = np.array(made.panel["unit"].to_pylist())
    years = made.panel["year"].to_numpy()
    outcome = made.panel["outcome"].to_numpy()
    _, place = np.unique(units, return_inverse=True)
    after = np.bincount(place, outcome * (years >= 2013)) / np.bincount(place, years >= 2013)
    before = np.bincount(place, outcome * (years < 2013)) / np.bincount(place, years < 2013)
    treated = np.isin(units, made.treated["unit"].to_pylist())
    gained = (after - before)[place]
    gone = ~treated & (gained > np.quantile(gained[~treated], 2 / 3))
    return _kept(made, ~(gone & (years >= 2013)))


def newcomers(seed: int) -> Simulated:
    """Two in five of those called treated came only after the start, and are better."""
    made = matched(seed)
    late = made.treated["unit"].to_pylist()[::5] + made.treated["unit"].to_pylist()[1::5]
    units = np.array(made.panel["unit"].to_pylist())
    years = made.panel["year"].to_numpy()
    new = np.isin(units, late)
    outcome = made.panel["outcome"].to_numpy() + np.where(new, 0.4, 0.0)
    panel = made.panel.set_column(
        made.panel.column_names.index("outcome"), "outcome", pa.array(outcome)
    )
    return replace(made, panel=panel.filter(pa.array(~new | (years >= 2013))))


def chosen_in_a_bad_year(seed: int) -> Simulated:
    """Support went to the firms whose outcome was lowest, for them, in the year before."""
    return _chosen_in_an_odd_year(seed, -1.0)


def chosen_in_a_good_year(seed: int) -> Simulated:
    """Support went to the firms that had just had their best year."""
    return _chosen_in_an_odd_year(seed, 1.0)


def _chosen_in_an_odd_year(seed: int, sign: float) -> Simulated:
    rng = np.random.default_rng([23, seed, int(sign > 0)])
    years = np.arange(2008, 2019)
    count, start = 700, 2013
    size, age = rng.normal(size=count), rng.normal(size=count)
    passing = persistent(rng, count, len(years), 0.12, 0.3)
    before = passing[:, years == start - 1].ravel()
    supported = chosen(rng, sign * 3.0 * before / 0.12, 140)
    cohorts = np.full(count, NEVER)
    cohorts[supported] = start
    effects, told = true_effects(cohorts, years, {start: 0.03})
    outcome = (
        (7.0 + 0.9 * size + rng.normal(0, 0.4, count))[:, None]
        + wandering(rng, 1, len(years), 0.03)
        + passing
        + effects
    )
    units = names("firm-", count)
    return Simulated(
        "matched",
        seed,
        tidy(units, years, outcome, {"log_size": 3.4 + 1.1 * size, "log_age": 2.3 + 0.7 * age}),
        starts([units[each] for each in sorted(supported)], [start] * 140),
        Truth(told, {start: 140}),
        covariates=("log_size", "log_age"),
    )


def crisis_of_an_industry(seed: int) -> Simulated:
    """From the start a crisis hits five industries in which controls are many and treated are few.

    It can be seen because controls of the other seven industries go on as before.
    """
    rng = np.random.default_rng([24, seed])
    made = matched(seed)
    units = np.array(made.panel["unit"].to_pylist())
    years = made.panel["year"].to_numpy()
    industry = np.array(made.panel["industry"].to_pylist())
    treated = np.isin(units, made.treated["unit"].to_pylist())
    hit = [f"industry-{number}" for number in range(5)]
    spared = [f"industry-{number}" for number in range(5, 12)]
    moved = {
        unit: spared[rng.integers(7)]
        for unit in np.unique(units[treated & np.isin(industry, hit)])
        if rng.random() < 0.9
    }
    industry = np.array([moved.get(u, i) for u, i in zip(units, industry, strict=True)])
    outcome = made.panel["outcome"].to_numpy() - np.where(
        np.isin(industry, hit) & (years >= 2013), 0.20, 0.0
    )
    panel = made.panel.set_column(
        made.panel.column_names.index("outcome"), "outcome", pa.array(outcome)
    )
    return replace(
        made,
        panel=panel.set_column(
            panel.column_names.index("industry"), "industry", pa.array(industry.tolist())
        ),
    )


def one_year_each_side(seed: int) -> Simulated:
    """One year before and one after: no trend can be looked at."""
    made = matched(seed)
    years = made.panel["year"].to_numpy()
    return _kept(made, (years == 2012) | (years == 2013))


def nothing_before(seed: int) -> Simulated:
    """The panel begins in the year of the first start."""
    made = matched(seed)
    return _kept(made, made.panel["year"].to_numpy() >= 2013)


# One region


def unlike_any_mix(seed: int) -> Simulated:
    """The region went its own way for thirty years: no mix of donors follows it."""
    made = synthetic(seed)
    rng = np.random.default_rng([25, seed])
    own = wandering(rng, 1, 40, 0.08)[0] + 0.12 * np.sin(np.arange(40) / 2.5)
    return _moved(made, lambda since, years: np.where(np.isnan(since), 0.0, own[years - 1975]))


def above_all_donors(seed: int) -> Simulated:
    """The region lies above every donor, all the time."""
    made = synthetic(seed)
    outcome = made.panel["outcome"].to_numpy()
    years = made.panel["year"].to_numpy()
    treated = np.array(made.panel["unit"].to_pylist()) == made.treated["unit"][0].as_py()
    over = max(
        outcome[~treated & (years == year)].max() - outcome[treated & (years == year)][0]
        for year in range(1975, 2005)
    )
    return _moved(made, _treated_only(lambda since: np.full(since.shape, over + 0.15)))


def three_years_before(seed: int) -> Simulated:
    """Three years before the start and 24 donors: anything fits."""
    made = synthetic(seed)
    return _kept(made, made.panel["year"].to_numpy() >= 2002)


def two_donors(seed: int) -> Simulated:
    """Two donors are left: no placebo can say what is unusual."""
    made = synthetic(seed)
    units = made.panel["unit"].to_pylist()
    first = sorted(set(units))[:3]
    return _kept(made, np.isin(units, first))


# Shares and shocks


def dominating_shock(seed: int) -> SimulatedShares:
    """One industry has a third of all exposure and a shock five times the rest."""
    return shift_share(seed, dominating=0.35)


def few_shocks(seed: int) -> SimulatedShares:
    """Six industries: six shocks, however many regions."""
    return shift_share(seed, industries=6)


def weak_shocks(seed: int) -> SimulatedShares:
    """Shocks of next to nothing: the instrument is noise."""
    return shift_share(seed, strength=0.02)


def foreseen_shocks(seed: int) -> SimulatedShares:
    """Shocks hit the regions that had already moved that way."""
    return shift_share(seed, foreseen=1.5)


def _faults() -> dict[str, Fault]:
    listed: list[tuple[str, Callable[[int], Simulated | SimulatedShares], set[str], bool]] = [
        ("matched", diverging, {"pre_trends"}, True),
        ("staggered", diverging_late, {"pre_trends", "anticipation"}, True),
        ("matched", dip, {"pre_trends", "mean_reversion", "anticipation"}, True),
        ("matched", foreseen_by_one, {"anticipation", "pre_trends", "mean_reversion"}, True),
        ("staggered", foreseen_by_two, {"anticipation", "pre_trends"}, True),
        ("triple", target_diverging, {"pre_trends"}, True),
        ("contest", best_were_rising, {"pre_trends"}, True),
        ("matched", no_overlap, {"overlap"}, True),
        ("matched", far_apart, {"overlap"}, True),
        ("matched", three_treated, {"few_treated"}, False),
        ("spillover", two_regions, {"few_treated"}, False),
        ("matched", all_treated_at_once, {"no_controls"}, False),
        ("spillover", all_controls_exposed, {"contaminated_controls", "no_controls"}, False),
        ("matched", neighbours_lose, {"contaminated_controls"}, True),
        ("matched", losers_vanish, {"attrition"}, True),
        ("matched", silent_controls, {"attrition"}, True),
        ("matched", newcomers, {"composition"}, False),
        ("matched", chosen_in_a_bad_year, {"mean_reversion", "pre_trends", "anticipation"}, True),
        ("matched", chosen_in_a_good_year, {"mean_reversion", "pre_trends", "anticipation"}, True),
        ("matched", crisis_of_an_industry, {"control_break"}, True),
        ("matched", one_year_each_side, {"short_window"}, False),
        ("matched", nothing_before, {"short_window"}, False),
        ("synthetic", unlike_any_mix, {"bad_pre_fit", "outside_hull"}, False),
        ("synthetic", above_all_donors, {"outside_hull", "bad_pre_fit"}, True),
        ("synthetic", three_years_before, {"short_window"}, False),
        ("synthetic", two_donors, {"few_donors"}, False),
        ("shift_share", dominating_shock, {"dominating_shock", "few_shocks"}, False),
        ("shift_share", few_shocks, {"few_shocks", "dominating_shock"}, False),
        ("shift_share", weak_shocks, {"weak_instrument"}, False),
        ("shift_share", foreseen_shocks, {"foreseen_shocks"}, False),
    ]
    return {
        make.__name__: Fault(make.__name__, design, make, frozenset(right), 1000 * place, misleads)
        for place, (design, make, right, misleads) in enumerate(listed, 1)
    }


FAULTS: Mapping[str, Fault] = _faults()
"""The catalogue by name. Seeds are 1000 x place in the list, and the nine that follow."""
