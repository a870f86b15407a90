"""KPIs as a schedule has them, and a way to write down what was measured in months that follow each other."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

import pytest

from muniment.domain.assessment.mitigation import Decision, Mitigation
from muniment.domain.assessment.result import Circumstances, DueAssessment, Result, results_of
from muniment.domain.evidence.measurement import Measurement, Tally, measured
from muniment.domain.kernel.period import Month, PeriodLength, period_containing
from muniment.domain.kernel.problem import Place
from muniment.domain.kernel.quantity import Rounding
from muniment.domain.language.tree import Always
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry, EntryReference
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.levels import Band, BandStatus, Level
from muniment.domain.regime.measures import LeftOutRule, Measure, MeasureForm
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.regime import Suspension
from muniment.domain.regime.text import NoActivity, NoEvidence, RepeatFailureText, SmallVolumeText

START = Month(2019, 4)
SIGNED = Source(Place("regime.yaml", 1, 1), None)
RECORDED = EntryReference(1, "0" * 64, "2019-05-08T09:30:00Z", "m.okafor", "authority", "agreed")
ROWS = 100_000


def make_kpi(
    *,
    code: str = "CSC_KPI_04",
    target: str = "at least 99%",
    minimum: str = "at least 96%",
    ladder: Sequence[tuple[str, str]] = (),
    points: dict[str, int] | None = None,
    places: int = 2,
    repeat_failure: tuple[int, int, str] | None = (2, 2, "skip"),
    length: PeriodLength = "month",
    form: MeasureForm = "ratio_of_rows",
    unit: str = "percent",
    small_volume: dict[str, str] | None = None,
    no_activity: NoActivity = "not_applicable",
    no_evidence: NoEvidence = "not_submitted",
    left_out: tuple[str, ...] = (),
    clause: str | None = None,
) -> Kpi:
    """A KPI with two lines, or with a ladder of (band, edge) of which the last is 'anything worse'."""
    rungs = list(ladder) or [("met_target", target), ("below_target", minimum), ("below_minimum", "anything worse")]
    bands = tuple(
        Band(name, None if edge == "anything worse" else Level.parse(edge), _standing(n, len(rungs)))
        for n, (name, edge) in enumerate(rungs)
    )
    levels = [band.level for band in bands if band.level is not None]
    given = {"below_target": 1, "below_minimum": 3} if points is None else points
    after, multiply, mitigated = repeat_failure or (0, 0, "")
    rule = {"after": str(after), "multiply": str(multiply), "mitigated_period": mitigated}
    return Kpi(
        code=code,
        title="Calls abandoned",
        area="csc",
        clause=clause,
        owner=None,
        measure=Measure("m", "calls", form, Always(), tuple(LeftOutRule(n, Always()) for n in left_out), Always()),
        measure_source=SIGNED,
        unit=unit,
        length=length,
        rounding=Rounding(places),
        bands=bands,
        target=levels[0],
        target_source=SIGNED,
        minimum=levels[-1],
        minimum_source=SIGNED,
        points={band.name: given.get(band.name, 0) for band in bands},
        repeat_failure=None if repeat_failure is None else RepeatFailureText.model_validate(rule),
        small_volume=None if small_volume is None else SmallVolumeText.model_validate(small_volume),
        no_activity=no_activity,
        no_evidence=no_evidence,
    )


def _standing(position: int, bands: int) -> BandStatus:
    return "met_target" if position == 0 else "below_minimum" if position == bands - 1 else "below_target"


def measure(kpi: Kpi, *, counted: int, of: int | None = None, left_out: tuple[int, ...] = ()) -> Measurement:
    """What `counted` rows of `of` rows give; without `of`, a number of rows."""
    tally = Tally(0, left_out or (0,) * len(kpi.measure.left_out), 0 if of is None else of - counted, counted)
    return measured(measure=kpi.measure, tally=tally, is_percent=kpi.is_percent, rounding=kpi.rounding)


def make_due(kpi: Kpi, month: Month, said: str) -> DueAssessment:
    """`said`: a percentage, or 'nothing came', 'not due', 'before the record', 'no activity', or '3 of 7'."""
    period = period_containing(month=month, length=kpi.length, start=START)
    words = {"nothing came", "not due", "before the record"}
    if said in words:
        found = None
    elif said == "no activity":
        found = measure(kpi, counted=0, of=0)
    elif " of " in said:
        counted, of = said.split(" of ")
        found = measure(kpi, counted=int(counted), of=int(of))
    else:
        found = measure(kpi, counted=int(Decimal(said) * ROWS / 100), of=ROWS)
    return DueAssessment(
        kpi=kpi,
        month=month,
        contract_month=month.since(START) + 1,
        period=period,
        is_before_record=said == "before the record",
        is_measured_now=said not in ("not due", "before the record") and month == period.last,
        measurement=found,
    )


def record(*drafts: Draft) -> tuple[Entry, ...]:
    """A ledger of these entries, recorded on 8 August 2019. Nothing is checked but that they form a chain."""
    return sealed_onto(None, drafts=drafts, recorded_at="2019-08-08T09:30:00Z", salts=ScriptedSalts("tests"))


def make_mitigation(kpi: Kpi, first: Month, last: Month | None = None, *, outcome: str = "granted") -> Mitigation:
    decisions = {
        "granted": Decision("granted", "no_points", RECORDED),
        "refused": Decision("refused", None, RECORDED),
        "undecided": None,
    }
    return Mitigation(
        "cssc/x/g1", kpi.code, "third_party", first, last or first, None, None, RECORDED, decisions[outcome]
    )


@pytest.fixture(scope="session")
def kpi() -> Callable[..., Kpi]:
    """Makes a KPI; see `make_kpi`."""
    return make_kpi


@pytest.fixture(scope="session")
def rows() -> Callable[..., Measurement]:
    """What so many rows give; see `measure`."""
    return measure


@pytest.fixture(scope="session")
def mitigation() -> Callable[..., Mitigation]:
    """A mitigation of some months; see `make_mitigation`."""
    return make_mitigation


@pytest.fixture(scope="session")
def months() -> Callable[..., tuple[Result, ...]]:
    """Results of months that follow each other from April 2019, of one KPI.

    `said` as in `make_due`, or with ', mitigated', ', refused', ', undecided' or ', suspended' behind it.
    """

    def assess(kpi: Kpi, *said: str, run: int = 0, granted: tuple[Mitigation, ...] = ()) -> tuple[Result, ...]:
        due, mitigations, suspensions = [], [*granted], []
        for offset, words in enumerate(said):
            what, _, circumstance = words.partition(", ")
            month = START.plus(offset)
            due.append(make_due(kpi, month, what))
            period = period_containing(month=month, length=kpi.length, start=START)
            if circumstance == "suspended":
                suspensions.append(Suspension("points", None, month, month, "CCN-10", SIGNED))
            elif circumstance:
                outcome = "granted" if circumstance == "mitigated" else circumstance
                mitigations.append(make_mitigation(kpi, period.first, period.last, outcome=outcome))
        assert all(later.month == earlier.month.plus(1) for earlier, later in pairwise(due))
        circumstances = Circumstances(mitigations, suspensions, {kpi.code: run})
        return results_of(due=due, circumstances=circumstances)

    return assess
