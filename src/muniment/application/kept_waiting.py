"""What waits in each contract of a database, kept from one computation to the next: pages read it and open no record.

It rests on the record and on a day. How many days are left is reckoned when it is read, so that what was kept on
another day is nearly right until it is computed again.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from muniment.application.agreed_terms import waiting_in
from muniment.application.load import OpenedContract, open_contract
from muniment.application.read_models.stored import dump, load
from muniment.application.stores import ContractInDatabase, database_at, today_in
from muniment.commands.queries.terms import business_days_of
from muniment.commands.waiting import WaitingItem
from muniment.domain.kernel.calendars import BusinessDays
from muniment.domain.kernel.fingerprint import canonical_json

if TYPE_CHECKING:
    from muniment.adapters.stores.database.waiting import WaitingRow

WAITING_FORM = 1
"""In which it is kept. What is kept in another one counts as not kept: a new version computes it again."""
_HOLIDAYS_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class KeptWaiting:
    """What waited in a contract by its record up to entry `seq`, on the day `known`, soonest first. `length`: how many
    entries the record has now."""

    contract: str
    title: str
    seq: int
    known: date
    length: int
    items: tuple[WaitingItem, ...]
    calendar: BusinessDays

    def is_behind(self, *, today: date) -> bool:
        """Whether the record or the day has moved on."""
        return self.seq < self.length or self.known < today

    def on(self, day: date) -> tuple[WaitingItem, ...]:
        """The same with the Business Days that are left on that day."""
        left = {by: self.calendar.between(day, by) for by in {item.by for item in self.items if item.by is not None}}
        return tuple(item if item.by is None else replace(item, days_left=left[item.by]) for item in self.items)


@dataclass(frozen=True)
class _Content:
    """What is kept of a contract as JSON: what waits, days left aside, and the Business Days to reckon these by."""

    items: tuple[WaitingItem, ...]
    weekdays: tuple[int, ...]
    holidays: tuple[date, ...]


def kept_waiting(contracts: Collection[str], *, using: str) -> Mapping[str, KeptWaiting]:
    """Contract -> what is kept of it; those of which nothing is yet are left out. One query for all. Raises
    ProblemsFoundError."""
    from muniment.adapters.stores.database.waiting import waiting_rows

    return {contract: _read(row) for contract, row in waiting_rows(contracts, form=WAITING_FORM, using=using).items()}


def contracts_to_renew(*, today: date, using: str) -> tuple[str, ...]:
    """Those of which what waits is not kept as of today. Raises ProblemsFoundError."""
    from muniment.adapters.stores.database.waiting import waiting_behind

    return waiting_behind(form=WAITING_FORM, today=today, using=using)


def renew_waiting(where: ContractInDatabase, *, today: date | None = None) -> None:
    """Compute what waits and keep it, unless what is kept rests on more of the record. `today`: None for that of the
    contract's zone. Raises ProblemsFoundError, NotRecordedError."""
    using = database_at(where.address).using
    from muniment.adapters.stores.database.pages import length_of
    from muniment.adapters.stores.database.waiting import WaitingRow, keep_waiting

    # Before the record is read: what is recorded meanwhile makes it older than it is, never newer.
    seq = length_of(where.contract, using=using)
    opened = open_contract(folder=where, known=today)
    day = today or today_in(opened.text.contract_text.zone)
    content = canonical_json(dump(_content(opened, waiting_in(opened, on=day), day=day))).decode()
    title = opened.text.contract_text.title
    keep_waiting(WaitingRow(where.contract, WAITING_FORM, seq, day, title, content, length=seq), using=using)


def _content(opened: OpenedContract, items: Sequence[WaitingItem], *, day: date) -> _Content:
    calendar = business_days_of(opened.text.contract(known=opened.known))
    days = [day, *(item.by for item in items if item.by is not None)]
    first, last = min(days), max(days) + _HOLIDAYS_AHEAD
    return _Content(
        items=tuple(replace(item, days_left=None) for item in items),
        weekdays=tuple(sorted(calendar.weekdays)),
        holidays=tuple(found for found in sorted(calendar.holidays) if first < found <= last),
    )


def _read(row: "WaitingRow") -> KeptWaiting:
    content = load(_Content, json.loads(row.content))
    calendar = BusinessDays(frozenset(content.weekdays), frozenset(content.holidays))
    return KeptWaiting(row.contract, row.title, row.seq, row.known, row.length, content.items, calendar)
