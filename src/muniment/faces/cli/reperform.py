"""muniment reperform F.zip"""

import argparse
from pathlib import Path

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.faces.cli.printing import print_json
from muniment.faces.desk.reperforming import Reperformed, reperform, reperform_by_sql


def run(arguments: argparse.Namespace) -> int:
    bundle = Path(arguments.bundle)
    if not bundle.is_file():
        raise ProblemsFound([Problem(Place(str(bundle)), "B000", "there is no such bundle", "name a .zip file")])
    done = reperform_by_sql(bundle=bundle) if arguments.sql else reperform(bundle=bundle, engine=arguments.engine)
    if arguments.format == "json":
        agreeing, differing = list(done.agreeing), list(done.differing)
        print_json({"statement": done.statement, "by": done.by, "agreeing": [*agreeing], "differing": [*differing]})
    else:
        _print(done)
    return 1 if done.differing else 0


def _print(done: Reperformed) -> None:
    verdict = "it DIFFERS from what is expected" if done.differing else "all of it agrees, byte for byte"
    if done.by_sql and not done.differing:
        verdict = "every numerator and denominator agrees"
    print(f"{done.statement}, re-performed by {done.by}: {verdict}.\n")
    for line in done.differing:
        print(f"  differs: {line}")
    for line in done.agreeing:
        print(f"  agrees: {line}")
