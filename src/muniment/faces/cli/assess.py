"""muniment assess FOLDER --from MONTH --to MONTH"""

import argparse
from collections.abc import Sequence

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import CATEGORY_NAMES, STATUS_NAMES
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, suggestion
from muniment.domain.kernel.quantity import grouped
from muniment.faces.cli.asked import asked_again, month_of, opened_by, reading_of
from muniment.faces.cli.printing import Printed, next_steps, print_csv, print_json, print_table
from muniment.faces.desk.shapes import result_row, results_json


def run(arguments: argparse.Namespace) -> int:
    first, last = month_of(arguments.first), month_of(arguments.last)
    reading = reading_of(arguments, opened_by(arguments))
    results = _chosen(reading.results(first=first, last=last), arguments.kpi)
    if arguments.format == "json":
        print_json(results_json(contract=reading.contract.id, known=reading.known, results=results))
    elif arguments.format == "csv":
        rows = [result_row(result) for result in results]
        headings = list(rows[0]) if rows else []
        print_csv(headings, [["" if cell is None else _cell(cell) for cell in row.values()] for row in rows])
    else:
        _print(reading, results)
        next_steps(
            f"muniment explain {asked_again(arguments)} {results[0].kpi.code} {results[0].month}" if results else ""
        )
    return 0


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _chosen(results: Sequence[Result], kpi: str | None) -> Sequence[Result]:
    if kpi is None:
        return results
    chosen = [result for result in results if result.kpi.code == kpi]
    if not chosen:
        codes = list(dict.fromkeys(result.kpi.code for result in results))
        what = f"there is no KPI '{kpi}' in force in these months"
        remedy = suggestion(kpi, codes, f"ask for one of {', '.join(codes)}")
        raise ProblemsFound([Problem(Place("regime.yaml"), "Q003", what, remedy)])
    return chosen


def _print(reading: Reading, results: Sequence[Result]) -> None:
    known = f", as known on {reading.known}" if reading.known else ""
    print_table(
        Printed(
            title=f"{reading.contract.title} ({reading.contract.id}){known}",
            headings=("KPI", "Month", "Value", "Counted", "Of", "Target", "Minimum", "Status", "Summary row", "Points"),
            rows=[_row(result) for result in results],
            right=frozenset({2, 3, 4, 9}),
        )
    )


def _row(result: Result) -> tuple[str, ...]:
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
        CATEGORY_NAMES[result.category],
        str(result.points),
    )
