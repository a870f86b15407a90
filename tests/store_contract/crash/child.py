"""A process that records until it is killed, and says after each answer what it was told.

    python -m tests.store_contract.crash.child

For every line of orders on its input it forks a child, prints `pid` and the child's id, waits for its end, and prints
`ended` and how. The child prints `ready` when its store is open. So children have everything loaded and no connection
open, and start in a hundredth of a second.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass

from muniment.commands.erase_text import ErasingLedger
from muniment.commands.receive_submission import receive_submission
from muniment.commands.update_project import update_project
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted
from tests.store_contract.crash.broken import HastyLedger, PiecemealLedger
from tests.store_contract.whereabouts import Store, Whereabouts

LARGEST = 3_000_000
OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "as asked")


@dataclass(frozen=True)
class Orders:
    """`place`: whereabouts in words. `told`: the file for what was acknowledged. `flaw`: hasty, piecemeal or none."""

    place: str
    seed: int
    told: str
    flaw: str = "none"


def work(orders: Orders) -> None:
    """Never returns: commands, files with their submission, and transactions of many entries, in any order."""
    store = Whereabouts.from_words(orders.place).open()
    ledger = _flawed(store.ledger, orders.flaw)
    chance = random.Random(orders.seed)  # noqa: S311  # a run that can be repeated, not a secret
    told = os.open(orders.told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ledger.entries()
    os.write(1, b"ready\n")
    number = 0
    while True:
        number += 1
        kind = chance.choice(("command", "import", "transaction"))
        os.write(told, json.dumps(kind).encode() + b"\n")
        answers = ACTS[kind](store, ledger, f"{orders.seed}-{number}", chance)
        lines = [json.dumps([entry.seq, entry.hash]) for entry in answers]
        os.write(told, "\n".join([*lines, ""]).encode())


def _command(_store: Store, ledger: ErasingLedger, name: str, _chance: random.Random) -> tuple[Entry, ...]:
    updated = update_project(
        ledger=ledger,
        act=Act("p.lane", "supplier", "weekly", key=name),
        project="wan",
        as_at="2019-06-01",
        rag="green",
        stage="delivery",
        why="on plan",
        projects=["wan"],
    )
    return (updated,)


def _import(store: Store, ledger: ErasingLedger, name: str, chance: random.Random) -> tuple[Entry, ...]:
    content = f"call_id\n{name}\n".encode() + b"C-1\n" * (chance.randrange(LARGEST) // 4)
    received = receive_submission(
        ledger=ledger,
        blobs=store.blobs,
        act=SUPPLIER,
        table="calls",
        period="2019-05",
        file_name="calls.csv",
        file_kind="csv",
        sha256=store.blobs.put(content),
        rows=1,
        tables=["calls"],
    )
    return (received,)


def _transaction(_store: Store, ledger: ErasingLedger, name: str, chance: random.Random) -> tuple[Entry, ...]:
    """Every entry says of which transaction it is and how many belong to it, so that a missing one is seen."""
    size = chance.randrange(2, 30)
    digest = f"{chance.randrange(16**32):064x}"
    drafts = [
        Draft(f"cssc/batch/{name}/{at}of{size}", TextAdopted((("regime.yaml", digest),)), OFFICER) for at in range(size)
    ]
    return ledger.append(drafts, expected_head=head(ledger.entries()))


ACTS: dict[str, Callable[[Store, ErasingLedger, str, random.Random], tuple[Entry, ...]]] = {
    "command": _command,
    "import": _import,
    "transaction": _transaction,
}


def _flawed(ledger: ErasingLedger, flaw: str) -> ErasingLedger:
    if flaw == "hasty":
        return HastyLedger(ledger)
    return PiecemealLedger(ledger) if flaw == "piecemeal" else ledger


def _load(orders: Orders) -> None:
    """Everything short of a connection, which no child could share."""
    place = Whereabouts.from_words(orders.place)
    place.open()
    place.close()


def serve() -> None:
    for line in sys.stdin:
        orders = Orders(**json.loads(line))
        _load(orders)
        child = os.fork()
        if child == 0:
            try:
                work(orders)
            finally:
                os._exit(3)
        os.write(1, f"pid {child}\n".encode())
        _, status = os.waitpid(child, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    serve()
