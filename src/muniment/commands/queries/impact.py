"""What a mitigation would change: points and credit of every month it touches, without it and with it granted whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.settlement import SettledMonth, settled_months
from muniment.commands.queries.terms import regime_of_month
from muniment.domain.assessment.mitigation import MITIGATION_EFFECTS, Decision, Mitigation, MitigationEffect
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month


@dataclass(frozen=True)
class MonthImpact:
    """A month of the contract, all KPIs together. Credits: None where the contract has none."""

    month: Month
    points_without: int
    points_with: int
    credit_without: Money | None
    credit_with: Money | None


def mitigation_impact(
    reading: Reading, mitigation: Mitigation, *, settled: Sequence[SettledMonth]
) -> tuple[MonthImpact, ...]:
    """The months that the request covers, and later ones that it would change, because failures run on.

    `settled`: every month as it is while the request waits, from the reading's start on.
    """
    if not settled:
        return ()
    first, last = settled[0].month, settled[-1].month
    granted = replace(reading, mitigations=tuple(_granted(reading, found, mitigation) for found in reading.mitigations))
    then = settled_months(granted, granted.results(first=first, last=last))
    pairs = [_pair(before, after) for before, after in zip(settled, then, strict=True)]
    return tuple(pair for pair in pairs if mitigation.first <= pair.month <= mitigation.last or _differs(pair))


def _granted(reading: Reading, found: Mitigation, chosen: Mitigation) -> Mitigation:
    """The chosen request as if it were granted whole, with the effect of its ground."""
    if found.id != chosen.id:
        return found
    regime = regime_of_month(text=reading.text, known=reading.known, month=found.first)
    ground = regime.grounds.get(found.ground)
    effect: MitigationEffect = next(
        (effect for effect in MITIGATION_EFFECTS if ground and ground.effect == effect), MITIGATION_EFFECTS[0]
    )
    return replace(found, decision=Decision("granted", effect, found.requested))


def _pair(before: SettledMonth, after: SettledMonth) -> MonthImpact:
    one, other = before.statement, after.statement
    return MonthImpact(
        month=before.month,
        points_without=one.points,
        points_with=other.points,
        credit_without=one.credit.due if one.credit else None,
        credit_with=other.credit.due if other.credit else None,
    )


def _differs(pair: MonthImpact) -> bool:
    return (pair.points_without, pair.credit_without) != (pair.points_with, pair.credit_with)
