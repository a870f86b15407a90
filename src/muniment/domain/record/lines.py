"""The ledger as text: one canonical JSON entry a line, read strictly."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.record.act import PARTIES
from muniment.domain.record.chain import RESTORE, entry_problems, link_problems
from muniment.domain.record.entry import LEDGER_FILE, Entry, SaltedText
from muniment.domain.record.reader import PayloadError, PayloadReader
from muniment.domain.record.snapshot import Snapshot


@dataclass(frozen=True)
class LedgerReading:
    """What the text of a ledger holds.

    `entries`: those of whole transactions. `unfinished`: where the bytes of a transaction begin that was never finished
    and so never acknowledged; the length of the text where there is none. `problems`: empty where the chain holds.
    """

    entries: Snapshot
    unfinished: int
    problems: tuple[Problem, ...]


def line_of(entry: Entry) -> bytes:
    """The line of the ledger for an entry, with its line feed."""
    return canonical_json(entry.canonical()) + b"\n"


def read_ledger(
    data: bytes, *, file: str = LEDGER_FILE, known: Snapshot | None = None, start: int = 0
) -> LedgerReading:
    """Read and verify. `known`: entries already verified, whose lines end at byte `start`.

    A last line without its line feed counts if it is a whole entry, for an editor may have taken the line feed away;
    otherwise it is the trace of a crash. So are entries at the end whose transaction has no end.
    """
    before = Snapshot() if known is None else known
    *lines, tail = data[start:].split(b"\n")
    entries: list[Entry] = []
    problems: list[Problem] = []
    ends = [start]
    last: Entry | None = before[-1] if before else None
    is_linked = True
    for number, line in enumerate(lines, start=len(before) + 1):
        entry = read_line(line, place=Place(file, number))
        ends.append(ends[-1] + len(line) + 1)
        if isinstance(entry, Problem):
            problems.append(entry)
            is_linked = False
            continue
        problems.extend(_at_line(number, entry_problems(entry, file=file)))
        if is_linked:
            problems.extend(_at_line(number, link_problems(last, entry, file=file)))
        entries.append(entry)
        last, is_linked = entry, True
    if tail and not problems:
        entry = read_line(tail, place=Place(file, len(before) + len(entries) + 1))
        if not isinstance(entry, Problem) and not entry_problems(entry) and not link_problems(last, entry):
            entries.append(entry)
            ends.append(len(data))
    if problems:
        return LedgerReading(Snapshot(), len(data), tuple(problems))
    whole = _whole_transactions(entries)
    return LedgerReading(before.followed_by(entries[:whole]) if whole else before, ends[whole], ())


def read_line(line: bytes, *, place: Place) -> Entry | Problem:
    """One line as an entry, or what is wrong with its form. The hash is not looked at."""
    try:
        entry = _entry(json.loads(line, parse_float=_no_float, parse_constant=_no_float))
        if line_of(entry) != line + b"\n":
            return Problem(place, "C001", "the line is not in canonical form", RESTORE)
    except json.JSONDecodeError as error:
        return Problem(place.shifted(error.pos), "C001", f"the line is not JSON: {error.msg}", RESTORE)
    except (ValueError, TypeError, RecursionError) as error:
        return Problem(place, "C001", f"the line is not an entry of a ledger: {error}", RESTORE)
    return entry


def _whole_transactions(entries: Sequence[Entry]) -> int:
    """How many entries from the start belong to whole transactions."""
    count = len(entries)
    while count and entries[count - 1].transaction_end != entries[count - 1].seq:
        count -= 1
    return count


def _at_line(number: int, problems: Sequence[Problem]) -> list[Problem]:
    return [Problem(Place(p.place.file, number), p.code, p.what, p.remedy, p.severity) for p in problems]


def _entry(value: Json) -> Entry:
    fields = _object(value, "the line")
    read = PayloadReader(fields=fields, texts={})
    entry = Entry(
        seq=read.whole("seq"),
        kind=read.line("kind"),
        version=read.whole("version"),
        subject=read.line("subject"),
        payload=_object(read.value("payload"), "'payload'"),
        commitments=_texts(read.value("commitments"), "'commitments'"),
        actor=read.line("actor"),
        on_behalf_of=read.choice("on_behalf_of", PARTIES),
        recorded_at=read.line("recorded_at"),
        key=read.line_or_none("key"),
        transaction_end=read.whole("transaction_end"),
        previous=read.line_or_none("previous"),
        hash=read.digest("hash"),
        texts={name: _salted(text) for name, text in _object(read.value("texts"), "'texts'").items()},
        schema=read.whole("schema"),
    )
    read.finish()
    return entry


def _object(value: Json, name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise PayloadError(f"{name} must be an object")
    return value


def _texts(value: Json, name: str) -> dict[str, str]:
    found = {key: text for key, text in _object(value, name).items() if isinstance(text, str)}
    if len(found) != len(_object(value, name)):
        raise PayloadError(f"{name} must hold texts only")
    return found


def _salted(value: Json) -> SaltedText:
    read = _texts(value, "a text")
    if set(read) != {"salt", "text"}:
        raise PayloadError("a text must have a salt and a text, and nothing else")
    return SaltedText(read["salt"], read["text"])


def _no_float(text: str) -> NoReturn:
    raise PayloadError(f"{text} is not a whole number")
