"""Disputes about a result: the entries that raise and resolve one, with both sides' values, and how each stands.

The authority's value stands meanwhile, provisionally.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.index import entries_of
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import misrecorded, payload_of

DisputeOutcome = Literal["upheld", "not_upheld", "withdrawn"]
DISPUTE_OUTCOMES: tuple[DisputeOutcome, ...] = get_args(DisputeOutcome)


@dataclass(frozen=True)
class ResultDisputed:
    """`supplier_value`: what the supplier says it should be, as text. `authority_value`: what it was disputed from."""

    kind: ClassVar[str] = "result.disputed"
    version: ClassVar[int] = 1
    kpi: str
    period: Month
    supplier_value: str
    authority_value: str | None = None

    def fields(self) -> dict[str, Json]:
        return {
            "kpi": self.kpi,
            "period": str(self.period),
            "supplier_value": self.supplier_value,
            "authority_value": self.authority_value,
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(
            kpi=source.line("kpi"),
            period=source.month("period"),
            supplier_value=source.line("supplier_value"),
            authority_value=source.line_or_none("authority_value"),
        )


@dataclass(frozen=True)
class DisputeResolved:
    """`upheld`: the supplier was right. `after_lock`: the statement version that was locked by then."""

    kind: ClassVar[str] = "dispute.resolved"
    version: ClassVar[int] = 1
    outcome: DisputeOutcome
    after_lock: str | None = None

    def fields(self) -> dict[str, Json]:
        return {"outcome": self.outcome, **({"after_lock": self.after_lock} if self.after_lock else {})}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(outcome=source.choice("outcome", DISPUTE_OUTCOMES), after_lock=source.line_if_given("after_lock"))


@dataclass(frozen=True)
class Dispute:
    """A dispute as the record has it. `id`: cssc/CSC_KPI_04/2019-09/d1."""

    id: str
    disputed: ResultDisputed
    raised: EntryReference
    outcome: DisputeOutcome | None = None
    resolved: EntryReference | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None


def disputes_known(entries: Iterable[Entry]) -> tuple[Dispute, ...]:
    """Every dispute, in the order of raising. Raises ProblemsFoundError for an outcome of no open dispute."""
    found: dict[str, Dispute] = {}
    for entry in entries_of(entries, ResultDisputed.kind, DisputeResolved.kind):
        if entry.kind == ResultDisputed.kind:
            found[entry.subject] = Dispute(entry.subject, payload_of(entry, ResultDisputed), entry.recorded)
        elif entry.kind == DisputeResolved.kind:
            known = found.get(entry.subject)
            if known is None or not known.is_open:
                raise misrecorded(entry, f"{entry.subject} is not an open dispute", "only an open one is resolved")
            outcome = payload_of(entry, DisputeResolved).outcome
            found[entry.subject] = replace(known, outcome=outcome, resolved=entry.recorded)
    return tuple(found.values())
