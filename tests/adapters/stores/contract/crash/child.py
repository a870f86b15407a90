"""A process that records until it is killed, and says after each answer what it was told.

    python -m tests.adapters.stores.contract.crash.child

For every line of orders on its input it forks a child, prints `pid` and the child's id, waits for its end, and prints
`ended` and how. The child prints `ready` when its store is open, and `at` whenever it begins the act that is aimed at.
So children have everything loaded and no connection open, and start in a hundredth of a second.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from muniment.commands.evidence import receive_submission
from muniment.commands.reporting import update_project
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import ErasingLedger
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted
from tests.adapters.stores.contract.crash.broken import HastyLedger, PiecemealLedger
from tests.adapters.stores.contract.months import Case
from tests.adapters.stores.contract.whereabouts import Store, Whereabouts

LARGEST = 3_000_000
Answers = Iterator[tuple[Entry, ...]]
"""What was acknowledged, command by command."""
OFFICER = Act("m.okafor", "authority", "as agreed")
SUPPLIER = Act("p.lane", "supplier", "as asked")


@dataclass(frozen=True)
class Orders:
    """`place`: whereabouts in words. `told`: the file for what was acknowledged. `flaw`: hasty, piecemeal or none.
    `aim`: do this act and no other; blank: all in any order."""

    place: str
    seed: int
    told: str
    flaw: str = "none"
    aim: str = ""


def work(orders: Orders) -> None:
    """Never returns: commands, files with their submission, transactions of many entries, locks and restatements."""
    store = Whereabouts.from_words(orders.place).open()
    ledger = _flawed(store.ledger, orders.flaw)
    chance = random.Random(orders.seed)  # noqa: S311  # a run that can be repeated, not a secret
    told = os.open(orders.told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ledger.entries()
    os.write(1, b"ready\n")
    number = 0
    while True:
        number += 1
        kind = orders.aim or chance.choice(tuple(ACTS))
        case = _prepared(kind, store, ledger, told)
        os.write(told, json.dumps(kind).encode() + b"\n")
        if kind == orders.aim:
            os.write(1, b"at\n")
        for answers in ACTS[kind](store, ledger, f"{orders.seed}-{number}", chance, case):
            _tell(told, answers)


def _tell(told: int, answers: tuple[Entry, ...]) -> None:
    lines = [json.dumps([entry.seq, entry.hash]) for entry in answers]
    os.write(told, "\n".join([*lines, ""]).encode())


def _prepared(kind: str, store: Store, ledger: ErasingLedger, told: int) -> Case:
    """A month of its own, brought as far as the act needs it."""
    entries = ledger.entries()
    case = Case(ledger, entries[0].subject, Month(2100, 1).plus(len(entries)))
    for number in (1, 2) if kind in {"lock", "restatement"} else ():
        store.blobs.put(f"{case.contract}/calls/{case.month}/s{number}".encode())
    if kind == "lock":
        os.write(told, b'"preparing"\n')
        _tell(told, case.record(*case.accepted(1)))
        _tell(told, (case.sign(),))
    elif kind == "restatement":
        os.write(told, b'"preparing"\n')
        _tell(told, case.make_locked_and_changed())
    return case


def _command(_store: Store, ledger: ErasingLedger, name: str, _chance: random.Random, _case: Case) -> Answers:
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
    yield (updated,)


def _import(store: Store, ledger: ErasingLedger, name: str, chance: random.Random, _case: Case) -> Answers:
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
    yield (received,)


def _transaction(_store: Store, ledger: ErasingLedger, name: str, chance: random.Random, _case: Case) -> Answers:
    """Every entry says of which transaction it is and how many belong to it, so that a missing one is seen."""
    size = chance.randrange(2, 30)
    digest = f"{chance.randrange(16**32):064x}"
    drafts = [
        Draft(f"cssc/batch/{name}/{at}of{size}", TextAdopted((("regime.yaml", digest),)), OFFICER) for at in range(size)
    ]
    yield ledger.append(drafts, expected_head=head(ledger.entries()))


def _lock(_store: Store, _ledger: ErasingLedger, _name: str, _chance: random.Random, case: Case) -> Answers:
    """The second signature."""
    yield (case.lock(computed_on=len(case.ledger.entries()) - 1),)


def _restatement(_store: Store, ledger: ErasingLedger, _name: str, _chance: random.Random, case: Case) -> Answers:
    """Proposed, and approved: the decision and v2 are one transaction."""
    proposal = case.propose()
    yield (proposal,)
    yield case.approve(proposal), ledger.entries()[-1]


ACTS: dict[str, Callable[[Store, ErasingLedger, str, random.Random, Case], Answers]] = {
    "command": _command,
    "import": _import,
    "transaction": _transaction,
    "lock": _lock,
    "restatement": _restatement,
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
