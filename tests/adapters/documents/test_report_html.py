"""The page of a report: answer first, right for a screen reader, a phone, a printer and a strict page policy."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muniment.adapters.documents.html import render_html
from muniment.domain.board.check import ReportCheckError
from muniment.domain.board.report import BoardReport, SummaryColumn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Attributes = dict[str, str | None]
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Outline(HTMLParser):
    """Every start tag with its attributes, the headings with their texts, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            rank, text = self.headings[-1]
            self.headings[-1] = (rank, text + data)

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(sample_report: BoardReport) -> str:
    return render_html(sample_report).decode()


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert outline.open == []
    return outline


def test_the_first_heading_is_the_answer(outline: Outline) -> None:
    assert outline.headings[0] == (1, "November 2019: 35 of 41 at target, 1 below minimum, 3 mitigated")
    assert [rank for rank, _ in outline.headings].count(1) == 1


def test_sections_follow_in_the_order_of_reading(outline: Outline) -> None:
    assert [text for rank, text in outline.headings if rank == 2] == [
        "Contents",
        "What changed since October 2019",
        "What waits for whom",
        "Summary",
        "Failures",
        "Mitigations",
        "Service credits",
        "Projects",
        "How to read the tables and charts",
        "Customer services",
        "Revenues and benefits",
        "ICT services",
        "Human resources and payroll",
        "Finance and procurement",
        "About this report",
    ]


def test_no_heading_skips_a_rank(outline: Outline) -> None:
    ranks = [rank for rank, _ in outline.headings]
    assert all(after - before <= 1 for before, after in pairwise(ranks))


def test_every_link_leads_to_a_place_on_the_page(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    links = [str(attributes["href"]) for attributes in outline.all("a")]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)


def test_every_table_has_a_caption_and_headings_with_a_scope(page: str, outline: Outline) -> None:
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    assert len(tables) == 1 + 1 + 5 + 41
    for table in tables:
        assert "<caption" in table
        assert 'scope="col"' in table
        assert table.count('scope="row"') == table.split("</thead>")[1].count("<tr")
    assert all(attributes.get("scope") in {"col", "row"} for attributes in outline.all("th"))


def test_table_1_prints_every_category_and_a_total(page: str) -> None:
    table = page.split('id="table-1"')[1].split("</table>", maxsplit=1)[0]
    rows = {
        re.sub("<.*?>", "", head): [int(number) for number in re.findall(r">(\d+)</data>", rest)]
        for head, rest in re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    }
    total = rows.pop("TOTAL: KPIs in force")
    rows.pop("Service credit")
    assert list(rows) == ["TSL achieved", "MSL achieved", "below MSL", "mitigated", "not measured"]
    assert [sum(column) for column in zip(*rows.values(), strict=True)] == total == [41] * 5


def test_every_figure_that_has_an_address_carries_it(page: str) -> None:
    assert '<data class="fact" value="10.62" data-fact="CSC_KPI_01/2019-11/value">10.62%</data>' in page
    assert '<data class="fact" value="35" data-fact="2019-11/summary/tsl_achieved">35</data>' in page


def test_a_status_is_a_word_and_a_shape_and_mitigated_stands_beside_it(page: str) -> None:
    row = page.split('id="kpi-CSC_KPI_02"')[1].split("</article>", maxsplit=1)[0]
    assert row.count('<span class="status below-minimum"><span aria-hidden="true">■</span>') == 5
    assert row.count("below minimum</span>") == 5
    assert row.count('<span class="second">mitigated</span>') == 5


def test_a_month_without_figures_is_a_word_and_not_a_zero(sample_report: BoardReport) -> None:
    last = SummaryColumn(sample_report.summary[-1].heading, (), None, word="under review")
    page = render_html(replace(sample_report, summary=(*sample_report.summary[:-1], last))).decode()
    table = page.split('id="table-1"')[1].split("</table>")[0]
    assert '<td class="number" rowspan="6">under review</td>' in table


def test_what_an_author_writes_is_text_and_never_markup(with_words: Callable[[str], BoardReport]) -> None:
    page = render_html(with_words('<script>alert("1")</script> & more')).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; more" in page


def test_a_report_that_does_not_add_up_is_not_printed(sample_report: BoardReport) -> None:
    error = replace(sample_report.summary[-1], counts=sample_report.summary[0].counts)
    with pytest.raises(ReportCheckError):
        render_html(replace(sample_report, summary=(*sample_report.summary[:-1], error)))


def test_empty_sections_leave_nothing_behind(sample_report: BoardReport) -> None:
    page = render_html(replace(sample_report, waiting=(), projects=None)).decode()
    assert "What waits for whom" not in page
    assert "Projects" not in page


def test_the_same_report_gives_the_same_bytes(sample_report: BoardReport) -> None:
    assert render_html(sample_report) == render_html(replace(sample_report))


def test_it_stands_alone(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?!#)""", page)
    assert not re.search(r"@import|url\(", page)
    assert "style=" not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 320])
def test_a_browser_finds_no_fault_at_this_width(
    browser: "Browser", axe_source: str, page: str, tmp_path: Path, width: int
) -> None:
    """No breach of WCAG 2.2 AA that axe-core can see, nothing wider than the screen, nothing fetched or refused."""
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.evaluate(axe_source)
    found = tab.evaluate("axe.run(document).then(result => result.violations.map(each => each.id + ': ' + each.help))")
    tab.close()
    assert found == []
    assert said == []
    assert asked == [path.as_uri()]
