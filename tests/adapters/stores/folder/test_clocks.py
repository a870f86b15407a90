"""Clocks never go back, and a day ends when it ends in the contract's zone."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from muniment.adapters.stores.folder.clocks import SystemClock, SystemSalts, end_of_day, utc_text
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts


def test_a_clock_set_back_shows_the_last_time_again() -> None:
    noon = datetime(2019, 5, 8, 12, 0, 0, tzinfo=UTC)
    readings = iter([noon, noon - timedelta(hours=1), noon + timedelta(seconds=1)])
    clock = SystemClock(lambda: next(readings))
    assert [clock.instant() for _ in range(3)] == [
        "2019-05-08T12:00:00Z",
        "2019-05-08T12:00:00Z",
        "2019-05-08T12:00:01Z",
    ]


def test_a_script_that_goes_back_is_wrong() -> None:
    clock = ScriptedClock("2019-05-08T09:30:00Z")
    clock.move_to("2019-05-08T09:30:00Z")
    with pytest.raises(ValueError, match="goes back"):
        clock.move_to("2019-05-08T09:29:59Z")
    with pytest.raises(ValueError, match="is not a time"):
        clock.move_to("2019-02-30T09:29:59Z")


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2019, 1, 31), "2019-02-01T00:00:00Z"),
        (date(2019, 3, 30), "2019-03-31T00:00:00Z"),
        (date(2019, 3, 31), "2019-03-31T23:00:00Z"),
        (date(2019, 7, 31), "2019-07-31T23:00:00Z"),
        (date(2019, 10, 27), "2019-10-28T00:00:00Z"),
    ],
)
def test_a_day_ends_when_it_ends_in_the_zone(day: date, end: str) -> None:
    assert end_of_day(day, zone="Europe/London") == end


def test_a_moment_is_shown_in_utc_and_needs_a_zone() -> None:
    assert utc_text(datetime(2019, 5, 8, 10, 30, tzinfo=timezone(timedelta(hours=1)))) == "2019-05-08T09:30:00Z"
    with pytest.raises(ValueError, match="has no zone"):
        utc_text(datetime(2019, 5, 8))


def test_salts_differ_and_scripted_ones_repeat() -> None:
    assert SystemSalts().salt(seq=1, name="reason") != SystemSalts().salt(seq=1, name="reason")
    assert ScriptedSalts("a").salt(seq=1, name="reason") == ScriptedSalts("a").salt(seq=1, name="reason")
    assert ScriptedSalts("a").salt(seq=1, name="reason") != ScriptedSalts("a").salt(seq=1, name="cause")
