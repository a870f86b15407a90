"""muniment submit | approve | accept ... FOLDER ... --as ACTOR --for SIDE --reason TEXT"""

import argparse
import sys
from collections.abc import Callable, Mapping

from muniment.application.command_context import CommandContext, open_for_act, waits_next
from muniment.application.performing import perform
from muniment.application.statements import readers_of, steps
from muniment.commands.spec import Given
from muniment.domain.assessment.month_lock import StatementSigned
from muniment.domain.assessment.restatement import RestatementProposed
from muniment.domain.kernel.fingerprint import short
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import payload_of
from muniment.interfaces.cli.arguments import where_of
from muniment.interfaces.cli.command_lines import LEDGER_LINES


def run_ledger_command(arguments: argparse.Namespace) -> int:
    acting = open_for_act(
        folder=where_of(arguments),
        actor=arguments.actor,
        side=arguments.side,
        reason=arguments.reason,
        seen=arguments.seen,
        key=arguments.key,
    )
    command, given = LEDGER_LINES[arguments.command].means(arguments)
    try:
        entry = perform(acting, command, given)
    except NotRecordedError as error:
        print(f"muniment: {error}", file=sys.stderr)
        return 1
    if (tell := _TOLD_BESIDES.get(command.name)) is not None:
        tell(acting, given, entry)
    print(f"{entry.subject}: {entry.kind}, entry {entry.seq}, by {entry.actor} (declared, not authenticated)")
    for waiting in waits_next(acting, entry=entry):
        print(f"  {waiting.sentence}", file=sys.stderr)
    return 0


def _tell_signed(acting: CommandContext, given: Given, entry: Entry) -> None:  # noqa: ARG001  # all are called alike
    statement = payload_of(entry, StatementSigned).statement
    print(f"The statement that was signed has the fingerprint {short(statement)}.", file=sys.stderr)


def _tell_proposed(acting: CommandContext, given: Given, entry: Entry) -> None:  # noqa: ARG001  # likewise
    for found in payload_of(entry, RestatementProposed).differences:
        of, _, part = found.what.rpartition("/")
        print(f"  {of} {part}: {found.before} -> {found.after}", file=sys.stderr)
    _tell_steps(acting, entry.subject, "It would restate")


def _tell_decided(acting: CommandContext, given: Given, entry: Entry) -> None:  # noqa: ARG001  # likewise
    is_approved = given.text("outcome") == "approved"
    _tell_steps(acting, given.text("restatement"), "It restates" if is_approved else "Nothing is restated of")


def _tell_steps(acting: CommandContext, restatement: str, says: str) -> None:
    """Each month that goes through with it, the later ones too, with points and credit before and after."""
    print(f"{says}:", file=sys.stderr)
    found = steps(acting, restatement=restatement)
    for step in found:
        print(f"  {step.sentence}", file=sys.stderr)
    readers = readers_of(acting, months={step.month for step in found})
    if readers:
        print("Figures of these months were reported, and their readers rely on what was said then:", file=sys.stderr)
    for reader in readers:
        figure = reader.figure
        print(f"  {figure.fact}: '{figure.printed}' in {figure.where} ({figure.how}, {figure.on})", file=sys.stderr)


_TOLD_BESIDES: Mapping[str, Callable[[CommandContext, Given, Entry], None]] = {
    "sign": _tell_signed,
    "propose_restatement": _tell_proposed,
    "decide_restatement": _tell_decided,
}
"""Name of the command -> what is told on standard error besides what waits next."""
