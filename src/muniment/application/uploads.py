"""Files that somebody sent: kept with what was read of them until they are submitted, or submitted at once."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from secrets import token_hex
from shutil import copyfile
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from muniment.adapters.ingestion.delivery import DeliveryKind
from muniment.adapters.ingestion.duplicates import duplicates_in
from muniment.adapters.ingestion.findings import MOST_LISTED
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.limits import ReadingLimits
from muniment.application.evidence import (
    EvidenceFile,
    counting_evidence_files,
    ingest_evidence,
    ingest_file,
    store_name,
    store_names,
)
from muniment.application.load import readable_submissions
from muniment.application.normalised_evidence import (
    SENT,
    cache_folder,
    is_known_unique,
    is_store_unaltered,
    note_store_made,
    note_unique,
)
from muniment.application.stores import Store
from muniment.commands.evidence import receive_submission
from muniment.domain.evidence.submissions import FileKind, Submission
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors, suggestion
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.contract import Contract
from muniment.domain.regime.measures import Measure


class FileTooLargeError(Exception):
    """More bytes came than a file may have. `limit`: in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the file is larger than {limit} bytes")
        self.limit = limit


class CutOffError(Exception):
    """Fewer bytes came than were announced: the connection ended on the way."""

    def __init__(self, announced: int, came: int) -> None:
        super().__init__(f"of {announced:,} bytes that were announced {came:,} came: send it again")


@dataclass(frozen=True)
class SentFile:
    """What somebody says of a file before its bytes come. `month`: 2019-09. `control_rows`: how many rows it holds, by
    their own count. `announced`: how many bytes; None where nothing says so."""

    table: str
    month: str
    file_name: str
    control_rows: int | None
    announced: int | None = None


@dataclass(frozen=True)
class KeptFile:
    """`path`: where the bytes are. `size`: how many there are."""

    number: UUID
    path: Path
    size: int


def keep_file(
    *, files: Path, contract: str, portions: Iterable[bytes], limit: int, announced: int | None = None
) -> KeptFile:
    """Write the bytes as they come, under a name of our own: what the sender called the file is only shown.

    `files`: the folder of the database's files. `announced`: how many bytes there should be, where that was said.
    Raises FileTooLargeError as soon as there are too many, and then no more is read; CutOffError where others came than
    were announced. Then nothing is kept.
    """
    number = uuid4()
    folder = files / contract / "uploads" / str(number)
    folder.mkdir(parents=True)
    try:
        size = _written(folder / "sent", portions, limit=limit)
        if announced not in (None, size):
            raise CutOffError(announced or 0, size)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return KeptFile(number, folder / "sent", size)


def forget_file(path: Path) -> None:
    """With all that was found in it. `path`: of a KeptFile."""
    shutil.rmtree(path.parent, ignore_errors=True)


def _written(path: Path, portions: Iterable[bytes], *, limit: int) -> int:
    size = 0
    with path.open("wb") as out:
        for portion in portions:
            size += len(portion)
            if size > limit:
                raise FileTooLargeError(limit)
            out.write(portion)
    return size


@dataclass(frozen=True)
class IngestedFile:
    """`stored`: the file that the record would keep; of a workbook in which nothing is wrong, what its sheet says as
    CSV."""

    intake: Intake
    stored: Path


def read_sent(
    *,
    file: EvidenceFile,
    kind: DeliveryKind,
    contract: Contract,
    measures: Sequence[Measure],
    folder: Path,
    listed: int,
    limits: ReadingLimits | None,
    is_afresh: bool = False,
) -> IngestedFile:
    """Ingest the file into `folder`. Where what the same bytes gave there is as it was made, it is not
    read again, and the intake says nothing of its rows. `is_afresh`: read it all the same. Raises OSError."""
    into, sheet = _places(file, kind=kind, contract=contract, measures=measures, folder=folder)
    if not is_afresh and is_store_unaltered(into) and (sheet is None or is_store_unaltered(sheet)):
        return IngestedFile(Intake(into, 0), sheet or file.path)
    intake = ingest_file(
        file, kind=kind, contract=contract, measures=measures, into=into, listed=listed, as_csv=sheet, limits=limits
    )
    if intake.parquet is None:
        return IngestedFile(intake, file.path)
    for made in (into, sheet):
        if made is not None:
            note_store_made(made)
    return IngestedFile(intake, sheet or file.path)


def _places(
    file: EvidenceFile, *, kind: DeliveryKind, contract: Contract, measures: Sequence[Measure], folder: Path
) -> tuple[Path, Path | None]:
    """Where the store of the file is, and what its sheet says."""
    into = folder / store_name(file, kind=kind, contract=contract, measures=measures)
    return into, folder / f"sheet-{into.stem}.csv" if kind == "xlsx" else None


def forget_readings(folder: Path) -> None:
    """The file is in the record: what was made of it lies with the contract's own normalised evidence."""
    for kind in ("*.parquet", "*.sha256", "sheet-*.csv"):
        for made in folder.glob(kind):
            made.unlink(missing_ok=True)


def use_for_record(
    *, store: Store, file: EvidenceFile, contract: Contract, measures: Sequence[Measure], folder: Path
) -> None:
    """Let the contract's own normalised evidence begin with the store that `folder` has of the file, so that nobody
    reads it again; without one, nothing happens."""
    name = store_name(file, kind=file.kind, contract=contract, measures=measures)
    made, place = folder / name, cache_folder(store.path) / name
    if not is_store_unaltered(made) or is_store_unaltered(place):
        return
    partial = place.with_name(f"{name}.{token_hex(4)}.partial")
    try:
        copyfile(made, partial)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
    note_store_made(place)


def submit_file(
    *,
    store: Store,
    text: AgreedText,
    act: Act,
    table: str,
    month: Month,
    file_name: str,
    content: bytes,
    known: date | None = None,
) -> Entry:
    """Take a file for a table and month, whole or not at all. Raises ProblemsFoundError with every problem in it.

    Of a workbook (.xlsx) the record keeps what its sheet says, as CSV, and the workbook beside it.
    `known`: the day of submitting, by which the bank holidays are known; a reading as known then need not read again.
    """
    with TemporaryDirectory(prefix=SENT, dir=cache_folder(store.path)) as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        return submit_kept(
            store=store, text=text, act=act, table=table, month=month, file_name=file_name, path=path, known=known
        )


def submit_kept(
    *,
    store: Store,
    text: AgreedText,
    act: Act,
    table: str,
    month: Month,
    file_name: str,
    path: Path,
    known: date | None = None,
    limits: ReadingLimits | None = None,
    looked_at: tuple[str, int] | None = None,
) -> Entry:
    """The same for a file of any size, which is read in portions. What ingestion made of it lies beside it where it was
    looked at before (see read_sent): then it is not read again, unless its bytes or the agreed text are others.

    `limits`: of reading it, where somebody sent it. `looked_at`: the sha256 of the file that somebody looked at, and
    how many rows it has."""
    contract, file_name = text.contract(known=known), file_name.replace("\\", "/").rpartition("/")[2]
    must_be_a_table(table, contract=contract, file_name=file_name)
    kind, measures = sent_kind_of(file_name), text.all_measures()
    file, workbook = EvidenceFile(table, path, stored_kind(kind), file_name, month), None
    if kind == "xlsx":
        read = read_sent(
            file=file,
            kind=kind,
            contract=contract,
            measures=measures,
            folder=path.parent,
            listed=MOST_LISTED,
            limits=limits,
        )
        raise_if_errors(read.intake.problems)
        file, workbook = replace(file, path=read.stored), path
    use_for_record(store=store, file=file, contract=contract, measures=measures, folder=path.parent)
    evidence, problems = ingest_evidence(
        store=store, contract=contract, measures=measures, files=(file,), limits=limits
    )
    raise_if_errors(problems)
    (part,) = evidence.parts[table]
    submissions = readable_submissions(store.ledger.entries())
    raise_if_errors(
        keys_elsewhere(store=store, text=text, contract=contract, submissions=submissions, file=file, part=part)
    )
    sha256 = store.blobs.put_file(file.path)
    if store_name(file, kind=file.kind, contract=contract, measures=measures) != part.name:
        raise NotRecordedError(f"{file_name} was written to while it was read - send it again")
    looked, rows = looked_at or ("", 0)
    if looked != sha256:
        rows = evidence.rows_of(part=part, table=table, contract=contract)
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=act,
        table=table,
        period=str(month),
        file_name=file_name,
        file_kind=stored_kind(kind),
        sha256=sha256,
        rows=rows,
        tables=contract.tables,
        workbook=None if workbook is None else store.blobs.put_file(workbook),
        put_back=lambda: [store.blobs.put_file(kept) for kept in (file.path, workbook) if kept is not None],
    )


def sent_kind_of(file_name: str) -> DeliveryKind:
    """What a file is, by its name; whatever has another name must be CSV."""
    suffix = Path(file_name).suffix.lower()
    return "parquet" if suffix == ".parquet" else "xlsx" if suffix == ".xlsx" else "csv"


def stored_kind(kind: DeliveryKind) -> FileKind:
    """What the record keeps of it: a workbook is kept as the CSV file that its sheet is."""
    return "parquet" if kind == "parquet" else "csv"


def must_be_a_table(table: str, *, contract: Contract, file_name: str) -> None:
    """Raises ProblemsFoundError."""
    if table not in contract.tables:
        remedy = suggestion(table, contract.tables, "declare it in evidence.yaml")
        raise ProblemsFoundError([Problem(Place(file_name), "E100", f"there is no evidence table '{table}'", remedy)])


def keys_elsewhere(
    *,
    store: Store,
    text: AgreedText,
    contract: Contract,
    submissions: Sequence[Submission],
    file: EvidenceFile,
    part: Path,
    listed: int = MOST_LISTED,
) -> tuple[Problem, ...]:
    """The rows of a file whose key is in the counting evidence of another month too. `part`: the file's store."""
    others = [found for found in submissions if found.table == file.table and found.period != file.expected]
    if not others:
        return ()
    cache, measures = cache_folder(store.path), text.all_measures()
    names = store_names(others, table=file.table, contract=contract, measures=measures)
    if is_known_unique(file.table, [*map(Path, names), part], cache):
        return ()
    files, problems = counting_evidence_files(store=store, contract=contract, submissions=others, elsewhere={})
    raise_if_errors(problems)
    of_table = [found for found in files if found.table == file.table]
    evidence, problems = ingest_evidence(store=store, contract=contract, measures=measures, files=of_table)
    raise_if_errors(problems)
    named = [(found.shown_as, there) for found, there in zip(of_table, evidence.parts[file.table], strict=True)]
    table = contract.tables[file.table]
    found = duplicates_in((file.shown_as, part), earlier=named, table=table, listed=listed)
    if not found:
        note_unique(file.table, [*evidence.parts[file.table], part], cache)
    return found
