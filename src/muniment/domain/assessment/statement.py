"""The statement of a month: a line per KPI in force, the points, the credit, and the working in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from muniment.domain.assessment.credit import Credit, credit_of
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.status import STATUS_NAMES, Status
from muniment.domain.assessment.words import both_values
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.quantity import plain
from muniment.domain.regime.regime import Regime, Suspension, charge_base


@dataclass(frozen=True)
class KpiLine:
    """A KPI's line. `ground` is the title of the ground it is mitigated on."""

    result: Result
    ground: str | None
    working: str


@dataclass(frozen=True)
class Statement:
    """`credit` is None where the regime has no service credits."""

    month: Month
    contract_month: int
    lines: tuple[KpiLine, ...]
    credit: Credit | None
    credit_working: str

    @property
    def points(self) -> int:
        return sum(line.result.points for line in self.lines)


def statement_of(
    *, month: Month, results: Sequence[Result], regime: Regime, suspensions: Sequence[Suspension]
) -> Statement:
    """Settle a month from its results (all of that month)."""
    lines = tuple(KpiLine(result, _ground(result, regime), working_of(result)) for result in results)
    contract_month = results[0].contract_month if results else 0
    terms = regime.service_credits
    if terms is None:
        return Statement(month, contract_month, lines, None, "The regime has no service credits.")
    lifted = [s for s in suspensions if s.what == "service_credits" and s.first <= month <= s.last]
    counted = sum(r.points for r in results if not any(s.kpis and r.kpi.code in s.kpis for s in lifted))
    wholly = any(s.kpis is None for s in lifted)
    credit = credit_of(terms=terms, points=counted, base=charge_base(regime), is_suspended=wholly)
    return Statement(month, contract_month, lines, credit, credit_working(credit, lifted))


def _ground(result: Result, regime: Regime) -> str | None:
    if result.mitigation is None:
        return None
    ground = regime.grounds.get(result.mitigation.ground)
    return ground.title if ground is not None else result.mitigation.ground


def working_of(result: Result) -> str:
    """How the points of a line come about, as a sentence. Where a grant is in part, both values come first."""
    return _working_from(result, result.decisive.status)


def in_former_words(statement: Statement) -> Statement:
    """The statement with its working as version 0.1 put it: where the relieved value meets the target, as though the
    measured one had."""
    return replace(statement, lines=tuple(replace(line, working=_former_working(line)) for line in statement.lines))


def _former_working(line: KpiLine) -> str:
    relieved = line.result.relieved
    return _working_from(line.result, "met_target") if relieved and relieved.meets_target else line.working


def _working_from(result: Result, decisive: Status) -> str:
    working = _working(result, STATUS_NAMES[decisive])
    if result.relieved is None:
        return working
    return f"{both_values(result)}: {working[0].lower()}{working[1:].replace(': ', ', ', 1)}"


def _working(result: Result, status: str) -> str:
    consequence = result.consequence
    match consequence.rule:
        case "none":
            return "Monitored only: no points." if result.kpi.is_monitored else f"{status.capitalize()}: no points."
        case "mitigated":
            return f"{status.capitalize()}: {_points(consequence.base)}, relieved by mitigation."
        case "suspended":
            notice = result.suspension.notice if result.suspension is not None else "a notice"
            return f"{status.capitalize()}: {_points(consequence.base)}, suspended by {notice}."
        case "report_only":
            return f"{status.capitalize()}: reported only, because of the small volume."
        case "earned":
            return _earned(result, status)


def _earned(result: Result, status: str) -> str:
    consequence = result.consequence
    if result.kpi.is_monitored:
        return f"{status.capitalize()}: monitored only, no points."
    if consequence.multiplier == 1:
        return f"{status.capitalize()}: {_points(consequence.base)}."
    return (
        f"{status.capitalize()}: {_points(consequence.base)} x {consequence.multiplier}, "
        f"failing for {consequence.run} periods running = {_points(consequence.points)}."
    )


def _points(count: int) -> str:
    return f"{count} point" if count == 1 else f"{count} points"


def credit_working(credit: Credit, lifted: Sequence[Suspension] = ()) -> str:
    """The credit's arithmetic in words."""
    head = f"{_points(credit.points)} - {credit.free_points} free = {credit.chargeable_points} chargeable"
    sum_line = f"{head}; x {plain(credit.per_point)}% x {credit.base} = {credit.before_cap}"
    notices = " and ".join(sorted({s.notice for s in lifted}))
    if credit.is_suspended:
        return f"{sum_line}; service credits are suspended by {notices}, so {Money(0)} is due."
    partly = f" Points of some KPIs are left out of the credit by {notices}." if lifted else ""
    if credit.is_capped:
        return f"{sum_line}; capped at {credit.cap}, so {credit.due} is due.{partly}"
    return f"{sum_line}; within the cap of {credit.cap}, so {credit.due} is due.{partly}"
