"""A build takes relatedness from a file, in place of what it would compute."""

from __future__ import annotations

from pathlib import Path

from clusteratlas.atlas import open_release

ROWS = """\
a,b,input_output,composite,percentile,related,rule,carried_by
1,1,0.3,1.5,,false,,
1,2,0.1,0.5,1,true,link,336411-115210
2,1,0.1,0.5,1,true,link,115210-336411
2,2,0.2,1.0,,false,,
"""


def test_a_file_of_relatedness_stands_in_the_release(
    run, county_file: Path, tmp_path: Path
) -> None:
    given, place = tmp_path / "mine.csv", tmp_path / "atlas"
    given.write_text(ROWS)
    run("build", county_file, "--relatedness", given, "--place", place).ended(0)
    with open_release(place) as release:
        (row,) = release.related("us-benchmark-2014", "1")
        assert (row.b, row.rule, row.source, row.input_output) == ("2", "link", "mine.csv", 0.1)
        assert row.carried_by[0].industry_b == "115210"
        (about,) = release.provenance("relatedness")
        assert (about.source, about.publisher) == ("mine.csv", "given with the build")


def test_a_faulty_file_refuses_the_build(run, county_file: Path, tmp_path: Path) -> None:
    given, place = tmp_path / "mine.csv", tmp_path / "atlas"
    given.write_text(ROWS.replace("2,1,", "zz,1,"))
    answer = run("build", county_file, "--relatedness", given, "--place", place).ended(2)
    assert "mine.csv" in answer.err
    assert "zz" in answer.err
    assert not (place / "current").exists()
