"""What was found in a file before anybody submits it, as its page shows it, the API answers and an upload keeps."""

from dataclasses import dataclass

from muniment.adapters.ingestion.differences import ChangedIds
from muniment.application.dry_run import RowProblem, UploadComparison, UploadLook
from muniment.application.preview import KpiFigures, Preview, PreviewLine

_SHOWN = 200
"""Problems that the page shows; the file has more of them."""


@dataclass(frozen=True)
class ComparedUpload:
    """Against the last submission of the same table and month."""

    submission: str
    rows_before: int
    added: ChangedIds
    removed: ChangedIds
    changed: ChangedIds


@dataclass(frozen=True)
class PreviewedLine:
    """A KPI of a month, 2019-11: as it is now, and as it will be with the file."""

    kpi: str
    title: str
    month: str
    changes: bool
    now: KpiFigures
    then: KpiFigures


@dataclass(frozen=True)
class PreviewedFigures:
    """What the engine will say. `elsewhere`: other months that change with it."""

    lines: tuple[PreviewedLine, ...]
    elsewhere: tuple[PreviewedLine, ...]


@dataclass(frozen=True)
class RestsOn:
    """The last entry, and the day, 2019-12-02, as known on which the file was looked at."""

    entry: int
    known: str


@dataclass(frozen=True)
class UploadReport:
    """What was found in the file. `against`: in sentences, all that stands against submitting it. `comparison`: None
    where there is nothing to compare with; `preview`: None where it cannot be submitted."""

    sha256: str
    rows_read: int
    rows_sound: int
    rows_with_problems: int
    rows_outside: int
    rows_duplicate: int
    problems: tuple[RowProblem, ...]
    more_problems: int
    warnings: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    volume: str
    is_unusual: bool
    control_rows: int | None
    same_as: str | None
    against: tuple[str, ...]
    can_be_submitted: bool
    comparison: ComparedUpload | None
    rests_on: RestsOn | None = None
    preview: PreviewedFigures | None = None


def report_of(look: UploadLook, *, rests_on: RestsOn, shown: Preview | None) -> UploadReport:
    """`shown`: what the figures will be; None where the file cannot be submitted."""
    return UploadReport(
        sha256=look.sha256,
        rows_read=look.rows_read,
        rows_sound=look.rows_sound,
        rows_with_problems=look.rows_with_problems,
        rows_outside=look.rows_outside,
        rows_duplicate=look.rows_duplicate,
        problems=look.problems[:_SHOWN],
        more_problems=look.more_problems + max(len(look.problems) - _SHOWN, 0),
        warnings=tuple(f"{found.what} - {found.remedy}" for found in look.warnings),
        ignored_columns=look.ignored_columns,
        volume=str(look.volume),
        is_unusual=look.volume.is_unusual,
        control_rows=look.control_rows,
        same_as=look.same_as,
        against=look.against,
        can_be_submitted=look.can_be_submitted,
        comparison=_compared(look.comparison),
        rests_on=rests_on,
        preview=None if shown is None else PreviewedFigures(_lines(shown.lines), _lines(shown.elsewhere)),
    )


def _compared(found: UploadComparison | None) -> ComparedUpload | None:
    if found is None:
        return None
    differences = found.found
    return ComparedUpload(
        found.submission, found.rows_before, differences.added, differences.removed, differences.changed
    )


def _lines(lines: tuple[PreviewLine, ...]) -> tuple[PreviewedLine, ...]:
    return tuple(
        PreviewedLine(line.kpi, line.title, str(line.month), line.changes, line.now, line.then) for line in lines
    )
