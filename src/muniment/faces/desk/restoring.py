"""Restoring a backup: all of it is checked before any of it can be seen, and nothing that is there is overwritten."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from muniment.adapters.files.durable import sync_folder
from muniment.adapters.folder.clocks import SystemSalts
from muniment.adapters.folder.store import FolderStore
from muniment.domain.evidence.retention import files_needed
from muniment.domain.kernel.fingerprint import short
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors
from muniment.domain.record.opened import opening
from muniment.domain.record.ports import NotRecorded
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import head
from muniment.faces.desk.backing_up import Held
from muniment.faces.desk.backup_files import unpacked, wrong
from muniment.faces.desk.stores import InRegister, Where, clock, register_at

if TYPE_CHECKING:
    from muniment.adapters.files.blobs import FileBlobs
    from muniment.adapters.folder.ledger import FolderLedger
    from muniment.adapters.register.register import Register
    from muniment.adapters.register.store import RegisterStore


@dataclass(frozen=True)
class Staged:
    """A contract of a backup, unpacked and checked, where nobody looks yet."""

    held: Held
    folder: Path
    store: FolderStore

    @property
    def ledger(self) -> "FolderLedger":
        return self.store.ledger

    @property
    def blobs(self) -> "FileBlobs":
        return self.store.blobs

    def read_texts(self) -> Mapping[str, str]:
        return {path: (self.folder / path).read_bytes().decode() for path in self.held.texts}


@dataclass(frozen=True)
class Restored:
    """`is_there`: it was there already, with the same head. `left`: files that lay ready, which a register does not
    take. `put_back`: files that the register had lost, or that were altered there."""

    held: Held
    is_there: bool
    left: tuple[str, ...]
    put_back: int = 0


def restore(backup: Path, *, into: Where) -> tuple[Restored, ...]:
    """Restore every contract of a backup: one into the folder, several into a folder each inside it.

    Raises ProblemsFound where the backup is damaged, Refused where something else is there already, NotRecorded.
    """
    try:
        return _into_register(backup, into) if isinstance(into, InRegister) else _into_folder(backup, into)
    except OSError as failed:
        raise NotRecorded(f"nothing was restored: {failed.strerror} - make room or ask for access") from failed


def _into_folder(backup: Path, folder: Path) -> tuple[Restored, ...]:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("restore", f"{folder} is there already", "restore into a new folder, and compare the two")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _staging(folder.parent) as staging:
        staged = _checked(backup, staging)
        whole = staged[0].folder if len(staged) == 1 else staging
        whole.chmod(0o755)
        whole.rename(folder)
        sync_folder(folder.parent)
    return tuple(Restored(one.held, False, ()) for one in staged)


def _into_register(backup: Path, into: InRegister) -> tuple[Restored, ...]:
    register = register_at(into.address)
    done: list[Restored] = []
    into.address.files.mkdir(parents=True, exist_ok=True)
    with _staging(into.address.files) as staging:
        staged = _checked(backup, staging)
        if into.contract and [one.held.contract for one in staged] != [into.contract]:
            what = f"the backup holds {', '.join(one.held.contract for one in staged)}, not {into.contract}"
            raise Refused("restore", what, "restore it into 'register:'")
        stores = [register.store(one.held.contract, clock=clock(), salts=SystemSalts()) for one in staged]
        heads = [head(store.ledger.entries()) for store in stores]
        _must_not_overwrite(staged, heads)
        for one, store, there in zip(staged, stores, heads, strict=True):
            try:
                put_back = _put_into(store, one, register) if there is None else _repaired(store, one)
            except (NotRecorded, OSError) as failed:
                raise NotRecorded(_broken_off(one, done, failed)) from failed
            done.append(Restored(one.held, there is not None, one.held.ready, put_back))
    return tuple(done)


def _put_into(store: "RegisterStore", one: Staged, register: "Register") -> int:
    from muniment.adapters.register.carrying import carry_in

    carried = carry_in(one, into=store)
    register.enrol(one.held.contract, authority=one.held.authority)
    assert carried.head == one.held.head
    return 0


def _repaired(store: "RegisterStore", one: Staged) -> int:
    """Put back what the register lost: files, and the text where a restoring broke off before it. How many files."""
    from muniment.adapters.register.carrying import put_back

    if not store.read_texts():
        store.write_texts(one.read_texts())
    return put_back(one.ledger.entries(), source=one.blobs, into=store.blobs)


def _broken_off(one: Staged, done: Sequence[Restored], failed: Exception) -> str:
    before = f"restored before it: {', '.join(each.held.contract for each in done)}" if done else "nothing before it"
    why = failed.strerror if isinstance(failed, OSError) else failed
    return f"{one.held.contract} was not restored whole: {why} ({before}) - repeat it, and the rest follows"


def _must_not_overwrite(staged: Sequence[Staged], heads: Sequence[str | None]) -> None:
    for one, there in zip(staged, heads, strict=True):
        if there not in (None, one.held.head):
            what = f"the register has {one.held.contract} with another head, {short(there or '')}"
            raise Refused("restore", what, "restore into another register or a folder, and compare the two")


@contextmanager
def _staging(beside: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards whatever happens."""
    folder = Path(mkdtemp(prefix=".muniment-restore-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(backup: Path, staging: Path) -> tuple[Staged, ...]:
    """Unpack the backup and look at all of it. Raises ProblemsFound."""
    held = unpacked(backup, into=staging)
    staged = []
    for one in held:
        folder = staging / one.contract
        store = FolderStore(folder, clock=clock(), salts=SystemSalts())
        staged.append(Staged(one, folder, store))
        raise_if_errors(_problems(staged[-1], backup))
    for name, _, _ in os.walk(staging, topdown=False):
        sync_folder(Path(name))
    return tuple(staged)


def _problems(staged: Staged, backup: Path) -> list[Problem]:
    held = staged.held
    try:
        entries = staged.ledger.entries()
        opened = opening(entries)
        needed = files_needed(entries)
    except ProblemsFound as found:
        return [*found.problems]
    problems = []
    if opened is None or opened.contract != held.contract or (len(entries), head(entries)) != (held.entries, held.head):
        problems.append(wrong(backup, f"the record of {held.contract} has not the head that the manifest names"))
    problems += [
        Problem(Place(submission), "F010", "its file is not in the backup", "use another backup")
        for submission, digest in sorted(needed)
        if not staged.blobs.has(digest)
    ]
    return problems
