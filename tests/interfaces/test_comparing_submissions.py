"""Two submissions of a table and month are compared row by row, by key."""

import csv
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.adapters.ingestion.differences import changed_rows
from muniment.application.comparison import (
    ComparedSubmissions,
    SubmissionRows,
    compare_submissions,
    differences_csv,
    rows_of_submission,
)
from muniment.application.load import open_contract
from muniment.commands.retention import discard_rows
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from tests.interfaces.small_contract import APRIL, SmallContract, make_small_contract, parcels, visits

JULY = Month(2019, 7)


@pytest.fixture
def own(tmp_path: Path) -> SmallContract:
    made = make_small_contract(tmp_path / "own")
    made.clock.move_to("2019-08-05T09:00:00Z")
    return made


def kept(own: SmallContract, id_: str) -> SubmissionRows:
    opened = open_contract(folder=own.folder, known=None)
    (submission,) = [found for found in submissions_known(own.entries()) if found.id == id_]
    return rows_of_submission(store=own.store, text=opened.text, submission=submission)


def two(own: SmallContract, first: str, second: str, *, table: str = "visits") -> tuple[SubmissionRows, SubmissionRows]:
    for number, content in enumerate((first, second), start=1):
        own.submit(table=table, month=JULY, content=content, number=number)
    return kept(own, f"tiny/{table}/2019-07/s1"), kept(own, f"tiny/{table}/2019-07/s2")


def compared(own: SmallContract, first: str, second: str, *, table: str = "visits") -> ComparedSubmissions:
    earlier, later = two(own, first, second, table=table)
    text = open_contract(folder=own.folder, known=None).text
    return compare_submissions(table=text.contract(known=None).tables[table], earlier=earlier, later=later)


def _parcels(lost: dict[int, int]) -> str:
    """Parcel -> pounds lost."""
    return "\n".join(["parcel,due_on,value,lost", *(f"P-{key},2019-07-10,50,{lost[key]}" for key in lost)]) + "\n"


def changed_july() -> str:
    """Two rows are gone, one is new, and two of those that stay say something else."""
    heading, *rows = visits(JULY).splitlines()
    rows = [row.replace("V2019-07-002,", "V2019-07-new,") for row in rows if "V2019-07-003" not in row]
    rows[0] = rows[0].replace("meeting", "other").replace("08:45:00", "08:40:00")
    rows[1] = rows[1].replace("meeting", "delivery")
    return "\n".join([heading, *rows]) + "\n"


def test_rows_are_counted_by_what_became_of_them(own: SmallContract) -> None:
    found = compared(own, visits(JULY), changed_july())
    assert (found.rows_before, found.rows_after) == (40, 39)
    assert (found.added, found.gone, found.changed, found.same) == (1, 2, 2, 36)
    assert found.by_column == (("seen_at", 1), ("purpose", 2))


def test_a_changed_row_has_its_cells_before_and_after(own: SmallContract) -> None:
    found = compared(own, visits(JULY), changed_july())
    row = next(row for row in found.sample if row.kind == "changed")
    assert row.id == "=V2019-07-000"
    said = {found.columns[place]: (row.before[place], row.after[place]) for place in row.columns_changed}
    assert said == {"seen_at": ("2019-07-01 08:45:00", "2019-07-01 08:40:00"), "purpose": ("meeting", "other")}


def test_numbers_and_dates_read_as_people_write_them(own: SmallContract) -> None:
    changed = parcels(JULY).replace("P-2019-07-0,2019-07-10,50.00,2.50", "P-2019-07-0,2019-07-11,150.00,0")
    (row,) = compared(own, parcels(JULY), changed, table="parcels").sample
    assert (row.before, row.after) == (
        ("P-2019-07-0", "2019-07-10", "50", "2.5"), ("P-2019-07-0", "2019-07-11", "150", "0"),
    )  # fmt: skip


def test_a_page_shows_the_first_rows_and_the_file_has_all(own: SmallContract) -> None:
    earlier, later = two(own, visits(JULY), visits(JULY, late=36))
    table = open_contract(folder=own.folder, known=None).text.contract(known=None).tables["visits"]
    found = compare_submissions(table=table, earlier=earlier, later=later, listed=5)
    assert (found.changed, len(found.sample)) == (30, 5)
    content = b"".join(differences_csv(table=table, earlier=earlier, later=later)).decode("utf-8-sig")
    heading, *rows = csv.reader(StringIO(content, newline=""))
    assert heading[:4] == ["what became of the row", "row", "visit in s1", "visit in s2"]
    assert len(rows) == 30
    assert {row[0] for row in rows} == {"changed"}


def test_the_file_runs_nothing_in_a_spreadsheet(own: SmallContract) -> None:
    earlier, later = two(own, visits(JULY), changed_july())
    table = open_contract(folder=own.folder, known=None).text.contract(known=None).tables["visits"]
    content = b"".join(differences_csv(table=table, earlier=earlier, later=later)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(content, newline="")) for cell in row]
    assert "'=V2019-07-000" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_keys_that_were_written_anew_are_recognised(own: SmallContract) -> None:
    assert compared(own, visits(JULY), visits(JULY).replace("=V2019-07-", "=W-")).shares_no_key


def test_rows_that_were_discarded_are_said_to_be_gone(own: SmallContract) -> None:
    own.lock(APRIL)
    act = Act("p-1", "authority", "Their time is over.")
    discard_rows(
        ledger=own.store.ledger, blobs=own.store.blobs, act=act, before="2019-05", record_from=APRIL, spanning=()
    )
    with pytest.raises(ProblemsFoundError, match="the rows of tiny/visits/2019-04/s1 were discarded"):
        kept(own, "tiny/visits/2019-04/s1")


LOST = st.dictionaries(st.integers(0, 30), st.integers(0, 9), min_size=1)


def test_the_earlier_rows_with_the_changes_are_the_later_rows(own: SmallContract) -> None:
    table = open_contract(folder=own.folder, known=None).text.contract(known=None).tables["parcels"]
    numbers = count(1)

    def submitted(lost: dict[int, int]) -> SubmissionRows:
        number = next(numbers)
        own.submit(table="parcels", month=JULY, content=_parcels(lost), number=number)
        return kept(own, f"tiny/parcels/2019-07/s{number}")

    @given(before=LOST, after=LOST)
    @settings(max_examples=15, deadline=None)
    def holds(before: dict[int, int], after: dict[int, int]) -> None:
        earlier, later = submitted(before), submitted(after)
        rows = {f"P-{key}": value for key, value in before.items()}
        for row in changed_rows(table=table, before=earlier.rows, after=later.rows):
            if row.kind == "gone":
                del rows[row.id]
            else:
                rows[row.id] = int(row.after[3])
        assert rows == {f"P-{key}": value for key, value in after.items()}

    holds()
