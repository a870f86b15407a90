"""A sealed statement as it is read again: typed once from the JSON that both signatures and the lock name.

What it says is compared, shown and carried forward from here; its fingerprint is always that of the JSON itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated

from pydantic import Strict, TypeAdapter, ValidationError

from muniment.domain.assessment.sealed import SealedDecision
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money

_Whole = Annotated[int, Strict()]
_DIGITS = 12


class SealedFormError(ValueError):
    """What is called a sealed statement does not have its form."""


@dataclass(frozen=True)
class SealedSubmission:
    """A file whose rows counted. `period`: 2019-09; None where a file may hold any month."""

    id: str
    table: str = ""
    period: str | None = None
    sha256: str = ""
    standing: str = ""
    rejected: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Its table and month, so that s2 replaces s1."""
        return f"{self.table}/{self.period}"

    def __str__(self) -> str:
        without = f" without {', '.join(self.rejected)}" if self.rejected else ""
        return f"{self.id}, {self.standing}{without}, sha256 {self.sha256[:_DIGITS]}"


@dataclass(frozen=True)
class StatementInputs:
    """All that it was computed from, as known at the end of `known`. `regimes` and `calendars`: (name, fingerprint)."""

    submissions: tuple[SealedSubmission, ...] = ()
    mitigations: tuple[SealedDecision, ...] = ()
    challenges: tuple[SealedDecision, ...] = ()
    notices: tuple[str, ...] = ()
    regimes: tuple[tuple[str, str], ...] = ()
    calendars: tuple[tuple[str, str], ...] = ()
    opening_runs: tuple[tuple[str, _Whole], ...] = ()
    known: date | None = None

    def named(self) -> Mapping[str, Mapping[str, str]]:
        """Kind of input -> what names each of that kind -> what it is, as people read it."""
        return {
            "submissions": {submission.place: str(submission) for submission in self.submissions},
            "mitigations": {decision.id: decision.outcome for decision in self.mitigations},
            "challenges": {decision.id: decision.outcome for decision in self.challenges},
            "notices": dict.fromkeys(self.notices, "in effect"),
            "regimes": {first: digest[:_DIGITS] for first, digest in self.regimes},
            "calendars": {name: digest[:_DIGITS] for name, digest in self.calendars},
            "opening_runs": {kpi: str(run) for kpi, run in self.opening_runs},
        }


@dataclass(frozen=True)
class SealedLevel:
    """A target or minimum, and the notice that set it."""

    level: str
    place: str = ""
    notice: str | None = None

    def __str__(self) -> str:
        return f"{self.level} ({self.notice})" if self.notice else self.level


@dataclass(frozen=True)
class SealedDispositions:
    """What became of the rows. `left_out`: (rule, how many)."""

    counted: _Whole = 0
    in_total: _Whole = 0
    left_out: tuple[tuple[str, _Whole], ...] = ()
    out_of_scope: _Whole = 0
    rejected: _Whole = 0

    def __str__(self) -> str:
        """462 counted, 37 in total but not counted, 2 left out (test calls)"""
        return ", ".join(self._said()) or "no rows"

    def _said(self) -> Iterator[str]:
        counts = {
            "counted": self.counted,
            "in total but not counted": self.in_total,
            "out of scope": self.out_of_scope,
            "rejected": self.rejected,
        }
        yield from (f"{count} {what}" for what, count in counts.items() if count)
        yield from (f"{count} left out ({rule})" for rule, count in self.left_out if count)


@dataclass(frozen=True)
class SealedMeasurement:
    """What was measured. Numbers are texts, as they were computed; `table`: whose rows."""

    numerator: str = ""
    denominator: str | None = None
    value: str | None = None
    rounding: str = ""
    table: str | None = None
    dispositions: SealedDispositions | None = None


@dataclass(frozen=True)
class SealedRelief:
    """What grants in part leave of the measurement."""

    rows: _Whole = 0
    numerator: str = ""
    denominator: str | None = None
    value: str | None = None
    status: str = ""


@dataclass(frozen=True)
class SealedPoints:
    """How a KPI's points come about. `run`: how many periods running it has failed."""

    base: _Whole | None = None
    run: _Whole | None = None
    multiplier: _Whole | None = None
    points: _Whole | None = None


@dataclass(frozen=True)
class SealedResult:
    """A KPI's result. `period`: 2019-09, or 2019-07..2019-09 for a quarter."""

    kpi: str
    category: Category
    title: str = ""
    period: str = ""
    unit: str = ""
    measured: SealedMeasurement | None = None
    relieved: SealedRelief | None = None
    target: SealedLevel | None = None
    minimum: SealedLevel | None = None
    status: str = ""
    band: str | None = None
    rule: str = ""
    mitigation: str | None = None
    suspension: str | None = None
    points: SealedPoints = field(default_factory=SealedPoints)


@dataclass(frozen=True)
class SealedCredit:
    """Pence; `per_point` is a percentage of `base`."""

    due: _Whole
    base: _Whole | None = None
    before_cap: _Whole | None = None
    cap: _Whole | None = None
    free_points: _Whole | None = None
    chargeable_points: _Whole | None = None
    per_point: str | None = None
    is_suspended: bool | None = None

    def money(self) -> Mapping[str, Money | None]:
        """Its amounts, by name."""
        pence = {"base": self.base, "before_cap": self.before_cap, "cap": self.cap, "due": self.due}
        return {name: None if found is None else Money(found) for name, found in pence.items()}


@dataclass(frozen=True)
class SealedWorking:
    """A KPI's line of the statement: its working in words."""

    kpi: str
    working: str = ""


@dataclass(frozen=True)
class SealedTotals:
    """What the month comes to. `credit`: None where the contract has no service credits."""

    lines: tuple[SealedWorking, ...] = ()
    points: _Whole | None = None
    credit: SealedCredit | None = None
    credit_working: str = ""


@dataclass(frozen=True)
class SealedStatement:
    """A value of `sealed_of`, typed. What it leaves out is None or empty; a word that no KPI's category has, a part of
    another kind, is an error."""

    inputs: StatementInputs = field(default_factory=StatementInputs)
    results: tuple[SealedResult, ...] = ()
    statement: SealedTotals = field(default_factory=SealedTotals)


def read_sealed(sealed: Json) -> SealedStatement:
    """Raises SealedFormError with the first part that is not of the form."""
    try:
        return _reader().validate_python(sealed)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise SealedFormError(f"{place}: {first['msg']}") from error


@cache
def _reader() -> TypeAdapter[SealedStatement]:
    return TypeAdapter(SealedStatement)
