"""Mitigation: what the supplier asked for, on which ground, and what the authority decided.

It changes consequences, never the number or the status.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, Period
from muniment.domain.record.act import is_same_person
from muniment.domain.record.entry import Entry, Recorded
from muniment.domain.record.reader import PayloadReader, PayloadWrong
from muniment.domain.record.replay import misrecorded, payload_of

Outcome = Literal["granted", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Effect = Literal["no_points", "no_points_no_trigger"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
MitigationState = Literal["requested", "granted", "refused"]


@dataclass(frozen=True)
class MitigationRequested:
    """For the months `first` to `last`, both included. `review_on` and `plan`: what long-term mitigation comes with."""

    kind: ClassVar[str] = "mitigation.requested"
    version: ClassVar[int] = 1
    kpi: str
    ground: str
    first: Month
    last: Month
    review_on: date | None = None
    plan: str | None = None

    def fields(self) -> dict[str, Json]:
        return {
            "kpi": self.kpi,
            "ground": self.ground,
            "first": str(self.first),
            "last": str(self.last),
            "review_on": self.review_on.isoformat() if self.review_on else None,
        }

    def texts(self) -> dict[str, str]:
        return {"plan": self.plan} if self.plan is not None else {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            kpi=source.line("kpi"),
            ground=source.line("ground"),
            first=source.month("first"),
            last=source.month("last"),
            review_on=source.day_or_none("review_on"),
            plan=source.free_text_or_none("plan"),
        )
        if read.last < read.first:
            raise PayloadWrong("'last' is before 'first'")
        return read


@dataclass(frozen=True)
class MitigationDecided:
    """`effect` is what a grant does; a refusal has none."""

    kind: ClassVar[str] = "mitigation.decided"
    version: ClassVar[int] = 1
    outcome: Outcome
    effect: Effect | None

    def fields(self) -> dict[str, Json]:
        return {"outcome": self.outcome, "effect": self.effect}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        outcome = source.choice("outcome", OUTCOMES)
        if outcome == "granted":
            return cls(outcome=outcome, effect=source.choice("effect", EFFECTS))
        if source.line_or_none("effect") is not None:
            raise PayloadWrong("a refusal has no effect")
        return cls(outcome=outcome, effect=None)


@dataclass(frozen=True)
class Decision:
    """The decision on a request; its reasons are in `recorded.reason`."""

    outcome: Outcome
    effect: Effect | None
    recorded: Recorded


@dataclass(frozen=True)
class Mitigation:
    """A request, and its decision where there is one. `id`: cssc/ACF_KPI_03/2019-04/g1."""

    id: str
    kpi: str
    ground: str
    first: Month
    last: Month
    review_on: date | None
    plan: str | None
    requested: Recorded
    decision: Decision | None = None

    @property
    def state(self) -> MitigationState:
        return self.decision.outcome if self.decision else "requested"

    @property
    def is_granted(self) -> bool:
        return self.state == "granted"

    @property
    def is_open(self) -> bool:
        return self.decision is None

    def covers(self, period: Period) -> bool:
        """Whether every month of the period is among those asked for."""
        return self.first <= period.first and period.last <= self.last

    def overlaps(self, *, first: Month, last: Month) -> bool:
        return self.first <= last and first <= self.last


def mitigations_known(entries: Iterable[Entry]) -> tuple[Mitigation, ...]:
    """Every mitigation, in the order of the requests. Raises ProblemsFound for a decision on no open request."""
    found: dict[str, Mitigation] = {}
    for entry in entries:
        if entry.kind == MitigationRequested.kind:
            if entry.subject in found:
                raise misrecorded(entry, f"{entry.subject} was asked for before", "a new request has a new number")
            found[entry.subject] = _requested(entry)
        elif entry.kind == MitigationDecided.kind:
            known = found.get(entry.subject)
            if known is None or not known.is_open:
                what = f"{entry.subject} is decided, but there is no open request of that name"
                raise misrecorded(entry, what, "only an open request can be decided")
            found[entry.subject] = replace(known, decision=_decided(entry, request=known))
    return tuple(found.values())


def _requested(entry: Entry) -> Mitigation:
    if entry.on_behalf_of != "supplier":
        raise misrecorded(entry, f"{entry.subject} was not asked for by the supplier", "only the supplier can ask")
    request = payload_of(entry, MitigationRequested)
    return Mitigation(
        id=entry.subject,
        kpi=request.kpi,
        ground=request.ground,
        first=request.first,
        last=request.last,
        review_on=request.review_on,
        plan=request.plan,
        requested=entry.recorded,
    )


def _decided(entry: Entry, *, request: Mitigation) -> Decision:
    if entry.on_behalf_of != "authority" or is_same_person(entry.actor, request.requested.actor):
        what = f"{entry.subject} was decided by the supplier, or by whoever asked for it"
        raise misrecorded(entry, what, "another person, of the authority, decides")
    decided = payload_of(entry, MitigationDecided)
    return Decision(decided.outcome, decided.effect, entry.recorded)
