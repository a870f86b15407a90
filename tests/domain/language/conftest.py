"""A table of calls, two calendars, and three ways to try a condition on them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.kernel.period import Moment
from muniment.domain.kernel.problem import Place
from muniment.domain.language.columns import Column, Value
from muniment.domain.language.compile import compile_condition
from muniment.domain.language.evaluate import holds
from muniment.domain.language.tree import Condition

LONDON = ZoneInfo("Europe/London")
GOOD_FRIDAY, EASTER_MONDAY = date(2019, 4, 19), date(2019, 4, 22)


@pytest.fixture(scope="session")
def columns() -> Mapping[str, Column]:
    """What is known about each call."""
    table = (
        Column("call_id", "text"),
        Column("queue", "text", may_be_missing=True),
        Column("offered_at", "datetime"),
        Column("answered_at", "datetime", may_be_missing=True),
        Column("ended_at", "datetime"),
        Column("ended_by", "text", one_of=("caller", "agent", "ivr", "system")),
        Column("test_call", "yes_no"),
        Column("recorded", "yes_no", may_be_missing=True),
        Column("priority", "number", one_of=("1", "2", "3", "4")),
        Column("hold_hours", "number"),
        Column("errors", "number", may_be_missing=True),
        Column("due_on", "date"),
        Column("paid_on", "date", may_be_missing=True),
    )
    return {column.name: column for column in table}


@pytest.fixture(scope="session")
def calendars() -> Mapping[str, Calendar]:
    """Business Days and service hours, Monday to Friday, closed at Easter 2019."""
    easter = frozenset({GOOD_FRIDAY, EASTER_MONDAY})
    return {
        "business_day": BusinessDays(weekdays=frozenset(range(5)), holidays=easter),
        "csc_hours": OpeningHours(hours=tuple((day, 8 * 3600, 18 * 3600) for day in range(5)), holidays=easter),
        "all_hours": OpeningHours(hours=tuple((day, 0, 24 * 3600) for day in range(7)), holidays=frozenset()),
    }


@pytest.fixture(scope="session")
def read(columns: Mapping[str, Column], calendars: Mapping[str, Calendar]) -> Callable[[str], Condition]:
    """A condition that must be without a problem."""

    def read_condition(text: str) -> Condition:
        place = Place("regime.yaml", 10, 15)
        condition, problems = compile_condition(text=text, place=place, columns=columns, calendars=calendars)
        assert problems == ()
        assert condition is not None
        return condition

    return read_condition


@pytest.fixture(scope="session")
def problems_of(columns: Mapping[str, Column], calendars: Mapping[str, Calendar]) -> Callable[[str], list[str]]:
    """The problems of a condition, each as 'code line:column what - remedy'. The text begins at regime.yaml:10:15."""

    def problems(text: str) -> list[str]:
        place = Place("regime.yaml", 10, 15)
        condition, found = compile_condition(text=text, place=place, columns=columns, calendars=calendars)
        assert (condition is None) == bool(found)
        return [f"{p.code} {p.place.line}:{p.place.column} {p.what} - {p.remedy}" for p in found]

    return problems


@pytest.fixture(scope="session")
def meets(read: Callable[[str], Condition], calendars: Mapping[str, Calendar]) -> Callable[..., bool]:
    """Whether a row with these cells meets a condition."""

    def row_meets(text: str, **cells: Value | None) -> bool:
        return holds(read(text), cells, calendars)

    return row_meets


@pytest.fixture(scope="session")
def london() -> Callable[[str], Moment]:
    """The moment that a clock on a London wall shows; of an hour that comes twice, `Z` at the end means the later."""

    def moment(text: str) -> Moment:
        shown = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=LONDON, fold=int(text.endswith("Z")))
        second = shown.hour * 3600 + shown.minute * 60 + shown.second
        return Moment(instant=int(shown.timestamp()), day=shown.date(), second=second)

    return moment
