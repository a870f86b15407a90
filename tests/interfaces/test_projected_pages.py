"""What the pages of a database show is what the command line says, and is there without computing anything."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.application.read_models.contracts import ContractHome
from muniment.application.read_models.explanations import KpiMonthPage
from muniment.application.read_models.kpi_months import KpiHistoryPage, KpiMonth
from muniment.application.read_models.mitigations import MitigationImpact
from muniment.application.read_models.statements import StatementPage
from muniment.application.read_models.stored import dump, load
from muniment.application.stores import database_at
from muniment.domain.assessment.failure_notes import FailureExplained
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import SmallContract, make_small_contract
from tests.interfaces.small_database import DATABASE_FILE, copy_database, make_database

MONTHS = ("2019-04", "2019-05", "2019-06")
KPIS = ("SEEN", "LOST", "LATE", "QUARTER")
ASSESSED = {
    "month": "period", "kpi": "kpi", "unit": "unit", "number": "value", "numerator": "numerator",
    "denominator": "denominator", "target": "target", "minimum": "minimum", "status": "status",
    "is_mitigated": "mitigated", "points": "points",
}  # fmt: skip
"""Member of the projected results -> its name in `muniment assess --format json`."""
Page = Callable[[str], dict[str, Json]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small contract, a failure of May explained, and a database that has it."""
    folder = tmp_path_factory.mktemp("projected")
    small = make_small_contract(folder / "tiny")
    note = FailureExplained("SEEN", Month(2019, 5), "The desk was shut.", "People waited.", "A second desk.")
    small.record(subject="tiny/SEEN/2019-05/f1", payload=note, side="supplier", actor="p-2")
    return make_database(of=small.folder, into=folder)


@pytest.fixture
def database(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of that database, where commands look for one; the contract's folder is beside it."""
    where = copy_database(kept, into=tmp_path)
    monkeypatch.setenv("MUNIMENT_DATABASE", where.database)
    yield tmp_path / DATABASE_FILE
    database_at(where).close()


@pytest.fixture
def small(database: Path) -> SmallContract:
    """The contract as the database has it."""
    return SmallContract(database.parent / "tiny")


@pytest.fixture
def page(database: Path) -> Page:
    """A page by name."""

    def read(name: str) -> dict[str, Json]:
        with sqlite3.connect(database) as connection:
            found = connection.execute("SELECT content FROM register_page WHERE name = ?", [name]).fetchone()
        content: dict[str, Json] = json.loads(found[0])
        return content

    return read


def _listed(page: dict[str, Json], name: str) -> list[dict[str, Json]]:
    listed = page[name]
    assert isinstance(listed, list)
    return [each for each in listed if isinstance(each, dict)]


def _now(month: dict[str, Json]) -> dict[str, Json]:
    """A month's figures as they are computed now, where something else is locked."""
    return month["now"] if isinstance(month["now"], dict) else month


def _holds(page: dict[str, Json], said: str) -> None:
    """All that the command says stands on the page, as the command says it; a page says once for all of them of which
    contract and day it is."""
    answer = {name: value for name, value in json.loads(said).items() if name not in ("contract", "known")}
    assert {name: page[name] for name in answer} == answer


@pytest.mark.parametrize("month", MONTHS)
def test_the_page_of_a_month_is_its_statement(month: str, page: Page, muniment: Muniment) -> None:
    _holds(page(month), muniment("statement", "database:tiny", "--period", month, "--format", "json").out)


@pytest.mark.parametrize("month", MONTHS)
def test_the_page_of_a_kpi_in_a_month_is_its_explanation(month: str, page: Page, muniment: Muniment) -> None:
    for kpi in KPIS:
        shown = page(f"{month}/{kpi}")
        _holds(shown, muniment("explain", "database:tiny", kpi, month, "--format", "json").out)
        told = muniment("explain", "database:tiny", kpi, month)
        assert f"Number    {shown['sum']}\n" in told.out


def test_the_lines_of_a_month_are_those_of_assess(database: Path, muniment: Muniment) -> None:
    span = ("--from", MONTHS[0], "--to", MONTHS[-1], "--format", "json")
    said = json.loads(muniment("assess", "database:tiny", *span).out)["rows"]
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT content FROM register_monthresult ORDER BY position").fetchall()
    shown = [row for row in (json.loads(content) for (content,) in rows) if row["month"] in MONTHS]
    assert len(shown) == len(said) == len(MONTHS) * len(KPIS)
    for row, answer in zip(shown, said, strict=True):
        for name, asked in ASSESSED.items():
            assert row[name] == ("" if answer[asked] is None else answer[asked]), (row["month"], row["kpi"], name)


def test_table_1_of_the_home_page_adds_up(page: Page, muniment: Muniment) -> None:
    span = ("--from", MONTHS[0], "--to", MONTHS[-1], "--format", "json")
    said = {
        column["period"]: column for column in json.loads(muniment("summary", "database:tiny", *span).out)["months"]
    }
    months = {str(month["month"]): month for month in _listed(page("home"), "months")}
    assert set(said) <= set(months)
    for name, month in months.items():
        counts = month["counts"]
        assert isinstance(counts, dict)
        assert sum(int(str(count)) for count in counts.values()) == month["kpis"] == len(KPIS)
        assert _now(month)["counts"] == page(name)["table_1"]
    for name, column in said.items():
        month = months[name]
        assert (column["contract_month"], column["total"]) == (month["contract_month"], month["kpis"])
        assert {category: column[category] for category in Category} == _now(month)["counts"]


def test_the_home_page_has_points_and_credits_as_the_statements_have_them(page: Page) -> None:
    for month in _listed(page("home"), "months"):
        statement = page(str(month["month"]))
        credit = statement["credit"]
        now = _now(month)
        assert isinstance(credit, dict)
        assert now["points"] == statement["points"]
        for shown, decimal in (
            (now["credit_due"], credit["due"]),
            (now["credit_cap"], credit["cap"]),
            (now["credits_to_date"], statement["credits_to_date"]),
        ):
            assert str(shown).removeprefix("£").replace(",", "") == decimal


def test_a_locked_month_stands_as_it_was_locked_and_says_what_is_computed_now(page: Page) -> None:
    home = {str(month["month"]): month for month in _listed(page("home"), "months")}
    may, now = home["2019-05"], _now(home["2019-05"])
    with_lock = page("2019-05")["stands"]
    assert isinstance(with_lock, dict)
    assert with_lock["version"] == may["locked"] == 1
    for name in ("counts", "kpis", "points", "credit_due", "credit_cap", "credits_to_date"):
        assert with_lock[name] == may[name]
    assert (may["points"], may["credit_due"]) != (now["points"], now["credit_due"])
    assert page("2019-05")["differs"] is True
    for name, month in home.items():
        assert (page(name)["stands"] is None) == (month["locked"] == 0)


def test_credits_to_date_add_up_what_stands(page: Page) -> None:
    said = Money(0)
    for month in _listed(page("home"), "months"):
        said += Money.parse(str(month["credit_due"]))
        assert month["credits_to_date"] == str(said), month["month"]


def test_a_locked_month_names_its_versions_and_an_input_that_came_later_shows(page: Page) -> None:
    home = {str(month["month"]): month for month in _listed(page("home"), "months")}
    may = home["2019-05"]
    assert (may["locked"], home["2019-04"]["locked"], home["2019-04"]["state"]) == (1, 0, "open")
    assert may["state"] in ("locked", "changed_since_lock")


def test_a_kpi_month_shows_what_people_said_and_asked(page: Page, small: SmallContract) -> None:
    (note,) = _listed(page("2019-05/SEEN"), "failure_notes")
    assert (note["id"], note["cause"], note["remedy"]) == (
        "tiny/SEEN/2019-05/f1", "The desk was shut.", "A second desk.",
    )  # fmt: skip
    assert page("2019-04/SEEN")["failure_notes"] == []
    shown = [
        (name, mitigation["id"], mitigation["state"])
        for name in (f"{month}/{kpi}" for month in MONTHS for kpi in KPIS)
        for mitigation in _listed(page(name), "mitigations")
    ]
    ids = {entry.subject for entry in small.entries() if entry.kind == "mitigation.requested"}
    assert {found for _, found, _ in shown} == ids
    assert all(state in ("requested", "granted", "granted_in_part", "refused") for _, _, state in shown)


def test_the_history_of_a_kpi_has_every_month_and_a_drawing(page: Page) -> None:
    history = page("history/SEEN")
    for month in _listed(history, "months"):
        explained = page(f"{month['month']}/SEEN")
        assert (month["status"], month["target"], month["points"], month["value"]) == (
            explained["status"], explained["target"], explained["points"], explained["shown"],
        )  # fmt: skip
    assert str(history["chart"]).startswith("<svg ")
    drawn = page("2019-05")["sparklines"]
    assert isinstance(drawn, dict)
    assert str(drawn["SEEN"]).startswith("<svg ")


def test_a_rebuilt_projection_is_the_same_byte_for_byte(database: Path, muniment: Muniment) -> None:
    def kept() -> list[list[tuple[object, ...]]]:
        tables = ("page", "monthresult", "monthcount", "appointed", "projection")
        with sqlite3.connect(database) as connection:
            return [
                connection.execute(f"SELECT * FROM register_{table} ORDER BY 1, 2, 3").fetchall() for table in tables
            ]

    before = kept()
    assert len(before[0]) == 1 + 4 + 4 * 4 + 4
    assert muniment("rebuild", "database:tiny").exit == 0
    assert kept() == before


def kind_of(name: str) -> type:
    """The read model that a page is kept of."""
    match name.split("/"):
        case ["home"]:
            return ContractHome
        case ["history", _]:
            return KpiHistoryPage
        case ["signed", _] | [_]:
            return StatementPage
        case [_, _]:
            return KpiMonthPage
        case _:
            return MitigationImpact


def test_what_is_kept_is_read_typed_and_says_the_same_again(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        pages = connection.execute("SELECT name, content FROM register_page").fetchall()
        results = connection.execute("SELECT 'a result', content FROM register_monthresult").fetchall()
    kept = [*((kind_of(name), content) for name, content in pages), *((KpiMonth, content) for _, content in results)]
    assert {kind for kind, _ in kept} >= {ContractHome, KpiHistoryPage, StatementPage, KpiMonthPage, KpiMonth}
    for kind, content in kept:
        assert canonical_json(dump(load(kind, json.loads(content)))).decode() == content


def test_the_doctor_names_a_page_that_was_altered(database: Path, muniment: Muniment) -> None:
    assert "sound" in muniment("doctor", "database:tiny").out
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE register_page SET content = replace(content, '£', '€') WHERE name = 'home'")
    assert "the page home does not say what the record says" in muniment("doctor", "database:tiny").out


def test_a_text_that_was_erased_is_gone_from_the_page_at_once(
    page: Page, small: SmallContract, muniment: Muniment
) -> None:
    seq = str(small.entries()[-1].seq)
    act = ("--as", "p-1", "--for", "authority", "--reason", "It names a person.")
    erased = muniment("erase-text", "database:tiny", seq, "--text", "cause", *act)
    assert erased.exit == 0, erased.err
    (note,) = _listed(page("2019-05/SEEN"), "failure_notes")
    assert (note["cause"], note["effect"]) == ("[text erased]", "People waited.")
    before = page("2019-05/SEEN")
    assert muniment("rebuild", "database:tiny").exit == 0
    assert page("2019-05/SEEN")["failure_notes"] == before["failure_notes"]
