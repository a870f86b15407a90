"""What stands against an act on a month is said before its statement is computed, and remembered like any refusal."""

from datetime import date

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.people import appoint_person
from muniment.commands.statements import MONTH_COMMANDS, MonthCommand, precheck_month
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.replay import head
from muniment.domain.record.versions import StaleError

JUNE = Month(2019, 6)


def _signs(store: FolderStore, *, by: str = "p-1", key: str | None = None) -> Entry:
    """June's statement is signed first."""
    signed = StatementSigned(JUNE, "0" * 64, date(2019, 7, 10), len(store.ledger.entries()), ())
    draft = Draft("cssc/2019-06/v1", signed, Act(by, "authority", "The figures are right.", key=key))
    return store.ledger.append([draft], expected_head=head(store.ledger.entries()))[0]


def _precheck(
    store: FolderStore, command: MonthCommand, *, by: str = "p-1", key: str | None = None, seen: int | None = None
) -> Entry | None:
    act = Act(by, "authority", "It is time.", key=key, seen=seen)
    return precheck_month(ledger=store.ledger, act=act, command=command, month=JUNE)


def test_where_nothing_is_known_to_stand_against_it_nothing_is_recorded(store: FolderStore) -> None:
    before = store.ledger.entries()
    assert _precheck(store, "sign") is None
    assert store.ledger.entries() == before


@pytest.mark.parametrize("command", [command for command in MONTH_COMMANDS if command != "sign"])
def test_a_month_that_is_not_signed_can_only_be_signed(store: FolderStore, command: MonthCommand) -> None:
    with pytest.raises(RefusedError) as refused:
        _precheck(store, command)
    assert refused.value.rule == ("signed_first" if command == "lock" else "not_locked")


def test_who_signed_first_does_not_sign_second(store: FolderStore) -> None:
    _signs(store)
    with pytest.raises(RefusedError) as refused:
        _precheck(store, "lock")
    assert refused.value.rule == "four_eyes"
    assert _precheck(store, "lock", by="p-2") is None


def test_a_month_that_moved_on_since_it_was_seen_is_stale(store: FolderStore) -> None:
    seen = len(store.ledger.entries())
    entry = _signs(store)
    with pytest.raises(StaleError) as stale:
        _precheck(store, "lock", by="p-2", seen=seen)
    assert [change.seq for change in stale.value.since] == [entry.seq]


def test_a_key_gives_the_entry_that_it_left_and_stands_for_no_other_act(store: FolderStore) -> None:
    entry = _signs(store, key="signed")
    assert _precheck(store, "sign", key="signed") == entry
    for command, by in (("sign", "p-2"), ("lock", "p-1")):
        with pytest.raises(RefusedError) as refused:
            _precheck(store, command, by=by, key="signed")  # type: ignore[arg-type]  # one of the four
        assert refused.value.rule == "idempotency_key"
    assert store.ledger.entries()[-1] == entry


def test_what_is_refused_is_remembered_as_the_act_itself(store: FolderStore) -> None:
    opened = Act("m.okafor", "authority", "Joins.")
    appoint_person(ledger=store.ledger, act=opened, person="p-9", role="auditor", first="2019-05-01")
    with pytest.raises(RefusedError) as refused:
        _precheck(store, "lock", by="p-9")
    last = store.ledger.entries()[-1]
    assert (last.kind, last.payload["act"], last.payload["about"]) == (
        ActRefused.kind,
        MonthLocked.kind,
        "cssc/2019-06",
    )
    assert last.payload["rule"] == refused.value.rule == "role"
