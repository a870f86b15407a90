"""Two submissions of a table and month beside one another: how many rows came, went and changed, and which."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.adapters.ingestion.differences import ChangedRow, changed_rows, changes_by_column, row_differences
from muniment.application.evidence import counting_evidence_files, ingest_evidence
from muniment.application.evidence_downloads import csv_lines
from muniment.application.stores import Store
from muniment.domain.evidence.retention import discarded_submissions
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.contract import Table

_LISTED = 20
"""How many rows of a kind a comparison shows; the file has all of them."""


@dataclass(frozen=True)
class SubmissionRows:
    """A submission whose rows can be read. `rows`: its normalised store."""

    submission: Submission
    rows: Path

    @property
    def name(self) -> str:
        return self.submission.id.rpartition("/")[2]


@dataclass(frozen=True)
class ComparedSubmissions:
    """`columns`: as the file names them. `by_column`: heading -> in how many of the changed rows it says something
    else. `sample`: the first rows of each kind."""

    earlier: str
    later: str
    rows_before: int
    rows_after: int
    added: int
    gone: int
    changed: int
    columns: tuple[str, ...]
    by_column: tuple[tuple[str, int], ...]
    sample: tuple[ChangedRow, ...]

    @property
    def same(self) -> int:
        return self.rows_before - self.gone - self.changed

    @property
    def shares_no_key(self) -> bool:
        """Every key is another: a file whose keys were written anew, as pseudonyms are, looks like this."""
        return bool(self.gone and self.added and not self.same and not self.changed)


def must_have_rows(entries: Iterable[Entry], submission: Submission) -> None:
    """Raises ProblemsFoundError where the rows were discarded, whatever was made of them before."""
    if submission.id in discarded_submissions(entries):
        what = f"the rows of {submission.id} were discarded when the time to keep them was over"
        remedy = "the record still says how many rows there were, and which file it was"
        raise ProblemsFoundError([Problem(Place(submission.id), "F012", what, remedy)])


def rows_of_submission(*, store: Store, text: AgreedText, submission: Submission) -> SubmissionRows:
    """Raises ProblemsFoundError where the rows were discarded, or the file cannot be read."""
    must_have_rows(store.ledger.entries(), submission)
    contract = text.contract(known=None)
    files, problems = counting_evidence_files(store=store, contract=contract, submissions=[submission], elsewhere={})
    own = [found for found in files if found.table == submission.table]
    raise_if_errors([found for found in problems if found.place.file.startswith(submission.id)])
    evidence, problems = ingest_evidence(store=store, contract=contract, measures=text.all_measures(), files=own)
    raise_if_errors(problems)
    (rows,) = evidence.parts[submission.table]
    return SubmissionRows(submission, rows)


def submission_pair(
    entries: Sequence[Entry], *, table_month: str, first: str, second: str
) -> tuple[Submission, Submission] | None:
    """Two submissions of a table and month in the order in which they came; None where one is not there. `table_month`:
    cssc/calls/2019-09. `first`, `second`: s1, s2. Raises RefusedError for one and the same."""
    if first == second:
        raise RefusedError("two_submissions", f"{first} is compared with itself", "name two submissions")
    wanted = {f"{table_month}/{name}" for name in (first, second)}
    found = [known for known in submissions_known(entries) if known.id in wanted]
    return (found[0], found[1]) if len(found) == 2 else None


def compare_submissions(
    *, table: Table, earlier: SubmissionRows, later: SubmissionRows, listed: int = _LISTED
) -> ComparedSubmissions:
    """`listed`: how many rows of a kind are shown."""
    found = row_differences(table=table, before=earlier.rows, after=later.rows, listed=1)
    named = {column.name: column.name_in_file for column in table.columns}
    counts = changes_by_column(table=table, before=earlier.rows, after=later.rows) if found.changed.count else ()
    return ComparedSubmissions(
        earlier=earlier.name,
        later=later.name,
        rows_before=earlier.submission.received.rows,
        rows_after=later.submission.received.rows,
        added=found.added.count,
        gone=found.removed.count,
        changed=found.changed.count,
        columns=tuple(named.values()),
        by_column=tuple((named[column], count) for column, count in counts),
        sample=tuple(changed_rows(table=table, before=earlier.rows, after=later.rows, listed=listed)),
    )


def differences_csv(*, table: Table, earlier: SubmissionRows, later: SubmissionRows) -> Iterator[bytes]:
    """Every row that differs, with each column as the earlier and as the later submission has it, in portions."""
    return csv_lines(_lines(table, earlier, later))


def _lines(table: Table, earlier: SubmissionRows, later: SubmissionRows) -> Iterator[Sequence[str]]:
    sides = (earlier.name, later.name)
    headings = [f"{column.name_in_file} in {side}" for column in table.columns for side in sides]
    yield ["what became of the row", "row", *headings]
    for row in changed_rows(table=table, before=earlier.rows, after=later.rows):
        cells = [cell for pair in zip(row.before, row.after, strict=True) for cell in pair]
        yield [row.kind, row.id, *cells]
