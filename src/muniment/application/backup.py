"""A backup: all that is kept of contracts in one zip, whose bytes depend on what is kept alone.

Members are stored and not packed, so that the same record gives the same bytes wherever it is backed up, and a file of
any size is copied in portions. The last member, manifest.json, has the sha256 of every other one, and the heads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from muniment.adapters.stores.files.durable import copied, written_whole
from muniment.application.parsed_text import problems_of_text
from muniment.application.stores import (
    ContractInDatabase,
    ContractPlace,
    DatabaseAddress,
    Store,
    database_at,
    open_store,
)
from muniment.domain.evidence.retention import discarded_files, files_needed
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.record.entry import LEDGER_FILE, Entry
from muniment.domain.record.index import digests_named
from muniment.domain.record.lines import line_of
from muniment.domain.record.opened import opening
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.replay import head

BACKUP_FORMAT = "muniment backup 1"
BACKUP_MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
Content = bytes | Path


@dataclass(frozen=True)
class BackupContract:
    """A contract in a backup. `authority`: blank where nobody said. `head`: of its record, of so many `entries`.
    `texts`: the agreed text's files, in their order. `ready`: files that merely lay ready in a folder."""

    contract: str
    authority: str
    entries: int
    head: str
    texts: tuple[str, ...]
    ready: tuple[str, ...]

    def fields(self) -> dict[str, Json]:
        return {
            "contract": self.contract,
            "authority": self.authority,
            "entries": self.entries,
            "head": self.head,
            "texts": [*self.texts],
            "ready": [*self.ready],
        }


def back_up(where: ContractPlace, *, out: Path) -> tuple[BackupContract, ...]:
    """Back up one contract. Raises ProblemsFoundError where something is missing or altered, NotRecordedError."""
    store = open_store(where)
    return _written([(_authority(where, store), store)], out)


def back_up_all(where: DatabaseAddress, *, out: Path) -> tuple[BackupContract, ...]:
    """Back up every contract of a database. Raises ProblemsFoundError, NotRecordedError."""
    enrolled = [known for known in database_at(where).contracts() if known.head is not None]
    stores = [(known.authority, open_store(ContractInDatabase(known.contract, where))) for known in enrolled]
    return _written(stores, out)


def _authority(where: ContractPlace, store: Store) -> str:
    """As the database has it; for a folder, as its text says."""
    if isinstance(where, ContractInDatabase):
        return next(
            known.authority for known in database_at(where.address).contracts() if known.contract == where.contract
        )
    text, _, _ = problems_of_text(store.read_texts())
    return text.contract_text.authority.name if text else ""


def _written(stores: Sequence[tuple[str, Store]], out: Path) -> tuple[BackupContract, ...]:
    """Written beside its place, synced, and then named: a backup is never half there."""
    beside = out.with_name(f".{out.name}.{token_hex(8)}.part")
    try:
        with written_whole(out, beside=beside) as file:
            return _write(file, stores)
    except OSError as error:
        raise NotRecordedError(f"there is no backup: {error.strerror} - make room or ask for access") from error


def _write(file: BinaryIO, stores: Sequence[tuple[str, Store]]) -> tuple[BackupContract, ...]:
    held: list[BackupContract] = []
    digests: dict[str, Json] = {}
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for authority, store in stores:
            contract, members = _contract(store, authority)
            held.append(contract)
            for name, content in sorted(members.items()):
                digests[name] = _copied(archive, name, content)
        manifest: Json = {"format": BACKUP_FORMAT, "contracts": [one.fields() for one in held], "members": digests}
        _copied(archive, BACKUP_MANIFEST, canonical_json(manifest))
    return tuple(held)


def _contract(store: Store, authority: str) -> tuple[BackupContract, Mapping[str, Content]]:
    """What is kept of a contract, as known when this began: what others record meanwhile is in the next backup."""
    entries = store.ledger.entries()
    opened = opening(entries)
    if opened is None:
        what = "there is no record, so there is nothing to back up"
        raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "K001", what, "open a record first")])
    texts = store.read_texts()
    ready = [path for paths in store.evidence_files().values() for path in paths]
    inside: dict[str, Content] = {LEDGER_FILE: b"".join(line_of(entry) for entry in entries)}
    inside |= {f"texts/{path}": text.encode() for path, text in texts.items()}
    inside |= {f"blobs/{digest}": content for digest, content in _files(store, entries).items()}
    inside |= {path.relative_to(store.path).as_posix(): path for path in ready}
    names = tuple(sorted(path.relative_to(store.path).as_posix() for path in ready))
    held = BackupContract(opened.contract, authority, len(entries), head(entries) or "", tuple(texts), names)
    return held, {f"{opened.contract}/{name}": content for name, content in inside.items()}


def _files(store: Store, entries: Sequence[Entry]) -> dict[str, Content]:
    """sha256 -> every file that an entry names, earlier texts among them. Raises ProblemsFoundError where one is
    missing."""
    raise_if_errors(
        Problem(Place(f"blobs/{digest[:2]}/{digest}"), "F010", "the file is missing", "put it back from a copy")
        for digest in sorted({digest for _, digest in files_needed(entries)})
        if not store.blobs.has(digest)
    )
    named = digests_named(entries) - discarded_files(entries)
    now = {sha256(text.encode()).hexdigest() for text in store.read_texts().values()}
    texts = {digest: text.encode() for digest, text in store.texts_kept().items() if digest in named - now}
    blobs = {digest: store.blobs.path(digest) for digest in named if store.blobs.has(digest)}
    return {**texts, **blobs}


def _copied(archive: ZipFile, name: str, content: Content) -> dict[str, Json]:
    """Write a member in portions; its sha256 and size, as the manifest has them."""
    member = ZipInfo(name, _EPOCH)
    member.external_attr = 0o644 << 16
    member.create_system = 3  # else the same backup differs between systems
    with (
        BytesIO(content) if isinstance(content, bytes) else content.open("rb") as source,
        archive.open(member, "w", force_zip64=True) as into,
    ):
        digest, size = copied(source, into=into)
    return {"sha256": digest, "bytes": size}
