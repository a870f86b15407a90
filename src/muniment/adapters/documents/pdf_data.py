"""A report as the JSON that the Typst template reads: every text printable, every chart drawn."""

from dataclasses import fields, is_dataclass
from datetime import date

from muniment.adapters.documents.chart import chart_svg, description
from muniment.adapters.documents.glyphs import FAMILY, Printable
from muniment.adapters.documents.outline import MARKS, READING, SHAPE_OF, sections_of
from muniment.adapters.documents.palette import AMBER, BLUE, GREEN, GREY, INK, RED, RULE
from muniment.domain.board.chart_data import ChartData
from muniment.domain.board.report import CATEGORIES, BoardReport
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, long_date


def pdf_data(report: BoardReport, printable: Printable) -> Json:
    """The template's data. What the font cannot print is replaced, and remembered in `printable`."""
    return {
        "font": FAMILY,
        "colours": {"ink": INK, "grey": GREY, "rule": RULE, "blue": BLUE},
        "status": {"met_target": GREEN, "below_target": AMBER, "below_minimum": RED},
        "shapes": {"red": SHAPE_OF["red"], "amber": SHAPE_OF["amber"], "green": SHAPE_OF["green"]},
        "categories": _json(CATEGORIES, printable),
        "reading": _json(READING, printable),
        "marks": _json(MARKS, printable),
        "sections": _json(sections_of(report), printable),
        "report": _json(report, printable),
        "missing": [str(each) for each in printable.missing],
    }


def _json(value: object, printable: Printable) -> Json:
    """Plain values by the names of their fields; sentences and figures as text, months by their two names."""
    match value:
        case None | int():
            return value
        case str() | Words() | Figure() | date():
            return printable.text(_text(value))
        case Month():
            return {"name": value.name, "short": value.short_name}
        case tuple():
            return [_json(each, printable) for each in value]
        case ChartData():
            return _chart(value, printable)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _json(getattr(value, field.name), printable) for field in fields(value)}
    raise TypeError(f"a report holds no {type(value).__name__}")


def _text(value: str | Words | Figure | date) -> str:
    match value:
        case Words():
            return value.plain
        case Figure():
            return value.text
        case date():
            return long_date(value)
    return value


def _chart(data: ChartData, printable: Printable) -> Json:
    return {
        "finding": printable.text(data.finding),
        "alt": printable.text(f"{data.finding}. {description(data)}"),
        "svg": printable.text(chart_svg(data)),
    }
