"""Each heading has its place, however many there are and however they are written."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.adapters.ingestion.records import Record, records_of

CELLS = st.text(alphabet='ab, "\n\r;é', max_size=6)


@given(st.lists(CELLS, min_size=1, max_size=8), st.integers(1, 5))
def test_the_places_of_all_cells_are_those_of_each(cells: list[str], line: int) -> None:
    out = StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    record = Record(number=0, line=line, cells=tuple(cells), text=out.getvalue())
    each = [record.place_of(cell, shown_as="calls.csv") for cell in range(len(cells))]
    assert [*record.places(shown_as="calls.csv")] == each


@pytest.mark.parametrize("columns", [200_000])
def test_a_heading_of_very_many_cells_is_placed_in_one_pass(tmp_path: Path, columns: int) -> None:
    """A cell after the other from the beginning would take hours: the test would not end."""
    file = tmp_path / "wide.csv"
    file.write_text(",".join(["a"] * columns) + "\n", encoding="utf-8")
    (heading,) = records_of(file=file, shown_as="wide.csv")
    *_, last = heading.places(shown_as="wide.csv")
    assert (last.line, last.column) == (1, 2 * columns - 1)
