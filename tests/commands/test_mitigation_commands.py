"""The supplier asks for mitigation, another person of the authority decides, once."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.mitigation import decide_mitigation, request_mitigation, withdraw_mitigation
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.kernel.period import Month, Period
from muniment.domain.record.act import Act, Party, RefusedError

G1 = "cssc/ACF_KPI_03/2019-04/g1"


def _request(store: FolderStore, *, actor: str = "p.lane", side: Party = "supplier", **other: str) -> str:
    asked = {"kpi": "ACF_KPI_03", "ground": "agreed_change", "first": "2019-04", "last": "2019-11", **other}
    act = Act(actor, side, "the new system came late")
    grounds = ["agreed_change", "third_party"]
    kpis, term = ["ACF_KPI_03"], Period(Month(2019, 4), Month(2020, 3))
    return request_mitigation(ledger=store.ledger, act=act, kpis=kpis, grounds=grounds, term=term, **asked).subject


def _decide(
    store: FolderStore,
    *,
    actor: str = "m.okafor",
    side: Party = "authority",
    outcome: str = "granted",
    effect: str | None = "no_points",
    mitigation: str = G1,
) -> None:
    act = Act(actor, side, "the plan is sound")
    decide_mitigation(ledger=store.ledger, act=act, mitigation=mitigation, outcome=outcome, effect=effect)


def _rule_against(act: object) -> str:
    assert callable(act)
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value.rule


def test_a_request_is_open_until_it_is_decided(store: FolderStore) -> None:
    assert _request(store, review_on="2019-08-01", plan="two more assessors by July") == G1
    asked = mitigations_known(store.ledger.entries())[0]
    assert (asked.id, asked.state, asked.plan) == (G1, "requested", "two more assessors by July")
    _decide(store)
    granted = mitigations_known(store.ledger.entries())[0]
    assert granted.is_granted
    assert granted.decision is not None
    assert (granted.decision.effect, granted.decision.recorded.reason) == ("no_points", "the plan is sound")
    assert (granted.requested.seq, granted.decision.recorded.seq) == (2, 3)
    assert granted.covers(Period(Month(2019, 9), Month(2019, 11)))
    assert not granted.covers(Period(Month(2019, 10), Month(2019, 12)))


def test_a_refusal_has_no_effect(store: FolderStore) -> None:
    _request(store)
    assert _rule_against(lambda: _decide(store, outcome="refused", effect="no_points")) == "effect"
    _decide(store, outcome="refused", effect=None)
    assert mitigations_known(store.ledger.entries())[0].state == "refused"


@pytest.mark.parametrize("actor", ["p.lane", "P.Lane", " p.lane"])
def test_whoever_asked_does_not_decide(store: FolderStore, actor: str) -> None:
    _request(store)
    with pytest.raises(RefusedError, match="may not decide it too - another person of the authority could"):
        _decide(store, actor=actor)
    assert mitigations_known(store.ledger.entries())[0].is_open


def test_the_supplier_asks_and_the_authority_decides(store: FolderStore) -> None:
    assert _rule_against(lambda: _request(store, side="authority")) == "supplier_only"
    _request(store)
    assert _rule_against(lambda: _decide(store, side="supplier")) == "authority_only"


def test_only_an_open_request_is_decided(store: FolderStore) -> None:
    assert _rule_against(lambda: _decide(store)) == "open_request"
    _request(store)
    _decide(store)
    assert _rule_against(lambda: _decide(store, actor="n.hall")) == "open_request"


def test_a_grant_in_part_names_what_it_covers(store: FolderStore) -> None:
    _request(store)
    assert _rule_against(lambda: _decide(store, outcome="granted_in_part")) == "granted_in_part"
    act = Act("m.okafor", "authority", "the line was down on two days")
    days = ["2019-09-03", "2019-09-04"]
    decide_mitigation(
        ledger=store.ledger, act=act, mitigation=G1, outcome="granted_in_part", effect="no_points", days=days
    )
    granted = mitigations_known(store.ledger.entries())[0]
    assert granted.decision is not None
    assert (granted.is_granted_in_part, granted.is_granted, granted.decision.days) == (True, False, tuple(days))


def test_a_request_may_be_withdrawn_until_it_is_decided_and_asked_again(store: FolderStore) -> None:
    _request(store)
    withdraw_mitigation(ledger=store.ledger, act=Act("p.lane", "supplier", "a mistake"), mitigation=G1)
    assert mitigations_known(store.ledger.entries())[0].state == "withdrawn"
    assert _rule_against(lambda: _decide(store)) == "open_request"
    assert _request(store) == "cssc/ACF_KPI_03/2019-04/g2"


def test_a_grant_has_one_of_the_agreed_effects(store: FolderStore) -> None:
    _request(store)
    assert _rule_against(lambda: _decide(store, effect=None)) == "effect"
    assert _rule_against(lambda: _decide(store, effect="half_points")) == "effect"


def test_the_same_mitigation_is_asked_for_once(store: FolderStore) -> None:
    _request(store)
    assert _rule_against(lambda: _request(store, first="2019-11", last="2019-12")) == "asked_once"
    assert _request(store, ground="third_party") == "cssc/ACF_KPI_03/2019-04/g2"
    assert _request(store, first="2019-12", last="2019-12") == "cssc/ACF_KPI_03/2019-12/g1"


def test_a_refused_mitigation_may_be_asked_for_again(store: FolderStore) -> None:
    _request(store)
    _decide(store, outcome="refused", effect=None)
    assert _request(store) == "cssc/ACF_KPI_03/2019-04/g2"


def test_codes_months_and_dates_must_be_right(store: FolderStore) -> None:
    assert _rule_against(lambda: _request(store, kpi="ACF_KPI_30")) == "agreed_text"
    assert _rule_against(lambda: _request(store, ground="weather")) == "agreed_text"
    assert _rule_against(lambda: _request(store, last="2019-03")) == "whole_month"
    assert _rule_against(lambda: _request(store, review_on="20190801")) == "date"
    assert _rule_against(lambda: _request(store, plan=" ")) == "said"


@pytest.mark.parametrize(("first", "last"), [("2019-04", "9999-12"), ("2019-04", "2020-04"), ("2019-03", "2019-05")])
def test_a_request_stays_within_the_months_of_the_contract(store: FolderStore, first: str, last: str) -> None:
    assert _rule_against(lambda: _request(store, first=first, last=last)) == "within_term"
    assert len(store.ledger.entries()) == 1
