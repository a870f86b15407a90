"""A PostgreSQL that hangs up: nothing is said to be recorded that is not, and the next act goes through."""

from collections.abc import Callable

import pytest
from django.db import connections

from muniment.adapters.stores.database.store import DatabaseStore
from muniment.commands.recording import open_record
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import TextAdopted
from tests.adapters.stores.contract.whereabouts import Kind, Whereabouts

OFFICER = Act("m.okafor", "authority", "as agreed")


@pytest.fixture
def postgres(make_place: Callable[[Kind], Whereabouts]) -> DatabaseStore:
    place = make_place("postgres")
    store = place.open()
    assert isinstance(store, DatabaseStore)
    open_record(ledger=store.ledger, act=OFFICER, contract=place.contract)
    return store


def _hang_up(store: DatabaseStore) -> None:
    """The server ends the session, as when it is restarted."""
    connection = connections[store.using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
        mine = connection.copy()
        with mine.cursor() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [session])
        mine.close()


def _append(store: DatabaseStore, before: str | None) -> tuple[Entry, ...]:
    draft = Draft("cssc/text/t1", TextAdopted((("regime.yaml", "a" * 64),)), OFFICER)
    return store.ledger.append([draft], expected_head=before)


def test_a_session_that_was_ended_records_nothing_and_the_next_act_goes_through(postgres: DatabaseStore) -> None:
    before = head(postgres.ledger.entries())
    _hang_up(postgres)
    with pytest.raises(NotRecordedError, match="nothing was recorded: the connection to the database was lost"):
        _append(postgres, before)
    assert head(postgres.ledger.entries()) == before
    assert len(_append(postgres, before)) == 1


def test_a_reader_whose_session_was_ended_says_so_and_reads_again(postgres: DatabaseStore) -> None:
    _hang_up(postgres)
    with pytest.raises(
        ProblemsFoundError, match="the connection to the database was lost - see that its database runs"
    ):
        postgres.ledger.entries()
    assert len(postgres.ledger.entries()) == 1


def test_a_server_that_trades_durability_for_speed_does_not_do_so_with_the_record(postgres: DatabaseStore) -> None:
    connection = connections[postgres.using]
    found: list[str] = []

    def look(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith('INSERT INTO "register_ledgerentry"'):
            found.append(_durability(postgres))
        return execute(sql, *rest)

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    with connection.execute_wrapper(look):
        _append(postgres, head(postgres.ledger.entries()))
    assert found == ["on"]
    assert _durability(postgres) == "off"


def _durability(store: DatabaseStore) -> str:
    with connections[store.using].cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        return str(cursor.fetchone()[0])
