"""State machines as complete tables: each event in each state gives the next state, or the rule that refuses it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from muniment.domain.record.act import RefusedError

MachineName = Literal["table_month", "kpi_month", "month", "mitigation"]


@dataclass(frozen=True)
class Rule:
    """Why an event is refused in a state. `what` may name the {thing}; `who_could`: what to do, and who."""

    name: str
    what: str
    who_could: str


@dataclass(frozen=True)
class Transition:
    """One cell of a table: the next state, or the rule that refuses. `changes_inputs`: the month's figures may differ
    after it."""

    machine: MachineName
    state: str
    event: str
    to: str | Rule
    changes_inputs: bool = False

    def next_state(self, thing: str) -> str:
        """Raises RefusedError with the rule, where the table refuses."""
        if isinstance(self.to, Rule):
            raise RefusedError(self.to.name, self.to.what.format(thing=thing), self.to.who_could)
        return self.to


@dataclass(frozen=True)
class Machine:
    """`states`: name -> what it means; the first is where a thing begins. `events`: name -> what people call it.
    `words`: name of a state -> what people are shown, where the name alone does not say it."""

    name: MachineName
    title: str
    states: Mapping[str, str]
    events: Mapping[str, str]
    table: Mapping[tuple[str, str], Transition]
    words: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, state: str) -> str:
        """What people are shown of a state: locked, and something has come since."""
        return self.words.get(state, state.replace("_", " "))

    @property
    def states_listed(self) -> str:
        """Every state with its words, for whoever reads a state by its name."""
        return "; ".join(
            state if (shown := self.in_words(state)) == state.replace("_", " ") else f"{state} ({shown})"
            for state in self.states
        )

    @property
    def initial(self) -> str:
        return next(iter(self.states))

    def at(self, *, state: str, event: str) -> Transition:
        """The cell of the table. There is one for every state and event."""
        return self.table[state, event]


@dataclass(frozen=True)
class StateRow:
    """The cells of one state. `allowed`: event -> next state; a leading ! says that it changes the month's inputs.
    `refused`: the rule -> the events that it refuses."""

    state: str
    allowed: Mapping[str, str]
    refused: Sequence[tuple[Rule, Iterable[str]]]


def machine_of(
    *,
    name: MachineName,
    title: str,
    states: Mapping[str, str],
    events: Mapping[str, str],
    rows: Iterable[StateRow],
    words: Mapping[str, str] | None = None,
) -> Machine:
    """The machine, after seeing that its table is total. Raises ValueError for a cell that is missing or doubled, and
    for words of what is no state."""
    if unknown := {*(words or {})} - {*states}:
        raise ValueError(f"{name}: there are words for {', '.join(sorted(unknown))}, which is no state")
    table: dict[tuple[str, str], Transition] = {}
    for row in rows:
        for cell in _cells(name, row):
            if (cell.state, cell.event) in table or cell.event not in events or cell.state not in states:
                raise ValueError(f"{name}: the cell {cell.state}/{cell.event} is doubled or unknown")
            if isinstance(cell.to, str) and cell.to not in states:
                raise ValueError(f"{name}: {cell.state}/{cell.event} leads to '{cell.to}', which is no state")
            table[cell.state, cell.event] = cell
    missing = [f"{state}/{event}" for state in states for event in events if (state, event) not in table]
    if missing:
        raise ValueError(f"{name}: no answer for {', '.join(missing)}")
    return Machine(name, title, states, events, table, words or {})


def _cells(name: MachineName, row: StateRow) -> Iterable[Transition]:
    for event, to in row.allowed.items():
        yield Transition(name, row.state, event, to.removeprefix("!"), changes_inputs=to.startswith("!"))
    for rule, events in row.refused:
        for event in events:
            yield Transition(name, row.state, event, rule)
