"""Two submissions of a table and month beside one another: which rows came, went and changed."""

from typing import Annotated

from ninja import Query, Router
from pydantic import BeforeValidator, Field

from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.record.act import RefusedError
from muniment.interfaces.api.evidence import known_table_month
from muniment.interfaces.api.job_schemas import JobSchema, job_response
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads, writes
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import NUMBER_PATTERN, Body, ContractId, MonthIn, Schema, TableIn

comparisons = Router(tags=["Evidence"])
WHICH = f"^s{NUMBER_PATTERN}$"


class CellChange(Schema):
    """A cell; of a row that came or went, one side is empty."""

    column: str
    before: str
    after: str


class RowChange(Schema):
    """A row that came, went or changed."""

    id: str
    cells: list[CellChange]


class RowsOfAKind(Schema):
    """The first rows of each kind; the file that a job makes has all of them."""

    added: list[RowChange]
    gone: list[RowChange]
    changed: list[RowChange]


class ColumnChanges(Schema):
    """A column, as the file names it, and in how many of the changed rows it says something else."""

    column: str
    rows: int


def _named(pair: object) -> object:
    """A comparison is kept with (column, rows)."""
    return dict(zip(("column", "rows"), pair, strict=True)) if isinstance(pair, list | tuple) else pair


class ComparisonSchema(Schema):
    """How many rows came, went, changed and stayed. `shares_no_key`: every key is another, as where keys became
    pseudonyms."""

    earlier: str
    later: str
    rows_before: int
    rows_after: int
    added: int
    gone: int
    changed: int
    same: int
    shares_no_key: bool
    by_column: list[Annotated[ColumnChanges, BeforeValidator(_named)]]
    sample: RowsOfAKind


_C = "/contracts/{contract}/evidence/{table}/{month}"
Earlier = Annotated[str, Query(..., pattern=WHICH, description="The submission before.", example="s1")]
Later = Annotated[str, Query(..., pattern=WHICH, description="The submission after.", example="s2")]


@reads(comparisons, f"{_C}/comparison", name="compare_submissions", summary="Compare two submissions",
       response=ComparisonSchema)  # fmt: skip
def compare_submissions_operation(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, earlier: Earlier, later: Later
) -> ComparisonSchema:
    """Row by row. Two large ones are compared by a job first."""
    viewer = api_viewer_of(request, contract)
    before, after = _pair(viewer, (table, month), earlier, later)
    found = viewer.compared(earlier=before, later=after)
    if found is None:
        what = f"{earlier} and {later} are large, and nobody has had them compared yet"
        raise RefusedError("compared", what, "make_comparison has it done by a job")
    return ComparisonSchema.model_validate(found)


class CompareBody(Body):
    """The numbers of two submissions of the table and month."""

    earlier: Annotated[str, Field(pattern=WHICH, examples=["s1"])]
    later: Annotated[str, Field(pattern=WHICH, examples=["s2"])]


@writes(comparisons, f"{_C}/comparisons", name="make_comparison", summary="Have two submissions compared",
      response=JobSchema, status=202, scope="read", is_command=False)  # fmt: skip
def make_comparison(
    request: ApiRequest, contract: ContractId, table: TableIn, month: MonthIn, body: CompareBody
) -> JobSchema:
    """However large they are; the job leaves a file of every row that differs."""
    viewer = api_viewer_of(request, contract)
    earlier, later = _pair(viewer, (table, month), body.earlier, body.later)
    return job_response(request, viewer, viewer.ask_comparison(earlier=earlier, later=later))


def _pair(viewer: Viewer, place: tuple[str, str], earlier: str, later: str) -> tuple[Submission, Submission]:
    """In the order in which they came. Raises Wrong for one that is not there, RefusedError for one and the same."""
    table, month = place
    known_table_month(viewer, table, month)
    if earlier == later:
        raise RefusedError("two_submissions", f"{earlier} is compared with itself", "name two submissions")
    wanted = {f"{viewer.contract}/{table}/{month}/{name}" for name in (earlier, later)}
    found = [known for known in submissions_known(viewer.record) if known.id in wanted]
    if len(found) != 2:
        raise not_found()
    return found[0], found[1]
