"""Pseudonymised rows: the same rows to every measure, and no key, clerk or remark to be read in them."""

import pytest

from muniment.adapters.bundles.pseudonyms import HiddenColumns, columns_read, hidden_columns_of, pseudonymised
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure
from tests.interfaces.small_contract import MAY, TEXTS, visits

SALT, OTHER = b"a" * 32, b"b" * 32


@pytest.fixture(scope="module")
def text() -> AgreedText:
    read, problems = read_agreed_text(TEXTS)
    assert problems == ()
    assert read is not None
    return read


@pytest.fixture(scope="module")
def table(text: AgreedText) -> Table:
    return text.contract(known=None).tables["visits"]


@pytest.fixture(scope="module")
def measures(text: AgreedText) -> tuple[Measure, ...]:
    return tuple(text.regime_at(on=MAY.first_day, known=None).measures.values())


def hidden(table: Table, measures: tuple[Measure, ...], *, salt: bytes = SALT) -> list[list[str]]:
    hiding = hidden_columns_of(table=table, measures=measures)
    content = visits(MAY).encode()
    made = pseudonymised(content, table=table, hiding=hiding, salt=salt)
    return [line.split(",") for line in made.decode().splitlines()]


def test_columns_that_a_measure_reads_are_found_wherever_its_conditions_name_them(
    measures: tuple[Measure, ...],
) -> None:
    by_name = {measure.name: columns_read(measure) for measure in measures}
    assert by_name["seen_in_time"] == {"purpose", "came_at", "seen_at"}
    assert by_name["value_lost"] == {"value", "lost"}


def test_keys_become_pseudonyms_and_unread_remarks_are_emptied(table: Table, measures: tuple[Measure, ...]) -> None:
    assert hidden_columns_of(table=table, measures=measures) == HiddenColumns(pseudonyms=("visit",), emptied=("note",))
    rows = hidden(table, measures)
    assert rows[0] == ["visit", "came_at", "seen_at", "purpose", "note"]
    assert all(len(row[0]) == 16 and row[4] == "" for row in rows[1:])
    assert "p-1" not in str(rows)


def test_a_key_has_one_pseudonym_for_a_salt_and_no_two_keys_share_it(
    table: Table, measures: tuple[Measure, ...]
) -> None:
    keys = [row[0] for row in hidden(table, measures)[1:]]
    assert len(set(keys)) == 40
    assert keys == [row[0] for row in hidden(table, measures)[1:]]
    assert not set(keys) & {row[0] for row in hidden(table, measures, salt=OTHER)}


def test_what_measures_read_stays_as_it_was(table: Table, measures: tuple[Measure, ...]) -> None:
    before = [line.split(",")[1:4] for line in visits(MAY).splitlines()]
    assert [row[1:4] for row in hidden(table, measures)] == before
