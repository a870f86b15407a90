"""A sparkline says in a line of text where a KPI went, and a strict page policy lets it and the charts be."""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from muniment.adapters.documents.chart import chart_svg
from muniment.adapters.documents.sparkline import SPARKLINE_HEIGHT, SPARKLINE_WIDTH, sparkline_svg
from muniment.domain.board.chart_data import ChartData, ChartLevel, ChartNotice, ChartPoint
from muniment.domain.kernel.period import Month

FIRST = Month(2019, 7)
GOLDEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 28" width="120" height="28" role="img">'
    "<title>5.10% in October 2019: &lt;below&gt; target</title>"
    '<path class="target" d="M6 17.6H60M60 22H114" stroke="#505a5f" stroke-width="1" stroke-dasharray="3 2" '
    'fill="none"/>'
    '<path class="values" d="M19.5 19.8L46.5 6M100.5 13.1" stroke="#1d5a96" stroke-width="1.5" fill="none"/>'
    '<path class="below-target" fill="#955000" stroke="#fff" d="M100.5 7.7l5.6 9.6h-11.2z"/></svg>'
)


@pytest.fixture
def data() -> ChartData:
    """Two months, one without a value, and one after the target fell."""
    values = (Decimal("3.6"), Decimal("6.7"), None, Decimal("5.1"))
    targets = (ChartLevel(Decimal("4.1"), "4.1%"), ChartLevel(Decimal("3.1"), "3.1%"))
    points = tuple(
        ChartPoint(
            month=FIRST.plus(n),
            value=value,
            text="not due" if value is None else f"{value}%",
            standing=None if value is None else "below_target",
            target=targets[n // 2],
            minimum=ChartLevel(Decimal(90), "90%"),
        )
        for n, value in enumerate(values)
    )
    return ChartData(
        "chart-A", "5.10% in October 2019: <below> target", "calls", "%", "lower is better", points,
        (ChartNotice(FIRST.plus(2), "CN-1"),),
    )  # fmt: skip


def test_it_draws_the_line_the_target_and_the_last_value(data: ChartData) -> None:
    assert sparkline_svg(data) == GOLDEN


def test_a_last_month_without_a_value_leaves_the_mark_at_the_last_value(data: ChartData) -> None:
    later = replace(data.points[-1], month=FIRST.plus(4), value=None, standing=None)
    drawn = sparkline_svg(replace(data, points=(*data.points, later)))
    assert len(re.findall('class="below-target"', drawn)) == 1
    assert re.search(r'class="values" d="[^"]*M(?P<x>[\d.]+) [\d.]+".*class="below-target"[^>]*d="M(?P=x) ', drawn)


def test_what_was_never_measured_has_a_target_and_no_line(data: ChartData) -> None:
    nothing = replace(data, points=tuple(replace(point, value=None, standing=None) for point in data.points))
    drawn = sparkline_svg(nothing)
    assert 'class="target"' in drawn
    assert 'class="values"' not in drawn
    neither = replace(nothing, points=tuple(replace(point, target=None) for point in nothing.points))
    assert sparkline_svg(neither).endswith("</title></svg>")


def test_a_value_that_never_moves_stands_in_the_middle(data: ChartData) -> None:
    still = replace(data, points=tuple(replace(p, value=Decimal(3), target=None) for p in data.points))
    assert f" {SPARKLINE_HEIGHT / 2:.0f}L" in sparkline_svg(still)


def test_nothing_is_drawn_outside_the_picture(data: ChartData) -> None:
    numbers = [float(x) for x in re.findall(r"[ML]([\d.]+) ", sparkline_svg(data))]
    assert all(0 <= x <= SPARKLINE_WIDTH for x in numbers)


def test_a_policy_that_allows_no_styles_in_the_page_changes_no_drawing(
    data: ChartData, sample_charts: dict[str, ChartData]
) -> None:
    """style-src 'self' forbids style attributes and style elements; script-src 'self' handlers and scripts."""
    mitigated = replace(data, points=tuple(replace(point, is_mitigated=True) for point in data.points))
    for chart in (mitigated, *sample_charts.values()):
        for draw in (chart_svg, sparkline_svg):
            for element in ElementTree.fromstring(draw(chart)).iter():  # noqa: S314  # our own drawing
                assert element.tag.rpartition("}")[2] in {"svg", "title", "desc", "path", "circle", "rect", "text"}
                assert not [name for name in element.attrib if name in {"style", "href"} or name.startswith("on")]
