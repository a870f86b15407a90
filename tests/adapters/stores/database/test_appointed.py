"""Who may see which contract is asked in one query, and always answered as the ledger has it."""

from datetime import date, timedelta

import pytest
from django.db import connections

from muniment.adapters.stores.database.appointments import Holding, VisibleContract, contracts_of_person, people_of
from muniment.adapters.stores.database.database import ContractDatabase
from muniment.adapters.stores.database.projections import (
    ComputedProjection,
    ProjectionBasis,
    projection_problems,
    replace_projections,
)
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.commands.recording import open_record
from muniment.domain.lifecycle.appointments import (
    AppointmentEnded,
    DelegationMade,
    PersonAppointed,
    Role,
    appointments_known,
    roles_of,
)
from muniment.domain.record.act import Act, is_same_person
from muniment.domain.record.entry import Draft, Payload
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.replay import head

MARCH, JUNE, YEAR = date(2019, 3, 1), date(2019, 6, 30), date(2019, 12, 31)
ACT = Act("m.okafor", "authority", "as agreed")


def write(store: DatabaseStore, subject: str, payload: Payload) -> None:
    """Past the commands: what is projected follows the ledger, however an entry came into it."""
    entries = store.ledger.entries()
    store.ledger.append([Draft(f"{store.contract}/{subject}", payload, ACT)], expected_head=head(entries))


def appoint(store: DatabaseStore, number: int, person: str, role: Role, last: date | None = None) -> None:
    write(store, f"appointments/a{number}", PersonAppointed(person, role, MARCH, last, name="Ada Hill"))


def seen(store: DatabaseStore, person: str, *, on: date) -> dict[str, tuple[Role, ...]]:
    return {found.contract: found.roles for found in contracts_of_person(person, on=on, using=store.using)}


def test_an_appointment_opens_the_contract_from_its_entry_on(store: DatabaseStore) -> None:
    assert contracts_of_person("p-1", on=MARCH, using=store.using) == ()
    appoint(store, 1, "p-1", "contract_officer")
    appoint(store, 2, "p-1", "administrator")
    assert contracts_of_person("p-1", on=MARCH, using=store.using) == (
        VisibleContract("cssc", "", ("contract_officer", "administrator")),
    )
    assert seen(store, "p-1", on=MARCH - timedelta(days=1)) == {}
    assert seen(store, "p-2", on=MARCH) == {}


def test_one_that_ended_holds_on_its_last_day_and_not_after_it(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "auditor")
    write(store, "appointments/a1", AppointmentEnded(JUNE))
    assert seen(store, "p-1", on=JUNE) == {"cssc": ("auditor",)}
    assert seen(store, "p-1", on=JUNE + timedelta(days=1)) == {}


def test_a_delegation_ends_with_the_appointment_behind_it(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "contract_manager")
    write(store, "delegations/d1", DelegationMade("cssc/appointments/a1", "p-2", MARCH, YEAR))
    assert seen(store, "p-2", on=YEAR) == {"cssc": ("contract_manager",)}
    write(store, "appointments/a1", AppointmentEnded(JUNE))
    assert seen(store, "p-2", on=JUNE) == {"cssc": ("contract_manager",)}
    assert seen(store, "p-2", on=JUNE + timedelta(days=1)) == {}
    assert people_of("cssc", using=store.using) == (
        Holding("cssc/appointments/a1", "p-1", "contract_manager", MARCH, JUNE),
        Holding("cssc/delegations/d1", "p-2", "contract_manager", MARCH, JUNE),
    )
    assert people_of("cssc", on=YEAR, using=store.using) == ()


def test_a_person_sees_their_contracts_in_one_query(database: ContractDatabase, store: DatabaseStore) -> None:
    database.enrol("cssc", authority="Wolds County Council")
    other = database.store("roads", clock=ScriptedClock("2019-05-08T09:30:00Z"), salts=ScriptedSalts("roads"))
    open_record(ledger=other.ledger, act=ACT, contract="roads")
    for each in (store, other):
        appoint(each, 1, "p-1", "finance")
    connection = connections[store.using]
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    found = contracts_of_person("P-1 ", on=MARCH, using=store.using)
    assert len(connection.queries) == 1
    connection.force_debug_cursor = False
    assert found == (
        VisibleContract("cssc", "Wolds County Council", ("finance",)),
        VisibleContract("roads", "", ("finance",)),
    )


def test_every_day_has_the_roles_that_the_record_gives(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "contract_manager", JUNE)
    appoint(store, 2, "p-2", "finance")
    write(store, "delegations/d1", DelegationMade("cssc/appointments/a1", "p-2", date(2019, 2, 1), YEAR))
    write(store, "delegations/d2", DelegationMade("cssc/appointments/a2", "p-1", date(2019, 7, 1), date(2019, 7, 9)))
    write(store, "delegations/d2", AppointmentEnded(date(2019, 7, 4)))
    write(store, "appointments/a2", AppointmentEnded(date(2019, 11, 30)))
    entries = store.ledger.entries()
    assert len(appointments_known(entries)) == 4
    for day in (date(2019, 1, 31) + timedelta(days=n) for n in range(340)):
        for person in ("p-1", "p-2"):
            roles = {role for of in seen(store, person, on=day).values() for role in of}
            assert roles == roles_of(entries, actor=person, on=day), (person, day)


def test_a_rebuild_makes_them_again_and_the_doctor_sees_that_they_are_not_right(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "auditor", JUNE)
    entries = store.ledger.entries()
    nothing = ComputedProjection(ProjectionBasis(len(entries), entries[-1].hash), (), (), ())
    replace_projections("cssc", lambda: nothing, using=store.using)
    with connections[store.using].cursor() as cursor:
        cursor.execute("UPDATE register_appointed SET last = NULL")
    (problem,) = projection_problems("cssc", lambda: nothing, using=store.using)
    assert problem.what == "the appointments by which people are let in are not those of the record"
    replace_projections("cssc", lambda: nothing, using=store.using)
    assert projection_problems("cssc", lambda: nothing, using=store.using) == ()
    assert seen(store, "p-1", on=YEAR) == {}


def test_an_entry_that_is_not_recorded_lets_nobody_in(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "auditor")
    with connections[store.using].cursor() as cursor:
        cursor.execute("CREATE TRIGGER full BEFORE INSERT ON register_appointed BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(Exception, match="full"):
        appoint(store, 2, "p-2", "auditor")
    assert len(store.ledger.entries()) == 2
    assert seen(store, "p-1", on=MARCH) == {"cssc": ("auditor",)}


@pytest.mark.parametrize("written", ["m.okafor", "M.OKAFOR", "  m.okafor", "m\uff0eokafor", "m.oka\u00adfor"])
def test_a_person_is_found_by_every_way_of_writing_them(store: DatabaseStore, written: str) -> None:
    appoint(store, 1, "m.okafor", "auditor")
    assert is_same_person("m.okafor", written)
    assert seen(store, written, on=MARCH) == {"cssc": ("auditor",)}
    assert seen(store, f"{written}e", on=MARCH) == {}


def test_asking_for_one_contract_gives_that_one_alone(store: DatabaseStore) -> None:
    appoint(store, 1, "p-1", "contract_officer")
    assert contracts_of_person("p-1", on=MARCH, contract="another", using=store.using) == ()
    every = contracts_of_person("p-1", on=MARCH, using=store.using)
    assert contracts_of_person("p-1", on=MARCH, contract=store.contract, using=store.using) == every
    assert contracts_of_person("p-2", on=MARCH, contract=store.contract, using=store.using) == ()
