"""The PDF of a report: PDF/UA-1, bookmarked, complete, and the same bytes every time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import page as pdf_check
import pikepdf
import pytest

from muniment.adapters.documents import chart
from muniment.adapters.documents.html import render_html
from muniment.adapters.documents.outline import sections_of
from muniment.adapters.documents.pdf import PdfError, missing_glyphs, render_pdf
from muniment.domain.board.chart_data import ChartData
from muniment.domain.board.check import ReportCheckError
from muniment.domain.board.report import BoardReport, KpiSection, MonthHeading, SummaryColumn
from muniment.domain.board.words import Words
from muniment.domain.kernel.period import Month


@pytest.fixture(scope="module")
def pdf(sample_report: BoardReport) -> bytes:
    return render_pdf(sample_report)


@pytest.fixture
def document(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        yield opened


def elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """An element of the structure tree and all beneath it, in reading order."""
    yield element
    kids = element.get("/K")
    for kid in [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def tagged(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    return [each for each in elements(document.Root.StructTreeRoot) if each.get("/S") == kind]


def bookmarks(items: Iterable[pikepdf.OutlineItem], rank: int = 1) -> Iterator[tuple[int, str]]:
    for item in items:
        yield rank, str(item.title)
        yield from bookmarks(item.children, rank + 1)


def faults(pdf: bytes) -> list[str]:
    report = pdf_check.validate_pdf_bytes(pdf, profile=pdf_check.ValidationProfile.PDF_UA_1)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def test_it_passes_the_checks_of_pdf_ua_1(pdf: bytes) -> None:
    assert faults(pdf) == []


def test_the_check_would_notice_a_missing_language(pdf: bytes) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.Root.Lang
        opened.save(out)
    assert faults(out.getvalue()) != []


def test_it_has_title_author_and_language(document: pikepdf.Pdf, sample_report: BoardReport) -> None:
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == sample_report.title
        assert metadata["dc:creator"] == [sample_report.authority]
    assert str(document.Root.Lang) == "en-GB"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)


def test_every_section_and_every_kpi_is_a_bookmark(document: pikepdf.Pdf, sample_report: BoardReport) -> None:
    with document.open_outline() as outline:
        found = list(bookmarks(outline.root))
    assert found[0] == (1, sample_report.title)
    assert [text for rank, text in found if rank == 2] == [section.title for section in sections_of(sample_report)]
    titles = {text for rank, text in found if rank == 3}
    assert {f"{kpi.code}: {kpi.title}" for area in sample_report.areas for kpi in area.kpis} <= titles


def test_every_chart_says_in_words_what_it_shows(document: pikepdf.Pdf, sample_report: BoardReport) -> None:
    charts = [kpi.chart for area in sample_report.areas for kpi in area.kpis if kpi.chart is not None]
    told = [str(figure.Alt) for figure in tagged(document, "/Figure")]
    assert len(told) == len(charts)
    assert all(alt.startswith(chart.finding) for alt, chart in zip(told, charts, strict=True))
    assert "Change notice CN-021 has effect from October 2019." in told[0]


def test_every_body_row_begins_with_a_row_heading(document: pikepdf.Pdf) -> None:
    bodies = tagged(document, "/TBody")
    assert len(bodies) == 1 + 1 + 5 + 41
    for body in bodies:
        for row in (each for each in elements(body) if each.get("/S") == "/TR"):
            first, *others = [each for each in elements(row) if each.get("/S") in ("/TH", "/TD")]
            assert first.S == "/TH"
            looks = list(first.A) if isinstance(first.A, pikepdf.Array) else [first.A]
            assert [look.Scope for look in looks if "/Scope" in look] == ["/Row"]
            assert all(cell.S == "/TD" for cell in others)


def test_every_table_has_a_heading_row_and_a_caption(document: pikepdf.Pdf) -> None:
    for table in tagged(document, "/Table"):
        heads = [each for each in elements(table) if each.get("/S") == "/THead"]
        assert len(heads) == 1
        assert all(cell.S != "/TD" for cell in elements(heads[0]))
    assert len(tagged(document, "/Caption")) == len(tagged(document, "/Table"))


def test_it_is_a4_and_holds_only_the_packages_own_font(document: pikepdf.Pdf) -> None:
    fonts = set()
    for sheet in document.pages:
        assert [round(float(edge)) for edge in sheet.mediabox] == [0, 0, 595, 842]
        fonts |= {str(font.BaseFont).split("+")[1] for font in sheet.resources.get("/Font", {}).values()}
    assert {name.split("-")[0] for name in fonts} == {"SourceSans3"}


def test_the_same_report_gives_the_same_bytes(pdf: bytes, sample_report: BoardReport) -> None:
    assert render_pdf(replace(sample_report)) == pdf


def test_it_is_dated_by_the_day_on_which_the_record_was_read(document: pikepdf.Pdf) -> None:
    assert str(document.docinfo["/CreationDate"]).startswith("D:20200122120000")


def test_a_character_that_the_font_lacks_is_replaced_and_told(with_words: Callable[[str], BoardReport]) -> None:
    report = with_words("It rained 😀 in 北京")
    assert [each.character for each in missing_glyphs(report)] == ["京", "北", "😀"]
    assert faults(render_pdf(report)) == []


def test_a_report_in_plain_letters_lacks_nothing(sample_report: BoardReport) -> None:
    assert missing_glyphs(sample_report) == ()


def test_what_an_author_writes_is_text_and_never_a_command(with_words: Callable[[str], BoardReport]) -> None:
    report = with_words('#panic() *bold* _it_ $x$ `code` \\ @ref <label> [a] = h // "quoted"')
    assert faults(render_pdf(report)) == []


def test_a_report_that_does_not_add_up_is_not_printed(sample_report: BoardReport) -> None:
    error = replace(sample_report.summary[-1], counts=sample_report.summary[0].counts)
    with pytest.raises(ReportCheckError):
        render_pdf(replace(sample_report, summary=(*sample_report.summary[:-1], error)))


def test_a_report_without_lists_is_still_whole(sample_report: BoardReport) -> None:
    bare = replace(
        sample_report, changed=(), waiting=(), failures=(), mitigations=(), credits=(), projects=None, areas=()
    )
    assert faults(render_pdf(bare)) == []


def test_a_year_of_months_and_a_cause_longer_than_a_page_still_fit(sample_report: BoardReport) -> None:
    year = over_a_year(sample_report)
    long = replace(sample_report.failures[0], cause=Words.of("The line was busy. " * 400))
    under_review = SummaryColumn(year.summary[-1].heading, (), None, word="under review")
    whole = replace(year, failures=(long,), summary=(*year.summary[:-1], under_review))
    assert faults(render_pdf(whole)) == []


def over_a_year(report: BoardReport) -> BoardReport:
    """The sample with its first month repeated backwards, 13 months in all."""
    extra = 13 - len(report.months)
    months = tuple(MonthHeading(Month(2018, 11).plus(n), 45 + n) for n in range(13))
    old = [0] * extra + list(range(len(report.months)))

    def longer(kpi: KpiSection) -> KpiSection:
        rows = tuple(replace(kpi.months[n], month=heading.month) for n, heading in zip(old, months, strict=True))
        assert kpi.chart is not None
        points = tuple(replace(kpi.chart.points[n], month=row.month) for n, row in zip(old, rows, strict=True))
        return replace(kpi, months=rows, chart=replace(kpi.chart, points=points))

    return replace(
        report,
        months=months,
        summary=tuple(replace(report.summary[n], heading=heading) for n, heading in zip(old, months, strict=True)),
        areas=tuple(replace(area, kpis=tuple(longer(kpi) for kpi in area.kpis)) for area in report.areas),
    )


def test_a_warning_of_the_typesetter_is_a_refusal(
    sample_report: BoardReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A font that is not there is only a warning to the typesetter, and would give a document in another one."""
    template = tmp_path / "warns.typ"
    template.write_text('#set document(title: "T")\n#set text(font: "No such font")\nWords.', encoding="utf-8")
    monkeypatch.setattr("muniment.adapters.documents.pdf.TEMPLATE", template)
    with pytest.raises(PdfError, match="no such font"):
        render_pdf(sample_report)


def test_a_chart_is_drawn_once_for_all_formats(sample_report: BoardReport, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a format shows it. What is drawn beforehand is what each would have drawn by itself."""
    drawn: list[str] = []
    draw = chart.chart_svg

    def counted(data: ChartData) -> str:
        drawn.append(data.id)
        return draw(data)

    monkeypatch.setattr(chart, "chart_svg", counted)
    charts = chart.charts_of(sample_report)
    html, pdf = render_html(sample_report, charts=charts), render_pdf(sample_report, charts=charts)
    assert sorted(drawn) == sorted(charts)
    assert (html, pdf) == (render_html(sample_report), render_pdf(sample_report))
