"""Permissions: which roles may give each command, and where two different people are needed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from muniment.domain.lifecycle.appointments import (
    Appointment,
    Role,
    appointments_known,
    day_of_act,
    has_appointments,
    holding,
    role_name,
    roles_of,
    side_of,
)
from muniment.domain.record.act import PARTIES, Act, Party, RefusedError, is_same_person, plain_id
from muniment.domain.record.entry import Entry, EntryReference

CommandName = Literal[
    "open_record", "agree_notice", "adopt_text", "submit", "approve", "withdraw_submission", "accept",
    "withdraw_acceptance",
    "challenge", "answer", "close_challenge", "dispute", "resolve_dispute", "request_mitigation", "decide_mitigation",
    "withdraw_mitigation", "sign", "lock", "propose_restatement", "decide_restatement", "appoint", "end_appointment",
    "delegate", "explain_failure", "update_project", "report_figure", "erase_text",
    "discard_rows", "confirm_statement",
]  # fmt: skip

BINDING_COMMANDS: frozenset[CommandName] = frozenset(
    {
        "sign", "lock", "confirm_statement", "propose_restatement", "decide_restatement", "decide_mitigation",
        "resolve_dispute", "agree_notice", "adopt_text", "appoint", "end_appointment", "delegate",
    }
)  # fmt: skip
"""Pages ask for the password, a code or a passkey before them. A token cannot be asked: it needs the scope `bind`,
which is given for a day, just after its person was."""
DECIDING_ROLES: frozenset[Role] = frozenset(
    {"decision_maker", "contract_manager", "supplier_approver", "administrator", "finance"}
)
"""Roles whose acts bind somebody, move money or let people in. They need a second factor where the site asks for it."""


@dataclass(frozen=True)
class Permission:
    """`what`: the command in words, "decide a mitigation". `roles`: who may do it. `apart`: whom four eyes part."""

    what: str
    roles: tuple[Role, ...]
    apart: str | None = None

    @property
    def sides(self) -> tuple[Party, ...]:
        return tuple(party for party in PARTIES if any(side_of(role) == party for role in self.roles))


PERMISSIONS: Mapping[CommandName, Permission] = {
    "open_record": Permission("open a record", ("administrator", "contract_manager")),
    "agree_notice": Permission("agree to a change notice", ("supplier_approver",)),
    "adopt_text": Permission("adopt the agreed text", ("contract_manager", "administrator")),
    "submit": Permission("submit evidence", ("supplier_preparer", "supplier_approver")),
    "approve": Permission("approve a submission", ("supplier_approver",), "preparer and approver"),
    "withdraw_submission": Permission("withdraw a submission", ("supplier_preparer", "supplier_approver")),
    "accept": Permission("accept a submission", ("contract_officer",), "preparer, approver and acceptor"),
    "withdraw_acceptance": Permission("withdraw an acceptance", ("contract_officer", "contract_manager")),
    "challenge": Permission("challenge evidence", ("contract_officer", "contract_manager")),
    "answer": Permission("answer a challenge", ("supplier_preparer", "supplier_approver")),
    "close_challenge": Permission("close a challenge", ("contract_officer", "contract_manager")),
    "dispute": Permission("dispute a result", ("supplier_approver",)),
    "resolve_dispute": Permission("resolve a dispute", ("decision_maker",), "disputer and resolver"),
    "request_mitigation": Permission("ask for mitigation", ("supplier_preparer", "supplier_approver")),
    "decide_mitigation": Permission("decide a mitigation", ("decision_maker",), "requester and decider"),
    "withdraw_mitigation": Permission("withdraw a mitigation request", ("supplier_preparer", "supplier_approver")),
    "sign": Permission("sign a statement first", ("contract_manager",)),
    "lock": Permission(
        "lock a month", ("supplier_approver", "contract_manager", "decision_maker"), "first and second signature"
    ),
    "propose_restatement": Permission("propose a restatement", ("contract_manager",)),
    "decide_restatement": Permission("decide a restatement", ("decision_maker",), "proposer and decider"),
    "confirm_statement": Permission("confirm a locked statement", ("contract_manager",)),
    "appoint": Permission("appoint people", ("administrator",)),
    "end_appointment": Permission("end an appointment", ("administrator",)),
    "delegate": Permission(
        "delegate an appointment",
        (
            "administrator", "contract_manager", "contract_officer", "decision_maker", "finance", "report_author",
            "supplier_approver", "supplier_preparer",
        ),
    ),
    "explain_failure": Permission(
        "explain a failure",
        ("supplier_preparer", "supplier_approver", "contract_officer", "contract_manager", "report_author"),
    ),
    "update_project": Permission(
        "update a project",
        ("project_office", "contract_manager", "report_author", "supplier_preparer", "supplier_approver"),
    ),
    "report_figure": Permission("record a reported figure", ("report_author", "democratic_services")),
    "erase_text": Permission("erase a text", ("administrator",)),
    "discard_rows": Permission("discard rows", ("administrator",)),
}  # fmt: skip


def must_be_permitted(entries: Sequence[Entry], *, act: Act, command: CommandName) -> None:
    """Raises RefusedError where the actor's side or appointments do not allow the act.

    In a record without appointments the declared side decides. Whoever opened a record is its administrator until it
    has one.
    """
    permission = PERMISSIONS[command]
    if act.on_behalf_of not in permission.sides:
        must_act_for(permission.sides[0], act=act, what=permission.what)
    if not has_appointments(entries):
        if command == "appoint" and not opened_without_administrator(entries, act):
            what = f"{act.actor} did not open this record, and may not make its first appointment"
            raise RefusedError("role", what, f"{entries[0].actor}, who opened it, could")
        return
    day = day_of_act(act, entries=entries)
    held = roles_of(entries, actor=act.actor, on=day)
    fitting = {role for role in permission.roles if role in held and side_of(role) == act.on_behalf_of}
    if fitting or ("administrator" in permission.roles and opened_without_administrator(entries, act)):
        return
    says = " and ".join(role_name(role) for role in sorted(held)) or "nobody with a current appointment"
    what = f"{act.actor} is {says} on {day}, and may not {permission.what}"
    raise RefusedError("role", what, who_could(entries, permission=permission, act=act))


def must_hold_role(
    entries: Sequence[Entry], *, roles: Collection[Role], command: CommandName, actor: str, on: date
) -> None:
    """Raises RefusedError for somebody in none of the roles that may do it. `roles`: those that the actor holds."""
    permission = PERMISSIONS[command]
    if {*roles} & {*permission.roles}:
        return
    held = sorted(roles)
    act = Act(actor, side_of(held[0]), permission.what, on=on)
    what = f"you are {' and '.join(role_name(role) for role in held)}, and may not {permission.what}"
    raise RefusedError("role", what, who_could(entries, permission=permission, act=act))


def who_could(entries: Sequence[Entry], *, permission: Permission, act: Act) -> str:
    """The roles that may, and the people who hold them on the day: 'a contract officer (m.okafor) could'."""
    found = holding(appointments_known(entries), on=day_of_act(act, entries=entries))
    people = sorted({a.person for a in found if a.role in permission.roles})
    roles = " or ".join(f"a {role_name(role)}".replace("a admin", "an admin") for role in permission.roles)
    return f"{roles} ({', '.join(people)}) could" if people else f"{roles} could, and nobody is appointed"


def must_act_for(party: Party, *, act: Act, what: str) -> None:
    """Raises RefusedError where the act is on behalf of the other side. `what`: 'decide a mitigation'."""
    if act.on_behalf_of != party:
        other = f"{act.actor} acts for the {act.on_behalf_of}, which may not {what}"
        raise RefusedError(f"{party}_only", other, f"somebody who acts for the {party} could")


def must_be_another(actor: str, *, act: Act, did: str, what: str) -> None:
    """Four eyes. `did`: 'asked for cssc/K/2019-09/g1'. `what`: 'decide it'. Raises RefusedError for the same person."""
    if is_same_person(actor, act.actor):
        same = f"{act.actor} {did} and may not {what} too"
        raise RefusedError("four_eyes", same, f"another person of the {act.on_behalf_of} could")


def must_not_stand_in(
    entries: Sequence[Entry], *, act: Act, command: CommandName, first: EntryReference, first_command: CommandName
) -> None:
    """Four eyes are of two people, not of one and whoever stands in for them.

    `first`: what the other person did, under `first_command`. Raises RefusedError where both acts can rest on the
    appointments of one person only.
    """
    known = appointments_known(entries)
    mine = _behind(known, actor=act.actor, command=command, on=day_of_act(act, entries=entries))
    theirs = _behind_then(known, first=first, command=first_command)
    if len(mine) == 1 and mine == theirs:
        what = f"{act.actor} and {first.actor} act under the appointments of one person"
        remedy = f"somebody could {PERMISSIONS[command].what} who does not stand in for the same person"
        raise RefusedError("four_eyes", what, remedy)


def _behind_then(known: Mapping[str, Appointment], *, first: EntryReference, command: CommandName) -> frozenset[str]:
    """The same of an act that was recorded. Its moment is in UTC, and the day in the contract's zone may be the one
    beside: an appointment that began, or ended, on that day is the one that let them."""
    day = date.fromisoformat(first.at[:10])
    for beside in (0, 1, -1):
        found = _behind(known, actor=first.actor, command=command, on=day + timedelta(days=beside))
        if found:
            return found
    return frozenset()


def _behind(known: Mapping[str, Appointment], *, actor: str, command: CommandName, on: date) -> frozenset[str]:
    """Whose appointments let the actor do it on that day: their own, or those that they stand in for."""
    mine = [
        a for a in holding(known, on=on) if a.role in PERMISSIONS[command].roles and is_same_person(a.person, actor)
    ]
    return frozenset(plain_id(known[a.stands_in_for].person if a.stands_in_for else a.person) for a in mine)


def opened_without_administrator(entries: Sequence[Entry], act: Act) -> bool:
    """Whether the actor opened the record, and is its administrator as long as nobody was appointed to be."""
    if any(appointment.role == "administrator" for appointment in appointments_known(entries).values()):
        return False
    return is_same_person(entries[0].actor, act.actor) and act.on_behalf_of == entries[0].on_behalf_of


def roles_that_may(commands: Iterable[CommandName]) -> tuple[Role, ...]:
    """The roles that may do any of these, each once."""
    return tuple(dict.fromkeys(role for command in commands for role in PERMISSIONS[command].roles))
