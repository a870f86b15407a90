"""Acts that begin at one signal, each with a store and a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.domain.record.ports import HeadMovedError
from tests.adapters.stores.contract.whereabouts import Store, Whereabouts

HEADING = """# Many at once

Two threads, each with a store and a connection of its own, begin at one signal. *Effects*: how many were recorded; of
two submissions with one idempotency key exactly one, of two acts that decided on one head exactly one. Of a lock and a
submission both: the submission is never refused, and says that it came after v1 where the lock was first; where it was
first, the lock is refused as stale. What v1 was computed from never changes.

| store | what | times | effects | seconds |
|---|---|--:|--:|--:|
"""


def at_once(place: Whereabouts, acts: list[Callable[[Store], object]]) -> list[object]:
    """What each act answers, or the exception that it raised; all begin together, each with a store of its own."""
    together = threading.Barrier(len(acts))

    def one(act: Callable[[Store], object]) -> object:
        try:
            store = place.open()
            store.ledger.entries()
            together.wait(timeout=30)
            return act(store)
        except HeadMovedError as moved:
            return moved
        finally:
            place.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def opened(place: Whereabouts) -> Whereabouts:
    """The place, with its record open."""
    act = Act("m.okafor", "authority", "the contract starts")
    open_record(ledger=place.open().ledger, act=act, contract=place.contract)
    return place
