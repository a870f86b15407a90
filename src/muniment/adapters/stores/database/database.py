"""A database of many contracts: creating its tables, enrolling and listing contracts; which are no examples."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections, transaction

from muniment.adapters.stores.database.faults import database_reading, database_writing
from muniment.adapters.stores.database.models import LedgerEntry, StoredContract
from muniment.adapters.stores.database.snapshots import SNAPSHOTS
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.domain.record.ports import Clock, Salts


@dataclass(frozen=True)
class EnrolledContract:
    """A contract of the database. `authority`: blank where nobody said. `head`: None where its record is not open."""

    contract: str
    authority: str
    entries: int
    head: str | None


@dataclass(frozen=True)
class ContractDatabase:
    """`using`: what Django calls its database. `blobs_folder`: where its files are."""

    using: str
    blobs_folder: Path

    def migrate(self) -> None:
        """Make the tables, or bring them up to date. Raises NotRecordedError where the database does not let it."""
        with database_writing(self.using):
            call_command("migrate", "register", database=self.using, verbosity=0, interactive=False)

    def store(self, contract: str, *, clock: Clock, salts: Salts) -> DatabaseStore:
        """A contract of the database, there or yet to come."""
        return DatabaseStore(
            contract,
            using=self.using,
            blobs_folder=self.blobs_folder,
            clock=clock,
            salts=salts,
            snapshots=SNAPSHOTS,
        )

    def enrol(self, contract: str, *, authority: str) -> None:
        """Say which authority a contract is of; said again, it is changed. Raises NotRecordedError."""
        with database_writing(self.using), transaction.atomic(using=self.using, durable=True):
            StoredContract.objects.using(self.using).update_or_create(id=contract, defaults={"authority": authority})

    def contracts(self, *, authority: str | None = None) -> tuple[EnrolledContract, ...]:
        """Those of one authority, or all, in the order of their ids. Raises ProblemsFoundError."""
        with database_reading(self.using):
            found = StoredContract.objects.using(self.using).order_by("id")
            chosen = found if authority is None else found.filter(authority=authority)
            return tuple(
                EnrolledContract(row.id, row.authority, row.verified_seq, row.verified_hash or None) for row in chosen
            )

    def has(self, contract: str) -> bool:
        """Whether the contract is one of them. Raises ProblemsFoundError."""
        with database_reading(self.using):
            return StoredContract.objects.using(self.using).filter(id=contract).exists()

    def close(self) -> None:
        """Give up this thread's connection; the next use opens another."""
        connections[self.using].close()


def of_true_times(*, using: str) -> tuple[str, ...]:
    """The contracts whose record does not say of itself that its times are scripted, in the order of their ids."""
    with database_reading(using):
        first = LedgerEntry.objects.using(using).filter(seq=1).order_by("contract")
        opened = list(first.values_list("contract", "content"))
    return tuple(contract for contract, content in opened if json.loads(content)["payload"].get("clock") != "scripted")
