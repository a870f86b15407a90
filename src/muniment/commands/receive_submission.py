"""Receive a submission: an evidence file for one table and month, superseding the one before.

It is never too late: after the lock it is stored, and says that it came after the locked version.
"""

from collections.abc import Callable, Collection, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.evidence.submissions import FILE_KINDS, SubmissionReceived, latest_submission, submissions_known
from muniment.domain.lifecycle.policies import contract_of, must_be_agreed, one_of, whole_month
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Blobs, Ledger, NotRecorded
from muniment.domain.record.refused import Refused


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
    """`sha256` names the file among the blobs, where the desk put it, and `workbook` the one that it was read from.
    `tables`: those that the agreed text declares. `put_back` keeps both once more: they may have been discarded with
    the rows of another submission just before this one was recorded."""
    must_be_agreed(table, among=tables, what="evidence table")
    month = whole_month(period)
    kind = one_of(file_kind, words=FILE_KINDS, what="kind of file")
    if not file_name.strip() or not file_name.isprintable():
        raise Refused("file_name", "the file has no name", "give the name under which it was sent")
    if rows < 0:
        raise Refused("rows", f"a file cannot have {rows} rows", "count its rows")
    needed = (sha256, *([workbook] if workbook else []))

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        for digest in needed:
            if not blobs.has(digest):
                raise Refused("file_kept", f"the file {digest[:12]} was not kept", "hand in the file itself")
        earlier = [s for s in submissions_known(entries) if (s.table, s.period) == (table, month)]
        current = latest_submission(entries, table=table, month=month)
        allowed(entries, machine="table_month", thing=f"{contract}/{table}/{month}", event="submit")
        if current and current.received.sha256 == sha256:
            raise Refused("nothing_new", f"{current.id} is the same file", "hand in the file that replaces it")
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

    received = record(
        ledger=ledger,
        act=act,
        verb="submit",
        kind=SubmissionReceived,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{table}/{month}",
    )
    if not all(blobs.has(digest) for digest in needed):
        _keep_again(received.subject, put_back)
    return received


def _keep_again(submission: str, put_back: Callable[[], object] | None) -> None:
    if put_back is None:
        what = f"{submission} was recorded, and its file was dropped at that moment with other rows"
        raise NotRecorded(f"{what} - hand in the same file again, and it is kept")
    put_back()
