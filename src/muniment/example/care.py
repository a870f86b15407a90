"""Evidence of Adult Care Finance: assessments, invoices to clients, payments to providers."""

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_in
from muniment.example.deadlines import DatedTask, dated, dated_for, iso_day, late_day, yes
from muniment.example.plan import planned
from muniment.example.rows import Rows, pounds, stamp


def client_invoices(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="ACF_KPI_01", month=month)
    rows = []
    for n, is_wrong in enumerate(chance.marks(marked=failing, of=count), 1):
        day, amount = iso_day(chance.pick(business_days_in(month))), pounds(chance.between(1_200, 96_000))
        rows.append((f"CI-{stamp(month)}-{n:04d}", day, amount, yes(is_wrong)))
    return Rows(("invoice_id", "issued_on", "amount", "credited_for_error"), rows)


def assessments_sampled(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="ACF_KPI_02", month=month)
    rows = [
        (f"AS-{stamp(month)}-{n:02d}", iso_day(chance.pick(business_days_in(month))), yes(is_wrong))
        for n, is_wrong in enumerate(chance.marks(marked=failing, of=count), 1)
    ]
    return Rows(("sample_id", "checked_on", "error_found"), rows)


def assessments(month: Month, chance: Chance) -> Rows:
    heading = ("assessment_id", "kind", "referred_on", "due_on", "completed_on", "waiting_on_client")
    rows = [
        (f"FA-{stamp(month)}-{n:03d}", chance.pick(("new", "new", "change")), *_days(thing), yes(is_waiting))
        for n, (thing, is_waiting) in enumerate(_assessed(month, chance, kpi="ACF_KPI_03", days=15), 1)
    ]
    return Rows(heading, rows)


def residential_assessments(month: Month, chance: Chance) -> Rows:
    heading = ("assessment_id", "referred_on", "due_on", "completed_on", "waiting_on_client")
    rows = [
        (f"RA-{stamp(month)}-{n:03d}", *_days(thing), yes(is_waiting))
        for n, (thing, is_waiting) in enumerate(_assessed(month, chance, kpi="ACF_KPI_04", days=20), 1)
    ]
    return Rows(heading, rows)


def _assessed(month: Month, chance: Chance, *, kpi: str, days: int) -> list[tuple[DatedTask, bool]]:
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi=kpi, days=days)]
    waiting = [(dated(chance=chance, month=month, days=days, is_late=True), True) for _ in range(chance.between(6, 17))]
    return chance.shuffled(counted + waiting)


def _days(thing: DatedTask) -> tuple[str, str, str]:
    return iso_day(thing.opened), iso_day(thing.due), iso_day(thing.done)


def care_payments(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="ACF_KPI_05", month=month)
    marks = [*chance.marks(marked=failing, of=count), *[True] * chance.between(8, 21)]
    rows = []
    for index, is_late in enumerate(marks):
        day = chance.pick(business_days_in(month))
        paid_on = late_day(chance=chance, month=month, due=day) if is_late else day
        cells = (iso_day(day), iso_day(paid_on), pounds(chance.between(18_000, 940_000)), yes(index >= count))
        rows.append((f"CP-{stamp(month)}-{index + 1:04d}", *cells))
    return Rows(("payment_id", "scheduled_for", "paid_on", "amount", "provider_query"), rows)
