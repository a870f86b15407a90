"""The statement of a month, as its page and the API show it and `statement --format json` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from muniment.application.read_models.mitigations import money_shown
from muniment.application.read_models.months import WITH_DEFAULTS, LockedFigures, Table1, locked_figures, table_1_of
from muniment.commands.queries.locked_statements import FiguresInForce
from muniment.commands.queries.settlement import SettledMonth
from muniment.domain.assessment.credit import Credit
from muniment.domain.assessment.statement import KpiLine, Statement
from muniment.domain.assessment.summary import Table1Column
from muniment.domain.assessment.words import shown_value
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.quantity import plain


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """A KPI's line: how its points came about."""

    kpi: str
    value: str
    status: str
    category: str
    base_points: str
    multiplier: int
    points: str
    ground: str | None
    working: str


@dataclass(frozen=True, kw_only=True)
class CreditFigures:
    """A service credit. Points and amounts (GBP) as plain decimals."""

    points: str
    free_points: str
    chargeable_points: str
    per_point_percent: str
    base: str
    before_cap: str
    cap: str
    due: str
    suspended: bool


@dataclass(frozen=True, kw_only=True)
class MonthStatement:
    """What a month comes to. Amounts (GBP) as plain decimals."""

    period: str
    contract_month: int
    lines: tuple[StatementLine, ...]
    points: str
    credit: CreditFigures | None
    credit_working: str | None
    credits_to_date: str | None


@dataclass(frozen=True, kw_only=True)
class StatementInForce(MonthStatement):
    """The same with its column of Table 1, and beside what is locked."""

    __pydantic_config__ = WITH_DEFAULTS

    table_1: Table1
    kpis: int
    stands: Annotated[LockedFigures | None, Field(description="What is locked; null while nothing is.")] = None
    differs: Annotated[bool, Field(description="Whether what is computed now is something else.")] = False


@dataclass(frozen=True, kw_only=True)
class ShownAmounts:
    """Amounts as they are shown; empty where there is none."""

    credit_due: str
    credit_cap: str
    credits_to_date: str


@dataclass(frozen=True, kw_only=True)
class StatementPage(StatementInForce):
    """`fingerprint`: what a signature of it seals; empty for a month that is locked. `sparklines`: KPI -> its small
    line up to that month, as SVG."""

    fingerprint: str
    shown: ShownAmounts
    sparklines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownStatement:
    """The statement that somebody was shown before they sign: its sealed fingerprint, and its figures in words."""

    statement: str
    figures: str


def month_statement(statement: Statement, *, credits_to_date: Money | None) -> MonthStatement:
    """What `muniment statement` found."""
    return MonthStatement(
        period=str(statement.month),
        contract_month=statement.contract_month,
        lines=tuple(_line(line) for line in statement.lines),
        points=str(statement.points),
        credit=None if statement.credit is None else _credit(statement.credit),
        credit_working=statement.credit_working,
        credits_to_date=None if credits_to_date is None else str(credits_to_date.decimal),
    )


def statement_page(
    settled: SettledMonth,
    column: Table1Column,
    *,
    fingerprint: str,
    stands: FiguresInForce | None = None,
    sparklines: Mapping[str, str] | None = None,
) -> StatementPage:
    """The statement of a month, or as it was signed first, where nothing stands beside it."""
    credit = settled.statement.credit
    return StatementPage(
        **vars(month_statement(settled.statement, credits_to_date=settled.credits_to_date)),
        table_1=table_1_of(column.counts),
        kpis=column.total,
        stands=locked_figures(stands) if stands else None,
        differs=stands.differs if stands else False,
        fingerprint=fingerprint,
        shown=ShownAmounts(
            credit_due=money_shown(credit.due if credit else None),
            credit_cap=money_shown(credit.cap if credit else None),
            credits_to_date=money_shown(settled.credits_to_date),
        ),
        sparklines=sparklines or {},
    )


def _line(line: KpiLine) -> StatementLine:
    consequence = line.result.consequence
    return StatementLine(
        kpi=line.result.kpi.code,
        value=shown_value(line.result),
        status=line.result.standing.status,
        category=line.result.category,
        base_points=str(consequence.base),
        multiplier=consequence.multiplier,
        points=str(consequence.points),
        ground=line.ground,
        working=line.working,
    )


def _credit(credit: Credit) -> CreditFigures:
    return CreditFigures(
        points=str(credit.points),
        free_points=str(credit.free_points),
        chargeable_points=str(credit.chargeable_points),
        per_point_percent=plain(credit.per_point),
        base=str(credit.base.decimal),
        before_cap=str(credit.before_cap.decimal),
        cap=str(credit.cap.decimal),
        due=str(credit.due.decimal),
        suspended=credit.is_suspended,
    )
