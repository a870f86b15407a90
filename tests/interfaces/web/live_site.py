"""The site as a browser meets it: served on a free port of this machine, from the database of one test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from muniment.example.cast import Person
from tests.interfaces.web.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDE = {"width": 1200, "height": 900}
"""A desk's screen."""


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = False
    block_on_close = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Requests are looked at by the tests, not printed."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the site, which answers until the end of the block."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Threaded, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def context_of(
    browser: "Browser", *, base: str, site: Site, person: Person | None, **options: object
) -> "BrowserContext":
    """A browser of its own in which that person is signed in; none: nobody is."""
    found = browser.new_context(base_url=base, **{"viewport": WIDE, **options})  # type: ignore[arg-type]  # options of many types
    found.set_default_timeout(20_000)
    if person is not None:
        session = site.signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        found.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    return found


def sends(page: "Page", button: str) -> None:
    """Press the button that sends a form, and wait for what comes of it."""
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("load")
