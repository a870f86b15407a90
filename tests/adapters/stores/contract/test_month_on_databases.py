"""The database's ledgers answer as the one in memory does, under everything that ten people can think of."""

import shutil
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from muniment.adapters.stores.database.setup import configure
from muniment.domain.record.in_memory import MemoryLedger, ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import Ledger
from tests.domain.lifecycle.evidence_acts import START
from tests.domain.lifecycle.month_machine import MonthMachine

STEPS = 1_000
NUMBERS = count(1)


def in_database(url: str, folder: Path) -> Ledger:
    """An empty database with the record that every run of the machine starts from."""
    from muniment.adapters.stores.database.import_export import import_from_store

    clock, salts = ScriptedClock("2019-10-15T09:00:00Z"), ScriptedSalts("machine")
    store = configure(url, folder).store("c", clock=clock, salts=salts)
    import_from_store(Beginning(MemoryLedger(clock=clock, salts=salts, entries=START)), into=store)
    return store.ledger


class NoFiles:
    """The blobs of a record that names none."""

    def has(self, sha256: str) -> bool:
        raise AssertionError(f"the record names the file {sha256}")

    def path(self, sha256: str) -> Path:
        raise AssertionError(f"the record names the file {sha256}")


class Beginning:
    """A contract to import from: a record, and neither files nor texts."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.blobs = NoFiles()

    def read_texts(self) -> Mapping[str, str]:
        return {}


def tried(new: Callable[[], Ledger]) -> int:
    class OnRegister(MonthMachine):
        new_ledger: Callable[[], Ledger] = staticmethod(new)
        steps = 0

    run_state_machine_as_test(OnRegister, settings=settings(max_examples=25, stateful_step_count=50, deadline=None))
    return OnRegister.steps


def test_the_month_goes_the_same_way_in_sqlite(empty_sqlite: Path, tmp_path: Path) -> None:
    def fresh() -> Ledger:
        folder = tmp_path / str(next(NUMBERS))
        folder.mkdir()
        shutil.copyfile(empty_sqlite, folder / "database.sqlite3")
        return in_database(f"sqlite:///{folder / 'database.sqlite3'}", folder)

    assert tried(fresh) >= STEPS


def test_the_month_goes_the_same_way_in_postgresql(postgres_url: str, tmp_path: Path) -> None:
    parts = urlsplit(postgres_url)

    def named(database: str) -> str:
        return urlunsplit(parts._replace(path=f"/{database}"))

    def create(statement: str) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(statement)

    create("CREATE DATABASE machine")
    template = configure(named("machine"), tmp_path)
    template.migrate()
    template.close()

    def fresh() -> Ledger:
        number = next(NUMBERS)
        create(f"CREATE DATABASE machine_{number} TEMPLATE machine")
        return in_database(named(f"machine_{number}"), tmp_path / str(number))

    assert tried(fresh) >= STEPS
