"""An entry as rows of the database, and rows as the entry that they were made from."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from muniment.adapters.stores.database.models import LedgerEntry, LedgerText
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.record.chain import RESTORE, entry_problems, link_problems
from muniment.domain.record.entry import LEDGER_FILE, Entry, SaltedText, faults
from muniment.domain.record.lines import read_line

Texts = Mapping[str, SaltedText]


def rows_of_entries(entries: Sequence[Entry], *, contract: str) -> tuple[list[LedgerEntry], list[LedgerText]]:
    """The rows of one transaction."""
    keys: set[str] = set()
    rows = []
    texts = []
    for entry in entries:
        is_first = entry.key is not None and entry.key not in keys
        keys.add(entry.key or "")
        rows.append(
            LedgerEntry(
                contract=contract,
                seq=entry.seq,
                kind=entry.kind,
                subject=entry.subject,
                actor=entry.actor,
                recorded_at=entry.recorded_at,
                key_sha256=key_digest(entry.key or "") if is_first else None,
                previous=entry.previous,
                hash=entry.hash,
                content=_content(entry),
            )
        )
        texts += [
            LedgerText(contract=contract, seq=entry.seq, name=name, salt=salted.salt, text=_quoted(salted.text))
            for name, salted in entry.texts.items()
        ]
    return rows, texts


def key_digest(key: str) -> str:
    """An idempotency key as the database looks it up: of any length, with any character."""
    return sha256(key.encode()).hexdigest()


def salted(salt: str, quoted: str) -> SaltedText:
    """The text of a row; one that is not in its form becomes a text that fits no commitment."""
    try:
        text = json.loads(quoted)
    except ValueError:
        text = None
    return SaltedText(salt, text if isinstance(text, str) else "")


def verified_entry(row: LedgerEntry, texts: Texts, *, last: Entry | None) -> Entry | tuple[Problem, ...]:
    """An entry whose form, hash, columns, texts and place in the chain were all looked at."""
    line = _line(row, texts)
    read = read_line(line, place=Place(LEDGER_FILE, row.seq)) if line else _altered(row.seq)
    if isinstance(read, Problem):
        return (read,)
    problems = [*entry_problems(read), *link_problems(last, read)]
    if not _is_of(row, read):
        problems.append(_altered(row.seq))
    return tuple(problems) or read


def known_entry(row: LedgerEntry, texts: Texts, *, last: Entry | None) -> Entry | tuple[Problem, ...]:
    """An entry that was verified whole before: hash, texts and link are looked at again, its form is not."""
    if sha256(row.content.encode()).hexdigest() != row.hash:
        return (_altered(row.seq),)
    entry = Entry(**json.loads(row.content), hash=row.hash, texts=dict(texts))
    problems = [
        Problem(Place(LEDGER_FILE, row.seq), "C005", fault, RESTORE)
        for fault in faults(commitments=entry.commitments, texts=texts)
    ]
    if not _is_of(row, entry) or (entry.seq, entry.previous) != _next(last):
        problems.append(_altered(row.seq))
    return tuple(problems) or entry


def _next(last: Entry | None) -> tuple[int, str | None]:
    return (last.seq + 1, last.hash) if last else (1, None)


def _is_of(row: LedgerEntry, entry: Entry) -> bool:
    """Whether the columns say what the content says."""
    columns = (row.seq, row.kind, row.subject, row.actor, row.recorded_at, row.previous)
    said = (entry.seq, entry.kind, entry.subject, entry.actor, entry.recorded_at, entry.previous)
    is_key = row.key_sha256 is None or (entry.key is not None and row.key_sha256 == key_digest(entry.key))
    return columns == said and is_key


def _content(entry: Entry) -> str:
    hashed = {name: value for name, value in entry.canonical().items() if name not in {"hash", "texts"}}
    return canonical_json(hashed).decode()


def _quoted(text: str) -> str:
    return canonical_json(text).decode()


def _line(row: LedgerEntry, texts: Texts) -> bytes | None:
    """The line that the entry has in a ledger file; None where the content does not fit its hash."""
    if sha256(row.content.encode()).hexdigest() != row.hash:
        return None
    beside: dict[str, Json] = {name: {"salt": text.salt, "text": text.text} for name, text in texts.items()}
    try:
        return canonical_json({**json.loads(row.content), "hash": row.hash, "texts": beside})
    except (ValueError, TypeError, RecursionError):
        return None


def _altered(seq: int) -> Problem:
    return Problem(Place(LEDGER_FILE, seq), "C003", "the entry was altered: its hash does not fit it", RESTORE)
