"""Fills a database with many contracts by v0.1.0's own code; many_contracts.py runs it in that tree's environment.

python many_contracts_v0_1_0.py CONTRACTS LARGE PEOPLE, with MUNIMENT_DATABASE and MUNIMENT_BLOBS set. The modules are
those of v0.1.0 and are looked up by name, so that this file reads the same in every later tree.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from types import ModuleType

TABLES, MONTHS, TRIES = ("visits", "parcels"), 4, 12
"""`TRIES`: how often evidence is sent before it is approved, so that a record has the entries of a busy year."""
ROLES = (
    "supplier_preparer", "supplier_approver", "contract_officer", "contract_manager", "decision_maker", "auditor",
)  # fmt: skip
PREPARER, APPROVER, OFFICER, MANAGER, _, _ = range(len(ROLES))
CONTRACT = """\
contract: {name}
title: Reception Contract {name}
authority: {{name: Wolds County Council}}
supplier:  {{name: Castlegate Services Ltd}}
term: {{from: {first}, to: 2032-03-31}}
zone: Europe/London
areas: {{desk: Reception}}
calendars:
  business_day: {{days: Mon-Fri, holidays: england-and-wales}}
  desk_hours:   {{open: {{Mon-Fri: 08:00-18:00}}, holidays: england-and-wales}}
charges:
  monthly: {{desk: "£10000.00"}}
"""
EVIDENCE = """\
tables:
  visits:
    row_is: one visitor at the desk
    key: [visit]
    dated_by: came_at
    due: 5 business days after period end
    columns:
      visit:    {type: text}
      came_at:  {type: datetime}
      seen_at:  {type: datetime, may_be: missing}
  parcels:
    row_is: one parcel
    key: [parcel]
    dated_by: due_on
    due: 5 business days after period end
    columns:
      parcel:   {type: text}
      due_on:   {type: date}
      value:    {type: number}
      lost:     {type: number}
"""
REGIME = """\
regime: {name}
schedule: Schedule 1
signed: {first}
effective: {first}
points_scales:
  standard: {{below_target: 1, below_minimum: 3}}
service_credits: {{free_points: 0, per_point: 1%, of: monthly, cap: 10%, round: 2 dp half up}}
defaults: {{unit: percent, period: month, round: 2 dp half up, points: standard,
           no_activity: not_applicable, no_evidence: below_minimum}}
kpis:
{kpis}
measures:
  seen_in_time:
    from: visits
    leave_out:
      outside hours: "not open(came_at, desk_hours)"
    count_all: true
    count_if: "seen_at is present and seconds(came_at, seen_at) <= 600"
  value_lost:
    from: parcels
    sum_all: value
    sum_counted: lost
"""
SEEN = """\
  K{number:03}:
    {{title: "% of visitors seen within ten minutes ({number})", area: desk, measure: seen_in_time,
     target: at least 90%, minimum: at least 70%}}"""
LOST = """\
  K{number:03}:
    {{title: "% of parcels lost, by value ({number})", area: desk, measure: value_lost, round: 1 dp half even,
     target: at most 1.0%, minimum: at most 2.0%}}"""


def product(name: str) -> ModuleType:
    return import_module(f"muniment.{name}")


def person(number: int) -> str:
    return f"p-{number:010d}"


def holder(contract: int, role: int, people: int) -> str:
    """Six different people of a contract, and for each person a sixth of the contracts in every role."""
    return person((contract + role * max(people // len(ROLES), 1)) % people)


def months() -> list[date]:
    """The first days of the last months that are over, oldest first."""
    found = [date.today().replace(day=1)]  # contracts of now, in whatever zone
    for _ in range(MONTHS):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[:0:-1]


def rows_of(table: str, month: date) -> str:
    days = [month + timedelta(days=day) for day in range(20)]
    if table == "visits":
        lines = [
            f"V{day},{day} 09:{day.day:02}:00,{day} 09:{day.day + (4 if day.day > 3 else 15):02}:00" for day in days
        ]
        return "\n".join(["visit,came_at,seen_at", *lines]) + "\n"
    return "\n".join(["parcel,due_on,value,lost", *(f"P{day},{day},50.00,0" for day in days)]) + "\n"


class Maker:
    """Writes contracts past the commands: what counts is that they are there."""

    def __init__(self, people: int) -> None:
        self.people, self.now = people, datetime.now(UTC)
        self.stores, self.clocks = product("faces.desk.stores"), product("adapters.folder.clocks")
        self.register = self.stores.register_at(self.stores.address())
        self.entry, self.act = product("domain.record.entry"), product("domain.record.act")

    def make(self, number: int, *, kpis: int) -> None:
        name, first = f"c{number:03}", months()[0]
        self.now = datetime.combine(first, time(8), UTC)
        clock = self.clocks.SystemClock(lambda: self.now)
        store = self.register.store(name, clock=clock, salts=self.clocks.SystemSalts())
        of_kpis = "\n".join((SEEN if n % 2 else LOST).format(number=n) for n in range(1, kpis + 1))
        texts = {
            "contract.yaml": CONTRACT.format(name=name, first=first),
            "evidence.yaml": EVIDENCE,
            "regime.yaml": REGIME.format(name=name, first=first, kpis=of_kpis),
        }
        store.write_texts(texts)
        self.register.enrol(name, authority="Wolds County Council")
        begins = self.act.Act("p-1", "authority", "The contract begins.")
        product("commands.open_record").open_record(ledger=store.ledger, act=begins, contract=name)
        product("commands.adopt_text").adopt_text(ledger=store.ledger, act=begins, texts=texts)
        appointed = product("domain.lifecycle.appointments").PersonAppointed
        appointments = {
            f"{name}/appointments/a{role + 1}": appointed(
                holder(number, role, self.people), what, first, name=f"Person {role}"
            )
            for role, what in enumerate(ROLES)
        }
        self.record(store, appointments, "p-1", "authority")
        for month in months():
            over = (month + timedelta(days=32)).replace(day=1)
            self.now = datetime.combine(over, time(9), UTC)
            for table in TABLES:
                self.evidence(store, number, table, month, is_last=month == months()[-1])

    def evidence(self, store: object, contract: int, table: str, month: date, *, is_last: bool) -> None:
        """That of the last month is to come in a third of the contracts, to be approved in a third, else accepted."""
        if is_last and contract % 3 == 0:
            return
        received, acceptance = product("domain.evidence.submissions"), product("domain.evidence.acceptance")
        period, rows = product("domain.kernel.period").Month(month.year, month.month), rows_of(table, month)
        thing = f"c{contract:03}/{table}/{period}"
        digest = store.blobs.put(rows.encode())  # type: ignore[attr-defined]  # v0.1.0's
        preparer, approver, officer = (holder(contract, role, self.people) for role in (PREPARER, APPROVER, OFFICER))
        sent = {
            f"{thing}/s{number}": received.SubmissionReceived(
                table=table, period=period, file_name=f"{table}.csv", file_kind="csv", sha256=digest,
                rows=rows.count("\n") - 1, supersedes=f"{thing}/s{number - 1}" if number > 1 else None,
            )
            for number in range(1, TRIES + 1)
        }  # fmt: skip
        self.record(store, sent, preparer, "supplier")
        if is_last and contract % 3 == 1:
            return
        self.record(store, {f"{thing}/s{TRIES}": acceptance.SubmissionApproved()}, approver, "supplier")
        if not is_last:
            self.record(store, {f"{thing}/s{TRIES}": acceptance.SubmissionAccepted()}, officer, "authority")

    def record(self, store: object, payloads: Mapping[str, object], actor: str, side: str) -> None:
        """`payloads`: by the thing that each is about."""
        act = self.act.Act(actor, side, "It is so.")
        ledger = store.ledger  # type: ignore[attr-defined]  # v0.1.0's
        head = product("domain.record.replay").head(ledger.entries())
        drafts = [self.entry.Draft(subject, payload, act) for subject, payload in payloads.items()]
        ledger.append(drafts, expected_head=head)


def main() -> None:
    contracts, large, people = (int(number) for number in sys.argv[1:4])
    import django

    django.setup()
    from django.contrib.auth import get_user_model

    for number in range(people):
        accounts = get_user_model().objects
        accounts.create_user(f"p{number}@example.org", name=f"Person {number}", actor=person(number))
    maker = Maker(people)
    for number in range(contracts):
        maker.make(number, kpis=200 if number < large else 4)


if __name__ == "__main__":
    main()
