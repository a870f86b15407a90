"""One contract, kept in a folder, in SQLite or in PostgreSQL: every rule of this folder holds in all three."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.adapters.stores.database.setup import configure
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from tests.adapters.stores.contract.whereabouts import KINDS, START, Kind, Store, Whereabouts

ROOT = Path(__file__).resolve().parents[4]
NUMBERS = itertools.count(1)

# Tests import models at their head, which Django allows once it has settings. Nobody opens this database.
configure("sqlite:///never-opened.sqlite3", Path("never-opened"))


@pytest.fixture(scope="session")
def evidence() -> Iterator[Callable[[str, str, str], None]]:
    """Page, its heading, a line of figures: what a long verification found goes to docs/evidence/<page>.md."""
    pages: dict[str, list[str]] = {}
    yield lambda page, heading, line: pages.setdefault(page, [heading]).append(f"{line}\n")
    for page, lines in pages.items():
        target = ROOT / "docs" / "evidence" / f"{page}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "database.sqlite3"
    database = configure(f"sqlite:///{path}", path.parent)
    database.migrate()
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    configure(postgres_url, tmp_path_factory.mktemp("files")).migrate()
    return postgres_url


@pytest.fixture
def make_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Kind], Whereabouts]]:
    """Somewhere to keep a contract, of the kind asked for. In PostgreSQL all share one database."""
    made: list[Whereabouts] = []

    def make(kind: Kind) -> Whereabouts:
        folder = tmp_path / f"{kind}-{next(NUMBERS)}"
        folder.mkdir()
        url = ""
        contract = "cssc"
        if kind == "sqlite":
            shutil.copyfile(request.getfixturevalue("empty_sqlite"), folder / "database.sqlite3")
            url = f"sqlite:///{folder / 'database.sqlite3'}"
        if kind == "postgres":
            url = request.getfixturevalue("migrated_postgres")
            contract = f"cssc-{os.getpid()}-{next(NUMBERS)}"
        made.append(Whereabouts(kind, contract, str(folder), url))
        return made[-1]

    yield make
    for place in made:
        place.close()


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, make_place: Callable[[Kind], Whereabouts]) -> Whereabouts:
    """Where this test keeps its contract: once in each kind of store."""
    kind: Kind = request.param
    return make_place(kind)


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock(START)


@pytest.fixture
def unopened(place: Whereabouts, clock: ScriptedClock) -> Store:
    return place.open(clock=clock, salts=ScriptedSalts(place.contract))


@pytest.fixture
def store(unopened: Store, place: Whereabouts) -> Store:
    """A store whose record is open."""
    open_record(
        ledger=unopened.ledger, act=Act("m.okafor", "authority", "the contract starts"), contract=place.contract
    )
    return unopened
