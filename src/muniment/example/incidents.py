"""Service desk incidents: how grave, how long they took in service time, and whose fault they were."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from muniment.domain.kernel.period import Month
from muniment.example.chance import Chance
from muniment.example.days import IMT_CLOSES, IMT_OPENS, after_service_minutes, business_days_in, last_seen, local_time
from muniment.example.deadlines import yes
from muniment.example.plan import planned
from muniment.example.rows import Rows, stamp

_HEADING = ("incident_id", "priority", "reported_at", "resolved_at", "hold_hours", "first_contact", "third_party")
LIMIT = {1: 240, 2: 240, 3: 1440, 4: 2880}
"""Service minutes within which an incident of that priority is to be resolved."""
THIRD_PARTY_PRIORITIES = (1, *[2] * 4, *[3] * 20, *[4] * 15)
HOLDS = (0, 0, 0, 0, 0, 0, 1, 2, 3, 6)
"""Half hours during which the clock stood still."""


class WantedIncident(NamedTuple):
    """An incident as the plan wants it."""

    priority: int
    is_late: bool
    is_first_contact: bool
    is_third_party: bool


def incidents(month: Month, chance: Chance) -> Rows:
    """The month's incidents in the order in which they were reported."""
    found = sorted(_incident(month, chance, wanted) for wanted in _wanted(month, chance))
    rows = [(f"INC-{stamp(month)}-{n:04d}", *cells) for n, (_, *cells) in enumerate(found, 1)]
    return Rows(_HEADING, rows)


def _wanted(month: Month, chance: Chance) -> Iterator[WantedIncident]:
    late_major, majors = planned(kpi="IMT_KPI_02", month=month)
    _, gravest = planned(kpi="IMT_KPI_05", month=month)
    late_minor, minors = planned(kpi="IMT_KPI_04", month=month)
    not_at_first, all_minor = planned(kpi="IMT_KPI_06", month=month)
    for index in range(majors):
        yield WantedIncident(1 if index < gravest else 2, index >= majors - late_major, False, False)
    first_contact = all_minor - not_at_first
    for index in range(all_minor):
        is_p3 = index >= all_minor - minors
        is_late = index >= all_minor - late_minor
        yield WantedIncident(3 if is_p3 else 4, is_late, index < first_contact, False)
    for _ in range(chance.between(60, 90)):
        yield WantedIncident(chance.pick(THIRD_PARTY_PRIORITIES), chance.chance(50), False, True)


def _incident(month: Month, chance: Chance, wanted: WantedIncident) -> tuple[str, ...]:
    """Sortable cells: when reported, then the row without its id."""
    day = chance.pick(business_days_in(month))
    minute = chance.between(IMT_OPENS, IMT_CLOSES - 1)
    second = chance.below(60)
    holds = 0 if wanted.is_first_contact else chance.pick(HOLDS)
    resolved = _resolved(month, chance, wanted, day=day, minute=minute, held=holds * 30)
    reported_at = local_time(day, minute * 60 + second)
    hold_hours = f"{holds // 2}.{holds % 2 * 5}"
    resolved_at = "" if resolved is None else local_time(resolved[0], resolved[1] * 60 + second)
    flags = (yes(wanted.is_first_contact), yes(wanted.is_third_party))
    return (
        f"{reported_at}|{chance.below(10**9):09d}",
        str(wanted.priority),
        reported_at,
        resolved_at,
        hold_hours,
        *flags,
    )


def _resolved(
    month: Month, chance: Chance, wanted: WantedIncident, *, day: date, minute: int, held: int
) -> tuple[date, int] | None:
    """When the incident was resolved, or None when it was still open as the evidence was drawn."""
    limit = LIMIT[wanted.priority]
    if wanted.is_late:
        spend = held + limit + chance.between(5, 900)
    elif wanted.is_first_contact:
        spend = chance.between(3, 25)
    else:
        spend = held + chance.between(10, limit - 10)
    resolved = after_service_minutes(day=day, minute=minute, spend=spend)
    return resolved if resolved[0] <= last_seen(month) else None
