"""Making the board report: assembled, checked, rendered, and written whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from muniment import __version__
from muniment.adapters.documents.chart import charts_of
from muniment.adapters.documents.html import render_html
from muniment.adapters.documents.pdf import PdfError, render_pdf
from muniment.application.load import OpenedContract
from muniment.application.output_files import writing_to
from muniment.application.read_models.months import MonthLine
from muniment.commands.queries.board_report import board_report
from muniment.commands.queries.reading import Reading
from muniment.domain.board.check import ReportCheckError
from muniment.domain.board.report import BoardReport
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.act import RefusedError


@dataclass(frozen=True)
class ReportFiles:
    """The files of one report."""

    title: str
    html: Path
    pdf: Path


def reportable_months(months: Sequence[MonthLine], *, today: date) -> tuple[str, ...]:
    """Those of the record that are over, the oldest first. `months`: every month that was computed."""
    return tuple(line.month for line in months if line.month < str(Month.of(today)))


def must_be_reportable(first: str, last: str, *, months: Sequence[str]) -> None:
    """Raises RefusedError where a report would be of other months. `months`: those of `reportable_months`."""
    if first not in months or last not in months or first > last:
        what = f"{first} to {last} are no months of the record that are over"
        could = f"ask for months from {months[0]} to {months[-1]}" if months else "wait for one"
        raise RefusedError("months", what, could)


def make_report(
    *, opened: OpenedContract, reading: Reading, first: Month, last: Month, meeting: date, out: Path
) -> ReportFiles:
    """Write report.html and report.pdf into `out`. Both are rendered before either is written.

    Raises ProblemsFoundError where they cannot be set or written.
    """
    report = board_report(
        reading,
        first=first,
        last=last,
        meeting=meeting,
        followed=opened.followed,
        entries=opened.entries,
        head=opened.head,
        made_by=f"Muniment {__version__}, {reading.engine.name}",
    )
    html, pdf = _rendered(report)
    with writing_to(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, content in (("report.html", html), ("report.pdf", pdf)):
            part = out / f".{name}.part"
            part.write_bytes(content)
            part.replace(out / name)
    return ReportFiles(report.title, out / "report.html", out / "report.pdf")


def _rendered(report: BoardReport) -> tuple[bytes, bytes]:
    try:
        charts = charts_of(report)
        return render_html(report, charts=charts), render_pdf(report, charts=charts)
    except ReportCheckError as error:
        raise ProblemsFoundError(_fault_problem(fault) for fault in error.faults) from error
    except PdfError as error:
        remedy = "run 'make install' again; if it says the same, send this line to Muniment's makers"
        raise ProblemsFoundError([Problem(Place("report.pdf"), "P002", str(error), remedy)]) from error


def _fault_problem(fault: str) -> Problem:
    says, _, remedy = fault.partition(" - ")
    return Problem(Place("the report"), "P003", f"it cannot be printed: {says}", remedy)
