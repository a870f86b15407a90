"""The result of a KPI in a month (measurement, status, mitigation, points), and assessing months in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.points import Consequence, consequence_of, no_worse
from muniment.domain.assessment.status import AssessedStatus, Category, category_of, no_evidence, standing_of
from muniment.domain.evidence.measurement import Measurement
from muniment.domain.kernel.period import Month, Period
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.regime import Suspension

_T = TypeVar("_T")
NOT_YET = AssessedStatus("not_due", None, "not_due")
BEFORE_THE_RECORD = AssessedStatus("not_assessed", None, "before_the_record")


@dataclass(frozen=True)
class RelievedMeasurement:
    """A KPI measured without what is relieved by grants in part. `rows`: how many rows of the period that are. `by`:
    every grant in part that covers the period, in the order of the requests."""

    measurement: Measurement
    standing: AssessedStatus
    rows: int
    by: tuple[Mitigation, ...]

    @property
    def meets_target(self) -> bool:
        return self.standing.status == "met_target"


@dataclass(frozen=True)
class Result:
    """`period` is the KPI's own measurement period; a quarterly KPI is measured in its last month only.
    `mitigation` is the granted one that relieves a failing KPI; where it is granted in part, `relieved` is the value
    without the rows relieved, and the points come from it. `measurement` and `standing` stay as measured."""

    kpi: Kpi
    month: Month
    contract_month: int
    period: Period
    measurement: Measurement | None
    standing: AssessedStatus
    mitigation: Mitigation | None
    suspension: Suspension | None
    consequence: Consequence
    relieved: RelievedMeasurement | None = None

    @property
    def category(self) -> Category:
        return category_of(standing=self.standing, is_mitigated=self.is_mitigated)

    @property
    def is_mitigated(self) -> bool:
        return is_mitigated(self.mitigation, relieved=self.relieved)

    @property
    def decisive(self) -> AssessedStatus:
        return decisive_of(kpi=self.kpi, measured=self.standing, relieved=self.relieved)

    @property
    def points(self) -> int:
        return self.consequence.points


@dataclass(frozen=True)
class DueAssessment:
    """What is to be assessed for one KPI in one month. `measurement` None: nothing was submitted. `relieved`: what
    grants in part leave of it.

    `is_measured_now`: the month ends the KPI's period, the period is over, and its evidence is there or overdue.
    """

    kpi: Kpi
    month: Month
    contract_month: int
    period: Period
    is_before_record: bool
    is_measured_now: bool
    measurement: Measurement | None
    relieved: RelievedMeasurement | None = None


@dataclass(frozen=True)
class Circumstances:
    """What people and notices decided that bears on results."""

    mitigations: Sequence[Mitigation]
    suspensions: Sequence[Suspension]
    opening_runs: Mapping[str, int]


def results_of(*, due: Sequence[DueAssessment], circumstances: Circumstances) -> tuple[Result, ...]:
    """Assess KPI-months given in month order; chains run through each KPI's own periods."""
    runs = dict(circumstances.opening_runs)
    results = []
    for item in due:
        result = _result(item, circumstances, runs.get(item.kpi.code, 0))
        runs[item.kpi.code] = result.consequence.run
        results.append(result)
    return tuple(results)


def _result(due: DueAssessment, circumstances: Circumstances, run_before: int) -> Result:
    standing = _standing(due)
    granted = _first(
        circumstances.mitigations, lambda m: m.relieves(kpi=due.kpi.code, period=due.period, in_part=False)
    )
    suspension = _first(
        circumstances.suspensions, lambda s: s.what == "points" and s.covers(kpi=due.kpi.code, period=due.period)
    )
    mitigation = granted if standing.is_failing else None
    relieved = due.relieved if standing.is_failing and granted is None else None
    if relieved is not None:
        mitigation = relieved.by[0]
    consequence = consequence_of(
        kpi=due.kpi,
        standing=decisive_of(kpi=due.kpi, measured=standing, relieved=relieved),
        run_before=run_before,
        is_mitigated=is_mitigated(mitigation, relieved=relieved),
        is_suspended=suspension is not None,
    )
    return Result(
        kpi=due.kpi,
        month=due.month,
        contract_month=due.contract_month,
        period=due.period,
        measurement=due.measurement if due.is_measured_now else None,
        standing=standing,
        mitigation=mitigation,
        suspension=suspension,
        consequence=consequence,
        relieved=relieved,
    )


def is_mitigated(mitigation: Mitigation | None, *, relieved: RelievedMeasurement | None) -> bool:
    """A grant in part mitigates only where the relieved value meets the target."""
    return mitigation is not None and (relieved is None or relieved.meets_target)


def decisive_of(*, kpi: Kpi, measured: AssessedStatus, relieved: RelievedMeasurement | None) -> AssessedStatus:
    """The standing that the points come from. As measured, where no grant is in part, and where one is and the relieved
    value meets the target: that failure is mitigated as under a whole grant. Else as relieved, if it is no worse."""
    if relieved is None or relieved.meets_target:
        return measured
    return no_worse(kpi, measured, relieved.standing)


def _standing(due: DueAssessment) -> AssessedStatus:
    if due.is_before_record:
        return BEFORE_THE_RECORD
    if not due.is_measured_now:
        return NOT_YET
    if due.measurement is None:
        return no_evidence(due.kpi)
    return standing_of(kpi=due.kpi, measurement=due.measurement)


def _first(items: Sequence[_T], fits: Callable[[_T], bool]) -> _T | None:
    return next((item for item in items if fits(item)), None)
