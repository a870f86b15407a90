"""The agreed terms applied to an opened contract: deemed answers, late evidence, and who must do what by when."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from muniment.application.load import OpenedContract
from muniment.commands.queries.late_evidence import LateSubmission, settled_all_the_same, too_late
from muniment.commands.queries.terms import business_days_of, deemed_proposals
from muniment.commands.waiting import Limits, WaitingItem, waiting
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.guards import SETTLED_EVIDENCE
from muniment.domain.lifecycle.states import state_in, states_known


def deemed_proposals_of(opened: OpenedContract) -> Mapping[str, DeemedProposal]:
    """Id of a challenge or request that waits -> what it is deemed to be, where the text says so."""
    return deemed_proposals(
        text=opened.text, known=opened.known, entries=opened.entries, local_day=_local_day_in(opened)
    )


def too_late_in(opened: OpenedContract) -> Mapping[str, LateSubmission]:
    """Id of a submission that came after the agreed window -> how late."""
    return too_late(text=opened.text, known=opened.known, entries=opened.entries, local_day=_local_day_in(opened))


def waiting_in(opened: OpenedContract, *, on: date, subject: str | None = None) -> tuple[WaitingItem, ...]:
    """What waits on the day `on`, under the contract's own terms: the evidence that is expected too."""
    return waiting(
        opened.entries,
        on=on,
        due=due_in(opened, on=on),
        limits=Limits(calendar=business_days_of(opened.text.contract(known=opened.known))),
        subject=subject,
        deemed_proposals=deemed_proposals_of(opened),
        settled=settled_all_the_same(opened.entries, known=too_late_in(opened)),
        local_day=_local_day_in(opened),
    )


def due_in(opened: OpenedContract, *, on: date) -> Mapping[str, date]:
    """Table-month -> the last day in time, for every month of the record that is over on that day. Nothing where no
    record is kept, and for months whose rows were discarded since."""
    contract = opened.text.contract(known=opened.known)
    calendar, last = business_days_of(contract), min(contract.end, Month.of(on))
    first = max(contract.record_from, discarded_before(opened.entries) or contract.record_from)
    if not opened.entries or last < first:
        return {}
    return {
        f"{contract.id}/{table}/{month}": calendar.after(month.last_day, terms.due_business_days)
        for month in months_from(first, last)
        if month.last_day < on
        for table, terms in contract.tables.items()
    }


def tables_to_excuse(opened: OpenedContract, *, month: Month, on: date) -> tuple[str, ...]:
    """The evidence tables that the month's KPIs are measured from, and whose evidence was due before `on` and does not
    count yet: it never came, or was not accepted. A signature says of each why the month is settled without it."""
    contract = opened.text.contract(known=opened.known).id
    things, due = states_known(opened.entries), due_in(opened, on=on)
    in_force = opened.text.kpis_in_force(month=month, known=opened.known).values()
    used = {kpi.measure.table: f"{contract}/{kpi.measure.table}/{month}" for kpi, _ in in_force}
    return tuple(
        table
        for table, thing in sorted(used.items())
        if due.get(thing, on) < on and state_in(things, machine="table_month", thing=thing) not in SETTLED_EVIDENCE
    )


def _local_day_in(opened: OpenedContract) -> Callable[[str], date]:
    zone = ZoneInfo(opened.text.contract_text.zone)
    return lambda recorded_at: datetime.fromisoformat(recorded_at).astimezone(zone).date()
