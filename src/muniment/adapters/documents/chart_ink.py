"""SVG of a chart's parts: status markers and labels, with coordinates to one decimal and text escaped."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from muniment.adapters.documents.chart_layout import Label
from muniment.adapters.documents.chart_text import LINE_HEIGHT, text_width
from muniment.adapters.documents.palette import COLOURS, GREY, INK
from muniment.domain.board.chart_data import ChartPoint


def marker(point: ChartPoint, x: float, y: float) -> str:
    """Circle, triangle or square by status; an open circle where there is none."""
    if point.standing is None:
        return f'<circle class="no-status" cx="{at(x)}" cy="{at(y)}" r="3.6" fill="#fff" stroke="{INK}"/>'
    look = f'class="{point.standing.replace("_", "-")}" fill="{COLOURS[point.standing]}" stroke="#fff"'
    if point.standing == "met_target":
        return f'<circle {look} cx="{at(x)}" cy="{at(y)}" r="4.4"/>'
    if point.standing == "below_target":
        return f'<path {look} d="M{at(x)} {at(y - 5.4)}l5.6 9.6h-11.2z"/>'
    return f'<path {look} d="M{at(x - 4.4)} {at(y - 4.4)}h8.8v8.8h-8.8z"/>'


def label_ink(label: Label, *, colour: str = INK, weight: str = "") -> Iterator[str]:
    """Text on a white ground of its own, so that lines beneath it do not run through the letters."""
    box = label.box
    x = box.left if label.anchor == "start" else (box.left + box.right) / 2
    width = min(text_width(max(label.lines, key=text_width)), box.right - box.left)
    left = x if label.anchor == "start" else x - width / 2
    yield (
        f'<rect x="{at(left)}" y="{at(box.top + 1)}" width="{at(width)}" height="{at(box.bottom - box.top - 2)}" '
        f'fill="#fff" fill-opacity="0.9"/>'
    )
    for n, line in enumerate(label.lines):
        yield text_ink(line, x, box.top + (n + 1) * LINE_HEIGHT - 3, anchor=label.anchor, colour=colour, weight=weight)


def turned_label_ink(label: Label) -> Iterator[str]:
    box = label.box
    yield (
        f'<rect x="{at(box.left + 1)}" y="{at(box.top)}" width="{at(box.right - box.left - 2)}" '
        f'height="{at(box.bottom - box.top)}" fill="#fff" fill-opacity="0.9"/>'
    )
    for n, line in enumerate(label.lines):
        x, y = at(box.left + (n + 1) * LINE_HEIGHT - 3), at(box.bottom)
        yield f'<text transform="translate({x} {y}) rotate(-90)" fill="{GREY}">{escaped(line)}</text>'


def text_ink(text: str, x: float, y: float, *, anchor: str = "start", colour: str = INK, weight: str = "") -> str:
    return (
        f'<text x="{at(x)}" y="{at(y)}"'
        + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        + (f' fill="{colour}"' if colour != INK else "")
        + (f' font-weight="{weight}"' if weight else "")
        + f">{escaped(text)}</text>"
    )


def at(value: float) -> str:
    """A coordinate to one decimal, without a needless zero or a negative one."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def escaped(text: str) -> str:
    """Escaped, and without the control characters that XML does not allow."""
    return escape("".join(letter for letter in text if letter >= " " or letter == "\n"))
