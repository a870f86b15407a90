"""Comparing two submissions: in the request where they are small, by the worker where they are large."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from muniment.adapters.ingestion.differences import ChangedRow
from muniment.application.comparison import (
    ComparedSubmissions,
    SubmissionRows,
    compare_submissions,
    differences_csv,
    must_have_rows,
    rows_of_submission,
)
from muniment.application.load import OpenedContract, open_contract
from muniment.application.stores import ContractInDatabase
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.act import RefusedError
from muniment.domain.regime.contract import Table
from muniment.installation.file_jobs import DIFFERENCES_FILE, folder_of
from muniment.installation.jobs import StepReporter, queue_job
from muniment.installation.models import Job
from muniment.installation.viewer import Viewer

_KIND = "compare"
AT_ONCE = 20_000
"""Rows of both together that are compared while the page waits; more of them are a job."""


@dataclass(frozen=True)
class SubmissionPair:
    """Two submissions of one table and month, in the order in which they came."""

    earlier: Submission
    later: Submission

    @property
    def is_large(self) -> bool:
        return self.earlier.received.rows + self.later.received.rows > AT_ONCE

    @property
    def thing(self) -> str:
        return self.later.id.rpartition("/")[0]

    @property
    def names(self) -> tuple[str, str]:
        earlier, later = (found.id.rpartition("/")[2] for found in (self.earlier, self.later))
        return earlier, later


def work_compare(job: Job, step: StepReporter) -> Json:
    """Compare two submissions, and write every row that differs into a file."""
    opened = open_contract(folder=ContractInDatabase(job.contract, settings.DATABASE_ADDRESS), known=None)
    known = {found.id: found for found in submissions_known(opened.entries)}
    earlier, later = (known[str(job.asked[name])] for name in ("earlier", "later"))
    step("Reading both files")
    sides = read_both(opened, SubmissionPair(earlier, later))
    step("Comparing row by row")
    found = compared_json(opened, *sides)
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / DIFFERENCES_FILE).open("wb") as out:
        out.writelines(differences_csv(table=_table(opened, later), earlier=sides[0], later=sides[1]))
    return {"comparison": found}


def ask_comparison(viewer: Viewer, pair: SubmissionPair) -> Job:
    """Have the two compared by the worker, however large they are."""
    earlier, later = pair.names
    return queue_job(
        account=viewer.account, contract=viewer.contract, thing=pair.thing, kind=_KIND,
        title=f"Comparing {later} with {earlier}", asked={"earlier": pair.earlier.id, "later": pair.later.id},
    )  # fmt: skip


def comparison_of(viewer: Viewer, pair: SubmissionPair) -> Mapping[str, Json] | None:
    """At once where they are small; None where they are large and nobody had them compared. Raises ProblemsFoundError
    where rows are not there any more."""
    if not pair.is_large:
        return compared_json(viewer.opened, *read_both(viewer.opened, pair))
    job = last_comparison(viewer, pair)
    found = job.found.get("comparison") if job is not None and isinstance(job.found, dict) else None
    return found if isinstance(found, dict) else None


def comparison_made(viewer: Viewer, pair: SubmissionPair) -> Mapping[str, Json]:
    """The same; raises RefusedError where they are large and nobody had them compared."""
    found = comparison_of(viewer, pair)
    if found is None:
        earlier, later = pair.names
        what = f"{earlier} and {later} are large, and nobody has had them compared yet"
        raise RefusedError("compared", what, "make_comparison has it done by a job")
    return found


def last_comparison(viewer: Viewer, pair: SubmissionPair) -> Job | None:
    """The last job that compared the two, whoever asked for it: everybody with an appointment may see the rows. Raises
    ProblemsFoundError where they are not there any more."""
    for submission in (pair.earlier, pair.later):
        must_have_rows(viewer.record, submission)
    done = Job.objects.filter(
        contract=viewer.contract, kind=_KIND, state=Job.DONE, asked__earlier=pair.earlier.id, asked__later=pair.later.id
    )
    return done.order_by("-asked_at").first()


def read_both(opened: OpenedContract, pair: SubmissionPair) -> tuple[SubmissionRows, SubmissionRows]:
    """Raises ProblemsFoundError where the rows of one were discarded, or cannot be read."""
    store, text = opened.store, opened.text
    return (
        rows_of_submission(store=store, text=text, submission=pair.earlier),
        rows_of_submission(store=store, text=text, submission=pair.later),
    )


def compared_json(opened: OpenedContract, earlier: SubmissionRows, later: SubmissionRows) -> dict[str, Json]:
    """The comparison as a page shows it and a job keeps it."""
    found = compare_submissions(table=_table(opened, later.submission), earlier=earlier, later=later)
    return {
        "earlier": found.earlier,
        "later": found.later,
        "rows_before": found.rows_before,
        "rows_after": found.rows_after,
        "added": found.added,
        "gone": found.gone,
        "changed": found.changed,
        "same": found.same,
        "shares_no_key": found.shares_no_key,
        "by_column": [[column, count] for column, count in found.by_column],
        "sample": {kind: _rows(found, kind) for kind in ("added", "gone", "changed")},
    }


def file_of(opened: OpenedContract, earlier: SubmissionRows, later: SubmissionRows) -> bytes:
    """Every row that differs, as CSV."""
    return b"".join(differences_csv(table=_table(opened, later.submission), earlier=earlier, later=later))


def _rows(found: ComparedSubmissions, kind: str) -> list[Json]:
    return [{"id": row.id, "cells": _cells(found, row)} for row in found.sample if row.kind == kind]


def _cells(found: ComparedSubmissions, row: ChangedRow) -> list[Json]:
    """Of a changed row what changed; of another row what is not blank."""
    return [
        {"column": found.columns[place], "before": row.before[place], "after": row.after[place]}
        for place in row.columns_changed
    ]


def _table(opened: OpenedContract, submission: Submission) -> Table:
    return opened.text.contract(known=None).tables[submission.table]
