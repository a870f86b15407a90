"""Opens a contract by its name from either store: a folder, or a database (database:cssc); addresses and the clock.

Django is loaded only where a database is named: it takes 0.4 s.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from muniment.adapters.stores.database.setup import DATABASE_VARIABLE, FILES_VARIABLE
from muniment.adapters.stores.folder.clocks import SystemClock, SystemSalts
from muniment.adapters.stores.folder.store import FolderStore
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.record.ports import DroppingBlobs, ErasingLedger

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase

DATABASE_SCHEME = "database:"
CLOCK_BEHIND_VARIABLE = "MUNIMENT_CLOCK_BEHIND"


class FileBlobStore(DroppingBlobs, Protocol):
    """Blobs that are files, which can be read and written in portions."""

    def put_file(self, path: Path) -> str:
        """Keeps a file of any size and returns its sha256. Raises NotRecordedError."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the bytes are, after reading them all to see that they are right. Raises ProblemsFoundError."""
        ...

    def unfinished(self) -> tuple[Path, ...]:
        """What a crash left behind of files that were never acknowledged, or what is being written just now."""
        ...


class Store(Protocol):
    """A contract, wherever it is kept. `path`: the folder of its files, where working files may lie too."""

    @property
    def path(self) -> Path: ...

    @property
    def ledger(self) -> "CheckableLedger": ...

    @property
    def blobs(self) -> FileBlobStore: ...

    def read_texts(self) -> Mapping[str, str]:
        """Relative path -> text of the agreed text's files. Raises ProblemsFoundError."""
        ...

    def adopted_text(self, digest: str, /) -> str | None:
        """A text that a file of the contract had once; None where no copy of it was kept."""
        ...

    def texts_kept(self) -> Mapping[str, str]:
        """sha256 -> the texts that the store keeps beside its files and blobs. Raises ProblemsFoundError."""
        ...

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]:
        """Table -> the files that lie ready for it. Raises ProblemsFoundError."""
        ...


class CheckableLedger(ErasingLedger, Protocol):
    """A ledger that can be looked at whole."""

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with it, from the first entry."""
        ...


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a database is: the address of its database, which may hold a password, and the folder of its files."""

    database: str
    files: Path

    @property
    def shown(self) -> str:
        """The address as it may be printed."""
        parts = urlsplit(self.database)
        return short_path(self._file) if parts.scheme == "sqlite" else f"{parts.hostname or 'local'}{parts.path}"

    @property
    def _file(self) -> Path:
        """Of a SQLite database."""
        return Path(unquote(urlsplit(self.database).path[1:]))

    @property
    def is_missing(self) -> bool:
        """Whether it is a database file that is not there."""
        return urlsplit(self.database).scheme == "sqlite" and not self._file.is_file()


@dataclass(frozen=True)
class ContractInDatabase:
    """A contract of a database, as people name it: database:cssc."""

    contract: str
    address: DatabaseAddress

    def __str__(self) -> str:
        return f"{DATABASE_SCHEME}{self.contract}"


ContractPlace = Path | ContractInDatabase
"""A contract folder, or a contract of a database."""


def contract_named(text: str, *, database: str | None = None) -> ContractPlace:
    """What a person named: `database:cssc`, or a folder. `database`: its address; None: see
    `database_address`.

    Raises ProblemsFoundError.
    """
    if not text.startswith(DATABASE_SCHEME):
        return Path(text)
    return ContractInDatabase(text.removeprefix(DATABASE_SCHEME), database_address(database))


def database_address(database: str | None = None) -> DatabaseAddress:
    """The database's address: as given, else MUNIMENT_DATABASE, else muniment.sqlite3 in the present folder. Its files:
    MUNIMENT_BLOBS, else a folder beside a SQLite database. Raises ProblemsFoundError for an address that is none, or
    where nobody says where the files are.
    """
    from muniment.adapters.stores.database.setup import database_settings

    url = database or os.environ.get(DATABASE_VARIABLE) or f"sqlite:///{quote(str(Path.cwd() / 'muniment.sqlite3'))}"
    database_settings(url)
    given = os.environ.get(FILES_VARIABLE)
    if given:
        return DatabaseAddress(url, Path(given))
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or not parts.path[1:]:
        what = "nobody says where the files of this database are"
        remedy = f"set {FILES_VARIABLE} to a folder that all who use the database share"
        raise ProblemsFoundError([Problem(Place("the database"), "G003", what, remedy)])
    file = Path(unquote(parts.path[1:]))
    return DatabaseAddress(url, file.with_name(f"{file.name}-files"))


def database_at(where: DatabaseAddress, *, is_new: bool = False) -> "ContractDatabase":
    """The database. `is_new`: a database file that is not there yet is made when it is first written to. Raises
    ProblemsFoundError for an address that is none, or where there is no such file."""
    from muniment.adapters.stores.database.setup import configure

    if not is_new:
        must_be_there(where)
    return configure(where.database, where.files)


def must_be_there(where: DatabaseAddress) -> None:
    """Raises ProblemsFoundError where the database is a file that is not there."""
    if where.is_missing:
        what = "there is no database here"
        remedy = "make one with 'muniment database create', or say where it is with --database"
        raise ProblemsFoundError([Problem(Place(where.shown), "G004", what, remedy)])


def short_path(path: Path) -> str:
    """As it is named from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def system_clock(behind: int | None = None) -> SystemClock:
    """The machine's clock, as a store is handed it. A demonstration's runs behind, by so many seconds (None: by
    MUNIMENT_CLOCK_BEHIND), so that its record goes on from where the example ends; only a record of scripted times
    takes entries from it."""
    behind = int(os.environ.get(CLOCK_BEHIND_VARIABLE) or 0) if behind is None else behind
    return SystemClock(
        lambda: datetime.now(tz=UTC) - timedelta(seconds=behind), kind="scripted" if behind else "system"
    )


def today_in(zone: str) -> date:
    """The day that it is in the zone, by the clock that stores are handed."""
    return datetime.fromisoformat(system_clock().instant()).astimezone(ZoneInfo(zone)).date()


def open_store(where: ContractPlace) -> Store:
    """The contract's store with the system's clock; opening changes nothing. Raises ProblemsFoundError."""
    if isinstance(where, ContractInDatabase):
        found = database_at(where.address)
        if not found.has(where.contract):
            known = [enrolled.contract for enrolled in found.contracts()]
            what = f"the database has no contract '{where.contract}'"
            remedy = suggestion(where.contract, known, "bring one in with 'muniment import FOLDER'")
            raise ProblemsFoundError([Problem(Place(str(where)), "G005", what, remedy)])
        return found.store(where.contract, clock=system_clock(), salts=SystemSalts())
    return FolderStore(where, clock=system_clock(), salts=SystemSalts())
