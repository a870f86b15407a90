"""What went wrong, as people read it: problems and refusals on standard error, never a traceback."""

import re
import sys
from collections.abc import Callable

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.versions import StaleError


class UsageError(Exception):
    """The command line itself is wrong: exit 2."""


def run_reporting_errors(run: Callable[[], int]) -> int:
    """Run a command; print what it raises for people and return the exit code.

    Whatever the machine refuses that nobody provided for is a problem of the file it names.
    """
    try:
        return run()
    except ProblemsFoundError as found:
        for problem in found.problems:
            print(problem, file=sys.stderr)
        count = len(found.problems)
        print(f"\n{count} problem{'s' if count != 1 else ''}.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        raise
    except OSError as error:
        print(_operating_system_problem(error), file=sys.stderr)
        return 1
    except NotRecordedError as error:
        print(f"muniment: {error}", file=sys.stderr)
        return 1
    except RefusedError as refused:
        print(f"refused: {refused}{_flag(refused)}", file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"muniment: {error}", file=sys.stderr)
        return 2


OPTIONS = (
    ("actor_named", "say who acts", "--as"),
    ("reason_given", "say why", "--reason"),
    ("evidence_accepted", "say why the month is settled without it", "--overdue TABLE='why'"),
    ("granted_in_part", "name rows or days", "--row, --day"),
    ("said", "say what the result should be", "--value"),
    ("not_answered", "uphold it as deemed", "--deemed"),
    ("silence", "without being deemed", "without --deemed"),
    ("late_evidence", "without saying that the window is over", "without --outside-window"),
    ("late_evidence", "", "--outside-window"),
)
"""(rule, what the refusal says, the option for it), the first that fits."""
_MISSING_FIELD = re.compile(r"the reported figure has no '(\w+)'")


def _flag(refused: RefusedError) -> str:
    """What says so on the command line; a refusal itself names no option, for pages show it too."""
    if isinstance(refused, StaleError):
        return f" (--seen {refused.since[-1].seq})"
    if (missing := _MISSING_FIELD.match(refused.what)) is not None:
        return f" (--{missing[1]})"
    found = (option for rule, says, option in OPTIONS if rule == refused.rule and says in refused.who_could)
    return next((f" ({option})" for option in found), "")


def _operating_system_problem(error: OSError) -> Problem:
    what = f"this cannot be used: {error.strerror or error}"
    remedy = "ask for access to it, or name another"
    return Problem(Place(str(error.filename or "this machine")), "F102", what, remedy)
