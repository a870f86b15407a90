"""Comparing two submissions: in the request where they are small, by the worker where they are large."""

from dataclasses import dataclass

from django.conf import settings

from muniment.application.comparison import (
    SubmissionRows,
    compare_submissions,
    differences_csv,
    must_have_rows,
    rows_of_submission,
)
from muniment.application.load import OpenedContract, open_contract
from muniment.application.read_models.comparisons import Comparison, comparison_shown
from muniment.application.read_models.jobs import ComparisonAsked, ComparisonFound
from muniment.application.read_models.stored import dump, load
from muniment.application.stores import ContractInDatabase
from muniment.domain.evidence.submissions import Submission, submissions_known
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


def work_compare(job: Job, step: StepReporter) -> ComparisonFound:
    """Compare two submissions, and write every row that differs into a file."""
    opened = open_contract(folder=ContractInDatabase(job.contract, settings.DATABASE_ADDRESS), known=None)
    known = {found.id: found for found in submissions_known(opened.entries)}
    asked = load(ComparisonAsked, job.asked)
    earlier, later = known[asked.earlier], known[asked.later]
    step("Reading both files")
    sides = read_both(opened, SubmissionPair(earlier, later))
    step("Comparing row by row")
    found = _compared(opened, *sides)
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / DIFFERENCES_FILE).open("wb") as out:
        out.writelines(differences_csv(table=_table(opened, later), earlier=sides[0], later=sides[1]))
    return ComparisonFound(found)


def ask_comparison(viewer: Viewer, pair: SubmissionPair) -> Job:
    """Have the two compared by the worker, however large they are."""
    earlier, later = pair.names
    return queue_job(
        account=viewer.account, contract=viewer.contract, thing=pair.thing, kind=_KIND,
        title=f"Comparing {later} with {earlier}",
        asked=dump(ComparisonAsked(pair.earlier.id, pair.later.id)),
    )  # fmt: skip


def comparison_of(viewer: Viewer, pair: SubmissionPair) -> Comparison | None:
    """At once where they are small; None where they are large and nobody had them compared. Raises ProblemsFoundError
    where rows are not there any more."""
    if not pair.is_large:
        return _compared(viewer.opened, *read_both(viewer.opened, pair))
    job = last_comparison(viewer, pair)
    return None if job is None else load(ComparisonFound, job.found).comparison


def comparison_made(viewer: Viewer, pair: SubmissionPair) -> Comparison:
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


def _compared(opened: OpenedContract, earlier: SubmissionRows, later: SubmissionRows) -> Comparison:
    return comparison_shown(compare_submissions(table=_table(opened, later.submission), earlier=earlier, later=later))


def file_of(opened: OpenedContract, earlier: SubmissionRows, later: SubmissionRows) -> bytes:
    """Every row that differs, as CSV."""
    return b"".join(differences_csv(table=_table(opened, later.submission), earlier=earlier, later=later))


def _table(opened: OpenedContract, submission: Submission) -> Table:
    return opened.text.contract(known=None).tables[submission.table]
