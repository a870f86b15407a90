"""Places a chart's labels so that none overlap: absences, notices, the last value, target and minimum."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from muniment.adapters.documents.chart_layout import CHART_WIDTH, Label, Layout, LevelLine, Run, runs
from muniment.adapters.documents.chart_text import LINE_HEIGHT, Box, text_width
from muniment.domain.board.chart_data import ChartData

_MARK = 5.0
GAP = 3.0
NO_VALUE = "no value"


@dataclass(frozen=True)
class PlacedLabel:
    """A label and how it is written: plain, strong (the last value), quiet (an absence), or quiet and turned."""

    label: Label
    look: Literal["plain", "strong", "quiet", "turned"]


def labels_of(data: ChartData, layout: Layout) -> tuple[PlacedLabel, ...]:
    """Every label of a chart but those of its axes. No two of them meet."""
    absences = tuple(_absences(data, layout))
    strip = tuple(PlacedLabel(label, "plain") for label in layout.strip)
    fixed = (*_boxes((*absences, *strip)), *marker_boxes(data, layout))
    ends = _ends(data, layout, fixed)
    found = [*absences, *strip, *ends]
    for line in layout.lines:
        if line.run.last < len(data.points) - 1:
            taken = (*_boxes(found), *marker_boxes(data, layout), *line_boxes(layout), *value_boxes(data, layout))
            label = _level_label(line, layout, taken)
            found += [PlacedLabel(label, "plain")] if label else []
    return tuple(found)


def _boxes(found: Iterable[PlacedLabel]) -> tuple[Box, ...]:
    return tuple(written.label.box for written in found)


def _ends(data: ChartData, layout: Layout, fixed: tuple[Box, ...]) -> tuple[PlacedLabel, ...]:
    """The levels beside the plot, and the last value: by its point where that is clear, else beside the plot too."""
    side = tuple(PlacedLabel(label, "plain") for label in layout.side)
    places = _value_places(data, layout)
    index, text = _last_value(data)
    apart = [place for place in places if not any(place.meets(box) for box in (*fixed, *_boxes(side)))]
    lines = (*line_boxes(layout), *value_boxes(data, layout))
    clear = next((place for place in apart if not any(place.meets(box) for box in lines)), None)
    if clear is None and index == len(data.points) - 1:
        *levels, value = layout.crowded_side
        return (*(PlacedLabel(label, "plain") for label in levels), PlacedLabel(value, "strong"))
    best = clear or min(apart, key=lambda place: place.overlap(lines), default=None)
    return side if best is None else (*side, PlacedLabel(Label((text,), best), "strong"))


def _last_value(data: ChartData) -> tuple[int, str]:
    """The index and text of the last measured month; -1 where there is none."""
    return next(
        ((n, data.points[n].text) for n in reversed(range(len(data.points))) if _is_measured(data, n)), (-1, "")
    )


def _is_measured(data: ChartData, index: int) -> bool:
    return data.points[index].value is not None


def _value_places(data: ChartData, layout: Layout) -> list[Box]:
    """Places around the last measured point, best first."""
    index, text = _last_value(data)
    if index < 0 or (value := data.points[index].value) is None:
        return []
    x, y, half = layout.x(index), layout.scale.y(value), text_width(text) / 2
    away, back = half + _MARK + GAP, _MARK - half
    far = LINE_HEIGHT / 2 + _MARK + GAP
    offsets = ((0.0, -far), (0.0, far), (back, -far), (back, far), (away, 0.0), (away, -far))
    return [_inside(x + dx, y + dy, half, layout) for dx, dy in offsets]


def _absences(data: ChartData, layout: Layout) -> Iterator[PlacedLabel]:
    """A word for each stretch of months without a value; turned to read upwards where it is too long to lie."""
    for word, run in runs(data, lambda point: point.text if point.value is None else ""):
        for text in (word, NO_VALUE) if word else ():
            written = _absence(text, run, layout)
            if written is not None:
                yield written
                break


def _absence(word: str, run: Run, layout: Layout) -> PlacedLabel | None:
    start, end = layout.edge(run.first), layout.edge(run.last + 1)
    middle, base, width = (start + end) / 2, layout.bottom - GAP, text_width(word)
    if width <= end - start:
        heights = range(int(base), int(layout.top + LINE_HEIGHT), -4)
        places = [Box(middle - width / 2, y - LINE_HEIGHT, middle + width / 2, y) for y in heights]
        lines = tuple(line_boxes(layout))
        return PlacedLabel(Label((word,), min(places, key=lambda place: place.overlap(lines))), "quiet")
    half = LINE_HEIGHT / 2
    if width > base - layout.top or end - start < LINE_HEIGHT:
        return None
    return PlacedLabel(Label((word,), Box(middle - half, base - width, middle + half, base), "start"), "turned")


def _level_label(line: LevelLine, layout: Layout, taken: Iterable[Box]) -> Label | None:
    """A label above or below an earlier stretch of a level, or None where it would hit something."""
    text = f"{line.name} {line.level.text}"
    y, half = layout.scale.y(line.level.value), text_width(text) / 2
    start, end = layout.edge(line.run.first), layout.edge(line.run.last + 1)
    obstacles = tuple(taken)
    for x in (start + half + 2, (start + end) / 2, end - half - 2):
        for offset in (-LINE_HEIGHT / 2 - 1, LINE_HEIGHT / 2 + 1):
            place = Box(x - half, y + offset - LINE_HEIGHT / 2, x + half, y + offset + LINE_HEIGHT / 2)
            is_inside = place.left >= layout.left and layout.top <= place.top and place.bottom <= layout.bottom
            if is_inside and place.right <= layout.right and not any(place.meets(box) for box in obstacles):
                return Label((text,), place)
    return None


def marker_boxes(data: ChartData, layout: Layout) -> Iterator[Box]:
    for n, point in enumerate(data.points):
        if point.value is not None:
            x, y = layout.x(n), layout.scale.y(point.value)
            yield Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK)


def line_boxes(layout: Layout) -> Iterator[Box]:
    """Thin boxes along the lines of target and minimum."""
    for line in layout.lines:
        y = layout.scale.y(line.level.value)
        yield Box(layout.edge(line.run.first), y - 0.8, layout.edge(line.run.last + 1), y + 0.8)


def value_boxes(data: ChartData, layout: Layout) -> Iterator[Box]:
    """Small boxes along the line of values, close enough together that no label slips between them."""
    steps = 8
    for n, (point, after) in enumerate(pairwise(data.points)):
        if point.value is None or after.value is None:
            continue
        y, rise = layout.scale.y(point.value), layout.scale.y(after.value) - layout.scale.y(point.value)
        for step in range(steps):
            near, far = y + rise * step / steps, y + rise * (step + 1) / steps
            left = layout.x(n) + layout.column * step / steps
            yield Box(left, min(near, far) - 1, left + layout.column / steps, max(near, far) + 1)


def _inside(x: float, y: float, half: float, layout: Layout) -> Box:
    x = min(max(x, layout.left + half), CHART_WIDTH - half)
    y = min(max(y, layout.top + LINE_HEIGHT / 2), layout.bottom - LINE_HEIGHT / 2)
    return Box(x - half, y - LINE_HEIGHT / 2, x + half, y + LINE_HEIGHT / 2)
