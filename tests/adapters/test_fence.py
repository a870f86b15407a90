"""A DuckDB inside a fence: the folders that it was given and nothing else, in UTC, and nothing shared but the fence."""

from pathlib import Path

import duckdb
import pytest

from muniment.adapters.fence import fenced_connection, fenced_database


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """One that is inside, and one that is outside; a file in each."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.csv").write_text("a\n1\n", encoding="utf-8")
    return inside, outside


def test_a_fence_is_around_the_first_connection_and_every_further_one(folders: tuple[Path, Path]) -> None:
    inside, outside = folders
    made = [fenced_database(folders=[inside]), *(fenced_connection(folders=[inside], spill=inside) for _ in range(2))]
    for connection in made:
        assert connection.execute(f"SELECT * FROM '{inside}/a.csv'").fetchall() == [(1,)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"SELECT * FROM '{outside}/a.csv'")
        with pytest.raises(duckdb.Error, match="configuration has been locked"):
            connection.execute("SET enable_external_access = true")


def test_every_connection_has_its_clock_in_utc_whatever_the_machine_has(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, _ = folders
    monkeypatch.setenv("TZ", "America/New_York")
    for connection in (fenced_database(folders=[inside]), fenced_connection(folders=[inside], spill=inside)):
        found = connection.execute("SELECT current_setting('TimeZone'), '2019-07-01 12:00+00'::TIMESTAMPTZ::VARCHAR")
        assert found.fetchall() == [("UTC", "2019-07-01 12:00:00+00")]


def test_what_is_made_on_one_connection_is_not_seen_on_another(folders: tuple[Path, Path]) -> None:
    inside, _ = folders
    first, second = (fenced_connection(folders=[inside], spill=inside) for _ in range(2))
    first.execute("CREATE TEMP TABLE parsed AS SELECT 1 AS a")
    second.execute("CREATE TEMP TABLE parsed AS SELECT 2 AS a")
    assert first.execute("FROM parsed").fetchall() == [(1,)]
    first.close()
    assert second.execute("FROM parsed").fetchall() == [(2,)]


def test_a_file_that_was_written_again_is_read_again(folders: tuple[Path, Path]) -> None:
    inside, _ = folders
    for number in (1, 2):
        (inside / "a.csv").write_text(f"a\n{number}\n", encoding="utf-8")
        with fenced_connection(folders=[inside], spill=inside) as connection:
            assert connection.execute(f"SELECT * FROM '{inside}/a.csv'").fetchall() == [(number,)]


def test_a_folder_inside_another_needs_no_database_of_its_own(folders: tuple[Path, Path]) -> None:
    inside, _ = folders
    below = inside / "below"
    below.mkdir()
    alone, both = (fenced_connection(folders=reached, spill=inside) for reached in ([inside], [inside, below]))
    alone.execute("CREATE TABLE shared AS SELECT 1 AS a")
    assert both.execute("FROM shared").fetchall() == [(1,)]
