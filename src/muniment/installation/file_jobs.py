"""Files that take a while to make: the board report, the bundle of a statement, the rows that failed."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from muniment.application.bundle import make_bundle
from muniment.application.evidence_downloads import left_out_csv
from muniment.application.load import OpenedContract, open_contract, read_contract
from muniment.application.recalculation import statement_reference_of
from muniment.application.report import make_report
from muniment.application.stores import ContractInDatabase
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.installation.jobs import StepReporter
from muniment.installation.models import Job

FILE_CONTENT_TYPES = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "bundle.zip": "application/zip",
    "rows.csv": "text/csv; charset=utf-8",
}
"""The files that a job may leave, and what they are."""


def folder_of(job: Job) -> Path:
    """Where the files of a job are: beside the register's files, apart from the record."""
    return Path(settings.BLOBS_FOLDER) / job.contract / "made" / str(job.id)


def work_report(job: Job, step: StepReporter) -> Json:
    """The board report of the months asked for, as HTML and PDF."""
    opened = _opened(job)
    first, last = Month.parse(str(job.asked["first"])), Month.parse(str(job.asked["last"]))
    step("Measuring every KPI")
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    step("Setting the pages")
    make_report(
        opened=opened, reading=reading, first=first, last=last,
        meeting=date.fromisoformat(str(job.asked["meeting"])), out=folder_of(job),
    )  # fmt: skip
    return _files(job, {"report.html": "The report as a page", "report.pdf": "The report as PDF"})


def work_bundle(job: Job, step: StepReporter) -> Json:
    """The bundle of a locked statement."""
    step("Gathering the text, the rows and the record")
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    where = ContractInDatabase(job.contract, settings.DATABASE_ADDRESS)
    asked = statement_reference_of(str(job.asked["statement"]))
    make_bundle(folder=where, asked=asked, known=None, engine="duckdb", out=folder / "bundle.zip", salt=None)
    return _files(job, {"bundle.zip": f"The bundle of {job.asked['statement']}"})


def work_rows(job: Job, step: StepReporter) -> Json:
    """Every row of a table and month that failed, was left out or was rejected."""
    opened = _opened(job)
    month = Month.parse(str(job.asked["month"]))
    step("Looking at every row")
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={}, up_to=month)
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    content = left_out_csv(reading=reading, table=str(job.asked["table"]), month=month)
    (folder / "rows.csv").write_bytes(content)
    return _files(job, {"rows.csv": "The rows that failed or were left out"})


def _opened(job: Job) -> OpenedContract:
    return open_contract(folder=ContractInDatabase(job.contract, settings.DATABASE_ADDRESS), known=None)


def _files(job: Job, named: dict[str, str]) -> Json:
    files: list[Json] = [
        {"name": words, "href": reverse("job_file", args=[job.contract, job.id, name])} for name, words in named.items()
    ]
    return {"files": files}
