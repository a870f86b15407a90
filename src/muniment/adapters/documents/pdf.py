"""A board report as PDF/UA-1: tagged, bookmarked, with the package's own font, the same bytes for the same report."""

import json
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from muniment.adapters.documents.glyphs import FONTS, MissingGlyph, Printable
from muniment.adapters.documents.pdf_data import pdf_data
from muniment.adapters.documents.pdf_tags import with_row_headings
from muniment.domain.board.check import check_report
from muniment.domain.board.report import BoardReport

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


class PdfNotMade(RuntimeError):
    """Raised when the typesetter refuses or warns; a warning may be a missing font, so none is let through."""


def render_pdf(report: BoardReport) -> bytes:
    """The report on A4. Dated by the day on which the record was read. Raises ReportDoesNotAddUp, PdfNotMade, and
    ProblemsFound where the font is missing. Characters that the font lacks are replaced and listed at the end: see
    `missing_glyphs`."""
    check_report(report)
    data = json.dumps(pdf_data(report, Printable()), ensure_ascii=False)
    made_at = datetime.combine(report.provenance.known_on, time(12), tzinfo=UTC)
    return with_row_headings(_typeset(data, made_at=made_at))


def missing_glyphs(report: BoardReport) -> tuple[MissingGlyph, ...]:
    """The characters of a report that its PDF replaces, to tell their author."""
    printable = Printable()
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
        raise PdfNotMade(f"the PDF could not be set: {error.message}") from error
    if warnings:
        raise PdfNotMade(f"the PDF was set with a warning: {warnings[0].message}")
    return pdf
