"""Mitigation beside the figures: requests that touch a KPI and month, grants, and what a grant would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from muniment.commands.queries.impact import MonthImpact
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.terms import regime_of_month
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Result
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.regime.regime import Regime


@dataclass(frozen=True, kw_only=True)
class MitigationOfMonth:
    """A mitigation that touches the month."""

    id: str
    ground: str
    ground_title: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    state: str
    decided_at: str | None


@dataclass(frozen=True, kw_only=True)
class GrantedMitigation(MitigationOfMonth):
    """A grant, whole or in part. `until`: the last day on which it holds."""

    kpi: str
    until: date


@dataclass(frozen=True, kw_only=True)
class ImpactOfMonth:
    """A month with and without a grant. Amounts as they are shown; empty where there is none."""

    month: str
    points_without: str
    points_with: str
    credit_without: str
    credit_with: str

    @property
    def name(self) -> str:
        """November 2019"""
        return Month.parse(self.month).name


@dataclass(frozen=True, kw_only=True)
class MitigationImpact:
    """What a request that waits would change, month by month."""

    months: tuple[ImpactOfMonth, ...]


def mitigations_of_month(reading: Reading, result: Result) -> tuple[MitigationOfMonth, ...]:
    """Those asked for this KPI that touch the month, in the order of the requests."""
    regime = reading.text.regime_at(on=result.period.first_day, known=reading.known)
    return tuple(
        _shown(found, regime)
        for found in reading.mitigations
        if found.kpi == result.kpi.code and found.overlaps(first=result.month, last=result.month)
    )


def granted_mitigations(reading: Reading) -> tuple[GrantedMitigation, ...]:
    """Every grant, whole or in part, in the order of the requests."""
    granted = [found for found in reading.mitigations if found.state in ("granted", "granted_in_part")]
    regimes = [regime_of_month(text=reading.text, known=reading.known, month=found.first) for found in granted]
    return tuple(
        GrantedMitigation(**vars(_shown(found, regime)), kpi=found.kpi, until=found.last.last_day)
        for found, regime in zip(granted, regimes, strict=True)
    )


def _shown(found: Mitigation, regime: Regime) -> MitigationOfMonth:
    ground = regime.grounds.get(found.ground)
    return MitigationOfMonth(
        id=found.id,
        ground=found.ground,
        ground_title=ground.title if ground else found.ground,
        from_=str(found.first),
        to=str(found.last),
        state=found.state,
        decided_at=found.decision.recorded.at if found.decision else None,
    )


def impact_shown(found: Sequence[MonthImpact]) -> MitigationImpact:
    """The months of `mitigation_impact`, with amounts as they are shown."""
    return MitigationImpact(
        months=tuple(
            ImpactOfMonth(
                month=str(line.month),
                points_without=str(line.points_without),
                points_with=str(line.points_with),
                credit_without=money_shown(line.credit_without),
                credit_with=money_shown(line.credit_with),
            )
            for line in found
        )
    )


def money_shown(amount: Money | None) -> str:
    """£1,234.50; empty where there is none."""
    return "" if amount is None else str(amount)
