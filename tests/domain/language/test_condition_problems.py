"""One case per mistake: where it is, what is wrong, what to do. The text of each begins at column 15 of line 10."""

from collections.abc import Callable, Mapping

import pytest

from muniment.domain.kernel.calendars import Calendar, OpeningHours
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column
from muniment.domain.language.compile import compile_condition

Problems = Callable[[str], list[str]]
VALUE = "a column, a number, a text in single quotes, a date or a function"

NOT_A_CONDITION = {
    "": "L001 10:15 the condition is empty - write true where every row is meant",
    "test_call and": f"L001 10:28 the condition stops too early - go on with {VALUE}",
    "seconds(offered_at": "L001 10:33 the condition stops too early - go on with ',', or ')';"
    " a condition with a comma stands in quotes or on a line of its own",
    "(test_call": "L001 10:25 the condition stops too early - go on with ')'",
    "test_call)": "L001 10:24 ')' does not fit here - it closes no bracket: take it out",
    "ended_by": "L011 10:15 this must be true or false for each row, but it is a text - compare it, as in = 'text'",
    "ended_by = 'ivr": "L001 10:26 the text that begins here has no end"
    " - close it with ', on the same line; a ' within a text is written ''",
    'ended_by = "ivr"': "L001 10:26 '\"' does not fit here - write a text in single quotes, as in 'ivr'",
    "ended_by = \u2018ivr\u2019": "L001 10:26 '\u2018' does not fit here - write a text in single quotes, as in 'ivr'",
    "hold_hours == 1": "L001 10:27 '=' does not fit here - write = once",
    "hold_hours <> 1": "L001 10:27 '>' does not fit here - write !=",
    "hold_hours => 1": "L001 10:27 '>' does not fit here - write >=",
    "hold_hours ≤ 1": "L001 10:26 '≤' does not fit here - write <=",
    "hold_hours > -1": "L001 10:28 '-' does not fit here - a number has no sign: write 0 - 5 for minus five",
    "hold_hours > 1,000": "L001 10:29 ',' does not fit here - write a number without a comma between thousands",
    "hold_hours > 7%": "L001 10:29 '%' does not fit here - write a percentage as a plain number",
    "hold_hours * 2 > 1": "L001 10:26 '*' does not fit here - only + and - can be used",
    "1 < hold_hours < 2": "L001 10:30 '<' does not fit here - write 'and' or 'or'",
    "test_call AND test_call": "L001 10:25 'AND' does not fit here - write and in small letters",
    "test_call andtest_call": "L001 10:25 'andtest_call' does not fit here"
    " - write 'and' or 'or', or a comparison such as = or <=",
    "and test_call": f"L001 10:15 'and' does not fit here - write {VALUE}",
    "hold_hours is not missing": "L001 10:29 'not' does not fit here - write 'is present' for 'is not missing'",
    "hold_hours is": "L001 10:28 the condition stops too early - go on with 'missing' or 'present'",
    "priority in 1": "L001 10:27 '1' does not fit here - write '(' and the values, as in (1, 2)",
    "hold_hours\u00a0> 1": "L001 10:25 the character U+00A0 does not fit"
    " - this is a space that does not break: replace it by an ordinary one",
    "test_call and\n  hold_hours ! 1": "L001 11:14 '!' does not fit here"
    " - write not, or != for 'is not equal to'",
}  # fmt: skip

UNKNOWN_NAMES = {
    "answerd_at is missing": "L003 10:15 there is no column 'answerd_at' - did you mean 'answered_at'?",
    "ended_by = ivr": "L003 10:26 there is no column 'ivr' - write a text in single quotes: 'ivr'",
    "true and test_call": "L003 10:15 there is no column 'true'"
    " - 'true' stands alone, for every row; a yes/no column is asked by its name alone",
    "false": "L003 10:15 there is no column 'false'"
    " - to ask a yes/no column write its name alone, or 'not' and its name",
    "sconds(offered_at, ended_at) > 5": "L004 10:15 there is no function 'sconds' - did you mean 'seconds'?",
    "now(offered_at) > 5": "L004 10:15 there is no function 'now' - the functions are: seconds, minutes, days, months,"
    " business_days, open_hours, open, starts_with, lower",
    "open(offered_at, csc_hour)": "L007 10:32 there is no calendar 'csc_hour' - did you mean 'csc_hours'?",
    "open(offered_at, business_day)": "L007 10:32 the calendar 'business_day' has no opening hours"
    " - calendars with opening hours are: csc_hours, all_hours",
}  # fmt: skip

WRONG_ARGUMENTS = {
    "seconds(offered_at) > 5": "L005 10:15 seconds takes 2 arguments, not 1 - write seconds(start, end)",
    "lower() = 'x'": "L005 10:15 lower takes 1 argument, not 0 - write lower(text)",
    "open(offered_at)": "L005 10:15 open takes 2 arguments, not 1 - write open(time, calendar)",
    "seconds(due_on, ended_at) > 5": "L006 10:23 seconds takes a datetime column here, but 'due_on' is a date"
    " - count dates with days(start, end)",
    "minutes(2019-10-01, ended_at) > 5": "L006 10:23 minutes takes a datetime column here, not a written date"
    " - write minutes(start, end)",
    "days(hold_hours, due_on) > 5": "L006 10:20 days takes a date or datetime column (or a date such as 2019-10-01)"
    " here, but 'hold_hours' is a number - write days(start, end)",
    "days(due_on, days(due_on, due_on)) > 5": "L006 10:28 days takes a date or datetime column"
    " (or a date such as 2019-10-01) here, not a calculation - write days(start, end)",
    "open(offered_at, 'csc_hours')": "L006 10:32 open takes the name of a calendar here, not a text"
    " - write open(time, calendar)",
    "starts_with(call_id, ended_by)": "L006 10:36 starts_with takes a beginning in single quotes here, not a column"
    " - write starts_with(text, 'beginning')",
    "starts_with('abc', 'a')": "L006 10:27 starts_with takes a text column or lower(...) here, not a text"
    " - write starts_with(text, 'beginning')",
    "lower(hold_hours) = 'x'": "L006 10:21 lower takes a text column here, but 'hold_hours' is a number"
    " - write lower(text)",
    "lower(lower(call_id)) = 'x'": "L006 10:21 lower takes a text column here, not a calculation - write lower(text)",
}  # fmt: skip

WRONG_TYPES = {
    "priority = 'x'": "L008 10:24 compares a number with a text - a text stands in single quotes, a number does not",
    "due_on > hold_hours": "L008 10:22 compares a date with a number"
    " - count the time between two columns first: days(start, end), seconds(start, end)",
    "due_on > offered_at": "L008 10:22 compares a date with a datetime"
    " - count the days between them: days(start, end)",
    "offered_at = 'x'": "L008 10:26 compares a datetime with a text - both sides must be of one type",
    "call_id < 'x'": "L009 10:23 texts have no order, so '<' cannot compare them - use = or !=",
    "test_call = 'yes'": "L010 10:15 'test_call' is a yes/no column: it is not compared"
    " - write `test_call` or `not test_call`",
    "test_call = true": "L010 10:15 'test_call' is a yes/no column: it is not compared"
    " - write `test_call` or `not test_call`",
    "test_call in ('yes')": "L010 10:15 'test_call' is a yes/no column: it is not compared"
    " - write `test_call` or `not test_call`",
    "(hold_hours = 1) = 2": "L010 10:16 this is true or false for each row already"
    " - do not compare or add it; join conditions with 'and' and 'or'",
    "open(offered_at, csc_hours) > 1": "L010 10:15 this is true or false for each row already"
    " - do not compare or add it; join conditions with 'and' and 'or'",
    "hold_hours": "L011 10:15 this must be true or false for each row, but it is a number - compare it, as in <= 5",
    "test_call and seconds(offered_at, ended_at)": "L011 10:29 this must be true or false for each row,"
    " but it is a number - compare it, as in <= 5",
    "not due_on": "L011 10:19 this must be true or false for each row, but it is a date"
    " - compare it, as in >= 2019-10-01",
    "due_on + 5 > 1": "L018 10:15 + and - take numbers, but this is a date"
    " - use a number column, or count time with days(start, end) or seconds(start, end)",
    "seconds(offered_at, ended_at) is missing": "L016 10:15 only a column can be missing or present"
    " - write the column's name before 'is'",
}  # fmt: skip

WRONG_VALUES = {
    "ended_by = 'ivrr'": "L012 10:26 'ended_by' is never 'ivrr' - did you mean 'ivr'?",
    "'robot' != ended_by": "L012 10:15 'ended_by' is never 'robot'"
    " - its values are 'caller', 'agent', 'ivr', 'system'",
    "priority = 5": "L012 10:26 'priority' is never 5 - its values are 1, 2, 3, 4",
    "priority in (1, 0)": "L012 10:31 'priority' is never 0 - its values are 1, 2, 3, 4",
    "priority in (1, 'two')": "L013 10:31 looks for a number in a list that holds a text - all must be of one type",
    "call_id in ('x', queue)": "L013 10:32 a list holds values as written, and queue is not in quotes"
    " - write 'queue' for a text; compare columns with =",
    "hold_hours in (1 + 1)": "L013 10:30 a list holds values as written"
    " - write numbers, texts in single quotes or dates",
    "due_on > 2019-02-30": "L015 10:24 there is no day 2019-02-30 - write a date as year-month-day: 2019-10-01",
    "hold_hours < 1234567890123456789": "L015 10:28 this number has too many digits"
    " - write at most 18 before the point and 12 after it",
}  # fmt: skip

EVERY_MISTAKE = NOT_A_CONDITION | UNKNOWN_NAMES | WRONG_ARGUMENTS | WRONG_TYPES | WRONG_VALUES


@pytest.mark.parametrize("text", EVERY_MISTAKE)
def test_a_mistake_is_named_at_its_place_with_its_remedy(problems_of: Problems, text: str) -> None:
    message = EVERY_MISTAKE[text]
    found = [problem for problem in problems_of(text) if not problem.startswith("L014")]
    assert found == [message]


@pytest.mark.parametrize("text", ["priority = 1.0", "priority < 5", "priority - 1 = 0", "lower(ended_by) = 'x'"])
def test_only_a_value_that_could_never_be_equal_is_refused(problems_of: Problems, text: str) -> None:
    assert problems_of(text) == []


def test_every_mistake_of_a_condition_is_reported_at_once(problems_of: Problems) -> None:
    text = "priorty = 1 and ended_by = 'ivrr' and\nbusiness_day(due_on, due_on) < 3 and paid_on < 2019-02-30"
    assert [problem.split(" - ")[0] for problem in problems_of(text)] == [
        "L003 10:15 there is no column 'priorty'",
        "L012 10:42 'ended_by' is never 'ivrr'",
        "L004 11:1 there is no function 'business_day'",
        "L014 11:38 compares 'paid_on', which may be missing",
        "L015 11:48 there is no day 2019-02-30",
    ]


@pytest.mark.parametrize("calendars", [{}, {"business_day": OpeningHours(hours=(), holidays=frozenset())}])
def test_business_days_need_a_calendar_of_days(
    columns: Mapping[str, Column], calendars: Mapping[str, Calendar]
) -> None:
    text = "business_days(due_on, due_on) <= 5"
    _, problems = compile_condition(text=text, place=Place("regime.yaml"), columns=columns, calendars=calendars)
    assert [problem.code for problem in problems] == ["L007"]
    assert "business_days needs" in problems[0].what


def test_a_condition_has_at_most_4000_characters(problems_of: Problems) -> None:
    text = "test_call or " * 400 + "test_call"
    assert problems_of(text) == [
        "L002 10:15 a condition of 5,209 characters is too long - say it in at most 4,000 characters"
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("(" * 1_500 + "test_call" + ")" * 1_500, 15 + 40),
        ("(" * 3_999, 15 + 40),
        ("not " * 900 + "test_call", 15 + 40 * 4),
        ("lower(" * 500 + "'x'" + ")" * 500 + " = 'x'", 15 + 40 * 6 + 5),
        ("hold_hours > 1" + "+1" * 1_900, 15 + 13),
    ],
)
def test_deep_nesting_is_a_problem_and_never_a_crash(problems_of: Problems, text: str, column: int) -> None:
    (problem,) = problems_of(text)
    assert problem.startswith(f"L017 10:{column} this is nested more than 40 levels deep")


def test_forty_levels_are_allowed(problems_of: Problems) -> None:
    assert problems_of("(" * 40 + "test_call" + ")" * 40) == []
    assert problems_of("not " * 39 + "test_call") == []


def test_brackets_within_a_text_are_no_nesting(problems_of: Problems) -> None:
    assert problems_of(f"call_id = '{'(' * 100}'") == []


@pytest.mark.parametrize("text", ["test_call or " * 300 + "test_call", "hold_hours in (1" + ", 1" * 1_000 + ")"])
def test_a_long_flat_condition_is_not_nested(problems_of: Problems, text: str) -> None:
    assert problems_of(text) == []
