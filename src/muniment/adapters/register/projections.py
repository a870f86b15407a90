"""Results that pages read instead of replaying the record: as they are shown, and always possible to make again.

How they come about is not known here: whoever opens the register hands in the computation.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

from django.db import transaction

from muniment.adapters.register.faults import reading, writing
from muniment.adapters.register.models import MonthCount, MonthResult, Projection
from muniment.domain.kernel.problem import Place, Problem


@dataclass(frozen=True)
class ResultLine:
    """A KPI's result in a month, every field as it is shown. `month`: 2019-11. `category`: its row of Table 1."""

    month: str
    kpi: str
    title: str
    status: str
    category: str
    value: str
    target: str
    points: str


@dataclass(frozen=True)
class CountLine:
    """How many KPIs of the month fall into a category of Table 1."""

    month: str
    category: str
    kpis: int


@dataclass(frozen=True)
class Projected:
    """What a computation found from the ledger up to `seq`, whose hash is `head`; results in the order of pages."""

    seq: int
    head: str
    results: tuple[ResultLine, ...]
    counts: tuple[CountLine, ...]


Compute = Callable[[], Projected]


def rebuild(contract: str, compute: Compute, *, using: str) -> Projected:
    """Replace what is projected by a fresh computation. Raises NotRecorded, and whatever the computation raises."""
    fresh = compute()
    with writing(using), transaction.atomic(using=using, durable=True):
        for model in (MonthResult, MonthCount, Projection):
            model.objects.using(using).filter(contract=contract).delete()
        Projection(contract=contract, seq=fresh.seq, head=fresh.head).save(using=using, force_insert=True)
        MonthResult.objects.using(using).bulk_create(
            MonthResult(
                contract=contract,
                position=position,
                month=line.month,
                kpi=line.kpi,
                title=line.title,
                status=line.status,
                category=line.category,
                value=line.value,
                target=line.target,
                points=line.points,
            )
            for position, line in enumerate(fresh.results)
        )
        MonthCount.objects.using(using).bulk_create(
            MonthCount(contract=contract, month=line.month, category=line.category, kpis=line.kpis)
            for line in fresh.counts
        )
    return fresh


def projected(contract: str, *, using: str) -> Projected | None:
    """What is projected now, and the entry that it stands for; None where nothing was projected yet."""
    with reading(using):
        # No transaction, which on SQLite would stand in line with the writers: read again if it was rebuilt meanwhile.
        while (found := _projected(contract, using=using)) is not None:
            if _stands_for(contract, using=using) == (found.seq, found.head):
                return found
    return None


def _projected(contract: str, *, using: str) -> Projected | None:
    stands_for = _stands_for(contract, using=using)
    if stands_for is None:
        return None
    results = MonthResult.objects.using(using).filter(contract=contract).order_by("position")
    counts = MonthCount.objects.using(using).filter(contract=contract).order_by("month", "category")
    lines = tuple(CountLine(row.month, row.category, row.kpis) for row in counts)
    return Projected(*stands_for, tuple(_line(row) for row in results), lines)


def _stands_for(contract: str, *, using: str) -> tuple[int, str] | None:
    row = Projection.objects.using(using).filter(contract=contract).first()
    return (row.seq, row.head) if row else None


def month_counts(month: str, *, contracts: Sequence[str] | None, using: str) -> dict[str, dict[str, int]]:
    """Contract -> category -> KPIs of Table 1 in a month. `contracts`: those that the asker may see; None: all."""
    with reading(using):
        rows = MonthCount.objects.using(using).filter(month=month)
        if contracts is not None:
            rows = rows.filter(contract__in=contracts)
        found: dict[str, dict[str, int]] = {}
        for contract, category, kpis in rows.values_list("contract", "category", "kpis"):
            found.setdefault(contract, {})[category] = kpis
    return found


def projection_problems(contract: str, compute: Compute, *, using: str) -> tuple[Problem, ...]:
    """Where what is projected differs from a fresh computation: what pages show is then not what the record says."""
    place = Place(f"{contract}: results")
    kept = projected(contract, using=using)
    if kept is None:
        return (Problem(place, "G011", "nothing is projected", "rebuild the projections", "warning"),)
    fresh = compute()
    if (kept.seq, kept.head) != (fresh.seq, fresh.head):
        what = f"the results stand for entry {kept.seq}, the record has {fresh.seq}"
        return (Problem(place, "G010", what, "rebuild the projections"),)
    different = sorted(
        {str(line.month) for line in {*kept.results} ^ {*fresh.results}}
        | {str(line.month) for line in {*kept.counts} ^ {*fresh.counts}}
    )
    if [astuple(line) for line in kept.results] != [astuple(line) for line in fresh.results] and not different:
        different = ["in another order"]
    return tuple(
        Problem(place, "G010", f"the results shown for {month} are not those of the record", "rebuild the projections")
        for month in different
    )


def _line(row: MonthResult) -> ResultLine:
    return ResultLine(row.month, row.kpi, row.title, row.status, row.category, row.value, row.target, row.points)
