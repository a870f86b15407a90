"""Evidence of Information Management & Technology: availability, requests, leavers, backups, changes, devices."""

from datetime import timedelta
from functools import cache

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_before, business_days_between, business_days_in, days_of
from muniment.example.deadlines import dated, dated_for, iso_day, late_day, yes
from muniment.example.plan import DEVICES_IN_SCOPE, MONTHS, OPEN_MONTH, devices_issued, failing_sum, planned
from muniment.example.rows import Rows, stamp

APPLICATIONS = (
    "adult care", "children's services", "finance", "payroll", "e-mail", "telephony", "document store", "web site",
    "planning", "highways", "libraries", "registration", "elections", "asset register", "directory",
)  # fmt: skip
SITES = tuple(f"site {n:02d}" for n in range(1, 45))
BACKUP_JOBS = tuple(f"backup {n:02d}" for n in range(1, 31))
_SERVICE_DAY = 720
"""Minutes of a service day, 07:00 to 19:00."""


def application_days(month: Month, chance: Chance) -> Rows:
    return _availability(month, chance, kpi="IMT_KPI_01", things=APPLICATIONS, name="application")


def site_days(month: Month, chance: Chance) -> Rows:
    return _availability(month, chance, kpi="IMT_KPI_03", things=SITES, name="site")


def _availability(month: Month, chance: Chance, *, kpi: str, things: tuple[str, ...], name: str) -> Rows:
    cells = [(thing, day) for day in business_days_in(month) for thing in things]
    lost = failing_sum(kpi=kpi, month=month, total=len(cells) * _SERVICE_DAY)
    outages = chance.shuffled(cells)[: lost // 240 + 3]
    parts = chance.parts(total=lost, pieces=len(outages), most=_SERVICE_DAY)
    down = dict(zip(outages, parts, strict=True))
    rows = [(cell[0], iso_day(cell[1]), str(_SERVICE_DAY), str(_SERVICE_DAY - down.get(cell, 0))) for cell in cells]
    return Rows((name, "day", "minutes_agreed", "minutes_up"), rows)


def service_requests(month: Month, chance: Chance) -> Rows:
    heading = ("request_id", "requested_on", "due_on", "completed_on", "withdrawn")
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi="IMT_KPI_08", days=5)]
    withdrawn = [(dated(chance=chance, month=month, days=5, is_late=True), True) for _ in range(chance.between(25, 48))]
    rows = [
        (
            f"SR-{stamp(month)}-{n:04d}",
            iso_day(thing.opened),
            iso_day(thing.due),
            iso_day(thing.done),
            yes(is_withdrawn),
        )
        for n, (thing, is_withdrawn) in enumerate(chance.shuffled(counted + withdrawn), 1)
    ]
    return Rows(heading, rows)


def leavers(month: Month, chance: Chance) -> Rows:
    heading = ("leaver_id", "last_day", "account_closed_on", "late_notice")
    failing, count = planned(kpi="IMT_KPI_09", month=month)
    marks = [*chance.marks(marked=failing, of=count), *[True] * 5]
    rows = []
    for index, is_late in enumerate(marks):
        last_day = chance.pick(business_days_in(month))
        closed = late_day(chance=chance, month=month, due=last_day) if is_late else last_day
        rows.append((f"L-{stamp(month)}-{index + 1:03d}", iso_day(last_day), iso_day(closed), yes(index >= count)))
    return Rows(heading, rows)


def backups(month: Month, chance: Chance) -> Rows:
    cells = [(job, night) for night in days_of(month) for job in BACKUP_JOBS]
    failing, count = planned(kpi="IMT_KPI_10", month=month)
    marks = chance.marks(marked=failing, of=count)
    rows = [(job, iso_day(night), yes(not failed)) for (job, night), failed in zip(cells, marks, strict=True)]
    return Rows(("job", "night_of", "succeeded"), rows)


def it_changes(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="IMT_KPI_11", month=month)
    rows = [
        (f"CH-{stamp(month)}-{n:03d}", iso_day(chance.pick(business_days_in(month))), yes(failed))
        for n, failed in enumerate(chance.marks(marked=failing, of=count), 1)
    ]
    return Rows(("change_id", "made_on", "caused_incident"), rows)


def milestones(month: Month, chance: Chance) -> Rows:
    things = dated_for(chance=chance, month=month, kpi="IMT_KPI_12", days=10)
    rows = [(f"M-{stamp(month)}-{n:02d}", iso_day(thing.due), iso_day(thing.done)) for n, thing in enumerate(things, 1)]
    return Rows(("milestone_id", "due_on", "met_on"), rows)


def device_updates(month: Month, chance: Chance) -> Rows:
    """One update a month, released on a Tuesday and due 21 days later."""
    heading = ("device_id", "update_id", "released_on", "due_on", "patched_on", "not_in_use")
    failing, count = planned(kpi="IMT_KPI_14", month=month)
    due = next(day for day in days_of(month) if day.weekday() == 1)
    released = due - timedelta(days=21)
    marks = [*chance.marks(marked=failing, of=count), *[True] * chance.between(30, 60)]
    rows = []
    for index, is_late in enumerate(marks):
        day = (
            late_day(chance=chance, month=month, due=due)
            if is_late
            else released + timedelta(days=chance.between(1, 21))
        )
        cells = (f"U-{stamp(month)}", iso_day(released), iso_day(due), iso_day(day), yes(index >= count))
        rows.append((f"D-{index + 1:04d}", *cells))
    return Rows(heading, rows)


def refresh_devices(month: Month, chance: Chance) -> Rows:
    """A snapshot at the end of the month: once issued, a device stays issued, on the same day in every snapshot."""
    del chance
    as_at = iso_day(month.last_day)
    rows = [
        (f"RD-{n:04d}", as_at, kind, "" if issued is None or issued > as_at else issued)
        for n, (kind, issued) in enumerate(_programme() if month in MONTHS else _programme_going_on(), 1)
    ]
    return Rows(("device_id", "as_at", "kind", "issued_on"), rows)


@cache
def _programme() -> tuple[tuple[str, str | None], ...]:
    """Kind and day of issue of every device in scope; None where it is still to go at the end of the record."""
    chance = Chance("muniment example, device programme")
    days: list[str | None] = []
    for month in MONTHS:
        first = business_days_before(month.first_day, 60) if month == MONTHS[0] else month.first_day
        possible = business_days_between(first, month.last_day)
        days += [iso_day(chance.pick(possible)) for _ in range(devices_issued(month) - len(days))]
    days += [None] * (DEVICES_IN_SCOPE - len(days))
    kinds = ("laptop", "laptop", "laptop", "desktop", "tablet")
    return tuple((chance.pick(kinds), day) for day in chance.shuffled(days))


@cache
def _programme_going_on() -> tuple[tuple[str, str | None], ...]:
    """The same, with the devices that were issued in the month after the record, of those still to go."""
    chance = Chance("muniment example, device programme, open month")
    to_go = [index for index, (_, issued) in enumerate(_programme()) if issued is None]
    count = devices_issued(OPEN_MONTH) - devices_issued(MONTHS[-1])
    days = business_days_between(OPEN_MONTH.first_day, OPEN_MONTH.last_day)
    later = {index: iso_day(chance.pick(days)) for index in chance.shuffled(to_go)[:count]}
    return tuple((kind, later.get(index, issued)) for index, (kind, issued) in enumerate(_programme()))
