"""The regime in force for a measurement period: typed, checked, every level with the place it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month, Period, PeriodLength
from muniment.domain.kernel.quantity import Rounding
from muniment.domain.regime.levels import Band, Level
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.source import Source
from muniment.domain.regime.tables import Table
from muniment.domain.regime.terms import Terms
from muniment.domain.regime.text import (
    GroundText,
    NoActivity,
    NoEvidence,
    RatchetText,
    ServiceCreditsText,
    SmallVolumeText,
)


@dataclass(frozen=True)
class Kpi:
    """One KPI in force. `points`: service points by band name; a monitored KPI has none."""

    code: str
    title: str
    area: str
    clause: str | None
    measure: Measure
    measure_source: Source
    unit: str
    length: PeriodLength
    rounding: Rounding
    bands: tuple[Band, ...]
    target: Level
    target_source: Source
    minimum: Level
    minimum_source: Source
    points: Mapping[str, int]
    ratchet: RatchetText | None
    small_volume: SmallVolumeText | None
    no_activity: NoActivity
    no_evidence: NoEvidence

    @property
    def is_percent(self) -> bool:
        return self.unit == "percent"

    @property
    def is_monitored(self) -> bool:
        """Reported, never pointed."""
        return not any(self.points.values())


@dataclass(frozen=True)
class Suspension:
    """Points or credits suspended by a notice; numbers and statuses go on. `kpis` None: all of them."""

    what: str
    kpis: frozenset[str] | None
    first: Month
    last: Month
    notice: str
    source: Source

    def covers(self, *, kpi: str, period: Period) -> bool:
        inside = self.first <= period.last and period.first <= self.last
        return inside and (self.kpis is None or kpi in self.kpis)


@dataclass(frozen=True)
class Regime:
    """The consolidated text for measurement periods that start on a day. `fingerprint` is of the text alone; no
    figure is computed from the `terms` of silence and late evidence, so they stand outside it."""

    schedule: str
    kpis: Mapping[str, Kpi]
    grounds: Mapping[str, GroundText]
    service_credits: ServiceCreditsText | None
    charges: Mapping[str, Mapping[str, Money]]
    measures: Mapping[str, Measure]
    notices: tuple[str, ...]
    fingerprint: str
    terms: Terms


@dataclass(frozen=True)
class Contract:
    """The parties, the term and what does not change by notice. `opening_credits`: due before the record began."""

    id: str
    title: str
    authority: str
    supplier: str
    term_first: date
    term_last: date
    zone: str
    record_from: Month
    consecutive_failures: Mapping[str, int]
    opening_credits: Money
    areas: Mapping[str, str]
    tables: Mapping[str, Table]
    calendars: Mapping[str, Calendar]

    @property
    def start(self) -> Month:
        return Month.of(self.term_first)

    @property
    def end(self) -> Month:
        return Month.of(self.term_last)

    def contract_month(self, month: Month) -> int:
        """1 for the first month of the term."""
        return month.since(self.start) + 1


def charge_base(regime: Regime) -> Money:
    """The sum over all areas of the charges that credits are a percentage of."""
    if regime.service_credits is None:
        return Money(0)
    return Money(sum(amount.pence for amount in regime.charges[regime.service_credits.of].values()))
