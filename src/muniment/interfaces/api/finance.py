"""What finance needs of a locked statement: its credit, and what of it is left to adjust."""

from typing import Annotated

from pydantic import Field

from muniment.application.finance import plain_amount
from muniment.commands.queries.locked_statements import LockedStatement, difference
from muniment.domain.kernel.fingerprint import Json
from muniment.interfaces.api.schemas import Schema


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
