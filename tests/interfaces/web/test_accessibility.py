"""Every page in a browser: checked by axe, without scripts, on a narrow screen, enlarged, and by keyboard alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muniment.domain.kernel.fingerprint import Json
from muniment.example.cast import Person
from muniment.installation.models import NoticeDraft
from tests.interfaces.small_contract import JUNE, visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    DECIDER,
    MANAGER,
    NOTICE,
    OFFICER,
    PARCELS,
    PREPARER,
    SEEN,
    STEPS,
    TEAM,
    TINY,
    VISITS,
    bring_to,
    upload,
    whole_team,
)
from tests.interfaces.web.live_site import context_of, sends, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser
NARROW: "ViewportSize" = {"width": 320, "height": 640}
ENLARGED: "ViewportSize" = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IN_TEST = ("fresh", "challenged", "proposed")
IN_PROOF = tuple(state for state in STEPS if state not in IN_TEST)


@dataclass(frozen=True)
class Visit:
    """A page and who opens it. `sent`: the form is sent without anything in it, so that its errors are shown."""

    person: Person | None
    address: str
    sent: bool = False


def _prepared(site: Site, state: str) -> list[Visit]:
    """Every page with something on it that the state has, for somebody who may act there."""
    whole_team(site)
    if state != "fresh":
        bring_to(site, state)
    bad = upload(site, PREPARER, visits(JUNE).replace("meeting", "party", 3), name="bad.csv")
    good = upload(site, PREPARER, visits(JUNE, late=9), name="good.csv")
    rows = site.signed_in(PREPARER).post(f"{VISITS}/rows").headers["Location"]
    waiting = site.signed_in(MANAGER).post(f"{TINY}/statements/2019-05/v1/bundle").headers["Location"]
    site.work()
    sound = NoticeDraft.objects.create(contract="tiny", path="changes/CCN-001.yaml", text=NOTICE, proposed_by="p-1")
    error = NoticeDraft.objects.create(
        contract="tiny", path="changes/CCN-002.yaml", text="change: CCN-002\namend: {SEEM: {}}\n", proposed_by="p-1"
    )
    uploads, drafts = f"{TINY}/uploads", f"{TINY}/text/proposed"
    june, december = f"{TINY}/months/2019-06", f"{TINY}/months/2019-12"
    found = [
        *(Visit(MANAGER, page) for page in (
            "/", "/contracts", TINY, june, december, f"{june}?show=failing", SEEN, f"{december}/kpis/QUARTER",
            f"{TINY}/evidence", VISITS, f"{TINY}/evidence/visits/2019-12", f"{TINY}/mitigations",
            f"{TINY}/mitigations/SEEN/2019-04/g1", f"{TINY}/statements", f"{TINY}/statements/2019-06",
            f"{TINY}/statements/2019-05", f"{TINY}/statements/2019-12", f"{TINY}/statements/2019-05/v1",
            f"{TINY}/statements/2019-05/finance", f"{TINY}/statements/2019-06/sign", f"{TINY}/projects",
            f"{TINY}/statements/2019-05/restate", f"{TINY}/reports", f"{TINY}/text", f"{TINY}/text/files/regime.yaml",
            f"{TINY}/text/adopt",
            f"{TINY}/text/propose", f"{drafts}/{sound.id}", f"{drafts}/{error.id}", f"{drafts}/{sound.id}/adopt",
            f"{TINY}/heads", f"{VISITS}/compare", f"{TINY}/evidence/visits/2019-05/compare",
            f"{TINY}/people", f"{TINY}/audit-trail", waiting, "/account", "/account/name", "/account/tokens/new",
            "/account/sessions", "/account/2fa", f"{TINY}/no/such/page", f"{VISITS}/s1/accept",
            f"{VISITS}/s1/challenge", f"{TINY}/people/appointments/a1/delegate",
        )),
        *(Visit(PREPARER, page) for page in (
            "/", VISITS, f"{VISITS}/upload", f"{uploads}/{bad.id}", f"{uploads}/{good.id}",
            f"{uploads}/{good.id}/submit", f"{SEEN}/request-mitigation", f"{SEEN}/explain-failure", rows,
            f"{PARCELS}/s1/withdraw", SEEN,
        )),
        Visit(PREPARER, f"{VISITS}/upload", sent=True),
        Visit(PREPARER, f"{SEEN}/request-mitigation", sent=True),
        Visit(APPROVER, f"{PARCELS}/s1/approve"),
        Visit(APPROVER, f"{SEEN}/dispute"),
        Visit(APPROVER, f"{drafts}/{sound.id}"),
        Visit(APPROVER, f"{drafts}/{sound.id}/agree"),
        Visit(APPROVER, f"{TINY}/statements/2019-06/lock"),
        Visit(OFFICER, f"{PARCELS}/s1/accept"),
        Visit(OFFICER, f"{PARCELS}/s1/challenge", sent=True),
        Visit(OFFICER, f"{PARCELS}/s1/withdraw-acceptance"),
        Visit(ADMINISTRATOR, f"{TINY}/people"),
        Visit(ADMINISTRATOR, f"{TINY}/people/appoint"),
        Visit(ADMINISTRATOR, f"{TINY}/people/appoint", sent=True),
        Visit(ADMINISTRATOR, f"{TINY}/people/appointments/a1/end"),
        Visit(AUDITOR, f"{TINY}/audit-trail?kind=submission.received"),
        Visit(None, "/account/login"),
        Visit(None, "/account/password/reset"),
    ]  # fmt: skip
    if state != "fresh":
        found += [
            Visit(MANAGER, f"{VISITS}/q1"),
            Visit(MANAGER, f"{VISITS}/q1/close"),
            Visit(PREPARER, f"{VISITS}/q1/answer"),
            Visit(DECIDER, f"{TINY}/mitigations/SEEN/2019-06/g1"),
            Visit(DECIDER, f"{TINY}/mitigations/SEEN/2019-06/g1/decide"),
            Visit(DECIDER, f"{TINY}/disputes/LATE/2019-06/d1/resolve"),
            Visit(PREPARER, f"{TINY}/mitigations/SEEN/2019-06/g1/withdraw"),
        ]
    if state == "proposed":
        found += [
            Visit(DECIDER, f"{TINY}/restatements/2019-06/r1"),
            Visit(DECIDER, f"{TINY}/restatements/2019-06/r1/decide"),
            Visit(MANAGER, f"{TINY}/statements/2019-06/v1"),
        ]
    return found


def _opened(page: "Page", visit: Visit) -> str:
    """The heading of the page."""
    page.goto(visit.address)
    if visit.sent:
        page.locator("main form button").first.click()
        page.wait_for_load_state("load")
        assert page.locator(".govuk-error-summary").count() == 1, visit.address
    return page.locator("h1").first.inner_text()


def _violations(page: "Page", axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[dict[str, Json]] = page.evaluate(
        "async rules => (await axe.run({runOnly: rules})).violations.map("
        "v => ({id: v.id, help: v.help, at: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}))",
        RULES,
    )
    return [f"{one['id']}: {one['help']} {one['at']}" for one in found]


def _overflows(page: "Page") -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


def _said_by(page: "Page") -> list[str]:
    """What the browser complains of, as it comes."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    return found


def _looked_at(
    site: Site,
    browser: "Browser",
    axe: str,
    visits: Sequence[Visit],
    *,
    sizes: Sequence["ViewportSize"] = (NARROW, ENLARGED),
) -> list[str]:
    """What is wrong: what axe finds, pages wider than a narrow or an enlarged screen, headings that are missing."""
    error = []
    with served() as base:
        for person in dict.fromkeys(visit.person for visit in visits):
            # axe is put into the page from outside, which the pages' own policy would refuse.
            context = context_of(browser, base=base, site=site, person=person, bypass_csp=True)
            page = context.new_page()
            broken = _said_by(page)
            for visit in (found for found in visits if found.person == person):
                name = f"{person.role if person else 'nobody'} {visit.address}{' sent' if visit.sent else ''}"
                page.set_viewport_size({"width": 1200, "height": 900})
                assert _opened(page, visit), name
                error += [f"{name}: {found}" for found in _violations(page, axe)]
                for size in sizes:
                    page.set_viewport_size(size)
                    if _overflows(page):
                        error.append(f"{name}: wider than {size}")
            error += [f"{person.role if person else 'nobody'}: {text}" for text in broken if "status of 4" not in text]
            context.close()
    return error


@pytest.mark.parametrize("state", IN_TEST)
def test_no_page_shuts_anybody_out(site: Site, browser: "Browser", axe_source: str, state: str) -> None:
    # How a page takes a narrow screen does not depend on the state: it is looked at once here, and in each by proof.
    sizes = (NARROW, ENLARGED) if state == "challenged" else ()
    assert _looked_at(site, browser, axe_source, _prepared(site, state), sizes=sizes) == []


@pytest.mark.proof
@pytest.mark.parametrize("state", IN_PROOF)
def test_no_page_shuts_anybody_out_in_any_state(site: Site, browser: "Browser", axe_source: str, state: str) -> None:
    assert _looked_at(site, browser, axe_source, _prepared(site, state)) == []


@pytest.mark.proof
@pytest.mark.parametrize("person", TEAM, ids=lambda person: person.role)
def test_no_page_shuts_out_any_role(site: Site, browser: "Browser", axe_source: str, person: Person) -> None:
    """Whoever may not open a page gets one that says so, which is looked at too."""
    pages = [Visit(person, visit.address) for visit in _prepared(site, "proposed") if visit.person is not None]
    assert _looked_at(site, browser, axe_source, pages) == []


def test_without_scripts_the_month_goes_on(site: Site, browser: "Browser", tmp_path: Path) -> None:
    """Upload, look, submit, approve, accept: with scripts switched off."""
    whole_team(site)
    file = tmp_path / "visits.csv"
    file.write_text(visits(JUNE, late=7), encoding="utf-8")
    with served() as base:
        pages = {}
        for person in (PREPARER, APPROVER, OFFICER):
            context = context_of(browser, base=base, site=site, person=None, java_script_enabled=False)
            pages[person.id] = context.new_page()
            pages[person.id].goto("/")
            pages[person.id].get_by_role("button", name=re.compile(person.name)).click()
        preparer, approver, officer = pages.values()
        preparer.goto(f"{VISITS}/upload")
        preparer.get_by_label("File", exact=True).set_input_files(file)
        sends(preparer, "Upload and look at it")
        site.work()
        preparer.reload()
        preparer.get_by_role("button", name="Go on to submit it").click()
        preparer.get_by_label("Why", exact=True).fill("June again.")
        sends(preparer, "Submit")
        for page, act, button in ((approver, "Approve", "Approve the submission"), (officer, "Accept", "Accept it")):
            page.goto(VISITS)
            page.get_by_role("link", name=f"{act} tiny/visits/2019-06/s2").click()
            page.get_by_label("Why", exact=True).fill("It is right.")
            sends(page, button)
        assert officer.get_by_role("heading", name="tiny/visits/2019-06/s2: accepted").count() == 1
        for page in pages.values():
            page.context.close()


def test_a_month_is_decided_by_keyboard_alone(site: Site, browser: "Browser") -> None:
    """Sign in, open the month and a KPI, decide a mitigation; and whatever has the focus shows it."""
    whole_team(site)
    bring_to(site, "closed")
    with served() as base:
        context = context_of(browser, base=base, site=site, person=None)
        page = context.new_page()
        page.goto("/")
        _goes_to(page, DECIDER.name)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}/")
        page.goto(TINY)
        page.keyboard.press("Tab")
        assert _focused(page) == "Skip to main content"
        page.keyboard.press("Enter")
        _goes_to(page, "Jun 2019")
        page.keyboard.press("Enter")
        page.wait_for_url("**/months/2019-06")
        _goes_to(page, "SEEN")
        page.keyboard.press("Enter")
        page.wait_for_url("**/kpis/SEEN")
        page.goto(f"{TINY}/mitigations/SEEN/2019-06/g1")
        _goes_to(page, "Decide")
        page.keyboard.press("Enter")
        page.wait_for_url("**/decide")
        _goes_to(page, "outcome")
        for key in ("Space", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        assert page.get_by_label("Refuse it").is_checked()
        _goes_to(page, "reason")
        page.keyboard.type("The door stood open.")
        _goes_to(page, "Record the decision")
        page.keyboard.press("Enter")
        page.wait_for_url("**/g1")
        assert "refused" in page.get_by_role("heading", level=1).inner_text()
        context.close()


def test_a_file_is_sent_by_keyboard_alone(site: Site, browser: "Browser", tmp_path: Path) -> None:
    whole_team(site)
    file = tmp_path / "visits.csv"
    file.write_text(visits(JUNE), encoding="utf-8")
    with served() as base:
        context = context_of(browser, base=base, site=site, person=PREPARER)
        page = context.new_page()
        page.goto(VISITS)
        _goes_to(page, "Upload a file")
        page.keyboard.press("Enter")
        page.wait_for_url("**/upload")
        _goes_to(page, "file")
        # What the key opens next is a window of the browser's own, in which no test can type.
        page.locator(":focus").set_input_files(file)
        _goes_to(page, "Upload and look at it")
        page.keyboard.press("Enter")
        page.wait_for_url("**/uploads/*")
        assert page.get_by_role("heading", level=1).inner_text() == "visits.csv: being looked at"
        context.close()


def _focused(page: "Page") -> str:
    """The text, or for a field the name, of what has the focus."""
    text: str = page.evaluate("(e => e.name || e.innerText.trim())(document.activeElement)")
    return text


SHOWS = "(e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0"
SHOWS += " || s.boxShadow !== 'none' || getComputedStyle(e.labels?.[0] ?? e, '::before').boxShadow !== 'none'; })"


def _goes_to(page: "Page", wanted: str) -> None:
    """Press Tab until that has the focus, which every step must show."""
    for _ in range(120):
        page.keyboard.press("Tab")
        found = _focused(page)
        if found == wanted or found.startswith(wanted):
            assert page.evaluate(f"{SHOWS}(document.activeElement)"), f"{found} does not show that it has the focus"
            return
    raise AssertionError(f"'{wanted}' is not reached by the Tab key")
