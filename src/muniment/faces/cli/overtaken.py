"""muniment overtaken STORE"""

import argparse

from muniment.commands.queries.shadow import Shadow
from muniment.faces.cli.asked import month_of, where_of
from muniment.faces.cli.printing import Printed, next_steps, print_json, print_table
from muniment.faces.desk.opening import open_contract
from muniment.faces.desk.restating import shadows
from muniment.faces.desk.shapes import shadows_json

HEADINGS = ("Statement", "If it were computed now", "Class", "Cause", "Differences")


def run(arguments: argparse.Namespace) -> int:
    opened = open_contract(folder=where_of(arguments), known=None)
    found = shadows(opened=opened, months=tuple(month_of(month) for month in arguments.months))
    contract = opened.text.contract(known=opened.known).id
    if arguments.format == "json":
        print_json(shadows_json(contract=contract, shadows=found))
        return 0
    due = [shadow for shadow in found if shadow.needs_restating]
    title = f"{len(found)} locked statement{'s' if len(found) != 1 else ''}: {len(due)} to be restated"
    print_table(Printed(title, HEADINGS, [_row(shadow) for shadow in found], right=frozenset({4})))
    for shadow in due:
        print(f"\n{shadow.statement}")
        for difference in shadow.found.differences:
            print(f"  {difference}")
    for shadow in found:
        if shadow.note is not None:
            print(f"\n{shadow.statement}: {shadow.note}.")
    if due:
        next_steps(f"muniment propose-restatement {arguments.folder} {due[0].statement.split('/')[1]} --as ACTOR ...")
    return 0


def _row(shadow: Shadow) -> tuple[str, ...]:
    outputs = [difference for difference in shadow.found.differences if difference.kind != "input"]
    is_same = shadow.effect == "no effect"
    causes = ", ".join(shadow.found.causes) or ("" if is_same else "no input differs")
    return (shadow.statement, shadow.effect, "" if is_same else shadow.restates, causes, str(len(outputs)))
