"""Commands on the agreed text: adopting it, and agreeing to a notice."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.contract_text import adopt_text, agree_notice
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.regime.adoption import Drift, adopted_text_known, drift
from muniment.domain.regime.agreements import agreement_known

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


SUPPLIER = Act("p.lane", "supplier", "as discussed on 3 March", key="agree-1")
WITH_A_NOTICE = {"contract.yaml": "contract: cssc\n", "regime.yaml": "regime: cssc\n"}
NOTICE, TEXT = "changes/CCN-031.yaml", "change: CCN-031\n"


def test_a_notice_is_adopted_only_with_the_text_that_the_supplier_agreed_to(store: FolderStore) -> None:
    with pytest.raises(RefusedError) as alone:
        adopt_text(ledger=store.ledger, act=OFFICER, texts={**WITH_A_NOTICE, NOTICE: TEXT}, notice=NOTICE)
    assert (alone.value.rule, alone.value.who_could) == ("both_sides", "the supplier's approver could agree to it")
    agreed = agree_notice(ledger=store.ledger, act=SUPPLIER, notice=NOTICE, text=TEXT)
    assert (agreed.subject, agreed.reason) == ("cssc/notices/CCN-031", "as discussed on 3 March")
    with pytest.raises(RefusedError, match="has not agreed to this text"):
        adopt_text(
            ledger=store.ledger,
            act=OFFICER,
            texts={**WITH_A_NOTICE, NOTICE: f"{TEXT}# and more\n"},
            notice=NOTICE,
        )
    adopted = adopt_text(ledger=store.ledger, act=OFFICER, texts={**WITH_A_NOTICE, NOTICE: TEXT}, notice=NOTICE)
    assert adopted.kind == "text.adopted"


def test_an_agreement_is_found_by_its_notice_and_its_text(store: FolderStore) -> None:
    agree_notice(ledger=store.ledger, act=SUPPLIER, notice=NOTICE, text=TEXT)
    entries = store.ledger.entries()
    found = agreement_known(entries, notice=NOTICE, text=TEXT)
    assert found is not None
    assert (found.id, found.recorded.actor) == ("cssc/notices/CCN-031", "p.lane")
    assert agreement_known(entries, notice=NOTICE, text="another") is None
    assert agreement_known(entries, notice="changes/CCN-032.yaml", text=TEXT) is None


def test_the_same_request_again_is_the_same_agreement(store: FolderStore) -> None:
    first = agree_notice(ledger=store.ledger, act=SUPPLIER, notice=NOTICE, text=TEXT)
    assert agree_notice(ledger=store.ledger, act=SUPPLIER, notice=NOTICE, text=TEXT) == first
    with pytest.raises(RefusedError, match=r"p\.lane agreed to this text already"):
        agree_notice(ledger=store.ledger, act=Act("p.lane", "supplier", "again"), notice=NOTICE, text=TEXT)


def test_only_the_supplier_agrees(store: FolderStore) -> None:
    with pytest.raises(RefusedError) as refused:
        agree_notice(ledger=store.ledger, act=OFFICER, notice=NOTICE, text=TEXT)
    assert refused.value.rule == "supplier_only"


def test_what_is_among_the_agreed_text_is_not_agreed_to_again(store: FolderStore) -> None:
    adopt_text(ledger=store.ledger, act=OFFICER, texts={**WITH_A_NOTICE, NOTICE: TEXT})
    with pytest.raises(RefusedError, match="the agreed text has a notice changes/CCN-031"):
        agree_notice(ledger=store.ledger, act=SUPPLIER, notice=NOTICE, text=f"{TEXT}# weaker\n")


@pytest.mark.parametrize("path", ["regime.yaml", "changes/../contract.yaml", "changes/a b.yaml", "changes/.yaml"])
def test_only_the_file_of_a_notice_is_agreed_to(store: FolderStore, path: str) -> None:
    with pytest.raises(RefusedError, match="is not the file of a notice"):
        agree_notice(ledger=store.ledger, act=SUPPLIER, notice=path, text=TEXT)
