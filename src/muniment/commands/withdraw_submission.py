"""Withdraw a submission: its supplier takes it back before it is accepted. What it replaced stays replaced."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.acceptance import SubmissionWithdrawn
from muniment.domain.lifecycle.policies import latest_of
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def withdraw_submission(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: its id."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="withdraw")
        latest_of(entries, subject=subject)
        return Draft(submission, SubmissionWithdrawn(), act)

    return record(
        ledger=ledger,
        act=act,
        verb="withdraw_submission",
        kind=SubmissionWithdrawn,
        decide=decide,
        thing=subject.thing,
    )
