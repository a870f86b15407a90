"""Facts by their address, as text; and what was last reported of one, against what the records said and say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.commands.queries.reading import Reading, summarise
from muniment.commands.queries.settlement import settle_month
from muniment.domain.assessment.restatement import Verdict, verdict_of
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import STATUS_NAMES, Category
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.record.entry import Entry
from muniment.domain.record.reported import figures_reported, reported_on

_OF_A_KPI = ("value", "status", "points")
_COUNTS = (*Category, "kpis")

ValueKnown = Callable[[str, date], str]
"""(fact, day) -> the fact as known at the end of that day. Raises ProblemsFoundError."""


def fact_known(reading: Reading, fact: str) -> str:
    """The fact as printed, from what the reading knows. Raises ProblemsFoundError for an address that names no fact."""
    head, _, rest = fact.partition("/")
    name, _, last = rest.partition("/")
    if head == "count" and name in _COUNTS:
        return _count(reading, name, _month(fact, last))
    if head == "credit" and name in ("due", "before_cap"):
        return _credit(reading, name, _month(fact, last))
    if (head, name) == ("points", "total"):
        return str(settle_month(reading, month=_month(fact, last)).points)
    if last in _OF_A_KPI:
        return _of_kpi(reading, fact, kpi=head, month=_month(fact, name), field=last)
    known = [f"count/{name}" for name in _COUNTS]
    raise _no_fact(fact, suggestion(fact.rpartition("/")[0], known, "write it as CSC_KPI_04/2019-09/value"))


def _no_fact(fact: str, remedy: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place(fact), "Q010", "this is the address of no fact", remedy)])


def _month(fact: str, text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise _no_fact(fact, "name its month as 2019-09") from None


def _count(reading: Reading, name: str, month: Month) -> str:
    column = summarise(reading, first=month, last=month)[0]
    return str(column.total if name == "kpis" else column.counts[Category(name)])


def _credit(reading: Reading, name: str, month: Month) -> str:
    credit = settle_month(reading, month=month).credit
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


@dataclass(frozen=True)
class ReportedFact:
    """`known`: what the records say as known on the day asked for. `printed`: None where nothing was reported yet."""

    fact: str
    known: str | None
    printed: str | None
    where: str | None
    on: date | None
    verdict: Verdict


def reported_facts(
    *, entries: Sequence[Entry], on: date, facts: Sequence[str], value_known: ValueKnown
) -> tuple[ReportedFact, ...]:
    """A line per fact: those asked for, or every fact that had been reported by that day."""
    asked = facts or _facts_by(entries, on)
    return tuple(_line(entries, fact, on, value_known) for fact in asked)


def _facts_by(entries: Sequence[Entry], on: date) -> tuple[str, ...]:
    said = (found.figure.fact for found in figures_reported(entries) if found.figure.on <= on)
    return tuple(dict.fromkeys(said))


def _line(entries: Sequence[Entry], fact: str, on: date, value_known: ValueKnown) -> ReportedFact:
    last = reported_on(entries, fact=fact, on=on)
    now = _value(value_known, fact, on)
    if last is None:
        return ReportedFact(fact, now, None, None, None, verdict_of(printed=None, said_then=None, says_now=now))
    figure = last.figure
    then = _value(value_known, fact, figure.on)
    verdict = verdict_of(printed=figure.printed, said_then=then, says_now=now)
    return ReportedFact(fact, now, figure.printed, f"{figure.where} ({figure.how})", figure.on, verdict)


def _value(value_known: ValueKnown, fact: str, on: date) -> str | None:
    try:
        return value_known(fact, on)
    except ProblemsFoundError:
        return None
