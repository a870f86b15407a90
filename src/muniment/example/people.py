"""Evidence of People Management: pay, queries, starters, records, case work, returns."""

from datetime import timedelta

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_after, business_days_before, business_days_in
from muniment.example.deadlines import dated, dated_for, iso_day, late_day, yes
from muniment.example.plan import failing_sum, planned
from muniment.example.rows import Rows, pounds, stamp

RETURNS = ("full payment submission", "employer payment summary", "pension contributions", "teachers' pension return",
           "student loan return", "apprenticeship levy return")  # fmt: skip


def payroll_payments(month: Month, chance: Chance) -> Rows:
    """One pay day a month, three Business Days before its end."""
    heading = ("payment_id", "pay_date", "paid_on", "gross_pay", "overpaid", "error_source")
    failing, counted = planned(kpi="PM_KPI_01", month=month)
    pay_day = business_days_in(month)[-4]
    on_time, late = pay_day.isoformat(), business_days_after(pay_day, 2).isoformat()
    others = ["council"] * 31 + ["employee"] * 17
    sources = chance.shuffled(["none"] * (counted - failing // 3 * 2) + ["supplier"] * (failing // 3 * 2) + others)
    late_left = failing - failing // 3 * 2
    gross = [chance.between(60_000, 340_000) for _ in sources]
    overpaid = _overpaid(chance=chance, month=month, gross=gross, sources=sources)
    rows = []
    for index, source in enumerate(sources):
        is_late = source == "none" and late_left > 0 and index % 97 == 0
        late_left -= is_late
        paid_on = late if is_late else on_time
        extra = pounds(overpaid.get(index, 0))
        rows.append((f"P-{stamp(month)}-{index + 1:05d}", on_time, paid_on, pounds(gross[index]), extra, source))
    return Rows(heading, rows)


def _overpaid(*, chance: Chance, month: Month, gross: list[int], sources: list[str]) -> dict[int, int]:
    """Overpaid pence by row, adding up to the planned part of the gross pay that the measure counts."""
    counted = sum(pence for pence, source in zip(gross, sources, strict=True) if source in ("none", "supplier"))
    payees = [index for index, source in enumerate(sources) if source == "supplier"]
    total = failing_sum(kpi="PM_KPI_05", month=month, total=counted)
    parts = chance.parts(total=total, pieces=len(payees), most=160_000)
    return dict(zip(payees, parts, strict=True))


def people_queries(month: Month, chance: Chance) -> Rows:
    heading = ("query_id", "received_on", "due_on", "resolved_on", "awaiting_manager")
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi="PM_KPI_02", days=2)]
    waiting = [(dated(chance=chance, month=month, days=2, is_late=True), True) for _ in range(chance.between(18, 34))]
    rows = [
        (f"Q-{stamp(month)}-{n:04d}", iso_day(thing.opened), iso_day(thing.due), iso_day(thing.done), yes(is_waiting))
        for n, (thing, is_waiting) in enumerate(chance.shuffled(counted + waiting), 1)
    ]
    return Rows(heading, rows)


def starters(month: Month, chance: Chance) -> Rows:
    heading = ("starter_id", "first_day", "contract_issued_on", "checks_complete_on", "late_instruction")
    contracts, count = planned(kpi="PM_KPI_03", month=month)
    checks, _ = planned(kpi="PM_KPI_04", month=month)
    late_contract, late_checks = chance.marks(marked=contracts, of=count), chance.marks(marked=checks, of=count)
    rows = []
    for index in range(count + 3):
        is_instructed_late = index >= count
        first_day = chance.pick(business_days_in(month))
        issued = business_days_before(first_day, chance.between(0, 12))
        checked = business_days_before(first_day, chance.between(0, 9))
        if is_instructed_late or late_contract[index]:
            issued = business_days_after(first_day, chance.between(1, 3))
        if is_instructed_late or late_checks[index]:
            checked = business_days_after(first_day, chance.between(1, 3))
        cells = (iso_day(first_day), iso_day(issued), iso_day(checked), yes(is_instructed_late))
        rows.append((f"S-{stamp(month)}-{index + 1:03d}", *cells))
    return Rows(heading, rows)


def hr_records_sampled(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="PM_KPI_06", month=month)
    rows = [
        (
            f"R-{stamp(month)}-{n:03d}",
            iso_day(chance.pick(business_days_in(month))),
            str(chance.between(1, 3) if bad else 0),
        )
        for n, bad in enumerate(chance.marks(marked=failing, of=count), 1)
    ]
    return Rows(("record_id", "sampled_on", "errors"), rows)


def hr_actions(month: Month, chance: Chance) -> Rows:
    heading = ("action_id", "due_on", "done_on", "postponed_by_council")
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi="PM_KPI_07", days=5)]
    postponed = [(dated(chance=chance, month=month, days=5, is_late=True), True) for _ in range(chance.between(4, 11))]
    rows = [
        (f"A-{stamp(month)}-{n:04d}", iso_day(thing.due), iso_day(thing.done), yes(is_postponed))
        for n, (thing, is_postponed) in enumerate(chance.shuffled(counted + postponed), 1)
    ]
    return Rows(heading, rows)


def payroll_returns(month: Month, chance: Chance) -> Rows:
    failing, count = planned(kpi="PM_KPI_08", month=month)
    rows = []
    for name, is_late in zip(RETURNS[:count], chance.marks(marked=failing, of=count), strict=True):
        due = month.first_day + timedelta(days=18)
        filed = late_day(chance=chance, month=month, due=due) if is_late else due - timedelta(days=chance.between(0, 6))
        rows.append((name, iso_day(due), iso_day(filed)))
    return Rows(("return_name", "due_on", "filed_on"), rows)
