"""Which ledger entries a person may see, by appointment and side.

A stranger sees nothing of a contract's record, not even a count.
"""

from collections.abc import Sequence
from datetime import date

from muniment.domain.lifecycle.appointments import Role, has_appointments, roles_of, side_of
from muniment.domain.lifecycle.refusals import ActRefused
from muniment.domain.record.entry import Entry

SEES_ALL: frozenset[Role] = frozenset({"auditor", "administrator"})
"""Roles that see both sides' refusals."""


def seen_by(entries: Sequence[Entry], *, actor: str, on: date) -> tuple[Entry, ...]:
    """The entries that the person may see on that day, in order.

    Whoever has a current appointment sees the contract's whole record, except what the other side's people tried and
    were refused. In a record without appointments nothing is hidden: people are declared there, not known.
    """
    if not has_appointments(entries):
        return tuple(entries)
    roles = roles_of(entries, actor=actor, on=on)
    sides = {side_of(role) for role in roles}
    if roles & SEES_ALL:
        return tuple(entries)
    return tuple(entry for entry in entries if roles and (entry.kind != ActRefused.kind or entry.on_behalf_of in sides))
