"""The board report's failures, mitigations and credits, month by month, each with its summary sentence.

Every sentence names the line that was missed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from muniment.commands.queries.reading import Reading
from muniment.commands.queries.report.figures import count_figure, mark_of, money_figure, points_figure, value_figure
from muniment.commands.queries.settlement import settle_month
from muniment.commands.queries.terms import departures_of
from muniment.domain.assessment.failure_notes import FailureNote
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import Statement
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.words import VERDICTS, both_values, counted_of
from muniment.domain.board.report import CreditMonth, Failure, ReportedMitigation
from muniment.domain.board.words import Figure, Words
from muniment.domain.kernel.period import Month, Period, long_date
from muniment.domain.regime.text import GroundText

UNEXPLAINED = "not yet explained"


def failures_of(*, results: Sequence[Result], notes: Mapping[tuple[str, Month], FailureNote]) -> tuple[Failure, ...]:
    """Every unmitigated failure, newest month first, those below minimum before those below target."""
    failing = [result for result in results if result.standing.is_failing and not result.is_mitigated]
    failing.sort(key=lambda r: (-r.contract_month, r.standing.status == "below_target", r.kpi.code))
    return tuple(_failure(result, notes.get((result.kpi.code, result.period.last))) for result in failing)


def _failure(result: Result, note: FailureNote | None) -> Failure:
    kpi, is_below_minimum = result.kpi, result.standing.status == "below_minimum"
    clause = f" ({kpi.clause})" if kpi.clause else ""
    level = f"minimum {kpi.minimum}{clause}" if is_below_minimum else f"target {kpi.target}{clause}"
    said = note.explained if note is not None else None
    return Failure(
        code=kpi.code,
        title=kpi.title,
        month=result.month,
        line_missed=VERDICTS[result.standing.status],
        status=mark_of(result),
        value=value_figure(result),
        counted=counted_of(result),
        level=level,
        cause=Words.of(said.cause if said else UNEXPLAINED),
        effect=Words.of(said.effect if said else UNEXPLAINED),
        remedy=Words.of(said.remedy if said else UNEXPLAINED),
        points=points_figure(result),
    )


def failures_summary(failures: Sequence[Failure], *, last: Month) -> Words:
    """How many missed which line, in the last month and over all months."""
    in_last = [failure for failure in failures if failure.month == last]
    below_minimum = sum(failure.status.standing == "below_minimum" for failure in in_last)
    below_target = len(in_last) - below_minimum
    if not in_last:
        return Words.of(f"No unmitigated KPI missed a line in {last.name}.", _over_all(failures))
    return Words.of(
        f"In {last.name} ",
        count_figure(below_minimum, name=Category.BELOW_MSL, month=last),
        f" {_kpis(below_minimum)} failed to meet the Minimum Service Level and ",
        count_figure(below_target, name=Category.MSL_ACHIEVED, month=last),
        f" {_kpis(below_target)} missed the Target Service Level only; mitigated ones are listed below.",
        _over_all(failures),
    )


def _kpis(count: int) -> str:
    return "KPI" if count == 1 else "KPIs"


def _over_all(failures: Sequence[Failure]) -> str:
    return f" The table lists all {len(failures)} failures of the months covered, newest first." if failures else ""


def mitigations_of(*, reading: Reading, results: Sequence[Result]) -> tuple[ReportedMitigation, ...]:
    """The granted mitigations that relieve a failure in these months, with the newest value each leaves as it is."""
    newest: dict[str, Result] = {}
    for result in results:
        if result.mitigation is not None:
            newest[result.mitigation.id] = result
    return tuple(_mitigation(reading, newest[name]) for name in sorted(newest))


def _mitigation(reading: Reading, result: Result) -> ReportedMitigation:
    granted = result.mitigation
    assert granted is not None
    regime = reading.text.regime_at(on=result.period.first_day, known=reading.known)
    ground: GroundText | None = regime.grounds.get(granted.ground)
    return ReportedMitigation(
        code=result.kpi.code,
        title=result.kpi.title,
        ground=ground.title if ground else granted.ground,
        clause=ground.clause if ground else "",
        period=Period(granted.first, granted.last).name,
        decided=" ".join([_decided(reading, granted), *_in_part(result), *_departures(reading, granted)]),
        review=f"Review on {long_date(granted.review_on)}" if granted.review_on else "No review date",
        plan=Words.of(granted.plan or "No improvement plan was asked for."),
        value=value_figure(result),
        counted=f"{counted_of(result)}, {result.period.name}",
        status=mark_of(result),
    )


def _departures(reading: Reading, granted: Mitigation) -> tuple[str, ...]:
    asked_on = reading.asked_on.get(granted.id)
    return departures_of(text=reading.text, known=reading.known, mitigation=granted, asked_on=asked_on)


def _decided(reading: Reading, granted: Mitigation) -> str:
    decision = granted.decision
    assert decision is not None
    part = " in part" if granted.is_granted_in_part else ""
    on = reading.decided_on.get(granted.id) or date.fromisoformat(decision.recorded.at[:10])
    return f"Granted{part} for the {decision.recorded.on_behalf_of} on {long_date(on)}."


def _in_part(result: Result) -> tuple[str, ...]:
    """Both values of a grant in part, in the period that is shown."""
    return (f"{result.period.name}: {both_values(result)}.",) if result.relieved else ()


def mitigations_summary(mitigations: Sequence[ReportedMitigation], *, results: Sequence[Result], last: Month) -> Words:
    """How many failing KPIs are mitigated in the last month."""
    count = sum(result.month == last and result.is_mitigated for result in results)
    if not mitigations:
        return Words.of("No failure in these months is mitigated.")
    return Words.of(
        count_figure(count, name="mitigated", month=last),
        f" failing {'KPI is' if count == 1 else 'KPIs are'} mitigated in {last.name}. Mitigation takes away the "
        "points; the number and the status stand.",
    )


def statements_of(*, reading: Reading, months: Sequence[Month]) -> tuple[Statement, ...]:
    return tuple(settle_month(reading, month=month) for month in months)


def credits_of(statements: Sequence[Statement]) -> tuple[CreditMonth, ...]:
    """Points and credit of each month; none where the regime has no service credits."""
    found = []
    for statement in statements:
        if statement.credit is None:
            continue
        month, credit = statement.month, statement.credit
        found.append(
            CreditMonth(
                month=month,
                points=Figure(str(statement.points), str(statement.points), f"points/total/{month}"),
                before_cap=money_figure(credit.before_cap, fact=f"credit/before_cap/{month}"),
                after_cap=money_figure(credit.due, fact=f"credit/due/{month}"),
                working=Words.of(statement.credit_working),
            )
        )
    return tuple(found)
