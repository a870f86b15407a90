"""Who must do what by when: every open step of the record, as a sentence; and the state of each thing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from muniment.commands.queries.terms import LocalDay
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.assessment.month_lock import signatures_known
from muniment.domain.assessment.restatement import Restatement, restatements_known
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.lifecycle.appointments import Role, appointments_known, holding, role_name, side_of
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.machine import MachineName
from muniment.domain.lifecycle.permissions import roles_that_may
from muniment.domain.lifecycle.states import MACHINES, Things, ThingState, state_in, states_known
from muniment.domain.record.act import Party, is_same_person
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import is_about

WEEKDAYS = BusinessDays(frozenset(range(5)), frozenset())

_Step = tuple[str, tuple[str, ...], str | None]
_STEPS: Mapping[tuple[MachineName, str], _Step] = {
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
    ("month", "changed_since_lock"): (
        "propose a restatement of {}, or confirm its statement",
        ("propose_restatement", "confirm_statement"),
        None,
    ),
    ("month", "restatement_proposed"): ("decide the restatement of", ("decide_restatement",), "decide"),
    ("month", "changed_since_proposal"): ("refuse the outdated restatement of", ("decide_restatement",), None),
}
"""(machine, state) -> what must be done, with the thing in {} or at the end; by which commands; within which limit."""


@dataclass(frozen=True)
class Limits:
    """Business Days within which each answer is due, counted from the day of what it answers; None: no limit."""

    calendar: BusinessDays = WEEKDAYS
    accept: int | None = 10
    answer: int | None = None
    close: int | None = None
    decide: int | None = None


@dataclass(frozen=True)
class WaitingItem:
    """`what`: 'accept or challenge cssc/calls/2019-09'. `by`: the last day in time, None without a limit. `days_left`:
    Business Days to it, negative when it has passed. `since`: seq of the entry that it waits on, 0 for none. `deemed`:
    what the agreed text proposes because nobody answered in time; a person confirms it, or does something else.
    `restatement`: id of the proposal that is to be decided, blank for none."""

    thing: str
    what: str
    commands: tuple[str, ...]
    roles: tuple[Role, ...]
    since: int
    by: date | None
    days_left: int | None
    deemed: DeemedProposal | None = None
    restatement: str = ""

    @property
    def side(self) -> Party:
        return side_of(self.roles[0])

    @property
    def sentence(self) -> str:
        """The supplier's approver must approve cssc/calls/2019-09 by 2019-10-14 (3 business days left)."""
        who = " or ".join(f"the {role_name(role)}".replace("supplier ", "supplier's ") for role in self.roles)
        if self.deemed is not None:
            says = self.deemed.says
            return f"{says[0].upper()}{says[1:]}, and {who} could confirm it."
        when = f" by {self.by} ({_left(self.days_left)})" if self.by is not None and self.days_left is not None else ""
        return f"{who[0].upper()}{who[1:]} must {self.what}{when}."


def waiting(
    entries: Sequence[Entry],
    *,
    on: date,
    due: Mapping[str, date] | None = None,
    limits: Limits | None = None,
    subject: str | None = None,
    deemed_proposals: Mapping[str, DeemedProposal] | None = None,
    settled: Collection[str] = (),
    local_day: LocalDay | None = None,
) -> tuple[WaitingItem, ...]:
    """What waits on the day `on`, soonest first, then what has no limit in the order of the record.

    `due`: table-month (cssc/calls/2019-09) -> the last day on which its evidence is in time, for those expected.
    `subject`: only what is about it. `deemed_proposals`: id of a challenge or request -> what the agreed text says of
    it; once its time is over, that is proposed beside the answer that still waits. `settled`: months (cssc/2019-09)
    that changed since their lock and that nobody has to restate. `local_day`: of a moment, from which limits count;
    None: the day in UTC.
    """
    things = states_known(entries)
    bounds = limits or Limits()
    agreed = {_thing_of(deemed): deemed for deemed in (deemed_proposals or {}).values()}
    asked = _Asked(on, bounds, due or {}, agreed, frozenset(settled), local_day or _utc_day)
    found = [*_expected(things, asked), *_open(things, asked)]
    found += [_proposed(deemed, things, on, bounds) for deemed in agreed.values() if on > deemed.due]
    proposals, signers = _proposals(entries), _Signers(entries, on)
    found = [signers.left_to(_with_its_proposal(item, proposals)) for item in found]
    chosen = [item for item in found if subject is None or is_about(item.thing, subject)]
    return tuple(sorted(chosen, key=lambda item: (item.by is None, item.by or on, item.since, item.thing)))


@dataclass(frozen=True)
class _Asked:
    on: date
    limits: Limits
    due: Mapping[str, date]
    agreed: Mapping[str, DeemedProposal]
    settled: frozenset[str]
    local_day: LocalDay

    def by(self, step: _Step, state: ThingState) -> date | None:
        limits = self.limits
        within = {"accept": limits.accept, "answer": limits.answer, "close": limits.close, "decide": limits.decide}
        days = within.get(step[2] or "")
        return None if days is None else limits.calendar.after(self.local_day(state.at), days)


def _expected(things: Things, asked: _Asked) -> Iterator[WaitingItem]:
    for thing, day in asked.due.items():
        state = things.get(("table_month", thing))
        if state is None or state.state == "awaiting":
            yield _waiting(thing, ("submit evidence for", ("submit",), None), 0, day, asked.on, asked.limits)


def _open(things: Things, asked: _Asked) -> Iterator[WaitingItem]:
    for (machine, thing), state in things.items():
        step = _STEPS.get((machine, state.state))
        if (machine, state.state) == ("month", "changed_since_lock") and thing in asked.settled:
            continue
        if step is not None:
            by = asked.agreed[thing].due if thing in asked.agreed else asked.by(step, state)
            yield _waiting(thing, step, state.since, by, asked.on, asked.limits)
        elif (machine, state.state) == ("month", "open") and _is_settled(things, thing, asked.due):
            yield _waiting(thing, ("sign", ("sign",), None), state.since, None, asked.on, asked.limits)


def _thing_of(deemed: DeemedProposal) -> str:
    """cssc/calls/2019-09/q1 -> cssc/calls/2019-09; a request is a thing of its own."""
    return deemed.of.rpartition("/")[0] if deemed.on == "challenge" else deemed.of


def _proposed(deemed: DeemedProposal, things: Things, on: date, limits: Limits) -> WaitingItem:
    commands: tuple[str, ...] = ("close_challenge",) if deemed.on == "challenge" else ("decide_mitigation",)
    machine: MachineName = "table_month" if deemed.on == "challenge" else "mitigation"
    since = things[machine, _thing_of(deemed)].since
    what = f"confirm that {deemed.of} is deemed {deemed.then}"
    left = limits.calendar.between(on, deemed.due)
    return WaitingItem(_thing_of(deemed), what, commands, _roles(commands), since, deemed.due, left, deemed)


def _proposals(entries: Sequence[Entry]) -> Mapping[str, Restatement]:
    """Month -> its restatement that waits to be decided."""
    return {found.month_thing: found for found in restatements_known(entries) if found.is_open}


def _with_its_proposal(item: WaitingItem, proposals: Mapping[str, Restatement]) -> WaitingItem:
    """A restatement may wait only for that of an earlier month."""
    found = proposals.get(item.thing) if "decide_restatement" in item.commands else None
    if found is None:
        return item
    leader = found.proposed.goes_with
    what = item.what if leader is None else f"{item.what}, which goes with {leader}"
    return replace(item, what=what, restatement=found.id)


class _Signers:
    """Who may sign second: a role that the first signer alone holds is not asked for it."""

    def __init__(self, entries: Sequence[Entry], on: date) -> None:
        self._signed = {str(month): signature.recorded.actor for month, signature in signatures_known(entries).items()}
        self._holding = tuple(holding(appointments_known(entries), on=on))

    def left_to(self, item: WaitingItem) -> WaitingItem:
        first = self._signed.get(item.thing.rpartition("/")[2])
        if item.commands != ("lock",) or first is None:
            return item
        own = set(COMMAND_TABLE["sign"].roles) | {a.role for a in self._holding if is_same_person(a.person, first)}
        others = {a.role for a in self._holding if not is_same_person(a.person, first)}
        return replace(item, roles=tuple(role for role in item.roles if role not in own or role in others))


def _utc_day(at: str) -> date:
    return date.fromisoformat(at[:10])


def _waiting(thing: str, step: _Step, since: int, by: date | None, on: date, limits: Limits) -> WaitingItem:
    does, commands, _ = step
    left = None if by is None else limits.calendar.between(on, by)
    what = does.format(thing) if "{}" in does else f"{does} {thing}"
    return WaitingItem(thing, what, commands, _roles(commands), since, by, left)


def _roles(commands: Sequence[str]) -> tuple[Role, ...]:
    return roles_that_may(COMMAND_TABLE[command] for command in commands)


def _is_settled(things: Things, month: str, due: Mapping[str, date]) -> bool:
    """Whether every table that the month waits for is accepted: those that came, and those that are due."""
    came = {thing for machine, thing in things if machine == "table_month" and is_about(thing, month)}
    tables = came | {thing for thing in due if is_about(thing, month)}
    states = [state_in(things, machine="table_month", thing=thing) for thing in tables]
    return bool(states) and all(state in ("accepted", "proposed", "proposal_approved") for state in states)


def _left(days: int | None) -> str:
    if days is None:
        return "no limit"
    if days < 0:
        return f"{-days} business day{'s' if days != -1 else ''} late"
    return f"{days} business day{'s' if days != 1 else ''} left"


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
