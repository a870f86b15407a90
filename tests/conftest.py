"""What every test may ask for: the browser, the accessibility checker, and how hard Hypothesis looks."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
# The browser's driver keeps an event loop running in its worker, where Django would refuse every query as unsafe. Tests
# of the register run one after the other and never inside that loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _configure_django() -> None:
    """A process has one set of Django's settings: those of the site serve the tests of the register too.

    The database they name is never opened: each test points to its own. The environment that programs started by tests
    inherit stays as it was.
    """
    import django
    from django.conf import settings

    before = dict(os.environ)
    nowhere = tempfile.mkdtemp(prefix="muniment-tests-")
    os.environ.update(MUNIMENT_DATABASE=f"sqlite:///{nowhere}/never-opened.sqlite3", MUNIMENT_DEMO="yes")
    try:
        from muniment.site import settings as site

        settings.configure(**{name: getattr(site, name) for name in dir(site) if name.isupper()})
        django.setup()
    finally:
        os.environ.clear()
        os.environ.update(before)


_configure_django()

# No deadline: how long one example takes says something about the machine, not about the rule.
settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
# A red build must be about the change that it builds. Looking for new cases is the work of `make proof`.
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.register_profile("proof", settings.get_profile("default"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "default"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all browser tests in one worker, so that one browser serves them all."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium as the machine has it. Without one a test is skipped, and fails in CI."""
    command = [sys.executable, str(ROOT / "scripts" / "browser.py")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    if not path and IN_CI:
        pytest.fail(found.stderr.strip())
    if not path:
        pytest.skip(found.stderr.strip())

    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    # Chromium's own sandbox refuses to start as root, which is what a container usually runs as.
    as_root = ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, headless=True, args=[*quiet, *as_root])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, to be run inside a page: `page.evaluate(axe_source)`, then `axe.run()`."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.fail("axe-core is not installed - run 'make install'")
    return script.read_text(encoding="utf-8")
