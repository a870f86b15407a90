"""Ids of what people decide on, read and put into words."""

import pytest

from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.subjects import Subject, subject_of, thing_words
from muniment.domain.record.act import RefusedError


def test_an_id_says_which_table_or_kpi_and_which_month_it_is_of() -> None:
    subject = subject_of("c/calls/2019-09/s12", letter="s", what="submission")
    assert subject == Subject("c/calls/2019-09/s12", "c", "calls", Month(2019, 9))
    assert (subject.thing, subject.month_thing) == ("c/calls/2019-09", "c/2019-09")


@pytest.mark.parametrize(
    "text", ["c/calls/2019-09/s1", "c/calls/2019-09/q", "c/calls/2019-09/qx", "c/calls/2019-9/q1", "c/calls/q1", "q1"]
)
def test_what_is_no_such_id_is_refused_with_one_to_follow(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        subject_of(text, letter="q", what="challenge")
    assert (refused.value.rule, refused.value.what) == ("subject", f"'{text}' is not the id of a challenge")
    assert refused.value.who_could == "write it like cssc/calls/2019-09/q1"


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("c/2019-09", "September 2019"),
        ("c/staff_hours/2019-09", "staff hours, September 2019"),
        ("c/CSC_KPI_04/2019-09", "CSC_KPI_04, September 2019"),
        ("c/staff_hours/2019-09/s2", "s2 of staff hours, September 2019"),
        ("c/other_work/2019-09", "other work, September 2019"),
        ("c/2019-09/v1", "v1 of September 2019"),
        ("c/2019-09/r1", "r1 of September 2019"),
        ("c/text/t1", "c/text/t1"),
        ("c/2019-09/2019-10", "c/2019-09/2019-10"),
    ],
)
def test_a_thing_of_one_month_is_called_by_what_it_is_and_the_month(thing: str, words: str) -> None:
    assert thing_words(thing) == words
