"""Collects the problems found in one condition, each at its place in the file.

Codes: L001 not a condition, L002 too long, L003 no such column, L004 no such function, L005 number of arguments,
L006 kind of argument, L007 calendar, L008 types that cannot be compared, L009 order of texts, L010 yes/no compared,
L011 not true or false, L012 a value the column never has, L013 options of a list, L014 may be missing,
L015 a value that cannot be read, L016 missing is asked of columns, L017 nested too deeply, L018 sums take numbers.
"""

from muniment.domain.kernel.problem import Place, Problem


class Findings:
    """Collects problems of a text that begins at `place`; offsets count characters from 0."""

    def __init__(self, *, text: str, place: Place) -> None:
        self._text = text
        self._place = place
        self._problems: set[Problem] = set()

    def add(self, *, at: int, code: str, what: str, remedy: str) -> None:
        self._problems.add(Problem(self._place_of(at), code, what, remedy))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found, each once, in the order of the file."""
        return tuple(sorted(self._problems))

    def _place_of(self, at: int) -> Place:
        lines_before = self._text.count("\n", 0, at)
        if lines_before == 0:
            return self._place.shifted(at)
        return Place(self._place.file, self._place.line + lines_before, at - self._text.rfind("\n", 0, at))
