"""Making a bundle: a month's statement with all that it was computed from, in one file that others can check."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.documents.workbook import workbook
from muniment.adapters.publication.bundle import VERIFIER, Written, write_bundle
from muniment.adapters.publication.pseudonyms import Hiding, hiding_of
from muniment.adapters.publication.verify import DECIDING
from muniment.commands.queries.seal import calendars_for
from muniment.domain.assessment.sealed import sealed_bytes, sealed_fingerprint
from muniment.domain.kernel.calendars import BusinessDays, Calendar
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.portfolio.text import PROJECTS, REPORTING
from muniment.domain.record.entry import Entry
from muniment.domain.record.lines import line_of
from muniment.domain.regime.adoption import adopted_text_known
from muniment.faces.desk.bundle_readme import readme
from muniment.faces.desk.bundle_rows import hidden_rows
from muniment.faces.desk.bundle_scripts import scripts_of
from muniment.faces.desk.bundle_workbook import audit_of
from muniment.faces.desk.computing import Asked, Basis, Computed, basis_of, compute, up_to_the_lock, wrong
from muniment.faces.desk.evidence import EngineName
from muniment.faces.desk.opening import Opened, all_measures
from muniment.faces.desk.stores import Store, Where
from muniment.faces.desk.writing import must_take_a_file, writing

Object = dict[str, Json]


def make_bundle(
    *, folder: Where, asked: Asked, known: date | None, engine: EngineName, out: Path, salt: bytes | None
) -> Written:
    """Write the bundle of a statement. `salt`: makes the keys of rows pseudonyms. Raises ProblemsFound."""
    must_take_a_file(out)
    basis = basis_of(folder=folder, asked=asked, known=known)
    computed = compute(opened=basis.opened, month=asked.month, engine=engine, elsewhere={})
    _must_be_what_was_locked(basis, computed)
    if salt is not None:
        _must_name_no_rows(basis)
    rows, hidden = _rows(computed, salt=salt)
    described = _described(basis, computed, asked, salt=salt, hidden=hidden)
    members = {
        **{f"text/{name}": content for name, content in _texts(basis.opened).items()},
        **rows,
        "ledger/proof.jsonl": b"".join(line_of(replace(entry, texts={})) for entry in basis.proof),
        "decisions.json": _decisions(up_to_the_lock(basis), with_texts=salt is None),
        "calendars.json": canonical_json(
            {name: _days(calendar) for name, calendar in calendars_for(computed.reading, asked.month).items()}
        ),
        "expected/statement.json": sealed_bytes(computed.month.sealed),
        "expected/results.json": canonical_json(computed.month.sealed["results"]),
        "engine.json": canonical_json(computed.month.engine),
        "verify.py": VERIFIER.read_bytes(),
    }
    with TemporaryDirectory(prefix="muniment-bundle-") as name:
        folder = Path(name)
        for member, content in rows.items():
            (folder / member).parent.mkdir(parents=True, exist_ok=True)
            (folder / member).write_bytes(content)
        members |= scripts_of(computed, rows=folder)
        members["audit.xlsx"] = workbook(audit_of(computed, described, rows=folder if salt is not None else None))
    members["README.txt"] = readme(described, head=basis.proof[-1].hash).encode()
    with writing(out):
        return write_bundle(path=out, members=members, described=described)


def _must_be_what_was_locked(basis: Basis, computed: Computed) -> None:
    lock = basis.lock
    if lock is not None and sealed_fingerprint(computed.month.sealed) != lock.locked.statement:
        what = f"{lock.id} was locked as {lock.locked.statement[:12]}, and what is computed from its inputs is another"
        raise wrong("B013", what, "see 'muniment overtaken' for what differs")


def _must_name_no_rows(basis: Basis) -> None:
    """The record names rows as they were submitted, and what an entry names is hashed: without it no chain holds."""
    naming = next((entry for entry in basis.proof if _names_rows(entry)), None)
    if naming is None:
        return
    what = f"entry {naming.seq} ({naming.kind}) names rows as they were submitted, and without it the chain is no proof"
    remedy = "make the bundle without --pseudonymise, for readers who may see the rows"
    if basis.lock is not None and naming.recorded_at[:10] > basis.lock.recorded.at[:10]:
        remedy += f", or as known before {naming.recorded_at[:10]} (--known)"
    raise wrong("B015", what, remedy)


def _names_rows(entry: Entry) -> bool:
    """Rows in question, rejected or relieved, whether or not that still counts."""
    named = (entry.payload.get(name) for name in ("rows", "rejected"))
    return any(isinstance(rows, list) and rows for rows in named)


def _rows(computed: Computed, *, salt: bytes | None) -> tuple[dict[str, bytes], dict[str, Hiding]]:
    """The members under rows/, and for each table what is hidden of it."""
    if salt is None:
        return {file.member: file.path.read_bytes() for file in computed.files}, {}
    tables, measures = computed.reading.contract.tables, all_measures(computed.opened.text)
    hidden = {name: hiding_of(table=table, measures=measures) for name, table in tables.items()}
    rows = {
        file.member: hidden_rows(file, table=tables[file.table], hiding=hidden[file.table], salt=salt)
        for file in computed.files
    }
    return rows, hidden


def _described(
    basis: Basis, computed: Computed, asked: Asked, *, salt: bytes | None, hidden: Mapping[str, Hiding]
) -> Object:
    """The manifest but for its members."""
    lock, known = basis.lock, computed.reading.known
    tables: dict[str, Json] = {
        table: {"pseudonyms": [*of_table.pseudonyms], "emptied": [*of_table.emptied]}
        for table, of_table in sorted(hidden.items())
    }
    return {
        "contract": asked.contract,
        "month": str(asked.month),
        "version": lock.locked.number if lock else None,
        "locked": "locked" if lock else "not locked",
        "known": known.isoformat() if known else None,
        "computed_on": lock.locked.computed_on if lock else len(basis.proof),
        "statement": sealed_fingerprint(computed.month.sealed),
        "head": basis.proof[-1].hash,
        "pseudonymised": tables if salt is not None else None,
        "rows": [file.described() for file in computed.files],
    }


def _texts(opened: Opened) -> dict[str, bytes]:
    """The agreed text as it was adopted, from the folder where it is still so, else from a kept copy; where nothing was
    adopted, as it is. Of what was not adopted by then, notices that were signed by then are text all the same; what a
    board is shown is left out, as no figure rests on it."""
    adopted = adopted_text_known(opened.entries)
    files = adopted.files if adopted else {}
    later = {notice.file for notice in opened.text.notices if opened.known and notice.signed > opened.known}
    texts = {}
    for name in [*opened.texts, *(name for name in files if name not in opened.texts)]:
        is_left_out = name not in files and (name in later or (adopted is not None and name in (PROJECTS, REPORTING)))
        if name.startswith("examples/") or is_left_out:
            continue
        present = opened.texts.get(name, "").encode()
        is_right = name not in files or sha256(present).hexdigest() == files[name]
        texts[name] = present if is_right else _kept_text(opened.store, name, files[name])
    return texts


def _kept_text(store: Store, name: str, digest: str) -> bytes:
    if (text := store.adopted_text(digest)) is not None:
        return text.encode()
    what = "the file is not as it was adopted when this statement was computed, and no copy of it was kept"
    raise ProblemsFound(
        [Problem(Place(name), "B014", what, "put the adopted text back, or adopt the text as it is now")]
    )


def _decisions(entries: tuple[Entry, ...], *, with_texts: bool) -> bytes:
    """Every entry that decides something, as the ledger has it. Their texts are words about people's work, which a
    pseudonymised bundle leaves out."""
    decided = [
        entry if with_texts else replace(entry, texts={}) for entry in entries if entry.kind.startswith(DECIDING)
    ]
    return json.dumps([entry.canonical() for entry in decided], indent=1, sort_keys=True, ensure_ascii=False).encode()


def _days(calendar: Calendar) -> Json:
    """What the fingerprint of a calendar is taken of."""
    holidays: list[Json] = [day.isoformat() for day in sorted(calendar.holidays)]
    if isinstance(calendar, BusinessDays):
        return ["business days", [*sorted(calendar.weekdays)], holidays]
    return ["opening hours", [list(hours) for hours in calendar.hours], holidays]
