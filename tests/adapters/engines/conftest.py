"""A table with a column of every type, and a store made of rows of it."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path

import pytest

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.take_in import take_in
from muniment.domain.evidence.normalised import ClockColumn
from muniment.domain.kernel.calendars import BusinessDays, Calendar, OpeningHours
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

Store = Callable[..., Path]
HOLIDAYS = frozenset({date(2019, 8, 26), date(2019, 12, 25), date(2019, 12, 26)})
CASES = Table(
    name="cases",
    row_is="one case",
    key=("ref",),
    dated_by="opened_at",
    columns=(
        Column("ref", "text"),
        Column("opened_at", "datetime"),
        Column("closed_at", "datetime", may_be_missing=True),
        Column("due_on", "date"),
        Column("paid_on", "date", may_be_missing=True),
        Column("Amount", "number"),
        Column("hold_hours", "number", may_be_missing=True),
        Column("queue", "text"),
        Column("note", "text", may_be_missing=True),
        Column("urgent", "yes_no"),
        Column("disputed", "yes_no", may_be_missing=True),
    ),
)


@pytest.fixture(scope="session")
def cases() -> Table:
    return CASES


@pytest.fixture(scope="session")
def calendars() -> dict[str, Calendar]:
    weekdays = ((day, 8 * 3600, 18 * 3600) for day in range(5))
    return {
        "desk": OpeningHours(hours=(*weekdays, (5, 9 * 3600, 9 * 3600 + 1)), holidays=HOLIDAYS),
        "round_the_clock": OpeningHours(hours=tuple((day, 0, 86_400) for day in range(7)), holidays=frozenset()),
        "working": BusinessDays(weekdays=frozenset(range(5)), holidays=HOLIDAYS),
    }


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, cases: Table, calendars: dict[str, Calendar]) -> Store:
    """Make a normalised store of rows, each a line of comma-separated text without its ref."""

    def make(rows: Sequence[str], *, clocks: Collection[ClockColumn] = (), first_ref: int = 0) -> Path:
        folder = tmp_path_factory.mktemp("store")
        heading = ",".join(column.name for column in cases.columns)
        numbered = (f"R{number:03d},{row}" for number, row in enumerate(rows, start=first_ref))
        (folder / "cases.csv").write_text("\n".join([heading, *numbered]) + "\n", encoding="utf-8")
        intake = take_in(Delivery(
            file=folder / "cases.csv", kind="csv", shown_as="cases.csv", table=cases, zone="Europe/London",
            expected=None, clocks=clocks, calendars=calendars, into=folder / "cases.parquet",
        ))  # fmt: skip
        assert intake.problems == ()
        assert intake.parquet is not None
        return intake.parquet

    return make
