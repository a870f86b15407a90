"""Performs a command with what it was given: by itself, or here, where evidence or files are read first."""

from collections.abc import Callable, Mapping
from functools import partial

from muniment.application.command_context import CommandContext, adopt
from muniment.application.named_rows import (
    accept_checking_rows,
    challenge_checking_rows,
    decide_mitigation_checking_rows,
)
from muniment.application.retention import discard
from muniment.application.statements import MonthCommandRequest, run_month_command
from muniment.application.uploads import submit_file
from muniment.commands.spec import CommandSpec, Given
from muniment.commands.statements import MONTH_COMMANDS, MonthCommand
from muniment.domain.record.entry import Entry


def perform(acting: CommandContext, command: CommandSpec, given: Given) -> Entry:
    """The entry that it left. Raises RefusedError, ProblemsFoundError, NotRecordedError; LookupError for a command that
    nobody performs."""
    reading = READING_FIRST.get(command.name)
    if reading is not None:
        return reading(acting, given)
    if command.perform is None:
        raise LookupError(f"nobody performs {command.name}: give it a function, or name it in READING_FIRST")
    return command.perform(acting, given)


def _submit(acting: CommandContext, given: Given) -> Entry:
    file, opened = given.file("file"), acting.opened
    return submit_file(
        store=opened.store, text=opened.text, act=acting.act, table=given.text("table"), month=given.month("month"),
        file_name=file.name, content=file.content,
    )  # fmt: skip


def _decide_mitigation(acting: CommandContext, given: Given) -> Entry:
    mitigation, is_deemed = given.text("mitigation"), given.is_set("is_deemed")
    return decide_mitigation_checking_rows(
        acting, mitigation=mitigation, outcome=given.text("outcome"), effect=given.text_or_none("effect"),
        rows=given.texts("rows"), days=given.texts("days"), is_deemed=is_deemed,
        deemed=acting.deemed_proposal(mitigation) if is_deemed else None,
    )  # fmt: skip


def _of_month(command: MonthCommand, acting: CommandContext, given: Given) -> Entry:
    asked = MonthCommandRequest(
        command, given.month("month"), overdue=given.pairs("overdue"),
        is_outside_window=given.is_set("is_outside_window"),
    )  # fmt: skip
    return run_month_command(acting, asked)


READING_FIRST: Mapping[str, Callable[[CommandContext, Given], Entry]] = {
    "adopt_text": lambda acting, _: adopt(acting),
    "submit": _submit,
    "accept": lambda acting, given: accept_checking_rows(
        acting, submission=given.text("submission"), rejected=given.pairs("rejected")
    ),
    "challenge": lambda acting, given: challenge_checking_rows(
        acting, submission=given.text("submission"), question=given.text("question"), rows=given.texts("rows")
    ),
    "decide_mitigation": _decide_mitigation,
    "discard_rows": lambda acting, given: discard(acting, before=given.month("before")),
    **{command: partial(_of_month, command) for command in MONTH_COMMANDS},
}
"""Commands for which evidence, files or a whole statement are read first. Every other performs itself."""
