"""Withdraw an acceptance that was a mistake, before the month is locked."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.acceptance import AcceptanceWithdrawn
from muniment.domain.evidence.submissions import counting_submissions
from muniment.domain.lifecycle.policies import must_not_be_locked
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def withdraw_acceptance(*, ledger: Ledger, act: Act, submission: str) -> Entry:
    """`submission`: the id of the accepted one."""
    subject = subject_of(submission, letter="s", what="submission")

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="withdraw_acceptance")
        must_not_be_locked(entries, subject=subject)
        counting = counting_submissions(entries)[subject.name, subject.month]
        if counting.id != submission:
            what = f"{submission} is not the accepted one; {counting.id} is"
            raise Refused("not_accepted", what, f"name {counting.id}")
        return Draft(submission, AcceptanceWithdrawn(), act)

    return record(
        ledger=ledger,
        act=act,
        verb="withdraw_acceptance",
        kind=AcceptanceWithdrawn,
        decide=decide,
        thing=subject.thing,
    )
