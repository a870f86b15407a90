"""Projected results, counts and pages in the database: replaced by a fresh computation, read, and checked.

Pages read them instead of replaying the record, and they can always be made again.

How they come about is not known here: whoever opens the database hands in the computation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from muniment.adapters.stores.database.appointments import appointments_of_record, people_of, project_appointments
from muniment.adapters.stores.database.faults import database_reading, database_writing
from muniment.adapters.stores.database.models import MonthCount, MonthResult, Page, Projection, StoredContract
from muniment.domain.kernel.problem import Place, Problem


@dataclass(frozen=True)
class ResultText:
    """A KPI's result in a month, 2019-11, and its canonical JSON."""

    month: str
    kpi: str
    content: str


@dataclass(frozen=True)
class CountLine:
    """How many KPIs of the month fall into a category of Table 1."""

    month: str
    category: str
    kpis: int


@dataclass(frozen=True)
class PageText:
    """A page by name (see models.Page), and its canonical JSON."""

    name: str
    content: str


@dataclass(frozen=True)
class ProjectionBasis:
    """What everything projected stands for: the ledger up to `seq`, whose hash is `head`, as known on the day `known`
    of the contract's `zone` (None: it was projected before days were kept). `is_scripted`: the times of the record are
    part of an example. `form`: in which results and pages are written."""

    seq: int
    head: str
    known: date | None = None
    zone: str = ""
    is_scripted: bool = False
    form: int = 0

    @property
    def order(self) -> tuple[int, date]:
        """Of two in one form, the greater is the newer."""
        return self.seq, self.known or date.min


@dataclass(frozen=True)
class ComputedProjection:
    """What a computation found; results in the order of pages, pages in the order of their names."""

    stand: ProjectionBasis
    results: tuple[ResultText, ...]
    counts: tuple[CountLine, ...]
    pages: tuple[PageText, ...]

    @property
    def seq(self) -> int:
        return self.stand.seq

    @property
    def head(self) -> str:
        return self.stand.head


BASIS_FIELDS = tuple(field.name for field in fields(ProjectionBasis))
Compute = Callable[[], ComputedProjection]


def replace_projections(contract: str, compute: Compute, *, using: str) -> ComputedProjection:
    """Replace what is projected by a fresh computation, unless a newer one was written meanwhile.

    Raises NotRecordedError, and whatever the computation raises.
    """
    while True:
        with database_reading(using):
            erasures, before = _erasures(contract, using=using), stored_basis(contract, using=using)
        fresh = compute()
        with database_writing(using), transaction.atomic(using=using, durable=True):
            StoredContract.objects.using(using).select_for_update().filter(id=contract).first()
            kept = stored_basis(contract, using=using)
            # What somebody else wrote meanwhile may rest on more of the record, or on a later day. What stood here
            # before is replaced whatever it is: a clock that was ahead is set back by rebuilding.
            is_newer = kept is not None and kept.form == fresh.stand.form and kept.order > fresh.stand.order
            if is_newer and kept != before:
                return fresh
            # A text that was erased while this was computed must not come back with it.
            if _erasures(contract, using=using) == erasures:
                _replace(contract, fresh, using=using)
                return fresh


def _erasures(contract: str, *, using: str) -> int:
    row = StoredContract.objects.using(using).filter(id=contract).first()
    return row.erasures if row else 0


def _replace(contract: str, fresh: ComputedProjection, *, using: str) -> None:
    for model in (MonthResult, MonthCount, Page, Projection):
        model.objects.using(using).filter(contract=contract).delete()
    kept = {name: getattr(fresh.stand, name) for name in BASIS_FIELDS}
    Projection(contract=contract, **kept).save(using=using, force_insert=True)
    MonthResult.objects.using(using).bulk_create(
        MonthResult(contract=contract, position=position, month=found.month, kpi=found.kpi, content=found.content)
        for position, found in enumerate(fresh.results)
    )
    MonthCount.objects.using(using).bulk_create(
        MonthCount(contract=contract, month=line.month, category=line.category, kpis=line.kpis) for line in fresh.counts
    )
    Page.objects.using(using).bulk_create(
        Page(contract=contract, name=page.name, content=page.content) for page in fresh.pages
    )
    project_appointments(contract, using=using)


def projected(contract: str, *, using: str) -> ComputedProjection | None:
    """What is projected now, and the entry that it stands for; None where nothing was projected yet."""
    with database_reading(using):
        # No transaction, which on SQLite would stand in line with the writers: read again if it was rebuilt meanwhile.
        while (found := _projected(contract, using=using)) is not None:
            if stored_basis(contract, using=using) == found.stand:
                return found
    return None


def _projected(contract: str, *, using: str) -> ComputedProjection | None:
    stand = stored_basis(contract, using=using)
    if stand is None:
        return None
    rows = MonthResult.objects.using(using).filter(contract=contract).order_by("position")
    results = tuple(ResultText(row.month, row.kpi, row.content) for row in rows)
    counts = MonthCount.objects.using(using).filter(contract=contract).order_by("month", "category")
    lines = tuple(CountLine(row.month, row.category, row.kpis) for row in counts)
    pages = Page.objects.using(using).filter(contract=contract)
    texts = sorted((PageText(row.name, row.content) for row in pages), key=lambda page: page.name)
    return ComputedProjection(stand, results, lines, tuple(texts))


def stored_basis(contract: str, *, using: str) -> ProjectionBasis | None:
    """What everything projected stands for; None where nothing is."""
    row = Projection.objects.using(using).filter(contract=contract).first()
    return ProjectionBasis(**{name: getattr(row, name) for name in BASIS_FIELDS}) if row else None


def month_counts(month: str, *, contracts: Sequence[str] | None, using: str) -> dict[str, dict[str, int]]:
    """Contract -> category -> KPIs of Table 1 in a month. `contracts`: those that the asker may see; None: all."""
    with database_reading(using):
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
    return tuple(_differences(place, contract, kept, fresh, using=using))


def _differences(
    place: Place, contract: str, kept: ComputedProjection, fresh: ComputedProjection, *, using: str
) -> Iterator[Problem]:
    months = sorted(
        {line.month for line in {*kept.results} ^ {*fresh.results}}
        | {line.month for line in {*kept.counts} ^ {*fresh.counts}}
    )
    if kept.results != fresh.results and not months:
        months = ["in another order"]
    for month in months:
        what = f"the results shown for {month} are not those of the record"
        yield Problem(place, "G010", what, "rebuild the projections")
    for name in sorted({page.name for page in {*kept.pages} ^ {*fresh.pages}}):
        what = f"the page {name} does not say what the record says"
        yield Problem(place, "G010", what, "rebuild the projections")
    if people_of(contract, using=using) != appointments_of_record(contract, using=using):
        what = "the appointments by which people are let in are not those of the record"
        yield Problem(place, "G010", what, "rebuild the projections")
