"""Lines over years: gaps stay gaps, doubt is drawn, names at the ends do not cover each other."""

from __future__ import annotations

from itertools import pairwise

from django.template.loader import render_to_string

from clusteratlas.portal.charts.timeline import (
    Line,
    Point,
    line_chart,
    small_multiples,
    spark,
)

FIVE = [
    Point(2017, 100),
    Point(2018, 120, 110, 140, "estimated"),
    Point(2019, None, mark="withheld"),
    Point(2020, 160),
    Point(2021, 200),
]


def test_a_withheld_year_is_a_gap_and_never_zero() -> None:
    panel = small_multiples("t", "Jobs", [Line("Steel", FIVE)]).panels[0]
    (line,) = panel.lines
    assert len(line.segments) == 2
    assert [gap.mark for gap in line.gaps] == ["withheld"]
    assert [dot.mark for dot in line.dots] == ["reported", "estimated", "reported", "reported"]
    assert line.dots[1].low
    assert panel.said == (
        "Steel: 2017 100, 2018 120 (estimated, 110\u2013140), 2019 withheld, 2020 160, 2021 200"
    )
    assert (panel.first, panel.last) == (("2017", "100"), ("2021", "200"))


def test_years_keep_their_distance_and_one_year_stands_in_the_middle() -> None:
    uneven = small_multiples("t", "Jobs", [Line("a", [Point(2011, 5), Point(2020, 6)])])
    wider = small_multiples(
        "t", "Jobs", [Line("a", [Point(2011, 5), Point(2014, 6), Point(2020, 6)])]
    )
    places = [float(tick.place[:-1]) for tick in wider.years]
    assert abs((places[1] - places[0]) * 2 - (places[2] - places[1])) < 0.1
    assert [tick.label for tick in uneven.years] == ["2011", "2020"]
    alone = small_multiples("t", "Jobs", [Line("a", [Point(2021, 5)])]).panels[0]
    assert alone.lines[0].dots[0].x == "50.00%"
    assert spark(Line("a", [Point(2021, 5)])) is None


def test_names_at_the_ends_do_not_cover_each_other() -> None:
    lines = [
        Line(f"Information Technology {n}", [Point(2018, 10), Point(2021, 20 + n / 100)])
        for n in range(5)
    ]
    (panel,) = line_chart("t", "Jobs", lines).panels
    heights = sorted(
        float(height[:-1]) for line in panel.lines if line.label for height, _ in line.label.lines
    )
    assert all(b - a > 6 for a, b in pairwise(heights))
    assert heights[0] > 0
    assert heights[-1] < 100


def test_a_chart_is_set_with_its_words_and_marks() -> None:
    chart = line_chart(
        "t", "Jobs in steel", [Line("Steel", FIVE), Line("Nation", FIVE[:1], kind="benchmark")]
    )
    html = render_to_string("_timeline.html", {"chart": chart})
    assert 'aria-label="Jobs in steel. Steel: 2017 100' in html
    assert 'class="line benchmark"' in html
    assert "withheld: no figure" in html
    assert "style=" not in html
    assert "None" not in html
