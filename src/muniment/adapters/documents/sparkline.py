"""One KPI in a table's cell: its line, the target, and its last value marked by status. It fits a line of text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from muniment.adapters.documents.chart_ink import at, escaped, marker
from muniment.adapters.documents.chart_layout import level_lines
from muniment.adapters.documents.palette import BLUE, GREY
from muniment.domain.board.chart_data import ChartData

SPARKLINE_WIDTH, SPARKLINE_HEIGHT = 120.0, 28.0
_PAD = 6.0
"""Room for a marker at the edge."""


def sparkline_svg(data: ChartData) -> str:
    """One SVG element, in presentation attributes alone; its title is the finding. The page says the numbers."""
    drawn = "".join((*_target(data), *_values(data)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at(SPARKLINE_WIDTH)} {at(SPARKLINE_HEIGHT)}"'
        f' width="{at(SPARKLINE_WIDTH)}" '
        f'height="{at(SPARKLINE_HEIGHT)}" role="img"><title>{escaped(data.finding)}</title>{drawn}</svg>'
    )


def _x(data: ChartData, index: int) -> float:
    """The middle of a month's column."""
    return _PAD + (index + 0.5) * (SPARKLINE_WIDTH - 2 * _PAD) / len(data.points)


def _y(data: ChartData, value: Decimal) -> float:
    """Floats place ink, they decide nothing. Where all that is drawn is one number, it stands in the middle."""
    drawn: Sequence[Decimal] = [point.value for point in data.points if point.value is not None]
    drawn = [*drawn, *(point.target.value for point in data.points if point.target is not None)]
    low, high = min(drawn), max(drawn)
    share = float((value - low) / (high - low)) if high > low else 0.5
    return SPARKLINE_HEIGHT - _PAD - share * (SPARKLINE_HEIGHT - 2 * _PAD)


def _target(data: ChartData) -> Iterator[str]:
    half = (SPARKLINE_WIDTH - 2 * _PAD) / len(data.points) / 2
    path = ""
    for line in (line for line in level_lines(data) if line.name == "target"):
        left, right = _x(data, line.run.first) - half, _x(data, line.run.last) + half
        path += f"M{at(left)} {at(_y(data, line.level.value))}H{at(right)}"
    if path:
        yield f'<path class="target" d="{path}" stroke="{GREY}" stroke-width="1" stroke-dasharray="3 2" fill="none"/>'


def _values(data: ChartData) -> Iterator[str]:
    path, last, is_drawing = "", -1, False
    for n, point in enumerate(data.points):
        if point.value is not None:
            path += f"{'L' if is_drawing else 'M'}{at(_x(data, n))} {at(_y(data, point.value))}"
            last = n
        is_drawing = point.value is not None
    if path:
        yield f'<path class="values" d="{path}" stroke="{BLUE}" stroke-width="1.5" fill="none"/>'
        value = data.points[last].value
        assert value is not None
        yield marker(data.points[last], _x(data, last), _y(data, value))
