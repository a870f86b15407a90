"""What went wrong, as people read it: problems and refusals on standard error, never a traceback."""

import sys
from collections.abc import Callable

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.ports import NotRecorded
from muniment.domain.record.refused import Refused


class WronglyAsked(Exception):
    """The command line itself is wrong: exit 2."""


def reported(run: Callable[[], int]) -> int:
    """Run a command; print what it raises for people and return the exit code.

    Whatever the machine refuses that nobody foresaw is a problem of the file it names.
    """
    try:
        return run()
    except ProblemsFound as found:
        for problem in found.problems:
            print(problem, file=sys.stderr)
        count = len(found.problems)
        print(f"\n{count} problem{'s' if count != 1 else ''}.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        raise
    except OSError as wrong:
        print(_unforeseen(wrong), file=sys.stderr)
        return 1
    except NotRecorded as wrong:
        print(f"muniment: {wrong}", file=sys.stderr)
        return 1
    except Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 1
    except WronglyAsked as wrong:
        print(f"muniment: {wrong}", file=sys.stderr)
        return 2


def _unforeseen(wrong: OSError) -> Problem:
    what = f"this cannot be used: {wrong.strerror or wrong}"
    remedy = "ask for access to it, or name another"
    return Problem(Place(str(wrong.filename or "this machine")), "F102", what, remedy)
