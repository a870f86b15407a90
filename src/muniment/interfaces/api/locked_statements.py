"""Locked versions of a statement: as sealed, and what finance needs of them to adjust an invoice."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from muniment.application.finance import credit_csv, credit_file_name, plain_amount
from muniment.commands.queries.locked_statements import LockedStatement, SealedLine, difference, locked_statement
from muniment.domain.assessment.month_lock import Lock, locks_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.problems import not_found
from muniment.interfaces.api.results import RecordedSchema, recorded_to_dict
from muniment.interfaces.api.schemas import ContractId, MonthIn, Schema, VersionIn

locked_statements = Router(tags=["Statements"])


class FinanceSchema(Schema):
    """The credit of a locked version, for whoever adjusts the invoice. Amounts as plain decimals (GBP)."""

    contract: str
    month: str
    version: int
    points: str
    base: str | None
    before_cap: str | None
    cap: str | None
    credit: str | None
    credit_before: Annotated[str | None, Field(description="Of the version before, which may have been paid already.")]
    difference: Annotated[str | None, Field(description="Credit less that of the version before: left to adjust.")]
    working: str
    fingerprint: str


def finance_json(*, contract: str, found: LockedStatement, before: LockedStatement | None) -> dict[str, Json]:
    """`before`: the version before; None for v1."""
    return {
        "contract": contract,
        "month": str(found.lock.locked.month),
        "version": found.lock.locked.number,
        "points": found.points,
        "base": plain_amount(found.base),
        "before_cap": plain_amount(found.before_cap),
        "cap": plain_amount(found.cap),
        "credit": plain_amount(found.due),
        "credit_before": plain_amount(before.due) if before else None,
        "difference": plain_amount(difference(found, before)),
        "working": found.working,
        "fingerprint": found.statement,
    }


class SealedLineSchema(Schema):
    """A KPI's line as it was sealed."""

    kpi: str
    title: str
    unit: str
    value: str
    target: str
    minimum: str
    status: str
    category: str
    points: str
    working: str


class VersionSchema(Schema):
    """A locked version, as it was signed: it never changes and stays at this address."""

    id: Annotated[str, Field(examples=["cssc/2019-11/v1"])]
    number: int
    month: str
    fingerprint: str
    head: Annotated[str, Field(description="The hash of the entry that locked it.")]
    is_authority_alone: bool
    recorded: RecordedSchema
    lines: list[SealedLineSchema]
    finance: FinanceSchema
    later: Annotated[list[int], Field(description="Later versions of the same month.")]


_M = "/contracts/{contract}/statements/{month}"


@reads(locked_statements, f"{_M}/versions/{{number}}", name="read_statement_version", summary="A locked version",
       response=VersionSchema)  # fmt: skip
def read_statement_version(
    request: ApiRequest, contract: ContractId, month: MonthIn, number: VersionIn
) -> VersionSchema:
    """From the sealed copy in the record, never computed again."""
    viewer = api_viewer_of(request, contract)
    locks = locks_of(viewer, month)
    found = locked_version(viewer, month, number)
    known = found.lock
    return VersionSchema.model_validate(
        {
            "id": known.id,
            "number": number,
            "month": month,
            "fingerprint": found.statement,
            "head": known.recorded.hash,
            "is_authority_alone": known.locked.is_authority_alone,
            "recorded": recorded_to_dict(known.recorded),
            "lines": [_sealed(line) for line in found.lines],
            "finance": _finance(viewer, found),
            "later": [later.locked.number for later in locks[number:]],
        }
    )


@reads(
    locked_statements, f"{_M}/finance", name="read_finance", summary="The credit for finance", response=FinanceSchema
)
def read_finance(request: ApiRequest, contract: ContractId, month: MonthIn) -> FinanceSchema:
    """Of the last locked version."""
    viewer = api_viewer_of(request, contract)
    return FinanceSchema.model_validate(_finance(viewer, _last(viewer, month)))


@reads(locked_statements, f"{_M}/finance.csv", name="read_finance_file", summary="The credit as a line for accounts",
       file_types=("text/csv",))  # fmt: skip
def read_finance_file(request: ApiRequest, contract: ContractId, month: MonthIn) -> HttpResponse:
    """One line that an accounting system can take, with the fingerprint that proves it."""
    viewer = api_viewer_of(request, contract)
    found = _last(viewer, month)
    headers = {"Content-Disposition": f'attachment; filename="{credit_file_name(contract=contract, found=found)}"'}
    content = credit_csv(contract=contract, found=found, before=_before(viewer, found))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def locked_version(viewer: Viewer, month: str, number: int) -> LockedStatement:
    """Raises a 404 where there is none."""
    locks = locks_of(viewer, month)
    if not 1 <= number <= len(locks):
        raise not_found()
    return locked_statement(locks[number - 1])


def _last(viewer: Viewer, month: str) -> LockedStatement:
    return locked_version(viewer, month, len(locks_of(viewer, month)))


def locks_of(viewer: Viewer, month: str) -> tuple[Lock, ...]:
    return locks_known(viewer.record).get(Month.parse(month), ())


def _sealed(line: SealedLine) -> dict[str, Json]:
    return {name: getattr(line, name) for name in SealedLineSchema.model_fields}


def _finance(viewer: Viewer, found: LockedStatement) -> dict[str, Json]:
    return finance_json(contract=viewer.contract, found=found, before=_before(viewer, found))


def _before(viewer: Viewer, found: LockedStatement) -> LockedStatement | None:
    """The version before; None for v1."""
    locked = found.lock.locked
    return locked_version(viewer, str(locked.month), locked.number - 1) if locked.number > 1 else None
