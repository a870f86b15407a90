"""Two submissions of a table and month beside one another: which rows came, went and changed."""

from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from muniment.application.comparison import submission_pair
from muniment.application.read_models.comparisons import Comparison
from muniment.installation.comparison_jobs import SubmissionPair, ask_comparison, comparison_made
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.evidence import known_table_month
from muniment.interfaces.api.jobs import JobSchema, job_response
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads, writes
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import NUMBER_PATTERN, Body, ContractId, MonthIn, TableIn

comparisons = Router(tags=["Evidence"])
WHICH = f"^s{NUMBER_PATTERN}$"


_C = "/contracts/{contract}/evidence/{table}/{month}"
Earlier = Annotated[str, Query(..., pattern=WHICH, description="The submission before.", example="s1")]
Later = Annotated[str, Query(..., pattern=WHICH, description="The submission after.", example="s2")]


@reads(comparisons, f"{_C}/comparison", name="compare_submissions", summary="Compare two submissions",
       response=Comparison)  # fmt: skip
def compare_submissions_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, earlier: Earlier, later: Later
) -> Comparison:
    """Row by row. Two large ones are compared by a job first."""
    viewer = api_viewer_of(request, contract)
    return comparison_made(viewer, _pair(viewer, (table, month), earlier, later))


class CompareBody(Body):
    """The numbers of two submissions of the table and month."""

    earlier: Annotated[str, Field(pattern=WHICH, examples=["s1"])]
    later: Annotated[str, Field(pattern=WHICH, examples=["s2"])]


@writes(comparisons, f"{_C}/comparisons", name="make_comparison", summary="Have two submissions compared",
      response=JobSchema, status=202, scope="read")  # fmt: skip
def make_comparison(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, body: CompareBody
) -> JobSchema:
    """However large they are; the job leaves a file of every row that differs."""
    viewer = api_viewer_of(request, contract)
    return job_response(request, ask_comparison(viewer, _pair(viewer, (table, month), body.earlier, body.later)))


def _pair(viewer: Viewer, place: tuple[str, str], earlier: str, later: str) -> SubmissionPair:
    """In the order in which they came. Raises a 404 for one that is not there, RefusedError for one and the same."""
    table, month = place
    known_table_month(viewer, table, month)
    table_month = f"{viewer.contract}/{table}/{month}"
    found = submission_pair(viewer.record, table_month=table_month, first=earlier, second=later)
    if found is None:
        raise not_found()
    return SubmissionPair(*found)
