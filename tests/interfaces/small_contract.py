"""A contract small enough to bundle in a second: two tables, three months, a mitigation, and May locked by two people.

It holds what bundles must carry: service hours, sums, a quarterly KPI, banker's rounding, keys that would run as
formulas in a spreadsheet, late evidence after the lock.
"""

import atexit
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from muniment.adapters.stores.folder.store import FolderStore
from muniment.application.load import open_contract
from muniment.application.recalculation import compute
from muniment.commands.contract_text import adopt_text
from muniment.commands.queries.seal import SealedMonth
from muniment.commands.recording import open_record
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested
from muniment.domain.assessment.month_lock import MonthLocked, StatementSigned
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.submissions import SubmissionReceived
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.record.act import Act, Party
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.replay import head

APRIL, MAY, JUNE = Month(2019, 4), Month(2019, 5), Month(2019, 6)
CONTRACT = """\
contract: tiny
title: Reception Contract
authority: {name: Wolds County Council}
supplier:  {name: Castlegate Services Ltd}
term: {from: 2019-04-01, to: 2020-03-31}
zone: Europe/London
areas: {desk: Reception}
calendars:
  business_day: {days: Mon-Fri, holidays: england-and-wales}
  desk_hours:   {open: {Mon-Fri: 08:00-18:00}, holidays: england-and-wales}
charges:
  monthly: {desk: "£10000.00"}
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
      purpose:  {type: text, one_of: [meeting, delivery, other]}
      note:     {type: text, may_be: missing}
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
regime: tiny
schedule: Schedule 1
signed: 2019-03-01
effective: 2019-04-01
points_scales:
  standard: {below_target: 1, below_minimum: 3}
repeat_failures:
  repeat: {after: 2, multiply: 2, mitigated_period: skip}
service_credits: {free_points: 0, per_point: 1%, of: monthly, cap: 10%, round: 2 dp half up}
mitigation_grounds:
  authority_act:
    {title: Act of the Authority, clause: cl. 1, request_within: 5 business days, effect: no_points}
defaults: {unit: percent, period: month, round: 2 dp half up, points: standard, repeat_failure: repeat,
           no_activity: not_applicable, no_evidence: below_minimum}
kpis:
  SEEN:
    {title: "% of visitors seen within ten minutes", area: desk, owner: Reception Manager, measure: seen_in_time,
     target: at least 90%, minimum: at least 70%}
  LOST:
    {title: "% of parcels lost, by value", area: desk, measure: value_lost, round: 1 dp half even,
     target: at most 1.0%, minimum: at most 2.0%}
  LATE:
    {title: Visitors never seen, area: desk, measure: never_seen, unit: visitors, round: 0 dp half up,
     target: at most 0, minimum: at most 1, small_volume: null}
  QUARTER:
    {title: "% of meetings seen at all", area: desk, measure: meetings_seen, period: quarter,
     target: at least 95%, minimum: at least 90%}
measures:
  seen_in_time:
    from: visits
    leave_out:
      deliveries: purpose = 'delivery'
      outside hours: "not open(came_at, desk_hours)"
    count_all: true
    count_if: "seen_at is present and seconds(came_at, seen_at) <= 600"
  value_lost:
    from: parcels
    sum_all: value
    sum_counted: lost
  never_seen:
    from: visits
    number_of: seen_at is missing
  meetings_seen:
    from: visits
    count_all: purpose = 'meeting'
    count_if: seen_at is present
""".replace(", small_volume: null", "")
TEXTS = {"contract.yaml": CONTRACT, "evidence.yaml": EVIDENCE, "regime.yaml": REGIME}
LOCKED_ON = "2019-06-14"


def visits(month: Month, *, late: int = 6) -> str:
    """Forty visits, of which `late` wait a quarter of an hour and one is never seen."""
    return "\n".join(["visit,came_at,seen_at,purpose,note,desk clerk", *_visits(month, late)]) + "\n"


def _visits(month: Month, late: int) -> Iterator[str]:
    for number in range(40):
        at = f"{month}-{number % 28 + 1:02d} {8 + number % 11:02d}"
        waited = 15 if number < late else 4
        seen = "" if number == 39 else f"{at}:{30 + waited}:00"
        purpose = ("meeting", "meeting", "other", "delivery")[number % 4]
        note = ('=HYPERLINK("http://example.org")', "@SUM(A1)", '"said ""hello"", and left"', "")[number % 4]
        yield f"=V{month}-{number:03d},{at}:30:00,{seen},{purpose},{note},p-{number}"


def parcels(month: Month) -> str:
    """200.00 pounds of parcels, 2.50 lost: 1.25 %, which half up is 1.3 and half even 1.2."""
    rows = [f"P-{month}-{number},{month}-10,50.00,{'2.50' if number == 0 else '0'}" for number in range(4)]
    return "\n".join(["parcel,due_on,value,lost", *rows]) + "\n"


class SmallContract:
    """The folder, and the acts that fill it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ScriptedClock("2019-04-01T09:00:00Z")
        self.store = FolderStore(folder, clock=self.clock, salts=ScriptedSalts("small"))

    def entries(self) -> tuple[Entry, ...]:
        return self.store.ledger.entries()

    def record(self, *, subject: str, payload: Payload, side: Party = "authority", actor: str = "p-1") -> Entry:
        """Write an entry as it stands, past the commands: bundles are made of records, however these came about."""
        draft = Draft(subject, payload, Act(actor, side, f"It is {payload.kind}."))
        return self.store.ledger.append([draft], expected_head=head(self.entries()))[0]

    def submit(
        self, *, table: str, month: Month, content: str, number: int = 1, workbook: bytes | None = None
    ) -> Entry:
        """`workbook`: the one that the rows were read from, where they were sent as one."""
        place = f"tiny/{table}/{month}"
        received = SubmissionReceived(
            table=table,
            period=month,
            file_name=f"{table}.csv",
            file_kind="csv",
            sha256=self.store.blobs.put(content.encode()),
            rows=content.count("\n") - 1,
            supersedes=f"{place}/s{number - 1}" if number > 1 else None,
            workbook=None if workbook is None else self.store.blobs.put(workbook),
        )
        return self.record(subject=f"{place}/s{number}", payload=received, side="supplier", actor="p-2")

    def seal(self, month: Month) -> SealedMonth:
        """The month as computed from all that is recorded."""
        opened = open_contract(folder=self.folder, known=None)
        return compute(opened=opened, month=month, engine="duckdb", elsewhere={}).month

    def lock(self, month: Month) -> Entry:
        opened = open_contract(folder=self.folder, known=None)
        sealed = self.seal(month).sealed
        statement, seen = sealed_fingerprint(sealed), len(opened.entries)
        assert opened.known is not None
        signed = StatementSigned(month=month, statement=statement, known=opened.known, computed_on=seen)
        self.record(subject=f"tiny/{month}/v1", payload=signed)
        locked = MonthLocked(month=month, number=1, statement=statement, sealed=sealed, computed_on=seen)
        return self.record(subject=f"tiny/{month}/v1", payload=locked, side="supplier", actor="p-3")


def make_small_contract(folder: Path) -> SmallContract:
    """April to June submitted, April's failure mitigated, May locked on 14 June, and May's visits sent again later.

    A copy of the first that this process made: hundreds of tests ask for one of their own.
    """
    first = _first()
    shutil.copytree(first.folder, folder)
    made = SmallContract(folder)
    made.clock.move_to(first.clock.instant())
    return made


@cache
def _first() -> SmallContract:
    nowhere = Path(mkdtemp(prefix="muniment-small-"))
    atexit.register(shutil.rmtree, nowhere, ignore_errors=True)
    return _make(nowhere / "small")


def _make(folder: Path) -> SmallContract:
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = SmallContract(folder)
    act = Act("p-1", "authority", "The contract begins.")
    open_record(ledger=made.store.ledger, act=act, contract="tiny")
    adopt_text(ledger=made.store.ledger, act=act, texts=TEXTS)
    for month in months_from(APRIL, MAY):
        made.clock.move_to(f"{month.plus(1)}-05T09:00:00Z")
        made.submit(table="visits", month=month, content=visits(month))
        made.submit(table="parcels", month=month, content=parcels(month))
    request = MitigationRequested(kpi="SEEN", ground="authority_act", first=APRIL, last=APRIL, plan="More chairs.")
    made.record(subject="tiny/SEEN/2019-04/g1", payload=request, side="supplier", actor="p-2")
    made.record(subject="tiny/SEEN/2019-04/g1", payload=MitigationDecided(outcome="granted", effect="no_points"))
    made.clock.move_to(f"{LOCKED_ON}T09:00:00Z")
    made.lock(MAY)
    made.clock.move_to("2019-07-05T09:00:00Z")
    made.submit(table="visits", month=JUNE, content=visits(JUNE))
    made.submit(table="parcels", month=JUNE, content=parcels(JUNE))
    made.submit(table="visits", month=MAY, content=visits(MAY, late=1), number=2)
    return made
