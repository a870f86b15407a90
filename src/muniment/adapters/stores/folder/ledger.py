"""ledger.jsonl: one canonical JSON entry a line, appended under a lock, verified whenever it is read.

A transaction is one write of all its lines, and every line names the last entry of its transaction. A crash can leave
a part of the write behind: a line without an end, or entries whose transaction has no end. Nobody was ever told that
these were recorded, so they do not count. Readers say so and change nothing; the next write moves the bytes into
ledger.jsonl.torn before it appends. Locks are advisory (flock) and end with the process that holds them.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from muniment.adapters.stores.files.durable import sync_folder, write_all, written_whole
from muniment.commands.entry_kinds import payload_problems
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import LEDGER_FILE, Draft, Entry
from muniment.domain.record.lines import LedgerReading, line_of, read_ledger
from muniment.domain.record.opened import opening
from muniment.domain.record.ports import Clock, ClockKind, HeadMovedError, NotRecordedError, Salts
from muniment.domain.record.replay import head
from muniment.domain.record.snapshot import Snapshot

TORN_FILE = f"{LEDGER_FILE}.torn"


class FolderLedger:
    """The ledger of one contract folder. Reads again only what was added since the last reading."""

    def __init__(self, contract_folder: Path, *, clock: Clock, salts: Salts) -> None:
        self._folder = contract_folder
        self._path = contract_folder / LEDGER_FILE
        self._clock = clock
        self._salts = salts
        self._verified: tuple[bytes, Snapshot] = (b"", Snapshot())

    @property
    def clock_kind(self) -> ClockKind:
        return self._clock.kind

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, verified. Raises ProblemsFoundError where the chain does not hold."""
        reading = self._read(self._bytes())
        raise_if_errors(reading.problems)
        return reading.entries

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the ledger; a warning where a crash left something that was never acknowledged."""
        data = self._bytes()
        reading = self._read(data)
        if reading.unfinished == len(data):
            return reading.problems
        what = "a crash left an unfinished entry behind; it was never acknowledged and does not count"
        place = Place(LEDGER_FILE, len(reading.entries) + 1)
        return (Problem(place, "F001", what, f"nothing to do: the next entry moves it to {TORN_FILE}", "warning"),)

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        """Record the drafts as one transaction. Raises HeadMovedError, RefusedError, NotRecordedError,
        ProblemsFoundError."""
        if not drafts:
            return ()
        try:
            with self._opened(os.O_RDWR | os.O_CREAT | os.O_APPEND, fcntl.LOCK_EX) as descriptor:
                return self._append(descriptor, drafts, expected_head)
        except OSError as error:
            what = f"the ledger could not be written: {error.strerror}; nothing was recorded"
            raise NotRecordedError(f"{what} - make room or ask for access, then repeat") from error

    def drop_text(self, *, seq: int, name: str) -> None:
        """Write the ledger anew without that text, whole or not at all. Raises NotRecordedError, ProblemsFoundError."""
        try:
            with self._opened(os.O_RDWR, fcntl.LOCK_EX) as descriptor:
                data = _all_bytes(descriptor)
                reading = self._read(data)
                raise_if_errors(reading.problems)
                entries = [entry.without_text(name) if entry.seq == seq else entry for entry in reading.entries]
                lines = b"".join(line_of(entry) for entry in entries)
                self._replace(lines + data[reading.unfinished :])
        except OSError as error:
            what = f"the ledger could not be written: {error.strerror}; the text is still there"
            raise NotRecordedError(f"{what} - make room or ask for access, then repeat") from error

    def _replace(self, content: bytes) -> None:
        """Another file takes the ledger's name; whoever waits for the lock of the old one opens the new one."""
        with written_whole(self._path, beside=self._folder / f".{LEDGER_FILE}.part") as file:
            file.write(content)

    def _append(self, descriptor: int, drafts: Sequence[Draft], expected_head: str | None) -> tuple[Entry, ...]:
        data = _all_bytes(descriptor)
        reading = self._read(data)
        raise_if_errors(reading.problems)
        if head(reading.entries) != expected_head:
            raise HeadMovedError
        self._must_be_in_time(reading.entries)
        last = reading.entries[-1] if reading.entries else None
        added = sealed_onto(last, drafts=drafts, recorded_at=self._clock.instant(), salts=self._salts)
        self._set_aside(descriptor, data[reading.unfinished :], keep=reading.unfinished)
        sound = data[: reading.unfinished]
        lines = b"".join(line_of(entry) for entry in added)
        separator = b"\n" if sound and not sound.endswith(b"\n") else b""
        self._write(descriptor, separator + lines, size=len(sound))
        self._verified = (sound + separator + lines, reading.entries.followed_by(added))
        return added

    def _write(self, descriptor: int, lines: bytes, *, size: int) -> None:
        """All the lines, on the disk; or the file as it was."""
        try:
            write_all(descriptor, lines)
            os.fsync(descriptor)
            if size == 0:
                sync_folder(self._folder)
        except OSError:
            os.ftruncate(descriptor, size)
            raise

    def _set_aside(self, descriptor: int, torn: bytes, *, keep: int) -> None:
        if not torn:
            return
        aside = os.open(self._folder / TORN_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            write_all(aside, torn if torn.endswith(b"\n") else torn + b"\n")
            os.fsync(aside)
        finally:
            os.close(aside)
        sync_folder(self._folder)
        os.ftruncate(descriptor, keep)
        os.fsync(descriptor)

    def _must_be_in_time(self, entries: Sequence[Entry]) -> None:
        opened = opening(entries)
        if opened and opened.clock == "system" and self._clock.kind == "scripted":
            what = "this record keeps the time of the system, and a script may not date its entries"
            raise RefusedError("clock", what, "write to it with the system's clock")

    def _read(self, data: bytes) -> LedgerReading:
        """The reading of all the bytes; what was verified before and stands unchanged is not verified again."""
        verified, known = self._verified
        if not data.startswith(verified):
            verified, known = b"", Snapshot()
        reading = read_ledger(data, known=known, start=len(verified))
        problems = reading.problems or payload_problems(reading.entries[len(known) :])
        if problems:
            return LedgerReading(Snapshot(), len(data), problems)
        sound = data[: reading.unfinished]
        if sound.endswith(b"\n"):
            self._verified = (sound, reading.entries)
        return reading

    def _bytes(self) -> bytes:
        try:
            with self._opened(os.O_RDONLY, fcntl.LOCK_SH) as descriptor:
                return _all_bytes(descriptor)
        except FileNotFoundError:
            return b""
        except OSError as error:
            what = f"the ledger cannot be read: {error.strerror}"
            raise ProblemsFoundError([Problem(Place(LEDGER_FILE), "F002", what, "ask for access to it")]) from error

    @contextmanager
    def _opened(self, flags: int, lock: int) -> Iterator[int]:
        """The ledger, locked. Opened again where another file took its name while waiting for the lock."""
        while True:
            descriptor = os.open(self._path, flags | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, lock)
                if _is_named(descriptor, self._path):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)


def _is_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _all_bytes(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    portions = []
    offset = 0
    while offset < size and (portion := os.pread(descriptor, size - offset, offset)):
        portions.append(portion)
        offset += len(portion)
    return b"".join(portions)
