"""muniment statement FOLDER --period MONTH"""

import argparse

from muniment.commands.queries.settle import credits_to_date, settle
from muniment.domain.assessment.statement import Line, Statement
from muniment.domain.assessment.status import STATUS_NAMES
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.money import Money
from muniment.faces.cli.asked import asked_again, month_of, opened_by, reading_of
from muniment.faces.cli.printing import Printed, next_steps, print_csv, print_json, print_table
from muniment.faces.desk.shapes import statement_json

HEADINGS = ("KPI", "Value", "Status", "Base", "x", "Points", "Ground of mitigation", "Working")


def run(arguments: argparse.Namespace) -> int:
    month = month_of(arguments.period)
    reading = reading_of(arguments, opened_by(arguments))
    statement = settle(reading, month=month)
    to_date = credits_to_date(reading, month=month)
    if arguments.format == "json":
        shape = statement_json(
            contract=reading.contract.id, known=reading.known, statement=statement, credits_to_date=to_date
        )
        print_json(shape)
    elif arguments.format == "csv":
        print_csv(HEADINGS, [_row(line) for line in statement.lines])
    else:
        known = f", as known on {reading.known}" if reading.known else ""
        _print(statement, to_date, known)
        failing = next((line.result for line in statement.lines if line.result.standing.is_failing), None)
        if failing is not None:
            next_steps(f"muniment explain {asked_again(arguments)} {failing.kpi.code} {month}")
    return 0


def _print(statement: Statement, to_date: Money | None, known: str) -> None:
    due = f", credit {statement.credit.due}" if statement.credit is not None else ""
    print_table(
        Printed(
            title=f"{statement.month.name} (contract month {statement.contract_month}): "
            f"{statement.points} service points{due}{known}",
            headings=HEADINGS,
            rows=[*(_row(line) for line in statement.lines), _total(statement)],
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


def _row(line: Line) -> tuple[str, ...]:
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
