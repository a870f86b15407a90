"""A body that was cut off on its way is refused: without this, a form or file would count as far as it came.

A server hands on what it read; where the client went away, the stream just ends before its announced length.
"""

from collections.abc import Callable, Iterable
from io import IOBase
from typing import IO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import BadRequest

from muniment.faces.desk.keeping_uploads import CutOff

INPUT = "wsgi.input"
PORTION = 1 << 16


class BodyCutOff(CutOff, BadRequest):
    """Answered with 400."""


class WholeBody(IOBase):
    """The stream of a body of so many bytes. Raises BodyCutOff where it ends before."""

    def __init__(self, stream: IO[bytes], announced: int) -> None:
        self._stream = stream
        self._announced = announced
        self._came = 0

    def read(self, size: int = -1, /) -> bytes:
        if size >= 0:
            return self._next(self._stream.read, size)
        return b"".join(iter(lambda: self.read(PORTION), b""))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._next(self._stream.readline, -1 if size is None else size)

    def _next(self, take: Callable[[int], bytes], size: int) -> bytes:
        found = take(size)
        self._came += len(found)
        if not found and size != 0 and self._came < self._announced:
            raise BodyCutOff(self._announced, self._came)
        return found


def whole_bodies(application: WSGIApplication) -> WSGIApplication:
    """The application, with every body watched that has a length."""

    def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        announced = str(environ.get("CONTENT_LENGTH") or "")
        if announced.isascii() and announced.isdigit():
            environ[INPUT] = WholeBody(environ[INPUT], int(announced))
        return application(environ, start_response)

    return watched
