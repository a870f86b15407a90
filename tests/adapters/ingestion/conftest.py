"""A table of calls, and ingestion to take its files in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.take_in import take_in
from muniment.domain.kernel.period import Month, Period
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table

OCTOBER = Period(Month(2019, 10), Month(2019, 10))


@pytest.fixture
def calls() -> Table:
    return Table(
        name="calls",
        row_is="one inbound call",
        key=("call_id",),
        dated_by="offered_at",
        columns=(
            Column("call_id", "text"),
            Column("offered_at", "datetime"),
            Column("ended_by", "text", one_of=("caller", "agent")),
            Column("test_call", "yes_no"),
            Column("cost", "number", may_be_missing=True),
            Column("paid_on", "date", may_be_missing=True),
        ),
    )


@pytest.fixture
def take_in_text(tmp_path: Path, calls: Table) -> Callable[..., Intake]:
    """Take in the text or bytes of a CSV file of calls that is called calls.csv."""

    def take(content: str | bytes, *, table: Table = calls, expected: Period | None = None) -> Intake:
        file = tmp_path / "a-blob"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return take_in(
            Delivery(
                file=file,
                kind="csv",
                shown_as="calls.csv",
                table=table,
                zone="Europe/London",
                expected=expected,
                clocks=(),
                calendars={},
                into=tmp_path / "store" / "calls.parquet",
            )
        )

    return take


@pytest.fixture
def take_in_book(tmp_path: Path, calls: Table) -> Callable[..., Intake]:
    """Take in the bytes of a workbook that is called calls.xlsx; its sheet as CSV is at sheet.csv."""

    def take(content: bytes, *, table: Table = calls, expected: Period | None = None, listed: int = 20) -> Intake:
        file = tmp_path / "a-blob"
        file.write_bytes(content)
        return take_in(Delivery(
            file=file, kind="xlsx", shown_as="calls.xlsx", table=table, zone="Europe/London", expected=expected,
            clocks=(), calendars={}, into=tmp_path / "store" / "book.parquet", listed=listed,
            as_csv=tmp_path / "sheet.csv",
        ))  # fmt: skip

    return take
