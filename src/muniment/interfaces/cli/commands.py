"""muniment submit | approve | accept ... FOLDER ... --as ACTOR --for SIDE --reason TEXT"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from muniment.application.command_context import CommandContext, adopt, deemed_proposal_on, open_for_act, waits_next
from muniment.application.named_rows import (
    accept_checking_rows,
    challenge_checking_rows,
    decide_mitigation_checking_rows,
)
from muniment.application.retention import discard
from muniment.application.statements import (
    compute_and_confirm,
    compute_and_lock,
    compute_and_propose,
    compute_and_sign,
    readers_of,
    steps,
)
from muniment.application.uploads import submit_file
from muniment.commands.challenges import answer_challenge, close_challenge
from muniment.commands.evidence import approve_submission, withdraw_acceptance, withdraw_submission
from muniment.commands.mitigation import request_mitigation, withdraw_mitigation
from muniment.commands.people import appoint_person, delegate_appointment, end_appointment
from muniment.commands.projects import update_project
from muniment.commands.recording import open_record
from muniment.commands.restatements import decide_restatement
from muniment.commands.results import dispute_result, explain_failure, report_figure, resolve_dispute
from muniment.commands.retention import ErasingLedger, erase_text
from muniment.domain.kernel.fingerprint import short
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.reported import TypedFigure
from muniment.interfaces.cli.arguments import month_argument, where_of
from muniment.interfaces.cli.errors import UsageError

Given = argparse.Namespace


def run_ledger_command(arguments: Given) -> int:
    acting = open_for_act(
        folder=where_of(arguments),
        actor=arguments.actor,
        side=arguments.side,
        reason=arguments.reason,
        seen=arguments.seen,
        key=arguments.key,
    )
    try:
        entry = COMMAND_HANDLERS[arguments.command](acting, arguments)
    except NotRecordedError as error:
        print(f"muniment: {error}", file=sys.stderr)
        return 1
    print(f"{entry.subject}: {entry.kind}, entry {entry.seq}, by {entry.actor} (declared, not authenticated)")
    for waiting in waits_next(acting, entry=entry):
        print(f"  {waiting.sentence}", file=sys.stderr)
    return 0


def _open(acting: CommandContext, given: Given) -> Entry:  # noqa: ARG001  # a command without arguments of its own
    return open_record(ledger=_ledger(acting), act=acting.act, contract=acting.opened.text.contract_text.contract)


def _adopt(acting: CommandContext, given: Given) -> Entry:  # noqa: ARG001  # a command without arguments of its own
    return adopt(acting)


def _submit(acting: CommandContext, given: Given) -> Entry:
    path = Path(given.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    opened = acting.opened
    return submit_file(
        store=opened.store, text=opened.text, act=acting.act, table=given.table, month=month_argument(given.month),
        file_name=path.name, content=content,
    )  # fmt: skip


def _accept(acting: CommandContext, given: Given) -> Entry:
    """ROW=REASON is parted at the last '=': a row id is the supplier's and may hold one, a reason can do without."""
    rows = []
    for text in given.reject:
        row, equals, reason = text.rpartition("=")
        if not equals:
            raise UsageError(f"'{text}' names no reason - write --reject ROW=REASON")
        rows.append((row, reason))
    return accept_checking_rows(acting, submission=given.submission, rejected=rows)


def _decide_mitigation(acting: CommandContext, given: Given) -> Entry:
    return decide_mitigation_checking_rows(
        acting, mitigation=given.mitigation, outcome=given.outcome, effect=given.effect, rows=given.row,
        days=given.day, is_deemed=given.deemed,
        deemed=deemed_proposal_on(acting, given.mitigation) if given.deemed else None,
    )  # fmt: skip


def _close(acting: CommandContext, given: Given) -> Entry:
    return close_challenge(
        ledger=_ledger(acting),
        act=acting.act,
        challenge=given.challenge,
        outcome=given.outcome,
        is_deemed=given.deemed,
        deemed=deemed_proposal_on(acting, given.challenge) if given.deemed else None,
    )


def _withdraw(acting: CommandContext, given: Given) -> Entry:
    """What the id names and the side decide what is taken back."""
    ledger, act, subject = _ledger(acting), acting.act, given.subject
    if subject.rpartition("/")[2].startswith("g"):
        return withdraw_mitigation(ledger=ledger, act=act, mitigation=subject)
    if act.on_behalf_of == "authority":
        return withdraw_acceptance(ledger=ledger, act=act, submission=subject)
    return withdraw_submission(ledger=ledger, act=act, submission=subject)


def _sign(acting: CommandContext, given: Given) -> Entry:
    entry, statement = compute_and_sign(
        acting, month=month_argument(given.month), overdue=_pairs(given.overdue, "TABLE=WHY")
    )
    print(f"The statement that was signed has the fingerprint {short(statement)}.", file=sys.stderr)
    return entry


def _propose(acting: CommandContext, given: Given) -> Entry:
    entry, differences = compute_and_propose(
        acting, month=month_argument(given.month), is_outside_window=given.outside_window
    )
    for found in differences:
        print(f"  {found.of} {found.part}: {found.before} -> {found.after}", file=sys.stderr)
    _tell_steps(acting, entry.subject, "It would restate")
    return entry


def _decide_restatement(acting: CommandContext, given: Given) -> Entry:
    entry = decide_restatement(
        ledger=_ledger(acting), act=acting.act, restatement=given.restatement, outcome=given.outcome
    )
    _tell_steps(acting, given.restatement, "It restates" if given.outcome == "approved" else "Nothing is restated of")
    return entry


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


def _explain_failure(acting: CommandContext, given: Given) -> Entry:
    return explain_failure(
        ledger=_ledger(acting), act=acting.act, kpi=given.kpi, period=given.month, cause=given.cause,
        effect=given.effect, remedy=given.remedy, typed=_typed(given.typed), kpis=acting.kpis,
    )  # fmt: skip


def _update_project(acting: CommandContext, given: Given) -> Entry:
    return update_project(
        ledger=_ledger(acting), act=acting.act, project=given.project, as_at=given.as_at, rag=given.rag,
        stage=given.stage, why=given.why, path_to_green=given.path_to_green, typed=_typed(given.typed),
        projects=tuple(acting.opened.followed.projects),
    )  # fmt: skip


def _erase(acting: CommandContext, given: Given) -> Entry:
    if not given.entry.isdecimal():
        raise UsageError(f"'{given.entry}' is not the number of an entry - 'muniment audit-trail' shows them")
    return erase_text(
        ledger=acting.opened.store.ledger, act=acting.act, entry=int(given.entry), name=given.text or "reason"
    )


def _ledger(acting: CommandContext) -> ErasingLedger:
    return acting.opened.store.ledger


def _pairs(given: Sequence[str], form: str) -> list[tuple[str, str]]:
    pairs = []
    for item in given:
        name, equals, text = item.partition("=")
        if not equals or not name or not text:
            raise UsageError(f"'{item}' is not {form}")
        pairs.append((name, text))
    return pairs


def _typed(given: Sequence[str]) -> list[TypedFigure]:
    return [TypedFigure(figure, source) for figure, source in _pairs(given, "FIGURE=SOURCE")]


COMMAND_HANDLERS: Mapping[str, Callable[[CommandContext, Given], Entry]] = {
    "open": _open,
    "adopt": _adopt,
    "appoint": lambda a, g: appoint_person(
        ledger=_ledger(a), act=a.act, person=g.person, role=g.role, first=g.first, last=g.last, name=g.name
    ),
    "delegate": lambda a, g: delegate_appointment(
        ledger=_ledger(a), act=a.act, appointment=g.appointment, person=g.person, first=g.first, last=g.last
    ),
    "end-appointment": lambda a, g: end_appointment(
        ledger=_ledger(a), act=a.act, appointment=g.appointment, last=g.last
    ),
    "submit": _submit,
    "approve": lambda a, g: approve_submission(ledger=_ledger(a), act=a.act, submission=g.submission),
    "accept": _accept,
    "challenge": lambda a, g: challenge_checking_rows(a, submission=g.submission, question=g.question, rows=g.row),
    "answer": lambda a, g: answer_challenge(ledger=_ledger(a), act=a.act, challenge=g.challenge, answer=g.answer),
    "close-challenge": _close,
    "dispute": lambda a, g: dispute_result(
        ledger=_ledger(a), act=a.act, kpi=g.kpi, period=g.month, supplier_value=g.value,
        authority_value=g.instead_of, kpis=a.kpis,
    ),
    "resolve-dispute": lambda a, g: resolve_dispute(
        ledger=_ledger(a), act=a.act, dispute=g.dispute, outcome=g.outcome
    ),
    "request-mitigation": lambda a, g: request_mitigation(
        ledger=_ledger(a), act=a.act, kpi=g.kpi, ground=g.ground, first=getattr(g, "from"), last=g.to,
        review_on=g.review_on, plan=g.plan, kpis=a.kpis, grounds=a.grounds, term=a.term,
    ),
    "decide-mitigation": _decide_mitigation,
    "withdraw": _withdraw,
    "sign": _sign,
    "lock": lambda a, g: compute_and_lock(a, month=month_argument(g.month)),
    "confirm-statement": lambda a, g: compute_and_confirm(a, month=month_argument(g.month)),
    "propose-restatement": _propose,
    "decide-restatement": _decide_restatement,
    "explain-failure": _explain_failure,
    "update-project": _update_project,
    "report-figure": lambda a, g: report_figure(
        ledger=_ledger(a), act=a.act, fact=g.fact, printed=g.printed, where=g.where, how=g.how, on=g.on
    ),
    "discard-rows": lambda a, g: discard(a, before=month_argument(g.before)),
    "erase-text": _erase,
}  # fmt: skip
"""Name of the command -> what it does."""
