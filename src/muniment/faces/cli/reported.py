"""muniment reported FOLDER --on DAY"""

import argparse
from datetime import date
from functools import cache

from muniment.commands.queries.facts import fact_known
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.reported import ReportedFact, reported
from muniment.faces.cli.asked import day_of, where_of
from muniment.faces.cli.printing import Printed, print_json, print_table
from muniment.faces.desk.opening import open_contract, read_contract
from muniment.faces.desk.shapes import reported_json

HEADINGS = ("Fact", "Known", "Reported", "Where", "On", "Verdict")


def run(arguments: argparse.Namespace) -> int:
    folder, on = where_of(arguments), day_of(arguments.on)
    opened = open_contract(folder=folder, known=None)

    @cache
    def reading_known(day: date) -> Reading:
        known = open_contract(folder=folder, known=day)
        return read_contract(opened=known, engine=arguments.engine, elsewhere={})

    found = reported(
        entries=opened.entries,
        on=on,
        facts=arguments.fact,
        value_known=lambda fact, day: fact_known(reading_known(day), fact),
    )
    if arguments.format == "json":
        print_json(reported_json(contract=opened.text.contract(known=None).id, on=on, facts=found))
    else:
        title = f"As reported on {on}: {sum(fact.verdict.endswith('due') for fact in found)} to put right"
        print_table(Printed(title, HEADINGS, [_row(fact) for fact in found]))
    return 0


def _row(fact: ReportedFact) -> tuple[str, ...]:
    return (
        fact.fact,
        fact.known or "cannot be computed",
        fact.printed or "nothing",
        fact.where or "",
        fact.on.isoformat() if fact.on else "",
        fact.verdict,
    )
