"""What finance needs of a locked statement: its credit, and what of it is left to adjust."""

import csv
import io
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from muniment.commands.queries.locked_statement import LockedStatement, difference
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.money import Money
from muniment.faces.api.shape import Shape

AMOUNTS = ("points", "base", "before_cap", "cap", "credit", "credit_before", "difference", "working", "fingerprint")


class FinanceShape(Shape):
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
        "base": _amount(found.base),
        "before_cap": _amount(found.before_cap),
        "cap": _amount(found.cap),
        "credit": _amount(found.due),
        "credit_before": _amount(before.due) if before else None,
        "difference": _amount(difference(found, before)),
        "working": found.working,
        "fingerprint": found.statement,
    }


def finance_line(found: Mapping[str, Json]) -> str:
    """The same as a CSV file of one line, with its heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["contract", "month", "statement", *AMOUNTS])
    writer.writerow(
        [found["contract"], found["month"], f"v{found['version']}", *(found[name] or "" for name in AMOUNTS)]
    )
    return out.getvalue()


def _amount(amount: Money | None) -> str | None:
    return None if amount is None else str(amount.decimal)
