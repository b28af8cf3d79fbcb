"""Files in the offices' own layouts, made here from a few figures."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

NAMES = (
    "fipstate fipscty naics emp_nf emp qp1_nf qp1 ap_nf ap est n<5 n5_9 n10_19 n20_49 n50_99 "
    "n100_249 n250_499 n500_999 n1000 n1000_1 n1000_2 n1000_3 n1000_4"
)


def bureau_text(rows: Iterable[tuple[str, str, str, int, str, int, int]], ends: str = "\n") -> str:
    """Rows (county, naics, emp_nf, emp, ap_nf, ap, est) as the Bureau prints them from 2017 on.

    All establishments stand in the smallest size class.
    """
    lines = [",".join(f'"{name}"' for name in NAMES.split())]
    for county, naics, flag, jobs, pay_flag, pay, establishments in rows:
        cells = [f'"{county[:2]}"', f'"{county[2:]}"', f'"{naics}"', f'"{flag}"', str(jobs)]
        cells += [f'"{pay_flag}"', str(pay // 4), f'"{pay_flag}"', str(pay), str(establishments)]
        cells += [str(establishments) if establishments >= 3 else '"N"', *['"N"'] * 12]
        lines.append(",".join(cells))
    return ends.join([*lines, ""])


Maker = Callable[..., Path]


@pytest.fixture(scope="session")
def bureau_file() -> Maker:
    """Write a county file in the Bureau's layout, plain or zipped by its name."""

    def write(path: Path, rows: Iterable[tuple[str, str, str, int, str, int, int]]) -> Path:
        text = bureau_text(rows)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{path.stem}.txt", text)
        else:
            path.write_text(text)
        return path

    return write


@pytest.fixture
def figures() -> Path:
    """The offices' figures outside the project."""
    if not SHARED.is_dir():
        pytest.skip("the offices' figures are not at hand in ../shared")
    return SHARED
