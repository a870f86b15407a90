"""Every event in every state is answered: by the next state, or by a rule that says who could do what instead."""

from itertools import product

import pytest

from muniment.commands.entry_kinds import KINDS
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.lifecycle.machine import Machine, MachineName, Rule, StateRow, machine_of
from muniment.domain.lifecycle.permissions import roles_that_may
from muniment.domain.lifecycle.separation import DECIDERS
from muniment.domain.lifecycle.states import EVENTS, MACHINES
from muniment.domain.record.act import RefusedError

CELLS = [
    (machine, state, event) for machine in MACHINES.values() for state, event in product(machine.states, machine.events)
]
NO = Rule("no", "{thing} may not", "nobody could")


@pytest.mark.parametrize(("machine", "state", "event"), CELLS, ids=lambda part: getattr(part, "name", part))
def test_every_event_in_every_state_is_allowed_or_refused_with_its_rule(
    machine: Machine, state: str, event: str
) -> None:
    cell = machine.at(state=state, event=event)
    if isinstance(cell.to, str):
        assert cell.next_state("cssc/calls/2019-09") in machine.states
        return
    with pytest.raises(RefusedError) as refused:
        cell.next_state("cssc/calls/2019-09")
    assert refused.value.rule == cell.to.name
    assert "{" not in refused.value.what
    assert refused.value.who_could.split()[0] in {"a", "the", "it"}


@pytest.mark.parametrize(
    ("machine", "rules"),
    [
        (
            "table_month",
            (
                "accepted_counts accepted_once after_acceptance answered_once approved_first approved_once "
                "no_challenge not_accepted not_answered nothing_submitted one_challenge open_challenge"
            ),
        ),
        ("kpi_month", "no_dispute one_dispute"),
        ("month", "locked no_proposal not_locked not_overtaken one_proposal overtaken signed_first"),
        ("mitigation", "asked_once open_request"),
    ],
)
def test_rules_keep_their_names_because_records_hold_them(machine: MachineName, rules: str) -> None:
    """A refused act is an entry that names the rule."""
    assert {cell.to.name for cell in MACHINES[machine].table.values() if isinstance(cell.to, Rule)} == {*rules.split()}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.name)
def test_every_state_can_be_reached_and_every_event_can_happen(machine: Machine) -> None:
    reached = {machine.initial}
    for _ in machine.states:
        cells = [cell.to for (state, _), cell in machine.table.items() if state in reached]
        reached |= {to for to in cells if isinstance(to, str)}
    assert reached == set(machine.states)
    assert {event for (_, event), cell in machine.table.items() if isinstance(cell.to, str)} == set(machine.events)


def test_a_table_with_a_hole_is_no_machine() -> None:
    with pytest.raises(ValueError, match="no answer for shut/open"):
        machine_of(
            name="month",
            title="A door",
            states={"open": "one can walk through", "shut": "one cannot"},
            events={"open": "it is opened"},
            rows=[StateRow("open", {}, [(NO, ("open",))])],
        )


def test_a_cell_is_answered_once() -> None:
    with pytest.raises(ValueError, match="doubled"):
        machine_of(
            name="month",
            title="A door",
            states={"open": "one can walk through"},
            events={"open": "it is opened"},
            rows=[StateRow("open", {"open": "open"}, [(NO, ("open",))])],
        )


def test_words_are_of_states_that_there_are() -> None:
    with pytest.raises(ValueError, match="words for ajar, which is no state"):
        machine_of(
            name="month",
            title="A door",
            states={"open": "one can walk through"},
            events={"open": "it is opened"},
            rows=[StateRow("open", {"open": "open"}, [])],
            words={"ajar": "nearly shut"},
        )


@pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.name)
def test_every_state_is_listed_with_words_that_are_its_own(machine: Machine) -> None:
    words = [machine.in_words(state) for state in machine.states]
    assert len({*words}) == len(words)
    listed = {state: machine.states_listed.find(state) for state in machine.states}
    assert min(listed.values()) == 0, "every one of them is there, and the first where a thing begins"


def test_every_event_comes_from_an_entry_and_every_such_kind_is_known() -> None:
    from_entries = {(name, event) for name, events in EVENTS.values() for event in events.values()}
    by_consequence = {("month", "lock"), ("month", "change_inputs"), ("kpi_month", "lock")}
    assert set(EVENTS) <= set(KINDS)
    assert from_entries | by_consequence == {(m.name, event) for m in MACHINES.values() for event in m.events}


def test_every_act_names_the_roles_that_may() -> None:
    assert all(permission.roles and permission.sides for permission in COMMAND_TABLE.values())


def test_nobody_who_only_administers_or_audits_decides_anything() -> None:
    silent = {
        "administrator": {
            "open_record",
            "adopt_text",
            "appoint",
            "end_appointment",
            "delegate",
            "erase_text",
            "discard_rows",
        }
    }
    for command, permission in COMMAND_TABLE.items():
        assert "auditor" not in permission.roles
        assert "administrator" not in permission.roles or command in silent["administrator"]


def test_whoever_may_decide_something_of_a_month_administers_nothing() -> None:
    deciding = (
        "accept", "withdraw_acceptance", "close_challenge", "resolve_dispute", "decide_mitigation", "sign", "lock",
        "propose_restatement", "decide_restatement", "confirm_statement",
    )  # fmt: skip
    assert {*roles_that_may(COMMAND_TABLE[name] for name in deciding)} == DECIDERS
