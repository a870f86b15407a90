"""What a register projects for its pages: every result of the record, as the queries compute it from the evidence."""

from typing import TYPE_CHECKING

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.status import CATEGORY_NAMES
from muniment.domain.assessment.summary import table_1
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.entry import LEDGER_FILE
from muniment.faces.desk.opening import open_contract, read_contract
from muniment.faces.desk.stores import InRegister, register_at

if TYPE_CHECKING:
    from muniment.adapters.register.projections import Projected


def rebuild(where: InRegister) -> "Projected":
    """Replace what is projected of a contract by a fresh computation. Raises ProblemsFound, NotRecorded."""
    using = register_at(where.address).using
    from muniment.adapters.register import projections

    return projections.rebuild(where.contract, lambda: compute_projected(where), using=using)


def compute_projected(where: InRegister) -> "Projected":
    """Every KPI of every month that can be computed and had begun by the day of the last entry."""
    from muniment.adapters.register.projections import CountLine, Projected, ResultLine

    opened = open_contract(folder=where, known=None)
    if opened.head is None:
        what = "there is no record, so there is nothing to project"
        raise ProblemsFound([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    first, last = _months(reading)
    results = reading.results(first=first, last=last) if first <= last else ()
    lines = tuple(
        ResultLine(
            month=str(result.month),
            kpi=result.kpi.code,
            title=result.kpi.title,
            status=result.standing.status,
            category=CATEGORY_NAMES[result.category],
            value=shown_value(result),
            target=str(result.kpi.target),
            points=str(result.points),
        )
        for result in results
    )
    counts = tuple(
        CountLine(str(column.month), CATEGORY_NAMES[category], count)
        for column in table_1(results)
        for category, count in column.counts.items()
    )
    return Projected(len(opened.entries), opened.head, lines, counts)


def _months(reading: Reading) -> tuple[Month, Month]:
    end = reading.contract.end
    return reading.start, min(end, Month.of(reading.known)) if reading.known else end
