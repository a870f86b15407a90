"""Whether a contract's projected pages are up to date with its record and with today; and opening it as of today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from muniment.application.load import OpenedContract, open_contract
from muniment.application.stores import ContractPlace, system_clock, today_in
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import payload_of

if TYPE_CHECKING:
    from muniment.adapters.stores.database.projections import ProjectionBasis


@dataclass(frozen=True)
class ProjectionState:
    """What pages rest on: the record up to `entry`, whose hash is `head`, as known on the day `known`; None where
    nothing was computed yet, or by another version. `has_more`: the record has newer entries that figures could rest
    on. `is_of_today`: it is still that day in the contract's zone."""

    entry: int | None
    head: str | None
    known: date | None
    has_more: bool
    is_of_today: bool

    @property
    def is_behind(self) -> bool:
        return self.has_more or not self.is_of_today


def projection_state_of(contract: str, *, using: str) -> ProjectionState:
    """Where what is projected of a contract stands. Raises ProblemsFoundError."""
    from muniment.adapters.stores.database.pages import has_more, projection_basis
    from muniment.application.projected import projection_form

    stand = projection_basis(contract, using=using)
    if stand is None or stand.form != projection_form():
        return ProjectionState(None, None, None, has_more=True, is_of_today=False)
    more = has_more(contract, since=stand.seq, using=using)
    return ProjectionState(stand.seq, stand.head, stand.known, has_more=more, is_of_today=_is_of_today(stand))


def contracts_behind(*, using: str) -> Iterator[str]:
    """Those of which something else is projected than the record says today. Raises ProblemsFoundError."""
    from muniment.adapters.stores.database.pages import has_more, projection_bases
    from muniment.application.projected import projection_form

    for contract, (length, stand) in projection_bases(using=using).items():
        if not length:
            continue
        if stand is None or stand.form != projection_form() or not _is_of_today(stand):
            yield contract
            continue
        if stand.seq < length and has_more(contract, since=stand.seq, using=using):
            yield contract


def _is_of_today(stand: "ProjectionBasis") -> bool:
    if stand.known is None:
        return False
    today = day_of_asking(zone=stand.zone, is_scripted=stand.is_scripted)
    return today is None or stand.known >= today


def day_of_asking(*, zone: str, is_scripted: bool) -> date | None:
    """Today in the contract's zone. None for a record whose times are part of an example, unless the clock is that of
    a demonstration: it stands still at its last entry."""
    return None if is_scripted and system_clock().kind == "system" else today_in(zone)


def is_scripted(opened: OpenedContract) -> bool:
    """Whether the times of the record are part of an example. False for a contract without one."""
    return bool(opened.entries) and payload_of(opened.entries[0], RecordOpened).clock == "scripted"


def open_as_asked(where: ContractPlace, *, known: date | None = None) -> OpenedContract:
    """The contract with all its entries as known on the day of asking, or on that of the last entry where this is the
    later one. `known`: another day of asking than today. Raises ProblemsFoundError."""
    opened = open_contract(folder=where, known=None)
    today = known or day_of_asking(zone=opened.text.contract_text.zone, is_scripted=is_scripted(opened))
    if today is None or opened.known is None or today <= opened.known:
        return opened
    return replace(opened, known=today)
