"""Approve a submission: the supplier's approver, who did not prepare it, stands by it."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import latest_of
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def approve_submission(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: the id of the one that was looked at; it must be the latest of its table and month."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="approve")
        known = latest_of(entries, subject=subject)
        must_be_another(known.recorded.actor, act=act, did=f"prepared {submission}", what="approve it")
        must_not_stand_in(entries, act=act, verb="approve", first=known.recorded, first_verb="submit")
        return Draft(submission, SubmissionApproved(), act)

    return record(ledger=ledger, act=act, verb="approve", kind=SubmissionApproved, decide=decide, thing=subject.thing)
