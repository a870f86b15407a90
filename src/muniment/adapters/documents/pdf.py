"""A board report as PDF/UA-1: tagged, bookmarked, with the package's own font, the same bytes for the same report."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path

import pikepdf
import typst

from muniment.adapters.documents.chart import charts_of, description
from muniment.adapters.documents.glyphs import FAMILY, FONTS, GlyphReplacer, MissingGlyph
from muniment.adapters.documents.outline import MARKS, READING, SHAPE_OF, sections_of
from muniment.adapters.documents.palette import AMBER, BLUE, GREEN, GREY, INK, RED, RULE
from muniment.domain.assessment.status import Category
from muniment.domain.board.chart_data import ChartData
from muniment.domain.board.check import check_report
from muniment.domain.board.report import BoardReport
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, long_date

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


@dataclass(frozen=True)
class _Printer:
    """Puts texts and charts into a form that the font can print. `drawn`: the charts by their ids."""

    printable: GlyphReplacer
    drawn: Mapping[str, str]
    _printed: dict[str, Json] = field(default_factory=dict)

    def text(self, text: str) -> str:
        return self.printable.text(text)

    def chart(self, data: ChartData) -> Json:
        if data.id not in self._printed:
            self._printed[data.id] = {
                "finding": self.text(data.finding),
                "alt": self.text(f"{data.finding}. {description(data)}"),
                "svg": self.text(self.drawn[data.id]),
            }
        return self._printed[data.id]


def pdf_data(report: BoardReport, printable: GlyphReplacer, *, charts: Mapping[str, str] | None = None) -> Json:
    """The template's data. What the font cannot print is replaced, and remembered in `printable`. `charts`: as
    `charts_of` draws them; None: they are drawn here."""
    printer = _Printer(printable, charts_of(report) if charts is None else charts)
    return {
        "font": FAMILY,
        "colours": {"ink": INK, "grey": GREY, "rule": RULE, "blue": BLUE},
        "status": {"met_target": GREEN, "below_target": AMBER, "below_minimum": RED},
        "shapes": {"red": SHAPE_OF["red"], "amber": SHAPE_OF["amber"], "green": SHAPE_OF["green"]},
        "categories": _json(tuple(row.printed for row in Category), printer),
        "reading": _json(READING, printer),
        "marks": _json(MARKS, printer),
        "sections": _json(sections_of(report), printer),
        "report": _json(report, printer),
        "missing": [str(each) for each in printable.missing],
    }


def _json(value: object, printer: _Printer) -> Json:
    """Plain values by the names of their fields; sentences and figures as text, months by their two names."""
    match value:
        case None | int():
            return value
        case str() | Words() | Figure() | date():
            return printer.text(_text(value))
        case Month():
            return {"name": value.name, "short": value.short_name}
        case tuple():
            return [_json(each, printer) for each in value]
        case ChartData():
            return printer.chart(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _json(getattr(value, field.name), printer) for field in fields(value)}
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


def with_row_headings(pdf: bytes) -> bytes:
    """The same document, with the first cell of each row outside a heading row tagged TH with the scope of its row
    (ISO 14289-1, 7.5). The same bytes in give the same bytes out."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for row in _body_rows(document.Root.StructTreeRoot):
            cells = [kid for kid in _kids(row) if kid.get("/S") in ("/TD", "/TH")]
            if cells and cells[0].S == "/TD":
                _make_row_heading(cells[0])
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _body_rows(element: pikepdf.Object, *, is_heading: bool = False) -> Iterator[pikepdf.Object]:
    kind = element.get("/S")
    is_heading = is_heading or kind == "/THead"
    if kind == "/TR":
        if not is_heading:
            yield element
        return
    for kid in _kids(element):
        yield from _body_rows(kid, is_heading=is_heading)


def _kids(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The structure elements directly under one; content references are numbers or marked /MCR, /OBJR."""
    kids = element.get("/K")
    if kids is None:
        return
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid


def _make_row_heading(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name("/TH")
    scope = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name("/Row"))
    kept = cell.get("/A")
    others = [] if kept is None else list(kept) if isinstance(kept, pikepdf.Array) else [kept]
    cell.A = pikepdf.Array([*others, scope]) if others else scope


class PdfError(RuntimeError):
    """Raised when the typesetter refuses or warns; a warning may be a missing font, so none is let through."""


def render_pdf(report: BoardReport, *, charts: Mapping[str, str] | None = None) -> bytes:
    """The report on A4. Dated by the day on which the record was read. Raises ReportCheckError, PdfError, and
    ProblemsFoundError where the font is missing. Characters that the font lacks are replaced and listed at the end: see
    `missing_glyphs`."""
    check_report(report)
    data = json.dumps(pdf_data(report, GlyphReplacer(), charts=charts), ensure_ascii=False)
    made_at = datetime.combine(report.provenance.known_on, time(12), tzinfo=UTC)
    return with_row_headings(_typeset(data, made_at=made_at))


def missing_glyphs(report: BoardReport) -> tuple[MissingGlyph, ...]:
    """The characters of a report that its PDF replaces, to tell their author."""
    printable = GlyphReplacer()
    pdf_data(report, printable)
    return printable.missing


def _typeset(data: str, *, made_at: datetime) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    try:
        pdf, warnings = typst.compile_with_warnings(
            TEMPLATE.read_bytes(),
            font_paths=fonts,
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=["ua-1"],
            timestamp=made_at,
        )
    except typst.TypstError as error:
        raise PdfError(f"the PDF could not be set: {error.message}") from error
    if warnings:
        raise PdfError(f"the PDF was set with a warning: {warnings[0].message}")
    return pdf
