"""Service points: the band's points, repeat failure, mitigation and suspension.

Source of the rule on repeat failure: Model Services Contract, Performance Levels, para 3.2: in any two consecutive
measurement periods the second and any later failure earns P x 2. It doubles the period's own P and does not compound.
"""

from dataclasses import dataclass
from typing import Literal

from muniment.domain.assessment.status import AssessedStatus
from muniment.domain.regime.kpis import Kpi

PointsRule = Literal["none", "earned", "mitigated", "suspended", "report_only"]


@dataclass(frozen=True)
class Consequence:
    """`base`: the band's points. `run`: consecutive failing periods up to and including this one. `points`: what
    counts after repeat failure, mitigation and suspension; `rule` says which of them decided."""

    base: int
    run: int
    multiplier: int
    points: int
    rule: PointsRule


def consequence_of(
    *, kpi: Kpi, standing: AssessedStatus, run_before: int, is_mitigated: bool, is_suspended: bool
) -> Consequence:
    """The points of one period, given how many consecutive periods failed before it."""
    base = _base(kpi, standing)
    run = run_after(
        kpi=kpi, standing=standing, run_before=run_before, is_mitigated=is_mitigated, is_suspended=is_suspended
    )
    if not standing.is_failing:
        return Consequence(0, run, 1, 0, "none")
    if is_suspended:
        return Consequence(base, run, 1, 0, "suspended")
    if is_mitigated:
        return Consequence(base, run, 1, 0, "mitigated")
    if standing.rule == "report_only":
        return Consequence(base, run, 1, 0, "report_only")
    repeat_failure = kpi.repeat_failure
    multiplier = repeat_failure.multiply if repeat_failure is not None and run >= repeat_failure.after else 1
    return Consequence(base, run, multiplier, base * multiplier, "earned")


def _base(kpi: Kpi, standing: AssessedStatus) -> int:
    return 0 if standing.band is None else kpi.points[standing.band.name]


def no_worse(kpi: Kpi, measured: AssessedStatus, relieved: AssessedStatus) -> AssessedStatus:
    """The relieved standing, unless it earns more points than the measured one: a grant in part never costs."""
    return measured if _base(kpi, relieved) > _base(kpi, measured) else relieved


def run_after(*, kpi: Kpi, standing: AssessedStatus, run_before: int, is_mitigated: bool, is_suspended: bool) -> int:
    """Consecutive failing periods after this one. What is not assessed, not due, suspended (met or not) or
    reported only neither counts nor breaks; a met period breaks; a mitigated one does what the contract says."""
    if is_suspended or standing.rule == "report_only":
        return run_before
    if standing.status == "met_target":
        return 0
    if not standing.is_failing:
        return run_before
    if not is_mitigated:
        return run_before + 1
    match kpi.repeat_failure.mitigated_period if kpi.repeat_failure is not None else "skip":
        case "breaks":
            return 0
        case "counts":
            return run_before + 1
        case _:
            return run_before
