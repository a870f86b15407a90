"""The geometry of one chart: axis scale and ticks, plot, months, level lines, strip of notices and side labels."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import groupby
from typing import TypeVar

from muniment.adapters.documents.chart_text import LINE_HEIGHT, Box, rows_for, spread, text_width, wrapped
from muniment.domain.board.chart_data import ChartData, ChartLevel, ChartPoint

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MOST_TICKS = 4

_T = TypeVar("_T")
CHART_WIDTH = 360.0
PLOT_HEIGHT = 90.0
_PAD = 7.0
SIDE_LABEL_WIDTH = 104.0


@dataclass(frozen=True)
class Scale:
    """`ticks` ascend and span everything that is drawn; `top` and `bottom` are the y of the last and the first."""

    ticks: tuple[Decimal, ...]
    top: float
    bottom: float

    def y(self, value: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)


def ticks_for(data: ChartData) -> tuple[Decimal, ...]:
    """Three or four round numbers (two where whole things are few) around every value and line. A percentage stays
    within 0 to 100 where its values do, and a number that is nowhere negative does not go below zero."""
    drawn = tuple(_drawn(data))
    if not drawn:
        return (Decimal(0), Decimal(1))
    low, high = min(drawn), max(drawn)
    if low == high:
        spread = abs(low) / 10 or Decimal(1)
        low, high = low - spread, high + spread
    if low < 0 <= min(drawn):
        low = Decimal(0)
    if data.unit == "%" and max(drawn) <= 100 < high:
        high = Decimal(100)
    is_whole = data.unit != "%" and all(value == value.to_integral_value() for value in drawn)
    return _round_ticks(low, high, least=Decimal(1) if is_whole else Decimal(0))


def tick_text(tick: Decimal, ticks: tuple[Decimal, ...]) -> str:
    """All ticks of an axis with the same decimals: 0.0, 2.5, 5.0."""
    places = max(max(0, -int(each.normalize().as_tuple().exponent)) for each in ticks)
    return f"{tick:,.{places}f}"


def _drawn(data: ChartData) -> Iterable[Decimal]:
    for point in data.points:
        if point.value is not None:
            yield point.value
        yield from (level.value for level in (point.target, point.minimum) if level is not None)


def _round_ticks(low: Decimal, high: Decimal, *, least: Decimal) -> tuple[Decimal, ...]:
    magnitude = Decimal(1).scaleb((high - low).adjusted() - 1)
    while True:
        for factor in _STEPS:
            step = factor * magnitude
            first = (low / step).to_integral_value(ROUND_FLOOR)
            last = (high / step).to_integral_value(ROUND_CEILING)
            if last - first < MOST_TICKS and step >= least and (not least or step == step.to_integral_value()):
                return tuple(step * (first + n) for n in range(int(last - first) + 1))
        magnitude *= 10


@dataclass(frozen=True)
class Run:
    """Neighbouring points alike in something: indexes, both ends included."""

    first: int
    last: int


@dataclass(frozen=True)
class LevelLine:
    """One stretch of a level: 'target' or 'minimum'."""

    name: str
    level: ChartLevel
    run: Run


@dataclass(frozen=True)
class Label:
    """Lines of text in a box; `anchor` is 'start' or 'middle'."""

    lines: tuple[str, ...]
    box: Box
    anchor: str = "middle"


@dataclass(frozen=True)
class Layout:
    """`strip` holds the labels above the plot, in the order: mitigated runs, then notices. `side` holds those of the
    levels in force at the end, and `crowded_side` the same with the last value after them."""

    left: float
    right: float
    height: float
    scale: Scale
    column: float
    lines: tuple[LevelLine, ...]
    strip: tuple[Label, ...]
    side: tuple[Label, ...]
    crowded_side: tuple[Label, ...]

    def x(self, index: int) -> float:
        """The middle of a month's column."""
        return self.left + (index + 0.5) * self.column

    def edge(self, index: int) -> float:
        """The left edge of a month's column."""
        return self.left + index * self.column

    @property
    def top(self) -> float:
        return self.scale.top - _PAD

    @property
    def bottom(self) -> float:
        return self.scale.bottom + _PAD


def layout_of(data: ChartData) -> Layout:
    ticks = ticks_for(data)
    suffix = "%" if data.unit == "%" else ""
    left = max(text_width(tick_text(tick, ticks) + suffix) for tick in ticks) + 8
    lines = level_lines(data)
    last = tuple(line for line in lines if line.run.last == len(data.points) - 1)
    wanted = _side_texts(last)
    newest = data.points[-1]
    texts = tuple((wrapped(text, SIDE_LABEL_WIDTH), level) for text, level in wanted)
    crowd = texts if newest.value is None else (*texts, (wrapped(newest.text, SIDE_LABEL_WIDTH), newest.value))
    gutter = max((text_width(each) for text, _ in crowd for each in text), default=0.0) + 8
    right = CHART_WIDTH - gutter
    column = (right - left) / len(data.points)
    strip, top = _strip(data, left=left, column=column)
    scale = Scale(ticks, top + _PAD, top + PLOT_HEIGHT - _PAD)
    height = top + PLOT_HEIGHT + 2 * LINE_HEIGHT + 4
    side = _side_labels(texts, scale=scale, right=right)
    crowded = _side_labels(crowd, scale=scale, right=right)
    return Layout(left, right, height, scale, column, lines, strip, side, crowded)


def runs(data: ChartData, alike: Callable[[ChartPoint], _T]) -> Iterator[tuple[_T, Run]]:
    """Stretches of neighbouring points for which `alike` gives the same answer."""
    for answer, group in groupby(range(len(data.points)), key=lambda n: alike(data.points[n])):
        indexes = tuple(group)
        yield answer, Run(indexes[0], indexes[-1])


def mitigated_runs(data: ChartData) -> tuple[Run, ...]:
    return tuple(run for is_mitigated, run in runs(data, lambda point: point.is_mitigated) if is_mitigated)


def level_lines(data: ChartData) -> tuple[LevelLine, ...]:
    """Every stretch of the target, then every stretch of the minimum."""
    targets = (LevelLine("target", level, run) for level, run in runs(data, lambda point: point.target) if level)
    minimums = (LevelLine("minimum", level, run) for level, run in runs(data, lambda point: point.minimum) if level)
    return (*targets, *minimums)


def _side_texts(last: tuple[LevelLine, ...]) -> tuple[tuple[str, Decimal], ...]:
    if len(last) == 2 and last[0].level == last[1].level:
        return ((f"target and minimum {last[0].level.text}", last[0].level.value),)
    return tuple((f"{line.name} {line.level.text}", line.level.value) for line in last)


def _side_labels(
    texts: tuple[tuple[tuple[str, ...], Decimal], ...], *, scale: Scale, right: float
) -> tuple[Label, ...]:
    """Labels beside the plot, each as near to its value as the others let it be."""
    wanted = [(scale.y(value), len(lines) * LINE_HEIGHT) for lines, value in texts]
    centres = spread(wanted, top=scale.top - _PAD, bottom=scale.bottom + _PAD)
    return tuple(
        Label(lines, Box(right + 4, centre - height / 2, CHART_WIDTH, centre + height / 2), "start")
        for (lines, _), centre, (_, height) in zip(texts, centres, wanted, strict=True)
    )


def _strip(data: ChartData, *, left: float, column: float) -> tuple[tuple[Label, ...], float]:
    """The labels above the plot, and where the plot begins."""
    placed: list[tuple[str, float]] = [
        ("mitigated", left + (run.first + run.last + 1) / 2 * column) for run in mitigated_runs(data)
    ]
    first = data.points[0].month
    placed += [(notice.number, left + notice.month.since(first) * column) for notice in data.notices]
    spans = [_span(text, centre) for text, centre in placed]
    order = sorted(range(len(spans)), key=lambda n: spans[n])
    rows = dict(zip(order, rows_for([spans[n] for n in order]), strict=True))
    unit_row = LINE_HEIGHT if data.unit != "%" else 0.0
    top = unit_row + (max(rows.values()) + 1) * LINE_HEIGHT + 3 if rows else unit_row + 2
    labels = []
    for n, (text, _) in enumerate(placed):
        base = top - 3 - rows[n] * LINE_HEIGHT
        labels.append(Label((text,), Box(spans[n][0], base - LINE_HEIGHT, spans[n][1], base)))
    return tuple(labels), top


def _span(text: str, centre: float) -> tuple[float, float]:
    """Left and right of a text about a centre, moved inwards where it would be cut off."""
    half = text_width(text) / 2 + 2
    centre = min(max(centre, half), CHART_WIDTH - half)
    return centre - half, centre + half
