"""Answer a challenge: the supplier says how the evidence came about."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.evidence.challenges import ChallengeAnswered
from muniment.domain.lifecycle.policies import must_say, open_challenge
from muniment.domain.lifecycle.states import allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def answer_challenge(*, ledger: Ledger, act: Act, challenge: str, answer: str) -> Entry:
    """`challenge`: its id, cssc/calls/2019-09/q1."""
    subject = subject_of(challenge, letter="q", what="challenge")
    answered = ChallengeAnswered(answer)
    must_say(answered.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="answer")
        open_challenge(entries, challenge=challenge)
        return Draft(challenge, answered, act)

    return record(ledger=ledger, act=act, verb="answer", kind=ChallengeAnswered, decide=decide, thing=subject.thing)
