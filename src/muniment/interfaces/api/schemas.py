"""What every answer and every body is made of: typed, named, and nothing that was not declared."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar

from ninja import Header, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from muniment.installation.input_limits import (
    LONGEST_KEY,
    LONGEST_LABEL,
    LONGEST_LINE,
    LONGEST_PROSE,
    LONGEST_REASON,
)

_T = TypeVar("_T")
Listed = Sequence[object]
"""A whole list, of which the caller gets a page."""
MONTH_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
NAME_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
NUMBER_PATTERN = "[1-9][0-9]{0,5}"
PERSON_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
ONE_LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"


class Schema(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True, json_schema_serialization_defaults_required=True)


class Body(BaseModel):
    """What a request says. A member that is not declared is an error, and nothing is taken for something else."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _day(value: object) -> date:
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    raise ValueError("write a day as 2019-10-14")


DayMember = Annotated[date, BeforeValidator(_day)]
LineMember = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE, pattern=ONE_LINE_PATTERN)]
TextMember = Annotated[str, Field(min_length=1, max_length=LONGEST_PROSE)]
MonthMember = Annotated[str, Field(pattern=MONTH_PATTERN, examples=["2019-11"])]
RowId = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]


class ActBody(Body):
    """What every act says."""

    reason: Annotated[
        str, Field(min_length=1, max_length=LONGEST_REASON, description="Why, in a sentence. It stands in the record.")
    ]
    seen: Annotated[
        int | None,
        Field(
            ge=0, le=2**53, description="The Muniment-Entry of what you looked at: 409 where the thing moved on since."
        ),
    ] = None


class ListQuery(BaseModel):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50
    offset: Annotated[int, Field(ge=0, le=10_000_000, description="How many to pass over.")] = 0


class ListSchema(Schema, Generic[_T]):
    """A page of a list. `next`: the address of the page after it; null on the last."""

    items: list[_T]
    total: Annotated[int, Field(description="How many there are on all pages.")]
    next: Annotated[str | None, Field(description="The next page's address, to be called as it stands.")]


ContractId = Annotated[str, Path(..., pattern=NAME_PATTERN, description="A contract's id.", example="cssc")]
MonthIn = Annotated[str, Path(..., pattern=MONTH_PATTERN, description="A month.", example="2019-11")]
KpiIn = Annotated[str, Path(..., pattern=NAME_PATTERN, description="A KPI's code.", example="CSC_KPI_04")]
TableIn = Annotated[str, Path(..., pattern=NAME_PATTERN, description="An evidence table.", example="calls")]
SubmissionIn = Annotated[
    str,
    Path(
        ..., pattern=f"^s{NUMBER_PATTERN}$", description="A submission's number in its table and month.", example="s1"
    ),
]
ChallengeIn = Annotated[
    str,
    Path(..., pattern=f"^q{NUMBER_PATTERN}$", description="A challenge's number in its table and month.", example="q1"),
]
RequestIn = Annotated[str, Path(..., pattern=f"^g{NUMBER_PATTERN}$", description="A request's number.", example="g1")]
DisputeIn = Annotated[str, Path(..., pattern=f"^d{NUMBER_PATTERN}$", description="A dispute's number.", example="d1")]
RestatementIn = Annotated[
    str, Path(..., pattern=f"^r{NUMBER_PATTERN}$", description="A restatement's number.", example="r1")
]
ProjectIn = Annotated[str, Path(..., pattern=NAME_PATTERN, description="A project's id.", example="wan")]
PersonIn = Annotated[str, Path(..., pattern=PERSON_PATTERN, description="The id of somebody.", example="p-7c41e09b52")]
AppointmentIn = Annotated[
    str, Path(..., pattern=f"^a{NUMBER_PATTERN}$", description="An appointment's number.", example="a1")
]
AppointmentOrDelegationIn = Annotated[
    str,
    Path(
        ..., pattern=f"^[ad]{NUMBER_PATTERN}$", description="An appointment's or a delegation's number.", example="a1"
    ),
]
VersionIn = Annotated[int, Path(..., ge=1, le=10_000, description="A statement version's number.", example=1)]
EntryIn = Annotated[int, Path(..., ge=1, le=2**53, description="An entry's number.", example=1)]
Key = Annotated[
    str,
    Header(
        ..., alias="Idempotency-Key", min_length=1, max_length=LONGEST_KEY, pattern=r"^[!-~]+$", example="6e0c1d5b-1",
        description="Your own, new for each act. The same request with the same key again gets the same answer and "
        "records nothing twice.",
    ),
]  # fmt: skip
Limit = Annotated[int, Query(50, ge=1, le=200, description="How many at most.")]
