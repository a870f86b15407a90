"""Submitting an evidence file: through the door first, then among the blobs, then into the record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.door.delivery import FileKind as SentKind
from muniment.adapters.door.duplicates import duplicates_across
from muniment.adapters.door.findings import LISTED
from muniment.adapters.door.limits import ReadingLimits
from muniment.commands.receive_submission import receive_submission
from muniment.domain.evidence.submissions import FileKind, Submission
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors, suggestion
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import NotRecorded
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.regime import Contract
from muniment.faces.desk.evidence import EvidenceFile, evidence_files, store_name, taken_in
from muniment.faces.desk.kept_readings import read_sent, use_for_record
from muniment.faces.desk.opening import all_measures, current
from muniment.faces.desk.stores import Store


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
    """Take a file for a table and month, whole or not at all. Raises ProblemsFound with every problem in it.

    Of a workbook (.xlsx) the record keeps what its sheet says, as CSV, and the workbook beside it.
    `known`: the day of submitting, by which the bank holidays are known; a reading as known then need not read again.
    """
    with TemporaryDirectory() as folder:
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
) -> Entry:
    """The same for a file of any size, which is read in portions. What the door made of it lies beside it where it was
    looked at before (see kept_readings.py): then it is not read again, unless its bytes or the agreed text are others.

    `limits`: of reading it, where somebody sent it."""
    contract, file_name = text.contract(known=known), file_name.replace("\\", "/").rpartition("/")[2]
    must_be_a_table(table, contract=contract, file_name=file_name)
    kind, measures = kind_of(file_name), all_measures(text)
    file, workbook = EvidenceFile(table, path, stored_kind(kind), file_name, month), None
    if kind == "xlsx":
        read = read_sent(
            file=file, kind=kind, contract=contract, measures=measures, folder=path.parent, listed=LISTED, limits=limits
        )
        raise_if_errors(read.intake.problems)
        file, workbook = replace(file, path=read.stored), path
    use_for_record(store=store, file=file, contract=contract, measures=measures, folder=path.parent)
    evidence, problems = taken_in(store=store, contract=contract, measures=measures, files=(file,), limits=limits)
    raise_if_errors(problems)
    (part,) = evidence.parts[table]
    submissions = current(store.ledger.entries())
    raise_if_errors(
        keys_elsewhere(store=store, text=text, contract=contract, submissions=submissions, file=file, part=part)
    )
    sha256 = store.blobs.put_file(file.path)
    if store_name(file, kind=file.kind, contract=contract, measures=measures) != part.name:
        raise NotRecorded(f"{file_name} was written to while it was read - send it again")
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=act,
        table=table,
        period=str(month),
        file_name=file_name,
        file_kind=stored_kind(kind),
        sha256=sha256,
        rows=evidence.rows_of(part=part, table=table, contract=contract),
        tables=contract.tables,
        workbook=None if workbook is None else store.blobs.put_file(workbook),
        put_back=lambda: [store.blobs.put_file(kept) for kept in (file.path, workbook) if kept is not None],
    )


def kind_of(file_name: str) -> SentKind:
    """What a file is, by its name; whatever has another name must be CSV."""
    suffix = Path(file_name).suffix.lower()
    return "parquet" if suffix == ".parquet" else "xlsx" if suffix == ".xlsx" else "csv"


def stored_kind(kind: SentKind) -> FileKind:
    """What the record keeps of it: a workbook is kept as the CSV file that its sheet is."""
    return "parquet" if kind == "parquet" else "csv"


def must_be_a_table(table: str, *, contract: Contract, file_name: str) -> None:
    """Raises ProblemsFound."""
    if table not in contract.tables:
        remedy = suggestion(table, contract.tables, "declare it in evidence.yaml")
        raise ProblemsFound([Problem(Place(file_name), "E100", f"there is no evidence table '{table}'", remedy)])


def keys_elsewhere(
    *,
    store: Store,
    text: AgreedText,
    contract: Contract,
    submissions: Sequence[Submission],
    file: EvidenceFile,
    part: Path,
    listed: int = LISTED,
) -> tuple[Problem, ...]:
    """The rows of a file whose key is in the counting evidence of another month too. `part`: the file's store."""
    others = [found for found in submissions if found.table == file.table and found.period != file.expected]
    if not others:
        return ()
    files, problems = evidence_files(store=store, contract=contract, submissions=others, elsewhere={})
    raise_if_errors(problems)
    of_table = [found for found in files if found.table == file.table]
    evidence, problems = taken_in(store=store, contract=contract, measures=all_measures(text), files=of_table)
    raise_if_errors(problems)
    named = [(found.shown_as, there) for found, there in zip(of_table, evidence.parts[file.table], strict=True)]
    table = contract.tables[file.table]
    found = duplicates_across(table=table, parts=[*named, (file.shown_as, part)], listed=listed)
    return tuple(problem for problem in found if problem.place.file == file.shown_as)
