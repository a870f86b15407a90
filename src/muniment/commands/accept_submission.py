"""Accept a submission: from now on it counts, without the rows that are rejected by name."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.evidence.acceptance import SubmissionAccepted, rejected_rows
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import latest_of
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def accept_submission(*, ledger: Ledger, act: Act, submission: str, rejected: Sequence[tuple[str, str]] = ()) -> Entry:
    """`submission`: the id of the one that was looked at. `rejected`: (row id, reason) of rows that do not count."""
    subject = subject_of(submission, letter="s", what="submission")
    _must_be_named_once(rejected)

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="accept")
        known = latest_of(entries, subject=subject)
        must_be_another(known.recorded.actor, act=act, did=f"prepared {submission}", what="accept it")
        if known.approved is not None:
            must_be_another(known.approved.actor, act=act, did=f"approved {submission}", what="accept it")
        if len(rejected) > known.received.rows:
            what = f"{len(rejected)} rows are rejected, and {submission} has {known.received.rows}"
            raise Refused("rejected_rows", what, "reject rows that are in it, or challenge the whole")
        accepted = SubmissionAccepted(rejected_rows(rejected), version_locked(entries, subject.month))
        return Draft(submission, accepted, act)

    return record(ledger=ledger, act=act, verb="accept", kind=SubmissionAccepted, decide=decide, thing=subject.thing)


def _must_be_named_once(rejected: Sequence[tuple[str, str]]) -> None:
    rows = [row for row, _ in rejected]
    for row, reason in rejected:
        if not row.strip() or not reason.strip():
            raise Refused("rejected_rows", f"the rejected row '{row}' or its reason is blank", "give both")
        if rows.count(row) > 1:
            raise Refused("rejected_rows", f"the row '{row}' is rejected twice", "name each row once")
