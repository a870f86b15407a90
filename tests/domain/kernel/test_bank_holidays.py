"""Bank holidays as the holidays library has them, and late ones only from the day on which they were proclaimed."""

from datetime import date, timedelta

import holidays
import pytest

from muniment.domain.kernel.bank_holidays import CHANGED, FIRST_YEAR, LAST_YEAR, Division, bank_holidays

IN_THE_LIBRARY: dict[Division, tuple[str, ...]] = {
    "england-and-wales": ("ENG", "WLS"),
    "scotland": ("SCT",),
    "northern-ireland": ("NIR",),
}


@pytest.mark.parametrize(
    ("division", "subdivision"),
    [(division, subdivision) for division, names in IN_THE_LIBRARY.items() for subdivision in names],
)
@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_the_days_are_those_of_the_library(division: Division, subdivision: str, year: int) -> None:
    ours = {day for day in bank_holidays(division=division, known=None) if day.year == year}
    theirs = holidays.country_holidays("GB", subdiv=subdivision, years=year)
    assert ours == {day for day in theirs if day.year == year}


@pytest.mark.parametrize(
    ("what", "day", "proclaimed", "division"),
    [
        ("VE Day, moved from the Monday", date(2020, 5, 8), date(2019, 6, 7), "england-and-wales"),
        ("the Platinum Jubilee", date(2022, 6, 3), date(2020, 11, 12), "england-and-wales"),
        ("the late spring holiday of 2022", date(2022, 6, 2), date(2020, 11, 12), "northern-ireland"),
        ("the State Funeral", date(2022, 9, 19), date(2022, 9, 10), "scotland"),
        ("the Coronation", date(2023, 5, 8), date(2022, 11, 6), "england-and-wales"),
        ("the World Cup, in Scotland", date(2026, 6, 15), date(2026, 2, 4), "scotland"),
    ],
)
def test_a_late_holiday_is_one_only_from_the_day_it_was_known(
    what: str, day: date, proclaimed: date, division: Division
) -> None:
    before = bank_holidays(division=division, known=proclaimed - timedelta(days=1))
    assert day not in before, what
    assert day in bank_holidays(division=division, known=proclaimed), what
    assert day in bank_holidays(division=division, known=None), what


@pytest.mark.parametrize(
    ("day", "moved"),
    [(date(2020, 5, 4), date(2019, 6, 7)), (date(2022, 5, 30), date(2020, 11, 12))],
)
def test_a_holiday_that_was_moved_away_was_one_until_then(day: date, moved: date) -> None:
    assert day in bank_holidays(division="england-and-wales", known=moved - timedelta(days=1))
    assert day not in bank_holidays(division="england-and-wales", known=moved)
    assert day not in bank_holidays(division="england-and-wales", known=None)


def test_the_world_cup_is_a_holiday_in_scotland_only() -> None:
    assert date(2026, 6, 15) not in bank_holidays(division="england-and-wales", known=None)


def test_every_change_was_known_before_the_day_itself() -> None:
    for changed in CHANGED:
        assert changed.known_from < changed.known_until
        announced = changed.known_from if changed.known_until == date.max else changed.known_until
        assert announced < changed.day


def test_a_calendar_may_have_no_bank_holidays() -> None:
    assert bank_holidays(division="none", known=None) == frozenset()
