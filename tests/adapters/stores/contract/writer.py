"""A process that writes twenty updates and goes: python -m tests.adapters.stores.contract.writer WHEREABOUTS NAME"""

import sys

from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.commands.reporting import update_project
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock
from tests.adapters.stores.contract.whereabouts import Whereabouts


def main(words: str, name: str) -> None:
    store = Whereabouts.from_words(words).open(clock=ScriptedClock("2019-06-01T00:00:00Z"), salts=SystemSalts())
    for day in range(1, 21):
        update_project(
            ledger=store.ledger,
            act=Act(name, "supplier", "weekly"),
            project=name,
            as_at=f"2019-06-{day:02d}",
            rag="green",
            stage="delivery",
            why="on plan",
            projects=[name],
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
