"""The scatter of level against change: each point in its place, marked ones named, gaps counted."""

from __future__ import annotations

import re

from django.template.loader import render_to_string

from clusteratlas.portal import figures
from clusteratlas.portal.charts.scatter import (
    Scatter,
    ScatterAxis,
    ScatterPoint,
    growth_tick,
    quotient_tick,
    scatter_chart,
)

LEVEL = ScatterAxis("Quotient, 2021", figures.quotient, ticked=quotient_tick, log=True, line=1)
CHANGE = ScatterAxis("Growth a year", figures.growth, ticked=growth_tick, line=0)


def drawn(points: list[ScatterPoint], sized: str = "") -> Scatter:
    chart = scatter_chart("s", "Level and change", points, LEVEL, CHANGE, sized=sized)
    assert chart is not None
    return chart


def place(text: str) -> float:
    return float(text.removesuffix("%"))


def test_points_stand_by_their_figures_and_gaps_are_counted() -> None:
    chart = drawn(
        [
            ScatterPoint("low", "/a", 0.5, -0.02),
            ScatterPoint("high", "/b", 4.0, 0.03, mark="flip", between_x=(2.0, 5.0)),
            ScatterPoint("withheld", "/c", None, 0.01),
            ScatterPoint("nothing there", "/d", 0.0, 0.01),
        ]
    )
    low, high = chart.dots
    assert place(low.x) < place(chart.across) < place(high.x)
    assert place(high.y) < place(chart.down) < place(low.y)
    assert place(high.x_low) < place(high.x) < place(high.x_high)
    assert (chart.left_out, chart.beyond) == (2, 0)
    assert scatter_chart("s", "", [ScatterPoint("one", "/", 1, 0)], LEVEL, CHANGE) is None


def test_one_far_point_does_not_press_the_others_together() -> None:
    crowd = [ScatterPoint(str(each), "/", 1 + each / 100, each / 1000) for each in range(99)]
    chart = drawn([*crowd, ScatterPoint("far", "/", 1.2, 25.0)])
    assert chart.beyond >= 1
    far = next(dot for dot in chart.dots if dot.name == "far")
    assert far.beyond
    spread = [place(dot.y) for dot in chart.dots if not dot.beyond]
    assert max(spread) - min(spread) > 40
    marked = drawn([*crowd, ScatterPoint("far", "/", 1.2, 25.0, marked=True)])
    assert not next(dot for dot in marked.dots if dot.name == "far").beyond


def test_marked_points_are_numbered_listed_and_on_top() -> None:
    points = [
        ScatterPoint("Ulm <b>", "/ulm", 2.0, 0.01, marked=True),
        ScatterPoint("Bonn", "/bonn", None, 0.02, marked=True),
        ScatterPoint("Kiel", "/kiel", 1.0, 0.0, size=900),
        ScatterPoint("Jena", "/jena", 1.5, 0.02, size=9),
    ]
    chart = drawn(points, sized="jobs")
    assert [(dot.number, dot.name, dot.gap) for dot in chart.marked] == [
        ("1", "Ulm <b>", False),
        ("2", "Bonn", True),
    ]
    assert [dot.name for dot in chart.dots] == ["Kiel", "Jena", "Ulm <b>"]
    text = render_to_string("_scatter.html", {"scatter": chart})
    assert "<b>" not in text
    assert re.search(r'href="/bonn">Bonn</a> <span class="quiet">[^<]*not drawn', text)
    assert "1 lacks one of the two figures" in text
    assert "The size of a dot: jobs." in text
    assert text.count('tabindex="-1"') == 3
    alone = drawn([*points[2:], ScatterPoint("Ulm", "/ulm", 2.0, 0.01, marked=True)])
    assert [name.text for name in alone.names] == ["Ulm"]
    assert not alone.names[0].optional
    assert not alone.listed
