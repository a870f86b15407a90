"""The lines of the commands that write to a ledger, from the table of commands: how they are typed, and what they mean.

Importing this imports what commands need; `muniment --help` reads the words of these lines from a file instead.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.commands.evidence import WITHDRAW_ACCEPTANCE, WITHDRAW_SUBMISSION
from muniment.commands.mitigation import WITHDRAW_MITIGATION
from muniment.commands.spec import CommandField, CommandSpec, Given, GivenFile, GivenValue, pair_typed
from muniment.commands.table import COMMAND_TABLE
from muniment.interfaces.cli.arguments import month_argument
from muniment.interfaces.cli.errors import UsageError


@dataclass(frozen=True)
class LedgerLine:
    """`muniment WORD FOLDER ARGUMENTS --as ACTOR --for SIDE --reason TEXT`. `means`: the command that was typed, and
    what it is given."""

    word: str
    summary: str
    fields: tuple[CommandField, ...]
    means: Callable[[argparse.Namespace], tuple[CommandSpec, Given]]


def _lines() -> Iterator[LedgerLine]:
    for spec in COMMAND_TABLE.values():
        if spec is WITHDRAW_MITIGATION:
            yield _WITHDRAW
        elif spec.line:
            yield _line(spec)


def _line(spec: CommandSpec) -> LedgerLine:
    def means(typed: argparse.Namespace) -> tuple[CommandSpec, Given]:
        return spec, Given({field.name: _read(field, getattr(typed, _place(field))) for field in spec.fields})

    return LedgerLine(spec.line, spec.summary, spec.fields, means)


def _withdrawn(typed: argparse.Namespace) -> tuple[CommandSpec, Given]:
    """What the id names and the side decide what is taken back."""
    subject = str(typed.subject)
    if subject.rpartition("/")[2].startswith("g"):
        return WITHDRAW_MITIGATION, Given({"mitigation": subject})
    spec = WITHDRAW_ACCEPTANCE if typed.side == "authority" else WITHDRAW_SUBMISSION
    return spec, Given({"submission": subject})


_WITHDRAW = LedgerLine(
    "withdraw",
    "take back a submission or a mitigation request; as the authority, an acceptance",
    (CommandField("subject", "its id, as cssc/calls/2019-09/s1", "SUBJECT"),),
    _withdrawn,
)
LEDGER_LINES: Mapping[str, LedgerLine] = {line.word: line for line in _lines()}
"""Word -> line, in the order of the help."""


def summaries_text() -> str:
    """What `muniment --help` reads: a word and what it says on each line."""
    return "".join(f"{line.word}\t{line.summary}\n" for line in LEDGER_LINES.values())


def declare_line(parser: argparse.ArgumentParser, word: str) -> None:
    """The arguments of the line of that word."""
    parser.add_argument("folder", metavar="FOLDER", help="a contract folder, or database:ID")
    for field in LEDGER_LINES[word].fields:
        _add(parser, field)
    parser.add_argument("--as", dest="actor", metavar="ACTOR", required=True, help="who acts: declared, not checked")
    parser.add_argument("--for", dest="side", choices=("authority", "supplier"), required=True, help="for which side")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why, in a sentence")
    parser.add_argument("--seen", metavar="N", type=int, help="the last entry that you saw; refused if it moved on")
    parser.add_argument("--key", metavar="KEY", help="the same key again records nothing twice")


def _add(parser: argparse.ArgumentParser, field: CommandField) -> None:
    option = f"--{field.option}"
    if not field.option:
        parser.add_argument(field.name, metavar=field.example, help=field.says)
    elif field.kind == "flag":
        parser.add_argument(option, action="store_true", help=field.says)
    elif field.is_repeated:
        says = f"{field.says} (can be given again)"
        parser.add_argument(option, metavar=field.example, action="append", default=[], help=says)
    elif field.choices:
        parser.add_argument(option, choices=field.choices, required=field.is_needed, help=field.says)
    else:
        parser.add_argument(option, metavar=field.example, required=field.is_needed, help=field.says)


def _place(field: CommandField) -> str:
    """Where the parser keeps what was typed for it."""
    return field.option.replace("-", "_") or field.name


def _read(field: CommandField, typed: str | bool | Sequence[str] | None) -> GivenValue:
    """Raises UsageError for what is not written as its kind is."""
    if isinstance(typed, str):
        return _read_text(field, typed)
    if typed is None or isinstance(typed, bool):
        return typed
    match field.kind:
        case "pairs" | "row_reasons":
            return [_pair(item, field) for item in typed]
        case _:
            return typed


def _read_text(field: CommandField, typed: str) -> GivenValue:
    match field.kind:
        case "month":
            return month_argument(typed)
        case "file":
            return _file(Path(typed))
        case "entry" if not typed.isdecimal():
            raise UsageError(f"'{typed}' is not the number of an entry - 'muniment audit-trail' shows them")
        case _:
            return typed


def _file(path: Path) -> GivenFile:
    try:
        return GivenFile(path.name, path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _pair(item: str, field: CommandField) -> tuple[str, str]:
    pair = pair_typed(item, kind=field.kind)
    if pair is None and field.kind == "row_reasons":
        raise UsageError(f"'{item}' names no reason - write --{field.option} {field.example}")
    if pair is None:
        raise UsageError(f"'{item}' is not {field.example}")
    return pair
