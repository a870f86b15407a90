"""The ledger of one contract in the database: read from where it was last verified, appended in one transaction.

Writers to a contract stand in line: on PostgreSQL by the lock on the contract's row, on SQLite because a transaction
begins by taking the only write lock there is. So the head that a writer compares is the head that it appends to.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import Error, IntegrityError, connections, transaction

from muniment.adapters.stores.database.appointments import refresh_appointments
from muniment.adapters.stores.database.faults import database_error_text, database_reading, database_writing, hang_up
from muniment.adapters.stores.database.models import LedgerEntry, LedgerText, StoredContract
from muniment.adapters.stores.database.pages import erase_from_pages
from muniment.adapters.stores.database.reading import read_verified_chain
from muniment.adapters.stores.database.rows import key_digest, rows_of_entries
from muniment.adapters.stores.database.snapshots import Snapshots, VerifiedEntries
from muniment.domain.kernel.problem import Problem, ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.opened import RecordOpened, opening
from muniment.domain.record.ports import Clock, ClockKind, HeadMovedError, NotRecordedError, Salts
from muniment.domain.record.replay import head

_WAIT = "SELECT set_config('lock_timeout', '20s', true)"
# Whoever runs the server may trade durability for speed there; not for the record.
_DURABLE = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"


def _nothing_else() -> None:
    """What most entries are recorded with."""


class DatabaseLedger:
    """The ledger of one contract. Reads again only what was added since the last reading.

    `snapshots`: where what is read is kept, and shared with other ledgers of the process; None: nobody shares it.
    """

    def __init__(
        self, contract: str, *, using: str, clock: Clock, salts: Salts, snapshots: Snapshots | None = None
    ) -> None:
        self._contract = contract
        self._using = using
        self._clock = clock
        self._salts = salts
        self._snapshots = snapshots or Snapshots()

    @property
    def clock_kind(self) -> ClockKind:
        return self._clock.kind

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, verified. Raises ProblemsFoundError where the chain does not hold or cannot be read."""
        with database_reading(self._using):
            known = read_verified_chain(self._contract, using=self._using, known=self._kept())
        self._keep(known)
        return known.entries

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the ledger, verified whole from the first entry, whatever was verified before."""
        try:
            with database_reading(self._using):
                read_verified_chain(self._contract, using=self._using)
        except ProblemsFoundError as found:
            return found.problems
        return ()

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        """Record the drafts as one transaction. Raises HeadMovedError, RefusedError, NotRecordedError,
        ProblemsFoundError."""
        return self.append_with(drafts, expected_head=expected_head, also=_nothing_else)

    def append_with(
        self, drafts: Sequence[Draft], *, expected_head: str | None, also: Callable[[], None]
    ) -> tuple[Entry, ...]:
        """The same, and in the same transaction what `also` writes, after the lock. What it raises undoes all of it."""
        if not drafts:
            return ()
        self._must_be_this_contract(drafts)
        added: tuple[Entry, ...] = ()
        try:
            # Durable: inside another transaction this would be acknowledged before it is recorded.
            with transaction.atomic(using=self._using, durable=True):
                known = self._locked(expected_head)
                also()
                entries = self._sealed(known.entries, drafts)
                self.insert(entries)
                added = entries
        except IntegrityError as error:
            raise self._conflict(drafts, error) from error
        except Error as error:
            hang_up(self._using)
            if not self._was_recorded(added, error):
                raise NotRecordedError(f"nothing was recorded: {database_error_text(error)}") from error
            return added
        self._keep(VerifiedEntries(known.entries.followed_by(added), known.erasures))
        return added

    def insert(self, entries: Sequence[Entry]) -> None:
        """The rows of one transaction, inside the caller's, after the lock; the chain is then known up to its end."""
        rows, texts = rows_of_entries(entries, contract=self._contract)
        LedgerEntry.objects.using(self._using).bulk_create(rows)
        LedgerText.objects.using(self._using).bulk_create(texts)
        last = entries[-1]
        contracts = StoredContract.objects.using(self._using).filter(id=self._contract)
        contracts.update(verified_seq=last.seq, verified_hash=last.hash)
        refresh_appointments(self._contract, entries, using=self._using)

    def lock(self) -> None:
        """Stand in line with the other writers to this contract, inside the caller's transaction."""
        connection = connections[self._using]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_WAIT)
                cursor.execute(_DURABLE)
        contracts = StoredContract.objects.using(self._using)
        if contracts.select_for_update().filter(id=self._contract).first() is None:
            contracts.bulk_create([StoredContract(id=self._contract)], ignore_conflicts=True)
            contracts.select_for_update().get(id=self._contract)

    def drop_text(self, *, seq: int, name: str) -> None:
        """Delete a free text for good; the entry, its hash and the chain stay. Raises NotRecordedError."""
        with database_writing(self._using), transaction.atomic(using=self._using, durable=True):
            self.lock()
            self.delete_texts([(seq, name)])

    def delete_texts(self, names: Iterable[tuple[int, str]]) -> None:
        """Inside the caller's transaction, after the lock. Readers that have the texts in memory will see it."""
        contract = StoredContract.objects.using(self._using).get(id=self._contract)
        erased = tuple(names)
        for seq, name in erased:
            texts = LedgerText.objects.using(self._using).filter(contract=self._contract, seq=seq, name=name)
            contract.erasures += texts.delete()[0]
        contract.save(using=self._using, update_fields=["erasures"])
        erase_from_pages(self._contract, erased, using=self._using)

    def _locked(self, expected_head: str | None) -> VerifiedEntries:
        self.lock()
        known = read_verified_chain(self._contract, using=self._using, known=self._kept())
        if head(known.entries) != expected_head:
            raise HeadMovedError
        return known

    def _kept(self) -> VerifiedEntries:
        return self._snapshots.of(self._contract, using=self._using)

    def _keep(self, known: VerifiedEntries) -> None:
        self._snapshots.keep(self._contract, known, using=self._using)

    def _sealed(self, entries: tuple[Entry, ...], drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        opened = opening(entries)
        if opened and opened.clock == "system" and self._clock.kind == "scripted":
            what = "this record keeps the time of the system, and a script may not date its entries"
            raise RefusedError("clock", what, "write to it with the system's clock")
        last = entries[-1] if entries else None
        return sealed_onto(last, drafts=drafts, recorded_at=self._clock.instant(), salts=self._salts)

    def _must_be_this_contract(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            if isinstance(draft.payload, RecordOpened) and draft.payload.contract != self._contract:
                what = f"the record of {draft.payload.contract} cannot be kept as that of {self._contract}"
                raise RefusedError(
                    "contract_id", what, f"open it as {self._contract}, or open the contract of that name"
                )

    def _conflict(self, drafts: Sequence[Draft], error: IntegrityError) -> Exception:
        keys = {key_digest(draft.act.key) for draft in drafts if draft.act.key is not None}
        with database_reading(self._using):
            taken = LedgerEntry.objects.using(self._using).filter(contract=self._contract, key_sha256__in=keys)
            if taken.exists():
                what = "the idempotency key was used before"
                return RefusedError("idempotency_key", what, "use a new key for a new act")
        return NotRecordedError(f"nothing was recorded: {database_error_text(error)}")

    def _was_recorded(self, added: Sequence[Entry], error: Exception) -> bool:
        """Whether a commit that was not answered happened. Behind the lock the answer does not change any more."""
        if not added:
            return False
        try:
            with transaction.atomic(using=self._using, durable=True):
                self.lock()
                return LedgerEntry.objects.using(self._using).filter(hash=added[-1].hash).exists()
        except Error as again:
            hang_up(self._using)
            what = "the connection was lost while recording, and whether it was recorded cannot be seen"
            remedy = "look at the record before repeating, or repeat with the same idempotency key"
            raise NotRecordedError(f"{what} ({database_error_text(again)}) - {remedy}") from error
