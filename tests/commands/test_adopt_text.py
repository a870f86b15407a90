"""Adopting text names the bytes that were agreed, so that a later change to them is seen."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.contract_text import adopt_text
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.regime.adoption import Drift, adopted_text_known, drift

OFFICER = Act("m.okafor", "authority", "as signed")
TEXTS = {"regime.yaml": "regime: cssc\n", "contract.yaml": "contract: cssc\n"}


def test_adopted_text_has_not_drifted_until_a_file_changes(store: FolderStore) -> None:
    adopt_text(ledger=store.ledger, act=OFFICER, texts=TEXTS, fingerprint="9f2c")
    adopted = adopted_text_known(store.ledger.entries())
    assert adopted is not None
    assert (adopted.id, adopted.fingerprint) == ("cssc/text/t1", "9f2c")
    assert drift(adopted=adopted, texts=TEXTS) == ()
    now = {"regime.yaml": "regime: cssc \n", "changes/CCN-031.yaml": "change: CCN-031\n"}
    assert drift(adopted=adopted, texts=now) == (
        Drift("changes/CCN-031.yaml", "not adopted"),
        Drift("contract.yaml", "missing"),
        Drift("regime.yaml", "changed"),
    )


def test_the_latest_adoption_counts_and_the_same_text_is_adopted_once(store: FolderStore) -> None:
    adopt_text(ledger=store.ledger, act=OFFICER, texts=TEXTS)
    with pytest.raises(RefusedError, match="adopted already, as cssc/text/t1"):
        adopt_text(ledger=store.ledger, act=OFFICER, texts=TEXTS)
    adopt_text(ledger=store.ledger, act=OFFICER, texts={**TEXTS, "changes/CCN-031.yaml": "change: CCN-031\n"})
    adopted = adopted_text_known(store.ledger.entries())
    assert adopted is not None
    assert (adopted.id, len(adopted.files)) == ("cssc/text/t2", 3)


def test_text_is_adopted_by_the_authority(store: FolderStore) -> None:
    with pytest.raises(RefusedError) as refused:
        adopt_text(ledger=store.ledger, act=Act("p.lane", "supplier", "ours"), texts=TEXTS)
    assert refused.value.rule == "authority_only"


def test_nothing_known_where_nothing_was_adopted(store: FolderStore) -> None:
    assert adopted_text_known(store.ledger.entries()) is None
