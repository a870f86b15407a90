"""Decide a mitigation: the authority grants it, whole or in part, or refuses it, and not by whoever asked.

After a lock the decision stands, the locked version does not change, and a restatement can be proposed. A decision that
was not made in time may rest on what the agreed text says of that silence.
"""

from collections.abc import Sequence
from dataclasses import replace

from muniment.commands.recording import record
from muniment.domain.assessment.mitigation import MitigationDecided, mitigations_known
from muniment.domain.assessment.month_lock import version_locked
from muniment.domain.kernel.period import months_from
from muniment.domain.lifecycle.appointments import day_of
from muniment.domain.lifecycle.permissions import must_be_another
from muniment.domain.lifecycle.policies import decided
from muniment.domain.lifecycle.silence import Silence, confirmed
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger


def decide_mitigation(
    *,
    ledger: Ledger,
    act: Act,
    mitigation: str,
    outcome: str,
    effect: str | None = None,
    rows: Sequence[str] = (),
    days: Sequence[str] = (),
    is_by_silence: bool = False,
    silence: Silence | None = None,
) -> Entry:
    """`mitigation`: the id of the request. `effect`: what a grant does; a refusal has none. `rows` or `days`: what a
    grant in part covers. `is_by_silence`: because nobody decided in time. `silence`: what the text says of it."""
    decision = decided(outcome=outcome, effect=effect, rows=rows, days=days)
    event = EVENTS[MitigationDecided.kind][1][decision.outcome]

    def decide(entries: Sequence[Entry]) -> Draft:
        allowed(entries, machine="mitigation", thing=mitigation, event=event)
        request = next(known for known in mitigations_known(entries) if known.id == mitigation)
        must_be_another(request.requested.actor, act=act, did=f"asked for {mitigation}", what="decide it")
        months = months_from(request.first, request.last)
        locks = tuple((str(m), locked) for m in months if (locked := version_locked(entries, m)) is not None)
        made = replace(decision, after_locks=locks)
        if not is_by_silence:
            return Draft(mitigation, made, act)
        day = day_of(act, entries=entries)
        ground = confirmed(
            silence, of=mitigation, on="mitigation request", outcome=decision.outcome, effect=effect, day=day
        )
        return Draft(mitigation, replace(made, silence=ground), act)

    return record(
        ledger=ledger, act=act, verb="decide_mitigation", kind=MitigationDecided, decide=decide, thing=mitigation
    )
