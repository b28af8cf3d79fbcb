"""ZIP Business Patterns in the Bureau's own layout, and the places of its totals file."""

from __future__ import annotations

from pathlib import Path

SIZES = "n<5,n5_9,n10_19,n20_49,n50_99,n100_249,n250_499,n500_999,n1000"
DETAIL = [
    ("95054", "------", 900),
    ("95054", "31----", 120),
    ("95054", "3344//", 45),
    ("95054", "334413", 42),
    ("95054", "334412", 3),
    ("95002", "------", 60),
    ("95002", "334413", 5),
    ("94022", "------", 300),
    ("94022", "541511", 4),
    ("48201", "------", 500),
    ("48201", "334413", 9),
    ("48201", "999990", 7),
]
PLACES = [
    ("95054", "SANTA CLARA", "CA", "SANTA CLARA"),
    ("95002", "ALVISO", "CA", "SANTA CLARA"),
    ("94022", "LOS ALTOS", "CA", "SANTA CLARA"),
    ("48201", "DETROIT", "MI", "WAYNE"),
    ("21202", "BALTIMORE", "MD", "BALTIMORE"),
]


def write_detail(path: Path, rows: list[tuple[str, str, object]] | None = None) -> Path:
    """Write the detail file: every size class is hidden, as the Bureau does below three."""
    lines = [f"zip,naics,est,{SIZES}"]
    lines += [
        f'"{zip_code}","{naics}",{est},{",".join(["N"] * 9)}'
        for zip_code, naics, est in (DETAIL if rows is None else rows)
    ]
    path.write_text("\n".join([*lines, ""]))
    return path


def write_totals(path: Path) -> Path:
    """Write the totals file: it tells city, state and county of each place."""
    lines = ["zip,name,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est,city,stabbr,cty_name"]
    lines += [
        f'"{code}","{city}, {state}",G,100,G,10,G,40,9,"{city}","{state}","{county}"'
        for code, city, state, county in PLACES
    ]
    path.write_text("\n".join([*lines, ""]))
    return path


def write_crosswalk(path: Path) -> Path:
    """Write an own crosswalk with points; one place lies in two counties."""
    path.write_text(
        "zip,county,name,longitude,latitude,share\n"
        "95054,06085,Santa Clara,-121.95,37.39,1\n"
        "95002,06085,Alviso,-121.98,37.43,0.8\n"
        "95002,06001,Alviso,-121.98,37.43,0.2\n"
        "94022,06085,Los Altos,-122.12,37.37,1\n"
        "48201,26163,Detroit,-83.06,42.35,1\n"
    )
    return path
