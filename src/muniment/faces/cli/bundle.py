"""muniment bundle FOLDER STATEMENT --out F.zip"""

import argparse
from pathlib import Path

from muniment.faces.cli.asked import day_of, where_of
from muniment.faces.cli.failing import WronglyAsked
from muniment.faces.cli.printing import next_steps
from muniment.faces.desk.bundling import make_bundle
from muniment.faces.desk.computing import asked_of
from muniment.faces.desk.salt import salt_in
from muniment.faces.desk.writing import must_take_a_file


def run(arguments: argparse.Namespace) -> int:
    try:
        asked = asked_of(arguments.statement)
    except ValueError as error:
        raise WronglyAsked(str(error)) from None
    out = Path(arguments.out)
    must_take_a_file(out)
    if arguments.salt and not arguments.pseudonymise:
        raise WronglyAsked("--salt does nothing without --pseudonymise - add it, or leave both out")
    salt_file = Path(arguments.salt) if arguments.salt else out.with_name(f"{out.name}.salt")
    salt = salt_in(salt_file) if arguments.pseudonymise else None
    written = make_bundle(
        folder=where_of(arguments),
        asked=asked,
        known=day_of(arguments.known) if arguments.known else None,
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
