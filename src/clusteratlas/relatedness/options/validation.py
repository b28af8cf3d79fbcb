"""Judge how well entries are foretold, on the years that a table holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification import memberships, regions
from clusteratlas.relatedness.options.entries import Entries
from clusteratlas.relatedness.options.figures import (
    RegionalFigures,
    refuse_mixed,
)
from clusteratlas.relatedness.options.predictors import IN_USE, PREDICTORS, Predictor, fit
from clusteratlas.relatedness.options.skill import (
    Progress,
    Skill,
    Tenth,
    Window,
    best_windows,
    skill_of,
    tenths,
)
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import UNPUBLISHED, WITHHELD, CannotAnswer, Fault, InvalidInput

Years = tuple[int, int]


WITHOUT_TREES = tuple(each for each in PREDICTORS if each.learner != "trees")
"""The predictors that are cheap enough for every build."""


@dataclass(frozen=True)
class Validation:
    """How well entries are foretold in one scheme.

    Attributes
    ----------
    skill
        In sample, then out of time, each by predictor and sample.
    tenths
        Calibration of the predictor in use, on the later window where there is one.
    windows
        The entries of each window: in sample, learned from, tested on.
    notes
        Why something is missing, and what was left out.
    """

    skill: tuple[Skill, ...]
    tenths: tuple[Tenth, ...]
    windows: tuple[Entries, ...]
    notes: tuple[str, ...]

    def rows(self, scheme: str) -> list[dict[str, object]]:
        """Return the rows of the release table ``options_skill``."""
        return [each.row(scheme) for each in self.skill]


def validate_options(
    figures: Mapping[int, RegionalFigures],
    similarities: Similarities | None = None,
    *,
    in_sample: Years | None = None,
    out_of_time: tuple[Years, Years] | None = None,
    predictors: Sequence[Predictor] = PREDICTORS,
    progress: Progress | None = None,
) -> Validation:
    """Return the skill of every predictor, in sample and, with three years or more, out of time.

    Parameters
    ----------
    figures
        Year to figures.
    similarities
        Of the industries; components may be missing.
    in_sample
        Start and end to learn from and to judge; by default the last year and the one that lies
        nearest to three years before it.
    out_of_time
        Start and end to learn from, then start and end to judge; by default the first to the middle
        year, and the middle to the last.
    predictors
        Which to hold against each other.
    progress
        Told the stage and the share done.

    Returns
    -------
    Validation
        ``rows`` are those of the release table.

    Missing data
    ------------
    With one year there is nothing to judge, with two nothing out of time, and without a further
    year no durable entry; too few regions or entries are not judged. The notes say which.

    Raises
    ------
    InvalidInput
        Years in different classifications.
    CannotAnswer
        A year that is not there; windows that overlap.
    """
    if figures:
        refuse_mixed([figures[year] for year in sorted(figures)])
    usual = best_windows(list(figures))
    in_sample = in_sample or usual[0]
    out_of_time = out_of_time or usual[1]
    notes: list[str] = []
    if in_sample is None:
        return Validation((), (), (), ("Nothing is judged: there are fewer than two years.",))
    if out_of_time is None:
        notes.append("Nothing is judged out of time: there are fewer than three years.")
    made: dict[Years, Window] = {}

    def window(years: Years) -> Window:
        if years not in made:
            made[years] = _window(figures, years, similarities)
        return made[years]

    skill: list[Skill] = []
    calibration: list[Tenth] = []
    jobs = [(in_sample, None), *([out_of_time] if out_of_time else [])]
    for place, (learned, tested) in enumerate(jobs):

        def tell(stage: str, share: float, at: int = place) -> None:
            if progress is not None:
                progress(stage, (at + share) / len(jobs))

        one = window(learned)
        other = None if tested is None else window(tested)
        try:
            skill += skill_of(one, other, predictors=predictors, progress=tell)
            if IN_USE in predictors and (tested is not None or out_of_time is None):
                risk = one.entries
                fitted = fit(IN_USE, one.features, risk.at_risk, risk.entered, calibrate=True)
                calibration = tenths(fitted, other or one)
        except CannotAnswer as error:
            if "overlap" in error.fault.problem:
                raise
            what = f"{learned[0]} to {learned[1]}"
            value = f" ({error.fault.value})" if error.fault.value else ""
            notes.append(f"Not judged, {what}: {error.fault.problem}{value}.")
    for each in made.values():
        notes += [note for note in each.features.notes if note not in notes]
        if each.entries.durable is None:
            years = f"{each.entries.start} to {each.entries.end}"
            notes.append(f"No durable entries of {years}: there is no further year.")
    windows = tuple(each.entries for each in made.values())
    return Validation(tuple(skill), tuple(calibration), windows, tuple(notes))


def _window(
    figures: Mapping[int, RegionalFigures], years: Years, similarities: Similarities | None
) -> Window:
    missing = [year for year in years if year not in figures]
    if missing or years[0] >= years[1]:
        raise CannotAnswer(
            "these years are not there" if missing else "the window does not go forward",
            value=" to ".join(map(str, years)),
            hint=f"at hand: {', '.join(map(str, sorted(figures)))}",
        )
    start, end = years
    after = [year for year in figures if year > end]
    before = [year for year in figures if start < year < end]
    also = min(after) if after else max(before) if before else None
    return Window.of(
        figures[start], figures[end], similarities, None if also is None else figures[also]
    )


def added_up(
    table: pa.Table, scheme: str, *, of: str = "us-county", kinds: Collection[str] = ()
) -> pa.Table:
    """Return the jobs of small regions added up to those of another scheme.

    Parameters
    ----------
    table
        Columns ``region``, ``industry``, ``year``, ``employment``, optionally ``status``.
    scheme, of
        Scheme wanted, and that of the table.
    kinds
        Kinds of region to keep, such as metro area; all if none is named.

    Returns
    -------
    pyarrow.Table
        The same columns with ``status``: ``withheld`` where a part is withheld, else ``reported``.
        Regions outside of the scheme are left out.

    Missing data
    ------------
    A sum with a withheld part is withheld as a whole. A part without a row adds nothing.

    Raises
    ------
    InvalidInput
        No region of the table lies in the scheme.
    """
    inside = {row["region"]: row["in_region"] for row in memberships(of, scheme).to_pylist()}
    if kinds:
        kept = {row["region"] for row in regions(scheme).to_pylist() if row["kind"] in kinds}
        inside = {small: large for small, large in inside.items() if large in kept}
    smalls = sorted(inside)
    place = pc.index_in(table.column("region"), value_set=pa.array(smalls, pa.string()))
    table = table.filter(pc.is_valid(place))
    if not table.num_rows:
        raise InvalidInput(
            [
                Fault(
                    f"no region of the table lies in {scheme}",
                    column="region",
                    hint=f"regions of {of} were expected",
                )
            ]
        )
    larger = pa.array([inside[code] for code in smalls], pa.string())
    jobs = pc.cast(table.column("employment"), pa.float64())
    gap = pc.is_null(jobs)
    if "status" in table.column_names:
        unprinted = pc.equal(table.column("status"), UNPUBLISHED)
        gap = pc.or_(pc.equal(table.column("status"), WITHHELD), pc.and_not(gap, unprinted))
    rows = pa.table(
        {
            "region": pc.take(larger, pc.drop_null(place)),
            "industry": table.column("industry"),
            "year": table.column("year"),
            "employment": pc.fill_null(jobs, 0.0),
            "gap": gap,
        }
    )
    summed = rows.group_by(["region", "industry", "year"]).aggregate(
        [("employment", "sum"), ("gap", "any")]
    )
    withheld = summed.column("gap_any")
    return pa.table(
        {
            "region": summed.column("region"),
            "industry": summed.column("industry"),
            "year": summed.column("year"),
            "employment": pc.if_else(withheld, None, summed.column("employment_sum")),
            "status": pc.if_else(withheld, WITHHELD, "reported"),
        }
    ).sort_by([("year", "ascending"), ("region", "ascending"), ("industry", "ascending")])
