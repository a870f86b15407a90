"""Jobs that make files for people to fetch: the board report, the bundle of a statement, the rows that failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings

from muniment.application.bundle import make_bundle
from muniment.application.evidence_downloads import left_out_csv
from muniment.application.load import OpenedContract, open_contract, read_contract
from muniment.application.read_models.jobs import BundleAsked, FileLeft, FilesFound, ReportAsked, RowsAsked
from muniment.application.read_models.stored import dump, load
from muniment.application.recalculation import statement_reference_of
from muniment.application.report import make_report
from muniment.application.stores import ContractInDatabase
from muniment.domain.kernel.period import Month
from muniment.installation.jobs import StepReporter, jobs_of, queue_job
from muniment.installation.models import Job
from muniment.installation.viewer import Viewer

DIFFERENCES_FILE = "differences.csv"

FILE_CONTENT_TYPES = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "bundle.zip": "application/zip",
    "rows.csv": "text/csv; charset=utf-8",
    DIFFERENCES_FILE: "text/csv; charset=utf-8",
}
"""The files that a job may leave, and what they are."""


def folder_of(job: Job) -> Path:
    """Where the files of a job are: beside the database's files, apart from the record."""
    return Path(settings.BLOBS_FOLDER) / job.contract / "made" / str(job.id)


@dataclass(frozen=True)
class JobFile:
    """A file that a job left."""

    path: Path
    content_type: str


def files_of(job: Job) -> Mapping[str, str]:
    """The names of the files that a job left, each with what it is."""
    if job.state != Job.DONE:
        return {}
    match job.kind:
        case "report" | "bundle" | "rows":
            return {left.file: left.what for left in load(FilesFound, job.found).files}
        case "compare":
            return {DIFFERENCES_FILE: "Every row that differs"}
        case _:
            return {}


def file_of_job(viewer: Viewer, job: UUID, name: str) -> JobFile | None:
    """A file that a job of this person left; None for any other."""
    found = jobs_of(viewer).filter(id=job, state=Job.DONE).first()
    if found is None or name not in FILE_CONTENT_TYPES or not (folder_of(found) / name).is_file():
        return None
    return JobFile(folder_of(found) / name, FILE_CONTENT_TYPES[name])


def queue_report(viewer: Viewer, *, first: str, last: str, meeting: date) -> Job:
    """Have the board report of these months made, which are months of `reportable_months`."""
    return queue_job(
        account=viewer.account, contract=viewer.contract, thing=viewer.contract, kind="report",
        title=f"The board report, {Month.parse(first).name} to {Month.parse(last).name}",
        asked=dump(ReportAsked(first, last, meeting)),
    )  # fmt: skip


def queue_bundle(viewer: Viewer, *, statement: str) -> Job:
    """Have the bundle of a locked statement made: cssc/2019-09/v1."""
    return queue_job(
        account=viewer.account, contract=viewer.contract, thing=statement, kind="bundle",
        title=f"The bundle of {statement}", asked=dump(BundleAsked(statement)),
    )  # fmt: skip


def queue_rows(viewer: Viewer, *, table: str, month: Month) -> Job:
    """Have the rows of a table and month that failed or were left out written into a file."""
    return queue_job(
        account=viewer.account, contract=viewer.contract, thing=f"{viewer.contract}/{table}/{month}", kind="rows",
        title=f"Rows of {table}, {month.name}", asked=dump(RowsAsked(table, str(month))),
    )  # fmt: skip


def work_report(job: Job, step: StepReporter) -> FilesFound:
    """The board report of the months asked for, as HTML and PDF."""
    opened = _opened(job)
    asked = load(ReportAsked, job.asked)
    step("Measuring every KPI")
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    step("Setting the pages")
    make_report(
        opened=opened, reading=reading, first=Month.parse(asked.first), last=Month.parse(asked.last),
        meeting=asked.meeting, out=folder_of(job),
    )  # fmt: skip
    return _files({"report.html": "The report as a page", "report.pdf": "The report as PDF"})


def work_bundle(job: Job, step: StepReporter) -> FilesFound:
    """The bundle of a locked statement."""
    step("Gathering the text, the rows and the record")
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    where = ContractInDatabase(job.contract, settings.DATABASE_ADDRESS)
    statement = load(BundleAsked, job.asked).statement
    asked = statement_reference_of(statement)
    make_bundle(folder=where, asked=asked, known=None, engine="duckdb", out=folder / "bundle.zip", salt=None)
    return _files({"bundle.zip": f"The bundle of {statement}"})


def work_rows(job: Job, step: StepReporter) -> FilesFound:
    """Every row of a table and month that failed, was left out or was rejected."""
    opened = _opened(job)
    asked = load(RowsAsked, job.asked)
    month = Month.parse(asked.month)
    step("Looking at every row")
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={}, up_to=month)
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    content = left_out_csv(reading=reading, table=asked.table, month=month)
    (folder / "rows.csv").write_bytes(content)
    return _files({"rows.csv": "The rows that failed or were left out"})


def _opened(job: Job) -> OpenedContract:
    return open_contract(folder=ContractInDatabase(job.contract, settings.DATABASE_ADDRESS), known=None)


def _files(named: Mapping[str, str]) -> FilesFound:
    return FilesFound(tuple(FileLeft(name, what) for name, what in named.items()))
