"""The browser and the accessibility checker that page tests stand on work as they expect."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_accessibility_checker_runs_in_the_browser_and_finds_a_fault(browser: "Browser", axe_source: str) -> None:
    page = browser.new_page()
    page.set_content("<html lang='en'><title>A page</title><main><h1>A page</h1><img src='data:,'></main></html>")
    page.evaluate(axe_source)
    found = page.evaluate("async () => (await axe.run()).violations.map(violation => violation.id)")
    page.close()
    assert found == ["image-alt"]
