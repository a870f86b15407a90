"""The first entry of a ledger opens it, once, and says by which clock."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.contract_text import adopt_text
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.opened import RecordOpened, opening

OFFICER = Act("m.okafor", "authority", "the contract starts")


def test_the_first_entry_says_which_contract_and_which_clock(unopened: FolderStore) -> None:
    entry = open_record(ledger=unopened.ledger, act=OFFICER, contract="cssc")
    assert (entry.seq, entry.kind, entry.subject, entry.previous) == (1, "record.opened", "cssc", None)
    assert opening(unopened.ledger.entries()) == RecordOpened("cssc", "scripted")
    assert (entry.reason, entry.recorded_at) == ("the contract starts", "2019-05-08T09:30:00Z")


def test_a_record_is_opened_once(store: FolderStore) -> None:
    with pytest.raises(RefusedError, match="the record of cssc is open already"):
        open_record(ledger=store.ledger, act=OFFICER, contract="cssc")


def test_nothing_is_written_to_a_record_that_is_not_open(unopened: FolderStore) -> None:
    with pytest.raises(RefusedError) as refused:
        adopt_text(ledger=unopened.ledger, act=OFFICER, texts={"contract.yaml": "contract: cssc"})
    assert refused.value.rule == "record_open"
    assert unopened.ledger.entries() == ()


def test_the_supplier_does_not_open_the_record(unopened: FolderStore) -> None:
    with pytest.raises(RefusedError, match=r"p\.lane acts for the supplier"):
        open_record(ledger=unopened.ledger, act=Act("p.lane", "supplier", "hurry"), contract="cssc")


def test_the_same_idempotency_key_leaves_one_entry(unopened: FolderStore) -> None:
    act = Act("m.okafor", "authority", "the contract starts", key="form-1")
    first = open_record(ledger=unopened.ledger, act=act, contract="cssc")
    assert open_record(ledger=unopened.ledger, act=act, contract="cssc") == first
    with pytest.raises(RefusedError) as refused:
        adopt_text(ledger=unopened.ledger, act=act, texts={"contract.yaml": "contract: cssc"})
    assert refused.value.rule == "idempotency_key"


def test_a_text_that_is_no_text_is_refused(unopened: FolderStore) -> None:
    with pytest.raises(RefusedError, match="write it again in UTF-8"):
        open_record(ledger=unopened.ledger, act=Act("m.okafor", "authority", "caf\udce9"), contract="cssc")
