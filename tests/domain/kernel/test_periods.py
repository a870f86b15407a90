"""Months and periods; quarters are counted from the first month of the contract's term, not of the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.kernel.period import (
    MONTHS_IN,
    Month,
    Period,
    PeriodLength,
    long_date,
    months_from,
    period_containing,
)

MONTHS = st.builds(Month, st.integers(1900, 2199), st.integers(1, 12))


@pytest.mark.parametrize(
    ("start", "month", "length", "period"),
    [
        ("2015-04", "2019-11", "month", "2019-11"),
        ("2015-04", "2019-11", "quarter", "2019-10..2019-12"),
        ("2015-04", "2019-04", "quarter", "2019-04..2019-06"),
        ("2015-05", "2019-11", "quarter", "2019-11..2020-01"),
        ("2015-05", "2019-10", "quarter", "2019-08..2019-10"),
        ("2015-04", "2019-11", "half_year", "2019-10..2020-03"),
        ("2015-04", "2019-03", "year", "2018-04..2019-03"),
        ("2015-04", "2019-04", "year", "2019-04..2020-03"),
    ],
)
def test_periods_are_counted_from_the_start_of_the_term(
    start: str, month: str, length: PeriodLength, period: str
) -> None:
    found = period_containing(month=Month.parse(month), length=length, start=Month.parse(start))
    assert str(found) == period


@given(start=MONTHS, offset=st.integers(0, 600), length=st.sampled_from(sorted(MONTHS_IN)))
def test_every_month_is_in_one_period_of_full_length(start: Month, offset: int, length: PeriodLength) -> None:
    month = start.plus(offset)
    period = period_containing(month=month, length=length, start=start)
    assert period.first <= month <= period.last
    assert period.last.since(period.first) + 1 == MONTHS_IN[length]
    assert period.first.since(start) % MONTHS_IN[length] == 0
    inside = list(months_from(period.first, period.last))
    assert {period_containing(month=other, length=length, start=start) for other in inside} == {period}


@given(month=MONTHS, months=st.integers(-600, 600))
def test_months_forward_and_back_again(month: Month, months: int) -> None:
    assert month.plus(months).since(month) == months
    assert month.plus(months).plus(-months) == month
    assert (month.plus(months) > month) == (months > 0)


@given(month=MONTHS)
def test_a_month_reads_back_and_ends_the_day_before_the_next(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert month.last_day + timedelta(days=1) == month.plus(1).first_day
    assert Month.of(month.first_day) == Month.of(month.last_day) == month


@pytest.mark.parametrize(
    "text", ["2019-13", "2019-00", "2019-1", "0000-01", "2019-11-01", "Nov 2019", "\uff12\uff10\uff11\uff19-11", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 2019-11"):
        Month.parse(text)


def test_there_is_no_thirteenth_month() -> None:
    with pytest.raises(ValueError, match="no month 13"):
        Month(2019, 13)


def test_a_period_holds_its_first_and_its_last_day() -> None:
    quarter = Period(Month(2019, 10), Month(2019, 12))
    assert date(2019, 10, 1) in quarter
    assert date(2019, 12, 31) in quarter
    assert date(2019, 9, 30) not in quarter
    assert date(2020, 1, 1) not in quarter


def test_names_as_a_report_prints_them() -> None:
    assert Month(2019, 11).name == "November 2019"
    assert Month(2019, 11).short_name == "Nov 2019"
    assert Period(Month(2019, 11), Month(2019, 11)).name == "November 2019"
    assert Period(Month(2019, 7), Month(2019, 9)).name == "July to September 2019"
    assert Period(Month(2019, 11), Month(2020, 1)).name == "November 2019 to January 2020"
    assert long_date(date(2020, 1, 30)) == "30 January 2020"


def test_a_range_that_runs_backwards_is_empty() -> None:
    assert list(months_from(Month(2019, 11), Month(2019, 10))) == []
    assert [str(month) for month in months_from(Month(2019, 12), Month(2020, 1))] == ["2019-12", "2020-01"]
