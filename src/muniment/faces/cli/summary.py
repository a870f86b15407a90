"""muniment summary FOLDER --from MONTH --to MONTH"""

import argparse
from collections.abc import Sequence

from muniment.commands.queries.summarise import summarise
from muniment.domain.assessment.status import CATEGORIES, CATEGORY_NAMES
from muniment.domain.assessment.summary import Column, headline
from muniment.faces.cli.asked import asked_again, month_of, opened_by, reading_of
from muniment.faces.cli.printing import Printed, next_steps, print_csv, print_json, print_table
from muniment.faces.desk.shapes import summary_json


def run(arguments: argparse.Namespace) -> int:
    first, last = month_of(arguments.first), month_of(arguments.last)
    reading = reading_of(arguments, opened_by(arguments))
    columns = summarise(reading, first=first, last=last)
    table = table_1_printed(columns, known=f", as known on {reading.known}" if reading.known else "")
    if arguments.format == "json":
        print_json(summary_json(contract=reading.contract.id, known=reading.known, columns=columns))
    elif arguments.format == "csv":
        print_csv(table.headings, table.rows)
    else:
        print_table(table)
        next_steps(f"muniment statement {asked_again(arguments)} --period {last}")
    return 0


def table_1_printed(columns: Sequence[Column], *, known: str) -> Printed:
    """Table 1 with a column per month; its title is its answer."""
    rows = [[CATEGORY_NAMES[category], *(str(c.counts[category]) for c in columns)] for category in CATEGORIES]
    total = ["TOTAL (KPIs in force)", *(str(column.total) for column in columns)]
    return Printed(
        title=f"Table 1. {headline(columns[-1])}{known}",
        headings=("", *(f"{column.month.short_name} ({column.contract_month})" for column in columns)),
        rows=[*rows, total],
        right=frozenset(range(1, len(columns) + 1)),
        last_is_total=True,
    )
