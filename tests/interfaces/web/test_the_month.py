"""The whole month by four people in real browsers, and its figures against those of the command line."""

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muniment.application.import_export import export_contract_folder
from muniment.application.stores import open_store
from muniment.commands.people import appoint_person
from muniment.domain.record.act import Act
from muniment.example.cast import Person
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import APPROVER, DECIDER, MANAGER, PREPARER, TINY, VISITS, record
from tests.interfaces.web.live_site import context_of, sends, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Pages = Callable[[Person], "Page"]
JUNE_STATEMENT = f"{TINY}/statements/2019-06"


@pytest.mark.browser
def test_the_month_by_four_people(site: Site, browser: "Browser", muniment: Muniment, tmp_path: Path) -> None:
    _manager_is_officer_too(site)
    before = len(record(site))
    with served() as base, ExitStack() as stack:
        pages: dict[str, Page] = {}

        def of(person: Person) -> "Page":
            if person.id not in pages:
                own = context_of(browser, base=base, site=site, person=None)
                stack.callback(own.close)
                pages[person.id] = _signed_in(own.new_page(), person)
            return pages[person.id]

        _evidence_comes(site, of(PREPARER), tmp_path)
        _it_is_challenged_and_accepted(site, of)
        site.work()
        _mitigation_is_granted_in_part(of)
        _two_people_lock(site, of)
        shown = _statement_of(of(MANAGER))
        table_1 = _table_1_of(of(MANAGER))
    export_contract_folder(site.where("tiny"), folder=tmp_path / "tiny")
    said = json.loads(muniment("statement", tmp_path / "tiny", "--period", "2019-06", "--format", "json").out)
    assert shown["lines"] == [[line["kpi"], line["value"], line["points"], line["working"]] for line in said["lines"]]
    assert shown["working"] == said["credit_working"]
    summary = json.loads(
        muniment("summary", tmp_path / "tiny", "--from", "2019-06", "--to", "2019-06", "--format", "json").out
    )
    (june,) = summary["months"]
    assert table_1 == [
        june[name] for name in ("tsl_achieved", "msl_achieved", "below_msl", "mitigated", "not_measured", "total")
    ]
    assert june["mitigated"] == 0, "a grant in part that leaves it below target"
    assert next(line for line in said["lines"] if line["kpi"] == "SEEN")["ground"] is not None
    assert record(site)[-1].kind == "month.locked"
    people = {PREPARER.id, APPROVER.id, MANAGER.id, DECIDER.id}
    assert {entry.actor for entry in record(site)[before:]} == people


def _manager_is_officer_too(site: Site) -> None:
    """In a small authority the manager is appointed officer too: accepting evidence is an officer's."""
    appoint_person(
        ledger=open_store(site.where("tiny")).ledger,
        act=Act("p-1", "authority", "We are few."),
        person=MANAGER.id,
        role="contract_officer",
        first="2020-01-01",
    )


def _signed_in(page: "Page", person: Person) -> "Page":
    """By the list of sample people that a demonstration has."""
    page.goto("/")
    page.get_by_role("button", name=re.compile(rf"^{person.name}")).click()
    page.wait_for_url("**/")
    return page


def _gives_reason(page: "Page", reason: str, button: str) -> None:
    page.get_by_label("Why", exact=True).fill(reason)
    sends(page, button)


def _evidence_comes(site: Site, page: "Page", folder: Path) -> None:
    good = visits(JUNE, late=7)
    bad = good.splitlines()
    for at, error in (
        (1, ("meeting", "party")),
        (2, ("2019-06-02 09", "2019-07-02 09")),
        (3, ("2019-06-03 10:30:00,", "soon,")),
    ):
        assert error[0] in bad[at]
        bad[at] = bad[at].replace(*error, 1)
    _sends_file(page, folder / "visits-june.csv", "\n".join(bad) + "\n")
    assert page.get_by_role("heading", level=1).inner_text() == "visits-june.csv: being looked at"
    site.work()
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "visits-june.csv: cannot be taken"
    problems = page.get_by_role("table", name="Problems, row by row").locator("tbody tr")
    assert [row.locator("th").inner_text() for row in problems.all()] == ["2", "3", "4"]
    assert "'party' is not one of the values" in problems.nth(0).inner_text()
    assert page.get_by_role("button", name="Go on to submit it").count() == 0
    before = len(record(site))
    _sends_file(page, folder / "visits-mended.csv", good)
    site.work()
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "visits-mended.csv: can be submitted"
    preview = page.get_by_role("table", name="What the figures will be once the file is accepted")
    assert "SEEN" in preview.inner_text()
    assert len(record(site)) == before, "looking at a file records nothing"
    page.get_by_role("button", name="Go on to submit it").click()
    _gives_reason(page, "June, with what was missing.", "Submit")
    assert "The file is submitted. Your approver must stand by it" in page.locator("main").inner_text()


def _sends_file(page: "Page", path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    page.goto(VISITS)
    page.get_by_role("button", name="Upload a file").click()
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("How many rows it should have").fill("40")
    sends(page, "Upload and look at it")


def _it_is_challenged_and_accepted(site: Site, of: Pages) -> None:
    approver, manager, preparer = of(APPROVER), of(MANAGER), of(PREPARER)
    for table, number in (("visits", "s2"), ("parcels", "s1")):
        approver.goto(f"{TINY}/evidence/{table}/2019-06")
        approver.get_by_role("link", name=f"Approve tiny/{table}/2019-06/{number}").click()
        _gives_reason(approver, "It is right and whole.", "Approve the submission")
    manager.goto(VISITS)
    manager.get_by_role("link", name="Challenge tiny/visits/2019-06/s2").click()
    manager.get_by_label("What you ask").fill("Why did seven people wait for a quarter of an hour?")
    _gives_reason(manager, "It was six before.", "Ask the supplier")
    site.work()
    preparer.goto("/")
    preparer.get_by_role("link", name=re.compile("^Answer .*visits")).click()
    preparer.goto(f"{VISITS}/q1")
    preparer.get_by_role("button", name="Answer").click()
    preparer.get_by_label("Answer", exact=True).fill("A coach came at ten.")
    _gives_reason(preparer, "The desk's diary says so.", "Send the answer")
    manager.goto(f"{VISITS}/q1")
    assert "A coach came at ten." in manager.locator("main").inner_text()
    manager.get_by_role("button", name="Close").click()
    manager.get_by_label("Withdrawn: the evidence can be accepted as it is").check()
    _gives_reason(manager, "The diary agrees.", "Close the challenge")
    for table, number in (("visits", "s2"), ("parcels", "s1")):
        manager.goto(f"{TINY}/evidence/{table}/2019-06")
        manager.get_by_role("link", name=f"Accept tiny/{table}/2019-06/{number}").click()
        _gives_reason(manager, "It agrees with the desk's counter.", "Accept it")
        assert "is accepted: from now on it counts" in manager.locator("main").inner_text()


def _mitigation_is_granted_in_part(of: Pages) -> None:
    preparer, decider = of(PREPARER), of(DECIDER)
    preparer.goto(f"{TINY}/months/2019-06/kpis/SEEN")
    preparer.get_by_role("button", name="Ask for mitigation").click()
    preparer.get_by_label("Act of the Authority").check()
    preparer.get_by_label("What happened, and why this ground fits").fill("The council closed the front door.")
    sends(preparer, "Ask for mitigation")
    assert "The request is recorded" in preparer.locator("main").inner_text()
    decider.goto(f"{TINY}/mitigations/SEEN/2019-06/g1")
    assert "The council closed the front door." in decider.locator("main").inner_text()
    decider.get_by_role("button", name="Decide").click()
    decider.get_by_label("Grant it in part").check()
    decider.get_by_label("Or days").fill("2019-06-03")
    _gives_reason(decider, "It was closed on that day only.", "Record the decision")
    assert "granted in part" in decider.get_by_role("heading", level=1).inner_text()


def _two_people_lock(site: Site, of: Pages) -> None:
    """Each is shown the figures as they are when they sign, and the worker does the signing."""
    for person, link, button in (
        (MANAGER, "Sign first", "Sign the statement"),
        (APPROVER, "Sign second and lock", "Sign and lock"),
    ):
        page = of(person)
        site.work()
        page.goto(JUNE_STATEMENT)
        page.get_by_role("button", name=link).click()
        _gives_reason(page, "The figures are right.", button)
    site.work()
    of(APPROVER).reload()
    assert "June 2019 is locked" in of(APPROVER).locator("main").inner_text()


def _statement_of(page: "Page") -> dict[str, object]:
    page.goto(JUNE_STATEMENT)
    assert page.get_by_role("link", name="tiny/2019-06/v1").count() == 1
    rows = page.get_by_role("table", name="As computed now").locator("tbody tr").all()
    lines = [
        [row.locator("th").inner_text(), *(row.locator("td").nth(at).inner_text() for at in (0, 2, 3))] for row in rows
    ]
    return {"lines": lines, "working": page.locator("main p", has_text="chargeable").inner_text()}


def _table_1_of(page: "Page") -> list[int]:
    page.goto(TINY)
    table = page.get_by_role("table", name="Table 1: KPIs by result")
    headings = [heading.inner_text() for heading in table.locator("thead th").all()]
    at = next(number for number, text in enumerate(headings) if text.startswith("Jun 2019"))
    return [int(row.locator("td").nth(at).inner_text()) for row in table.locator("tbody tr, tfoot tr").all()]
