"""A signed-in person before one contract: what they may see and do there, by their appointments.

A contract that is not theirs is like one that is not there.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.adapters.stores.database.pages import length_of
from muniment.application.command_context import CommandContext
from muniment.application.kept_waiting import KeptWaiting, kept_waiting
from muniment.application.load import OpenedContract, open_contract
from muniment.application.projected import projected_contract
from muniment.application.projection_state import ProjectionState, projection_state_of
from muniment.application.read_models.contracts import ContractHome
from muniment.application.read_models.months import MonthLine
from muniment.application.stores import ContractInDatabase, Store, open_store, today_in
from muniment.commands.refusals import refuse_by_role
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.lifecycle.appointments import Role, appointments_known, side_of
from muniment.domain.lifecycle.permissions import must_hold_role
from muniment.domain.lifecycle.visibility import seen_by
from muniment.domain.record.act import Act, Party, RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.index import is_month
from muniment.domain.record.ports import NotRecordedError
from muniment.installation.models import Account

DATABASE_ALIAS = "default"
SITE_ZONE = "Europe/London"
_DAY = 24 * 60 * 60
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,80}")


@dataclass(frozen=True)
class Viewer:
    """A signed-in person before a contract in which they hold a current appointment."""

    account: Account
    contract: str
    authority: str
    roles: frozenset[Role]
    today: date

    @property
    def actor(self) -> str:
        return self.account.actor

    @property
    def where(self) -> ContractInDatabase:
        return ContractInDatabase(self.contract, settings.DATABASE_ADDRESS)

    @property
    def sides(self) -> frozenset[Party]:
        return frozenset(side_of(role) for role in self.roles)

    @cached_property
    def home(self) -> ContractHome | None:
        """What is projected of the contract as a whole; None before the first computation."""
        return projected_contract(self.contract, using=DATABASE_ALIAS)

    @property
    def title(self) -> str:
        return self.home.title if self.home else self.contract

    @property
    def zone(self) -> str:
        """The contract's time zone, in which its days begin."""
        return self.home.zone if self.home else SITE_ZONE

    @property
    def months(self) -> tuple[MonthLine, ...]:
        """The months that were computed, the oldest first."""
        return self.home.months if self.home else ()

    @property
    def kpi_tables(self) -> Mapping[str, str]:
        """KPI -> the evidence table that it is measured from, as projected."""
        return self.home.kpi_tables if self.home else {}

    @property
    def tables(self) -> frozenset[str]:
        """The evidence tables of the contract, as projected."""
        return frozenset(line.table for line in self.home.tables) if self.home else frozenset()

    @cached_property
    def seq(self) -> int:
        """How many entries the record has, without reading them."""
        return length_of(self.contract, using=DATABASE_ALIAS)

    @cached_property
    def standing(self) -> ProjectionState:
        """What the figures of the pages rest on, and whether that is the record as it is today."""
        return projection_state_of(self.contract, using=DATABASE_ALIAS)

    @cached_property
    def waiting(self) -> KeptWaiting | None:
        """What waits in the contract, as it is kept; None before the first computation."""
        return kept_waiting([self.contract], using=DATABASE_ALIAS).get(self.contract)

    @property
    def is_waiting_behind(self) -> bool:
        """Whether what waits is to be computed yet, for the record or for today."""
        return self.waiting is None or self.waiting.is_behind(today=self.today)

    @cached_property
    def store(self) -> Store:
        return open_store(self.where)

    @cached_property
    def record(self) -> tuple[Entry, ...]:
        """Every entry of the contract, for what is computed from it."""
        return self.store.ledger.entries()

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that this person may see."""
        return seen_by(self.record, actor=self.actor, on=self.today)

    @cached_property
    def opened(self) -> OpenedContract:
        return open_contract(folder=self.where, known=self.today)

    @cached_property
    def people(self) -> frozenset[str]:
        """The ids of everybody who acted here, or was appointed."""
        appointed = {made.person for made in appointments_known(self.record).values()}
        return frozenset({entry.actor for entry in self.record} | appointed)

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI of every version of the agreed text."""
        return self.opened.text.all_kpis()

    def may(self, command: str) -> bool:
        """Whether one of their roles may do it; the state of the thing may still stand against it."""
        return any(role in self.roles for role in COMMAND_TABLE[command].roles)

    def must_hold_role(self, command: str) -> None:
        """Raises RefusedError where none of their roles may do it. The record is read only then."""
        if not self.may(command):
            must_hold_role(
                self.record, roles=self.roles, permission=COMMAND_TABLE[command], actor=self.actor, on=self.today
            )

    def side_for(self, command: str) -> Party:
        """The side for which they do it."""
        held = [role for role in COMMAND_TABLE[command].roles if role in self.roles]
        return side_of(held[0]) if held else min(self.sides)

    def acting(self, *, command: str, reason: str, key: str, seen: int | None) -> CommandContext:
        """The contract opened for an act of theirs. Raises RefusedError for an act without a reason."""
        act = Act(self.actor, self.side_for(command), reason, key=key, seen=seen, on=self.today)
        return CommandContext(self.where, self.opened, act, self.today)

    def remember_refusal(self, *, command: str, parts: Mapping[str, object], reason: str, key: str) -> None:
        """That they tried an act of none of their roles, as an entry: one for each key of theirs, however often it is
        sent. `parts`: of the address. Where it cannot be recorded, the refusal stands all the same."""
        once = sha256(f"{command} {key}".encode()).hexdigest()
        if not cache.add(f"refused/{self.contract}/{self.actor}/{once}", "", timeout=_DAY):
            return
        tried = reason or f"They tried to {COMMAND_TABLE[command].says}."
        act = Act(self.actor, self.side_for(command), tried, on=self.today)
        with suppress(RefusedError, NotRecordedError):
            about = _about(self.contract, parts)
            refuse_by_role(ledger=self.store.ledger, act=act, command=COMMAND_TABLE[command], about=about)


def viewers_of(account: Account, *, contract: str | None = None) -> Iterator[Viewer]:
    """The person before each contract in which they hold a current appointment. `contract`: only that one."""
    today = today_in(SITE_ZONE)
    for seen in contracts_of_person(account.actor, on=today, contract=contract, using=DATABASE_ALIAS):
        yield Viewer(account, seen.contract, seen.authority, frozenset(seen.roles), today)


def viewer_of(account: Account, contract: str) -> Viewer | None:
    """None without a current appointment: the same as for a contract that is not there."""
    return next(viewers_of(account, contract=contract), None)


def _about(contract: str, parts: Mapping[str, object]) -> str:
    """What the address is about, as the record names things: cssc/calls/2019-09. What nobody could have named so is
    left out."""
    month, thing = str(parts.get("month", "")), str(parts.get("table") or parts.get("kpi") or "")
    if not is_month(month):
        return contract
    return "/".join([contract, *([thing] if _NAME.fullmatch(thing) else []), month])
