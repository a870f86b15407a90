"""The state of every thing of a record, computed by running its entries through the four state machines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed
from muniment.domain.assessment.longer_periods import EarlierEvidence, earlier_evidence
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested, MitigationWithdrawn
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.restatement import RestatementDecided, RestatementProposed
from muniment.domain.assessment.sealed_statement import SealedFormError, SealedStatement, read_sealed
from muniment.domain.evidence.acceptance import (
    AcceptanceWithdrawn,
    SubmissionAccepted,
    SubmissionApproved,
    SubmissionWithdrawn,
)
from muniment.domain.evidence.challenges import ChallengeAnswered, ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.lifecycle.kpi_month import KPI_MONTH_MACHINE
from muniment.domain.lifecycle.machine import Machine, MachineName, Transition
from muniment.domain.lifecycle.mitigation_request import MITIGATION_MACHINE
from muniment.domain.lifecycle.month import MONTH_MACHINE
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed
from muniment.domain.lifecycle.table_month import TABLE_MONTH_MACHINE
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.replay import misrecorded, payload_of
from muniment.domain.record.snapshot import folded
from muniment.domain.regime.adoption import TextAdopted

MACHINES: Mapping[MachineName, Machine] = {
    machine.name: machine for machine in (TABLE_MONTH_MACHINE, KPI_MONTH_MACHINE, MONTH_MACHINE, MITIGATION_MACHINE)
}
EVENTS: Mapping[str, tuple[MachineName, Mapping[str, str]]] = {
    SubmissionReceived.kind: ("table_month", {"": "submit"}),
    SubmissionApproved.kind: ("table_month", {"": "approve"}),
    SubmissionWithdrawn.kind: ("table_month", {"": "withdraw"}),
    SubmissionAccepted.kind: ("table_month", {"": "accept"}),
    AcceptanceWithdrawn.kind: ("table_month", {"": "withdraw_acceptance"}),
    EvidenceChallenged.kind: ("table_month", {"": "challenge"}),
    ChallengeAnswered.kind: ("table_month", {"": "answer"}),
    ChallengeClosed.kind: (
        "table_month",
        {
            "upheld": "uphold",
            "upheld deemed": "uphold_deemed",
            "withdrawn": "withdraw_challenge",
            "unresolved": "leave_unresolved",
        },
    ),
    ResultDisputed.kind: ("kpi_month", {"": "dispute"}),
    DisputeResolved.kind: (
        "kpi_month",
        {"upheld": "uphold", "not_upheld": "resolve", "withdrawn": "resolve"},
    ),
    StatementSigned.kind: ("month", {"": "sign"}),
    RestatementProposed.kind: ("month", {"": "propose_restatement"}),
    StatementConfirmed.kind: ("month", {"": "confirm_statement"}),
    RestatementDecided.kind: ("month", {"approved": "approve_restatement", "refused": "refuse_restatement"}),
    MitigationRequested.kind: ("mitigation", {"": "request"}),
    MitigationDecided.kind: (
        "mitigation",
        {"granted": "grant", "granted_in_part": "grant_in_part", "refused": "refuse"},
    ),
    MitigationWithdrawn.kind: ("mitigation", {"": "withdraw"}),
}
"""Kind of entry -> machine, and event by the outcome in its payload ("" where it has none); `deemed` where the act
rests on that and the table asks."""


@dataclass(frozen=True)
class ThingState:
    """`thing`: cssc/calls/2019-09, cssc/CSC_KPI_04/2019-09, cssc/2019-09, or a mitigation's id. `since`: seq of the
    entry that brought it into this state, recorded `at` (UTC)."""

    machine: MachineName
    thing: str
    state: str
    since: int
    at: str


Things = Mapping[tuple[MachineName, str], ThingState]


def states_known(entries: Iterable[Entry]) -> Things:
    """The state of everything that an entry is about. Raises ProblemsFoundError for an entry that no table allows."""
    with folded(entries, _Fold) as fold:
        return dict(fold.states)


def state_in(things: Things, *, machine: MachineName, thing: str) -> str:
    """The state of a thing; where nothing happened to it, the one in which it begins."""
    known = things.get((machine, thing))
    if known is not None:
        return known.state
    if machine == "kpi_month":
        contract, _, month = thing.split("/")
        if state_in(things, machine="month", thing=f"{contract}/{month}") not in ("open", "signed"):
            return "settled"
    return MACHINES[machine].initial


def allowed(entries: Sequence[Entry], *, machine: MachineName, thing: str, event: str) -> Transition:
    """The transition that the event would make. Raises RefusedError with the table's rule."""
    with folded(entries, _Fold) as fold:
        state = state_in(fold.states, machine=machine, thing=thing)
    transition = MACHINES[machine].at(state=state, event=event)
    transition.next_state(thing)
    return transition


class _Fold:
    def __init__(self) -> None:
        self.states: dict[tuple[MachineName, str], ThingState] = {}
        self._asked_for: dict[str, tuple[str, ...]] = {}
        self._rests_on: dict[str, EarlierEvidence] = {}

    def take(self, entry: Entry) -> None:
        if entry.kind == MitigationRequested.kind:
            self._asked_for[entry.subject] = _months(entry)
        if entry.kind in EVENTS:
            machine, events = EVENTS[entry.kind]
            thing = entry.subject if machine == "mitigation" else entry.subject.rpartition("/")[0]
            self._move(entry, machine, thing, events.get("") or events[self._outcome(entry, thing)])
        elif entry.kind == MonthLocked.kind:
            self._lock(entry)
        elif entry.kind == TextAdopted.kind:
            for month in payload_of(entry, TextAdopted).touches:
                self._move(entry, "month", f"{entry.subject.partition('/')[0]}/{month}", "change_inputs")

    def _outcome(self, entry: Entry, thing: str) -> str:
        """The outcome as the table knows it. In form 1 a challenge was upheld unanswered without naming the term."""
        outcome = str(entry.payload["outcome"])
        if entry.kind != ChallengeClosed.kind or outcome != "upheld":
            return outcome
        is_old = entry.version == 1 and state_in(self.states, machine="table_month", thing=thing) == "challenged"
        return f"{outcome} deemed" if is_old or "silent_after" in entry.payload else outcome

    def _lock(self, entry: Entry) -> None:
        """v1 is the second signature; a later version comes with the approval that moved the month already."""
        month = entry.subject.rpartition("/")[0]
        if entry.payload["number"] == 1:
            self._move(entry, "month", month, "lock")
        self._rests_on[month] = earlier_evidence(_sealed_in(entry))
        contract, _, number = month.partition("/")
        for machine, thing in list(self.states):
            if machine == "kpi_month" and _month_of(thing) == f"{contract}/{number}":
                self._move(entry, machine, thing, "lock")

    def _move(self, entry: Entry, machine: MachineName, thing: str, event: str) -> None:
        state = state_in(self.states, machine=machine, thing=thing)
        transition = MACHINES[machine].at(state=state, event=event)
        try:
            new = transition.next_state(thing)
        except RefusedError as refused:
            raise misrecorded(entry, f"{entry.kind}: {refused.what}", "this entry cannot have happened here") from None
        self.states[machine, thing] = ThingState(machine, thing, new, entry.seq, entry.recorded_at)
        if transition.changes_inputs:
            for month in self._months_changed(machine, thing):
                self._move(entry, "month", month, "change_inputs")

    def _months_changed(self, machine: MachineName, thing: str) -> Iterator[str]:
        if machine != "mitigation":
            own = _month_of(thing)
            yield own
            if machine == "table_month":
                yield from self._measured_over(thing, own)
            return
        for month in self._asked_for.get(thing, ()):
            if ("month", month) in self.states:
                yield month

    def _measured_over(self, thing: str, own: str) -> Iterator[str]:
        """Locked months that a KPI with a longer period measures together with this one."""
        _, table, month = thing.split("/")
        for later, evidence in self._rests_on.items():
            if later != own and evidence.takes_in(table=table, month=Month.parse(month)):
                yield later


def _sealed_in(entry: Entry) -> SealedStatement:
    try:
        return read_sealed(entry.payload["sealed"])
    except SealedFormError as error:
        what = f"{entry.kind}: 'sealed' is no statement: {error}"
        raise misrecorded(entry, what, "this entry was not written by Muniment") from error


def _months(entry: Entry) -> tuple[str, ...]:
    contract = entry.subject.partition("/")[0]
    first, last = Month.parse(str(entry.payload["first"])), Month.parse(str(entry.payload["last"]))
    return tuple(f"{contract}/{month}" for month in months_from(first, last))


def _month_of(thing: str) -> str:
    """cssc/calls/2019-09 -> cssc/2019-09"""
    contract, _, month = thing.split("/")
    return f"{contract}/{month}"
