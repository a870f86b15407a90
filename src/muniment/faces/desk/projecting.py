"""What a register projects for its pages: every result of the record, as the queries compute it from the evidence."""

from typing import TYPE_CHECKING

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settled import settled_months
from muniment.commands.queries.weighing import weighed
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import CATEGORY_NAMES
from muniment.domain.assessment.summary import Column, table_1
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.kernel.quantity import plain
from muniment.domain.record.entry import LEDGER_FILE
from muniment.faces.desk.opening import open_contract, read_contract
from muniment.faces.desk.projecting_kpis import granted_mitigations, kpi_month_pages, kpi_pages, sparklines
from muniment.faces.desk.projecting_months import Known, home_page, known_from, month_page, weighed_page
from muniment.faces.desk.stores import InRegister, register_at

if TYPE_CHECKING:
    from muniment.adapters.register.projections import PageText, Projected, ResultLine


def rebuild(where: InRegister) -> "Projected":
    """Replace what is projected of a contract by a fresh computation. Raises ProblemsFound, NotRecorded."""
    using = register_at(where.address).using
    from muniment.adapters.register import projections

    return projections.rebuild(where.contract, lambda: compute_projected(where), using=using)


def compute_projected(where: InRegister) -> "Projected":
    """Every KPI of every month that can be computed and had begun by the day of the last entry."""
    from muniment.adapters.register.projections import CountLine, Projected

    opened = open_contract(folder=where, known=None)
    if opened.head is None:
        what = "there is no record, so there is nothing to project"
        raise ProblemsFound([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    known = known_from(opened.entries, contract=where.contract)
    first, last = _months(reading)
    results = reading.results(first=first, last=last) if first <= last else ()
    columns = table_1(results)
    return Projected(
        seq=len(opened.entries),
        head=opened.head,
        results=tuple(_line(result, known) for result in results),
        counts=tuple(
            CountLine(str(column.month), CATEGORY_NAMES[category], count)
            for column in columns
            for category, count in column.counts.items()
        ),
        pages=_pages(reading, known, results, columns),
    )


def _months(reading: Reading) -> tuple[Month, Month]:
    end = reading.contract.end
    return reading.start, min(end, Month.of(reading.known)) if reading.known else end


def _line(result: Result, known: Known) -> "ResultLine":
    from muniment.adapters.register.projections import ResultLine

    measurement = result.measurement
    value = measurement.value if measurement else None
    denominator = measurement.denominator if measurement else None
    return ResultLine(
        month=str(result.month),
        kpi=result.kpi.code,
        title=result.kpi.title,
        status=result.standing.status,
        category=CATEGORY_NAMES[result.category],
        value=shown_value(result),
        target=str(result.kpi.target),
        points=str(result.points),
        area=result.kpi.area,
        unit=result.kpi.unit,
        number="" if value is None else f"{value:f}",
        numerator=plain(measurement.numerator) if measurement else "",
        denominator="" if denominator is None else plain(denominator),
        minimum=str(result.kpi.minimum),
        base_points=str(result.consequence.base),
        is_mitigated=result.is_mitigated,
        is_disputed=known.is_disputed(kpi=result.kpi.code, month=result.month),
    )


def _pages(
    reading: Reading, known: Known, results: tuple[Result, ...], columns: tuple[Column, ...]
) -> "tuple[PageText, ...]":
    """In the order of their names."""
    from muniment.adapters.register.projections import PageText

    settled = settled_months(reading, results)
    pages: dict[str, Json] = {**kpi_pages(reading, results), **kpi_month_pages(reading, known, results)}
    for month, column in zip(settled, columns, strict=True):
        drawn = sparklines(reading, results, month=month.month)
        pages[str(month.month)] = {**month_page(reading, known, month, column), "sparklines": drawn}
    for request in (found for found in reading.mitigations if found.is_open):
        pages[request.id.partition("/")[2]] = weighed_page(weighed(reading, request, settled=settled))
    pages["home"] = {**home_page(reading, known, settled, columns), "mitigations": granted_mitigations(reading)}
    return tuple(PageText(name, canonical_json(pages[name]).decode()) for name in sorted(pages))
