"""Permissions: which roles may give a command, and where two different people are needed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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

DECIDING_ROLES: frozenset[Role] = frozenset(
    {"decision_maker", "contract_manager", "supplier_approver", "administrator", "finance"}
)
"""Roles whose acts bind somebody, move money or let people in. They need a second factor where the site asks for it."""


@dataclass(frozen=True)
class Permission:
    """`says`: the command in words, "decide a mitigation". `roles`: who may do it. `apart_from`: whom four eyes part,
    "requester and decider"."""

    says: str
    roles: tuple[Role, ...]
    apart_from: str | None = None

    @property
    def sides(self) -> tuple[Party, ...]:
        return tuple(party for party in PARTIES if any(side_of(role) == party for role in self.roles))


def must_be_permitted(entries: Sequence[Entry], *, act: Act, permission: Permission) -> None:
    """Raises RefusedError where the actor's side or appointments do not allow the act.

    In a record without appointments the declared side decides. Whoever opened a record is its administrator until it
    has one.
    """
    if act.on_behalf_of not in permission.sides:
        must_act_for(permission.sides[0], act=act, what=permission.says)
    if not has_appointments(entries):
        return
    day = day_of_act(act, entries=entries)
    held = roles_of(entries, actor=act.actor, on=day)
    fitting = {role for role in permission.roles if role in held and side_of(role) == act.on_behalf_of}
    if fitting or ("administrator" in permission.roles and opened_without_administrator(entries, act)):
        return
    says = " and ".join(role_name(role) for role in sorted(held)) or "nobody with a current appointment"
    what = f"{act.actor} is {says} on {day}, and may not {permission.says}"
    raise RefusedError("role", what, who_could(entries, permission=permission, act=act))


def may_appoint_first(entries: Sequence[Entry], *, act: Act) -> None:
    """Raises RefusedError for the first appointment of a record by somebody who did not open it."""
    if not has_appointments(entries) and not opened_without_administrator(entries, act):
        what = f"{act.actor} did not open this record, and may not make its first appointment"
        raise RefusedError("role", what, f"{entries[0].actor}, who opened it, could")


def must_hold_role(
    entries: Sequence[Entry], *, roles: Collection[Role], permission: Permission, actor: str, on: date
) -> None:
    """Raises RefusedError for somebody in none of the roles that may do it. `roles`: those that the actor holds."""
    if {*roles} & {*permission.roles}:
        return
    held = sorted(roles)
    act = Act(actor, side_of(held[0]), permission.says, on=on)
    what = f"you are {' and '.join(role_name(role) for role in held)}, and may not {permission.says}"
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
    entries: Sequence[Entry], *, act: Act, permission: Permission, first: EntryReference, first_permission: Permission
) -> None:
    """Four eyes are of two people, not of one and whoever stands in for them.

    `first`: what the other person did, under `first_permission`. Raises RefusedError where both acts can rest on the
    appointments of one person only.
    """
    known = appointments_known(entries)
    mine = _behind(known, actor=act.actor, permission=permission, on=day_of_act(act, entries=entries))
    theirs = _behind_then(known, first=first, permission=first_permission)
    if len(mine) == 1 and mine == theirs:
        what = f"{act.actor} and {first.actor} act under the appointments of one person"
        remedy = f"somebody could {permission.says} who does not stand in for the same person"
        raise RefusedError("four_eyes", what, remedy)


def _behind_then(known: Mapping[str, Appointment], *, first: EntryReference, permission: Permission) -> frozenset[str]:
    """The same of an act that was recorded. Its moment is in UTC, and the day in the contract's zone may be the one
    beside: an appointment that began, or ended, on that day is the one that let them."""
    day = date.fromisoformat(first.at[:10])
    for beside in (0, 1, -1):
        found = _behind(known, actor=first.actor, permission=permission, on=day + timedelta(days=beside))
        if found:
            return found
    return frozenset()


def _behind(known: Mapping[str, Appointment], *, actor: str, permission: Permission, on: date) -> frozenset[str]:
    """Whose appointments let the actor do it on that day: their own, or those that they stand in for."""
    mine = [a for a in holding(known, on=on) if a.role in permission.roles and is_same_person(a.person, actor)]
    return frozenset(plain_id(known[a.stands_in_for].person if a.stands_in_for else a.person) for a in mine)


def opened_without_administrator(entries: Sequence[Entry], act: Act) -> bool:
    """Whether the actor opened the record, and is its administrator as long as nobody was appointed to be."""
    if any(appointment.role == "administrator" for appointment in appointments_known(entries).values()):
        return False
    return is_same_person(entries[0].actor, act.actor) and act.on_behalf_of == entries[0].on_behalf_of


def roles_that_may(permissions: Iterable[Permission]) -> tuple[Role, ...]:
    """The roles that may do any of these, each once."""
    return tuple(dict.fromkeys(role for permission in permissions for role in permission.roles))
