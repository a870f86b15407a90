"""Close a challenge: upheld, withdrawn, or left unresolved, which puts the evidence in dispute.

Unanswered it is upheld only by silence, where the agreed text says so and the time for an answer is over.
"""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record
from muniment.domain.evidence.challenges import CHALLENGE_OUTCOMES, ChallengeClosed
from muniment.domain.lifecycle.appointments import day_of
from muniment.domain.lifecycle.policies import one_of, open_challenge
from muniment.domain.lifecycle.silence import Silence, confirmed
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import subject_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def close_challenge(
    *,
    ledger: Ledger,
    act: Act,
    challenge: str,
    outcome: str,
    is_by_silence: bool = False,
    silence: Silence | None = None,
) -> Entry:
    """`outcome`: upheld, withdrawn or unresolved. `is_by_silence`: because nobody answered in time. `silence`: what the
    agreed text says of that."""
    subject = subject_of(challenge, letter="q", what="challenge")
    closed = ChallengeClosed(one_of(outcome, words=CHALLENGE_OUTCOMES, what="outcome"))

    def decide(entries: Sequence[Entry]) -> Draft:
        is_upheld_so = is_by_silence and closed.outcome == "upheld"
        event = EVENTS[ChallengeClosed.kind][1]["upheld by silence" if is_upheld_so else closed.outcome]
        allowed(entries, machine="table_month", thing=subject.thing, event=event)
        open_challenge(entries, challenge=challenge)
        if not is_by_silence:
            return Draft(challenge, closed, act)
        day = day_of(act, entries=entries)
        ground = confirmed(silence, of=challenge, on="challenge", outcome=closed.outcome, day=day)
        return Draft(challenge, replace(closed, silence=ground), act)

    return record(
        ledger=ledger, act=act, verb="close_challenge", kind=ChallengeClosed, decide=decide, thing=subject.thing
    )
