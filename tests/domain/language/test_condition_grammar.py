"""How a condition is read: what binds tighter, what a word means, and the text it goes back to."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.grammar import parse_phrases
from muniment.domain.language.tree import (
    Always,
    Both,
    ColumnValue,
    ComparisonCondition,
    Condition,
    DayConstant,
    DayCount,
    Either,
    IsPresent,
    IsYes,
    Not,
    NumberConstant,
    Sum,
)
from tests.domain.language.written import describe

Read = Callable[[str], Condition]
TEST_CALL = IsYes("test_call")
HOLD = ColumnValue("hold_hours", "number")


@pytest.mark.parametrize("text", ["true", " true ", "true\n"])
def test_true_alone_is_every_row(read: Read, text: str) -> None:
    assert read(text) == Always()


def test_and_binds_tighter_than_or(read: Read) -> None:
    expected = Either((TEST_CALL, Both((TEST_CALL, Not(TEST_CALL)))))
    assert read("test_call or test_call and not test_call") == expected
    assert read("test_call or (test_call and (not test_call))") == expected


def test_not_reaches_over_one_test_only(read: Read) -> None:
    assert read("not test_call and test_call") == Both((Not(TEST_CALL), TEST_CALL))
    assert read("not hold_hours = 1") == Not(ComparisonCondition("=", HOLD, NumberConstant(Decimal(1))))


def test_missing_is_not_present(read: Read) -> None:
    assert read("answered_at is missing") == Not(IsPresent("answered_at"))
    assert read("not (answered_at is present)") == Not(IsPresent("answered_at"))


def test_missing_may_be_asked_of_a_column_that_is_never_missing(read: Read) -> None:
    assert read("offered_at is missing") == Not(IsPresent("offered_at"))


def test_sums_are_taken_from_left_to_right(read: Read) -> None:
    one, two = NumberConstant(Decimal(1)), NumberConstant(Decimal(2))
    left_first = Sum("-", Sum("-", HOLD, one), two)
    assert read("hold_hours - 1 - 2 > 1") == ComparisonCondition(">", left_first, one)
    assert read("hold_hours - (1 - 2) > 1") == ComparisonCondition(">", Sum("-", HOLD, Sum("-", one, two)), one)


def test_a_date_is_read_before_a_subtraction(read: Read) -> None:
    assert read("due_on >= 2019-10-01") == ComparisonCondition(
        ">=", ColumnValue("due_on", "date"), DayConstant(date(2019, 10, 1))
    )
    spaced = Sum("-", Sum("-", NumberConstant(Decimal(2019)), NumberConstant(Decimal(10))), NumberConstant(Decimal(1)))
    assert read("hold_hours < 2019 - 10 - 01") == ComparisonCondition("<", HOLD, spaced)


def test_a_number_keeps_every_decimal(read: Read) -> None:
    assert read("hold_hours < 0.10") == ComparisonCondition("<", HOLD, NumberConstant(Decimal("0.10")))


def test_a_quote_within_a_text_is_written_twice(read: Read) -> None:
    assert describe(read("call_id = 'O''Brien'")) == "call_id = 'O''Brien'"
    assert read("call_id = ''''") == read("call_id = '''' ")


def test_a_day_count_takes_dates_datetimes_and_written_dates(read: Read) -> None:
    count = DayCount("days", DayConstant(date(2019, 10, 1)), ColumnValue("offered_at", "datetime"))
    assert read("days(2019-10-01, offered_at) >= 0") == ComparisonCondition(">=", count, NumberConstant(Decimal(0)))


def test_a_condition_may_run_over_several_lines(read: Read) -> None:
    assert read("test_call\n  and\n  test_call") == Both((TEST_CALL, TEST_CALL))


@pytest.mark.parametrize("name", ["missing", "present", "android", "order", "notes", "island", "income", "true_cost"])
def test_a_column_may_be_named_nearly_like_a_word_of_the_language(name: str, calendars: Mapping[str, Calendar]) -> None:
    condition, problems = compile_condition(
        text=f"{name} or not {name}",
        place=Place("regime.yaml"),
        columns={name: Column(name, "yes_no")},
        calendars=calendars,
    )
    assert (condition, problems) == (Either((IsYes(name), Not(IsYes(name)))), ())


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("not(ended_by='ivr')", "not (ended_by = 'ivr')"),
        ("not ended_by = 'ivr'", "not (ended_by = 'ivr')"),
        ("not(test_call)", "not test_call"),
        ("not (answered_at is missing)", "not (answered_at is missing)"),
        ("((test_call) or test_call) and test_call", "(test_call or test_call) and test_call"),
        ("hold_hours+1.50-(2-1)>0", "hold_hours + 1.5 - (2 - 1) > 0"),
        ("priority in(1,2.0)", "priority in (1, 2)"),
        ("open( offered_at ,csc_hours )", "open(offered_at, csc_hours)"),
        ("starts_with(lower(call_id),'ab')", "starts_with(lower(call_id), 'ab')"),
        ("lower('A')=call_id", "lower('A') = call_id"),
        ("open_hours(offered_at,ended_at,csc_hours)-hold_hours<=4",
         "open_hours(offered_at, ended_at, csc_hours) - hold_hours <= 4"),
        ("business_days(due_on,2019-10-01)<=15", "business_days(due_on, 2019-10-01) <= 15"),
        ("minutes(offered_at,ended_at)<5 or months(due_on,due_on)=0",
         "minutes(offered_at, ended_at) < 5 or months(due_on, due_on) = 0"),
    ],
)  # fmt: skip
def test_a_condition_is_said_back_in_one_way(read: Read, written: str, canonical: str) -> None:
    assert describe(read(written)) == canonical
    assert describe(read(canonical)) == canonical


def test_a_condition_that_stands_in_many_versions_of_a_text_is_parsed_once() -> None:
    text = "minutes <= 10 and answered_at is present"
    assert parse_phrases(text) is parse_phrases("".join(list(text)))
