"""The commands that write to a ledger, as they are typed. Nothing here imports what a command needs."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CommandArgument:
    """One argument of a command. A name that begins with -- is an option; `is_needed`: it must be given; `is_flag`: it
    has no value."""

    name: str
    metavar: str
    says: str
    choices: tuple[str, ...] = ()
    is_needed: bool = True
    is_repeated: bool = False
    is_flag: bool = False


@dataclass(frozen=True)
class LedgerCommand:
    """`muniment NAME FOLDER ARGUMENTS --as ACTOR --for SIDE --reason TEXT`"""

    name: str
    summary: str
    arguments: tuple[CommandArgument, ...]

    @property
    def declare(self) -> Callable[[argparse.ArgumentParser], None]:
        return lambda parser: _declare(parser, self.arguments)


def _declare(parser: argparse.ArgumentParser, arguments: tuple[CommandArgument, ...]) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="a contract folder, or database:ID")
    for argument in arguments:
        _add(parser, argument)
    parser.add_argument("--as", dest="actor", metavar="ACTOR", required=True, help="who acts: declared, not checked")
    parser.add_argument("--for", dest="side", choices=("authority", "supplier"), required=True, help="for which side")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why, in a sentence")
    parser.add_argument("--seen", metavar="N", type=int, help="the last entry that you saw; refused if it moved on")
    parser.add_argument("--key", metavar="KEY", help="the same key again records nothing twice")
    declare_database(parser)


def declare_database(parser: argparse.ArgumentParser) -> None:
    """--database, for whatever takes a contract of a database."""
    parser.add_argument(
        "--database", metavar="URL", help="the database's address (default: MUNIMENT_DATABASE, else muniment.sqlite3)"
    )


def _add(parser: argparse.ArgumentParser, argument: CommandArgument) -> None:
    if not argument.name.startswith("--"):
        parser.add_argument(argument.name, metavar=argument.metavar, help=argument.says)
    elif argument.is_flag:
        parser.add_argument(argument.name, action="store_true", help=argument.says)
    elif argument.is_repeated:
        says = f"{argument.says} (can be given again)"
        parser.add_argument(argument.name, metavar=argument.metavar, action="append", default=[], help=says)
    elif argument.choices:
        parser.add_argument(argument.name, choices=argument.choices, required=argument.is_needed, help=argument.says)
    else:
        parser.add_argument(argument.name, metavar=argument.metavar, required=argument.is_needed, help=argument.says)


def _option(name: str, metavar: str, says: str, *, needed: bool = True, repeated: bool = False) -> CommandArgument:
    return CommandArgument(f"--{name}", metavar, says, is_needed=needed, is_repeated=repeated)


def _flag(name: str, says: str) -> CommandArgument:
    return CommandArgument(f"--{name}", "", says, is_needed=False, is_flag=True)


def _one_of(name: str, says: str, *choices: str, needed: bool = True) -> CommandArgument:
    return CommandArgument(f"--{name}", name.upper(), says, choices, is_needed=needed)


_SUBMISSION = CommandArgument("submission", "SUBMISSION", "its id, as cssc/calls/2019-09/s1")
_CHALLENGE = CommandArgument("challenge", "CHALLENGE", "its id, as cssc/calls/2019-09/q1")
_KPI = CommandArgument("kpi", "KPI", "a KPI's code, as CSC_KPI_04")
_MONTH = CommandArgument("month", "MONTH", "the month, as 2019-09")
ROLE_CHOICES = (
    "supplier_preparer", "supplier_approver", "contract_officer", "contract_manager", "decision_maker", "finance",
    "report_author", "project_office", "democratic_services", "auditor", "administrator",
)  # fmt: skip

LEDGER_COMMANDS = (
    LedgerCommand("open", "open the record of a contract", ()),
    LedgerCommand("adopt", "declare that the agreed text, as it is, is what was agreed", ()),
    LedgerCommand(
        "appoint",
        "appoint a person to a role in this contract",
        (
            CommandArgument("person", "PERSON", "the id under which they act"),
            _one_of("role", "the role", *ROLE_CHOICES),
            _option("first", "DAY", "the first day"),
            _option("last", "DAY", "the last day (default: until it is ended)", needed=False),
            _option("name", "TEXT", "the name, which can be erased later", needed=False),
        ),
    ),
    LedgerCommand(
        "delegate",
        "let another person stand in for an appointment for some days",
        (
            CommandArgument("appointment", "APPOINTMENT", "its id, as cssc/appointments/a1"),
            CommandArgument("person", "PERSON", "who stands in"),
            _option("first", "DAY", "the first day"),
            _option("last", "DAY", "the last day"),
        ),
    ),
    LedgerCommand(
        "end-appointment",
        "end an appointment or a delegation",
        (
            CommandArgument("appointment", "APPOINTMENT", "its id, as cssc/appointments/a1"),
            _option("last", "DAY", "the last day on which it holds"),
        ),
    ),
    LedgerCommand(
        "submit",
        "submit an evidence file for a table and month",
        (
            CommandArgument("table", "TABLE", "the evidence table"),
            _MONTH,
            CommandArgument("file", "FILE", "a CSV or Parquet file"),
        ),
    ),
    LedgerCommand("approve", "stand by a submission, as the supplier's approver", (_SUBMISSION,)),
    LedgerCommand(
        "accept",
        "accept a submission: from now on it counts",
        (_SUBMISSION, _option("reject", "ROW=REASON", "a row that shall not count", needed=False, repeated=True)),
    ),
    LedgerCommand(
        "challenge",
        "ask about a submission, whole or by rows",
        (
            _SUBMISSION,
            _option("question", "TEXT", "what is asked"),
            _option("row", "ROW", "a row in question", needed=False, repeated=True),
        ),
    ),
    LedgerCommand("answer", "answer a challenge", (_CHALLENGE, _option("answer", "TEXT", "the answer"))),
    LedgerCommand(
        "close-challenge",
        "close a challenge",
        (
            _CHALLENGE,
            _one_of("outcome", "how it ends", "upheld", "withdrawn", "unresolved"),
            _flag("deemed", "because nobody answered in time, as the agreed text says (deemed)"),
        ),
    ),
    LedgerCommand(
        "dispute",
        "dispute a result; the authority's figure stands meanwhile",
        (
            _KPI,
            _MONTH,
            _option("value", "TEXT", "what it should be"),
            _option("instead-of", "TEXT", "what it is", needed=False),
        ),
    ),
    LedgerCommand(
        "resolve-dispute",
        "resolve a dispute",
        (
            CommandArgument("dispute", "DISPUTE", "its id, as cssc/CSC_KPI_04/2019-09/d1"),
            _one_of("outcome", "how it ends", "upheld", "not_upheld", "withdrawn"),
        ),
    ),
    LedgerCommand(
        "request-mitigation",
        "ask for mitigation of a KPI, on a ground, for some months",
        (
            _KPI,
            _option("ground", "GROUND", "a ground of the agreed text"),
            _option("from", "MONTH", "first month, as 2019-07"),
            _option("to", "MONTH", "last month, as 2019-11"),
            _option("review-on", "DAY", "when it is reviewed", needed=False),
            _option("plan", "TEXT", "the improvement plan", needed=False),
        ),
    ),
    LedgerCommand(
        "decide-mitigation",
        "grant or refuse a mitigation request",
        (
            CommandArgument("mitigation", "MITIGATION", "its id, as cssc/ACF_KPI_03/2019-04/g1"),
            _one_of("outcome", "the decision", "granted", "granted_in_part", "refused"),
            _one_of("effect", "what a grant does", "no_points", "no_points_no_trigger", needed=False),
            _option("row", "ROW", "a row that a grant in part covers", needed=False, repeated=True),
            _option("day", "DAY", "a day that a grant in part covers", needed=False, repeated=True),
            _flag("deemed", "because nobody decided in time, as the agreed text says (deemed)"),
        ),
    ),
    LedgerCommand(
        "withdraw",
        "take back a submission or a mitigation request; as the authority, an acceptance",
        (CommandArgument("subject", "SUBJECT", "its id, as cssc/calls/2019-09/s1"),),
    ),
    LedgerCommand(
        "sign",
        "sign a month's statement first, as it is known today",
        (
            _MONTH,
            _option("overdue", "TABLE=WHY", "a table that the month is settled without", needed=False, repeated=True),
        ),
    ),
    LedgerCommand("lock", "sign second, and lock the month at the statement that was signed", (_MONTH,)),
    LedgerCommand(
        "confirm-statement", "confirm a locked statement: what changed since asks for no restatement", (_MONTH,)
    ),
    LedgerCommand(
        "propose-restatement",
        "propose a new version of a locked statement, and of the later ones that change with it",
        (_MONTH, _flag("outside-window", "although the evidence came after the agreed window (late_evidence)")),
    ),
    LedgerCommand(
        "decide-restatement",
        "approve or refuse a proposed restatement, with all that was proposed with it",
        (
            CommandArgument("restatement", "RESTATEMENT", "its id, as cssc/2019-09/r1"),
            _one_of("outcome", "the decision", "approved", "refused"),
        ),
    ),
    LedgerCommand(
        "explain-failure",
        "say why a KPI failed, what followed, and what is done",
        (
            _KPI,
            _MONTH,
            _option("cause", "TEXT", "why it failed"),
            _option("effect", "TEXT", "what followed"),
            _option("remedy", "TEXT", "what is done"),
            _option("typed", "FIGURE=SOURCE", "a figure in these texts, and its source", needed=False, repeated=True),
        ),
    ),
    LedgerCommand(
        "update-project",
        "say how a project stands",
        (
            CommandArgument("project", "PROJECT", "its id in projects.yaml"),
            _option("as-at", "DAY", "the day that it describes"),
            _one_of("rag", "the rating", "red", "amber", "green"),
            _option("stage", "TEXT", "the stage"),
            _option("why", "TEXT", "why it stands so"),
            _option("path-to-green", "TEXT", "the way back to green", needed=False),
            _option("typed", "FIGURE=SOURCE", "a figure in these texts, and its source", needed=False, repeated=True),
        ),
    ),
    LedgerCommand(
        "report-figure",
        "record a figure as it was printed or said",
        (
            CommandArgument("fact", "FACT", "its id, as count/met_target/2019-11"),
            _option("printed", "TEXT", "the text as it stood"),
            _option("where", "PAPER", "the paper, as osmb/2020-01-30/6a"),
            _one_of("how", "how it was reported", "report", "addendum", "spoken"),
            _option("on", "DAY", "the day"),
        ),
    ),
    LedgerCommand(
        "discard-rows",
        "discard the rows of locked months; what was decided on them stays",
        (_option("before", "MONTH", "the first month whose rows are kept, as 2019-07"),),
    ),
    LedgerCommand(
        "erase-text",
        "erase a free text of an entry; the chain stays as it is",
        (
            CommandArgument("entry", "N", "the entry's number"),
            _option("text", "NAME", "which text (default: reason)", needed=False),
        ),
    ),
)
