"""What differs between two sealed statements: inputs first, with the cause they show, then KPIs, points and pounds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from muniment.domain.assessment.sealed_statement import (
    SealedCredit,
    SealedResult,
    SealedStatement,
    SealedTotals,
    StatementInputs,
)
from muniment.domain.assessment.status import STATUS_NAMES, Category

DifferenceKind = Literal["input", "kpi", "points", "credit"]
Cause = Literal[
    "late evidence", "challenge upheld", "mitigation decision", "retroactive notice", "calendar", "opening balances"
]
_Pair = tuple[str, SealedResult | None, SealedResult | None]
"""A KPI's code, and its result before and after."""

CAUSES: tuple[tuple[str, Cause], ...] = (
    ("challenges", "challenge upheld"),
    ("submissions", "late evidence"),
    ("mitigations", "mitigation decision"),
    ("notices", "retroactive notice"),
    ("regimes", "retroactive notice"),
    ("calendars", "calendar"),
    ("opening_runs", "opening balances"),
)
KPI_PARTS = ("status", "category", "band", "rule", "target", "minimum", "mitigation", "suspension", "period")
MEASURED_PARTS = ("numerator", "denominator", "value", "rounding", "dispositions")
POINTS_PARTS = ("base", "run", "multiplier", "points")
RELIEVED_PARTS = ("relieved_rows", "relieved_value", "relieved_status")
ABSENT = "none"
_STATUSES: Mapping[str, str] = {str(code): name for code, name in STATUS_NAMES.items()}
_CATEGORIES: Mapping[str, str] = {row.value: row.label for row in Category}
NAMES = {"status": _STATUSES, "relieved_status": _STATUSES, "band": _STATUSES, "category": _CATEGORIES}
"""Part of a KPI -> what each of its codes is called."""


@dataclass(frozen=True)
class Difference:
    """`of`: the id of an input, a KPI's code, or a part of the credit. `part`: what of it. `before` and `after` are as
    people read them; 'none' where there was nothing. `cause` is given for inputs."""

    kind: DifferenceKind
    of: str
    part: str
    before: str
    after: str
    cause: Cause | None = None

    def __str__(self) -> str:
        why = f" ({self.cause})" if self.cause else ""
        return f"{self.of}, {self.part}: {self.before} -> {self.after}{why}"


def statement_differences(before: SealedStatement, after: SealedStatement) -> tuple[Difference, ...]:
    """Everything that differs between two of them: inputs, then KPIs, points, pounds."""
    paired = tuple(_paired(before, after))
    return (
        *_inputs(before.inputs, after.inputs),
        *_kpis(paired),
        *_points(paired, before.statement, after.statement),
        *_credit(before.statement.credit, after.statement.credit),
    )


def causes_of(found: tuple[Difference, ...]) -> tuple[Cause, ...]:
    """The causes that differing inputs show, each once, in the order of CAUSES; none where no input differs."""
    shown = {difference.cause for difference in found if difference.cause is not None}
    return tuple(cause for cause in dict.fromkeys(cause for _, cause in CAUSES) if cause in shown)


def _inputs(before: StatementInputs, after: StatementInputs) -> Iterator[Difference]:
    were, are = before.named(), after.named()
    for name, cause in CAUSES:
        old, new = were[name], are[name]
        for key in sorted({*old, *new}):
            was, now = old.get(key, ABSENT), new.get(key, ABSENT)
            if was != now:
                yield Difference("input", key, name.replace("_", " "), was, now, cause)


def _kpis(paired: Iterable[_Pair]) -> Iterator[Difference]:
    for code, old, new in paired:
        if old is None or new is None:
            yield Difference("kpi", code, "in force", "yes" if old else "no", "yes" if new else "no")
            continue
        yield from _parts("kpi", code, _members(old.measured), _members(new.measured), MEASURED_PARTS)
        yield from _parts("kpi", code, _members(old), _members(new), KPI_PARTS)
        was, now = (_members(side.relieved, "relieved_") for side in (old, new))
        yield from _parts("kpi", code, was, now, RELIEVED_PARTS)


def _points(paired: Iterable[_Pair], before: SealedTotals, after: SealedTotals) -> Iterator[Difference]:
    for code, old, new in paired:
        if old is not None and new is not None:
            yield from _parts("points", code, _members(old.points), _members(new.points), POINTS_PARTS)
    if before.points != after.points:
        yield Difference("points", "all KPIs", "points", _words(before.points), _words(after.points))


def _credit(before: SealedCredit | None, after: SealedCredit | None) -> Iterator[Difference]:
    old, new = (credit.money() if credit else {} for credit in (before, after))
    yield from _parts("credit", "credit", old, new, ("base", "before_cap", "cap", "due"))
    parts = ("free_points", "chargeable_points", "per_point", "is_suspended")
    yield from _parts("credit", "credit", _members(before), _members(after), parts)


def _paired(before: SealedStatement, after: SealedStatement) -> Iterator[_Pair]:
    old, new = ({result.kpi: result for result in sealed.results} for sealed in (before, after))
    for code in dict.fromkeys((*old, *new)):
        yield code, old.get(code), new.get(code)


def _members(part: object, prefix: str = "") -> Mapping[str, object]:
    """The members of a part by name; empty where there is none."""
    return {} if part is None else {f"{prefix}{name}": value for name, value in vars(part).items()}


def _parts(
    kind: DifferenceKind, of: str, old: Mapping[str, object], new: Mapping[str, object], parts: tuple[str, ...]
) -> Iterator[Difference]:
    for part in parts:
        if old.get(part) != new.get(part):
            before, after = (_words_of(part, side.get(part)) for side in (old, new))
            yield Difference(kind, of, part.replace("_", " "), before, after)


def _words_of(part: str, value: object) -> str:
    said = _words(value)
    return NAMES[part].get(said, said) if part in NAMES else said


def _words(value: object) -> str:
    return ABSENT if value is None else str(value)
