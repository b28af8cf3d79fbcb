"""What the command `relatedness` reads before it computes anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification import Definition, definitions
from clusteratlas.cli.asked_definition import asked_definition
from clusteratlas.cli.progress import Reporter
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

if TYPE_CHECKING:
    from clusteratlas.atlas import Dataset

T = TypeVar("T")
DEFINITION = "us-benchmark-2014"
FILLED = 0.85
"""Share of the job at which the cells are filled."""


class Sources(NamedTuple):
    """What is read beside the figures, before anything is computed."""

    input_output: pa.Table | None
    codes: pa.Table | None
    occupations: pa.Table | None
    flows: Path | None
    areas: Mapping[str, str] | None
    areas_word: str


def read_sources(
    input_output: Sequence[Path],
    codes: Path | None,
    occupations: tuple[Path | None, Path | None],
    flows: Path | None,
    areas: Path | None,
) -> Sources:
    """Read every file beside those of figures; all their faults are told together."""
    from clusteratlas.relatedness.areas import read_areas  # noqa: PLC0415 - read when needed
    from clusteratlas.relatedness.labour_flows import read_labour_flows  # noqa: PLC0415
    from clusteratlas.sources.accounts.bea_codes import read_bea_codes  # noqa: PLC0415
    from clusteratlas.sources.accounts.input_output import read_input_output  # noqa: PLC0415

    faults: list[Fault] = []

    def kept(read: Callable[[Path], T], path: Path | None) -> T | None:
        try:
            return None if path is None else read(path)
        except InvalidInput as error:
            faults.extend(error.faults)
            return None

    tables = [kept(lambda path: read_input_output(path).rows, path) for path in input_output]
    linked = kept(lambda path: read_bea_codes(path).rows, codes)
    staffing = kept(lambda path: _staffing(path, occupations[1]), occupations[0])
    # Read again when the industries are known; here its faults are told with the others.
    kept(read_labour_flows, flows)
    lying_in = kept(read_areas, areas)
    if faults:
        raise InvalidInput(faults)
    known = [each for each in tables if each is not None]
    return Sources(
        pa.concat_tables(known) if known else None,
        linked,
        staffing,
        flows,
        lying_in,
        "" if areas is None else areas.name,
    )


def _staffing(path: Path, titles: Path | None) -> pa.Table:
    from clusteratlas.sources.labor.occupations import read_industry_occupations  # noqa: PLC0415
    from clusteratlas.sources.labor.staffing_table import read_staffing_table  # noqa: PLC0415

    tidy = read_staffing_table(path, titles)
    return read_industry_occupations(path).rows if tidy is None else tidy


def filled_figures(
    files: Sequence[Path],
    reporter: Reporter,
    *,
    mapping: Path | None = None,
    classification: str | None = None,
    scheme: str | None = None,
) -> tuple[Dataset, pa.Table]:
    """Read the figures as `build` does and fill what is withheld or absent."""
    from clusteratlas.atlas.summed import fill_withheld  # noqa: PLC0415 - heavy libraries
    from clusteratlas.cli.reading import Wishes, datasets_of, read_files  # noqa: PLC0415

    wishes = Wishes(
        mapping=mapping, classification=classification, schemes=(scheme,) if scheme else ()
    )
    reading = read_files(files, wishes, lambda what, share: reporter.tell(what, share * 0.1))
    datasets = datasets_of(reading, wishes)
    if len(datasets) > 1:
        raise CannotAnswer(
            "the files are of several region schemes or classifications",
            value=", ".join(each.base_scheme for each in datasets),
            hint="relate the industries of one at a time",
        )
    dataset = datasets[0]
    base = fill_withheld(
        dataset,
        lambda year, share: reporter.tell(
            f"filling withheld cells, {year}", 0.1 + share * (FILLED - 0.1)
        ),
    )
    rows = base.employment
    return dataset, rows.filter(pc.equal(rows.column("scheme"), dataset.base_scheme))


def read_definition_of(asked: str, dataset: Dataset) -> Definition:
    """Return the definition asked for: of a file, known by its name, or the dataset's own."""
    if asked == DEFINITION and asked not in definitions(dataset.classification):
        return dataset.definitions[-1]
    return asked_definition(asked, dataset.classification)
