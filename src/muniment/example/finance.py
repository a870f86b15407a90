"""Evidence of Finance: supplier invoices as the finance system exports them, debts, receipts, reconciliations."""

from datetime import date, timedelta

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_before, business_days_in, days_of
from muniment.example.deadlines import dated, dated_for, iso_day, late_day, paid, yes
from muniment.example.plan import failing_sum, planned
from muniment.example.rows import Rows, pounds, stamp

ACCOUNTS = tuple(f"account {n:02d}" for n in range(1, 25))


def invoices(month: Month, chance: Chance) -> Rows:
    """The month's invoices by the day they fell due, 30 days after receipt. Headings and dates are the export's."""
    heading = ("Invoice No", "Small Local Supplier", "Date Received", "Date Due", "Date Paid", "Amount", "Disputed",
               "Paid Twice")  # fmt: skip
    late, undisputed = planned(kpi="F_KPI_01", month=month)
    slow_small, small = planned(kpi="F_KPI_02", month=month)
    twice, count = planned(kpi="F_KPI_03", month=month)
    paid_twice = chance.marks(marked=twice, of=count)
    rows = []
    for index in range(count):
        is_small, is_disputed = index < small, index >= undisputed
        due = chance.pick(days_of(month))
        received = due - timedelta(days=30)
        if is_disputed or small <= index < small + late:
            paid_on = late_day(chance=chance, month=month, due=due)
        elif is_small:
            paid_on = paid(chance=chance, received=received, first=11, last=30) if index < slow_small else None
            paid_on = paid_on or paid(chance=chance, received=received, first=1, last=10)
        else:
            paid_on = paid(chance=chance, received=received, first=4, last=30)
        days = (_british(received), _british(due), _british(paid_on))
        flags = (yes(is_disputed), yes(paid_twice[index]))
        rows.append((yes(is_small), *days, pounds(chance.between(900, 2_400_000)), *flags))
    return Rows(heading, [(f"INV{stamp(month)}{n:05d}", *cells) for n, cells in enumerate(chance.shuffled(rows), 1)])


def _british(day: date | None) -> str:
    """03/09/2019; a missing day is empty."""
    return "" if day is None else f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def reconciliations(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="F_KPI_04", month=month)
    due = business_days_in(month)[6]
    rows = []
    for account, is_late in zip(ACCOUNTS[:count], chance.marks(marked=failing, of=count), strict=True):
        on_time = business_days_before(due, chance.between(0, 4))
        done = late_day(chance=chance, month=month, due=due) if is_late else on_time
        rows.append((account, iso_day(due), iso_day(done)))
    return Rows(("account", "due_on", "completed_on"), rows)


def debts(month: Month, chance: Chance) -> Rows:
    """Uncollected debts add up to at least the planned part of what is not in dispute, by less than one small debt."""
    amounts = [chance.between(2_500, 90_000) for _ in range(chance.between(380, 430))]
    owed = failing_sum(kpi="F_KPI_05", month=month, total=sum(amounts))
    uncollected: set[int] = set()
    for index in chance.shuffled(range(len(amounts))):
        if owed > 0:
            uncollected.add(index)
            owed -= amounts[index]
    disputed = [chance.between(2_500, 90_000) for _ in range(chance.between(5, 12))]
    rows = []
    for index, amount in enumerate([*amounts, *disputed]):
        is_disputed = index >= len(amounts)
        is_collected = not is_disputed and index not in uncollected
        cells = (iso_day(chance.pick(days_of(month))), pounds(amount), yes(is_collected), yes(is_disputed))
        rows.append((f"DR-{stamp(month)}-{index + 1:03d}", *cells))
    return Rows(("debt_no", "due_on", "amount", "collected", "in_dispute"), rows)


def sales_invoices(month: Month, chance: Chance) -> Rows:
    things = dated_for(chance=chance, month=month, kpi="F_KPI_06", days=5)
    rows = [
        (f"SI-{stamp(month)}-{n:03d}", iso_day(thing.opened), iso_day(thing.due), iso_day(thing.done))
        for n, thing in enumerate(things, 1)
    ]
    return Rows(("request_id", "requested_on", "due_on", "invoiced_on"), rows)


def receipts(month: Month, chance: Chance) -> Rows:
    heading = ("receipt_no", "received_on", "due_on", "posted_on", "unidentified")
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi="F_KPI_07", days=2)]
    unknown = [(dated(chance=chance, month=month, days=2, is_late=True), True) for _ in range(chance.between(20, 45))]
    rows = [
        (f"RC-{stamp(month)}-{n:04d}", iso_day(thing.opened), iso_day(thing.due), iso_day(thing.done), yes(is_unknown))
        for n, (thing, is_unknown) in enumerate(chance.shuffled(counted + unknown), 1)
    ]
    return Rows(heading, rows)
