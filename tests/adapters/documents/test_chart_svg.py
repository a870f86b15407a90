"""A chart is readable without colour, without sight, and without a legend; nothing in it collides or is cut off."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.adapters.documents.chart import chart_svg
from muniment.adapters.documents.chart_layout import CHART_WIDTH, layout_of, ticks_for
from muniment.adapters.documents.chart_places import labels_of
from muniment.adapters.documents.palette import BLUE, COLOURS, GREY, INK
from muniment.domain.board.chart_data import ChartData, ChartLevel, ChartNotice, ChartPoint
from muniment.domain.kernel.period import Month

SVG = "{http://www.w3.org/2000/svg}"
FIRST = Month(2019, 7)


def drawn(data: ChartData) -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(data))  # noqa: S314  # our own drawing, made a line above


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def of_class(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in svg.iter() if element.get("class") == name]


def path_of(svg: ElementTree.Element, name: str) -> str:
    (path,) = of_class(svg, name)
    return path.get("d", "")


def test_it_is_one_image_whose_title_is_the_finding(sample_charts: dict[str, ChartData]) -> None:
    svg = drawn(sample_charts["CSC_KPI_01"])
    title, desc = svg[0], svg[1]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "CSC_KPI_01 was 10.62% in November 2019: below minimum"


def test_the_description_names_lines_notices_and_mitigated_months(sample_charts: dict[str, ChartData]) -> None:
    words = drawn(sample_charts["CSC_KPI_04"])[1].text
    assert words == (
        "Line chart of complaints answered in full within 15 business days, where the complaint was made by or for a "
        "vulnerable resident, July 2019 to November 2019; higher is better. Target: 95% from July 2019, 94% from "
        "November 2019. Minimum: 90% from July 2019. Change notice CN-024 has effect from November 2019. "
        "Mitigated: October 2019 to November 2019. The table that follows has every value."
    )


def test_each_status_has_a_shape_of_its_own(sample_charts: dict[str, ChartData]) -> None:
    svg = drawn(sample_charts["CSC_KPI_04"])
    met, below, worst = (of_class(svg, name) for name in ("met-target", "below-target", "below-minimum"))
    assert [mark.tag for mark in met] == [f"{SVG}circle"]
    assert [len(re.findall("[lhv]", mark.get("d", ""))) for mark in below] == [2, 2, 2]
    assert [len(re.findall("[lhv]", mark.get("d", ""))) for mark in worst] == [3]


def test_the_target_is_solid_and_the_minimum_is_dashed(sample_charts: dict[str, ChartData]) -> None:
    svg = drawn(sample_charts["CSC_KPI_04"])
    assert of_class(svg, "target")[0].get("stroke-dasharray") is None
    assert of_class(svg, "minimum")[0].get("stroke-dasharray") is not None


def test_a_level_that_changes_is_drawn_as_a_step_at_its_notice(sample_charts: dict[str, ChartData]) -> None:
    svg = drawn(sample_charts["CSC_KPI_01"])
    step = re.fullmatch(r"M[\d.]+ ([\d.]+)H([\d.]+)V([\d.]+)H[\d.]+", path_of(svg, "target"))
    assert step is not None
    assert float(step[3]) < float(step[1]), "the target rose from 5% to 7%"
    assert path_of(svg, "notice").startswith(f"M{step[2]} ")
    assert re.fullmatch(r"M[\d.]+ [\d.]+H[\d.]+", path_of(svg, "minimum"))


def test_every_line_and_notice_and_the_last_value_are_labelled(sample_charts: dict[str, ChartData]) -> None:
    found = texts(drawn(sample_charts["CSC_KPI_01"]))
    assert {"target 5%", "target 7%", "minimum 10%", "CN-021", "10.62%"} <= set(found)


def test_mitigated_months_are_hatched_and_the_word_says_so(sample_charts: dict[str, ChartData]) -> None:
    svg = drawn(sample_charts["CSC_KPI_02"])
    assert path_of(svg, "mitigated").count("M") > 10
    assert "mitigated" in texts(svg)
    assert of_class(drawn(sample_charts["CSC_KPI_01"]), "mitigated") == []


def test_a_month_without_a_value_is_a_gap_and_a_word_and_never_a_zero() -> None:
    svg = drawn(series("96", "95", "under review", "97", "98"))
    assert path_of(svg, "values").count("M") == 2
    assert "under review" in texts(svg)
    assert len(of_class(svg, "met-target")) == 4


def test_a_chart_of_nothing_measured_still_says_why() -> None:
    svg = drawn(series("not assessed", "not assessed"))
    assert of_class(svg, "values") == []
    assert "not assessed" in texts(svg)


def test_the_axis_has_its_unit_and_few_round_numbers(sample_charts: dict[str, ChartData]) -> None:
    assert [int(tick) for tick in ticks_for(sample_charts["CSC_KPI_01"])] == [5, 10, 15]
    assert {"5%", "10%", "15%"} <= set(texts(drawn(sample_charts["CSC_KPI_01"])))
    assert {"days", "10", "12", "14", "16"} <= set(texts(drawn(sample_charts["CSC_KPI_06"])))


def test_whole_things_have_no_half_ticks() -> None:
    none_failed = replace(series("0", "1", target="0", minimum=None), unit="incidents")
    assert [int(tick * 10) for tick in ticks_for(none_failed)] == [0, 10]


def test_the_same_data_gives_the_same_bytes(sample_charts: dict[str, ChartData]) -> None:
    for data in sample_charts.values():
        assert chart_svg(data) == chart_svg(replace(data))
        assert "nan" not in chart_svg(data)


def test_looks_are_attributes_that_a_strict_page_policy_allows(sample_charts: dict[str, ChartData]) -> None:
    text = chart_svg(sample_charts["CSC_KPI_04"])
    assert not re.search(r"style=|<style|<script|href|url\(", text)
    assert not re.search(r"\d\.\d\d", re.sub(r">[^<]*<", "><", text)), "coordinates have one decimal"


@pytest.mark.parametrize("colour", [INK, GREY, BLUE, *COLOURS.values()])
def test_every_colour_of_text_is_readable_on_white(colour: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_what_an_author_writes_cannot_break_the_drawing() -> None:
    hostile = replace(series("96", "97"), finding='</title><script>"&\x07', subject="a < b")
    svg = drawn(hostile)
    assert svg[0].text == '</title><script>"&'
    assert "a < b" in (svg[1].text or "")


def series(*texts_: str, target: str | None = "95", minimum: str | None = "90") -> ChartData:
    """Months with values as written; a text that is no number is the word for an absence."""
    points = []
    for n, text in enumerate(texts_):
        is_measured = text.replace(".", "").isdigit()
        points.append(
            ChartPoint(
                month=FIRST.plus(n),
                value=Decimal(text) if is_measured else None,
                text=f"{text}%" if is_measured else text,
                standing="met_target" if is_measured else None,
                target=ChartLevel(Decimal(target), f"{target}%") if target else None,
                minimum=ChartLevel(Decimal(minimum), f"{minimum}%") if minimum else None,
            )
        )
    return ChartData("KPI", "A finding", "a thing", "%", "higher is better", tuple(points))


LEVELS = st.one_of(st.none(), st.decimals(0, 100, places=1))
VALUES = st.one_of(st.none(), st.decimals(0, 100, places=2))


@st.composite
def charts(draw: st.DrawFn) -> ChartData:
    """Up to 13 months of anything: levels that come, change and go, gaps, notices, mitigated runs."""
    size = draw(st.integers(1, 13))
    points = []
    for n in range(size):
        value, target, minimum = draw(VALUES), draw(LEVELS), draw(LEVELS)
        points.append(
            ChartPoint(
                month=FIRST.plus(n),
                value=value,
                text=draw(st.sampled_from(["not due", "under review", "not measured"]))
                if value is None
                else f"{value}%",
                standing=draw(st.sampled_from(["met_target", "below_target", "below_minimum", None])),
                target=None if target is None else ChartLevel(target, f"{target}%"),
                minimum=None if minimum is None else ChartLevel(minimum, f"{minimum} business days"),
                is_mitigated=draw(st.booleans()),
            )
        )
    months = draw(st.lists(st.integers(0, size - 1), unique=True, max_size=4))
    notices = tuple(ChartNotice(FIRST.plus(n), f"CN-{n:03d}") for n in sorted(months))
    unit = draw(st.sampled_from(["%", "business days"]))
    return ChartData("KPI", "A finding", "a thing", unit, "higher is better", tuple(points), notices)


@given(charts())
def test_no_label_meets_another_or_is_cut_off(data: ChartData) -> None:
    layout = layout_of(data)
    boxes = [written.label.box for written in labels_of(data, layout)]
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))
    assert all(box.left >= 0 and box.right <= CHART_WIDTH + 0.01 for box in boxes)
    assert all(box.top >= 0 and box.bottom <= layout.height for box in boxes)


@given(charts())
def test_the_newest_value_is_always_labelled(data: ChartData) -> None:
    newest = data.points[-1]
    strong = [written.label for written in labels_of(data, layout_of(data)) if written.look == "strong"]
    if newest.value is not None:
        assert [" ".join(label.lines) for label in strong] == [newest.text]


def test_a_last_value_between_two_close_lines_stands_beside_the_plot(sample_charts: dict[str, ChartData]) -> None:
    data = sample_charts["CSC_KPI_04"]
    layout = layout_of(data)
    (value,) = [written.label for written in labels_of(data, layout) if written.look == "strong"]
    assert value.lines == ("92.00%",)
    assert value.box.left > layout.right


@given(charts())
def test_every_value_and_line_lies_within_the_axis(data: ChartData) -> None:
    ticks = ticks_for(data)
    values = [point.value for point in data.points if point.value is not None]
    levels = [level.value for point in data.points for level in (point.target, point.minimum) if level is not None]
    assert 2 <= len(ticks) <= 4
    assert all(ticks[0] <= value <= ticks[-1] for value in (*values, *levels))
    drawn(data)
