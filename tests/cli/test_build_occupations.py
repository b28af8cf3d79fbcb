"""A build takes occupations by area and by industry; all faults are told before it starts."""

from __future__ import annotations

from pathlib import Path

from clusteratlas.atlas import open_release

AREAS = """\
AREA,AREA_TITLE,AREA_TYPE,OCC_CODE,OCC_TITLE,O_GROUP,TOT_EMP,LOC_QUOTIENT
41940,"San Jose, CA",4,15-1252,Software Developers,detailed,500,4.0
41940,"San Jose, CA",4,51-4121,Welders,detailed,**,**
"""
STAFFING = "industry,occupation,employment\n334400,15-1252,40\n"


def test_official_and_tidy_files_stand_in_the_release(
    run, county_file: Path, tmp_path: Path
) -> None:
    areas, staffing = tmp_path / "MSA_M2025_dl.csv", tmp_path / "staffing.csv"
    areas.write_text(AREAS)
    staffing.write_text(STAFFING)
    place = tmp_path / "atlas"
    more = ("--occupations", areas, "--staffing", staffing, "--place", place)
    run("build", county_file, *more).ended(0)
    with open_release(place) as release:
        (row,) = release.leading_occupations("us-cbsa", "41940")
        assert (row.title, row.year, row.source) == ("Software Developers", 2025, "oews-area-2025")
        assert "options" in release.missing("skill_gaps", "us-cbsa")
        sources = {each.source for each in release.provenance("leading_occupations")}
        assert "oews-area-2025" in sources


def test_faults_of_all_files_are_told_together(run, county_file: Path, tmp_path: Path) -> None:
    areas, place = tmp_path / "areas-2025.csv", tmp_path / "atlas"
    areas.write_text("area,occ,emp,loc_quotient\n41940,151252,-5,1\n")
    county_file.write_text(county_file.read_text().replace("12000", "many"))
    answer = run("build", county_file, "--occupations", areas, "--place", place).ended(2)
    assert "areas-2025.csv" in answer.err
    assert "cbp21co.txt" in answer.err
    assert not (place / "current").exists()


def test_staffing_alone_is_refused(run, county_file: Path, tmp_path: Path) -> None:
    answer = run("build", county_file, "--staffing", county_file, "--place", tmp_path).ended(2)
    assert "--occupations" in answer.err
