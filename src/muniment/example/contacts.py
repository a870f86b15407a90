"""Evidence of the Customer Service Centre beside its calls: quality, letters, complaints, reviews, call backs."""

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_before, business_days_in, local_time
from muniment.example.deadlines import dated, dated_for, iso_day, late_day, yes
from muniment.example.plan import planned
from muniment.example.rows import Rows, stamp


def contact_reviews(month: Month, chance: Chance) -> Rows:
    heading = ("review_id", "contact_on", "channel", "resolved_first_time", "quality_mark")
    unresolved, count = planned(kpi="CSC_KPI_03", month=month)
    poor, _ = planned(kpi="CSC_KPI_05", month=month)
    marks = zip(chance.marks(marked=unresolved, of=count), chance.marks(marked=poor, of=count), strict=True)
    rows = []
    for n, (is_unresolved, is_poor) in enumerate(marks, 1):
        quality = chance.between(52, 84) if is_poor else chance.between(85, 100)
        channel = chance.pick(("phone", "phone", "phone", "email", "web"))
        day = iso_day(chance.pick(business_days_in(month)))
        rows.append((f"QR-{stamp(month)}-{n:03d}", day, channel, yes(not is_unresolved), str(quality)))
    return Rows(heading, rows)


def correspondence(month: Month, chance: Chance) -> Rows:
    heading = ("item_id", "channel", "received_on", "due_on", "answered_on", "spam")
    counted = [(thing, False) for thing in dated_for(chance=chance, month=month, kpi="CSC_KPI_06", days=3)]
    spam = [(dated(chance=chance, month=month, days=3, is_late=False), True) for _ in range(chance.between(35, 70))]
    rows = []
    for n, (thing, is_spam) in enumerate(chance.shuffled(counted + spam), 1):
        days = (iso_day(thing.opened), iso_day(thing.due), "" if is_spam else iso_day(thing.done))
        rows.append((f"E-{stamp(month)}-{n:04d}", chance.pick(("email", "web")), *days, yes(is_spam)))
    return Rows(heading, rows)


def complaints(month: Month, chance: Chance) -> Rows:
    things = dated_for(chance=chance, month=month, kpi="CSC_KPI_07", days=10)
    rows = [
        (f"CO-{stamp(month)}-{n:03d}", iso_day(thing.opened), iso_day(thing.due), iso_day(thing.done))
        for n, thing in enumerate(things, 1)
    ]
    return Rows(("complaint_id", "received_on", "due_on", "answered_on"), rows)


def reviews(month: Month, chance: Chance) -> Rows:
    heading = ("review_id", "kind", "due_on", "started_on", "client_declined")
    failing, count = planned(kpi="CSC_KPI_11", month=month)
    marks = [*chance.marks(marked=failing, of=count), *[True] * chance.between(6, 14)]
    rows = []
    for index, is_late in enumerate(marks):
        has_declined = index >= count
        due = chance.pick(business_days_in(month))
        started = None if has_declined else business_days_before(due, chance.between(0, 20))
        if is_late and not has_declined:
            started = late_day(chance=chance, month=month, due=due)
        kind = chance.pick(("light touch", "annual", "annual", "carer"))
        rows.append((f"RV-{stamp(month)}-{index + 1:03d}", kind, iso_day(due), iso_day(started), yes(has_declined)))
    return Rows(heading, rows)


def call_backs(month: Month, chance: Chance) -> Rows:
    """Promised for a full quarter of an hour between 09:00 and 16:45; trial rows in April and May."""
    failing, count = planned(kpi="CSC_KPI_12", month=month)
    rows = []
    for n, is_late in enumerate(chance.marks(marked=failing, of=count), 1):
        day = chance.pick(business_days_in(month))
        promised = 9 * 3600 + chance.below(32) * 900
        made = promised + chance.between(60, 4000) if is_late else promised - chance.below(3000)
        never = is_late and chance.chance(20)
        made_at = "" if never else local_time(day, made)
        rows.append((f"CB-{stamp(month)}-{n:04d}", local_time(day, promised), made_at))
    return Rows(("call_back_id", "promised_for", "made_at"), rows)
