"""Where a contract is kept, in words that a child process can be given: so both open the same one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from muniment.adapters.stores.database.setup import configure
from muniment.adapters.stores.database.snapshots import SNAPSHOTS
from muniment.adapters.stores.folder.store import FolderStore
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import Blobs, Clock, ErasingLedger, Salts

Kind = Literal["folder", "sqlite", "postgres"]
KINDS: tuple[Kind, ...] = ("folder", "sqlite", "postgres")
START = "2019-05-08T09:30:00Z"


class Store(Protocol):
    """What both stores are: what the application opens."""

    @property
    def path(self) -> Path: ...

    @property
    def ledger(self) -> ErasingLedger: ...

    @property
    def blobs(self) -> Blobs: ...

    def read_texts(self) -> Mapping[str, str]: ...

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]: ...


@dataclass(frozen=True)
class Whereabouts:
    """`folder`: the contract folder, or the folder of the database's files. `url`: of the database."""

    kind: Kind
    contract: str
    folder: str
    url: str = ""

    def open(self, *, clock: Clock | None = None, salts: Salts | None = None) -> Store:
        """The store as somebody who comes along finds it."""
        clock = clock or ScriptedClock(START)
        salts = salts or ScriptedSalts(self.contract)
        if self.kind == "folder":
            return FolderStore(Path(self.folder), clock=clock, salts=salts)
        SNAPSHOTS.clear()
        return configure(self.url, Path(self.folder)).store(self.contract, clock=clock, salts=salts)

    def close(self) -> None:
        """Give up this thread's connection, as a thread or a process does at its end."""
        if self.kind != "folder":
            configure(self.url, Path(self.folder)).close()

    def in_words(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_words(cls, words: str) -> "Whereabouts":
        return cls(**json.loads(words))
