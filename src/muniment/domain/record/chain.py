"""The hash chain: sealing new entries into it, and showing that nothing in it was altered."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import ENTRY_SCHEMA, LEDGER_FILE, Draft, Entry, SaltedText, faults
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.ports import Salts

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
CLOCKS_DIFFER = timedelta(days=1)
RESTORE = "restore the ledger from a copy whose head you trust"


def is_instant(text: str) -> bool:
    """Whether the text is a moment in UTC in the one form of the ledger, 2019-05-08T09:30:00Z."""
    try:
        return _INSTANT.fullmatch(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def sealed_onto(last: Entry | None, *, drafts: Sequence[Draft], recorded_at: str, salts: Salts) -> tuple[Entry, ...]:
    """The drafts as one transaction after `last`. A time before that of `last` becomes the same time: clocks
    differ a little. Raises RefusedError where it is more than a day before it: one of the two clocks is wrong then."""
    entries: list[Entry] = []
    if last:
        _must_not_lag(last, recorded_at)
    first = last.seq + 1 if last else 1
    at = max(recorded_at, last.recorded_at) if last else recorded_at
    for seq, draft in enumerate(drafts, start=first):
        texts = {name: SaltedText(salts.salt(seq=seq, name=name), text) for name, text in draft.texts().items()}
        entry = Entry(
            seq=seq,
            kind=draft.payload.kind,
            version=draft.payload.version,
            subject=draft.subject,
            payload=draft.payload.fields(),
            commitments={name: text.commitment for name, text in texts.items()},
            actor=draft.act.actor,
            on_behalf_of=draft.act.on_behalf_of,
            recorded_at=at,
            key=draft.act.key,
            transaction_end=first + len(drafts) - 1,
            previous=last.hash if last else None,
            hash="",
            texts=texts,
        )
        last = entry.sealed()
        entries.append(last)
    return tuple(entries)


def _must_not_lag(last: Entry, recorded_at: str) -> None:
    if datetime.fromisoformat(last.recorded_at) - datetime.fromisoformat(recorded_at) > CLOCKS_DIFFER:
        what = f"the clock of this machine says {recorded_at}, and entry {last.seq} was recorded at {last.recorded_at}"
        remedy = (
            f"set this clock right where it is wrong; where the clock of entry {last.seq} was, restore a copy of the "
            "record from before it"
        )
        raise RefusedError("clock", what, remedy)


def verify_chain(
    entries: Sequence[Entry], *, file: str = LEDGER_FILE, after: Entry | None = None, printed_head: str | None = None
) -> tuple[Problem, ...]:
    """Everything wrong with the chain, in order of lines; none where it holds.

    `after`: the verified entry that the first one follows. `printed_head`: a head that somebody kept from elsewhere
    (a footer, a mail; 12 digits are enough). A ledger that never had that head is not the one it was printed from.
    """
    problems: list[Problem] = []
    last = after
    for entry in entries:
        problems.extend(entry_problems(entry, file=file))
        problems.extend(link_problems(last, entry, file=file))
        last = entry
    if last and last.transaction_end != last.seq:
        problems.append(_problem(last, file, "C008", "the last transaction is incomplete", RESTORE))
    if printed_head is not None and not _had(entries, printed_head):
        place = Place(file, last.seq if last else 1)
        problems.append(Problem(place, "C009", f"this ledger never had the head {printed_head}", RESTORE))
    return tuple(problems)


def entry_problems(entry: Entry, *, file: str = LEDGER_FILE) -> tuple[Problem, ...]:
    """What is wrong with an entry by itself."""
    if entry.schema != ENTRY_SCHEMA:
        what = f"the entry has schema {entry.schema}, this Muniment reads {ENTRY_SCHEMA}"
        return (_problem(entry, file, "C002", what, "read the record with a newer Muniment"),)
    problems = []
    if entry.computed_hash() != entry.hash:
        problems.append(_problem(entry, file, "C003", "the entry was altered: its hash does not fit it", RESTORE))
    if not is_instant(entry.recorded_at):
        what = f"'{entry.recorded_at}' is not a time such as 2019-05-08T09:30:00Z"
        problems.append(_problem(entry, file, "C004", what, RESTORE))
    error = faults(commitments=entry.commitments, texts=entry.texts)
    missing = () if "reason" in entry.commitments else ("the entry has no reason",)
    problems.extend(_problem(entry, file, "C005", fault, RESTORE) for fault in (*error, *missing))
    return tuple(problems)


def link_problems(last: Entry | None, entry: Entry, *, file: str = LEDGER_FILE) -> tuple[Problem, ...]:
    """What is wrong with the place of an entry after the one before it (None: at the start)."""
    problems = []
    if entry.seq != (last.seq + 1 if last else 1) or entry.previous != (last.hash if last else None):
        what = "the entry does not follow the one before it: something was taken out, put in or moved"
        problems.append(_problem(entry, file, "C006", what, RESTORE))
    if last and entry.recorded_at < last.recorded_at:
        what = f"the entry is dated {entry.recorded_at}, before the one it follows"
        problems.append(_problem(entry, file, "C004", what, RESTORE))
    if not _continues(last, entry):
        problems.append(_problem(entry, file, "C008", "the transaction before this entry is incomplete", RESTORE))
    if (entry.kind == RecordOpened.kind) != (last is None):
        what = f"the first entry of a ledger, and no other, is '{RecordOpened.kind}'; here is '{entry.kind}'"
        problems.append(_problem(entry, file, "C007", what, RESTORE))
    return tuple(problems)


def _continues(last: Entry | None, entry: Entry) -> bool:
    if last and last.transaction_end != last.seq:
        return entry.transaction_end == last.transaction_end
    return entry.transaction_end >= entry.seq


def _had(entries: Sequence[Entry], printed_head: str) -> bool:
    return len(printed_head) >= 12 and any(entry.hash.startswith(printed_head) for entry in entries)


def _problem(entry: Entry, file: str, code: str, what: str, remedy: str) -> Problem:
    return Problem(Place(file, max(entry.seq, 1)), code, what, remedy)
