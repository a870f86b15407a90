"""Who must do what by when: every open transition of the record, as a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.lifecycle.appointments import Role, role_name, side_of
from muniment.domain.lifecycle.machine import MachineName
from muniment.domain.lifecycle.permissions import Verb, roles_that_may
from muniment.domain.lifecycle.states import Things, ThingState, states_known
from muniment.domain.record.act import Party
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import is_about

WEEKDAYS = BusinessDays(frozenset(range(5)), frozenset())


@dataclass(frozen=True)
class Limits:
    """Business Days within which each answer is due, counted from the day of what it answers; None: no limit."""

    calendar: BusinessDays = WEEKDAYS
    accept: int | None = 10
    answer: int | None = None
    close: int | None = None
    decide: int | None = None


@dataclass(frozen=True)
class Waiting:
    """`what`: 'accept or challenge cssc/calls/2019-09'. `by`: the last day in time, None without a limit. `days_left`:
    Business Days to it, negative when it has passed. `since`: seq of the entry that it waits on, 0 for none."""

    thing: str
    what: str
    verbs: tuple[Verb, ...]
    roles: tuple[Role, ...]
    since: int
    by: date | None
    days_left: int | None

    @property
    def side(self) -> Party:
        return side_of(self.roles[0])

    @property
    def sentence(self) -> str:
        """The supplier's approver must approve cssc/calls/2019-09 by 2019-10-14 (3 working days left)."""
        who = " or ".join(f"the {role_name(role)}" for role in self.roles)
        when = f" by {self.by} ({_left(self.days_left)})" if self.by is not None and self.days_left is not None else ""
        return f"{who[0].upper()}{who[1:]} must {self.what}{when}."


Step = tuple[str, tuple[Verb, ...], str | None]
STEPS: Mapping[tuple[MachineName, str], Step] = {
    ("table_month", "submitted"): ("approve", ("approve",), None),
    ("table_month", "approved"): ("accept or challenge", ("accept",), "accept"),
    ("table_month", "challenged"): ("answer the challenge on", ("answer",), "answer"),
    ("table_month", "answered"): ("close the challenge on", ("close_challenge",), "close"),
    ("table_month", "disputed"): ("accept what is in dispute for", ("accept",), None),
    ("table_month", "proposed"): ("approve the proposal for", ("approve",), None),
    ("table_month", "proposal_approved"): ("accept or leave the proposal for", ("accept",), "accept"),
    ("kpi_month", "disputed"): ("resolve the dispute about", ("resolve_dispute",), "decide"),
    ("kpi_month", "settled_in_dispute"): ("resolve the dispute about", ("resolve_dispute",), "decide"),
    ("mitigation", "requested"): ("decide", ("decide_mitigation",), "decide"),
    ("month", "signed"): ("sign second for", ("lock",), None),
    ("month", "overtaken"): ("propose a restatement of", ("propose_restatement",), None),
    ("month", "restatement_proposed"): ("decide the restatement of", ("decide_restatement",), "decide"),
    ("month", "proposal_overtaken"): ("refuse the overtaken restatement of", ("decide_restatement",), None),
}
"""(machine, state) -> what must be done, by which acts, within which limit."""


def waiting(
    entries: Sequence[Entry],
    *,
    on: date,
    due: Mapping[str, date] | None = None,
    limits: Limits | None = None,
    subject: str | None = None,
) -> tuple[Waiting, ...]:
    """What waits on the day `on`, soonest first, then what has no limit in the order of the record.

    `due`: table-month (cssc/calls/2019-09) -> the last day on which its evidence is in time, for those expected.
    `subject`: only what is about it.
    """
    things = states_known(entries)
    bounds = limits or Limits()
    found = [*_expected(things, due or {}, on, bounds), *_open(things, on, bounds)]
    chosen = [item for item in found if subject is None or is_about(item.thing, subject)]
    return tuple(sorted(chosen, key=lambda item: (item.by is None, item.by or on, item.since, item.thing)))


def _expected(things: Things, due: Mapping[str, date], on: date, limits: Limits) -> Iterator[Waiting]:
    for thing, day in due.items():
        state = things.get(("table_month", thing))
        if state is None or state.state == "awaiting":
            yield _waiting(thing, ("submit evidence for", ("submit",), None), 0, day, on, limits)


def _open(things: Things, on: date, limits: Limits) -> Iterator[Waiting]:
    for (machine, thing), state in things.items():
        step = STEPS.get((machine, state.state))
        if step is not None:
            yield _waiting(thing, step, state.since, _by(step, state, limits), on, limits)
        elif (machine, state.state) == ("month", "open") and _is_settled(things, thing):
            yield _waiting(thing, ("sign", ("sign",), None), state.since, None, on, limits)


def _by(step: Step, state: ThingState, limits: Limits) -> date | None:
    within = {"accept": limits.accept, "answer": limits.answer, "close": limits.close, "decide": limits.decide}
    days = within.get(step[2] or "")
    return None if days is None else limits.calendar.after(date.fromisoformat(state.at[:10]), days)


def _waiting(thing: str, step: Step, since: int, by: date | None, on: date, limits: Limits) -> Waiting:
    does, verbs, _ = step
    left = None if by is None else limits.calendar.between(on, by)
    return Waiting(thing, f"{does} {thing}", verbs, roles_that_may(verbs), since, by, left)


def _is_settled(things: Things, month: str) -> bool:
    tables = [
        state for (machine, thing), state in things.items() if machine == "table_month" and is_about(thing, month)
    ]
    return bool(tables) and all(state.state in ("accepted", "proposed", "proposal_approved") for state in tables)


def _left(days: int | None) -> str:
    if days is None:
        return "no limit"
    if days < 0:
        return f"{-days} working day{'s' if days != -1 else ''} late"
    return f"{days} working day{'s' if days != 1 else ''} left"
