"""A page asks the database as often for a large contract among many as for a small one alone: every page is counted."""

from collections.abc import Mapping

import pytest
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from muniment.adapters.stores.database.models import (
    MonthCount,
    MonthResult,
    Page,
    ProjectedAppointment,
    Projection,
    StoredContract,
    WaitingProjection,
)
from muniment.application.projections import recompute_projections
from muniment.application.stores import open_store
from muniment.commands.people import appoint_person
from muniment.domain.evidence.acceptance import SubmissionApproved
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft
from muniment.domain.record.replay import head
from muniment.installation.models import Account
from muniment.installation.waiting import renew_waits
from tests.interfaces.small_contract import visits
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import ADMINISTRATOR, APPROVER, MANAGER, PREPARER, TEAM
from tests.interfaces.web.test_access_matrix import LOCKED, OF_A_CONTRACT, World
from tests.interfaces.web.test_access_matrix import _routes as routes
from tests.interfaces.web.test_access_matrix import _world as world_in

OTHERS = 6
"""Contracts and people that come to those that are there."""
OF_ONES_OWN = ("/", "/contracts", "/account", "/account/tokens/new", "/account/sessions", "/account/2fa")
PROJECTED: tuple[type[models.Model], ...] = (
    StoredContract, Projection, MonthResult, MonthCount, Page, ProjectedAppointment, WaitingProjection,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])


def _counted(site: Site, world: World) -> Mapping[str, int]:
    """Address -> queries, of what whoever may see it sees. Each is opened before, as a process that runs has it."""
    found = {}
    browsers = {person.id: site.signed_in(person) for person in TEAM}
    for route in routes():
        row = OF_A_CONTRACT.get(route.name)
        if row is None or row.only_form or route.name == "update_project" or not world.has(route.name):
            continue
        # The first and the last of a team: an administrator is shown more, and others have more to do.
        may = [world.owner] if row.is_own else [person for person in TEAM if person.role in row.who]
        for who in (may[0], may[-1]):
            address = world.address(route)
            found[f"{address} by {who.role}"] = _queries(browsers[who.id], address)
    return found | {address: _queries(browsers[MANAGER.id], address) for address in OF_ONES_OWN}


def _queries(browser: Client, address: str) -> int:
    browser.get(address).close()
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
        answer.close()
    assert answer.status_code in (200, 302), address
    return len(captured)


def _grow(site: Site) -> None:
    """More entries by more people, more months with evidence and something that waits, and more contracts."""
    store = open_store(site.where("tiny"))
    for number in range(OTHERS):
        person = f"p-9{number:09d}"
        Account.objects.create_user(f"{person}@example.org", name=f"New {number}", actor=person)
        act = Act(ADMINISTRATOR.id, "authority", f"New {number} joins.")
        appoint_person(ledger=store.ledger, act=act, person=person, role="contract_officer", first="2020-01-01")
    for month in (Month(2019, 7), Month(2019, 8), Month(2019, 9), Month(2019, 10), Month(2019, 11)):
        content = visits(month).encode()
        thing = f"tiny/visits/{month}/s1"
        sent = SubmissionReceived(
            table="visits", period=month, file_name="visits.csv", file_kind="csv", sha256=store.blobs.put(content),
            rows=40, supersedes=None,
        )  # fmt: skip
        for payload, who in ((sent, PREPARER), (SubmissionApproved(), APPROVER)):
            draft = Draft(thing, payload, Act(who.id, "supplier", "Evidence of the month."))
            store.ledger.append([draft], expected_head=head(store.ledger.entries()))
    recompute_projections(site.where("tiny"))
    for number in range(OTHERS):
        for model in PROJECTED:
            name = "id" if model is StoredContract else "contract"
            kept = model._default_manager.filter(**{name: "tiny"}).values()
            model._default_manager.bulk_create(model(**{**row, name: f"other{number}"}) for row in kept)


def test_queries_of_a_page_do_not_grow_with_contracts_months_or_entries(site: Site) -> None:
    world = world_in(site, LOCKED)
    recompute_projections(site.where("tiny"))
    renew_waits()
    small = _counted(site, world)
    _grow(site)
    large = _counted(site, world)
    assert {address: (small[address], large[address]) for address in small if large[address] > small[address]} == {}
    assert large["/"] <= 10
