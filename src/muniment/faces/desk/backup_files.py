"""Unpacking a backup into a folder, member by member, each compared with the manifest; nothing in it is trusted."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from muniment.adapters.files.portions import copied
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors
from muniment.domain.record.entry import LEDGER_FILE
from muniment.domain.record.opened import CONTRACT_ID
from muniment.faces.desk.backing_up import FORMAT, MANIFEST, Held

LARGEST_MANIFEST = 1 << 28
DIGEST = re.compile(r"[0-9a-f]{64}")
Listed = tuple[str, int]
"""A member's sha256 and size."""


def unpacked(backup: Path, *, into: Path) -> tuple[Held, ...]:
    """The contracts of the backup, each in a folder of its id. Raises ProblemsFound where it is not whole."""
    if not backup.is_file():
        raise ProblemsFound([Problem(Place(str(backup)), "K002", "there is no such file", "name a backup")])
    try:
        with ZipFile(backup) as archive:
            members = _members(archive, backup)
            held, listed = _manifest(archive, members, backup)
            if set(listed) != set(members) - {MANIFEST}:
                raise ProblemsFound([wrong(backup, "its members are not those of its manifest")])
            raise_if_errors(_misnamed(held, listed, backup))
            problems = [
                problem
                for name, member in members.items()
                if name != MANIFEST and (problem := _take(archive, member, listed[name], backup, into)) is not None
            ]
    except (BadZipFile, EOFError, RuntimeError) as damaged:
        raise ProblemsFound([wrong(backup, f"it cannot be read: {damaged}")]) from damaged
    raise_if_errors(problems)
    return held


def wrong(backup: Path, what: str) -> Problem:
    return Problem(Place(str(backup)), "K003", what, "use another backup")


def _members(archive: ZipFile, backup: Path) -> Mapping[str, ZipInfo]:
    """Name -> member, where each is stored as it is and none comes twice."""
    members = archive.infolist()
    found = {member.filename: member for member in members}
    is_plain = all(member.compress_type == ZIP_STORED and not member.flag_bits & 1 for member in members)
    if len(found) != len(members) or not is_plain or MANIFEST not in found:
        raise ProblemsFound([wrong(backup, "this is not a backup that Muniment made")])
    return found


def _manifest(
    archive: ZipFile, members: Mapping[str, ZipInfo], backup: Path
) -> tuple[tuple[Held, ...], Mapping[str, Listed]]:
    if members[MANIFEST].file_size > LARGEST_MANIFEST:
        raise ProblemsFound([wrong(backup, "its manifest is too large")])
    try:
        read: Json = json.loads(archive.read(MANIFEST))
    except (ValueError, RecursionError):
        read = None
    match read:
        case {"format": str(form), "contracts": [*contracts], "members": {**listed}} if form == FORMAT:
            held = tuple(_held(contract) for contract in contracts)
            known = {str(name): _listed(value) for name, value in listed.items()}
            ids = [one.contract for one in held if one is not None]
            if None not in held and None not in known.values() and len(set(ids)) == len(held) > 0:
                return tuple(one for one in held if one), {name: value for name, value in known.items() if value}
    raise ProblemsFound([wrong(backup, "its manifest is not one that this Muniment reads")])


def _held(read: object) -> Held | None:
    match read:
        case {
            "contract": str(contract),
            "authority": str(authority),
            "entries": int(entries),
            "head": str(head),
            "texts": [*texts],
            "ready": [*ready],
        } if CONTRACT_ID.fullmatch(contract):
            return Held(contract, authority, entries, head, tuple(map(str, texts)), tuple(map(str, ready)))
    return None


def _misnamed(held: tuple[Held, ...], listed: Mapping[str, Listed], backup: Path) -> Iterator[Problem]:
    """What a contract says of its files, and is no member in its place: it would be read from somewhere else."""
    for one in held:
        inside = {name.removeprefix(f"{one.contract}/") for name in listed if name.startswith(f"{one.contract}/")}
        texts = {name for name in inside if name.startswith("texts/")}
        ready = {name for name in inside if name.startswith("evidence/")}
        if {f"texts/{path}" for path in one.texts} != texts or {*one.ready} != ready:
            yield wrong(backup, f"the files that its manifest names for {one.contract} are not those that it has")


def _listed(read: object) -> Listed | None:
    match read:
        case {"sha256": str(digest), "bytes": int(size)}:
            return digest, size
    return None


def _take(archive: ZipFile, member: ZipInfo, listed: Listed, backup: Path, into: Path) -> Problem | None:
    """Unpack one member. A file that it should not be is a problem."""
    inside = _place(member.filename)
    if inside is None:
        return wrong(backup, f"'{member.filename}' has no place in a contract")
    path = into / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("wb") as file:
        digest, size = copied(source, into=file)
        file.flush()
        os.fsync(file.fileno())
    if path.parent.parent.name == "blobs":
        path.chmod(0o444)
        if path.name != digest:
            return wrong(backup, f"'{member.filename}' was altered")
    return None if (digest, size) == listed else wrong(backup, f"'{member.filename}' was altered")


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
        case ["blobs", digest] if DIGEST.fullmatch(digest):
            return Path(contract, "blobs", digest[:2], digest)
        case ["texts", *path] if path and path[0] not in {"blobs", "evidence", LEDGER_FILE}:
            return Path(contract, *path)
        case ["evidence", _, _]:
            return Path(contract, *inside)
    return None
