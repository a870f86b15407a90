"""Renders a board report as one HTML page that stands alone: nothing fetched, readable at 320 pixels and on paper."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from muniment.adapters.documents.chart import charts_of
from muniment.adapters.documents.outline import MARKS, READING, SHAPE_OF, sections_of
from muniment.adapters.documents.palette import AMBER, BLUE, GREEN, GREY, INK, RED, RULE
from muniment.domain.assessment.status import Category
from muniment.domain.board.check import check_report
from muniment.domain.board.report import BoardReport
from muniment.domain.kernel.period import long_date

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: BoardReport, *, charts: Mapping[str, str] | None = None) -> bytes:
    """The page in UTF-8, the same bytes for the same report. `charts`: as `charts_of` draws them; None: they are drawn
    here. Raises ReportCheckError."""
    check_report(report)
    drawn = charts_of(report) if charts is None else charts
    style = _colours() + (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = environment.get_template("report.html.jinja").render(
        report=report,
        sections=sections_of(report),
        categories=[row.printed for row in Category],
        has_credits=any(column.credit is not None for column in report.summary),
        ratings=SHAPE_OF,
        marks=MARKS,
        reading=READING,
        chart=lambda data: Markup(drawn[data.id]),  # noqa: S704  # every text in it is escaped by chart_svg
        long_date=long_date,
        style=style,
        style_hash="sha256-" + b64encode(sha256(style.encode()).digest()).decode(),
    )
    return page.encode()


def _colours() -> str:
    """The palette as the variables that the style sheet uses."""
    named = {"ink": INK, "grey": GREY, "rule": RULE, "blue": BLUE, "green": GREEN, "amber": AMBER, "red": RED}
    return ":root { " + " ".join(f"--{name}: {colour};" for name, colour in named.items()) + " }\n"
