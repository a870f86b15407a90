"""Correction or revision: the four days of an example in which 36 was misprinted for 35."""

import pytest

from muniment.domain.assessment.restatement import Verdict, verdict_of


@pytest.mark.parametrize(
    ("day", "printed", "said_then", "says_now", "verdict"),
    [
        ("2019-12-31", None, None, "35", "never reported"),
        ("2020-01-25", "36", "35", "35", "correction due"),  # printed 36, the records then said 35
        ("2020-02-01", "35", "35", "35", "agrees"),  # as corrected at the Board
        ("2020-02-20", "35", "35", "34", "revision due"),  # 35 was right when reported
    ],
)
def test_a_difference_is_a_correction_or_a_revision_by_what_the_records_said_when_it_was_printed(
    day: str, printed: str | None, said_then: str | None, says_now: str, verdict: Verdict
) -> None:
    assert verdict_of(printed=printed, said_then=said_then, says_now=says_now) == verdict, day


def test_a_misprint_that_the_records_come_round_to_agrees() -> None:
    assert verdict_of(printed="34", said_then="35", says_now="34") == "agrees"


def test_what_the_records_cannot_say_is_not_judged() -> None:
    assert verdict_of(printed="36", said_then=None, says_now="35") == "cannot be computed"
    assert verdict_of(printed="36", said_then="36", says_now=None) == "cannot be computed"
