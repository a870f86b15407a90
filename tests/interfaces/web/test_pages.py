"""What the first pages say, and to whom."""

import ast
import re
from pathlib import Path

import pytest

from muniment.adapters.stores.database.appointments import VisibleContract
from muniment.example.cast import CONTRACT_MANAGER, DECISION_MAKER, PREPARER
from muniment.interfaces.web import pages
from muniment.interfaces.web.pages import contracts
from tests.interfaces.web.conftest import STRANGER, Site


def text_of(html: bytes) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def test_the_month_page_begins_with_its_answer(site: Site) -> None:
    page = site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc/months/2019-11")
    assert page.status_code == 200
    assert "November 2019: 35 of 41 at target, 1 below minimum, 3 mitigated, 2 not measured" in text_of(page.content)
    assert "contract month 56" in text_of(page.content)


@pytest.mark.parametrize(("show", "kpis"), [("failing", 4), ("mitigated", 3), ("not-measured", 2), ("all", 41)])
def test_a_filter_shows_as_many_kpis_as_its_link_says(site: Site, show: str, kpis: int) -> None:
    page = site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc/months/2019-11", {"show": show}).content.decode()
    assert page.count("/contracts/cssc/months/2019-11/kpis/") == kpis
    assert re.search(rf'aria-current="true"[^>]*>[^<(]+\({kpis}\)', page)


def test_the_kpi_page_explains_like_a_person(site: Site) -> None:
    page = text_of(site.signed_in(PREPARER).get("/contracts/cssc/months/2019-09/kpis/CSC_KPI_04").content)
    assert "was 13.28% in September 2019: 7,966 of 59,985 counted calls" in page
    assert "so the Minimum Service Level was missed" in page
    assert "left out: test calls 212" in page


def test_the_home_page_says_what_is_new_since_one_looked(site: Site) -> None:
    browser = site.signed_in(CONTRACT_MANAGER)
    assert "The record so far" in text_of(browser.get("/contracts/cssc").content)
    assert "Since you last looked Nothing." in text_of(browser.get("/contracts/cssc").content)


def test_table_1_on_the_home_page_adds_up_in_every_month(site: Site) -> None:
    page = site.signed_in(CONTRACT_MANAGER).get("/contracts/cssc").content.decode()
    table = page[page.index("Table 1") : page.index("</table>")]
    rows = [[int(n) for n in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in table.split("<tr>")[2:]]
    *parts, total = [row for row in rows if row]
    assert len(parts) == 5
    assert [sum(column) for column in zip(*parts, strict=True)] == total


def test_evidence_that_did_not_come_waits_for_the_supplier(site: Site) -> None:
    assert "Nothing waits for you" in text_of(site.signed_in(DECISION_MAKER).get("/").content)
    assert "things wait for you" in text_of(site.signed_in(PREPARER).get("/").content)


def test_contracts_are_listed_by_their_titles(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page = site.signed_in(PREPARER).get("/contracts").content.decode()
    assert '<a class="govuk-link" href="/contracts/cssc">Corporate Support Services Contract</a>' in page
    assert "Page 1 of" not in page
    seen = [VisibleContract(f"c{number}", "Wolds County Council", ("auditor",)) for number in range(51)]
    monkeypatch.setattr(contracts, "contracts_of_person", lambda person, on, using: seen)  # noqa: ARG005  # as it is called
    second = text_of(site.signed_in(PREPARER).get("/contracts?page=2").content)
    assert "Your 51 contracts" in second
    assert "c50 c50 Wolds County Council" in second
    assert "c49" not in second


def test_every_form_of_an_act_says_where_it_stands_among_the_pages() -> None:
    calls = [
        node
        for file in Path(pages.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CommandPage"
    ]
    assert len(calls) > 15
    assert [ast.unparse(call)[:80] for call in calls if "about" not in {word.arg for word in call.keywords}] == []


def test_a_contract_of_others_is_a_contract_that_is_not_there(site: Site) -> None:
    browser = site.signed_in(STRANGER)
    foreign, missing = browser.get("/contracts/cssc"), browser.get("/contracts/nothing")
    assert foreign.status_code == missing.status_code == 404
    assert text_of(foreign.content) == text_of(missing.content)
    assert "cssc" not in text_of(browser.get("/contracts").content)
