"""Submitting an evidence file: through the door first, then among the blobs, then into the record."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.commands.receive_submission import receive_submission
from muniment.domain.evidence.submissions import FileKind
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound, raise_if_errors, suggestion
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.faces.desk.evidence import EvidenceFile, taken_in
from muniment.faces.desk.opening import all_measures
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

    `known`: the day of submitting, by which the bank holidays are known; a reading as known then need not read again.
    """
    contract = text.contract(known=known)
    if table not in contract.tables:
        remedy = suggestion(table, contract.tables, "declare it in evidence.yaml")
        raise ProblemsFound([Problem(Place(file_name), "E100", f"there is no evidence table '{table}'", remedy)])
    kind: FileKind = "parquet" if file_name.endswith(".parquet") else "csv"
    with TemporaryDirectory() as folder:
        path = Path(folder) / file_name
        path.write_bytes(content)
        file = EvidenceFile(table, path, kind, file_name, month)
        evidence, problems = taken_in(store=store, contract=contract, measures=all_measures(text), files=(file,))
    raise_if_errors(problems)
    rows = sum(evidence.rows_of(part=part, table=table, contract=contract) for part in evidence.parts[table])
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=act,
        table=table,
        period=str(month),
        file_name=file_name,
        file_kind=kind,
        sha256=store.blobs.put(content),
        rows=rows,
        tables=contract.tables,
    )
