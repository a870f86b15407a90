"""What can be typed. Nothing here imports what a command needs: `--help` answers at once.

The words of the commands that write to a ledger stand in a file, which scripts/docs.py makes from their table; the
arguments of one are declared when it is typed.
"""

import argparse
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

LEDGER_WORDS = Path(__file__).with_name("ledger_words.txt")
"""A word and what it says on each line, in the order of the help."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the descriptions' own lines, and leaves room for the option names."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


@dataclass(frozen=True)
class CliCommand:
    """`entry`: "module:function", imported when it is called: (arguments) -> exit code."""

    name: str
    entry: str
    summary: str
    declare: Callable[[argparse.ArgumentParser], None]


def declare_database(parser: argparse.ArgumentParser) -> None:
    """--database, for whatever takes a contract of a database."""
    parser.add_argument(
        "--database", metavar="URL", help="the database's address (default: MUNIMENT_DATABASE, else muniment.sqlite3)"
    )


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="a contract folder, or database:ID")
    declare_database(parser)


def _reading(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument(
        "--known", metavar="DAY", help="as known at the end of that day (default: the last entry's day)"
    )
    _elsewhere(parser)
    _engine(parser)


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=("duckdb", "reference"), default="duckdb", help="what measures; the answers are the same"
    )


def _elsewhere(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--evidence",
        metavar="TABLE=PATH",
        action="append",
        default=[],
        help="read a table from a file or folder elsewhere (can be given again)",
    )


def _months(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="MONTH", required=True, help="first month, as 2019-07")
    parser.add_argument("--to", dest="last", metavar="MONTH", required=True, help="last month, as 2019-11")


def _format(parser: argparse.ArgumentParser, choices: Sequence[str]) -> None:
    parser.add_argument("--format", choices=choices, default=choices[0], help="how to print (json is stable)")


def _check(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    _elsewhere(parser)
    _format(parser, ("text", "json"))


def _assess(parser: argparse.ArgumentParser) -> None:
    _reading(parser)
    _months(parser)
    parser.add_argument("--kpi", metavar="CODE", help="only this KPI")
    _format(parser, ("table", "json", "csv"))


def _summary(parser: argparse.ArgumentParser) -> None:
    _reading(parser)
    _months(parser)
    _format(parser, ("table", "json", "csv"))


def _statement(parser: argparse.ArgumentParser) -> None:
    _reading(parser)
    parser.add_argument("--period", metavar="MONTH", required=True, help="the month, as 2019-11")
    _format(parser, ("table", "json", "csv"))


def _explain(parser: argparse.ArgumentParser) -> None:
    _reading(parser)
    parser.add_argument("kpi", metavar="KPI", help="a KPI's code, as CSC_KPI_04")
    parser.add_argument("period", metavar="PERIOD", help="the month, as 2019-09")
    _format(parser, ("text", "json"))


def _report(parser: argparse.ArgumentParser) -> None:
    _reading(parser)
    _months(parser)
    parser.add_argument("--meeting", metavar="DAY", required=True, help="the day the board meets, as 2020-01-30")
    parser.add_argument("--out", metavar="DIR", required=True, help="where report.html and report.pdf are written")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", default="demo", help="where the example is made (default: demo)")
    parser.add_argument("--no-serve", action="store_true", help="end when the report is made; do not serve pages")
    parser.add_argument("--again", action="store_true", help="serve the demonstration that is there, as it was left")
    _port(parser)


def _port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", type=int, default=8000, help="where pages are served (default: 8000)")


def _serve(parser: argparse.ArgumentParser) -> None:
    declare_database(parser)
    parser.add_argument(
        "--host",
        metavar="HOST",
        default="127.0.0.1",
        help="the address to listen at (default: 127.0.0.1, this machine)",
    )
    _port(parser)
    parser.add_argument(
        "--workers", metavar="N", type=int, default=2, help="processes that answer, of 4 threads each (default: 2)"
    )
    parser.add_argument(
        "--job-workers", metavar="N", type=int, default=1, help="processes that do what takes longer (default: 1)"
    )


def _account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("add", "password", "close", "list"), help="what to do")
    parser.add_argument("email", metavar="EMAIL", nargs="?", help="the e-mail address with which the person signs in")
    parser.add_argument("--name", metavar="TEXT", help="the person's name, which can be erased later")
    parser.add_argument("--actor", metavar="ID", help="the id under which they act already (default: a new one)")
    declare_database(parser)
    _format(parser, ("table", "json"))


def _check_deployment(parser: argparse.ArgumentParser) -> None:
    declare_database(parser)
    _format(parser, ("text", "json"))


def _bundle(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("statement", metavar="STATEMENT", help="cssc/2019-09/v1, or cssc/2019-09 before it is locked")
    parser.add_argument("--out", metavar="FILE", required=True, help="the bundle, as september.zip")
    parser.add_argument("--known", metavar="DAY", help="as known at the end of that day, where it is not locked")
    parser.add_argument("--pseudonymise", action="store_true", help="replace the keys of rows; all figures re-perform")
    parser.add_argument(
        "--salt", metavar="FILE", help="what the pseudonyms are made with (default: OUT.salt, made new)"
    )
    _engine(parser)


def _reperform(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", metavar="BUNDLE", help="a bundle, as september.zip")
    _engine(parser)
    parser.add_argument("--sql", action="store_true", help="run the bundle's own SQL and nothing else")
    _format(parser, ("text", "json"))


def _heads(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--known", metavar="DAY", help="as known at the end of that day")
    _format(parser, ("table", "json"))


def _reported(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--on", metavar="DAY", required=True, help="as last reported by the end of that day")
    parser.add_argument(
        "--fact", metavar="FACT", action="append", default=[], help="only this fact, as CSC_KPI_04/2019-09/value"
    )
    _engine(parser)
    _format(parser, ("table", "json"))


def _changed(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("before", metavar="BEFORE", help="a locked statement, as cssc/2019-09/v1")
    parser.add_argument("after", metavar="AFTER", help="another, as cssc/2019-09/v2")
    _format(parser, ("table", "json"))


def _since_lock(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("months", metavar="MONTH", nargs="*", help="only these months, as 2019-09")
    _format(parser, ("table", "json"))


def _audit_trail(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--subject", metavar="SUBJECT", help="only what is about it, as cssc/calls/2019-09")
    parser.add_argument("--as", dest="actor", metavar="ACTOR", help="only what this person may see")
    _format(parser, ("table", "json"))


def _waiting(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--on", metavar="DAY", help="as it waits on that day (default: the last entry's day)")
    parser.add_argument("--subject", metavar="SUBJECT", help="only what is about it, as cssc/2019-09")
    _format(parser, ("text", "json"))


def _database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("create", "list"), help="make its tables, or say which contracts are in it")
    declare_database(parser)
    _format(parser, ("table", "json"))


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="a contract folder with a record")
    declare_database(parser)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="CONTRACT", help="database:ID")
    parser.add_argument("--out", metavar="FOLDER", required=True, help="a new folder, or one that was exported before")
    declare_database(parser)


def _backup(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--out", metavar="FILE", required=True, help="the backup, as cssc.zip")
    parser.add_argument("--all", action="store_true", help="every contract of the database (as FOLDER: 'database:')")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", metavar="BACKUP", help="a backup, as cssc.zip")
    parser.add_argument("--into", metavar="WHERE", required=True, help="a new folder, or 'database:'")
    declare_database(parser)


def _rebuild(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="CONTRACT", help="database:ID")
    declare_database(parser)


def _doctor(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--sweep", action="store_true", help="delete unfinished files that are older than a day")
    _format(parser, ("text", "json"))


def _ledger_commands() -> Iterator[CliCommand]:
    for line in LEDGER_WORDS.read_text(encoding="utf-8").splitlines():
        word, _, says = line.partition("\t")
        yield CliCommand(word, "commands:run_ledger_command", says, partial(_ledger_line, word))


def _ledger_line(word: str, parser: argparse.ArgumentParser) -> None:
    from muniment.interfaces.cli.command_lines import declare_line

    declare_line(parser, word)
    declare_database(parser)


CLI_COMMANDS = (
    CliCommand("check", "documents:run_check", "every problem of the agreed text, the record and the evidence", _check),
    CliCommand("assess", "figures:run_assess", "each KPI in each month: number, status, category, points", _assess),
    CliCommand("summary", "figures:run_summary", "Table 1: how many KPIs stand where, month by month", _summary),
    CliCommand(
        "statement", "figures:run_statement", "a month's points and service credit, with the working", _statement
    ),
    CliCommand("explain", "figures:run_explain", "why a KPI stands where it stands, down to rows and clause", _explain),
    CliCommand("report", "documents:run_report", "the board report as HTML and PDF", _report),
    CliCommand("reported", "record:run_reported", "what was last reported, against what the records say", _reported),
    CliCommand("changed", "record:run_changed", "what differs between two locked statements, and why", _changed),
    CliCommand(
        "since-lock",
        "record:run_since_lock",
        "what locked statements would say if they were computed now",
        _since_lock,
    ),
    CliCommand(
        "bundle",
        "documents:run_bundle",
        "a statement with all that it was computed from, for others to check",
        _bundle,
    ),
    CliCommand("reperform", "documents:run_reperform", "compute a bundle's statement again, and compare", _reperform),
    CliCommand(
        "heads", "record:run_heads", "the heads of the record and of each statement, for others to keep", _heads
    ),
    CliCommand("audit-trail", "record:run_audit_trail", "the entries of the record, as people read them", _audit_trail),
    CliCommand("waiting", "record:run_waiting", "who must do what by when", _waiting),
    CliCommand("database", "stores:run_database", "make a database of contracts, or say what is in it", _database),
    CliCommand("import", "stores:run_import", "bring a folder's contract into the database", _import),
    CliCommand("export", "stores:run_export", "write a contract of the database out as a folder", _export),
    CliCommand("backup", "stores:run_backup", "all that is kept of a contract, or of a database, in one file", _backup),
    CliCommand(
        "restore", "stores:run_restore", "restore a backup, checked first, into a folder or a database", _restore
    ),
    CliCommand("rebuild", "stores:run_rebuild", "compute again what a database shows on its pages", _rebuild),
    CliCommand("doctor", "stores:run_doctor", "everything that can be wrong with a store", _doctor),
    *_ledger_commands(),
    CliCommand("serve", "installation:run_serve", "serve the pages of a database, and do what they ask for", _serve),
    CliCommand(
        "account",
        "installation:run_account",
        "who may sign in to the pages: add, list, close, a new password",
        _account,
    ),
    CliCommand(
        "check-deployment",
        "installation:run_check_deployment",
        "what is not right where the pages are served",
        _check_deployment,
    ),
    CliCommand("demo", "demo:run_demo", "make the example contract and its report, and serve it to look around", _demo),
)


def parser_of(version: str, *, words: Collection[str] | None = None) -> argparse.ArgumentParser:
    """The whole command line. `words`: what was typed; only a command among them takes its arguments. None: all do."""
    parser = argparse.ArgumentParser(
        prog="muniment",
        description="Holds outsourced public services to account, from the agreed text and the evidence.",
        epilog="Begin with 'muniment demo', or with 'muniment check FOLDER' on a contract of your own.",
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"muniment {version}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND [options]", title="commands")
    for command in CLI_COMMANDS:
        child = commands.add_parser(
            command.name, help=command.summary, description=command.summary[0].upper() + command.summary[1:] + ".",
            formatter_class=HelpFormatter,
        )  # fmt: skip
        if words is None or command.name in words:
            command.declare(child)
    return parser
