"""The pages that say what went wrong and what to do; a body that was cut off on its way is one of them."""

from collections.abc import Callable, Iterable
from io import IOBase
from typing import IO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.application.uploads import CutOffError

INPUT = "wsgi.input"
_PORTION = 1 << 16


class BodyCutOffError(CutOffError, BadRequest):
    """Answered with 400."""


class WholeBody(IOBase):
    """The stream of a body of so many bytes. Raises BodyCutOffError where it ends before."""

    def __init__(self, stream: IO[bytes], announced: int) -> None:
        self._stream = stream
        self._announced = announced
        self._came = 0

    def read(self, size: int = -1, /) -> bytes:
        if size >= 0:
            return self._next(self._stream.read, size)
        return b"".join(iter(lambda: self.read(_PORTION), b""))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._next(self._stream.readline, -1 if size is None else size)

    def _next(self, take: Callable[[int], bytes], size: int) -> bytes:
        found = take(size)
        self._came += len(found)
        if not found and size != 0 and self._came < self._announced:
            raise BodyCutOffError(self._announced, self._came)
        return found


def whole_bodies(application: WSGIApplication) -> WSGIApplication:
    """The application, with every body watched that has a length."""

    def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        announced = str(environ.get("CONTENT_LENGTH") or "")
        if announced.isascii() and announced.isdigit():
            environ[INPUT] = WholeBody(environ[INPUT], int(announced))
        return application(environ, start_response)

    return watched


def not_found_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    return render(request, "errors/not_found.html", {"title": "Page not found"}, status=404)


def forbidden_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's
    return render(request, "errors/forbidden.html", {"title": "You may not see this page"}, status=403)


def bad_request_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = f"What you sent was cut off on its way: {exception}." if isinstance(exception, BodyCutOffError) else ""
    context = {"title": "This request cannot be read", "said": said}
    return render(request, "errors/bad_request.html", context, status=400)


def csrf_failure_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Nothing was recorded: the form came from elsewhere, or the session it was made in has ended."""
    return render(request, "errors/csrf.html", {"title": "This form is too old"}, status=403)


def server_error_page(request: HttpRequest) -> HttpResponse:
    """Something of ours failed. No template is used that could fail again for the same reason."""
    return render(request, "errors/broken.html", {"title": "Something went wrong here"}, status=500)
