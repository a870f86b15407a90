"""Restatements of locked statements: proposal, differences, decision; and the verdict on a figure reported earlier."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, get_args

from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.replay import misrecorded, payload_of

RestatementClass = Literal["revision", "correction"]
RESTATEMENT_CLASSES: tuple[RestatementClass, ...] = get_args(RestatementClass)
RestatementOutcome = Literal["approved", "refused"]
RESTATEMENT_OUTCOMES: tuple[RestatementOutcome, ...] = get_args(RestatementOutcome)

Verdict = Literal["never reported", "agrees", "correction due", "revision due", "cannot be computed"]


@dataclass(frozen=True)
class VersionDifference:
    """What differs between two versions. `what`: CSC_KPI_04/value. Both values as texts that people read."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class RestatementProposed:
    """`number`: 2 for v2. `restates`: the class. `cause`: late evidence, mitigation decision ... `sealed`: outputs and
    inputs of the new version, `statement` their fingerprint. `knock_on`: later locked months that change with it; each
    is proposed in the same transaction, `goes_with` this one, and decided with it. `outside_window`: the last day of
    the window for late evidence, where what makes it necessary came after that."""

    kind: ClassVar[str] = "restatement.proposed"
    version: ClassVar[int] = 1
    month: Month
    number: int
    restates: RestatementClass
    cause: str
    statement: str
    sealed: dict[str, Json]
    computed_on: int
    differences: tuple[VersionDifference, ...]
    knock_on: tuple[str, ...] = ()
    goes_with: str | None = None
    outside_window: str | None = None

    def fields(self) -> dict[str, Json]:
        differences: list[Json] = [[d.what, d.before, d.after] for d in self.differences]
        knock_on: list[Json] = [*self.knock_on]
        return {
            "month": str(self.month),
            "number": self.number,
            "class": self.restates,
            "cause": self.cause,
            "statement": self.statement,
            "sealed": self.sealed,
            "computed_on": self.computed_on,
            "differences": differences,
            "ripple": knock_on,
            **({"goes_with": self.goes_with} if self.goes_with else {}),
            **({"outside_window": self.outside_window} if self.outside_window else {}),
        }

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        read = cls(
            month=source.month("month"),
            number=source.whole("number"),
            restates=source.choice("class", RESTATEMENT_CLASSES),
            cause=source.line("cause"),
            statement=source.digest("statement"),
            sealed=source.fields_of("sealed"),
            computed_on=source.whole("computed_on"),
            differences=tuple(VersionDifference(*texts) for texts in source.triples("differences")),
            knock_on=source.lines("ripple"),
            goes_with=source.line_if_given("goes_with"),
            outside_window=source.line_if_given("outside_window"),
        )
        if sealed_fingerprint(read.sealed) != read.statement:
            raise PayloadError("'sealed' is not what was proposed: its fingerprint is another")
        return read


@dataclass(frozen=True)
class RestatementDecided:
    """An approval comes with the month.locked of the new version, in one transaction."""

    kind: ClassVar[str] = "restatement.decided"
    version: ClassVar[int] = 1
    outcome: RestatementOutcome

    def fields(self) -> dict[str, Json]:
        return {"outcome": self.outcome}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(outcome=source.choice("outcome", RESTATEMENT_OUTCOMES))


@dataclass(frozen=True)
class Restatement:
    """A proposal, and its decision where there is one. `id`: cssc/2019-09/r1."""

    id: str
    proposed: RestatementProposed
    recorded: EntryReference
    outcome: RestatementOutcome | None = None
    decided: EntryReference | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def month_thing(self) -> str:
        """cssc/2019-09"""
        return self.id.rpartition("/")[0]


def restatements_known(entries: Iterable[Entry]) -> tuple[Restatement, ...]:
    """Every proposal, in the order of proposing. Raises ProblemsFoundError for a decision on no open proposal."""
    found: dict[str, Restatement] = {}
    for entry in entries:
        if entry.kind == RestatementProposed.kind:
            found[entry.subject] = Restatement(entry.subject, payload_of(entry, RestatementProposed), entry.recorded)
        elif entry.kind == RestatementDecided.kind:
            known = found.get(entry.subject)
            if known is None or not known.is_open:
                raise misrecorded(entry, f"{entry.subject} is not an open proposal", "only an open one is decided")
            outcome = payload_of(entry, RestatementDecided).outcome
            leader = found.get(known.proposed.goes_with or entry.subject, known)
            if known.proposed.goes_with is not None and leader.outcome != outcome:
                what = f"{entry.subject} goes with {known.proposed.goes_with}, and is {outcome} without it"
                raise misrecorded(entry, what, "both are decided together")
            found[entry.subject] = replace(known, outcome=outcome, decided=entry.recorded)
    return tuple(found.values())


def verdict_of(*, printed: str | None, said_then: str | None, says_now: str | None) -> Verdict:
    """`printed`: as last printed or said. `said_then`: what the records said on the day of printing. `says_now`: what
    they say as known on the day of asking. Texts are compared as printed."""
    if printed is None:
        return "never reported"
    if says_now is None or said_then is None:
        return "cannot be computed"
    if printed == says_now:
        return "agrees"
    return "revision due" if printed == said_then else "correction due"
