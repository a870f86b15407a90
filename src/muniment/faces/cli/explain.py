"""muniment explain FOLDER KPI PERIOD"""

import argparse

from muniment.commands.queries.explain import Explanation, LineInForce, explain
from muniment.commands.queries.reading import Reading
from muniment.domain.kernel.quantity import grouped
from muniment.faces.cli.asked import month_of, opened_by, reading_of
from muniment.faces.cli.printing import print_json
from muniment.faces.desk.shapes import explanation_json


def run(arguments: argparse.Namespace) -> int:
    month = month_of(arguments.period)
    reading = reading_of(arguments, opened_by(arguments))
    explanation = explain(reading, kpi=arguments.kpi, month=month)
    if arguments.format == "json":
        print_json(explanation_json(contract=reading.contract.id, known=reading.known, explanation=explanation))
    else:
        _print(reading, explanation)
    return 0


def _print(reading: Reading, explanation: Explanation) -> None:
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
