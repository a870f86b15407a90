"""muniment check | report | bundle | reperform: what is made of a contract, and whether it holds."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.interfaces.cli.arguments import (
    day_argument,
    elsewhere_of,
    month_argument,
    opened_by,
    reading_of,
    where_of,
)
from muniment.interfaces.cli.errors import UsageError
from muniment.interfaces.cli.printing import next_steps, print_json

if TYPE_CHECKING:
    from muniment.application.reperformance import Reperformance


def run_check(arguments: argparse.Namespace) -> int:
    from muniment.application.check import check_contract
    from muniment.application.read_models.findings import problems_found
    from muniment.application.read_models.stored import dump

    problems = check_contract(folder=where_of(arguments), elsewhere=elsewhere_of(arguments.evidence))
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        print_json(dump(problems_found(problems)))
        return 1 if errors else 0
    for problem in problems:
        print(problem)
    if errors:
        print(f"\n{len(errors)} problem{'s' if len(errors) != 1 else ''}.", file=sys.stderr)
        return 1
    print(f"{arguments.folder}: no problems.")
    return 0


def run_report(arguments: argparse.Namespace) -> int:
    from muniment.application.report import make_report

    first, last = month_argument(arguments.first), month_argument(arguments.last)
    meeting = day_argument(arguments.meeting)
    opened = opened_by(arguments)
    reading = reading_of(arguments, opened)
    rendered = make_report(
        opened=opened, reading=reading, first=first, last=last, meeting=meeting, out=Path(arguments.out)
    )
    print(rendered.title)
    print(rendered.html)
    print(rendered.pdf)
    return 0


def run_bundle(arguments: argparse.Namespace) -> int:
    from muniment.application.bundle import make_bundle, salt_in
    from muniment.application.output_files import must_take_a_file
    from muniment.application.recalculation import statement_reference_of

    try:
        asked = statement_reference_of(arguments.statement)
    except ValueError as error:
        raise UsageError(str(error)) from None
    out = Path(arguments.out)
    must_take_a_file(out)
    if arguments.salt and not arguments.pseudonymise:
        raise UsageError("--salt does nothing without --pseudonymise - add it, or leave both out")
    salt_file = Path(arguments.salt) if arguments.salt else out.with_name(f"{out.name}.salt")
    salt = salt_in(salt_file) if arguments.pseudonymise else None
    written = make_bundle(
        folder=where_of(arguments),
        asked=asked,
        known=day_argument(arguments.known) if arguments.known else None,
        engine=arguments.engine,
        out=out,
        salt=salt,
    )
    print(f"{written.path}: {written.members} members, {written.path.stat().st_size:,} bytes")
    print(f"sha256 of its manifest.json: {written.digest}")
    if salt is not None:
        print(f"The salt is in {salt_file}: keep it, and do not give it away with the bundle.")
    next_steps(f"muniment reperform {out}", f"muniment reperform {out} --sql", f"muniment heads {arguments.folder}")
    return 0


def run_reperform(arguments: argparse.Namespace) -> int:
    from muniment.application.reperformance import reperform, reperform_by_sql

    bundle = Path(arguments.bundle)
    done = reperform_by_sql(bundle=bundle) if arguments.sql else reperform(bundle=bundle, engine=arguments.engine)
    if arguments.format == "json":
        agreeing, differing = list(done.agreeing), list(done.differing)
        print_json({"statement": done.statement, "by": done.by, "agreeing": [*agreeing], "differing": [*differing]})
    else:
        _print(done)
    return 1 if done.differing else 0


def _print(done: "Reperformance") -> None:
    verdict = "it DIFFERS from what is expected" if done.differing else "all of it agrees, byte for byte"
    if done.by_sql and not done.differing:
        verdict = "every numerator and denominator agrees"
    print(f"{done.statement}, re-performed by {done.by}: {verdict}.\n")
    for line in done.differing:
        print(f"  differs: {line}")
    for line in done.agreeing:
        print(f"  agrees: {line}")
