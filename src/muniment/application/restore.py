"""Restoring a backup: all of it is checked before any of it can be seen, and nothing that is there is overwritten."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from muniment.adapters.stores.files.durable import copied, sync_folder
from muniment.adapters.stores.folder.clocks import SystemSalts
from muniment.adapters.stores.folder.store import FolderStore
from muniment.application.backup import BACKUP_FORMAT, BACKUP_MANIFEST, BackupContract
from muniment.application.stores import ContractInDatabase, ContractPlace, database_at, system_clock
from muniment.domain.evidence.retention import files_needed
from muniment.domain.kernel.fingerprint import Json, short
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import LEDGER_FILE
from muniment.domain.record.opened import CONTRACT_ID, opening
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head

if TYPE_CHECKING:
    from muniment.adapters.stores.database.database import ContractDatabase
    from muniment.adapters.stores.database.store import DatabaseStore
    from muniment.adapters.stores.files.blobs import FileBlobs
    from muniment.adapters.stores.folder.ledger import FolderLedger


LARGEST_MANIFEST = 1 << 28
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ListedFile = tuple[str, int]
"""A member's sha256 and size."""


def unpack_backup(backup: Path, *, into: Path) -> tuple[BackupContract, ...]:
    """The contracts of the backup, each in a folder of its id. Raises ProblemsFoundError where it is not whole."""
    if not backup.is_file():
        raise ProblemsFoundError([Problem(Place(str(backup)), "K002", "there is no such file", "name a backup")])
    try:
        with ZipFile(backup) as archive:
            members = _members(archive, backup)
            held, listed = _manifest(archive, members, backup)
            if set(listed) != set(members) - {BACKUP_MANIFEST}:
                raise ProblemsFoundError([backup_problem(backup, "its members are not those of its manifest")])
            raise_if_errors(_misnamed(held, listed, backup))
            problems = [
                problem
                for name, member in members.items()
                if name != BACKUP_MANIFEST
                and (problem := _take(archive, member, listed[name], backup, into)) is not None
            ]
    except (BadZipFile, EOFError, RuntimeError) as damaged:
        raise ProblemsFoundError([backup_problem(backup, f"it cannot be read: {damaged}")]) from damaged
    raise_if_errors(problems)
    return held


def backup_problem(backup: Path, what: str) -> Problem:
    return Problem(Place(str(backup)), "K003", what, "use another backup")


def _members(archive: ZipFile, backup: Path) -> Mapping[str, ZipInfo]:
    """Name -> member, where each is stored as it is and none comes twice."""
    members = archive.infolist()
    found = {member.filename: member for member in members}
    is_plain = all(member.compress_type == ZIP_STORED and not member.flag_bits & 1 for member in members)
    if len(found) != len(members) or not is_plain or BACKUP_MANIFEST not in found:
        raise ProblemsFoundError([backup_problem(backup, "this is not a backup that Muniment made")])
    return found


def _manifest(
    archive: ZipFile, members: Mapping[str, ZipInfo], backup: Path
) -> tuple[tuple[BackupContract, ...], Mapping[str, _ListedFile]]:
    if members[BACKUP_MANIFEST].file_size > LARGEST_MANIFEST:
        raise ProblemsFoundError([backup_problem(backup, "its manifest is too large")])
    try:
        read: Json = json.loads(archive.read(BACKUP_MANIFEST))
    except (ValueError, RecursionError):
        read = None
    match read:
        case {"format": str(form), "contracts": [*contracts], "members": {**listed}} if form == BACKUP_FORMAT:
            held = tuple(_held(contract) for contract in contracts)
            known = {str(name): _listed(value) for name, value in listed.items()}
            ids = [one.contract for one in held if one is not None]
            if None not in held and None not in known.values() and len(set(ids)) == len(held) > 0:
                return tuple(one for one in held if one), {name: value for name, value in known.items() if value}
    raise ProblemsFoundError([backup_problem(backup, "its manifest is not one that this Muniment reads")])


def _held(read: object) -> BackupContract | None:
    match read:
        case {
            "contract": str(contract),
            "authority": str(authority),
            "entries": int(entries),
            "head": str(head),
            "texts": [*texts],
            "ready": [*ready],
        } if CONTRACT_ID.fullmatch(contract):
            return BackupContract(contract, authority, entries, head, tuple(map(str, texts)), tuple(map(str, ready)))
    return None


def _misnamed(held: tuple[BackupContract, ...], listed: Mapping[str, _ListedFile], backup: Path) -> Iterator[Problem]:
    """What a contract says of its files, and is no member in its place: it would be read from somewhere else."""
    for one in held:
        inside = {name.removeprefix(f"{one.contract}/") for name in listed if name.startswith(f"{one.contract}/")}
        texts = {name for name in inside if name.startswith("texts/")}
        ready = {name for name in inside if name.startswith("evidence/")}
        if {f"texts/{path}" for path in one.texts} != texts or {*one.ready} != ready:
            yield backup_problem(
                backup, f"the files that its manifest names for {one.contract} are not those that it has"
            )


def _listed(read: object) -> _ListedFile | None:
    match read:
        case {"sha256": str(digest), "bytes": int(size)}:
            return digest, size
    return None


def _take(archive: ZipFile, member: ZipInfo, listed: _ListedFile, backup: Path, into: Path) -> Problem | None:
    """Unpack one member. A file that it should not be is a problem."""
    inside = _place(member.filename)
    if inside is None:
        return backup_problem(backup, f"'{member.filename}' has no place in a contract")
    path = into / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("wb") as file:
        digest, size = copied(source, into=file)
        file.flush()
        os.fsync(file.fileno())
    if path.parent.parent.name == "blobs":
        path.chmod(0o444)
        if path.name != digest:
            return backup_problem(backup, f"'{member.filename}' was altered")
    return None if (digest, size) == listed else backup_problem(backup, f"'{member.filename}' was altered")


def _place(name: str) -> Path | None:
    """Where a member belongs below the folder."""
    contract, *inside = name.split("/")
    if not CONTRACT_ID.fullmatch(contract) or not inside or any(part in {"", ".", ".."} for part in inside):
        return None
    if "\\" in name or "\0" in name:
        return None
    match inside:
        case [file] if file == LEDGER_FILE:
            return Path(contract, LEDGER_FILE)
        case ["blobs", digest] if _DIGEST.fullmatch(digest):
            return Path(contract, "blobs", digest[:2], digest)
        case ["texts", *path] if path and path[0] not in {"blobs", "evidence", LEDGER_FILE}:
            return Path(contract, *path)
        case ["evidence", _, _]:
            return Path(contract, *inside)
    return None


@dataclass(frozen=True)
class StagedContract:
    """A contract of a backup, unpacked and checked, where nobody looks yet."""

    held: BackupContract
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
class RestoredContract:
    """`is_there`: it was there already, with the same head. `left`: files that lay ready, which a database does not
    take. `restore_blobs`: files that the database had lost, or that were altered there."""

    held: BackupContract
    is_there: bool
    left: tuple[str, ...]
    put_back: int = 0


def restore(backup: Path, *, into: ContractPlace) -> tuple[RestoredContract, ...]:
    """Restore every contract of a backup: one into the folder, several into a folder each inside it.

    Raises ProblemsFoundError where the backup is damaged, RefusedError where something else is there already,
    NotRecordedError.
    """
    try:
        return _into_database(backup, into) if isinstance(into, ContractInDatabase) else _into_folder(backup, into)
    except OSError as failed:
        raise NotRecordedError(f"nothing was restored: {failed.strerror} - make room or ask for access") from failed


def _into_folder(backup: Path, folder: Path) -> tuple[RestoredContract, ...]:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("restore", f"{folder} is there already", "restore into a new folder, and compare the two")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _staging(folder.parent) as staging:
        staged = _checked(backup, staging)
        whole = staged[0].folder if len(staged) == 1 else staging
        whole.chmod(0o755)
        whole.rename(folder)
        sync_folder(folder.parent)
    return tuple(RestoredContract(one.held, False, ()) for one in staged)


def _into_database(backup: Path, into: ContractInDatabase) -> tuple[RestoredContract, ...]:
    database = database_at(into.address)
    done: list[RestoredContract] = []
    into.address.files.mkdir(parents=True, exist_ok=True)
    with _staging(into.address.files) as staging:
        staged = _checked(backup, staging)
        if into.contract and [one.held.contract for one in staged] != [into.contract]:
            what = f"the backup holds {', '.join(one.held.contract for one in staged)}, not {into.contract}"
            raise RefusedError("restore", what, "restore it into 'database:'")
        stores = [database.store(one.held.contract, clock=system_clock(), salts=SystemSalts()) for one in staged]
        heads = [head(store.ledger.entries()) for store in stores]
        _must_not_overwrite(staged, heads)
        for one, store, there in zip(staged, stores, heads, strict=True):
            try:
                put_back = _put_into(store, one, database) if there is None else _repaired(store, one)
            except (NotRecordedError, OSError) as failed:
                raise NotRecordedError(_broken_off(one, done, failed)) from failed
            done.append(RestoredContract(one.held, there is not None, one.held.ready, put_back))
    return tuple(done)


def _put_into(store: "DatabaseStore", one: StagedContract, database: "ContractDatabase") -> int:
    from muniment.adapters.stores.database.import_export import import_from_store

    summary = import_from_store(one, into=store)
    database.enrol(one.held.contract, authority=one.held.authority)
    assert summary.head == one.held.head
    return 0


def _repaired(store: "DatabaseStore", one: StagedContract) -> int:
    """Put back what the database lost: files, and the text where a restoring broke off before it. How many files."""
    from muniment.adapters.stores.database.import_export import restore_blobs

    if not store.read_texts():
        store.write_texts(one.read_texts())
    return restore_blobs(one.ledger.entries(), source=one.blobs, into=store.blobs)


def _broken_off(one: StagedContract, done: Sequence[RestoredContract], failed: Exception) -> str:
    before = f"restored before it: {', '.join(each.held.contract for each in done)}" if done else "nothing before it"
    why = failed.strerror if isinstance(failed, OSError) else failed
    return f"{one.held.contract} was not restored whole: {why} ({before}) - repeat it, and the rest follows"


def _must_not_overwrite(staged: Sequence[StagedContract], heads: Sequence[str | None]) -> None:
    for one, there in zip(staged, heads, strict=True):
        if there not in (None, one.held.head):
            what = f"the database has {one.held.contract} with another head, {short(there or '')}"
            raise RefusedError("restore", what, "restore into another database or a folder, and compare the two")


@contextmanager
def _staging(beside: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards whatever happens."""
    folder = Path(mkdtemp(prefix=".muniment-restore-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(backup: Path, staging: Path) -> tuple[StagedContract, ...]:
    """Unpack the backup and look at all of it. Raises ProblemsFoundError."""
    held = unpack_backup(backup, into=staging)
    staged = []
    for one in held:
        folder = staging / one.contract
        store = FolderStore(folder, clock=system_clock(), salts=SystemSalts())
        staged.append(StagedContract(one, folder, store))
        raise_if_errors(_problems(staged[-1], backup))
    for name, _, _ in os.walk(staging, topdown=False):
        sync_folder(Path(name))
    return tuple(staged)


def _problems(staged: StagedContract, backup: Path) -> list[Problem]:
    held = staged.held
    try:
        entries = staged.ledger.entries()
        opened = opening(entries)
        needed = files_needed(entries)
    except ProblemsFoundError as found:
        return [*found.problems]
    problems = []
    if opened is None or opened.contract != held.contract or (len(entries), head(entries)) != (held.entries, held.head):
        problems.append(
            backup_problem(backup, f"the record of {held.contract} has not the head that the manifest names")
        )
    problems += [
        Problem(Place(submission), "F010", "its file is not in the backup", "use another backup")
        for submission, digest in sorted(needed)
        if not staged.blobs.has(digest)
    ]
    return problems
