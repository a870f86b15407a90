"""muniment changed FOLDER cssc/2019-09/v1 cssc/2019-09/v2"""

import argparse

from muniment.commands.queries.changed import changed
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, suggestion
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.faces.cli.asked import where_of
from muniment.faces.cli.printing import Printed, print_json, print_table
from muniment.faces.desk.opening import open_contract
from muniment.faces.desk.shapes import changed_json

HEADINGS = ("What", "Before", "After")


def run(arguments: argparse.Namespace) -> int:
    opened = open_contract(folder=where_of(arguments), known=None)
    before, after = (_lock(opened.entries, name) for name in (arguments.before, arguments.after))
    found = changed(before.locked.sealed, after.locked.sealed)
    if arguments.format == "json":
        print_json(changed_json(before=before.id, after=after.id, found=found))
        return 0
    if found.is_same:
        print(f"{before.id} and {after.id} are the same.")
        return 0
    causes = ", ".join(found.causes) or "no input differs"
    rows = [(f"{item.of}, {item.part}", item.before, item.after) for item in found.differences]
    print_table(Printed(f"From {before.id} to {after.id}: {causes}", HEADINGS, rows))
    return 0


def _lock(entries: tuple[Entry, ...], name: str) -> Lock:
    locks = {lock.id: lock for versions in locks_known(entries).values() for lock in versions}
    if name not in locks:
        remedy = suggestion(name, locks, f"the locked statements are: {', '.join(locks) or 'none yet'}")
        raise ProblemsFound([Problem(Place(LEDGER_FILE), "Q011", f"there is no locked statement '{name}'", remedy)])
    return locks[name]
