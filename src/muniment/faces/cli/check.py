"""muniment check FOLDER"""

import argparse
import sys

from muniment.faces.cli.asked import elsewhere_of, where_of
from muniment.faces.cli.printing import print_json
from muniment.faces.desk.checking import check_contract
from muniment.faces.desk.shapes import problems_json


def run(arguments: argparse.Namespace) -> int:
    problems = check_contract(folder=where_of(arguments), elsewhere=elsewhere_of(arguments.evidence))
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        print_json(problems_json(problems))
        return 1 if errors else 0
    for problem in problems:
        print(problem)
    if errors:
        print(f"\n{len(errors)} problem{'s' if len(errors) != 1 else ''}.", file=sys.stderr)
        return 1
    print(f"{arguments.folder}: no problems.")
    return 0
