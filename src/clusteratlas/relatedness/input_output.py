"""Industries that buy from and sell to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clusteratlas.relatedness.similarities import Flags, Floats, Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Sharing = Literal["split", "repeated"]


@dataclass(frozen=True)
class Flows:
    """What flows between industries.

    Attributes
    ----------
    industries
        Codes, sorted.
    between
        n x n, from row to column, million USD.
    output, input
        All intermediate output and input of each, to and from every industry of the table.
    inherited
        Industries whose flows are a part of a coarser industry's.
    notes
        What a reader must know.
    """

    industries: tuple[str, ...]
    between: Floats
    output: Floats
    input: Floats
    inherited: Flags
    notes: tuple[str, ...] = ()


def flows_between(
    input_output: pa.Table,
    codes: pa.Table,
    weights: Mapping[str, float],
    *,
    sharing: Sharing = "split",
    make: bool = False,
) -> Flows:
    r"""Return what flows between the industries of a classification.

    Definition
    ----------
    The use table says what an industry of the office's own classification uses of each commodity;
    the commodity is taken for the output of the industry of the same code (``make=False``), or
    shared among the industries that make it (``make=True``, market shares of the make table). With
    :math:`a_{gi}` the part of code g that industry i holds:

    .. math:: F_{ij} = \sum_{g,h} a_{gi} U_{gh} a_{hj}

    ``sharing="split"``: :math:`a_{gi} = w_i / \sum_{i' \in g} w_{i'}`, so that the flows of a
    coarse code are divided by the size of its industries; codes finer than an industry are added
    up. ``"repeated"``: every industry of a code is given the whole flow. An industry that several
    codes share gives each an equal part of its weight.

    Parameters
    ----------
    input_output
        Contract ``INPUT_OUTPUT``, one year; the make table only with ``make``.
    codes
        Contract ``BEA_CODES``.
    weights
        Size of each industry (jobs); industries without one, or with 0, weigh as the smallest does.
    sharing
        "split" or "repeated".
    make
        Whether to share commodities among their makers.

    Returns
    -------
    Flows
        Industries of ``codes``, sorted; million USD.

    Missing data
    ------------
    A flow without a row is none. Negative flows count as none. Industries without a code are not
    in the result.

    Raises
    ------
    InvalidInput
        No use table, several years.
    CannotAnswer
        Unknown ``sharing``; no code of the table is linked.

    Source
    ------
    US Bureau of Economic Analysis; M. Delgado, M. E. Porter, S. Stern (2016) on the links.

    Example
    -------
    >>> from clusteratlas.tables import BEA_CODES, INPUT_OUTPUT
    >>> rows = [dict(table="use", row="S", column="C", year=2017, source="x", row_title="",
    ...         column_title="", row_kind="commodity", column_kind="industry", value=30.0)]
    >>> linked = [dict(bea=bea, classification="naics-2017", industry=code, source="x",
    ...           bea_title="", industries_of_code=2, codes_of_industry=1, finer="naics")
    ...           for bea, code in (("S", "331110"), ("C", "336111"), ("C", "336112"))]
    >>> found = flows_between(pa.Table.from_pylist(rows, INPUT_OUTPUT.schema),
    ...     pa.Table.from_pylist(linked, BEA_CODES.schema), {"336111": 200, "336112": 100})
    >>> found.industries, found.between[0]
    (('331110', '336111', '336112'), array([ 0., 20., 10.]))
    """
    if sharing not in ("split", "repeated"):
        raise CannotAnswer("unknown sharing", value=str(sharing), hint="split or repeated")
    _refuse_years(input_output)
    linked: dict[str, list[str]] = defaultdict(list)
    pairs = zip(*(codes.column(name).to_pylist() for name in ("bea", "industry")), strict=True)
    for bea, industry in sorted(set(pairs)):
        linked[bea].append(industry)
    table = _Square.of(input_output, "use", linked)
    between = _made_by_industries(input_output, table, linked) if make else table.values
    industries = sorted({industry for each in linked.values() for industry in each})
    place = {industry: at for at, industry in enumerate(industries)}
    part = _parts(table.codes, linked, place, weights, sharing)
    flows = part.T @ between @ part
    shared = np.zeros(len(industries), dtype=bool)
    for bea in table.codes:
        if len(linked[bea]) > 1:
            shared[[place[industry] for industry in linked[bea]]] = True
    return Flows(
        tuple(industries),
        flows,
        flows.sum(axis=1),
        flows.sum(axis=0),
        shared,
        (
            f"{int(shared.sum())} of {len(industries)} industries share the flows of a coarser "
            f"code of the input-output table, {sharing} among them",
        ),
    )


def input_output_links(
    flows: Flows,
    groups: Mapping[str, str] | None = None,
    *,
    wanted: Sequence[str] | None = None,
) -> Similarities:
    r"""Return the largest of the four shares of what flows between two industries (or clusters).

    Definition
    ----------
    .. math:: IO_{ij} = \max\left(\frac{F_{ij}}{O_i}, \frac{F_{ji}}{O_j}, \frac{F_{ij}}{I_j},
       \frac{F_{ji}}{I_i}\right)

    with O all intermediate output and I all intermediate input, own use included. With ``groups``
    flows and totals are first added up over the industries of each cluster.

    Parameters
    ----------
    flows
        From `flows_between`.
    groups
        Industry to cluster; industries in none count in the totals of those they deal with.
    wanted
        Industries (or clusters) to return; by default all.

    Returns
    -------
    Similarities
        Component ``input_output``, 0 to 1.

    Missing data
    ------------
    NaN for what has neither output nor input in the table, or is not in it.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016); G. Ellison, E. L. Glaeser, W. R. Kerr (2010).

    Example
    -------
    Steel sends 20 of its 30 to cars, which is all that cars use.

    >>> flows = Flows(("cars", "homes", "steel"), np.array([[0, 0, 0], [0, 0, 0], [20, 10, 0.0]]),
    ...     np.array([0.0, 0, 30]), np.array([20.0, 10, 0]), np.zeros(3, dtype=bool))
    >>> input_output_links(flows).components["input_output"][2]
    array([ 1.,  1., nan])
    """
    names = list(flows.industries)
    inherited = flows.inherited
    if groups is None:
        between, output, used = flows.between, flows.output, flows.input
    else:
        names = sorted(set(groups.values()))
        member = np.zeros((len(flows.industries), len(names)))
        for at, industry in enumerate(flows.industries):
            if industry in groups:
                member[at, names.index(groups[industry])] = 1.0
        between = member.T @ flows.between @ member
        output, used = member.T @ flows.output, member.T @ flows.input
        inherited = (member.T @ flows.inherited.astype(float)) >= member.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        sold = np.nan_to_num(between / output[:, None])
        bought = np.nan_to_num(between / used[None, :])
    links = np.maximum(np.maximum(sold, sold.T), np.maximum(bought, bought.T))
    silent = (output <= 0) & (used <= 0)
    links[silent] = np.nan
    links[:, silent] = np.nan
    np.fill_diagonal(links, np.nan)
    chosen = names if wanted is None else sorted(set(wanted))
    wide = np.full((len(chosen),) * 2, np.nan)
    flags = np.zeros(len(chosen), dtype=bool)
    mine = [(at, names.index(name)) for at, name in enumerate(chosen) if name in names]
    here, there = np.array(mine, dtype=np.intp).reshape(-1, 2).T
    wide[np.ix_(here, here)] = links[np.ix_(there, there)]
    flags[here] = inherited[there]
    missing = [name for name in chosen if name not in names]
    notes = flows.notes
    if missing:
        notes = (*notes, f"without a code in the input-output table: {', '.join(missing[:10])}")
    return Similarities(tuple(chosen), {"input_output": wide}, {"input_output": flags}, notes)


@dataclass(frozen=True)
class _Square:
    """A use table with the same codes on both sides."""

    codes: list[str]
    values: Floats

    @classmethod
    def of(cls, flows: pa.Table, table: str, linked: Mapping[str, Sequence[str]]) -> _Square:
        rows = _rows(flows, table)
        spoken = {row for row, _, _ in rows} | {column for _, column, _ in rows}
        codes = sorted(spoken & set(linked))
        if not rows:
            raise InvalidInput(
                [Fault(f"there is no {table} table", hint=f"give the office's {table} table")]
            )
        if not codes:
            raise CannotAnswer(
                "no code of the input-output table is linked with an industry",
                value=", ".join(sorted(spoken)[:5]),
                hint="give the list of codes of the same benchmark year",
            )
        return cls(codes, _matrix(rows, codes))


def _rows(flows: pa.Table, table: str) -> list[tuple[str, str, float]]:
    names = ("table", "row", "column", "row_kind", "column_kind", "value")
    found = zip(*(flows.column(name).to_pylist() for name in names), strict=True)
    kinds = {"commodity", "industry"}
    return [
        (row, column, value)
        for kind, row, column, first, second, value in found
        if kind == table and first in kinds and second in kinds and value > 0
    ]


def _matrix(rows: list[tuple[str, str, float]], codes: Sequence[str]) -> Floats:
    place = {code: at for at, code in enumerate(codes)}
    values = np.zeros((len(codes), len(codes)))
    for row, column, value in rows:
        if row in place and column in place:
            values[place[row], place[column]] += value
    return values


def _made_by_industries(
    flows: pa.Table, use: _Square, linked: Mapping[str, Sequence[str]]
) -> Floats:
    """Flows from industry to industry: commodities shared among those that make them."""
    made = _matrix(_rows(flows, "make"), use.codes)
    if not made.any():
        raise InvalidInput(
            [Fault("there is no make table", hint="give it too, or leave make=False")]
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        market = np.nan_to_num(made / made.sum(axis=0))
    return np.asarray(market @ use.values)


def _parts(
    codes: Sequence[str],
    linked: Mapping[str, Sequence[str]],
    place: Mapping[str, int],
    weights: Mapping[str, float],
    sharing: Sharing,
) -> npt.NDArray[np.float64]:
    shared_by: dict[str, int] = defaultdict(int)
    for each in linked.values():
        for industry in each:
            shared_by[industry] += 1
    known = [weight for weight in weights.values() if weight > 0]
    least = min(known, default=1.0)
    part = np.zeros((len(codes), len(place)))
    for at, code in enumerate(codes):
        sizes = [
            max(float(weights.get(industry, 0.0) or 0.0), least) / shared_by[industry]
            for industry in linked[code]
        ]
        whole = sum(sizes)
        for industry, size in zip(linked[code], sizes, strict=True):
            part[at, place[industry]] = size / whole if sharing == "split" else 1.0
    return part


def _refuse_years(flows: pa.Table) -> None:
    years = sorted(set(flows.column("year").to_pylist()))
    if len(years) > 1:
        raise InvalidInput(
            [
                Fault(
                    "the input-output tables are of several years",
                    column="year",
                    value=", ".join(map(str, years)),
                    hint="give one benchmark year",
                )
            ]
        )
