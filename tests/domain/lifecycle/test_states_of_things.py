"""The state of each thing of a record, from its entries."""

from dataclasses import replace
from datetime import date

import pytest

from muniment.domain.assessment.disputes import ResultDisputed
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.evidence.challenges import ChallengeClosed, EvidenceChallenged
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.machine import StateRow, Transition, machine_of
from muniment.domain.lifecycle.statement_confirmed import StatementConfirmed, looked_at
from muniment.domain.lifecycle.states import allowed, state_in, states_known
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft
from muniment.domain.regime.adoption import TextAdopted
from tests.domain.assessment.conftest import record

SEPTEMBER, OCTOBER = Month(2019, 9), Month(2019, 10)
SUPPLIER, AUTHORITY = Act("p.lane", "supplier", "as asked"), Act("m.okafor", "authority", "as agreed")
SEAL = sealed_fingerprint({"statement": {}})
S1, Q1, V1, D1 = "c/calls/2019-09/s1", "c/calls/2019-09/q1", "c/2019-09/v1", "c/K1/2019-09/d1"
SIGNED = Draft(V1, StatementSigned(SEPTEMBER, SEAL, date(2019, 10, 15), 1), AUTHORITY)
LOCKED = Draft(V1, MonthLocked(SEPTEMBER, 1, SEAL, {"statement": {}}, 1), Act("r.shaw", "authority", "as agreed"))
DISPUTED = Draft(D1, ResultDisputed("K1", SEPTEMBER, "12"), SUPPLIER)
CHALLENGED = (
    Draft(S1, SubmissionReceived("calls", SEPTEMBER, "f.csv", "csv", "a" * 64, 3, None), SUPPLIER),
    Draft(S1, SubmissionApproved(), Act("r.shaw", "supplier", "as asked")),
    Draft(Q1, EvidenceChallenged(S1, "Why so few?"), AUTHORITY),
)


@pytest.mark.parametrize(
    ("drafts", "state"),
    [((), "provisional"), ((SIGNED,), "provisional"), ((SIGNED, LOCKED), "settled"), ((DISPUTED,), "disputed")],
)
def test_a_kpi_that_nobody_disputed_is_provisional_until_its_month_is_locked(
    drafts: tuple[Draft, ...], state: str
) -> None:
    assert state_in(states_known(record(*drafts)), machine="kpi_month", thing="c/K1/2019-09") == state


def test_a_lock_settles_what_is_in_dispute_in_its_month_and_in_no_other() -> None:
    elsewhere = Draft("c/K1/2019-10/d1", ResultDisputed("K1", OCTOBER, "12"), SUPPLIER)
    things = states_known(record(DISPUTED, elsewhere, SIGNED, LOCKED))
    assert state_in(things, machine="kpi_month", thing="c/K1/2019-09") == "settled_in_dispute"
    assert state_in(things, machine="kpi_month", thing="c/K1/2019-10") == "disputed"


def test_agreed_text_that_came_late_changes_the_locked_months_that_it_names() -> None:
    late = TextAdopted((("contract.yaml", "a" * 64),), touches=(SEPTEMBER,))
    things = states_known(record(SIGNED, LOCKED, Draft("c/text/t1", late, AUTHORITY)))
    assert state_in(things, machine="month", thing="c/2019-09") == "changed_since_lock"
    assert {machine for machine, _ in things} == {"month"}


def test_a_challenge_that_an_older_muniment_withdrew_unanswered_is_withdrawn() -> None:
    entries = record(*CHALLENGED, Draft(Q1, ChallengeClosed("withdrawn"), AUTHORITY))
    old = [*entries[:-1], replace(entries[-1], version=1).sealed()]
    assert state_in(states_known(old), machine="table_month", thing="c/calls/2019-09") == "approved"


def test_an_act_that_its_table_allows_leads_to_its_next_state() -> None:
    leads = allowed(record(*CHALLENGED), machine="table_month", thing="c/calls/2019-09", event="answer")
    assert leads == Transition("table_month", "challenged", "answer", "answered")
    with pytest.raises(RefusedError) as refused:
        allowed(record(*CHALLENGED), machine="table_month", thing="c/calls/2019-09", event="accept")
    assert refused.value.rule == "open_challenge"


def test_a_table_of_states_says_of_each_event_where_it_leads_and_whether_figures_may_differ_then() -> None:
    door = machine_of(
        name="month",
        title="A door",
        states={"open": "one can walk through", "shut": "one cannot"},
        events={"push": "it is pushed"},
        rows=[StateRow("open", {"push": "!shut"}, []), StateRow("shut", {"push": "open"}, [])],
    )
    assert (door.name, door.title, door.initial, door.in_words("open")) == ("month", "A door", "open", "open")
    assert door.at(state="open", event="push") == Transition("month", "open", "push", "shut", changes_inputs=True)
    assert door.at(state="shut", event="push") == Transition("month", "shut", "push", "open")


def test_a_state_is_shown_in_its_own_words_or_as_it_is_called() -> None:
    door = machine_of(
        name="month",
        title="A door",
        states={"wide_open": "one can walk through", "shut": "one cannot"},
        events={"push": "it is pushed"},
        rows=[StateRow("wide_open", {"push": "shut"}, []), StateRow("shut", {"push": "wide_open"}, [])],
        words={"shut": "closed"},
    )
    assert [door.in_words(state) for state in door.states] == ["wide open", "closed"]
    assert door.states_listed == "wide_open; shut (closed)"


def test_a_confirmed_version_is_known_with_the_last_entry_that_was_looked_at() -> None:
    confirmed = StatementConfirmed(SEPTEMBER, 1, date(2019, 11, 1), 7, "no effect")
    assert looked_at(record(Draft(V1, confirmed, AUTHORITY))) == {(SEPTEMBER, 1): 7}
