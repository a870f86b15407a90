"""One KPI as a small line chart in SVG: the same drawing on a page, in a PDF and in Word.

Everything is in presentation attributes, so that no style sheet, script or strict page policy changes it, and the
bytes follow from the data alone. Status is a shape before it is a colour.
"""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from muniment.adapters.documents.chart_ink import at, escaped, label_ink, marker, text_ink, turned_label_ink
from muniment.adapters.documents.chart_layout import (
    CHART_WIDTH,
    Layout,
    layout_of,
    level_lines,
    mitigated_runs,
    tick_text,
)
from muniment.adapters.documents.chart_places import labels_of
from muniment.adapters.documents.chart_text import FONT_SIZE
from muniment.adapters.documents.palette import BLUE, GREY, INK, RULE
from muniment.domain.board.chart_data import ChartData
from muniment.domain.board.report import BoardReport
from muniment.domain.kernel.period import MONTH_NAMES

FONT_FAMILY = "Source Sans 3, Arial, Helvetica, sans-serif"
HATCH_GAP = 7.0
MONTH_LABEL_ROOM = 32.0


def chart_svg(data: ChartData) -> str:
    """The chart as one SVG element. Its title is the finding; its description names lines, notices and mitigation."""
    layout = layout_of(data)
    title, desc = f"{data.id}-title", f"{data.id}-desc"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at(CHART_WIDTH)} {at(layout.height)}" role="img" '
        f'aria-labelledby={quoteattr(f"{title} {desc}")} font-family="{FONT_FAMILY}" font-size="{at(FONT_SIZE)}" '
        f'fill="{INK}"><title id={quoteattr(title)}>{escaped(data.finding)}</title>'
        f"<desc id={quoteattr(desc)}>{escaped(description(data))}</desc>"
    )
    drawn = (
        *_hatching(data, layout),
        *_axes(data, layout),
        *_notices(data, layout),
        *_levels(layout),
        *_values(data, layout),
        *_labels(data, layout),
    )
    return head + "".join(drawn) + "</svg>"


def charts_of(report: BoardReport) -> Mapping[str, str]:
    """Every chart of a report by its id, drawn once for all the formats that the report is rendered in."""
    charts = (kpi.chart for area in report.areas for kpi in area.kpis)
    return {chart.id: chart_svg(chart) for chart in charts if chart is not None}


def description(data: ChartData) -> str:
    """What the chart shows, for those who do not see it: its alternative text in every document."""
    first, last = data.points[0].month, data.points[-1].month
    sentences = [f"Line chart of {data.subject}, {first.name} to {last.name}; {data.direction}."]
    if data.unit != "%":
        sentences.append(f"The scale is in {data.unit}.")
    for name in ("target", "minimum"):
        lines = [line for line in level_lines(data) if line.name == name]
        steps = [f"{line.level.text} from {data.points[line.run.first].month.name}" for line in lines]
        sentences += [f"{name.capitalize()}: {', '.join(steps)}."] if steps else []
    sentences += [f"Change notice {each.number} has effect from {each.month.name}." for each in data.notices]
    for run in mitigated_runs(data):
        sentences.append(f"Mitigated: {data.points[run.first].month.name} to {data.points[run.last].month.name}.")
    return " ".join((*sentences, "The table that follows has every value."))


def _hatching(data: ChartData, layout: Layout) -> Iterator[str]:
    for run in mitigated_runs(data):
        left, right = layout.edge(run.first), layout.edge(run.last + 1)
        path = "".join(
            f"M{at(max(left, start))} {at(layout.bottom - max(0.0, left - start))}"
            f"L{at(min(right, start + layout.bottom - layout.top))} "
            f"{at(layout.bottom - (min(right, start + layout.bottom - layout.top) - start))}"
            for start in _hatch_starts(left, right, layout.bottom - layout.top)
        )
        yield f'<path class="mitigated" d="{path}" stroke="{RULE}" stroke-width="0.8" fill="none"/>'


def _hatch_starts(left: float, right: float, height: float) -> Iterator[float]:
    """Where each rising diagonal would cross the foot of the plot, also left of the band."""
    start = left - height + HATCH_GAP
    while start < right:
        yield start
        start += HATCH_GAP


def _axes(data: ChartData, layout: Layout) -> Iterator[str]:
    suffix = "%" if data.unit == "%" else ""
    for tick in layout.scale.ticks:
        y = layout.scale.y(tick)
        text = tick_text(tick, layout.scale.ticks) + suffix
        yield f'<path d="M{at(layout.left - 4)} {at(y)}h4" stroke="{GREY}" stroke-width="0.8"/>'
        yield text_ink(text, layout.left - 6, y + 3.8, anchor="end", colour=GREY)
    if not suffix:
        yield text_ink(data.unit, 0, 10, colour=GREY)
    yield (
        f'<path d="M{at(layout.left)} {at(layout.top)}V{at(layout.bottom)}H{at(layout.right)}" '
        f'stroke="{GREY}" stroke-width="0.8" fill="none"/>'
    )
    yield from _months(data, layout)


def _months(data: ChartData, layout: Layout) -> Iterator[str]:
    every = next(n for n in range(1, 100) if n * layout.column >= MONTH_LABEL_ROOM)
    year = 0
    for n, point in enumerate(data.points):
        if (len(data.points) - 1 - n) % every:
            continue
        yield text_ink(MONTH_NAMES[point.month.number - 1][:3], layout.x(n), layout.bottom + 13, anchor="middle")
        if point.month.year != year:
            year = point.month.year
            yield text_ink(str(year), layout.x(n), layout.bottom + 26, anchor="middle", colour=GREY)


def _notices(data: ChartData, layout: Layout) -> Iterator[str]:
    labels = layout.strip[len(mitigated_runs(data)) :]
    for notice, label in zip(data.notices, labels, strict=True):
        x = layout.edge(notice.month.since(data.points[0].month))
        yield (
            f'<path class="notice" d="M{at(x)} {at(label.box.bottom - 1)}V{at(layout.bottom)}" stroke="{GREY}" '
            f'stroke-width="0.8" stroke-dasharray="1 3"/>'
        )
        yield f'<path d="M{at(x)} {at(layout.top - 4)}v8" stroke="{INK}" stroke-width="1.6"/>'


def _levels(layout: Layout) -> Iterator[str]:
    for name, dash in (("target", ""), ("minimum", ' stroke-dasharray="6 3"')):
        path, end = "", -1
        for line in (line for line in layout.lines if line.name == name):
            y = at(layout.scale.y(line.level.value))
            path += f"V{y}" if line.run.first == end + 1 and path else f"M{at(layout.edge(line.run.first))} {y}"
            path += f"H{at(layout.edge(line.run.last + 1))}"
            end = line.run.last
        if path:
            yield f'<path class="{name}" d="{path}" stroke="{INK}" stroke-width="1.3" fill="none"{dash}/>'


def _values(data: ChartData, layout: Layout) -> Iterator[str]:
    path, is_drawing = "", False
    for n, point in enumerate(data.points):
        if point.value is not None:
            path += f"{'L' if is_drawing else 'M'}{at(layout.x(n))} {at(layout.scale.y(point.value))}"
        is_drawing = point.value is not None
    if path:
        yield f'<path class="values" d="{path}" stroke="{BLUE}" stroke-width="1.8" fill="none"/>'
    for n, point in enumerate(data.points):
        if point.value is not None:
            yield marker(point, layout.x(n), layout.scale.y(point.value))


def _labels(data: ChartData, layout: Layout) -> Iterator[str]:
    for written in labels_of(data, layout):
        if written.look == "turned":
            yield from turned_label_ink(written.label)
        else:
            colour = GREY if written.look == "quiet" else INK
            yield from label_ink(written.label, colour=colour, weight="600" if written.look == "strong" else "")
