"""A month of a contract: its column of Table 1, points and credits, as locked and as computed now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from muniment.application.read_models.mitigations import money_shown
from muniment.commands.queries.locked_statements import FiguresInForce, MonthTotals
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import Table1Column
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month

if TYPE_CHECKING:
    Table1 = Mapping[Category, int]
else:
    Table1 = TypedDict("Table1", {row.value: int for row in Category})
    Table1.__doc__ = "KPIs of a month by category: they add up to those in force."

WITH_DEFAULTS = ConfigDict(json_schema_serialization_defaults_required=True)
"""What may be left out when it is read is there when it is shown."""


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """What a month comes to. Amounts as they are shown; empty where there is none."""

    counts: Table1
    kpis: int
    points: str
    credit_due: str
    credit_cap: str
    credits_to_date: str


@dataclass(frozen=True, kw_only=True)
class LockedFigures(MonthFigures):
    """What the last locked version says."""

    version: int


@dataclass(frozen=True, kw_only=True)
class MonthLine(MonthFigures):
    """A month of the contract: the figures of its last locked statement, or where none is locked those computed now."""

    __pydantic_config__ = WITH_DEFAULTS

    month: str
    contract_month: int
    now: Annotated[
        MonthFigures | None, Field(description="As computed now, where that differs from what is locked.")
    ] = None
    locked: Annotated[int, Field(description="How many versions of its statement are locked.")]
    state: str

    @property
    def name(self) -> str:
        """November 2019"""
        return Month.parse(self.month).name


def figures_shown(found: MonthTotals) -> MonthFigures:
    return MonthFigures(
        counts=table_1_of(found.counts),
        kpis=found.kpis,
        points=found.points,
        credit_due=money_shown(found.due),
        credit_cap=money_shown(found.cap),
        credits_to_date=money_shown(found.credits_to_date),
    )


def locked_figures(found: FiguresInForce) -> LockedFigures | None:
    """Those of the last locked version; None where nothing is locked."""
    return LockedFigures(**vars(figures_shown(found.figures)), version=found.version) if found.version else None


def month_line(found: FiguresInForce, *, contract_month: int, state: str) -> MonthLine:
    """The month with the figures that stand, and those of now where they differ."""
    return MonthLine(
        **vars(figures_shown(found.figures)),
        month=str(found.month),
        contract_month=contract_month,
        now=figures_shown(found.computed) if found.computed != found.figures else None,
        locked=found.version,
        state=state,
    )


def table_1_of(counts: Mapping[Category, int]) -> Table1:
    """A column by the keys of its rows."""
    return {row: counts[row] for row in Category}


def summary_row(column: Table1Column) -> dict[str, Json]:
    """A month of `muniment summary --format json`: the rows of Table 1, between its month and their total."""
    counts: dict[str, Json] = {row.value: column.counts[row] for row in Category}
    return {"period": str(column.month), "contract_month": column.contract_month, **counts, "total": column.total}
