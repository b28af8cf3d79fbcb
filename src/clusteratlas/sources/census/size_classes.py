"""What flags, size classes and the number of establishments say about a withheld figure."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from clusteratlas.sources.checks import Checks, quoted
from clusteratlas.sources.findings import MOST

FLAG_RANGES: dict[str, tuple[int, int | None]] = {
    "A": (0, 19),
    "B": (20, 99),
    "C": (100, 249),
    "E": (250, 499),
    "F": (500, 999),
    "G": (1_000, 2_499),
    "H": (2_500, 4_999),
    "I": (5_000, 9_999),
    "J": (10_000, 24_999),
    "K": (25_000, 49_999),
    "L": (50_000, 99_999),
    "M": (100_000, None),
}
"""Jobs of a row that is withheld until 2016, by its letter in ``empflag``."""

CLASSES = (
    ("n5_9", 5, 9),
    ("n10_19", 10, 19),
    ("n20_49", 20, 49),
    ("n50_99", 50, 99),
    ("n100_249", 100, 249),
    ("n250_499", 250, 499),
    ("n500_999", 500, 999),
)
SMALLEST = ("n<5", "n1_4")
"""Name of the class of one to four jobs from 2017 on, and before. It holds establishments without
employees in March: its lower bound is 0."""

TOP = "n1000"
TOP_PARTS = (
    ("n1000_1", 1_000, 1_499),
    ("n1000_2", 1_500, 2_499),
    ("n1000_3", 2_500, 4_999),
    ("n1000_4", 5_000, None),
)
HIDDEN = "N"
"""Stands from 2017 on for fewer than three establishments in a class."""

MOST_HIDDEN = 2
NOISE_YEAR = 2007
NOISE = 0.2
"""From 2007 on an establishment's jobs are changed a little before flags are given: flag and size
classes contradict each other only where they are further apart than this share."""


def size_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of the nine size classes in order; empty where not all are there.

    >>> size_columns(["n1_4", "n5_9", "n10_19", "n20_49", "n50_99", "n100_249", "n250_499",
    ...               "n500_999", "n1000"])[0]
    'n1_4'
    """
    present = set(names)
    smallest = next((name for name in SMALLEST if name in present), "")
    wanted = (smallest, *(name for name, _, _ in CLASSES), TOP)
    return wanted if smallest and all(name in present for name in wanted) else ()


def is_size_column(name: str) -> bool:
    """Return whether a column holds a size class."""
    return name in (*SMALLEST, TOP) or name in {name for name, *_ in (*CLASSES, *TOP_PARTS)}


def check_size_cells(checks: Checks, columns: tuple[str, ...]) -> None:
    """Every cell of a size class is a count, or the letter N."""
    parts = [name for name, *_ in TOP_PARTS if checks.has(name)]
    for name in (*columns, *parts):
        cell = f'"{quoted(name)}"'
        checks.blame(
            name,
            f"not regexp_full_match({cell}, '\\d{{1,9}}|{HIDDEN}|')",
            f"{checks.names[name]} is no number of establishments",
            f"a size class holds a count, or {HIDDEN} for fewer than three",
        )


def make_size_bounds(checks: Checks, columns: tuple[str, ...], establishments: str) -> None:
    """Make the table ``sized``: by row the least and most jobs that the size classes allow.

    Definition
        A class of k establishments between a and b jobs holds from k a to k b. Classes printed as N
        hold up to two establishments each and together what is missing to the printed number of
        establishments: the fewest jobs put these into the smallest such classes, the most into
        the largest. The class of 1,000 and more has no upper end unless its parts say so.
    """
    if not columns:
        checks.engine.execute(
            "create table sized (row bigint, least bigint, most bigint, known bigint, "
            "hidden bigint)"
        )
        return
    bounds = [(0, 4), *((low, high) for _, low, high in CLASSES), (1_000, None)]
    cells = [f'"{quoted(name)}"' for name in columns]
    parts = all(checks.has(name) for name, *_ in TOP_PARTS)
    top = [f'"{name}"' for name, *_ in TOP_PARTS] if parts else []
    values = [f"try_cast({cell} as bigint) as v{place}" for place, cell in enumerate(cells)]
    values += [
        f"cast({cell} = '{HIDDEN}' as bigint) as h{place}" for place, cell in enumerate(cells)
    ]
    values += [f"try_cast({cell} as bigint) as t{place}" for place, cell in enumerate(top)]
    count = len(cells)
    known = " + ".join(f"coalesce(v{place}, 0)" for place in range(count))
    hidden = " + ".join(f"h{place}" for place in range(count))
    least = [f"coalesce(v{place}, 0) * {low}" for place, (low, _) in enumerate(bounds[:-1])]
    most = [f"coalesce(v{place}, 0) * {high}" for place, (_, high) in enumerate(bounds[:-1])]
    for place, (low, high) in enumerate(bounds):
        below = " + ".join(f"h{other}" for other in range(place)) or "0"
        above = " + ".join(f"h{other}" for other in range(place + 1, count)) or "0"
        least.append(f"h{place} * {_taken(below)} * {low}")
        if high is not None:
            most.append(f"h{place} * {_taken(above)} * {high}")
    low_top, high_top = _top(bool(top))
    last = count - 1
    checks.engine.execute(
        f"""
        create table sized as
        with cells_read as (
            select row, try_cast({establishments} as bigint) as units, {", ".join(values)}
            from cells
        ), counted as (
            select *, {known} as known, {hidden} as hidden,
                   greatest(units - ({known}), 0) as rest
            from cells_read
        )
        select row, {" + ".join(least)} + {low_top} as least,
               case when h{last} * rest > 0 then null
                    else {" + ".join(most)} + {high_top} end as most,
               known, hidden
        from counted
        """
    )


def _taken(before: str) -> str:
    """How many of the missing establishments a class takes, others being filled before it."""
    return f"greatest(0, least({MOST_HIDDEN}, rest - {MOST_HIDDEN} * ({before})))"


def _top(parts: bool) -> tuple[str, str]:
    """Least and most jobs of the establishments printed in the class of 1,000 and more."""
    top = f"coalesce(v{len(CLASSES) + 1}, 0)"
    if not parts:
        return f"{top} * 1000", f"case when {top} = 0 then 0 end"
    seen = " + ".join(f"coalesce(t{place}, 0)" for place in range(len(TOP_PARTS)))
    low = " + ".join(
        f"coalesce(t{place}, 0) * {low}" for place, (_, low, _) in enumerate(TOP_PARTS)
    )
    high = " + ".join(
        f"coalesce(t{place}, 0) * {high}" for place, (_, _, high) in enumerate(TOP_PARTS) if high
    )
    rest = f"greatest({top} - ({seen}), 0)"
    return (
        f"(case when {top} = 0 then 0 else {low} + {rest} * 1000 end)",
        f"(case when {top} = 0 then 0 when t3 = 0 then {high} + {rest} * 4999 end)",
    )


def register_flags(checks: Checks) -> None:
    """Make ``flag_ranges`` known: letter, least and most jobs."""
    checks.engine.register(
        "flag_ranges",
        pa.table(
            {
                "letter": list(FLAG_RANGES),
                "flag_low": pa.array([low for low, _ in FLAG_RANGES.values()], pa.int64()),
                "flag_high": pa.array([high for _, high in FLAG_RANGES.values()], pa.int64()),
            }
        ),
    )


def check_sizes(checks: Checks, establishments: str) -> None:
    """Size classes and the number of establishments say the same."""
    name = checks.names.get(establishments, establishments)
    rows = checks.engine.execute(
        "select row, establishments, known, hidden, count(*) over () from given "
        "join sized using (row) where establishments is not null and "
        f"(known > establishments or known + {MOST_HIDDEN} * hidden < establishments) "
        f"order by row limit {MOST}"
    ).fetchall()
    for row, printed, known, hidden, _ in rows:
        most = known + MOST_HIDDEN * hidden
        held = f"{known:,}" if most == known else f"{known:,} to {most:,}"
        checks.found.add(
            f"the size classes hold {held} establishments and {name} says {printed:,}",
            row=row,
            column=name,
            value=str(printed),
            hint="compare the row with the publisher's file; are the columns in order?",
        )
    checks.found.count((rows[0][4] if rows else 0) - len(rows))


def check_flags(checks: Checks, flag: str, employment: str) -> None:
    """The flag of a range and the size classes allow a common figure, and none is printed."""
    name = checks.names.get(flag, flag)
    figure = checks.names.get(employment, employment)
    checks.blame(
        flag,
        f"upper(\"{flag}\") not in ('', {', '.join(repr(letter) for letter in FLAG_RANGES)})",
        f"{name} is none of the known letters",
        f"use one of {', '.join(FLAG_RANGES)}, or nothing for a row that is printed",
    )
    checks.blame(
        employment,
        f'"{flag}" <> \'\' and coalesce(try_cast("{employment}" as bigint), 0) > 0',
        f"{name} says that the row is withheld, and {figure} prints a figure",
        "a withheld row has 0 jobs; a printed one has no flag",
    )
    apart = "least * (1 - noise_given) > flag_high or most * (1 + noise_given) < flag_low"
    rows = checks.engine.execute(
        "select row, letter, flag_low, flag_high, least, most, county_cell, industry_cell, "
        "count(*) over () from (select *, "
        f"case when year >= {NOISE_YEAR} then {NOISE} else 0 end as noise_given from given) "
        f"join sized using (row) join flag_ranges on letter = range_flag where {apart} "
        f"order by row limit {MOST}"
    ).fetchall()
    for row, letter, low, high, least, most, place, industry, _ in rows:
        checks.found.add(
            f"{name} {letter} says {_range(low, high)} jobs and the size classes "
            f"{_range(least, most)} ({place}, {industry})",
            row=row,
            column=name,
            value=letter,
            hint="compare the row with the publisher's file",
        )
    checks.found.count((rows[0][8] if rows else 0) - len(rows))


def _range(low: int, high: int | None) -> str:
    return f"{low:,} and more" if high is None else f"{low:,} to {high:,}"
