"""Asking the site for what only it can do: its management commands, each as a process of its own.

The desk knows the site by the name of its settings and imports nothing of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from muniment.application.stores import DATABASE_VARIABLE, FILES_VARIABLE, DatabaseAddress
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, Severity

SETTINGS = "muniment.settings"
PYTHON = (sys.executable, "-P")
"""-P: nothing in the present folder is taken for a module of ours."""


def site_environment(where: DatabaseAddress, more: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the site finds the register. `more`: variables beside those of this process."""
    of_register = {DATABASE_VARIABLE: where.database, FILES_VARIABLE: str(where.files.absolute())}
    return {**os.environ, **more, **of_register, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def ask_site(*command: str, where: DatabaseAddress, given: Json = None, more: Mapping[str, str] | None = None) -> Json:
    """What a management command of the site answers, in JSON. `given`: what it reads. Raises ProblemsFoundError where
    the register is not there, and with whatever the command says is wrong: 'what - what to do' on its last line."""
    must_be_there(where)
    ran = subprocess.run(
        [*PYTHON, "-m", "django", *command],
        input=json.dumps(given),
        env=site_environment(where, more or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise ProblemsFoundError([_said(command[0], ran.stderr)])
    answer: Json = json.loads(ran.stdout or "null")
    return answer


def problems_in(answer: Json) -> tuple[Problem, ...]:
    """Those that a command found, as shapes.problems_json writes them; none where it answered something else."""
    rows = answer.get("problems") if isinstance(answer, dict) else None
    return tuple(_problem(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _problem(row: Mapping[str, Json]) -> Problem:
    line, column = row["line"], row["column"]
    place = Place(str(row["file"]), line if isinstance(line, int) else 1, column if isinstance(column, int) else 1)
    severity: Severity = "warning" if row["severity"] == "warning" else "error"
    return Problem(place, str(row["code"]), str(row["what"]), str(row["remedy"]), severity)


def must_be_there(where: DatabaseAddress) -> None:
    """Raises ProblemsFoundError where the register is a database file that is not there."""
    if where.is_missing:
        remedy = "make one with 'muniment register create', or say where it is with --database"
        raise ProblemsFoundError([Problem(Place(where.shown), "G004", "there is no register here", remedy)])


def _said(command: str, stderr: str) -> Problem:
    lines = [line for line in stderr.splitlines() if line.strip()] or ["it said nothing"]
    what, dash, remedy = lines[-1].removeprefix("CommandError: ").partition(" - ")
    if dash and lines[-1].startswith("CommandError: "):
        return Problem(Place("the register"), "G020", f"the site refuses: {what}", f"{remedy}")
    unforeseen = f"the site cannot do '{command}': {lines[-1].strip()}"
    return Problem(Place("the site"), "G021", unforeseen, f"run 'python -m django {command}' to see all that it says")
