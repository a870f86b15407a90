"""muniment check-deployment [--database URL]"""

import argparse

from muniment.faces.cli.printing import print_json
from muniment.faces.desk.shapes import problems_json
from muniment.faces.desk.site_commands import ask_site, problems_in
from muniment.faces.desk.stores import address


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where something is an error, not where all are warnings."""
    where = address(arguments.database)
    problems = problems_in(ask_site("report_deployment", where=where))
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        print_json(problems_json(problems))
        return 1 if errors else 0
    for problem in problems:
        note = "warning: " if problem.severity == "warning" else ""
        print(f"{note}{problem.place.file}: {problem.what} - {problem.remedy}")
    warnings = len(problems) - len(errors)
    print(f"\n{where.shown}: {_count(len(errors), 'error')}, {_count(warnings, 'warning')}.")
    return 1 if errors else 0


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' if number != 1 else ''}"
