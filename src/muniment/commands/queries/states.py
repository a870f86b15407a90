"""Where everything stands: each table-month, KPI-month, month and mitigation request that the record knows."""

from collections.abc import Sequence

from muniment.domain.lifecycle.machine import MachineName
from muniment.domain.lifecycle.states import MACHINES, ThingState, states_known
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import is_about


def states(
    entries: Sequence[Entry], *, subject: str | None = None, machine: MachineName | None = None
) -> tuple[ThingState, ...]:
    """In order of machine and thing. `subject`: only what is about it; cssc/2019-09 takes in its tables and KPIs."""
    found = [
        state
        for state in states_known(entries).values()
        if machine in (None, state.machine) and (subject is None or is_about(state.thing, subject))
    ]
    return tuple(sorted(found, key=lambda state: (list(MACHINES).index(state.machine), state.thing)))


def meaning(state: ThingState) -> str:
    """What the state means, in a few words."""
    return MACHINES[state.machine].states[state.state]
