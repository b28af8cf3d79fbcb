"""Employment of all published schemes: cells filled first, then larger regions added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.atlas import filling
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.draws import Draws, place_keys, with_intervals
from clusteratlas.engine import Engine, sum_over_regions, with_columns_of
from clusteratlas.tables import EMPLOYMENT, ESTIMATED, WITHHELD


@dataclass(frozen=True)
class Base:
    """The figures of a dataset before they are added up, and the draws of the years filled.

    ``draws`` has an entry for each year that was filled; ``None`` in it where nothing had to be.
    """

    employment: pa.Table
    draws: dict[int, Draws | None]


def fill_withheld(dataset: Dataset, tell: Callable[[int, float], None]) -> Base:
    """Fill the withheld cells of each year of a dataset, as far as anything is known of them.

    Parameters
    ----------
    dataset
        With the rows as the office prints them.
    tell
        Called before each year with the year and the share of the years that is done.
    """
    given = _as_printed(with_columns_of(dataset.employment, EMPLOYMENT))
    years = sorted(pc.unique(given.column("year")).to_pylist())
    parts, draws = [], {}
    for place, year in enumerate(years):
        tell(year, place / len(years))
        filled = filling.fill(dataset, year)
        if filled is None:
            parts.append(given.filter(pc.equal(given.column("year"), year)))
        else:
            parts.append(_as_printed(with_columns_of(filled.employment, EMPLOYMENT)))
            draws[year] = Draws.of(filled)
    return Base(pa.concat_tables(parts), draws)


def _as_printed(table: pa.Table) -> pa.Table:
    """Count what the office prints of each row, unless the source says so itself."""
    known = pc.is_valid(table.column("employment"))
    printed = pc.and_(known, pc.not_equal(table.column("status"), WITHHELD))
    zero = pa.scalar(0, pa.int64())
    own = pc.if_else(
        pc.equal(table.column("status"), ESTIMATED),
        pc.if_else(known, zero, pa.scalar(None, pa.int64())),
        table.column("employment"),
    )
    for name, value in (
        ("printed_in", printed.cast(pa.int8()).cast(pa.int64())),
        ("employment_reported", own),
    ):
        place = table.schema.get_field_index(name)
        counted = pc.coalesce(table.column(name), value)
        table = table.set_column(place, EMPLOYMENT.schema.field(name), counted)
    return table


def all_schemes(engine: Engine, dataset: Dataset, base: Base) -> pa.Table:
    """Return the employment of all published schemes, larger regions added up from the base."""
    published = pa.array([plan.scheme for plan in dataset.schemes])
    wanted = dataset.memberships.filter(
        pc.is_in(dataset.memberships.column("in_scheme"), published)
    )
    added_up = pc.unique(wanted.column("in_scheme"))
    given = base.employment
    kept = pc.and_not(
        pc.is_in(given.column("scheme"), published), pc.is_in(given.column("scheme"), added_up)
    )
    parts = [given if pc.all(kept).as_py() else given.filter(kept)]
    if wanted.num_rows:
        rows = given.filter(pc.equal(given.column("scheme"), dataset.base_scheme))
        added = sum_over_regions(engine.frame(rows), engine.frame(wanted))
        table = with_columns_of(engine.collect(added), EMPLOYMENT)
        parts += _with_draws(dataset, base, table)
    return pa.concat_tables([with_columns_of(part, EMPLOYMENT) for part in parts])


def _with_draws(dataset: Dataset, base: Base, added: pa.Table) -> list[pa.Table]:
    """Give the rows of larger regions the intervals of their draws, year by year."""
    years = sorted(pc.unique(added.column("year")).to_pylist())
    parts = []
    for year in years:
        rows = added.filter(pc.equal(added.column("year"), year))
        draws = base.draws.get(year)
        if draws is not None:
            lying_in, groups = into_places(dataset, draws), _into_groups(dataset, draws)
            target = (place_keys(rows), rows.column("industry"))
            incidence = draws.incidence(target, lying_in, groups, only_upper=True)
            rows = with_intervals(rows, draws, incidence)
        parts.append(rows)
    return parts


def into_places(dataset: Dataset, draws: Draws) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return pairs of place keys: each region with cells with itself and what it lies in."""
    inner = place_keys(dataset.memberships)
    outer = place_keys(dataset.memberships, "in_scheme", "in_region")
    return (
        pa.chunked_array([draws.regions, *inner.chunks], pa.string()),
        pa.chunked_array([draws.regions, *outer.chunks], pa.string()),
    )


def _into_groups(dataset: Dataset, draws: Draws) -> tuple[pa.Array, pa.Array, None]:
    """Return pairs of industries: each finest one with itself and with every class above it."""
    levels = pc.unique(classification.industries(dataset.classification).column("level"))
    industries, above = [draws.industries], [draws.industries]
    for level in sorted(levels.to_pylist()):
        pairs = classification.ancestors(dataset.classification, level)
        pairs = pairs.filter(
            pc.and_(
                pc.is_in(pairs.column("industry"), draws.industries),
                pc.not_equal(pairs.column("industry"), pairs.column("ancestor")),
            )
        )
        industries += pairs.column("industry").chunks
        above += pairs.column("ancestor").chunks
    return pa.chunked_array(industries), pa.chunked_array(above), None
