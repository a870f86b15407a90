"""Commands on challenges: the authority asks about evidence, the supplier answers, the authority closes it."""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record_entry
from muniment.domain.evidence.challenges import (
    CHALLENGE_OUTCOMES,
    ChallengeAnswered,
    ChallengeClosed,
    EvidenceChallenged,
    challenges_known,
)
from muniment.domain.lifecycle.appointments import day_of_act
from muniment.domain.lifecycle.deemed import DeemedProposal, confirm_deemed
from muniment.domain.lifecycle.policies import latest_of, must_say, one_of, open_challenge
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def challenge_evidence(*, ledger: Ledger, act: Act, submission: str, question: str, rows: Sequence[str] = ()) -> Entry:
    """`rows`: ids of the rows in question; none where it is the whole."""
    subject = subject_of(submission, letter="s", what="submission")
    challenged = EvidenceChallenged(submission, question, tuple(rows))
    must_say(challenged.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="challenge")
        latest_of(entries, subject=subject)
        number = 1 + sum(known.table_month == subject.thing for known in challenges_known(entries))
        return Draft(f"{subject.thing}/q{number}", challenged, act)

    return record_entry(
        ledger=ledger, act=act, command="challenge", kind=EvidenceChallenged, decide=decide, thing=subject.thing
    )


def answer_challenge(*, ledger: Ledger, act: Act, challenge: str, answer: str) -> Entry:
    """`challenge`: its id, cssc/calls/2019-09/q1."""
    subject = subject_of(challenge, letter="q", what="challenge")
    answered = ChallengeAnswered(answer)
    must_say(answered.texts())

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="table_month", thing=subject.thing, event="answer")
        open_challenge(entries, challenge=challenge)
        return Draft(challenge, answered, act)

    return record_entry(
        ledger=ledger, act=act, command="answer", kind=ChallengeAnswered, decide=decide, thing=subject.thing
    )


def close_challenge(
    *,
    ledger: Ledger,
    act: Act,
    challenge: str,
    outcome: str,
    is_deemed: bool = False,
    deemed: DeemedProposal | None = None,
) -> Entry:
    """`outcome`: upheld, withdrawn or unresolved. `is_deemed`: because nobody answered in time. `deemed`: what the
    agreed text says of that."""
    subject = subject_of(challenge, letter="q", what="challenge")
    closed = ChallengeClosed(one_of(outcome, words=CHALLENGE_OUTCOMES, what="outcome"))

    def decide(entries: Sequence[Entry]) -> Draft:
        is_upheld_deemed = is_deemed and closed.outcome == "upheld"
        event = EVENTS[ChallengeClosed.kind][1]["upheld deemed" if is_upheld_deemed else closed.outcome]
        allowed(entries, machine="table_month", thing=subject.thing, event=event)
        open_challenge(entries, challenge=challenge)
        if not is_deemed:
            return Draft(challenge, closed, act)
        day = day_of_act(act, entries=entries)
        ground = confirm_deemed(deemed, of=challenge, on="challenge", outcome=closed.outcome, day=day)
        return Draft(challenge, replace(closed, deemed=ground), act)

    return record_entry(
        ledger=ledger, act=act, command="close_challenge", kind=ChallengeClosed, decide=decide, thing=subject.thing
    )
