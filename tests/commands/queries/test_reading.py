"""A contract as known on a day: what had come, what was due, and what nobody could know yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from muniment.commands.queries.reading import Reading, summarise
from muniment.commands.queries.settlement import settle_month
from muniment.domain.assessment.mitigation import Decision, Mitigation
from muniment.domain.assessment.status import Category
from muniment.domain.evidence.engine import NOTHING_SET_ASIDE, SetAside
from muniment.domain.evidence.measurement import Tally
from muniment.domain.evidence.reference import ReferenceEngine
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.entry import EntryReference
from muniment.domain.regime.measures import Measure
from tests.commands.queries.conftest import calls_of

Read = Callable[..., Reading]
APRIL, MAY, JUNE = Month(2019, 4), Month(2019, 5), Month(2019, 6)
RECORDED = EntryReference(1, "0" * 64, "2019-06-08T09:30:00Z", "m.okafor", "authority", "agreed")
QUARTERLY = {"regime": "    measure: calls_abandoned\n =>     measure: calls_abandoned\n    period: quarter\n"}
STRICT = {"regime": "  round: 1 dp half up\n =>   round: 1 dp half up\n  no_evidence: below_minimum\n"}


def status(reading: Reading, kpi: str = "ABANDONED", month: Month = APRIL) -> tuple[str, str]:
    (result,) = (r for r in reading.results(first=month, last=month) if r.kpi.code == kpi)
    return result.standing.status, result.standing.rule


@pytest.mark.parametrize(
    ("known", "found"),
    [
        # April's evidence is due on Wednesday 8 May 2019: five Business Days after April, over the May bank holiday.
        (date(2019, 4, 30), ("not_due", "not_due")),
        (date(2019, 5, 7), ("not_due", "not_due")),
        (date(2019, 5, 8), ("below_minimum", "no_evidence")),
        (date(2019, 6, 1), ("below_minimum", "no_evidence")),
        (None, ("below_minimum", "no_evidence")),
    ],
)
def test_nothing_is_overdue_before_its_due_date_is_over(
    reading: Read, known: date | None, found: tuple[str, str]
) -> None:
    assert status(reading(known, text=STRICT)) == found


def test_a_month_is_not_measured_before_it_is_over(reading: Read) -> None:
    assert status(reading(date(2019, 4, 29), m2019_04="6 of 100")) == ("not_due", "not_due")
    assert status(reading(date(2019, 4, 30), m2019_04="6 of 100")) == ("met_target", "levels")


def test_left_out_calls_stand_in_no_number(reading: Read) -> None:
    """7 of 100 are abandoned; with the three test calls counted, the share would be less."""
    results = reading(None, m2019_04="7 of 100, 3 tests").results(first=APRIL, last=APRIL)
    measurement = results[0].measurement
    assert measurement is not None
    assert (str(measurement.value), str(measurement.denominator)) == ("7.0", "100")
    assert measurement.tally.left_out == (3,)
    assert measurement.tally.rows == 103


def test_a_quarterly_kpi_is_measured_over_its_three_months_in_the_last(reading: Read) -> None:
    found = reading(None, text=QUARTERLY, m2019_04="0 of 100", m2019_05="10 of 100", m2019_06="20 of 100")
    statuses = [status(found, month=month)[0] for month in (APRIL, MAY, JUNE)]
    assert statuses == ["not_due", "not_due", "below_target"]
    (result,) = (r for r in found.results(first=JUNE, last=JUNE) if r.kpi.code == "ABANDONED")
    assert result.measurement is not None
    assert (str(result.measurement.value), str(result.measurement.denominator)) == ("10.0", "300")
    assert str(result.period) == "2019-04..2019-06"


def test_a_quarter_with_a_month_missing_is_not_measured(reading: Read) -> None:
    found = reading(None, text=QUARTERLY, m2019_04="0 of 100", m2019_06="0 of 100")
    assert status(found, month=JUNE) == ("not_submitted", "no_evidence")


def test_before_the_record_nothing_is_assessed_and_the_opening_chain_goes_on(reading: Read) -> None:
    opening = {
        "contract": "areas:\n => record_from: 2019-05\nopening: {consecutive_failures: {ABANDONED: 1}}\nareas:\n"
    }
    found = reading(None, text=opening, m2019_04="0 of 100", m2019_05="20 of 100")
    assert status(found, month=APRIL) == ("not_assessed", "before_the_record")
    (result,) = (r for r in found.results(first=MAY, last=MAY) if r.kpi.code == "ABANDONED")
    assert (result.consequence.run, result.points) == (2, 6)
    (same,) = (r for r in found.results(first=APRIL, last=MAY) if r.kpi.code == "ABANDONED" and r.month == MAY)
    assert same.points == 6


def test_a_month_asked_for_alone_is_the_month_of_a_longer_range(reading: Read) -> None:
    """Chains run from the beginning of the record, whichever month is asked for."""
    found = reading(None, m2019_04="20 of 100", m2019_05="20 of 100", m2019_06="20 of 100")
    whole = found.results(first=APRIL, last=JUNE)
    for month in (APRIL, MAY, JUNE):
        assert found.results(first=month, last=month) == tuple(r for r in whole if r.month == month)


def test_columns_of_table_1_add_up_to_the_kpis_in_force(reading: Read) -> None:
    columns = summarise(reading(date(2019, 6, 10), m2019_04="9 of 100", m2019_05="20 of 100"), first=APRIL, last=JUNE)
    assert [column.total for column in columns] == [3, 3, 3]
    assert [column.counts[Category.MSL_ACHIEVED] for column in columns] == [1, 0, 0]
    assert [column.counts[Category.BELOW_MSL] for column in columns] == [0, 1, 0]
    assert [column.counts[Category.NOT_MEASURED] for column in columns] == [0, 0, 3]


def test_a_statement_settles_a_month(reading: Read) -> None:
    statement = settle_month(reading(None, m2019_04="20 of 100", m2019_05="20 of 100"), month=MAY)
    assert (statement.points, statement.contract_month) == (6, 2)
    assert statement.credit is not None
    assert (str(statement.credit.base), str(statement.credit.due)) == ("£100,000.00", "£3,000.00")


def test_a_granted_mitigation_takes_the_points_away(reading: Read) -> None:
    granted = Mitigation(
        "library/ABANDONED/2019-05/g1", "ABANDONED", "third_party", MAY, MAY, None, None, RECORDED,
        Decision("granted", "no_points", RECORDED),
    )  # fmt: skip
    found = reading(None, mitigations=(granted,), m2019_04="20 of 100", m2019_05="20 of 100")
    assert [settle_month(found, month=month).points for month in (APRIL, MAY)] == [3, 0]
    assert summarise(found, first=MAY, last=MAY)[0].counts[Category.MITIGATED] == 1


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (MAY, APRIL, "contract.yaml:1:1: 2019-05 to 2019-04 runs backwards - give the earlier month first"),
        (Month(2019, 3), APRIL, "contract.yaml:1:1: 2019-03 is outside the term, 2019-04 to 2022-03"),
        (APRIL, Month(2022, 4), "contract.yaml:1:1: 2022-04 is outside the term, 2019-04 to 2022-03"),
    ],
)
def test_months_must_be_in_the_term_and_in_order(reading: Read, first: Month, last: Month, message: str) -> None:
    with pytest.raises(ProblemsFoundError) as refused:
        reading(None).results(first=first, last=last)
    assert str(refused.value).startswith(message)


def test_the_day_a_notice_became_known_decides_which_level_counts(reading: Read) -> None:
    """6 of 100 in October 2019 meet the 7 % as signed and miss the 5 % of CCN-01."""
    october = Month(2019, 10)
    assert status(reading(None, m2019_10="6 of 100"), month=october)[0] == "below_target"
    late = {"changes/CCN-01": "signed: 2019-08-19 => signed: 2020-02-03"}
    before = reading(date(2019, 12, 1), text=late, m2019_10="6 of 100")
    after = reading(date(2020, 2, 3), text=late, m2019_10="6 of 100")
    assert [status(found, month=october)[0] for found in (before, after)] == ["met_target", "below_target"]


class CountingEngine(ReferenceEngine):
    """Says how often it was asked to count."""

    asked = 0

    def tallies(
        self, *, measures: Sequence[Measure], first: Month, last: Month, set_aside: SetAside = NOTHING_SET_ASIDE
    ) -> Mapping[tuple[Measure, Month], Tally]:
        self.asked += 1
        return super().tallies(measures=measures, first=first, last=last, set_aside=set_aside)


def test_a_range_of_months_is_computed_in_one_pass(reading: Read) -> None:
    """Whatever is asked of it afterwards: each month, its statement, or the range again."""
    months = {"m2019_04": "20 of 100", "m2019_05": "20 of 100", "m2019_06": "0 of 100"}
    apart = reading(None, **months)
    calls = calls_of(**months)
    engine = CountingEngine(rows=calls.of, calendars=apart.contract.calendars)
    found = replace(apart, engine=engine)
    assert found.results(first=APRIL, last=JUNE) == apart.results(first=APRIL, last=JUNE)
    for month in (APRIL, MAY, JUNE):
        assert found.results(first=month, last=month) == reading(None, **months).results(first=month, last=month)
        settle_month(found, month=month)
    assert engine.asked == 1


def test_a_reading_of_one_kpi_says_nothing_of_others(reading: Read) -> None:
    alone = replace(reading(None, m2019_04="20 of 100"), kpi="ABANDONED")
    assert [result.kpi.code for result in alone.results(first=APRIL, last=MAY)] == ["ABANDONED", "ABANDONED"]
    with pytest.raises(ProblemsFoundError, match=r"there is no KPI 'ABANDOND' in force in 2019-04 - did you mean"):
        replace(alone, kpi="ABANDOND").results(first=APRIL, last=APRIL)
