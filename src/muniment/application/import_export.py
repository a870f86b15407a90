"""Importing a contract from a folder into a database, exporting it, and a database's list of contracts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import ContractInDatabase, DatabaseAddress, database_at, open_store, system_clock
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.opened import opening
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import adopted_text_known, drift
from muniment.domain.regime.agreed import CONTRACT_FILE

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import EnrolledContract
    from muniment.adapters.stores.database.import_export import TransferSummary


@dataclass(frozen=True)
class Transfer:
    """`source`, `before`: heads of where it came from, and of where it went, before. `summary.head`: what both have
    now. `drafts`: files that came along and are not as they were adopted."""

    contract: str
    source: str | None
    before: str | None
    summary: "TransferSummary"
    drafts: tuple[str, ...] = ()


def create_database(where: DatabaseAddress) -> None:
    """Make the database's tables, or bring them up to date; what is in it stays. Raises ProblemsFoundError,
    NotRecordedError."""
    database_at(where, is_new=True).migrate()


def contracts_in_database(where: DatabaseAddress) -> "tuple[EnrolledContract, ...]":
    """Every contract of the database. Raises ProblemsFoundError."""
    return database_at(where).contracts()


def import_contract_folder(folder: Path, *, where: DatabaseAddress) -> Transfer:
    """Bring a folder's contract into the database, or what was added since. Raises RefusedError, ProblemsFoundError,
    NotRecordedError.

    The folder stays as it is. Its text comes along, edited or not, unless its record is older than the database's. The
    authority is the one that an adopted text names, or the first text that there is.
    """
    database = database_at(where)
    from muniment.adapters.stores.database.import_export import import_from_store

    source = open_store(folder)
    entries = source.ledger.entries()
    opened = opening(entries)
    if opened is None:
        what = "the folder keeps no record, so there is nothing to import"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    into = database.store(opened.contract, clock=system_clock(), salts=SystemSalts())
    before = head(into.ledger.entries())
    summary = import_from_store(source, into=into)
    known = next((one.authority for one in database.contracts() if one.contract == opened.contract), "")
    texts = source.read_texts()
    text, _, _ = problems_of_text(texts)
    drafts = () if summary.behind else _drafts(texts, entries)
    if text is not None and not summary.behind and (not known or CONTRACT_FILE not in drafts):
        database.enrol(opened.contract, authority=text.contract_text.authority.name)
    return Transfer(opened.contract, head(entries), before, summary, drafts)


def _drafts(texts: Mapping[str, str], entries: Sequence[Entry]) -> tuple[str, ...]:
    """The files that are not as they were adopted last, but for those that never were."""
    adopted = adopted_text_known(entries)
    found = drift(adopted=adopted, texts=texts) if adopted else ()
    return tuple(file.path for file in found if file.how != "not adopted")


def export_contract_folder(where: ContractInDatabase, *, folder: Path) -> Transfer:
    """Write a database's contract out as a folder, or add to that folder what it has not. The database stays as it is.

    Raises RefusedError, ProblemsFoundError, NotRecordedError.
    """
    store = database_at(where.address).store(where.contract, clock=system_clock(), salts=SystemSalts())
    from muniment.adapters.stores.database.folders import export_to_folder

    before = head(open_store(folder).ledger.entries()) if folder.is_dir() else None
    summary = export_to_folder(store, folder=folder)
    return Transfer(where.contract, head(store.ledger.entries()), before, summary)
