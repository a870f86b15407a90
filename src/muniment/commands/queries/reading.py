"""A contract as known on a day, with an engine over its evidence: what every query reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from muniment.commands.queries.terms import business_days_of
from muniment.domain.assessment.brought_forward import BroughtForward
from muniment.domain.assessment.mitigation import Mitigation
from muniment.domain.assessment.result import Circumstances, DueAssessment, RelievedMeasurement, Result, results_of
from muniment.domain.assessment.status import standing_of
from muniment.domain.assessment.summary import Table1Column, table_1
from muniment.domain.evidence.acceptance import TableRejection
from muniment.domain.evidence.engine import Engine, SetAside
from muniment.domain.evidence.measurement import Measurement, Tally, measured
from muniment.domain.kernel.period import Month, Period, months_from
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, suggestion
from muniment.domain.regime.agreed import CONTRACT_FILE, REGIME_FILE, AgreedText
from muniment.domain.regime.contract import Contract
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.measures import Measure


class ReceivedEvidence(Protocol):
    """Which evidence had come."""

    def has(self, *, table: str, month: Month) -> bool: ...


@dataclass(frozen=True)
class Reading:
    """`known` None: the folder keeps no record, so all in it counts as known. `asked_on`, `decided_on`: the local
    day on which each mitigation was asked for, or decided. `brought_forward`: from months whose rows were discarded.
    `rejections`: rows that the evidence was accepted without. `kpi`: the reading is of this one alone; the
    evidence of others was not looked at. None: of all."""

    text: AgreedText
    known: date | None
    engine: Engine
    received: ReceivedEvidence
    mitigations: tuple[Mitigation, ...]
    asked_on: Mapping[str, date] = field(default_factory=dict)
    decided_on: Mapping[str, date] = field(default_factory=dict)
    brought_forward: BroughtForward | None = None
    rejections: tuple[TableRejection, ...] = ()
    kpi: str | None = None
    _computed: dict[Month, tuple[Month, tuple[Result, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def contract(self) -> Contract:
        return self.text.contract(known=self.known)

    @property
    def start(self) -> Month:
        """The first month of the record that can be computed: chains begin there."""
        return self.brought_forward.first if self.brought_forward else self.contract.record_from

    @property
    def opening_runs(self) -> Mapping[str, int]:
        """KPI -> periods that it had failed running before the first month."""
        return self.brought_forward.runs if self.brought_forward else self.contract.consecutive_failures

    @cached_property
    def set_aside(self) -> SetAside:
        """Table -> ids of its rejected rows."""
        found: dict[str, set[str]] = {}
        for rejection in self.rejections:
            found.setdefault(rejection.table, set()).add(rejection.row)
        return {table: frozenset(rows) for table, rows in found.items()}

    def results(self, *, first: Month, last: Month) -> tuple[Result, ...]:
        """Every KPI in force in every month from first to last, in month order, then in the order of the text.

        Raises ProblemsFoundError for months outside the term or a range that runs backwards.
        """
        self._check_range(first, last)
        if self.kpi is not None:
            self._must_be_in_force(self.kpi, first, last)
        start = min(first, self.start)
        until, results = self._computed.get(start, (None, ()))
        if until is None or until < last:
            results = self._results(start, last)
            self._computed[start] = last, results
        return tuple(result for result in results if first <= result.month <= last)

    def _results(self, start: Month, last: Month) -> tuple[Result, ...]:
        """Of every month from the start on: chains run through all of them, whatever months are asked for."""
        in_force = {month: self._in_force(month) for month in months_from(start, last)}
        tallies = self._tallies(in_force)
        due = [
            self._due(kpi=kpi, month=month, period=period, tallies=tallies)
            for month, kpis in in_force.items()
            for kpi, period in kpis
        ]
        circumstances = Circumstances(
            mitigations=self.mitigations,
            suspensions=self.text.suspensions(known=self.known),
            opening_runs=self.opening_runs,
        )
        return results_of(due=due, circumstances=circumstances)

    def _check_range(self, first: Month, last: Month) -> None:
        if last < first:
            what = f"{first} to {last} runs backwards"
            raise ProblemsFoundError([Problem(Place(CONTRACT_FILE), "Q001", what, "give the earlier month first")])
        for month in (first, last):
            if not self.contract.start <= month <= self.contract.end:
                what = f"{month} is outside the term, {self.contract.start} to {self.contract.end}"
                raise ProblemsFoundError(
                    [Problem(Place(CONTRACT_FILE), "Q002", what, "ask for months inside the term")]
                )

        self._must_have_rows(max(first, self.contract.record_from), last)

    def _must_have_rows(self, month: Month, last: Month) -> None:
        """A month whose rows were discarded is not computed: its locked statement says what was."""
        if not self.brought_forward or last < month or month >= self.brought_forward.first:
            return
        locked = self.brought_forward.statements.get(month, "")
        what = f"the rows of {month.name} were discarded, so it is not computed again"
        remedy = f"read its locked statement {locked} in the audit trail, or ask from {self.brought_forward.first} on"
        raise ProblemsFoundError([Problem(Place(CONTRACT_FILE), "Q020", what, remedy)])

    def _in_force(self, month: Month) -> tuple[tuple[Kpi, Period], ...]:
        in_force = self.text.kpis_in_force(month=month, known=self.known)
        return tuple(found for code, found in in_force.items() if self.kpi in (None, code))

    def _must_be_in_force(self, kpi: str, first: Month, last: Month) -> None:
        by_month = (self.text.kpis_in_force(month=month, known=self.known) for month in months_from(first, last))
        codes = list(dict.fromkeys(code for of_month in by_month for code in of_month))
        if kpi not in codes:
            when = f"in {first}" if first == last else "in these months"
            what = f"there is no KPI '{kpi}' in force {when}"
            remedy = suggestion(kpi, codes, f"ask for one of {', '.join(codes)}")
            raise ProblemsFoundError([Problem(Place(REGIME_FILE), "Q003", what, remedy)])

    def _tallies(
        self, in_force: Mapping[Month, tuple[tuple[Kpi, Period], ...]]
    ) -> Mapping[tuple[Measure, Month], Tally]:
        measures: dict[Measure, None] = {}
        months = [self.start]
        for month, kpis in in_force.items():
            for kpi, period in kpis:
                if period.last == month and month >= self.contract.record_from:
                    measures[kpi.measure] = None
                    months += [period.first, period.last]
        if not measures:
            return {}
        return self.engine.tallies(
            measures=tuple(measures), first=min(months), last=max(months), set_aside=self.set_aside
        )

    def _due(
        self, *, kpi: Kpi, month: Month, period: Period, tallies: Mapping[tuple[Measure, Month], Tally]
    ) -> DueAssessment:
        is_before = month < self.contract.record_from
        is_over = month == period.last and (self.known is None or period.last_day <= self.known)
        has_come = all(
            self.received.has(table=kpi.measure.table, month=m) for m in months_from(period.first, period.last)
        )
        is_now = is_over and (has_come or self.is_overdue(table=kpi.measure.table, period=period))
        measurement = self.measurement(kpi=kpi, period=period, tallies=tallies) if has_come else None
        is_measured_now = is_now and not is_before
        return DueAssessment(
            kpi=kpi,
            month=month,
            contract_month=self.contract.contract_month(month),
            period=period,
            is_before_record=is_before,
            is_measured_now=is_measured_now,
            measurement=measurement,
            relieved=self._relieved(kpi, period, measurement) if measurement and is_measured_now else None,
        )

    def _relieved(self, kpi: Kpi, period: Period, measurement: Measurement) -> RelievedMeasurement | None:
        """The KPI measured again without the rows, and the rows of the days, that grants in part relieve."""
        grants = tuple(found for found in self.mitigations if found.relieves(kpi=kpi.code, period=period, in_part=True))
        if not grants:
            return None
        measure = kpi.measure
        days = {day for grant in grants for day in grant.relieved_days}
        rows = frozenset(row for grant in grants for row in grant.relieved_rows)
        rows |= self.engine.rows_dated(table=measure.table, days=days) if days else frozenset()
        set_aside = {measure.table: rows | self.set_aside.get(measure.table, frozenset())}
        tallies = self.engine.tallies(measures=(measure,), first=period.first, last=period.last, set_aside=set_aside)
        found = self.measurement(kpi=kpi, period=period, tallies=tallies)
        relieved = found.tally.rejected - measurement.tally.rejected
        return RelievedMeasurement(found, standing_of(kpi=kpi, measurement=found), relieved, grants)

    def measurement(self, *, kpi: Kpi, period: Period, tallies: Mapping[tuple[Measure, Month], Tally]) -> Measurement:
        """The KPI's value over its whole period: monthly tallies add up."""
        total = Tally.empty(len(kpi.measure.left_out))
        for month in months_from(period.first, period.last):
            total += tallies.get((kpi.measure, month), Tally.empty(len(kpi.measure.left_out)))
        return measured(measure=kpi.measure, tally=total, is_percent=kpi.is_percent, rounding=kpi.rounding)

    def due_date(self, *, table: str, period: Period) -> date:
        """The last day on which the period's evidence is in time."""
        return business_days_of(self.contract).after(period.last_day, self.contract.tables[table].due_business_days)

    def is_overdue(self, *, table: str, period: Period) -> bool:
        """Whether the due date has passed at the end of the day of asking."""
        return self.known is None or self.due_date(table=table, period=period) < self.known + timedelta(days=1)


def summarise(reading: Reading, *, first: Month, last: Month) -> tuple[Table1Column, ...]:
    """A column per month. Raises ProblemsFoundError for months outside the term."""
    return table_1(reading.results(first=first, last=last))
