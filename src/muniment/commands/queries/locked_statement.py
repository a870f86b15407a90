"""A locked statement as people read it: from the sealed copy in the record, never computed again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from muniment.domain.assessment.month_lock import Lock
from muniment.domain.assessment.status import CATEGORIES, Category
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money


@dataclass(frozen=True)
class SealedLine:
    """A KPI's line. `value`: with the contract's decimals, without its unit; blank where nothing was measured."""

    kpi: str
    title: str
    unit: str
    value: str
    target: str
    minimum: str
    status: str
    category: Category
    points: str
    working: str

    @property
    def shown(self) -> str:
        """92.59%, or 5."""
        if not self.value:
            return "not measured"
        return f"{self.value}%" if self.unit == "percent" else self.value


@dataclass(frozen=True)
class LockedStatement:
    """`statement`: its fingerprint. `due`, `cap`: None where the contract has no credits."""

    lock: Lock
    lines: tuple[SealedLine, ...]
    points: str
    due: Money | None
    cap: Money | None
    before_cap: Money | None
    base: Money | None
    working: str

    @property
    def statement(self) -> str:
        return self.lock.locked.statement


def locked_statement(lock: Lock) -> LockedStatement:
    """What was signed and locked."""
    sealed = lock.locked.sealed
    statement, credit = _object(sealed.get("statement")), _object(_object(sealed.get("statement")).get("credit"))
    said = {str(line.get("kpi")): line for line in _objects(statement.get("lines"))}
    return LockedStatement(
        lock=lock,
        lines=tuple(_line(result, said) for result in _objects(sealed.get("results"))),
        points=str(statement.get("points")),
        due=_money(credit, "due"),
        cap=_money(credit, "cap"),
        before_cap=_money(credit, "before_cap"),
        base=_money(credit, "base"),
        working=str(statement.get("credit_working") or ""),
    )


def difference(found: LockedStatement, before: LockedStatement | None) -> Money | None:
    """What is left to adjust where the credit of the version before was adjusted already. `before`: None for v1."""
    if found.due is None:
        return None
    return found.due - ((before.due if before else None) or Money(0))


def _line(result: Mapping[str, Json], said: Mapping[str, Mapping[str, Json]]) -> SealedLine:
    code = str(result.get("kpi"))
    measured, line = _object(result.get("measured")), said.get(code, {})
    return SealedLine(
        kpi=code,
        title=str(result.get("title")),
        unit=str(result.get("unit")),
        value=str(measured.get("value") or ""),
        target=str(_object(result.get("target")).get("level")),
        minimum=str(_object(result.get("minimum")).get("level")),
        status=str(result.get("status")),
        category=_category(result.get("category")),
        points=str(_object(result.get("points")).get("points")),
        working=str(line.get("working") or ""),
    )


def _category(value: Json) -> Category:
    """Raises ValueError for a word that no category has: the record was written by somebody else."""
    return CATEGORIES[CATEGORIES.index(value)]


def _money(credit: Mapping[str, Json], name: str) -> Money | None:
    pence = credit.get(name)
    return Money(pence) if isinstance(pence, int) else None


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
