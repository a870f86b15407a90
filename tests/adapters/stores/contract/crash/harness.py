"""Killing a process that records, again and again, and looking each time at what is left.

`lost`: entries that were acknowledged and are not there as they were. `partial`: transactions of which only a part is
there, files that an entry names and that are not whole, and ledgers that do not verify.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from muniment.commands.recording import open_record
from muniment.domain.assessment.month_lock import MonthLocked
from muniment.domain.assessment.restatement import RestatementDecided
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from tests.adapters.stores.contract.crash.child import Orders
from tests.adapters.stores.contract.whereabouts import Store, Whereabouts

ROOT = Path(__file__).resolve().parents[5]
LONGEST = 0.06
"""Seconds for which a child may work once its store is open; long enough for a few acts."""
AIMED = 0.02
"""Seconds after the beginning of the act that is aimed at."""
COLD = 0.1
"""The part of the children that are killed while they still open their store, or before."""
KILLS_PER_CONTRACT = 30
BATCH = re.compile(r"cssc/batch/(.+)/\d+of(\d+)")


@dataclass
class Figures:
    """What came of the kills so far. `unanswered`: entries that are there, whole, though nobody was told.

    `during`: what the process was doing when it was killed.
    """

    kills: int = 0
    during: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    unanswered: int = 0
    lost: int = 0
    partial: int = 0
    seconds: float = 0

    def aimed(self, aim: str) -> int:
        """Kills during that act; blank: all."""
        return self.during[aim] if aim else self.kills


class Killer:
    """Starts children through one process that has everything loaded, and kills each after a while."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.adapters.stores.contract.crash.child"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, orders: Orders, *, chance: random.Random) -> None:
        """One child, killed at a random moment. A child that ends by itself is a failure of the test."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(orders)) + "\n")
        self._process.stdin.flush()
        is_cold = not orders.aim and chance.random() < COLD
        words = self._until("pid") if is_cold else self._until("pid", "at" if orders.aim else "ready")
        time.sleep(chance.random() * (AIMED if orders.aim else LONGEST))
        os.kill(int(words["pid"]), signal.SIGKILL)
        assert self._until("ended")["ended"] == str(-signal.SIGKILL)

    def _until(self, *wanted: str) -> dict[str, str]:
        """What was said, word by word, once all that is wanted was."""
        assert self._process.stdout is not None
        said: dict[str, str] = {}
        while not said.keys() >= {*wanted}:
            line = self._process.stdout.readline()
            assert line, "the process that starts children is gone"
            word, _, rest = line.strip().partition(" ")
            said[word] = rest
        return said

    def end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=10)


def kill_again_and_again(
    killing: Killer, make_place: Callable[[], Whereabouts], *, kills: int, seed: int, told: Path, flaw: str = "none",
    aim: str = "",
) -> Figures:  # fmt: skip
    """That often, or until a flaw is caught. `make_place`: a new contract, when the present one has become long.

    `told`: a file for acknowledgements. `aim`: count only kills during this act.
    """
    figures = Figures()
    chance = random.Random(seed)  # noqa: S311  # a run that can be repeated, not a secret
    began = time.monotonic()
    while figures.aimed(aim) < kills and not (flaw != "none" and figures.lost + figures.partial):
        place = make_place()
        _open(place)
        until = figures.kills + min(KILLS_PER_CONTRACT, kills - figures.aimed(aim))
        _kill_one_contract(killing, place, figures, until, chance, told, flaw, aim)
        place.close()
    figures.seconds = time.monotonic() - began
    return figures


def _open(place: Whereabouts) -> None:
    act = Act("m.okafor", "authority", "the contract starts")
    open_record(ledger=place.open().ledger, act=act, contract=place.contract)


def _kill_one_contract(
    killing: Killer, place: Whereabouts, figures: Figures, until: int, chance: random.Random, told: Path, flaw: str,
    aim: str,
) -> None:  # fmt: skip
    seen = 1
    while figures.kills < until:
        told.write_bytes(b"")
        orders = Orders(place.in_words(), chance.randrange(10**9), str(told), flaw, aim)
        killing.run(orders, chance=chance)
        figures.kills += 1
        said = [json.loads(line) for line in told.read_bytes().splitlines()]
        acknowledged = [answer for answer in said if isinstance(answer, list)]
        figures.during[said[-1] if said and isinstance(said[-1], str) else "no act"] += 1
        try:
            store = place.open()
            entries = store.ledger.entries()
        except ProblemsFoundError as found:
            print(f"seed {orders.seed}: {found}")
            figures.partial += 1
            return
        lost = sum(not _is_there(entries, seq, digest) for seq, digest in acknowledged)
        figures.acknowledged += len(acknowledged)
        figures.lost += lost
        figures.partial += _partial(store, entries[seen:])
        figures.unanswered += len(entries) - seen - len(acknowledged) + lost
        seen = len(entries)


def _is_there(entries: Sequence[Entry], seq: int, digest: str) -> bool:
    return len(entries) >= seq and entries[seq - 1].hash == digest


def _partial(store: Store, added: Sequence[Entry]) -> int:
    """How many transactions lack an entry, and how many files are not whole."""
    found = 0
    parts = Counter(match.groups() for entry in added if (match := BATCH.fullmatch(entry.subject)))
    found += sum(count != int(size) for (_, size), count in parts.items())
    found += sum(_is_half_restated(added, at) for at in range(len(added)))
    for digest in (entry.payload.get("sha256") for entry in added):
        if not isinstance(digest, str):
            continue
        try:
            store.blobs.read(digest)
        except ProblemsFoundError:
            found += 1
    return found


def _is_half_restated(added: Sequence[Entry], at: int) -> bool:
    """An approval without the version that it locks."""
    if added[at].kind != RestatementDecided.kind or added[at].payload["outcome"] != "approved":
        return False
    return at + 1 == len(added) or added[at + 1].kind != MonthLocked.kind
