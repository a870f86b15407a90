"""Pseudonyms in Parquet are those of CSV, and nothing else about the rows changes."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.adapters.bundles.pseudonyms import PSEUDONYM_LENGTH, HiddenColumns, pseudonymised, pseudonymised_parquet
from muniment.domain.language.columns import Column
from muniment.domain.regime.contract import Table
from tests.interfaces.small_contract import MAY, visits

SALT, OTHER = b"a" * 32, b"b" * 32
HIDING = HiddenColumns(pseudonyms=("visit",), emptied=("note",))
KINDS = (("visit", "text"), ("came_at", "datetime"), ("seen_at", "datetime"), ("purpose", "text"), ("note", "text"))


@pytest.fixture(scope="module")
def table() -> Table:
    columns = tuple(Column(name=name, type=kind, may_be_missing=name in ("seen_at", "note")) for name, kind in KINDS)  # type: ignore[arg-type]  # the pairs above
    return Table("visits", "one visitor", ("visit",), "came_at", columns, 5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The visits of May as Parquet, in types of its own, with a column that nobody declared."""
    (tmp_path / "visits.csv").write_text(visits(MAY), encoding="utf-8")
    made = tmp_path / "visits.parquet"
    duckdb.read_csv(str(tmp_path / "visits.csv"), null_padding=True).write_parquet(str(made))
    return made


def hidden(file: Path, table: Table, *, salt: bytes = SALT, name: str = "hidden") -> Path:
    into = file.with_name(f"{name}.parquet")
    pseudonymised_parquet(file=file, into=into, table=table, hiding=HIDING, salt=salt)
    return into


def rows(file: Path, columns: str) -> list[Sequence[object]]:
    found: list[Sequence[object]] = []
    found += duckdb.connect().execute(f"SELECT {columns} FROM read_parquet('{file}')").fetchall()
    return found


def test_a_key_has_the_pseudonym_that_it_has_in_csv(file: Path, table: Table) -> None:
    made = pseudonymised(visits(MAY).encode(), table=table, hiding=HIDING, salt=SALT).decode().splitlines()[1:]
    assert [row[0] for row in rows(hidden(file, table), "visit")] == [line.split(",")[0] for line in made]


def test_another_salt_makes_other_pseudonyms(file: Path, table: Table) -> None:
    one, other = (hidden(file, table, salt=salt, name=salt.decode()[0]) for salt in (SALT, OTHER))
    assert not {*rows(one, "visit")} & {*rows(other, "visit")}


def test_no_key_remark_or_undeclared_column_is_left(file: Path, table: Table) -> None:
    made = hidden(file, table)
    assert duckdb.read_parquet(str(made)).columns == [name for name, _ in KINDS]
    assert {row[0] for row in rows(made, "note")} == {None}
    content = b"".join(str(row).encode() for row in rows(made, "*")) + made.read_bytes()
    assert [word for word in (b"V2019-05", b"HYPERLINK", b"p-1", b"desk clerk") if word in content] == []


def test_what_measures_read_keeps_its_values_order_and_type(file: Path, table: Table) -> None:
    made = hidden(file, table)
    read = "came_at, seen_at, purpose"
    assert rows(made, read) == rows(file, read)
    assert duckdb.read_parquet(str(made)).types[1:4] == duckdb.read_parquet(str(file)).types[1:4]


def test_the_same_rows_make_the_same_bytes(tmp_path: Path, table: Table) -> None:
    """Of rows enough for several row groups, which more than one thread would write in any order."""
    many = tmp_path / "many.parquet"
    made = duckdb.sql(
        "SELECT 'V' || range AS visit, TIMESTAMP '2019-05-01' + INTERVAL (range % 1000) MINUTE AS came_at, "
        "NULL::TIMESTAMP AS seen_at, 'other' AS purpose, 'x' AS note FROM range(300000)"
    )
    assert made is not None
    made.write_parquet(str(many), row_group_size=20_000)
    one, two = (hidden(many, table, name=name) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert rows(one, "came_at") == rows(many, "came_at")


@settings(max_examples=20)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=5),
    st.binary(),
)
def test_the_pseudonym_of_any_text_is_its_hmac(
    tmp_path_factory: pytest.TempPathFactory, table: Table, keys: list[str], salt: bytes
) -> None:
    """Five keys or more to a file: writing it is what takes the time."""
    file = tmp_path_factory.mktemp("keys") / "key.parquet"
    duckdb.execute(
        "CREATE OR REPLACE TEMP TABLE given AS SELECT unnest($keys) AS visit, NULL::TIMESTAMP AS came_at, "
        "NULL::TIMESTAMP AS seen_at, '' AS purpose, '' AS note",
        {"keys": keys},
    )
    duckdb.table("given").write_parquet(str(file))
    expected = [
        (hmac.new(salt, f"visits.visit\n{key}".encode(), sha256).hexdigest()[:PSEUDONYM_LENGTH],) for key in keys
    ]
    assert rows(hidden(file, table, salt=salt), "visit") == expected
