"""Close a challenge: upheld, withdrawn, or left unresolved, which puts the evidence in dispute."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.challenges import CHALLENGE_OUTCOMES, ChallengeClosed
from muniment.domain.lifecycle.policies import one_of, open_challenge
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def close_challenge(*, ledger: Ledger, act: Act, challenge: str, outcome: str) -> Entry:
    """`outcome`: upheld, withdrawn or unresolved."""
    subject = subject_of(challenge, letter="q", what="challenge")
    closed = ChallengeClosed(one_of(outcome, words=CHALLENGE_OUTCOMES, what="outcome"))

    def decide(entries: Sequence[Entry]) -> Draft:
        event = EVENTS[ChallengeClosed.kind][1][closed.outcome]
        allowed(entries, machine="table_month", thing=subject.thing, event=event)
        open_challenge(entries, challenge=challenge)
        return Draft(challenge, closed, act)

    return record(
        ledger=ledger, act=act, verb="close_challenge", kind=ChallengeClosed, decide=decide, thing=subject.thing
    )
