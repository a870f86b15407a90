"""Killed at any moment, a store has lost nothing that it acknowledged, and holds nothing half."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.adapters.stores.contract.crash.child import ACTS
from tests.adapters.stores.contract.crash.harness import Figures, Killer, kill_again_and_again
from tests.adapters.stores.contract.whereabouts import KINDS, Kind, Whereabouts

SHORT = 25
LONG: dict[Kind, int] = {"folder": 2000, "sqlite": 2000, "postgres": 500}
AIMED: dict[Kind, int] = {"folder": 500, "sqlite": 500, "postgres": 100}
AIMS = pytest.mark.parametrize("aim", ["lock", "restatement"])
Kill = Callable[..., Figures]
Evidence = Callable[[str, str, str], None]
ALL = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="session")
def killing() -> Iterator[Killer]:
    started = Killer()
    yield started
    started.end()


@pytest.fixture
def kill(killing: Killer, make_place: Callable[[Kind], Whereabouts], tmp_path: Path) -> Kill:
    """Kind of store, kills, seed, flaw, the act aimed at -> what came of it."""

    def again_and_again(kind: Kind, kills: int, seed: int, flaw: str, aim: str = "") -> Figures:
        told = tmp_path / "told"
        return kill_again_and_again(
            killing, lambda: make_place(kind), kills=kills, seed=seed, told=told, flaw=flaw, aim=aim
        )

    return again_and_again


HEADING = """# Crashes: processes killed while they record

Each process records commands, files with their submission, transactions of 2 to 29 entries, second signatures that lock
a month, and restatements (proposed, then approved and locked as v2 in one transaction), until `kill -9` ends it at a
random moment; then the store is opened afresh. *Aim*: a process that does that act alone, killed within 20 ms of its
beginning, as often as it takes. *In*: what the process was doing then: command, import, transaction, lock, restatement.
*Told*: entries that were acknowledged. *Untold*: entries recorded whole though the process died before it was told.
*Lost*: acknowledged and not there as it was. *Partial*: a transaction with an entry missing, an approval without its
v2, a file that an entry names and that is not whole, or a ledger that does not verify. The controls, a store that
acknowledges before it records (hasty) and one that records a transaction entry by entry (piecemeal), are killed until
they are caught.

| store | flaw | aim | seed | kills | in | told | untold | lost | partial | kills a second |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""


def _line(kind: Kind, flaw: str, seed: int, found: Figures, aim: str = "any") -> str:
    rate = found.kills / found.seconds
    during = [str(found.during[act]) for act in ACTS]
    return (
        f"| {kind} | {flaw} | {aim} | {seed} | {found.kills} | {', '.join(during)} | {found.acknowledged} "
        f"| {found.unanswered} | {found.lost} | {found.partial} | {rate:.1f} |"
    )


@ALL
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(kind: Kind, kill: Kill) -> None:
    found = kill(kind, SHORT, 20191130, "none")
    assert (found.kills, found.lost, found.partial) == (SHORT, 0, 0)
    assert found.acknowledged > SHORT


@ALL
@AIMS
def test_a_month_is_locked_or_restated_whole_or_not_at_all(kind: Kind, aim: str, kill: Kill) -> None:
    found = kill(kind, 8, 20191130, "none", aim)
    assert (found.during[aim], found.lost, found.partial) == (8, 0, 0)


def test_half_a_restatement_is_caught(kill: Kill) -> None:
    assert kill("folder", 200, 20191130, "piecemeal", "restatement").partial > 0


@ALL
@pytest.mark.parametrize("flaw", ["hasty", "piecemeal"])
def test_a_store_that_breaks_its_promise_is_caught(kind: Kind, flaw: str, kill: Kill) -> None:
    found = kill(kind, 200, 20191130, flaw)
    assert (found.lost if flaw == "hasty" else found.partial) > 0


@pytest.mark.proof
@ALL
def test_thousands_of_kills_lose_nothing(kind: Kind, kill: Kill, evidence: Evidence) -> None:
    seed = random.SystemRandom().randrange(10**6)
    found = kill(kind, LONG[kind], seed, "none")
    evidence("crash", HEADING, _line(kind, "none", seed, found))
    assert (found.kills, found.lost, found.partial) == (LONG[kind], 0, 0)


@pytest.mark.proof
@ALL
@AIMS
def test_hundreds_of_kills_in_a_lock_or_a_restatement_lose_nothing(
    kind: Kind, aim: str, kill: Kill, evidence: Evidence
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    found = kill(kind, AIMED[kind], seed, "none", aim)
    evidence("crash", HEADING, _line(kind, "none", seed, found, aim))
    assert (found.lost, found.partial) == (0, 0)
    assert found.during[aim] >= AIMED[kind]


@pytest.mark.proof
@ALL
@pytest.mark.parametrize("flaw", ["hasty", "piecemeal"])
def test_the_same_harness_catches_broken_stores(kind: Kind, flaw: str, kill: Kill, evidence: Evidence) -> None:
    found = kill(kind, 500, 20191130, flaw)
    evidence("crash", HEADING, _line(kind, flaw, 20191130, found))
    assert found.lost + found.partial > 0
