"""Two submissions of a table and month beside one another: which rows came, went and changed."""

from typing import Annotated

from ninja import Query, Router
from pydantic import BeforeValidator, Field

from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.domain.record.act import Refused
from muniment.interfaces.api.evidence import asked_of
from muniment.interfaces.api.job_schemas import JobShape, job_asked
from muniment.interfaces.api.operations import Asked, acts, reads, viewer_of
from muniment.interfaces.api.ports import Viewer
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.schemas import NUMBER, Body, ContractId, MonthIn, Shape, TableIn

comparisons = Router(tags=["Evidence"])
WHICH = f"^s{NUMBER}$"


class CellChange(Shape):
    """A cell; of a row that came or went, one side is empty."""

    column: str
    before: str
    after: str


class RowChange(Shape):
    """A row that came, went or changed."""

    id: str
    cells: list[CellChange]


class RowsOfAKind(Shape):
    """The first rows of each kind; the file that a job makes has all of them."""

    added: list[RowChange]
    gone: list[RowChange]
    changed: list[RowChange]


class ColumnChanges(Shape):
    """A column, as the file names it, and in how many of the changed rows it says something else."""

    column: str
    rows: int


def _named(pair: object) -> object:
    """A comparison is kept with (column, rows)."""
    return dict(zip(("column", "rows"), pair, strict=True)) if isinstance(pair, list | tuple) else pair


class ComparisonShape(Shape):
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


C = "/contracts/{contract}/evidence/{table}/{month}"
Earlier = Annotated[str, Query(..., pattern=WHICH, description="The submission before.", example="s1")]
Later = Annotated[str, Query(..., pattern=WHICH, description="The submission after.", example="s2")]


@reads(comparisons, f"{C}/comparison", name="compare_submissions", summary="Compare two submissions",
       response=ComparisonShape)  # fmt: skip
def compare(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, earlier: Earlier, later: Later
) -> ComparisonShape:
    """Row by row. Two large ones are compared by a job first."""
    viewer = viewer_of(request, contract)
    before, after = _pair(viewer, (table, month), earlier, later)
    found = viewer.compared(earlier=before, later=after)
    if found is None:
        what = f"{earlier} and {later} are large, and nobody has had them compared yet"
        raise Refused("compared", what, "make_comparison has it done by a job")
    return ComparisonShape.model_validate(found)


class CompareBody(Body):
    """The numbers of two submissions of the table and month."""

    earlier: Annotated[str, Field(pattern=WHICH, examples=["s1"])]
    later: Annotated[str, Field(pattern=WHICH, examples=["s2"])]


@acts(comparisons, f"{C}/comparisons", name="make_comparison", summary="Have two submissions compared",
      response=JobShape, status=202, scope="read", is_act=False)  # fmt: skip
def make_comparison(
    request: Asked, contract: ContractId, table: TableIn, month: MonthIn, body: CompareBody
) -> JobShape:
    """However large they are; the job leaves a file of every row that differs."""
    viewer = viewer_of(request, contract)
    earlier, later = _pair(viewer, (table, month), body.earlier, body.later)
    return job_asked(request, viewer, viewer.ask_comparison(earlier=earlier, later=later))


def _pair(viewer: Viewer, place: tuple[str, str], earlier: str, later: str) -> tuple[Submission, Submission]:
    """In the order in which they came. Raises Wrong for one that is not there, Refused for one and the same."""
    table, month = place
    asked_of(viewer, table, month)
    if earlier == later:
        raise Refused("two_submissions", f"{earlier} is compared with itself", "name two submissions")
    wanted = {f"{viewer.contract}/{table}/{month}/{name}" for name in (earlier, later)}
    found = [known for known in submissions_known(viewer.record) if known.id in wanted]
    if len(found) != 2:
        raise not_found()
    return found[0], found[1]
