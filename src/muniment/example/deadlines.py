"""Things that must be done by a day: when each was opened, due and done. Their month is that of the due day."""

from datetime import date, timedelta
from typing import NamedTuple

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import (
    business_days_after,
    business_days_before,
    business_days_between,
    business_days_in,
    last_seen,
)
from muniment.example.plan import planned


class DatedTask(NamedTuple):
    """`done` is None while the thing is open, as far as the month's evidence can know."""

    opened: date
    due: date
    done: date | None


def dated(*, chance: Chance, month: Month, days: int, is_late: bool) -> DatedTask:
    """One thing due on a Business Day of the month, `days` Business Days after it was opened."""
    due = chance.pick(business_days_in(month))
    opened = business_days_before(due, days)
    if is_late:
        return DatedTask(opened, due, late_day(chance=chance, month=month, due=due))
    return DatedTask(opened, due, business_days_after(opened, chance.between(1, days)))


def late_day(*, chance: Chance, month: Month, due: date) -> date | None:
    """A Business Day after the due day, or None: not done yet when the evidence was drawn."""
    late = business_days_after(due, chance.between(1, 9))
    return late if late <= last_seen(month) else None


def dated_for(*, chance: Chance, month: Month, kpi: str, days: int) -> list[DatedTask]:
    """As many things as the KPI's plan has rows, late as often as it has failures."""
    plan = planned(kpi=kpi, month=month)
    marks = chance.marks(marked=plan.failing, of=plan.rows)
    return [dated(chance=chance, month=month, days=days, is_late=is_late) for is_late in marks]


def paid(*, chance: Chance, received: date, first: int, last: int) -> date:
    """A Business Day from `first` to `last` days after receipt."""
    return chance.pick(business_days_between(received + timedelta(days=first), received + timedelta(days=last)))


def iso_day(day: date | None) -> str:
    """A day as ISO text; a missing one is empty."""
    return "" if day is None else day.isoformat()


def yes(answer: bool) -> str:
    return "yes" if answer else "no"
