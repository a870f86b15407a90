"""A KPI in a month down to its rows, as its page and the API show it and `explain --format json` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass

from muniment.application.read_models.kpi_months import AssessedKpi, assessed_kpi, kpi_month_of
from muniment.application.read_models.mitigations import MitigationOfMonth, mitigations_of_month
from muniment.application.record_facts import RecordFacts
from muniment.commands.queries.explain import Explanation
from muniment.commands.queries.reading import Reading
from muniment.domain.assessment.failure_notes import FailureNote
from muniment.domain.assessment.result import RelievedMeasurement
from muniment.domain.kernel.quantity import plain


@dataclass(frozen=True, kw_only=True)
class AgreedLevel:
    """A level in force, and where it was agreed."""

    level: str
    place: str
    notice: str | None


@dataclass(frozen=True, kw_only=True)
class AgreedMeasure:
    """The measure in force, and where it was agreed."""

    name: str
    place: str
    notice: str | None


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """What became of rows, with the ids of some."""

    disposition: str
    rows: int
    sample: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Relief:
    """The value without the rows that grants in part relieve."""

    by: tuple[str, ...]
    rows: int
    numerator: str
    denominator: str | None
    value: str | None
    status: str


@dataclass(frozen=True, kw_only=True)
class ExplainedFailure:
    """Why the KPI failed; of several the last counts."""

    id: str
    seq: int
    at: str
    by: str
    cause: str
    effect: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """The answer in words, which stands before its figures."""

    sentence: str


@dataclass(frozen=True, kw_only=True)
class KpiExplanation(AssessedKpi, _Sentence):
    """A row of `assess`, and how it comes about. `measured_over`: the KPI's own period, 2019-07..2019-09 for a
    quarter."""

    measured_over: str
    levels: Mapping[str, AgreedLevel]
    measure: AgreedMeasure
    dispositions: tuple[Disposition, ...]
    relieved: Relief | None
    working: str
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainedKpiMonth(KpiExplanation):
    """The same with what people said and decided about it. `shown`: the value as it is shown; `sum`: with the sum
    behind it."""

    shown: str
    sum: str
    area: str
    title: str
    clause: str
    is_disputed: bool
    mitigations: tuple[MitigationOfMonth, ...]
    failure_notes: tuple[ExplainedFailure, ...]

    @property
    def is_failing(self) -> bool:
        return self.status in ("below_target", "below_minimum")


@dataclass(frozen=True, kw_only=True)
class KpiMonthPage(ExplainedKpiMonth):
    """`relieved_sum`: the sum behind the relieved value; empty where no grant is in part."""

    relieved_sum: str


def kpi_explanation(explained: Explanation) -> KpiExplanation:
    """What `muniment explain` found."""
    source = explained.measure_source
    return KpiExplanation(
        **vars(assessed_kpi(explained.result)),
        sentence=explained.sentence,
        measured_over=str(explained.result.period),
        levels={
            line.name: AgreedLevel(level=str(line.level), place=str(line.source.place), notice=line.source.notice)
            for line in explained.lines
        },
        measure=AgreedMeasure(name=explained.measure.name, place=str(source.place), notice=source.notice),
        dispositions=tuple(
            Disposition(disposition=found.name, rows=found.count, sample=found.sample)
            for found in explained.dispositions
        ),
        relieved=_relief(explained.result.relieved),
        working=explained.points_working,
        notices=explained.notices,
    )


def kpi_month_page(reading: Reading, known: RecordFacts, explained: Explanation) -> KpiMonthPage:
    """The same beside what the record says of it."""
    result = explained.result
    is_disputed = known.is_disputed(kpi=result.kpi.code, month=result.month)
    found = kpi_month_of(result, is_disputed=is_disputed)
    return KpiMonthPage(
        **vars(kpi_explanation(explained)),
        shown=found.value,
        sum=explained.sum_line,
        relieved_sum=explained.relieved_line,
        area=found.area,
        title=found.title,
        clause=result.kpi.clause or "",
        is_disputed=found.is_disputed,
        mitigations=mitigations_of_month(reading, result),
        failure_notes=tuple(_explained(note) for note in known.notes_on(kpi=found.kpi, month=result.month)),
    )


def _relief(relieved: RelievedMeasurement | None) -> Relief | None:
    if relieved is None:
        return None
    measurement = relieved.measurement
    return Relief(
        by=tuple(mitigation.id for mitigation in relieved.by),
        rows=relieved.rows,
        numerator=plain(measurement.numerator),
        denominator=None if measurement.denominator is None else plain(measurement.denominator),
        value=None if measurement.value is None else f"{measurement.value:f}",
        status=relieved.standing.status,
    )


def _explained(note: FailureNote) -> ExplainedFailure:
    return ExplainedFailure(
        id=note.id,
        seq=note.recorded.seq,
        at=note.recorded.at,
        by=note.recorded.actor,
        cause=note.explained.cause,
        effect=note.explained.effect,
        remedy=note.explained.remedy,
    )
