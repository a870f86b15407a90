"""Taking in a contract's evidence: which files count, each checked on ingestion, and an engine over them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

from muniment.adapters.ingestion.delivery import Delivery, DeliveryKind
from muniment.adapters.ingestion.duplicates import duplicates_across
from muniment.adapters.ingestion.findings import MOST_LISTED
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.limits import ReadingLimits
from muniment.adapters.ingestion.take_in import take_in
from muniment.adapters.ingestion.take_in_apart import take_in_apart
from muniment.application.normalised_evidence import (
    cache_folder,
    file_digest,
    is_known_unique,
    is_store_unaltered,
    note_store_made,
    note_unique,
)
from muniment.application.stores import Store
from muniment.domain.evidence.engine import Engine
from muniment.domain.evidence.normalised import clocks_of, layout_fingerprint
from muniment.domain.evidence.retention import discarded_before
from muniment.domain.evidence.submissions import FileKind, Submission
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.regime.contract import Contract
from muniment.domain.regime.measures import Measure

EngineName = Literal["duckdb", "reference"]


@dataclass(frozen=True)
class EvidenceFile:
    """One file that counts. `expected`: the month that its rows must fall in, where it is known. `within`: the folder
    that it lies somewhere below, as many others do that are read after it; None: its own. `is_nil`: somebody said that
    there was nothing, so that it may hold no rows. `sha256`: of its bytes, where they were read just now to see that
    they are right; None: not known yet."""

    table: str
    path: Path
    kind: FileKind
    shown_as: str
    expected: Month | None
    within: Path | None = None
    is_nil: bool = False
    sha256: str | None = None


@dataclass(frozen=True)
class IngestedEvidence:
    """Every table's normalised files, and the months for which evidence had come."""

    parts: Mapping[str, Sequence[Path]]
    received: frozenset[tuple[str, Month]]
    rows: Mapping[Path, int]

    def rows_of(self, *, part: Path, table: str, contract: Contract) -> int:
        """How many rows one of the parts holds: known where it was just read, counted where it was taken in before."""
        if part in self.rows:
            return self.rows[part]
        parts: dict[str, Sequence[Path]] = {name: (part,) if name == table else () for name in contract.tables}
        engine = engine_over(name="duckdb", parts=parts, contract=contract)
        return sum(engine.rows_by_month(table=table).values())

    def has(self, *, table: str, month: Month) -> bool:
        return (table, month) in self.received


def counting_evidence_files(
    *,
    store: Store,
    contract: Contract,
    submissions: Sequence[Submission],
    elsewhere: Mapping[str, Path],
    tables: Collection[str] | None = None,
) -> tuple[tuple[EvidenceFile, ...], tuple[Problem, ...]]:
    """The files that count, by table: elsewhere where asked; else what the ledger names; else evidence/<table>/.

    `tables`: only theirs; the files of others are not looked at."""
    ready = store.evidence_files()
    problems = [_unknown(f"--evidence {table}", table, contract) for table in elsewhere if table not in contract.tables]
    problems += [_unknown(f"evidence/{table}", table, contract) for table in ready if table not in contract.tables]
    files: list[EvidenceFile] = []
    for table in contract.tables if tables is None else [table for table in contract.tables if table in tables]:
        submitted = [submission for submission in submissions if submission.table == table]
        if table in elsewhere:
            nil = {submission.period for submission in submitted if submission.received.is_nil}
            files += [_nil_if_named(file, nil) for file in _elsewhere(table, elsewhere[table], problems)]
        elif submitted:
            files += [_submitted(store, submission, problems) for submission in submitted]
        else:
            files += [_ready(table, path, store.path) for path in ready.get(table, ())]
    return tuple(files), tuple(problems)


def _unknown(shown_as: str, table: str, contract: Contract) -> Problem:
    remedy = suggestion(table, contract.tables, "declare it in evidence.yaml, or take it away")
    return Problem(Place(shown_as), "E100", f"there is no evidence table '{table}' in the agreed text", remedy)


def _elsewhere(table: str, path: Path, problems: list[Problem]) -> list[EvidenceFile]:
    try:
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix in (".csv", ".parquet"))
        else:
            found = [path] if path.is_file() else []
    except OSError as error:
        problems.append(unreadable_file_problem(f"--evidence {table}", error))
        return []
    if not found:
        what = f"there is no evidence file at {path}"
        problems.append(Problem(Place(f"--evidence {table}"), "E108", what, "name a CSV or Parquet file, or a folder"))
    return [EvidenceFile(table, file, _kind(file), str(file), None) for file in found]


def _nil_if_named(file: EvidenceFile, nil: Collection[Month]) -> EvidenceFile:
    """A file elsewhere, named as a month (2019-04.csv) of which the record has a nil return, may hold no rows either:
    so does a bundle whose rows are pseudonymised."""
    month = next((month for month in nil if file.path.stem == str(month)), None)
    return file if month is None else replace(file, expected=month, is_nil=True)


def _submitted(store: Store, submission: Submission, problems: list[Problem]) -> EvidenceFile:
    received = submission.received
    path, within, found_to_be = Path(), None, None
    try:
        path = store.blobs.path(received.sha256)
        within, found_to_be = path.parents[1], received.sha256
    except ProblemsFoundError as found:
        before = discarded_before(store.ledger.entries())
        is_discarded = before is not None and received.period < before
        problems.extend([_discarded(submission)] if is_discarded else found.problems)
    except OSError as error:
        problems.append(unreadable_file_problem(submission.id, error))
    shown_as = f"{submission.id} ({received.file_name})"
    return EvidenceFile(
        received.table, path, received.file_kind, shown_as, received.period, within, received.is_nil, found_to_be
    )


def unreadable_file_problem(shown_as: str, error: OSError) -> Problem:
    """A file that is there and cannot be read."""
    return Problem(Place(shown_as), "F002", f"the file cannot be read: {error.strerror}", "ask for access to it")


def _discarded(submission: Submission) -> Problem:
    what = f"the rows of {submission.period.name} were discarded since, so nothing can be computed as known before that"
    remedy = "ask as known now, or read the locked statement in the audit trail"
    return Problem(Place(submission.id), "F012", what, remedy)


def _ready(table: str, path: Path, folder: Path) -> EvidenceFile:
    try:
        expected = Month.parse(path.stem)
    except ValueError:
        expected = None
    return EvidenceFile(table, path, _kind(path), path.relative_to(folder).as_posix(), expected)


def _kind(path: Path) -> FileKind:
    return "parquet" if path.suffix == ".parquet" else "csv"


def ingest_evidence(
    *,
    store: Store,
    contract: Contract,
    measures: Sequence[Measure],
    files: Sequence[EvidenceFile],
    limits: ReadingLimits | None = None,
) -> tuple[IngestedEvidence, tuple[Problem, ...]]:
    """Check and normalise every file, all problems at once. A file that was taken in before is not read again.

    `limits`: of files that somebody sent just now; see `ingest_file`."""
    cache = cache_folder(store.path)
    layouts = {table: _layout(table, contract, measures) for table in {file.table for file in files}}
    parts: dict[str, list[Path]] = {table: [] for table in contract.tables}
    named: dict[str, list[tuple[str, Path]]] = {table: [] for table in contract.tables}
    problems: list[Problem] = []
    rows: dict[Path, int] = {}
    for file in files:
        intake = _taken_in(
            file, contract=contract, measures=measures, cache=cache, layout=layouts[file.table], limits=limits
        )
        problems += intake.problems
        if intake.parquet is not None:
            parts[file.table].append(intake.parquet)
            named[file.table].append((file.shown_as, intake.parquet))
            if intake.rows:
                rows[intake.parquet] = intake.rows
    if not problems:
        problems += _duplicates(named, contract, cache)
    received = {(file.table, file.expected) for file in files if file.expected is not None}
    undated = [file.table for file in files if file.expected is None]
    if undated and not problems:
        received |= _months_with_rows(parts, sorted(set(undated)), contract)
    return IngestedEvidence(parts, frozenset(received), rows), tuple(problems)


def _taken_in(
    file: EvidenceFile,
    *,
    contract: Contract,
    measures: Sequence[Measure],
    cache: Path,
    layout: str,
    limits: ReadingLimits | None,
) -> Intake:
    """The file's store. One that was made before says nothing of its rows; one that was altered since is made again."""
    try:
        into = cache / _store_name(file, kind=file.kind, layout=layout)
    except OSError as error:
        return Intake(None, 0, problems=(unreadable_file_problem(file.shown_as, error),))
    if is_store_unaltered(into):
        return Intake(into, 0)
    intake = ingest_file(file, kind=file.kind, contract=contract, measures=measures, into=into, limits=limits)
    if intake.parquet is not None:
        note_store_made(into)
    return intake


def store_name(file: EvidenceFile, *, kind: DeliveryKind, contract: Contract, measures: Sequence[Measure]) -> str:
    """What the store of these bytes is called; another layout of it, or another month, has another name. Raises
    OSError."""
    return _store_name(file, kind=kind, layout=_layout(file.table, contract, measures))


def store_names(
    submissions: Sequence[Submission], *, table: str, contract: Contract, measures: Sequence[Measure]
) -> tuple[str, ...]:
    """What the stores of submissions of a table are called, by the digests that the record names; no file is read."""
    layout, received = _layout(table, contract, measures), (submission.received for submission in submissions)
    return tuple(_name_of_store(table, file.sha256, layout, file.period, file.file_kind) for file in received)


def _layout(table: str, contract: Contract, measures: Sequence[Measure]) -> str:
    """Which columns a store of the table has, and what they were derived by."""
    clocks = clocks_of([measure for measure in measures if measure.table == table])
    return layout_fingerprint(
        table=contract.tables[table], zone=contract.zone, clocks=clocks, calendars=contract.calendars
    )


def _store_name(file: EvidenceFile, *, kind: DeliveryKind, layout: str) -> str:
    return _name_of_store(file.table, file.sha256 or file_digest(file.path), layout, file.expected, kind)


def _name_of_store(table: str, digest: str, layout: str, expected: Month | None, kind: DeliveryKind) -> str:
    key = sha256(f"{digest} {layout} {expected} {kind}".encode()).hexdigest()
    return f"{table}-{key[:32]}.parquet"


def ingest_file(
    file: EvidenceFile,
    *,
    kind: DeliveryKind,
    contract: Contract,
    measures: Sequence[Measure],
    into: Path,
    listed: int = MOST_LISTED,
    as_csv: Path | None = None,
    limits: ReadingLimits | None = None,
) -> Intake:
    """Read a file of that kind, and write its store to `into` unless something is wrong: see `take_in`.

    `limits`: of a file that somebody sent just now, which is read in a process of its own that can be killed."""
    delivery = Delivery(
        file=file.path,
        kind=kind,
        shown_as=file.shown_as,
        table=contract.tables[file.table],
        zone=contract.zone,
        expected=None if file.expected is None else Period(file.expected, file.expected),
        clocks=clocks_of([measure for measure in measures if measure.table == file.table]),
        calendars=contract.calendars,
        into=into,
        listed=listed,
        as_csv=as_csv,
        within=file.within,
        is_nil=file.is_nil,
    )
    return take_in(delivery) if limits is None else take_in_apart(delivery, limits=limits)


def _duplicates(named: Mapping[str, list[tuple[str, Path]]], contract: Contract, cache: Path) -> list[Problem]:
    """The same key in two files of a table. A set of files in which there was none is remembered."""
    problems: list[Problem] = []
    for table, parts in named.items():
        if len(parts) < 2:
            continue
        if is_known_unique(table, [path for _, path in parts], cache):
            continue
        found = duplicates_across(table=contract.tables[table], parts=parts)
        problems += found
        if not found:
            note_unique(table, [path for _, path in parts], cache)
    return problems


def _months_with_rows(
    parts: Mapping[str, Sequence[Path]], tables: Sequence[str], contract: Contract
) -> set[tuple[str, Month]]:
    engine = engine_over(name="duckdb", parts=parts, contract=contract)
    return {(table, month) for table in tables if parts[table] for month in engine.rows_by_month(table=table)}


def engine_over(*, name: EngineName, parts: Mapping[str, Sequence[Path]], contract: Contract) -> Engine:
    """The engine of that name over normalised files."""
    if name == "reference":
        from muniment.adapters.engines.row_source import rows_of
        from muniment.domain.evidence.reference import ReferenceEngine

        return ReferenceEngine(
            rows=lambda table: rows_of(parts=parts[table], table=contract.tables[table]), calendars=contract.calendars
        )
    from muniment.adapters.engines.duckdb_engine import DuckDBEngine

    return DuckDBEngine(parts=parts, tables=contract.tables, calendars=contract.calendars)
