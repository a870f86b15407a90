"""Calls to the Customer Service Centre: busy hours, test calls, menus, people who give up."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import business_days_in, clock_times, days_of
from muniment.example.deadlines import yes
from muniment.example.plan import call_count, planned
from muniment.example.rows import Rows, stamp

_HEADING = ("call_id", "queue", "offered_at", "answered_at", "ended_at", "ended_by", "test_call")
QUEUES = (
    "general",
    "general",
    "general",
    "highways",
    "schools",
    "adult care",
    "adult care",
    "registration",
    "blue badge",
)
WEIGHTS_BY_HALF_HOUR = (3, 4, 6, 8, 9, 9, 8, 8, 7, 6, 6, 6, 7, 7, 6, 6, 5, 4, 3, 2)
"""From 08:00 to 18:00."""
WEIGHT_BY_WEEKDAY = (4, 3, 3, 3, 2)
_HALF_HOUR = 1800
_OPENS, _CLOSES = 8 * 3600, 18 * 3600


class ExampleCall(NamedTuple):
    """Times in seconds: `offered` after local midnight of the month's day number `day`. `wait` until the call was
    answered or ended; `talk` is None when nobody answered."""

    day: int
    offered: int
    wait: int
    talk: int | None
    ended_by: str
    queue: str
    is_test: bool = False


def calls(month: Month, chance: Chance) -> Rows:
    """The month's calls in the order in which they were offered."""
    offered = sorted((*_counted(month, chance), *_left_out(month, chance)), key=lambda call: call[:3])
    days = [day.isoformat() for day in days_of(month)]
    times, prefix = clock_times(), f"C-{stamp(month)}-"
    rows = []
    for number, call in enumerate(offered, 1):
        day, answered = days[call.day - 1], call.offered + call.wait
        rows.append(
            (
                f"{prefix}{number:05d}",
                call.queue,
                f"{day} {times[call.offered]}",
                "" if call.talk is None else f"{day} {times[answered]}",
                f"{day} {times[answered + (call.talk or 0)]}",
                call.ended_by,
                yes(call.is_test),
            )
        )
    return Rows(_HEADING, rows)


def _counted(month: Month, chance: Chance) -> Iterator[ExampleCall]:
    """Calls in service hours that did not end in the menu, as CSC_KPI_01, 02 and 04 plan them."""
    slots, roll = _busy_slots(month), chance.roll
    abandoned, total = planned(kpi="CSC_KPI_04", month=month)
    unanswered_in_time, _ = planned(kpi="CSC_KPI_02", month=month)
    urgent_failing, urgent = planned(kpi="CSC_KPI_01", month=month)
    short = call_count(what="short", month=month)
    slow = unanswered_in_time - abandoned - short - _menu_endings_that_count(month)
    quick = total - abandoned - short - slow
    for _ in range(abandoned):
        day, start = slots[int(roll() * len(slots))]
        yield ExampleCall(
            day, start + int(roll() * _HALF_HOUR), 6 + int(roll() * roll() * 420), None, "caller", chance.pick(QUEUES)
        )
    for _ in range(short):
        day, start = slots[int(roll() * len(slots))]
        yield ExampleCall(
            day, start + int(roll() * _HALF_HOUR), 1 + int(roll() * 5), None, "caller", chance.pick(QUEUES)
        )
    for number in range(slow):
        day, start = slots[int(roll() * len(slots))]
        queue = "safeguarding" if number < urgent_failing else QUEUES[int(roll() * len(QUEUES))]
        dropped = number >= urgent_failing and roll() < 0.01
        ended_by = "system" if dropped else _who_ends(roll())
        talk = None if dropped else 40 + int(roll() * roll() * 1500)
        yield ExampleCall(day, start + int(roll() * _HALF_HOUR), 61 + int(roll() * roll() * 540), talk, ended_by, queue)
    for number in range(quick):
        day, start = slots[int(roll() * len(slots))]
        is_urgent = number < urgent - urgent_failing
        queue = "safeguarding" if is_urgent else QUEUES[int(roll() * len(QUEUES))]
        wait = 1 + int(roll() * (30 if is_urgent else 60))
        talk = 40 + int(roll() * roll() * 1500)
        yield ExampleCall(day, start + int(roll() * _HALF_HOUR), wait, talk, _who_ends(roll()), queue)


def _who_ends(chance: float) -> str:
    return "caller" if chance < 0.7 else "agent"


def _menu_endings_that_count(month: Month) -> int:
    """Until October 2019, CSC_KPI_02 counts calls that ended in the menu; CCN-033 leaves them out."""
    return call_count(what="ivr", month=month) if month < Month(2019, 11) else 0


def _left_out(month: Month, chance: Chance) -> Iterator[ExampleCall]:
    slots, roll = _busy_slots(month), chance.roll
    for _ in range(call_count(what="ivr", month=month)):
        day, start = chance.pick(slots)
        yield ExampleCall(day, start + chance.below(_HALF_HOUR), chance.between(8, 75), None, "ivr", "general")
    for _ in range(call_count(what="test", month=month)):
        day, start = chance.pick(slots)
        talk = chance.between(5, 40)
        yield ExampleCall(
            day, start + chance.below(_HALF_HOUR), chance.between(1, 20), talk, "caller", "general", is_test=True
        )
    for _ in range(call_count(what="outside", month=month)):
        day, second = _outside_service_hours(month, chance)
        duty = chance.between(20, 90) if roll() < 0.2 else None
        yield ExampleCall(day, second, chance.between(3, 60), duty, "caller", chance.pick(QUEUES))


def _busy_slots(month: Month) -> list[tuple[int, int]]:
    """(day, first second) of every half hour in service hours, as often as it is busy."""
    return [
        (day.day, _OPENS + half_hour * _HALF_HOUR)
        for day in business_days_in(month)
        for half_hour, weight in enumerate(WEIGHTS_BY_HALF_HOUR)
        for _ in range(weight * WEIGHT_BY_WEEKDAY[day.weekday()])
    ]


def _outside_service_hours(month: Month, chance: Chance) -> tuple[int, int]:
    day: date = chance.pick(days_of(month))
    if day not in business_days_in(month):
        return day.day, chance.between(9 * 3600, 17 * 3600)
    if chance.chance(35):
        return day.day, chance.between(_OPENS - 3600, _OPENS - 1)
    return day.day, chance.between(_CLOSES, _CLOSES + 2 * 3600)
