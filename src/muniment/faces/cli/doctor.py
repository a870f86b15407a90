"""muniment doctor STORE"""

import argparse

from muniment.faces.cli.asked import where_of
from muniment.faces.cli.printing import print_json
from muniment.faces.desk.doctoring import doctor
from muniment.faces.desk.shapes import problems_json
from muniment.faces.desk.stores import clock


def run(arguments: argparse.Namespace) -> int:
    problems = doctor(where_of(arguments), now=clock().instant(), sweep=arguments.sweep)
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        print_json(problems_json(problems))
        return 1 if errors else 0
    count = f"{len(errors)} thing{'s are' if len(errors) != 1 else ' is'} wrong"
    noted = len(problems) - len(errors)
    print(f"{arguments.folder}: {count if errors else 'sound'}{f', {noted} to note' if noted else ''}.")
    for problem in problems:
        print(f"  {problem}")
    return 1 if errors else 0
