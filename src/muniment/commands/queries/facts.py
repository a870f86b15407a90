"""Facts by their address, as text: CSC_KPI_04/2019-09/value, count/tsl_achieved/2019-11, credit/due/2019-09."""

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settle import settle
from muniment.commands.queries.summarise import summarise
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import CATEGORIES, STATUS_NAMES
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, suggestion

_OF_A_KPI = ("value", "status", "points")
_COUNTS = (*CATEGORIES, "kpis")


def fact_known(reading: Reading, fact: str) -> str:
    """The fact as printed, from what the reading knows. Raises ProblemsFound for an address that names no fact."""
    head, _, rest = fact.partition("/")
    name, _, last = rest.partition("/")
    if head == "count" and name in _COUNTS:
        return _count(reading, name, _month(fact, last))
    if head == "credit" and name in ("due", "before_cap"):
        return _credit(reading, name, _month(fact, last))
    if (head, name) == ("points", "total"):
        return str(settle(reading, month=_month(fact, last)).points)
    if last in _OF_A_KPI:
        return _of_kpi(reading, fact, kpi=head, month=_month(fact, name), field=last)
    known = [f"count/{name}" for name in _COUNTS]
    raise _no_fact(fact, suggestion(fact.rpartition("/")[0], known, "write it as CSC_KPI_04/2019-09/value"))


def _no_fact(fact: str, remedy: str) -> ProblemsFound:
    return ProblemsFound([Problem(Place(fact), "Q010", "this is the address of no fact", remedy)])


def _month(fact: str, text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise _no_fact(fact, "name its month as 2019-09") from None


def _count(reading: Reading, name: str, month: Month) -> str:
    column = summarise(reading, first=month, last=month)[0]
    return str(column.total if name == "kpis" else next(column.counts[c] for c in CATEGORIES if c == name))


def _credit(reading: Reading, name: str, month: Month) -> str:
    credit = settle(reading, month=month).credit
    if credit is None:
        raise _no_fact(f"credit/{name}/{month}", "the contract has no service credits")
    return str(credit.due if name == "due" else credit.before_cap)


def _of_kpi(reading: Reading, fact: str, *, kpi: str, month: Month, field: str) -> str:
    results = reading.results(first=month, last=month)
    result = next((result for result in results if result.kpi.code == kpi), None)
    if result is None:
        raise _no_fact(fact, suggestion(kpi, [r.kpi.code for r in results], f"no such KPI is in force in {month}"))
    return _field(result, field)


def _field(result: Result, field: str) -> str:
    if field == "status":
        return STATUS_NAMES[result.standing.status]
    return str(result.points) if field == "points" else shown_value(result)
