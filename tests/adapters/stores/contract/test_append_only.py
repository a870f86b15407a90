"""The database itself refuses to change what was recorded, whoever asks and however it is put."""

from collections.abc import Callable

import pytest
from django.db import Error, connections

from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from tests.adapters.stores.contract.whereabouts import Kind, Whereabouts

ENTRIES, TEXTS, AGREED = "register_ledgerentry", "register_ledgertext", "register_agreedtext"
REPLACED = "contract, seq, kind, subject, actor, recorded_at, key_sha256, previous, hash, content"


@pytest.fixture
def refuses(request: pytest.FixtureRequest, make_place: Callable[[Kind], Whereabouts]) -> Callable[[str], None]:
    """Holds where the database refuses a statement and the record is as it was. `{contract}` is this test's."""
    kind: Kind = request.param
    place = make_place(kind)
    store = place.open()
    act = Act("m.okafor", "authority", "the contract starts", key="form-1")
    open_record(ledger=store.ledger, act=act, contract=place.contract)
    with_texts = getattr(store, "write_texts")  # noqa: B009  # only a database keeps texts in tables
    with_texts({"contract.yaml": "contract: cssc"})
    before = store.ledger.entries()

    def refuse(statement: str) -> None:
        connection = connections[getattr(store, "using")]  # noqa: B009  # only a database has a database
        with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement.replace("{contract}", place.contract))
        assert place.open().ledger.entries() == before

    return refuse


BOTH = pytest.mark.parametrize("refuses", ["sqlite", "postgres"], indirect=True)
SQLITE = pytest.mark.parametrize("refuses", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("refuses", ["postgres"], indirect=True)


@BOTH
@pytest.mark.parametrize("table", [ENTRIES, TEXTS, AGREED])
def test_no_row_is_updated(refuses: Callable[[str], None], table: str) -> None:
    refuses(f"UPDATE {table} SET contract = contract WHERE contract = '{{contract}}'")


@BOTH
@pytest.mark.parametrize("table", [ENTRIES, AGREED])
def test_no_row_is_deleted(refuses: Callable[[str], None], table: str) -> None:
    refuses(f"DELETE FROM {table} WHERE contract = '{{contract}}'")


@POSTGRES
@pytest.mark.parametrize("table", [ENTRIES, TEXTS, AGREED])
def test_no_table_is_emptied(refuses: Callable[[str], None], table: str) -> None:
    refuses(f"TRUNCATE {table}")


@POSTGRES
def test_a_session_that_plays_a_replica_is_refused_too(refuses: Callable[[str], None]) -> None:
    refuses(f"SET session_replication_role = replica; DELETE FROM {ENTRIES}")


@SQLITE
@pytest.mark.parametrize("changed", ["seq + 1", "seq"])
@pytest.mark.parametrize("operation", ["REPLACE", "INSERT OR REPLACE"])
def test_no_entry_is_replaced(refuses: Callable[[str], None], operation: str, changed: str) -> None:
    """Once by its number, once by its idempotency key alone."""
    columns = REPLACED.replace("seq", changed).replace(", hash", ", hash || 'x'")
    refuses(f"{operation} INTO {ENTRIES} ({REPLACED}) SELECT {columns} FROM {ENTRIES}")


@SQLITE
def test_no_entry_is_replaced_by_its_place_in_the_file(refuses: Callable[[str], None]) -> None:
    columns = REPLACED.replace("seq", "seq + 1").replace(", hash", ", hash || 'x'").replace("key_sha256", "NULL")
    refuses(f"REPLACE INTO {ENTRIES} (rowid, {REPLACED}) SELECT rowid, {columns} FROM {ENTRIES}")


@SQLITE
@pytest.mark.parametrize(
    ("table", "columns"), [(TEXTS, "contract, seq, name, salt, text"), (AGREED, "contract, sha256, text")]
)
def test_no_text_is_replaced(refuses: Callable[[str], None], table: str, columns: str) -> None:
    refuses(f"REPLACE INTO {table} ({columns}) SELECT {columns.replace('text', 'text || text')} FROM {table}")


@SQLITE
def test_no_insert_turns_into_an_update(refuses: Callable[[str], None]) -> None:
    select = f"SELECT {REPLACED} FROM {ENTRIES} WHERE true"
    refuses(f"INSERT INTO {ENTRIES} ({REPLACED}) {select} ON CONFLICT DO UPDATE SET actor = 'nobody'")
