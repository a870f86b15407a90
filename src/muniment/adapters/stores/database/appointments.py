"""Who holds which role of which contract, projected from the ledger, so that one query says what a person may see.

The rows follow the ledger in the transaction of the entries themselves; a rebuild makes them again.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from muniment.adapters.stores.database.faults import database_reading
from muniment.adapters.stores.database.models import LedgerEntry, ProjectedAppointment, StoredContract
from muniment.domain.lifecycle.appointments import (
    ROLES,
    AppointmentEnded,
    DelegationMade,
    PersonAppointed,
    Role,
    appointments_known,
)
from muniment.domain.record.act import plain_id
from muniment.domain.record.entry import Entry

_KINDS = (PersonAppointed.kind, AppointmentEnded.kind, DelegationMade.kind)


@dataclass(frozen=True)
class VisibleContract:
    """A contract that a person may see, and as what. `authority`: blank where nobody said."""

    contract: str
    authority: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Holding:
    """The days on which a person holds a role, both included; `last` None: open-ended. Of a delegation: those on which
    the appointment behind it holds too, which may be none (`last` before `first`)."""

    appointment: str
    person: str
    role: Role
    first: date
    last: date | None


def refresh_appointments(contract: str, entries: Sequence[Entry], *, using: str) -> None:
    """After entries were added, inside their transaction."""
    if any(entry.kind in _KINDS for entry in entries):
        project_appointments(contract, using=using)


def project_appointments(contract: str, *, using: str) -> None:
    """Replace what is projected, inside the caller's transaction, after the lock on the contract."""
    fresh = appointments_of_record(contract, using=using)
    ProjectedAppointment.objects.using(using).filter(contract=contract).delete()
    ProjectedAppointment.objects.using(using).bulk_create(
        ProjectedAppointment(
            contract=contract,
            appointment=holding.appointment,
            person=holding.person,
            person_key=plain_id(holding.person),
            role=holding.role,
            first=holding.first,
            last=holding.last,
        )
        for holding in fresh
    )


def appointments_of_record(contract: str, *, using: str) -> tuple[Holding, ...]:
    """As the ledger has them, in the order of their ids."""
    rows = LedgerEntry.objects.using(using).filter(contract=contract, kind__in=_KINDS).order_by("seq")
    known = appointments_known([Entry(**json.loads(row.content), hash=row.hash, texts={}) for row in rows])
    found = []
    for made in known.values():
        behind = known[made.stands_in_for] if made.stands_in_for else made
        ends = [day for day in (made.last, behind.last) if day is not None]
        last = min(ends) if ends else None
        found.append(Holding(made.id, made.person, made.role, max(made.first, behind.first), last))
    return _by_id(found)


def contracts_of_person(
    person: str, *, on: date, contract: str | None = None, using: str
) -> tuple[VisibleContract, ...]:
    """Where the person holds a role on that day, in the order of the contracts' ids. `contract`: only that one. Raises
    ProblemsFoundError."""
    authority = StoredContract.objects.filter(id=OuterRef("contract")).values("authority")[:1]
    with database_reading(using):
        rows = ProjectedAppointment.objects.using(using).filter(_holds(on), person_key=plain_id(person))
        rows = rows if contract is None else rows.filter(contract=contract)
        named = rows.annotate(authority=Subquery(authority)).values_list("contract", "authority", "role")
        found: dict[tuple[str, str], set[str]] = {}
        for contract, of, role in named:
            found.setdefault((contract, of or ""), set()).add(role)
    return tuple(VisibleContract(contract, of, tuple(_roles(found[contract, of]))) for contract, of in sorted(found))


def contracts_of_people(persons: Collection[str], *, on: date, using: str) -> Mapping[str, frozenset[str]]:
    """Person -> the contracts in which they hold a role on that day; one query for all. Raises ProblemsFoundError."""
    with database_reading(using):
        rows = ProjectedAppointment.objects.using(using).filter(_holds(on), person_key__in=[*map(plain_id, persons)])
        found: dict[str, set[str]] = {}
        for key, contract in rows.values_list("person_key", "contract"):
            found.setdefault(key, set()).add(contract)
    return {person: frozenset(found.get(plain_id(person), ())) for person in persons}


def people_of(contract: str, *, on: date | None = None, using: str) -> tuple[Holding, ...]:
    """Who holds what, in the order of the ids. `on`: only what holds on that day. Raises ProblemsFoundError."""
    with database_reading(using):
        rows = ProjectedAppointment.objects.using(using).filter(contract=contract)
        found = [_holding(row) for row in (rows if on is None else rows.filter(_holds(on)))]
    return _by_id(found)


def _holds(on: date) -> Q:
    return Q(first__lte=on) & (Q(last__isnull=True) | Q(last__gte=on))


def _holding(row: ProjectedAppointment) -> Holding:
    return Holding(row.appointment, row.person, next(_roles({row.role})), row.first, row.last)


def _by_id(found: Iterable[Holding]) -> tuple[Holding, ...]:
    """Not by the database, which may sort as a language does."""
    return tuple(sorted(found, key=lambda holding: holding.appointment))


def _roles(found: set[str]) -> Iterator[Role]:
    return (role for role in ROLES if role in found)
