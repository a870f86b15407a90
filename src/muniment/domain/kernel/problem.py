"""A problem in somebody's file, as a value: where, what is wrong, what to do.

Problems are collected and reported all at once; nothing is half-written because of one.
The printed form is `file:line:col: what is wrong - what to do`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file. Lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, columns: int) -> "Place":
        """The place `columns` further along the same line."""
        return Place(self.file, self.line, self.column + columns)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong. `code` is stable (R012, L003, E101 ...); texts may be improved."""

    place: Place
    code: str
    what: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        note = "warning: " if self.severity == "warning" else ""
        return f"{self.place}: {note}{self.what} - {self.remedy}"


class ProblemsFoundError(Exception):
    """Raised where work cannot go on; carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    matches = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: "did you mean 'x'?" where a known name is near, else `otherwise`."""
    near = nearest(name, known)
    return f"did you mean '{near}'?" if near else otherwise


def raise_if_errors(problems: Iterable[Problem]) -> None:
    """Raise ProblemsFoundError when any of the problems is an error; warnings pass."""
    found = tuple(problems)
    if any(problem.severity == "error" for problem in found):
        raise ProblemsFoundError(found)
