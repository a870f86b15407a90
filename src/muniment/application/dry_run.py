"""A dry run of an upload: what ingestion says of a file, and how it compares, before anybody submits it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from muniment.adapters.ingestion.differences import Differences, row_differences
from muniment.adapters.ingestion.intake import Flaw, Intake
from muniment.adapters.ingestion.limits import ReadingLimits
from muniment.application.evidence import EvidenceFile, counting_evidence_files, ingest_evidence
from muniment.application.load import readable_submissions
from muniment.application.normalised_evidence import file_digest
from muniment.application.stores import Store
from muniment.application.uploads import keys_elsewhere, must_be_a_table, read_sent, sent_kind_of, stored_kind
from muniment.domain.evidence.submissions import Submission, counting_submissions, latest_submission
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Problem
from muniment.domain.record.entry import Entry
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.contract import Contract

_SHOWN = 1_000
"""How many problems a look shows."""
KEYS = 50
"""How many keys of a kind a comparison shows."""
MONTHS_BEFORE = 3
UNUSUAL = Decimal("0.3")
_OUTSIDE, _DUPLICATE, _DUPLICATE_ELSEWHERE = "E119", "E118", "E122"


@dataclass(frozen=True)
class RowProblem:
    """A problem as a row of a table. `row`: the line of the file or the row of the sheet; None where the problem is the
    file's. `column` and `key` are empty where the problem has none."""

    row: int | None
    column: str
    key: str
    what: str
    remedy: str
    code: str


@dataclass(frozen=True)
class Volume:
    """The rows of a file beside those of up to three months before, as submitted. `usual`: their average."""

    rows: int
    before: tuple[tuple[Month, int], ...]

    @property
    def usual(self) -> Decimal | None:
        return Decimal(sum(rows for _, rows in self.before)) / len(self.before) if self.before else None

    @property
    def is_unusual(self) -> bool:
        """More than 30 % above or below."""
        return self.usual is not None and abs(self.rows - self.usual) > UNUSUAL * self.usual

    def __str__(self) -> str:
        if self.usual is None:
            return f"{self.rows:,} rows; there is no earlier month to compare with"
        months = "the month before" if len(self.before) == 1 else f"the {len(self.before)} months before"
        usual = f"{self.rows:,} rows; {months} had {round(self.usual):,} on average"
        if not self.is_unusual:
            return usual
        return f"{usual}, so this is {'more' if self.rows > self.usual else 'less'} than the usual by more than 30%"


@dataclass(frozen=True)
class UploadComparison:
    """Against the last submission of the same table and month."""

    submission: str
    rows_before: int
    found: Differences


@dataclass(frozen=True)
class UploadLook:
    """`rows_sound` is what would count; a file is taken whole or not at all. `rows_outside` and `rows_duplicate` are
    among the others. `control_rows`: how many rows the supplier says that there are. `problems`: at most a thousand,
    `more_problems` how many there are besides. `same_as`: the submission that is the very same file. `against`: in
    sentences, everything that stands against submitting. `comparison`: None where there is nothing to compare with."""

    table: str
    month: Month
    file_name: str
    sha256: str
    rows_read: int
    rows_with_problems: int
    rows_outside: int
    rows_duplicate: int
    problems: tuple[RowProblem, ...]
    more_problems: int
    warnings: tuple[Problem, ...]
    ignored_columns: tuple[str, ...]
    volume: Volume
    control_rows: int | None
    same_as: str | None
    against: tuple[str, ...]
    comparison: UploadComparison | None

    @property
    def rows_sound(self) -> int:
        return max(self.rows_read - self.rows_with_problems, 0)

    @property
    def can_be_submitted(self) -> bool:
        return not self.against


@dataclass(frozen=True)
class UploadReading:
    """A file after ingestion. `stored`: the sha256 that the record would name. `elsewhere`: keys that other months have
    too."""

    intake: Intake
    stored: str
    elsewhere: tuple[Problem, ...]


def look_at_upload(
    *,
    store: Store,
    text: AgreedText,
    known: date | None,
    table: str,
    month: Month,
    path: Path,
    file_name: str,
    control_rows: int | None,
    limits: ReadingLimits | None = None,
) -> UploadLook:
    """Look at the file at `path` as if it were submitted for the table and month; nothing is recorded.

    What ingestion makes of it stays beside it, for `preview` and `submit_kept`. `known`: the day of asking. `limits`:
    of reading a file that somebody sent. Raises ProblemsFoundError where there is no such table, or earlier evidence
    cannot be read.
    """
    contract = text.contract(known=known)
    must_be_a_table(table, contract=contract, file_name=file_name)
    entries = store.ledger.entries()
    read = read_upload(
        store=store, text=text, contract=contract, submissions=readable_submissions(entries),
        table=table, month=month, path=path, file_name=file_name, limits=limits, is_afresh=True,
    )  # fmt: skip
    last = latest_submission(entries, table=table, month=month)
    comparison = _comparison(store, text, contract, last, read.intake.parquet)
    same_as = last.id if last is not None and last.received.sha256 == read.stored else None
    intake, flaws = read.intake, [*read.intake.flaws, *(Flaw(problem, "", "") for problem in read.elsewhere)]
    of_file = [found for found in intake.problems if found.code not in intake.counts]
    problems = [*(_of_file(found) for found in of_file), *(_in_row(flaw) for flaw in flaws)]
    total = len(of_file) + sum(intake.counts.values()) + len(read.elsewhere)
    return UploadLook(
        table=table,
        month=month,
        file_name=file_name,
        sha256=file_digest(path),
        rows_read=intake.rows,
        rows_with_problems=min(intake.faulty_rows + len(read.elsewhere), intake.rows),
        rows_outside=intake.counts.get(_OUTSIDE, 0),
        rows_duplicate=intake.counts.get(_DUPLICATE, 0) + len(read.elsewhere),
        problems=tuple(problems[:_SHOWN]),
        more_problems=total - len(problems[:_SHOWN]),
        warnings=intake.warnings,
        ignored_columns=intake.ignored,
        volume=_volume(entries, table=table, month=month, rows=intake.rows),
        control_rows=control_rows,
        same_as=same_as,
        against=tuple(_against(total, rows=intake.rows, control_rows=control_rows, same_as=same_as)),
        comparison=comparison,
    )


def read_upload(
    *,
    store: Store,
    text: AgreedText,
    contract: Contract,
    submissions: Sequence[Submission],
    table: str,
    month: Month,
    path: Path,
    file_name: str,
    limits: ReadingLimits | None,
    is_afresh: bool,
) -> UploadReading:
    """Ingest the file; its store stays beside it. `is_afresh`: also where one is there already."""
    kind, measures = sent_kind_of(file_name), text.all_measures()
    file = EvidenceFile(table, path, stored_kind(kind), file_name, month)
    read = read_sent(
        file=file, kind=kind, contract=contract, measures=measures, folder=path.parent, listed=_SHOWN, limits=limits,
        is_afresh=is_afresh,
    )  # fmt: skip
    intake, elsewhere = read.intake, tuple[Problem, ...]()
    if intake.parquet is not None:
        elsewhere = keys_elsewhere(
            store=store, text=text, contract=contract, submissions=submissions, file=file, part=intake.parquet,
            listed=_SHOWN,
        )  # fmt: skip
    return UploadReading(intake, file_digest(read.stored), elsewhere)


def _comparison(
    store: Store, text: AgreedText, contract: Contract, last: Submission | None, after: Path | None
) -> UploadComparison | None:
    """None where one of the two cannot be read: rows of old months are discarded."""
    if last is None or after is None:
        return None
    files, problems = counting_evidence_files(store=store, contract=contract, submissions=[last], elsewhere={})
    if problems:
        return None
    file = next(found for found in files if found.table == last.table)
    evidence, problems = ingest_evidence(store=store, contract=contract, measures=text.all_measures(), files=[file])
    if problems:
        return None
    (before,) = evidence.parts[last.table]
    found = row_differences(table=contract.tables[last.table], before=before, after=after, listed=KEYS)
    return UploadComparison(last.id, last.received.rows, found)


def _volume(entries: Sequence[Entry], *, table: str, month: Month, rows: int) -> Volume:
    counting: Mapping[tuple[str, Month], Submission] = counting_submissions(entries)
    months = [month.plus(-back) for back in range(MONTHS_BEFORE, 0, -1)]
    return Volume(rows, tuple((m, counting[table, m].received.rows) for m in months if (table, m) in counting))


def _against(problems: int, *, rows: int, control_rows: int | None, same_as: str | None) -> list[str]:
    """Everything that stands against submitting, in sentences."""
    said = []
    if problems:
        said.append(f"There {'is 1 problem' if problems == 1 else f'are {problems:,} problems'} in the file.")
    if control_rows is not None and control_rows != rows:
        said.append(f"The file holds {rows:,} rows, and {control_rows:,} were stated.")
    if same_as is not None:
        said.append(f"It is the same as {same_as}.")
    return said


def _of_file(problem: Problem) -> RowProblem:
    return RowProblem(None, "", "", problem.what, problem.remedy, problem.code)


def _in_row(flaw: Flaw) -> RowProblem:
    found = flaw.problem
    row = None if found.code == _DUPLICATE_ELSEWHERE else found.place.line
    return RowProblem(row, flaw.column, flaw.key, found.what, found.remedy, found.code)
