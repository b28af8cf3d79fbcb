"""A cluster definition with some industries moved: what changes, without a build.

Only the clusters that an industry leaves or enters are added up anew; where the move crosses from
traded to local, or into the definition, all quotients are. Formulas are those of a build.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.panel import floats, with_change
from clusteratlas.atlas.regional import printed_part, whole_grid, with_ranks
from clusteratlas.atlas.surviving import with_profiles
from clusteratlas.atlas.united_years import filled_years
from clusteratlas.classification import industries as classes
from clusteratlas.engine import (
    DuckDBEngine,
    regional_clusters,
    shares_and_quotients,
    with_columns_of,
)
from clusteratlas.tables import CLUSTERS, DEFINITIONS, REGIONAL_CLUSTERS, Fault, InvalidInput

MOST_MOVES = 400
NEW = re.compile(r"new-[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 48


@dataclass(frozen=True, slots=True)
class Move:
    """An industry and the cluster it is put into; a new one begins with ``new-``."""

    industry: str
    cluster: str


@dataclass(frozen=True)
class Redefined:
    """A definition after moves.

    Attributes
    ----------
    members, clusters
        Rows of `definitions` and `clusters`.
    left
        Industry to the clusters it was in before; none where it was in no cluster.
    changed
        Clusters that gained or lost an industry, in the order of their codes.
    everything
        Whether every quotient may change: jobs moved between traded and local, or came in.
    """

    base: str
    classification: str
    moves: tuple[Move, ...]
    members: pa.Table
    clusters: pa.Table
    left: dict[str, tuple[str, ...]]
    changed: tuple[str, ...]
    everything: bool

    @property
    def names(self) -> dict[str, str]:
        """The name of each cluster."""
        codes, names = (self.clusters.column(each).to_pylist() for each in ("cluster", "name"))
        return dict(zip(codes, names, strict=True))


def redefine(release: OpenedRelease, base: str, moves: Sequence[Move]) -> Redefined:
    """Return a definition of the release with industries moved.

    Definition
    ----------
    A moved industry leaves every cluster it was in and lies in the new one with weight 1, in no
    subcluster. A new cluster is called by its code without ``new-`` and is traded or local as the
    first industry that is moved there was.

    Raises
    ------
    InvalidInput
        With every fault: an industry that is none or of another level, one moved twice or to where
        it is, an unknown cluster, too many moves.
    """
    info = release.definition(base)
    members = release.selected(
        "select * from definitions_held where definition = ? and classification = ?",
        [base, info.classification],
    )
    clusters = release.selected("select * from clusters_held where definition = ?", [base])
    known = {row["cluster"]: row for row in clusters.to_pylist()}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in members.to_pylist():
        rows.setdefault(row["industry"], []).append(row)
    codes = _codes_of_level(info.classification, set(rows))
    _refuse(moves, known, rows, codes)
    left: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, bool | None] = {code: row["traded"] for code, row in known.items()}
    everything = False
    for move in moves:
        before = rows.get(move.industry, [])
        left[move.industry] = tuple(row["cluster"] for row in before)
        kind = before[0]["traded"] if before else _first(known)
        if move.cluster not in kinds:
            kinds[move.cluster] = kind
            known[move.cluster] = {
                "definition": base,
                "cluster": move.cluster,
                "name": new_name(move.cluster),
                "traded": kind,
            }
        now = kinds[move.cluster]
        share = sum(row["weight"] for row in before if row["traded"] == now)
        everything |= not before or abs(share - 1) > 1e-9
        rows[move.industry] = [
            {
                "definition": base,
                "classification": info.classification,
                "industry": move.industry,
                "cluster": move.cluster,
                "subcluster": None,
                "traded": now,
                "weight": 1.0,
            }
        ]
    changed = {move.cluster for move in moves} | {each for held in left.values() for each in held}
    flat = [row for industry in sorted(rows) for row in rows[industry]]
    return Redefined(
        base,
        info.classification,
        tuple(moves),
        pa.Table.from_pylist(flat, schema=DEFINITIONS.schema),
        pa.Table.from_pylist(list(known.values()), schema=CLUSTERS.schema),
        left,
        tuple(sorted(changed, key=_natural)),
        everything,
    )


def new_name(code: str) -> str:
    """Return what a new cluster is called.

    >>> new_name("new-data-services")
    'Data services'
    """
    text = code.removeprefix("new-").replace("-", " ")
    return text[:1].upper() + text[1:]


def _first(known: dict[str, dict[str, Any]]) -> bool | None:
    """Industries from outside count as traded where the definition tells the kinds apart."""
    return True if any(row["traded"] is not None for row in known.values()) else None


def _natural(code: str) -> tuple[int, str]:
    return (int(code) if code.isdigit() else 10**9, code)


def _codes_of_level(classification: str, used: set[str]) -> dict[str, str]:
    """Codes and titles of the level that the definition groups."""
    rows = classes(classification).select(["industry", "title", "level"]).to_pylist()
    level = next(row["level"] for row in rows if row["industry"] in used)
    return {row["industry"]: row["title"] for row in rows if row["level"] == level}


def _refuse(
    moves: Sequence[Move],
    known: dict[str, dict[str, Any]],
    rows: dict[str, list[dict[str, Any]]],
    codes: dict[str, str],
) -> None:
    if len(moves) > MOST_MOVES:
        raise InvalidInput(
            [
                Fault(
                    f"{len(moves)} moves are more than can be tried at once",
                    hint=f"try at most {MOST_MOVES}, or build with a definition of your own",
                )
            ]
        )
    faults: list[Fault] = []
    seen: set[str] = set()
    for move in moves:
        industry, cluster = move.industry[:LONGEST], move.cluster[:LONGEST]
        if move.industry not in codes:
            near = difflib.get_close_matches(industry, codes, n=3, cutoff=0.6)
            hint = ", ".join(f"{code} {codes[code]}" for code in near)
            faults.append(Fault("there is no such industry", value=industry, hint=hint))
        elif move.industry in seen:
            faults.append(
                Fault("an industry is moved twice", value=industry, hint="keep one of the moves")
            )
        elif [row["cluster"] for row in rows.get(move.industry, [])] == [move.cluster]:
            faults.append(
                Fault(
                    f"the industry is in {known[move.cluster]['name']} already",
                    value=f"{industry}:{cluster}",
                    hint="undo this move",
                )
            )
        seen.add(move.industry)
        if move.cluster not in known and (
            len(move.cluster) > LONGEST or not NEW.fullmatch(move.cluster)
        ):
            names = {row["name"].casefold(): code for code, row in known.items()}
            near = difflib.get_close_matches(cluster.casefold(), names, n=3, cutoff=0.5)
            options = ", ".join(f"{names[each]} {known[names[each]]['name']}" for each in near)
            hint = "a new one is called new- and small letters, such as new-data-services"
            faults.append(
                Fault(
                    "there is no such cluster",
                    value=cluster,
                    hint=f"did you mean {options}? {hint}" if options else hint,
                )
            )
    if faults:
        raise InvalidInput(faults)


def redefined_clusters(
    release: OpenedRelease, found: Redefined, scheme: str, year: int | None = None
) -> pa.Table:
    """Return the rows of `regional_clusters` that a build with the moves would give.

    Definition
    ----------
    All columns as in a build, of the changed clusters (of all where ``everything`` is true) in
    every region of the scheme, in this year and the first; intervals and probabilities are null:
    draws are not pushed through anew.

    Missing data
    ------------
    reported_share is null in years that are not filled.
    """
    info = release.scheme(scheme)
    chosen = release.year(scheme, year)
    years = sorted({info.years[0], chosen})
    schemes = sorted({scheme, info.reference_scheme})
    asked = [*schemes, *years]
    where = (
        f"scheme in ({', '.join('?' * len(schemes))}) and year in ({', '.join('?' * len(years))})"
    )
    codes = pa.array(found.changed, pa.string())
    mine = found.members.filter(pc.is_in(found.members.column("cluster"), codes))
    wanted = pc.unique(mine.column("industry")).to_pylist()
    employment = release.selected(
        f"select * from employment where {where} and list_contains(?, industry)", [*asked, wanted]
    )
    whole = release.selected(
        f"select scheme, region, year, employment as total from region_profile where {where} "
        "and definition = ?",
        [*asked, found.base],
    )
    others = release.selected(
        "select r.*, c.traded from regional_clusters r join clusters_held c on "
        f"c.definition = r.definition and c.cluster = r.cluster where {where} "
        "and r.definition = ? and not list_contains(?, r.cluster)",
        [*asked, found.base, list(found.changed)],
    )
    known = found.clusters.filter(pc.is_in(found.clusters.column("cluster"), codes))
    with DuckDBEngine(threads=2) as engine:
        summed = engine.collect(
            whole_grid(
                engine,
                engine.frame(whole),
                regional_clusters(engine.frame(employment), engine.frame(mine)),
                known,
            )
        )
        both = pa.concat_tables(
            [summed, others.select([n for n in summed.column_names if n in others.column_names])],
            promote_options="permissive",
        )
        shared = shares_and_quotients(
            engine.frame(both), engine.frame(whole), reference_scheme=info.reference_scheme
        )
        table = engine.collect(
            printed_part(shared), sort=["scheme", "region", "definition", "cluster", "year"]
        )
    keep = pc.equal(table.column("scheme"), scheme)
    if not found.everything:
        keep = pc.and_(keep, pc.is_in(table.column("cluster"), codes))
    jobs = {
        each: float(
            pc.sum(_where(whole, info.reference_scheme, each).column("total")).as_py() or np.nan
        )
        for each in years
    }
    table = _with_printed(release, table.filter(keep), found, scheme, years)
    parts = [
        with_profiles(with_ranks(part), jobs[each])
        for each in years
        if (
            part := table.filter(pc.equal(table.column("year"), pa.scalar(each, pa.int16())))
        ).num_rows
    ]
    table = with_change(
        pa.concat_tables(parts, promote_options="default"),
        ["scheme", "region", "definition", "cluster"],
        as_complete=True,
    )
    for name in ("employment_low", "employment_high"):
        estimated = pc.equal(table.column("status"), "estimated")
        column = pc.if_else(estimated, pa.scalar(None, pa.int64()), table.column(name))
        table = table.set_column(table.schema.get_field_index(name), name, column)
    table = table.filter(pc.equal(table.column("year"), pa.scalar(chosen, pa.int16())))
    return with_columns_of(table, REGIONAL_CLUSTERS).append_column("traded", table.column("traded"))


def _where(whole: pa.Table, scheme: str, year: int) -> pa.Table:
    return whole.filter(
        pc.and_(
            pc.equal(whole.column("scheme"), scheme),
            pc.equal(whole.column("year"), pa.scalar(year, pa.int16())),
        )
    )


def _with_printed(
    release: OpenedRelease, table: pa.Table, found: Redefined, scheme: str, years: list[int]
) -> pa.Table:
    """Say which years are filled; keep the printed share of clusters that are as they were."""
    filled = filled_years(release, scheme)
    flags = np.array([year in filled for year in table.column("year").to_pylist()], dtype=bool)
    shares = floats(table, "reported_share")
    inside = pc.is_in(table.column("cluster"), pa.array(found.changed, pa.string()))
    held = np.array(inside.to_pylist(), dtype=bool)
    if not held.all():
        own = release.selected(
            "select region, cluster, year, reported_share from regional_clusters "
            "where scheme = ? and definition = ?",
            [scheme, found.base],
        ).to_pylist()
        of = {(row["region"], row["cluster"], row["year"]): row["reported_share"] for row in own}
        keys = zip(
            *(table.column(n).to_pylist() for n in ("region", "cluster", "year")), strict=True
        )
        kept = np.array([of.get(key) for key in keys], dtype=np.float64)
        shares = np.where(held, shares, kept)
    shares = np.where(flags | ~held, shares, np.nan)
    place = table.schema.get_field_index("reported_share")
    column = pa.array(shares, mask=np.isnan(shares))
    return table.set_column(place, "reported_share", column).append_column(
        "filled", pa.array(flags)
    )
