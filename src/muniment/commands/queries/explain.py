"""Why a KPI stands where it stands: the sentence, the sum, the lines in force, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.result import Result
from muniment.domain.assessment.statement import working_of
from muniment.domain.assessment.words import relieved_sum, sentence_of, sum_of
from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, REJECTED, Samples
from muniment.domain.evidence.measurement import Tally
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.regime.levels import Level
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.nodes import Source

_SAMPLE = 3


@dataclass(frozen=True)
class DispositionCount:
    """How many rows had one disposition, and the first few of them by row id."""

    name: str
    count: int
    sample: tuple[str, ...]


@dataclass(frozen=True)
class LineInForce:
    """A level in force, and the file, line and notice it comes from."""

    name: str
    level: Level
    source: Source


@dataclass(frozen=True)
class Explanation:
    """`dispositions` covers every row of the period exactly once; it is empty where nothing was measured."""

    result: Result
    sentence: str
    sum_line: str
    lines: tuple[LineInForce, ...]
    measure: Measure
    measure_source: Source
    dispositions: tuple[DispositionCount, ...]
    points_working: str
    notices: tuple[str, ...]

    @property
    def relieved_line(self) -> str:
        """The relieved value and its sum; empty where no grant is in part."""
        return relieved_sum(self.result)


def explain_kpi_month(reading: Reading, *, kpi: str, month: Month) -> Explanation:
    """Explain one KPI in one month. Raises ProblemsFoundError where the KPI was not in force then."""
    (result,) = replace(reading, kpi=kpi).results(first=month, last=month)
    return explanation_of(reading, result)


def explanation_of(reading: Reading, result: Result) -> Explanation:
    """Explain a result of the reading; nothing but the samples of its rows is computed again."""
    return explanations(reading, [result])[0]


def explanations(reading: Reading, results: Sequence[Result]) -> tuple[Explanation, ...]:
    """Explain results of the reading, in their order. The rows of each table are looked at once for all of them."""
    samples = _samples(reading, [result for result in results if result.measurement is not None])
    return tuple(_explanation(reading, result, samples) for result in results)


def _explanation(reading: Reading, result: Result, samples: Samples) -> Explanation:
    in_force = result.kpi
    regime = reading.text.regime_at(on=result.period.first_day, known=reading.known)
    return Explanation(
        result=result,
        sentence=sentence_of(result),
        sum_line=sum_of(result),
        lines=(
            LineInForce("target", in_force.target, in_force.target_source),
            LineInForce("minimum", in_force.minimum, in_force.minimum_source),
        ),
        measure=in_force.measure,
        measure_source=in_force.measure_source,
        dispositions=_dispositions(reading, result, samples),
        points_working=working_of(result),
        notices=regime.notices,
    )


def _samples(reading: Reading, measured: Sequence[Result]) -> Samples:
    if not measured:
        return {}
    return reading.engine.samples(
        measures=tuple(dict.fromkeys(result.kpi.measure for result in measured)),
        first=min(result.period.first for result in measured),
        last=max(result.period.last for result in measured),
        limit=_SAMPLE,
        set_aside=reading.set_aside,
    )


def _dispositions(reading: Reading, result: Result, samples: Samples) -> tuple[DispositionCount, ...]:
    if result.measurement is None:
        return ()
    measure, tally = result.kpi.measure, result.measurement.tally
    found = [
        DispositionCount(name, count, _first_rows(samples, measure, result.period, code))
        for name, code, count in _named_counts(measure, tally)
    ]
    found[-1:-1] = _rejected(reading, measure, result.period, tally.rejected)
    return tuple(found)


def _first_rows(samples: Samples, measure: Measure, period: Period, code: int) -> tuple[str, ...]:
    by_month = (samples.get((measure, month), {}) for month in months_from(period.first, period.last))
    return tuple(sorted(row for month in by_month for row in month.get(code, ()))[:_SAMPLE])


def _rejected(reading: Reading, measure: Measure, period: Period, count: int) -> list[DispositionCount]:
    """The rejected rows by the reason that the officer gave, in the order of the reasons; last, what is not there."""
    of_table = [found for found in reading.rejections if found.table == measure.table]
    reasons = {found.row: found.reason for found in of_table}
    by_reason: dict[str, list[str]] = {}
    rejected = _all_rejected(reading, measure, period, count) if count else ()
    for row in rejected:
        by_reason.setdefault(reasons[row], []).append(row)
    months = months_from(period.first, period.last)
    lost = sorted({found.row for found in of_table if found.month in set(months)} - set(rejected))
    return [
        *(
            DispositionCount(f"rejected: {reason}", len(rows), tuple(rows[:_SAMPLE]))
            for reason, rows in sorted(by_reason.items())
        ),
        *([DispositionCount("rejected, but not in the evidence", 0, tuple(lost[:_SAMPLE]))] if lost else []),
    ]


def _named_counts(measure: Measure, tally: Tally) -> list[tuple[str, int, int]]:
    left_out = [
        (f"left out: {rule.name}", code, count)
        for code, (rule, count) in enumerate(zip(measure.left_out, tally.left_out, strict=True), start=1)
    ]
    return [
        ("counted", COUNTED, tally.counted),
        *([] if measure.form == "number_of_rows" else [("in total, not counted", IN_TOTAL, tally.in_total)]),
        *left_out,
        ("out of scope", OUT_OF_SCOPE, tally.out_of_scope),
    ]


def _all_rejected(reading: Reading, measure: Measure, period: Period, count: int) -> tuple[str, ...]:
    return reading.engine.sample(
        measure=measure, period=period, disposition=REJECTED, limit=count, set_aside=reading.set_aside
    )
