"""A column that may be missing is used only where the condition has made sure that it is present."""

from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]

GUARDED = [
    "errors is present and errors > 5",
    "errors is missing or errors > 5",
    "not (errors is missing) and errors > 5",
    "not (errors is present) or errors > 5",
    "not (errors is missing or errors > 5)",
    "errors is present and test_call and (test_call or errors > 5)",
    "errors is present and paid_on is present and (errors > 5 or paid_on > 2019-10-01)",
    "(errors is present and errors > 5 or errors is present and errors < 2) and errors != 3",
    "not (errors is missing or paid_on is missing) and errors > 5 and paid_on > 2019-10-01",
    "recorded is present and recorded",
    "recorded is missing or not recorded",
    "answered_at is present and seconds(offered_at, answered_at) <= 60",
    "queue is present and queue in ('a', 'b') and starts_with(lower(queue), 'a')",
    "answered_at is present and open(answered_at, csc_hours)",
]

UNGUARDED = {
    "errors > 5": [("errors", 15)],
    "recorded": [("recorded", 15)],
    "not recorded": [("recorded", 19)],
    "errors > 5 and errors is present": [("errors", 15)],
    "errors is missing and errors > 5": [("errors", 37)],
    "errors is present or errors > 5": [("errors", 36)],
    "not (errors is present and test_call) or errors > 5": [],
    "not (errors is present and test_call) and errors > 5": [("errors", 57)],
    "(errors is present or test_call) and errors > 5": [("errors", 52)],
    "errors is present and errors > 5 or errors < 2": [("errors", 51)],
    "paid_on is present and paid_on > 2019-10-01 and errors > 1": [("errors", 63)],
    "paid_on = paid_on": [("paid_on", 15), ("paid_on", 25)],
    "seconds(offered_at, answered_at) <= 60": [("answered_at", 35)],
    "open(answered_at, csc_hours)": [("answered_at", 20)],
    "queue in ('a', 'b')": [("queue", 15)],
    "starts_with(lower(queue), 'a')": [("queue", 33)],
    "business_days(due_on, paid_on) < 5": [("paid_on", 37)],
    "hold_hours - errors > 1": [("errors", 28)],
}


@pytest.mark.parametrize("text", GUARDED)
def test_a_guarded_column_may_be_used(problems_of: Problems, text: str) -> None:
    assert problems_of(text) == []


@pytest.mark.parametrize("text", UNGUARDED)
def test_a_column_that_may_be_missing_needs_its_guard_first(problems_of: Problems, text: str) -> None:
    assert problems_of(text) == [
        f"L014 10:{column} compares '{name}', which may be missing - add `{name} is present and`"
        for name, column in UNGUARDED[text]
    ]


@pytest.mark.parametrize(
    "text", ["errors > 1 and errors < 9 and errors != 5", "(errors > 1 or test_call) and errors < 9"]
)
def test_one_forgotten_guard_is_reported_once_along_an_and(problems_of: Problems, text: str) -> None:
    assert len(problems_of(text)) == 1


def test_each_alternative_of_an_or_needs_its_own_guard(problems_of: Problems) -> None:
    assert len(problems_of("test_call and errors > 1 or test_call and errors < 9")) == 2
