"""What a condition says of a row: exactly, without rounding, and never 'unknown'."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.period import Moment
from muniment.domain.language.evaluate import MissingValueError, UnreadableCellError, completed_months, holds, number_in
from muniment.domain.language.tree import ColumnValue, ComparisonCondition, NumberConstant, TextConstant

Meets = Callable[..., bool]
London = Callable[[str], Moment]


def test_not_keeps_the_rows_where_nothing_was_recorded(meets: Meets) -> None:
    """SQL's `where not queue = 'ivr'` keeps 2 of these 3 rows, and says nothing about the third."""
    rows = ["caller", None, "agent"]
    kept = [queue for queue in rows if meets("queue is missing or not (queue = 'ivr')", queue=queue)]
    assert kept == ["caller", None, "agent"]


def test_not_without_a_guard_is_refused_before_there_is_any_data(
    problems_of: Callable[[str], list[str]],
) -> None:
    assert problems_of("not (queue = 'ivr')") == [
        "L014 10:20 compares 'queue', which may be missing - add `queue is present and`"
    ]


def test_every_row_meets_true(meets: Meets) -> None:
    assert meets("true")


def test_a_yes_no_column_is_a_condition(meets: Meets) -> None:
    assert meets("test_call", test_call=True)
    assert not meets("test_call", test_call=False)
    assert meets("not test_call", test_call=False)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        ("=", False, True, False),
        ("!=", True, False, True),
        (">=", False, True, True),
        (">", False, False, True),
    ],
)
def test_numbers_are_compared_by_their_value(
    meets: Meets, operator: str, below: bool, equal: bool, above: bool
) -> None:
    answers = [meets(f"hold_hours {operator} 0.3", hold_hours=Decimal(hours)) for hours in ("0.2", "0.30", "0.4")]
    assert answers == [below, equal, above]


def test_a_sum_is_exact(meets: Meets) -> None:
    assert meets("hold_hours + 0.1 = 0.3", hold_hours=Decimal("0.2"))
    assert meets("hold_hours - 0.000000000001 > 0", hold_hours=Decimal("0.000000000002"))
    assert not meets("hold_hours + 1 = hold_hours", hold_hours=Decimal(10) ** 27)


def test_texts_are_equal_letter_by_letter(meets: Meets) -> None:
    assert meets("call_id = 'a'", call_id="a")
    assert meets("call_id != 'a'", call_id="A")
    assert not meets("call_id = 'a'", call_id="a ")


def test_in_is_equal_to_any_of(meets: Meets) -> None:
    assert [meets("priority in (1, 2)", priority=Decimal(n)) for n in ("1", "2.0", "3")] == [True, True, False]
    assert meets("due_on in (2019-10-01)", due_on=date(2019, 10, 1))
    assert meets("lower(call_id) in ('a')", call_id="A")


def test_lower_changes_a_to_z_and_nothing_else(meets: Meets) -> None:
    assert meets("lower(call_id) = 'az é É ß İ'", call_id="AZ é É ß İ")
    assert meets("starts_with(lower(call_id), 'it''s')", call_id="IT'S MINE")
    assert not meets("starts_with(call_id, 'it')", call_id="IT")


def test_dates_are_compared_by_the_calendar(meets: Meets) -> None:
    assert meets("due_on >= 2019-10-01", due_on=date(2019, 10, 1))
    assert not meets("due_on > 2019-10-01", due_on=date(2019, 10, 1))


def test_datetimes_are_compared_by_the_instant(meets: Meets, london: London) -> None:
    """At 02:00 on 27 October 2019 the clocks go back: 01:30 comes twice, and the second 01:30 is later."""
    first, second = london("2019-10-27 01:30"), london("2019-10-27 01:30Z")
    assert meets("offered_at < ended_at", offered_at=first, ended_at=second)
    assert meets("offered_at < ended_at", offered_at=london("2019-10-27 01:45"), ended_at=second)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2019-03-30 12:00", "2019-03-31 12:00", 23 * 3600),
        ("2019-10-26 12:00", "2019-10-27 12:00", 25 * 3600),
        ("2019-03-31 00:59:59", "2019-03-31 02:00:00", 1),
        ("2019-10-27 01:30", "2019-10-27 01:30Z", 3600),
        ("2019-11-01 12:00", "2019-11-02 12:00", 24 * 3600),
    ],
)
def test_seconds_are_those_that_passed_also_when_the_clocks_change(
    meets: Meets, london: London, start: str, end: str, seconds: int
) -> None:
    row = {"offered_at": london(start), "ended_at": london(end)}
    assert meets(f"seconds(offered_at, ended_at) = {seconds}", **row)
    assert meets(f"seconds(ended_at, offered_at) = 0 - {seconds}", **row)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [("2019-03-30 12:00", "2019-03-31 12:00", 24), ("2019-10-26 12:00", "2019-10-27 12:00", 24)],
)
def test_open_hours_go_by_the_clock_on_the_wall(meets: Meets, london: London, start: str, end: str, hours: int) -> None:
    row = {"offered_at": london(start), "ended_at": london(end)}
    assert meets(f"open_hours(offered_at, ended_at, all_hours) = {hours}", **row)


def test_open_hours_leave_out_nights_weekends_and_holidays(meets: Meets, london: London) -> None:
    """Thursday 17:00 to Tuesday 09:00 over Easter 2019: one hour on Thursday, one on Tuesday."""
    row = {"offered_at": london("2019-04-18 17:00"), "ended_at": london("2019-04-23 09:00")}
    assert meets("open_hours(offered_at, ended_at, csc_hours) = 2", **row)
    assert meets("open_hours(ended_at, offered_at, csc_hours) = 0 - 2", **row)


def test_open_hours_and_minutes_are_not_rounded(meets: Meets, london: London) -> None:
    """4 hours and 1 second are more than 4 hours; 20 minutes are exactly a third of an hour."""
    start = london("2019-11-04 09:00")
    over = {"offered_at": start, "ended_at": london("2019-11-04 13:00:01")}
    assert not meets("open_hours(offered_at, ended_at, csc_hours) <= 4", **over)
    assert meets("open_hours(offered_at, ended_at, csc_hours) - hold_hours <= 4", hold_hours=Decimal("0.0003"), **over)
    assert meets("minutes(offered_at, ended_at) > 240", **over)
    third = {"offered_at": start, "ended_at": london("2019-11-04 09:20")}
    triple = " + ".join(["open_hours(offered_at, ended_at, csc_hours)"] * 3)
    assert meets(f"{triple} = 1", **third)
    assert meets("minutes(offered_at, ended_at) = 20", **third)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2019-11-04 07:59:59", False),
        ("2019-11-04 08:00", True),
        ("2019-11-04 17:59:59", True),
        ("2019-11-04 18:00", False),
        ("2019-11-03 12:00", False),
        ("2019-04-19 12:00", False),
    ],
)
def test_service_hours_begin_with_the_opening_and_end_before_the_close(
    meets: Meets, london: London, at: str, is_open: bool
) -> None:
    assert meets("open(offered_at, csc_hours)", offered_at=london(at)) is is_open


def test_the_day_after_is_day_one(meets: Meets) -> None:
    assert meets("days(due_on, 2019-10-22) = 21", due_on=date(2019, 10, 1))
    assert meets("days(due_on, 2019-10-01) = 0", due_on=date(2019, 10, 1))
    assert meets("days(due_on, 2019-09-30) = 0 - 1", due_on=date(2019, 10, 1))


def test_the_day_of_a_datetime_is_the_day_on_the_wall(meets: Meets, london: London) -> None:
    """00:30 on 1 July in London is 23:30 on 30 June in UTC."""
    assert meets("days(2019-06-30, offered_at) = 1", offered_at=london("2019-07-01 00:30"))


def test_business_days_leave_out_weekends_and_holidays(meets: Meets) -> None:
    """Thursday 18 April 2019 to Wednesday 24: Tuesday and Wednesday count, Easter does not."""
    assert meets("business_days(due_on, 2019-04-24) = 2", due_on=date(2019, 4, 18))
    assert meets("business_days(2019-04-24, due_on) = 0 - 2", due_on=date(2019, 4, 18))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2019-01-15", "2019-02-14", 0),
        ("2019-01-15", "2019-02-15", 1),
        ("2019-01-31", "2019-02-27", 0),
        ("2019-01-31", "2019-02-28", 1),
        ("2019-01-31", "2019-03-30", 1),
        ("2019-01-31", "2019-03-31", 2),
        ("2020-01-31", "2020-02-28", 0),
        ("2020-02-29", "2021-02-28", 12),
        ("2019-12-31", "2020-01-01", 0),
        ("2019-01-15", "2019-01-15", 0),
    ],
)
def test_a_month_is_completed_on_the_same_day_or_the_last(start: str, end: str, months: int) -> None:
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    assert completed_months(a, b) == months
    assert completed_months(b, a) == -months


def test_months_is_a_function_of_the_language(meets: Meets) -> None:
    assert meets("months(due_on, 2019-02-28) = 1", due_on=date(2019, 1, 31))


def test_a_missing_value_is_never_compared_in_silence(calendars: Mapping[str, Calendar]) -> None:
    """The checker refuses this condition; an engine handed it all the same must not answer."""
    unguarded = ComparisonCondition("=", ColumnValue("queue", "text"), TextConstant("ivr"))
    with pytest.raises(MissingValueError, match="compared a missing value of 'queue' - add `queue is present and`"):
        holds(unguarded, {"queue": None}, calendars)


@pytest.mark.parametrize("column_type", ["number", "text", "date", "datetime"])
def test_a_cell_of_another_type_is_refused(calendars: Mapping[str, Calendar], column_type: str) -> None:
    cell = {
        "number": ColumnValue("x", "number"), "text": ColumnValue("x", "text"), "date": ColumnValue("x", "date"),
        "datetime": ColumnValue("x", "datetime"),
    }[column_type]  # fmt: skip
    with pytest.raises(UnreadableCellError, match=f"'x' should hold a {column_type}") as refused:
        holds(ComparisonCondition("=", cell, NumberConstant(Decimal(1))), {"x": True}, calendars)
    assert refused.value.column == "x"


def test_a_number_to_be_summed_must_be_there() -> None:
    assert number_in({"amount": Decimal("1.10")}, "amount") == Decimal("1.10")
    with pytest.raises(MissingValueError):
        number_in({}, "amount")
