"""Receive a submission: an evidence file for one table and month, superseding the one before.

It is never too late: after the lock it is stored, and says that it came after the locked version.
"""

from collections.abc import Collection, Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.evidence.submissions import FILE_KINDS, SubmissionReceived, latest_submission, submissions_known
from muniment.domain.lifecycle.policies import contract_of, must_be_agreed, one_of, whole_month
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Blobs, Ledger
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
) -> Entry:
    """`sha256` names the file among the blobs, where the desk put it. `tables`: those that the agreed text declares."""
    must_be_agreed(table, among=tables, what="evidence table")
    month = whole_month(period)
    kind = one_of(file_kind, words=FILE_KINDS, what="kind of file")
    if not file_name.strip() or not file_name.isprintable():
        raise Refused("file_name", "the file has no name", "give the name under which it was sent")
    if rows < 0:
        raise Refused("rows", f"a file cannot have {rows} rows", "count its rows")
    if not blobs.has(sha256):
        raise Refused("file_kept", f"the file {sha256[:12]} was not kept", "hand in the file itself")

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
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
        )
        return Draft(f"{contract}/{table}/{month}/s{len(earlier) + 1}", received, act)

    return record(
        ledger=ledger,
        act=act,
        verb="submit",
        kind=SubmissionReceived,
        decide=decide,
        thing_of=lambda contract: f"{contract}/{table}/{month}",
    )
