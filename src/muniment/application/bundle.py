"""Making a bundle: a month's statement with all that it was computed from, in one file that others can check."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from muniment.adapters.bundles.bundle import VERIFIER, WrittenBundle, write_bundle
from muniment.adapters.bundles.pseudonyms import HiddenColumns, hidden_columns_of
from muniment.adapters.bundles.verify import DECIDING
from muniment.adapters.documents.workbook import workbook
from muniment.application.bundle_contents import audit_of, scripts_of
from muniment.application.bundle_rows import hidden_rows
from muniment.application.evidence import EngineName
from muniment.application.load import OpenedContract
from muniment.application.output_files import must_take_a_file, writing_to
from muniment.application.recalculation import (
    Basis,
    ComputedStatement,
    StatementReference,
    basis_of,
    compute,
    ledger_problems_found,
    up_to_the_lock,
)
from muniment.application.stores import ContractPlace, Store
from muniment.commands.queries.seal import calendars_for
from muniment.domain.assessment.sealed import sealed_bytes, sealed_fingerprint
from muniment.domain.kernel.calendars import BusinessDays, Calendar
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.portfolio.text import PROJECTS_FILE, REPORTING_FILE
from muniment.domain.record.entry import Entry
from muniment.domain.record.lines import line_of
from muniment.domain.regime.adoption import adopted_text_known

_BYTES = 32

_TEXT = """\
{title}
{rule}
{standing}
As known on {known}. Fingerprint of the statement: {statement}
Head of the ledger in this bundle: {head}

WHAT IS IN IT
  manifest.json            every other file with its sha256; contract, month, version, files of rows
  text/                    the agreed text and its change notices, as adopted
  rows/<table>/<month>     the files of evidence {rows}
  ledger/proof.jsonl       the record's chain of entries up to when this was made, without the free texts
  decisions.json           the entries up to the lock that decide something{texts}
  calendars.json           weekdays, hours and bank holidays as they were known
  expected/statement.json  the statement and what it was computed from; its sha256 is its fingerprint
  expected/results.json    the same, KPIs only
  sql/<KPI>.sql            the generated SQL: from the submitted files to numerator and denominator,
                           and to those without the rows that a mitigation granted in part relieves
  audit.xlsx               the rows with their dispositions, and live formulas that give every figure
  engine.json              the engine that computed the statement, and its version
  verify.py                the checker: one file, Python 3.8 or newer, nothing to install

The rows go back to the first month of the record, not only to this month: a KPI that fails again earns more points, so
the months before are part of the working, and are to be computed again, not believed.

IS IT WHAT WAS RECORDED?
  python verify.py BUNDLE.zip --head {head}
Take the head from where the maker of this bundle could not change it: a published report, a mail of that time, the
other party's copy. Take verify.py from there too if you can: a forger would have changed the one in here.
It checks every file against the manifest, rows, text and decisions against the ledger, and the statement against its
lock. It does not compute figures; the next three do.

DO THE FIGURES FOLLOW? Three ways, each without the others:
  1. The same engine:   muniment reperform BUNDLE.zip          (or --engine reference: row by row, no database)
  2. The SQL alone:     muniment reperform BUNDLE.zip --sql    or, without Muniment, unpack the bundle and run
                        duckdb < sql/<KPI>.sql in its folder
  3. A spreadsheet:     open audit.xlsx, recalculate, read the sheet KPIs
"""
PSEUDONYMISED = """
PSEUDONYMS
The keys of rows were replaced by an HMAC under a salt that the authority keeps; equal keys of a table stay equal.
Columns that the agreed text does not declare were left out, optional texts that no measure reads were emptied. All
figures re-perform. The sha256 in the manifest is that of each file as it was submitted; who holds the salt and those
files can make this bundle again. No entry of the ledger vouches for rows so changed: verify.py wants --unvouched.
Pseudonyms: {pseudonyms}
Emptied: {emptied}
"""
_Object = dict[str, Json]


def salt_in(path: Path) -> bytes:
    """The salt in the file; a new one, written for its owner alone, where there is no file yet.

    Raises ProblemsFoundError where the file holds something else, or cannot be read or written.
    """
    must_take_a_file(path)
    with writing_to(path):
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{token_hex(_BYTES)}\n")
        try:
            salt = bytes.fromhex(path.read_text(encoding="ascii"))
        except ValueError:
            salt = b""
    if len(salt) != _BYTES:
        what = f"this is not a salt: it should be {_BYTES * 2} hex digits"
        raise ProblemsFoundError([Problem(Place(str(path)), "B021", what, "name another file with --salt")])
    return salt


def readme(described: Mapping[str, Json], *, head: str, hidden: Mapping[str, HiddenColumns] | None) -> str:
    """README.txt. `described`: the manifest without its members. `hidden`: None where rows are as submitted."""
    version = described["version"]
    title = f"Statement {described['contract']}/{described['month']}" + (f"/v{version}" if version else "")
    standing = "Locked: both signatures are in the ledger." if version else "NOT LOCKED: computed, signed by nobody."
    text = _TEXT.format(
        title=title,
        rule="=" * len(title),
        standing=standing,
        known=described["known"] or "the day it was made",
        statement=described["statement"],
        head=head,
        rows="with pseudonyms for keys, see below" if hidden is not None else "exactly as they were submitted",
        texts="; its reasons are left out" if hidden is not None else ", with the reasons given",
    )
    if hidden is None:
        return text
    tables = sorted(hidden.items())
    return text + PSEUDONYMISED.format(
        pseudonyms=_named({table: of_table.pseudonyms for table, of_table in tables}),
        emptied=_named({table: of_table.emptied for table, of_table in tables}),
    )


def _named(columns: Mapping[str, Sequence[str]]) -> str:
    """visits.visit, parcels.parcel"""
    return ", ".join(f"{table}.{column}" for table, of_table in columns.items() for column in of_table) or "none"


def make_bundle(
    *,
    folder: ContractPlace,
    asked: StatementReference,
    known: date | None,
    engine: EngineName,
    out: Path,
    salt: bytes | None,
) -> WrittenBundle:
    """Write the bundle of a statement. `salt`: makes the keys of rows pseudonyms. Raises ProblemsFoundError."""
    must_take_a_file(out)
    basis = basis_of(folder=folder, asked=asked, known=known)
    locked = basis.lock.locked.statement if basis.lock else None
    computed = compute(opened=basis.opened, month=asked.month, engine=engine, elsewhere={}, sealed_as=locked)
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
    said = readme(described, head=basis.proof[-1].hash, hidden=None if salt is None else hidden)
    members["README.txt"] = said.encode()
    with writing_to(out):
        return write_bundle(path=out, members=members, described=described)


def _must_be_what_was_locked(basis: Basis, computed: ComputedStatement) -> None:
    lock = basis.lock
    if lock is not None and sealed_fingerprint(computed.month.sealed) != lock.locked.statement:
        what = f"{lock.id} was locked as {lock.locked.statement[:12]}, and what is computed from its inputs is another"
        raise ledger_problems_found("B013", what, "see 'muniment since-lock' for what differs")


def _must_name_no_rows(basis: Basis) -> None:
    """The record names rows as they were submitted, and what an entry names is hashed: without it no chain holds."""
    naming = next((entry for entry in basis.proof if _names_rows(entry)), None)
    if naming is None:
        return
    what = f"entry {naming.seq} ({naming.kind}) names rows as they were submitted, and without it the chain is no proof"
    remedy = "make the bundle without --pseudonymise, for readers who may see the rows"
    if basis.lock is not None and naming.recorded_at[:10] > basis.lock.recorded.at[:10]:
        remedy += f", or as known before {naming.recorded_at[:10]} (--known)"
    raise ledger_problems_found("B015", what, remedy)


def _names_rows(entry: Entry) -> bool:
    """Rows in question, rejected or relieved, whether or not that still counts."""
    named = (entry.payload.get(name) for name in ("rows", "rejected"))
    return any(isinstance(rows, list) and rows for rows in named)


def _rows(computed: ComputedStatement, *, salt: bytes | None) -> tuple[dict[str, bytes], dict[str, HiddenColumns]]:
    """The members under rows/, and for each table what is hidden of it."""
    if salt is None:
        return {file.member: file.path.read_bytes() for file in computed.files}, {}
    tables, measures = computed.reading.contract.tables, computed.opened.text.all_measures()
    hidden = {name: hidden_columns_of(table=table, measures=measures) for name, table in tables.items()}
    rows = {
        file.member: hidden_rows(file, table=tables[file.table], hiding=hidden[file.table], salt=salt)
        for file in computed.files
    }
    return rows, hidden


def _described(
    basis: Basis,
    computed: ComputedStatement,
    asked: StatementReference,
    *,
    salt: bytes | None,
    hidden: Mapping[str, HiddenColumns],
) -> _Object:
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


def _texts(opened: OpenedContract) -> dict[str, bytes]:
    """The agreed text as it was adopted, from the folder where it is still so, else from a kept copy; where nothing was
    adopted, as it is. Of what was not adopted by then, notices that were signed by then are text all the same; what a
    board is shown is left out, as no figure rests on it."""
    adopted = adopted_text_known(opened.entries)
    files = adopted.files if adopted else {}
    later = {notice.file for notice in opened.text.notices if opened.known and notice.signed > opened.known}
    texts = {}
    for name in [*opened.texts, *(name for name in files if name not in opened.texts)]:
        is_left_out = name not in files and (
            name in later or (adopted is not None and name in (PROJECTS_FILE, REPORTING_FILE))
        )
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
    raise ProblemsFoundError(
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
