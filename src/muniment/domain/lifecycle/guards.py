"""Rules for signing and locking a month: evidence settled, requests decided, nothing new since it was computed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed
from muniment.domain.assessment.mitigation import (
    MitigationDecided,
    MitigationRequested,
    MitigationWithdrawn,
    mitigations_known,
)
from muniment.domain.evidence.acceptance import AcceptanceWithdrawn, SubmissionAccepted, SubmissionWithdrawn
from muniment.domain.evidence.challenges import ChallengeClosed
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.states import Things, state_in, states_known
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import StaleError, UnseenEntry
from muniment.domain.regime.adoption import TextAdopted

SETTLED_EVIDENCE = ("accepted", "proposed", "proposal_approved", "disputed")
_OPEN_CHALLENGE = ("challenged", "answered")
IN_DISPUTE = ("disputed", "settled_in_dispute")
INPUT_KINDS = frozenset(
    payload.kind
    for payload in (
        SubmissionReceived,
        SubmissionWithdrawn,
        SubmissionAccepted,
        AcceptanceWithdrawn,
        ChallengeClosed,
        MitigationRequested,
        MitigationDecided,
        MitigationWithdrawn,
        ResultDisputed,
        DisputeResolved,
        TextAdopted,
    )
)
"""Kinds of entry from which a statement is computed."""


@dataclass(frozen=True)
class MonthToLock:
    """What the agreed text and the results say of a month. `due`: table -> the last day on which its evidence is in
    time, for the tables that the month needs. `failing`: codes of the KPIs that fail in it."""

    month: Month
    due: Mapping[str, date]
    failing: Collection[str]


def must_be_ready(
    entries: Sequence[Entry], *, contract: str, to_lock: MonthToLock, overdue: Sequence[tuple[str, str]], on: date
) -> None:
    """Raises RefusedError where the month may not be signed or locked on the day `on`.

    It must be over; every table accepted or in dispute, or overdue and said so with a reason; no challenge open; every
    mitigation request on a failing KPI decided, or the KPI in dispute.
    """
    month = to_lock.month
    if on <= month.last_day:
        what = f"{month.name} is not over before {month.plus(1).first_day}"
        raise RefusedError("month_over", what, "a contract manager could sign it then")
    things = states_known(entries)
    _evidence_is_settled(things, contract=contract, to_lock=to_lock, overdue=overdue, on=on)
    _mitigations_are_decided(entries, things, contract=contract, to_lock=to_lock)


def _evidence_is_settled(
    things: Things, *, contract: str, to_lock: MonthToLock, overdue: Sequence[tuple[str, str]], on: date
) -> None:
    without = dict(overdue)
    for table in without:
        if table not in to_lock.due or _state(things, contract, table, to_lock.month) in SETTLED_EVIDENCE:
            what = f"{table} is not missing from {to_lock.month}"
            raise RefusedError("overdue", what, "name only tables that are due and not accepted")
    for machine, thing in things:
        if machine == "table_month" and thing.endswith(f"/{to_lock.month}"):
            _no_challenge_is_open(things, thing)
    late = []
    for table, due in to_lock.due.items():
        if _state(things, contract, table, to_lock.month) in SETTLED_EVIDENCE:
            continue
        if on <= due:
            what = f"{contract}/{table}/{to_lock.month} is not accepted, and not overdue before {due}"
            raise RefusedError("evidence_accepted", what, "a contract officer could accept it")
        if not without.get(table, "").strip():
            late.append(f"{contract}/{table}/{to_lock.month} is overdue since {due} and not accepted")
    if late:
        them = "it" if len(late) == 1 else "each"
        raise RefusedError(
            "evidence_accepted", "; ".join(late), f"accept {them}, or say why the month is settled without it"
        )


def _no_challenge_is_open(things: Things, thing: str) -> None:
    if state_in(things, machine="table_month", thing=thing) in _OPEN_CHALLENGE:
        raise RefusedError(
            "open_challenge", f"a challenge is open on {thing}", "a contract officer could close it first"
        )


def _state(things: Things, contract: str, table: str, month: Month) -> str:
    return state_in(things, machine="table_month", thing=f"{contract}/{table}/{month}")


def _mitigations_are_decided(entries: Sequence[Entry], things: Things, *, contract: str, to_lock: MonthToLock) -> None:
    for mitigation in mitigations_known(entries):
        bears = mitigation.kpi in to_lock.failing and mitigation.overlaps(first=to_lock.month, last=to_lock.month)
        kpi_month = f"{contract}/{mitigation.kpi}/{to_lock.month}"
        if bears and mitigation.is_open and state_in(things, machine="kpi_month", thing=kpi_month) not in IN_DISPUTE:
            what = f"{mitigation.id} waits for a decision, and {mitigation.kpi} fails in {to_lock.month}"
            raise RefusedError("mitigation_decided", what, "a decision maker could decide it first")


def must_be_fresh(entries: Sequence[Entry], *, contract: str, month: Month, computed_on: int, wanted: str) -> None:
    """Raises StaleError where something that the month's statement is computed from was recorded after entry
    `computed_on`.

    Earlier months count too: chains and longer periods run through them.
    """
    if computed_on > len(entries):
        what = f"the record has {len(entries)} entries, so nothing was computed on entry {computed_on}"
        raise RefusedError("seen", what, "compute the statement again")
    since = tuple(
        UnseenEntry(entry.seq, entry.kind, entry.subject, entry.actor, entry.recorded_at)
        for entry in inputs_since(entries, month=month, computed_on=computed_on)
    )
    if since:
        raise StaleError(thing=f"{contract}/{month}", seen=computed_on, wanted=wanted, since=since)


def inputs_since(entries: Sequence[Entry], *, month: Month, computed_on: int) -> tuple[Entry, ...]:
    """What was recorded after entry `computed_on`, and may change what the month's statement is computed from."""
    return tuple(entry for entry in entries[computed_on:] if entry.kind in INPUT_KINDS and _bears_on(entry, month))


def _bears_on(entry: Entry, month: Month) -> bool:
    if entry.kind == TextAdopted.kind:
        return True
    if entry.kind == DisputeResolved.kind and entry.payload["outcome"] != "upheld":
        return entry.payload.get("after_lock") is None
    return Month.parse(entry.subject.split("/")[2]) <= month
