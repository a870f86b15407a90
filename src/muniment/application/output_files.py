"""Checks that a file can be written where it was asked for, and turns errors of the disk into problems in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

_ELSEWHERE = "name another place, or ask for access"


@contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """Raises ProblemsFoundError for whatever stands against writing `out`, a file or a folder."""
    try:
        yield
    except OSError as error:
        raise _cannot(out, f"this cannot be written: {error.strerror}") from error


def must_take_a_file(out: Path) -> None:
    """Raises ProblemsFoundError where a file cannot come to lie: said before the work, not after it.

    What is written beside its place and then named would replace a device or a pipe as if it were a file.
    """
    with writing_to(out):
        if not out.name or out.is_dir():
            raise _cannot(out, "this is a folder, and a file is to be written")
        if out.exists() and not out.is_file():
            raise _cannot(out, "this is no file that could be replaced")
        if not out.parent.is_dir():
            raise _cannot(out, f"there is no folder '{out.parent}'")


def _cannot(out: Path, what: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place(str(out)), "F101", what, _ELSEWHERE)])
