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
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.index import entries_of
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import misrecorded, payload_of
from muniment.domain.regime.terms import DeemedBasis, is_over, read_deemed_basis

MitigationOutcome = Literal["granted", "granted_in_part", "refused"]
MITIGATION_OUTCOMES: tuple[MitigationOutcome, ...] = get_args(MitigationOutcome)
MitigationEffect = Literal["no_points", "no_points_no_trigger"]
MITIGATION_EFFECTS: tuple[MitigationEffect, ...] = get_args(MitigationEffect)
MitigationState = Literal["requested", "granted", "granted_in_part", "refused", "withdrawn"]
PartOf = Literal["rows", "days"]
PARTS: tuple[PartOf, ...] = get_args(PartOf)


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
            raise PayloadError("'last' is before 'first'")
        return read


@dataclass(frozen=True)
class MitigationDecided:
    """`effect` is what a grant does; a refusal has none. `rows` or `days` (2019-09-03): what a grant in part covers.
    `after_locks`: (month, version of its statement) for months that were locked before the decision. `deemed`: decided
    so because nobody decided in time."""

    kind: ClassVar[str] = "mitigation.decided"
    version: ClassVar[int] = 1
    outcome: MitigationOutcome
    effect: MitigationEffect | None
    rows: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    after_locks: tuple[tuple[str, str], ...] = ()
    deemed: DeemedBasis | None = None

    def fields(self) -> dict[str, Json]:
        rows: list[Json] = [*self.rows]
        days: list[Json] = [*self.days]
        locks: list[Json] = [[month, version] for month, version in self.after_locks]
        deemed = self.deemed
        return {
            "outcome": self.outcome,
            "effect": self.effect,
            **({"rows": rows} if rows else {}),
            **({"days": days} if days else {}),
            **({"after_locks": locks} if locks else {}),
            **({"silent_after": deemed.after.isoformat(), "under": deemed.under} if deemed else {}),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        outcome = source.choice("outcome", MITIGATION_OUTCOMES)
        locks = source.pairs_if_given("after_locks")
        rows, days = source.lines("rows"), source.lines("days")
        if (outcome == "granted_in_part") != bool(rows or days):
            raise PayloadError("a grant in part, and nothing else, names rows or days")
        for day in days:
            _must_be_day(day)
        deemed = read_deemed_basis(source.line_if_given("silent_after"), source.line_if_given("under"))
        if deemed and outcome == "granted_in_part":
            raise PayloadError("a deemed decision grants the whole or refuses it")
        if outcome != "refused":
            effect = source.choice("effect", MITIGATION_EFFECTS)
            return cls(outcome, effect, rows, days, locks, deemed)
        if source.line_or_none("effect") is not None:
            raise PayloadError("a refusal has no effect")
        return cls(outcome=outcome, effect=None, after_locks=locks, deemed=deemed)


def _must_be_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PayloadError(f"'{text}' is not a day") from None


@dataclass(frozen=True)
class MitigationWithdrawn:
    """The supplier no longer asks; nothing was decided yet."""

    kind: ClassVar[str] = "mitigation.withdrawn"
    version: ClassVar[int] = 1

    def fields(self) -> dict[str, Json]:
        return {}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:  # noqa: ARG003  # a withdrawal says nothing but its entry
        return cls()


@dataclass(frozen=True)
class Decision:
    """The decision on a request; its reasons are in `recorded.reason`. `rows`, `days`: what a grant in part covers.
    `deemed`: where it rests on nobody having decided in time."""

    outcome: MitigationOutcome
    effect: MitigationEffect | None
    recorded: EntryReference
    rows: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    deemed: DeemedBasis | None = None


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
    requested: EntryReference
    decision: Decision | None = None
    withdrawn: EntryReference | None = None

    @property
    def state(self) -> MitigationState:
        if self.withdrawn is not None:
            return "withdrawn"
        return self.decision.outcome if self.decision else "requested"

    @property
    def is_granted(self) -> bool:
        """Whether it is granted whole. A grant in part relieves named rows or days only."""
        return self.state == "granted"

    @property
    def is_granted_in_part(self) -> bool:
        return self.state == "granted_in_part"

    @property
    def is_open(self) -> bool:
        return self.state == "requested"

    def covers(self, period: Period) -> bool:
        """Whether every month of the period is among those asked for."""
        return self.first <= period.first and period.last <= self.last

    def relieves(self, *, kpi: str, period: Period, in_part: bool) -> bool:
        """Whether it is granted, whole or in part, for that KPI and every month of the period."""
        is_so_granted = self.is_granted_in_part if in_part else self.is_granted
        return is_so_granted and self.kpi == kpi and self.covers(period)

    @property
    def relieved_rows(self) -> tuple[str, ...]:
        """Row ids that a grant in part names."""
        return self.decision.rows if self.decision else ()

    @property
    def relieved_days(self) -> tuple[date, ...]:
        """Local days that a grant in part names."""
        return tuple(date.fromisoformat(day) for day in self.decision.days) if self.decision else ()

    def overlaps(self, *, first: Month, last: Month) -> bool:
        return self.first <= last and first <= self.last


def mitigations_known(entries: Iterable[Entry]) -> tuple[Mitigation, ...]:
    """Every mitigation, in the order of the requests. Raises ProblemsFoundError for a decision on no open request."""
    found: dict[str, Mitigation] = {}
    for entry in entries_of(entries, MitigationRequested.kind, MitigationDecided.kind, MitigationWithdrawn.kind):
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
        elif entry.kind == MitigationWithdrawn.kind:
            known = found.get(entry.subject)
            if known is None or not known.is_open or entry.on_behalf_of != "supplier":
                what = f"{entry.subject} is withdrawn, but there is no open request of that name"
                raise misrecorded(entry, what, "the supplier withdraws an open request")
            found[entry.subject] = replace(known, withdrawn=entry.recorded)
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
    if decided.deemed and not is_over(decided.deemed, recorded_at=entry.recorded_at):
        what = f"{entry.subject} is deemed decided before {decided.deemed.after} was over"
        raise misrecorded(entry, what, "a decision is deemed when the time for it is over")
    return Decision(decided.outcome, decided.effect, entry.recorded, decided.rows, decided.days, decided.deemed)
