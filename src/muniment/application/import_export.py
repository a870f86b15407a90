"""Carrying a contract between a folder and a register, and a register's list of contracts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.application.load import problems_of_text
from muniment.application.stores import Address, InRegister, clock, open_store, register_at
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.opened import opening
from muniment.domain.record.replay import head
from muniment.domain.regime.adoption import adopted_text_known, drift
from muniment.domain.regime.agreed import CONTRACT

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import Enrolled
    from muniment.adapters.stores.database.import_export import Carried


@dataclass(frozen=True)
class Moved:
    """`source`, `before`: heads of where it came from, and of where it went, before. `carried.head`: what both have
    now. `drafts`: files that came along and are not as they were adopted."""

    contract: str
    source: str | None
    before: str | None
    carried: "Carried"
    drafts: tuple[str, ...] = ()


def create_register(where: Address) -> None:
    """Make the register's tables, or bring them up to date; what is in it stays. Raises ProblemsFound, NotRecorded."""
    register_at(where, is_new=True).migrate()


def contracts_of(where: Address) -> "tuple[Enrolled, ...]":
    """Every contract of the register. Raises ProblemsFound."""
    return register_at(where).contracts()


def carry_into_register(folder: Path, *, where: Address) -> Moved:
    """Bring a folder's contract into the register, or what was added since. Raises Refused, ProblemsFound, NotRecorded.

    The folder stays as it is. Its text comes along, edited or not, unless its record is older than the register's. The
    authority is the one that an adopted text names, or the first text that there is.
    """
    register = register_at(where)
    from muniment.adapters.stores.database.import_export import carry_in

    source = open_store(folder)
    entries = source.ledger.entries()
    opened = opening(entries)
    if opened is None:
        what = "the folder keeps no record, so there is nothing to carry"
        raise ProblemsFound([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    into = register.store(opened.contract, clock=clock(), salts=SystemSalts())
    before = head(into.ledger.entries())
    carried = carry_in(source, into=into)
    known = next((one.authority for one in register.contracts() if one.contract == opened.contract), "")
    texts = source.read_texts()
    text, _, _ = problems_of_text(texts)
    drafts = () if carried.behind else _drafts(texts, entries)
    if text is not None and not carried.behind and (not known or CONTRACT not in drafts):
        register.enrol(opened.contract, authority=text.contract_text.authority.name)
    return Moved(opened.contract, head(entries), before, carried, drafts)


def _drafts(texts: Mapping[str, str], entries: Sequence[Entry]) -> tuple[str, ...]:
    """The files that are not as they were adopted last, but for those that never were."""
    adopted = adopted_text_known(entries)
    found = drift(adopted=adopted, texts=texts) if adopted else ()
    return tuple(file.path for file in found if file.how != "not adopted")


def carry_out_of_register(where: InRegister, *, folder: Path) -> Moved:
    """Write a register's contract out as a folder, or add to that folder what it has not. The register stays as it is.

    Raises Refused, ProblemsFound, NotRecorded.
    """
    store = register_at(where.address).store(where.contract, clock=clock(), salts=SystemSalts())
    from muniment.adapters.stores.database.folders import carry_out

    before = head(open_store(folder).ledger.entries()) if folder.is_dir() else None
    carried = carry_out(store, folder=folder)
    return Moved(where.contract, head(store.ledger.entries()), before, carried)
