"""Commands on evidence: receive a submission or a nil return, approve and accept it, take it or its acceptance back."""

from collections.abc import Callable, Collection, Sequence

from muniment.commands.recording import record_entry
from muniment.commands.spec import SUBMISSION_ID, WHOLE_MONTH, CommandField, CommandSpec, moves
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.evidence.acceptance import (
    AcceptanceWithdrawn,
    SubmissionAccepted,
    SubmissionApproved,
    SubmissionWithdrawn,
    rejected_rows,
)
from muniment.domain.evidence.submissions import (
    FILE_KINDS,
    SubmissionReceived,
    counting_submissions,
    latest_submission,
    submissions_known,
)
from muniment.domain.lifecycle.appointments import day_of_act
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import (
    contract_of,
    latest_of,
    must_be_agreed,
    must_not_be_locked,
    one_of,
    whole_month,
)
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Blobs, Ledger, NotRecordedError
from muniment.domain.regime.contract import Contract, Table

SUBMIT = CommandSpec(
    name="submit",
    says="submit evidence",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=SubmissionReceived,
    event=moves(SubmissionReceived),
    line="submit",
    summary="submit an evidence file for a table and month",
    fields=(
        CommandField("table", "the evidence table", "TABLE"),
        WHOLE_MONTH,
        CommandField("file", "a CSV or Parquet file", "FILE", "file"),
    ),
)
DECLARE_NIL_RETURN = CommandSpec(
    name="declare_nil_return",
    says="declare a nil return",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=SubmissionReceived,
    event=moves(SubmissionReceived),
    line="declare-nil-return",
    summary="declare that a table's evidence for a month came, and there was nothing",
    fields=(CommandField("table", "the evidence table", "TABLE"), WHOLE_MONTH),
    perform=lambda acting, given: declare_nil_return(
        ledger=acting.ledger,
        blobs=acting.blobs,
        act=acting.act,
        table=given.text("table"),
        period=given.text("month"),
        contract=acting.contract,
    ),
)
APPROVE = CommandSpec(
    name="approve",
    says="approve a submission",
    roles=("supplier_approver",),
    apart_from="preparer and approver",
    entry_kind=SubmissionApproved,
    event=moves(SubmissionApproved),
    line="approve",
    summary="stand by a submission, as the supplier's approver",
    fields=(SUBMISSION_ID,),
    perform=lambda acting, given: approve_submission(
        ledger=acting.ledger, act=acting.act, submission=given.text("submission")
    ),
)
WITHDRAW_SUBMISSION = CommandSpec(
    name="withdraw_submission",
    says="withdraw a submission",
    roles=("supplier_preparer", "supplier_approver"),
    entry_kind=SubmissionWithdrawn,
    event=moves(SubmissionWithdrawn),
    preconditions=(latest_of,),
    fields=(SUBMISSION_ID,),
    perform=lambda acting, given: withdraw_submission(
        ledger=acting.ledger, act=acting.act, submission=given.text("submission")
    ),
)
ACCEPT = CommandSpec(
    name="accept",
    says="accept a submission",
    roles=("contract_officer",),
    apart_from="preparer, approver and acceptor",
    entry_kind=SubmissionAccepted,
    event=moves(SubmissionAccepted),
    line="accept",
    summary="accept a submission: from now on it counts",
    fields=(
        SUBMISSION_ID,
        CommandField(
            "rejected", "a row that shall not count", "ROW=REASON", "row_reasons", "reject", is_needed=False,
            is_repeated=True,
        ),
    ),
)  # fmt: skip
WITHDRAW_ACCEPTANCE = CommandSpec(
    name="withdraw_acceptance",
    says="withdraw an acceptance",
    roles=("contract_officer", "contract_manager"),
    entry_kind=AcceptanceWithdrawn,
    event=moves(AcceptanceWithdrawn),
    preconditions=(must_not_be_locked,),
    fields=(SUBMISSION_ID,),
    perform=lambda acting, given: withdraw_acceptance(
        ledger=acting.ledger, act=acting.act, submission=given.text("submission")
    ),
)
COMMANDS = (SUBMIT, DECLARE_NIL_RETURN, APPROVE, WITHDRAW_SUBMISSION, ACCEPT, WITHDRAW_ACCEPTANCE)


def receive_submission(
    *,
    ledger: Ledger,
    blobs: Blobs,
    act: Act,
    table: str,
    period: str,
    file_name: str,
    file_kind: str,
    sha256: str,
    rows: int,
    tables: Collection[str],
    workbook: str | None = None,
    put_back: Callable[[], object] | None = None,
) -> Entry:
    """`sha256` names the file among the blobs, where the application put it, and `workbook` the one that it was read
    from. `tables`: those that the agreed text declares. `put_back` keeps both once more: they may have been discarded
    with the rows of another submission just before this one was recorded."""
    must_be_agreed(table, among=tables, what="evidence table")
    month = whole_month(period)
    kind = one_of(file_kind, words=FILE_KINDS, what="kind of file")
    if not file_name.strip() or not file_name.isprintable():
        raise RefusedError("file_name", "the file has no name", "give the name under which it was sent")
    if rows < 0:
        raise RefusedError("rows", f"a file cannot have {rows} rows", "count its rows")
    needed = (sha256, *([workbook] if workbook else []))

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        for digest in needed:
            if not blobs.has(digest):
                raise RefusedError("file_kept", f"the file {digest[:12]} was not kept", "hand in the file itself")
        earlier = [s for s in submissions_known(entries) if (s.table, s.period) == (table, month)]
        current = latest_submission(entries, table=table, month=month)
        SUBMIT.must_be_allowed(entries, thing=f"{contract}/{table}/{month}")
        if current and current.received.sha256 == sha256:
            raise RefusedError("nothing_new", f"{current.id} is the same file", "hand in the file that replaces it")
        received = SubmissionReceived(
            table=table,
            period=month,
            file_name=file_name,
            file_kind=kind,
            sha256=sha256,
            rows=rows,
            supersedes=current.id if current else None,
            after_lock=version_locked(entries, month),
            workbook=workbook,
        )
        return Draft(f"{contract}/{table}/{month}/s{len(earlier) + 1}", received, act)

    received = record_entry(
        ledger=ledger,
        act=act,
        command=SUBMIT,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{table}/{month}",
    )
    if not all(blobs.has(digest) for digest in needed):
        _keep_again(received.subject, put_back)
    return received


def _keep_again(submission: str, put_back: Callable[[], object] | None) -> None:
    if put_back is None:
        what = f"{submission} was recorded, and its file was dropped at that moment with other rows"
        raise NotRecordedError(f"{what} - hand in the same file again, and it is kept")
    put_back()


def declare_nil_return(*, ledger: Ledger, blobs: Blobs, act: Act, table: str, period: str, contract: Contract) -> Entry:
    """The evidence of a month came, and there was nothing: a submission of no rows, which is approved and accepted like
    any other. Its file is the heading row that the table asks for, so that whatever reads evidence can read it.
    Refused before the month is over."""
    must_be_agreed(table, among=contract.tables, what="evidence table")
    month = whole_month(period)
    if not contract.record_from <= month <= contract.end:
        what = f"{month} is not a month of the record, {contract.record_from} to {contract.end}"
        raise RefusedError("within_term", what, "name a month whose evidence is asked for")
    file = _heading_row(contract.tables[table])

    def decide(entries: Sequence[Entry]) -> Draft:
        if (day := day_of_act(act, entries=entries)) <= month.last_day:
            what = f"{month.name} is not over on {day}, and nobody knows yet that there is nothing"
            raise RefusedError("month_over", what, "declare it when the month is over")
        thing = f"{contract_of(entries)}/{table}/{month}"
        DECLARE_NIL_RETURN.must_be_allowed(entries, thing=thing)
        earlier = sum((known.table, known.period) == (table, month) for known in submissions_known(entries))
        current = latest_submission(entries, table=table, month=month)
        if current is not None and current.received.is_nil:
            raise RefusedError("nothing_new", f"{current.id} is a nil return already", "nothing is left to declare")
        received = SubmissionReceived(
            table=table,
            period=month,
            file_name=f"{table}-{month}-nil-return.csv",
            file_kind="csv",
            sha256=blobs.put(file),
            rows=0,
            supersedes=current.id if current else None,
            after_lock=version_locked(entries, month),
        )
        return Draft(f"{thing}/s{earlier + 1}", received, act)

    received = record_entry(
        ledger=ledger,
        act=act,
        command=DECLARE_NIL_RETURN,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{table}/{month}",
    )
    blobs.put(file)  # once more: the rows of an old month, with the same file, may have been discarded just before
    return received


def _heading_row(table: Table) -> bytes:
    """CSV in UTF-8: the names of the columns in the supplier's file, each in quotation marks."""
    names = (column.name_in_file.replace('"', '""') for column in table.columns)
    return (",".join(f'"{name}"' for name in names) + "\r\n").encode()


def approve_submission(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: the id of the one that was looked at; it must be the latest of its table and month."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        APPROVE.must_be_allowed(entries, thing=subject.thing)
        known = latest_of(entries, subject=subject)
        must_be_another(known.recorded.actor, act=act, did=f"prepared {submission}", what="approve it")
        must_not_stand_in(entries, act=act, permission=APPROVE, first=known.recorded, first_permission=SUBMIT)
        return Draft(submission, SubmissionApproved(), act)

    return record_entry(ledger=ledger, act=act, command=APPROVE, decide=decide, thing=subject.thing)


def accept_submission(*, ledger: Ledger, act: Act, submission: str, rejected: Sequence[tuple[str, str]] = ()) -> Entry:
    """`submission`: the id of the one that was looked at. `rejected`: (row id, reason) of rows that do not count."""
    subject = subject_of(submission, letter="s", what="submission")
    _must_be_named_once(rejected)

    def decide(entries: Sequence[Entry]) -> Draft:
        ACCEPT.must_be_allowed(entries, thing=subject.thing)
        known = latest_of(entries, subject=subject)
        must_be_another(known.recorded.actor, act=act, did=f"prepared {submission}", what="accept it")
        if known.approved is not None:
            must_be_another(known.approved.actor, act=act, did=f"approved {submission}", what="accept it")
        if len(rejected) > known.received.rows:
            what = f"{len(rejected)} rows are rejected, and {submission} has {known.received.rows}"
            raise RefusedError("rejected_rows", what, "reject rows that are in it, or challenge the whole")
        accepted = SubmissionAccepted(rejected_rows(rejected), version_locked(entries, subject.month))
        return Draft(submission, accepted, act)

    return record_entry(ledger=ledger, act=act, command=ACCEPT, decide=decide, thing=subject.thing)


def _must_be_named_once(rejected: Sequence[tuple[str, str]]) -> None:
    rows = [row for row, _ in rejected]
    for row, reason in rejected:
        if not row.strip() or not reason.strip():
            raise RefusedError("rejected_rows", f"the rejected row '{row}' or its reason is blank", "give both")
        if rows.count(row) > 1:
            raise RefusedError("rejected_rows", f"the row '{row}' is rejected twice", "name each row once")


def withdraw_submission(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: its id."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        WITHDRAW_SUBMISSION.must_be_allowed(entries, thing=subject.thing, subject=subject)
        return Draft(submission, SubmissionWithdrawn(), act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=WITHDRAW_SUBMISSION,
        decide=decide,
        thing=subject.thing,
    )


def withdraw_acceptance(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: the id of the accepted one."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        WITHDRAW_ACCEPTANCE.must_be_allowed(entries, thing=subject.thing, subject=subject)
        counting = counting_submissions(entries)[subject.name, subject.month]
        if counting.id != submission:
            what = f"{submission} is not the accepted one; {counting.id} is"
            raise RefusedError("not_accepted", what, f"name {counting.id}")
        return Draft(submission, AcceptanceWithdrawn(), act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=WITHDRAW_ACCEPTANCE,
        decide=decide,
        thing=subject.thing,
    )
