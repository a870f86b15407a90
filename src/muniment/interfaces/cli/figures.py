"""muniment assess | summary | statement | explain: figures of a contract, and why they are what they are."""

import argparse
from collections.abc import Sequence

from muniment.application.read_models.explanations import kpi_explanation
from muniment.application.read_models.kpi_months import assessed_kpi
from muniment.application.read_models.months import summary_row
from muniment.application.read_models.statements import month_statement
from muniment.application.read_models.stored import as_known, dump
from muniment.commands.queries.explain import Explanation, LineInForce, explain_kpi_month
from muniment.commands.queries.reading import Reading, summarise
from muniment.commands.queries.settlement import credits_to_date, settle_month
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import KpiLine, Statement
from muniment.domain.assessment.status import STATUS_NAMES, Category
from muniment.domain.assessment.summary import Table1Column, headline
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.quantity import grouped
from muniment.interfaces.cli.arguments import asked_again, month_argument, opened_by, reading_of
from muniment.interfaces.cli.printing import TextTable, next_steps, print_csv, print_json, print_table

_HEADINGS = ("KPI", "Value", "Status", "Base", "x", "Points", "Ground of mitigation", "Working")


def run_assess(arguments: argparse.Namespace) -> int:
    first, last = month_argument(arguments.first), month_argument(arguments.last)
    reading = reading_of(arguments, opened_by(arguments), kpi=arguments.kpi)
    results = reading.results(first=first, last=last)
    if arguments.format == "json":
        _print_as_known(reading, {"rows": [dump(assessed_kpi(result)) for result in results]})
    elif arguments.format == "csv":
        rows = [dump(assessed_kpi(result)) for result in results]
        headings = list(rows[0]) if rows else []
        print_csv(headings, [["" if cell is None else _cell(cell) for cell in row.values()] for row in rows])
    else:
        _print_results(reading, results)
        next_steps(
            f"muniment explain {asked_again(arguments)} {results[0].kpi.code} {results[0].month}" if results else ""
        )
    return 0


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_as_known(reading: Reading, body: dict[str, Json]) -> None:
    print_json(as_known(contract=reading.contract.id, known=reading.known, body=body))


def _print_results(reading: Reading, results: Sequence[Result]) -> None:
    known = f", as known on {reading.known}" if reading.known else ""
    print_table(
        TextTable(
            title=f"{reading.contract.title} ({reading.contract.id}){known}",
            headings=("KPI", "Month", "Value", "Counted", "Of", "Target", "Minimum", "Status", "Summary row", "Points"),
            rows=[_result_row(result) for result in results],
            right=frozenset({2, 3, 4, 9}),
        )
    )


def _result_row(result: Result) -> tuple[str, ...]:
    measurement = result.measurement
    denominator = measurement.denominator if measurement else None
    return (
        result.kpi.code,
        str(result.month),
        shown_value(result),
        grouped(measurement.numerator) if measurement else "",
        "" if denominator is None else grouped(denominator),
        str(result.kpi.target),
        str(result.kpi.minimum),
        STATUS_NAMES[result.standing.status],
        result.category.label,
        str(result.points),
    )


def run_summary(arguments: argparse.Namespace) -> int:
    first, last = month_argument(arguments.first), month_argument(arguments.last)
    reading = reading_of(arguments, opened_by(arguments))
    columns = summarise(reading, first=first, last=last)
    table = table_1_printed(columns, known=f", as known on {reading.known}" if reading.known else "")
    if arguments.format == "json":
        _print_as_known(reading, {"months": [summary_row(column) for column in columns]})
    elif arguments.format == "csv":
        print_csv(table.headings, table.rows)
    else:
        print_table(table)
        next_steps(f"muniment statement {asked_again(arguments)} --period {last}")
    return 0


def table_1_printed(columns: Sequence[Table1Column], *, known: str) -> TextTable:
    """Table 1 with a column per month; its title is its answer."""
    rows = [[row.label, *(str(column.counts[row]) for column in columns)] for row in Category]
    total = ["TOTAL (KPIs in force)", *(str(column.total) for column in columns)]
    return TextTable(
        title=f"Table 1. {headline(columns[-1])}{known}",
        headings=("", *(f"{column.month.short_name} ({column.contract_month})" for column in columns)),
        rows=[*rows, total],
        right=frozenset(range(1, len(columns) + 1)),
        last_is_total=True,
    )


def run_statement(arguments: argparse.Namespace) -> int:
    month = month_argument(arguments.period)
    reading = reading_of(arguments, opened_by(arguments))
    statement = settle_month(reading, month=month)
    to_date = credits_to_date(reading, month=month)
    if arguments.format == "json":
        _print_as_known(reading, dump(month_statement(statement, credits_to_date=to_date)))
    elif arguments.format == "csv":
        print_csv(_HEADINGS, [_statement_row(line) for line in statement.lines])
    else:
        known = f", as known on {reading.known}" if reading.known else ""
        _print_statement(statement, to_date, known)
        failing = next((line.result for line in statement.lines if line.result.standing.is_failing), None)
        if failing is not None:
            next_steps(f"muniment explain {asked_again(arguments)} {failing.kpi.code} {month}")
    return 0


def _print_statement(statement: Statement, to_date: Money | None, known: str) -> None:
    due = f", credit {statement.credit.due}" if statement.credit is not None else ""
    print_table(
        TextTable(
            title=f"{statement.month.name} (contract month {statement.contract_month}): "
            f"{statement.points} service points{due}{known}",
            headings=_HEADINGS,
            rows=[*(_statement_row(line) for line in statement.lines), _total(statement)],
            right=frozenset({1, 3, 4, 5}),
            last_is_total=True,
        )
    )
    credit = statement.credit
    print()
    if credit is not None:
        print(f"Service credit before cap  {credit.before_cap}")
        print(f"Cap                        {credit.cap}")
        print(f"Service credit due         {credit.due}")
    if to_date is not None and (credit is not None or to_date > Money(0)):
        print(f"Service credits to date    {to_date}")
    print(f"Working: {statement.credit_working}")


def _statement_row(line: KpiLine) -> tuple[str, ...]:
    consequence = line.result.consequence
    return (
        line.result.kpi.code,
        shown_value(line.result),
        STATUS_NAMES[line.result.standing.status],
        str(consequence.base),
        str(consequence.multiplier),
        str(consequence.points),
        line.ground or "",
        line.working,
    )


def _total(statement: Statement) -> tuple[str, ...]:
    return ("TOTAL", "", "", "", "", str(statement.points), "", "")


def run_explain(arguments: argparse.Namespace) -> int:
    month = month_argument(arguments.period)
    reading = reading_of(arguments, opened_by(arguments), kpi=arguments.kpi)
    explanation = explain_kpi_month(reading, kpi=arguments.kpi, month=month)
    if arguments.format == "json":
        _print_as_known(reading, dump(kpi_explanation(explanation)))
    else:
        _print_explanation(reading, explanation)
    return 0


def _print_explanation(reading: Reading, explanation: Explanation) -> None:
    print(explanation.sentence)
    print(f"\nNumber    {explanation.sum_line}")
    for line in explanation.lines:
        print(f"{line.name.capitalize():<9} {line.level}{_from(line)}")
    print(f"Measure   {explanation.measure.name}, {explanation.measure_source.place}")
    print(f"Points    {explanation.points_working}")
    if explanation.relieved_line:
        print(f"Relieved  {explanation.relieved_line}")
    if explanation.result.mitigation is not None:
        mitigation = explanation.result.mitigation
        part = ", in part" if explanation.result.relieved else ""
        print(f"Mitigated {mitigation.id}: {mitigation.ground}, {mitigation.first} to {mitigation.last}{part}")
    _print_dispositions(explanation)
    known = f" as known on {reading.known}" if reading.known else ""
    print(f"\nMeasured by {reading.engine.name}{known}, for {explanation.result.period.name}.")


def _from(line: LineInForce) -> str:
    notice = f"set by {line.source.notice}" if line.source.notice else "as signed"
    return f"  ({notice}: {line.source.place})"


def _print_dispositions(explanation: Explanation) -> None:
    if not explanation.dispositions:
        return
    width = max(len(found.name) for found in explanation.dispositions)
    counts = [grouped(found.count) for found in explanation.dispositions]
    number = max(len(count) for count in counts)
    print("\nEvery row of the period:")
    for found, count in zip(explanation.dispositions, counts, strict=True):
        sample = f"  e.g. {', '.join(found.sample)}" if found.sample else ""
        print(f"  {found.name:<{width}}  {count:>{number}}{sample}")
    total = sum(found.count for found in explanation.dispositions)
    print(f"  {'all rows':<{width}}  {grouped(total):>{number}}")
