"""muniment database | import | export | rebuild | backup | restore | doctor: where contracts are kept."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.application.stores import ContractInDatabase, contract_named, database_address, short_path, system_clock
from muniment.domain.kernel.fingerprint import Json, short
from muniment.interfaces.cli.arguments import database_contract, where_of
from muniment.interfaces.cli.errors import UsageError
from muniment.interfaces.cli.printing import TextTable, next_steps, print_json, print_table

if TYPE_CHECKING:
    from muniment.application.backup import BackupContract
    from muniment.application.import_export import Transfer
    from muniment.application.restore import RestoredContract


def run_database(arguments: argparse.Namespace) -> int:
    from muniment.application.import_export import contracts_in_database, create_database

    where = database_address(arguments.database)
    if arguments.what == "create":
        create_database(where)
        print(f"The database is ready: {where.shown}, its files in {short_path(where.files)}")
        next_steps("muniment import FOLDER", "muniment database list")
        return 0
    found = contracts_in_database(where)
    if arguments.format == "json":
        contracts: list[Json] = [
            {"contract": one.contract, "authority": one.authority, "entries": one.entries, "head": one.head}
            for one in found
        ]
        print_json({"contracts": contracts})
        return 0
    rows = [(one.contract, one.authority, str(one.entries), (one.head or "not open")[:12]) for one in found]
    title = f"{len(found)} contract{'s' if len(found) != 1 else ''} in {where.shown}"
    print_table(TextTable(title, ("Contract", "Authority", "Entries", "Head"), rows, right=frozenset({2})))
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    from muniment.application.import_export import import_contract_folder

    moved = import_contract_folder(Path(arguments.folder), where=database_address(arguments.database))
    _print_transfer(moved, done="Imported", source="the folder", target="the database")
    next_steps(f"muniment check database:{moved.contract}")
    return 0


def run_export(arguments: argparse.Namespace) -> int:
    from muniment.application.import_export import export_contract_folder

    out = Path(arguments.out)
    moved = export_contract_folder(database_contract(arguments), folder=out)
    _print_transfer(moved, done="Exported", source="the database", target="the folder")
    next_steps(f"muniment check {out}")
    return 0


def _print_transfer(moved: "Transfer", *, done: str, source: str, target: str) -> None:
    before = f"head {short(moved.before)}" if moved.before else "nothing"
    summary = moved.summary
    has = f"{target} has" if summary.behind else "both have"
    print(f"{moved.contract}, before: {source} had head {short(moved.source or '')}, {target} had {before}")
    print(f"{moved.contract}, now: {has} head {short(summary.head or '')}")
    erased = f", {summary.erased} texts erased" if summary.erased else ""
    print(f"{done}: {summary.entries} entries, {summary.blobs} files{erased}")
    if summary.behind:
        entries = "1 entry" if summary.behind == 1 else f"{summary.behind} entries"
        older = f"{source} is {entries} behind, so its text was left where it is"
        print(f"{older}: muniment export database:{moved.contract} --out FOLDER brings it up to date")
    if moved.drafts:
        print(
            f"Not as it was adopted: {', '.join(moved.drafts)}; adopt it, or import the folder with the text put back"
        )


def run_rebuild(arguments: argparse.Namespace) -> int:
    from muniment.application.projections import recompute_projections

    where = database_contract(arguments)
    projected = recompute_projections(where)
    months = len({line.month for line in projected.counts})
    print(
        f"{where}: {len(projected.results)} results of {months} months, "
        f"as the record has them at entry {projected.seq}, head {short(projected.head)}"
    )
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    from muniment.application.backup import back_up, back_up_all
    from muniment.application.output_files import must_take_a_file

    out, where = Path(arguments.out), where_of(arguments)
    must_take_a_file(out)
    if arguments.all:
        if not isinstance(where, ContractInDatabase) or where.contract:
            raise UsageError("--all backs up a whole database - write it as 'database: --all'")
        held = back_up_all(where.address, out=out)
    elif isinstance(where, ContractInDatabase) and not where.contract:
        raise UsageError("'database:' names no contract - write database:ID, or add --all")
    else:
        held = back_up(where, out=out)
    print(f"{out}: {len(held)} contract{'s' if len(held) != 1 else ''}, {out.stat().st_size:,} bytes")
    for one in held:
        print(f"  {backup_line(one)}")
    next_steps(f"muniment restore {out} --into a-new-folder")
    return 0


def backup_line(held: "BackupContract") -> str:
    """A contract of a backup, with what to compare it by."""
    return f"{held.contract}: {held.entries} entries, head {short(held.head)}"


def run_restore(arguments: argparse.Namespace) -> int:
    from muniment.application.restore import restore

    into = contract_named(arguments.into, database=arguments.database)
    restored = restore(Path(arguments.backup), into=into)
    target = "the database" if isinstance(into, ContractInDatabase) else into
    print(f"Restored into {target}: {len(restored)} contract{'s' if len(restored) != 1 else ''}, all checked")
    for one in restored:
        there = ", was there already" if one.is_there else ""
        print(f"  {backup_line(one.held)}{there}{_put_back(one)}")
        _say_what_was_left(one)
    return 0


def _put_back(restored: "RestoredContract") -> str:
    if not restored.put_back:
        return ""
    return f", {restored.put_back} missing file{'s' if restored.put_back != 1 else ''} put back"


def _say_what_was_left(restored: "RestoredContract") -> None:
    if restored.left:
        what = f"{len(restored.left)} evidence files that merely lay ready are no record, and stay in the backup"
        print(f"  {restored.held.contract}: {what}", file=sys.stderr)


def run_doctor(arguments: argparse.Namespace) -> int:
    from muniment.application.doctor import doctor
    from muniment.application.read_models.findings import problems_found
    from muniment.application.read_models.stored import dump

    problems = doctor(where_of(arguments), now=system_clock().instant(), sweep=arguments.sweep)
    errors = [problem for problem in problems if problem.severity == "error"]
    if arguments.format == "json":
        print_json(dump(problems_found(problems)))
        return 1 if errors else 0
    count = f"{len(errors)} thing{'s are' if len(errors) != 1 else ' is'} wrong"
    noted = len(problems) - len(errors)
    print(f"{arguments.folder}: {count if errors else 'sound'}{f', {noted} to note' if noted else ''}.")
    for problem in problems:
        print(f"  {problem}")
    return 1 if errors else 0
