"""Places inside the plot for labels that must hit nothing: words for absence, the last value, earlier levels."""

from collections.abc import Iterable, Iterator

from muniment.adapters.documents.chart_layout import WIDTH, Label, Layout, Line, Run, runs
from muniment.adapters.documents.chart_text import LINE_HEIGHT, Box, text_width, wrapped
from muniment.domain.board.chart_data import ChartData

MARK = 5.0
GAP = 3.0


def absence_labels(data: ChartData, layout: Layout) -> tuple[tuple[Label, bool], ...]:
    """A label for each stretch of months without a value, and whether it is turned to read upwards."""
    found = []
    for word, run in runs(data, lambda point: point.text if point.value is None else ""):
        if word:
            found.append(_absence(word, run, layout))
    return tuple(found)


def _absence(word: str, run: Run, layout: Layout) -> tuple[Label, bool]:
    middle = (layout.edge(run.first) + layout.edge(run.last + 1)) / 2
    room = layout.edge(run.last + 1) - layout.edge(run.first)
    width = text_width(word)
    base = layout.bottom - GAP
    if width <= room:
        heights = range(int(base), int(layout.top + LINE_HEIGHT), -4)
        places = [Box(middle - width / 2, y - LINE_HEIGHT, middle + width / 2, y) for y in heights]
        obstacles = tuple(line_boxes(layout))
        return Label((word,), min(places, key=lambda place: place.overlap(obstacles))), False
    lines = wrapped(word, layout.bottom - layout.top - 2 * GAP)
    half, length = len(lines) * LINE_HEIGHT / 2, max(text_width(line) for line in lines)
    return Label(lines, Box(middle - half, base - length, middle + half, base), "start"), True


def value_label(data: ChartData, layout: Layout, taken: Iterable[Box]) -> tuple[Label, bool] | None:
    """The last measured value beside its point, where it covers least, and whether it is clear of everything."""
    index = next((n for n in reversed(range(len(data.points))) if data.points[n].value is not None), None)
    if index is None or (value := data.points[index].value) is None:
        return None
    x, y = layout.x(index), layout.scale.y(value)
    half = text_width(data.points[index].text) / 2
    away, back = half + MARK + GAP, MARK - half
    far = LINE_HEIGHT / 2 + MARK + GAP
    offsets = (
        (0.0, -far),
        (0.0, far),
        (back, -far),
        (back, far),
        (away, 0.0),
        (away, -far),
        (-away, -far),
        (-away, far),
    )
    places = [_inside(x + dx, y + dy, half, layout) for dx, dy in offsets]
    own = Box(x - MARK, y - MARK, x + MARK, y + MARK)
    obstacles = (*taken, own, own, *line_boxes(layout), *value_boxes(data, layout))
    best = min(places, key=lambda place: place.overlap(obstacles))
    return Label((data.points[index].text,), best), not any(best.meets(box) for box in obstacles)


def level_label(line: Line, layout: Layout, taken: Iterable[Box]) -> Label | None:
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
            yield Box(x - MARK, y - MARK, x + MARK, y + MARK)


def line_boxes(layout: Layout) -> Iterator[Box]:
    """Thin boxes along the lines of target and minimum."""
    for line in layout.lines:
        y = layout.scale.y(line.level.value)
        yield Box(layout.edge(line.run.first), y - 0.8, layout.edge(line.run.last + 1), y + 0.8)


def value_boxes(data: ChartData, layout: Layout) -> Iterator[Box]:
    """Small boxes along the line of values, close enough together that no label slips between them."""
    steps = 8
    for n, (point, after) in enumerate(zip(data.points, data.points[1:], strict=False)):
        if point.value is None or after.value is None:
            continue
        y, rise = layout.scale.y(point.value), layout.scale.y(after.value) - layout.scale.y(point.value)
        for step in range(steps):
            near, far = y + rise * step / steps, y + rise * (step + 1) / steps
            left = layout.x(n) + layout.column * step / steps
            yield Box(left, min(near, far) - 1, left + layout.column / steps, max(near, far) + 1)


def _inside(x: float, y: float, half: float, layout: Layout) -> Box:
    x = min(max(x, layout.left + half), WIDTH - half)
    y = min(max(y, layout.top + LINE_HEIGHT / 2), layout.bottom - LINE_HEIGHT / 2)
    return Box(x - half, y - LINE_HEIGHT / 2, x + half, y + LINE_HEIGHT / 2)
