"""A real contract on real figures: NHS 111, read in place, against plain counting of the published file."""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from muniment.interfaces.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "examples" / "nhs-111"
PROVIDERS = sorted(path.parent.name for path in CONTRACTS.glob("*/contract.yaml"))
SHARED = Path(os.environ.get("MUNIMENT_SHARED_DATA") or ROOT.parent / "shared" / "data")
DATA = SHARED / "evidence" / "nhs_111_2015_16.csv"
YEAR = ("--from", "2015-04", "--to", "2016-03")
MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
OFFERED, ABANDONED = "Nhs1 Number Calls Offered SUM", "Nhs1 Abandoned Calls SUM"
ANSWERED, IN_TIME = "Nhs1 Answered Calls SUM", "Nhs1 Answered 60sec SUM"
LINCOLNSHIRE = ["0.26", "0.37", "0.66", "0.53", "0.51", "1.37", "0.99", "0.51", "2.49", "0.78", "1.36", "4.92"]
Row = dict[str, str | bool | None]

needs_data = pytest.mark.skipif(
    not DATA.is_file(),
    reason=f"the published NHS 111 figures are not here ({DATA.name}) - point MUNIMENT_SHARED_DATA at the data folder",
)


@cache
def published() -> tuple[dict[str, str], ...]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def month_of(period: str) -> str:
    """Apr-15 as 2015-04."""
    name, _, year = period.partition("-")
    return f"20{year}-{(MONTHS.index(name) + 3) % 12 + 1:02d}"


def percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def expected(provider: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    """(KPI, month, counted, of, value, status), by plain Python over the file."""
    for row in published():
        if row["Provider Org Code"] != provider:
            continue
        month = month_of(row["Periodname"])
        abandoned = percent(int(row[ABANDONED]), int(row[OFFERED]))
        met = "met_target" if abandoned < 5 else "below_minimum"
        yield "CALLS_ABANDONED", month, row[ABANDONED], row[OFFERED], str(abandoned), met
        in_time = percent(int(row[IN_TIME]), int(row[ANSWERED]))
        met = "met_target" if in_time >= 95 else "below_minimum"
        yield "ANSWERED_60S", month, row[IN_TIME], row[ANSWERED], str(in_time), met


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy, so that reading leaves nothing behind in the repository."""
    return Path(shutil.copytree(CONTRACTS, tmp_path / "nhs-111"))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def assessed(capsys: pytest.CaptureFixture[str], contract: Path, *more: str) -> str:
    evidence = ("--evidence", f"provider_months={DATA}")
    return printed(capsys, "assess", contract, *evidence, *YEAR, "--format", "json", *more)


def rows_of(text: str) -> list[Row]:
    rows: list[Row] = json.loads(text)["rows"]
    return rows


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_text_of_every_contract_is_sound_and_keyed_by_its_provider(
    capsys: pytest.CaptureFixture[str], contracts: Path, provider: str
) -> None:
    assert "no problems" in printed(capsys, "check", contracts / provider)
    contract = (contracts / provider / "contract.yaml").read_text(encoding="utf-8")
    assert f"contract: nhs-{provider}" in contract


def test_the_contracts_differ_only_in_their_provider() -> None:
    def neutral(provider: str, name: str) -> str:
        return (CONTRACTS / provider / name).read_text(encoding="utf-8").replace(provider, "CODE")

    for name in ("evidence.yaml", "regime.yaml", "examples/levels.yaml"):
        assert len({neutral(provider, name) for provider in PROVIDERS}) == 1


@needs_data
def test_lincolnshire_stays_below_five_percent_abandoned_all_year(
    capsys: pytest.CaptureFixture[str], contracts: Path
) -> None:
    rows = rows_of(assessed(capsys, contracts / "111AA2", "--kpi", "CALLS_ABANDONED"))
    assert [row["value"] for row in rows] == LINCOLNSHIRE
    assert {row["status"] for row in rows} == {"met_target"}


@needs_data
def test_lincolnshire_answers_in_time_in_seven_months_of_twelve(
    capsys: pytest.CaptureFixture[str], contracts: Path
) -> None:
    rows = rows_of(assessed(capsys, contracts / "111AA2", "--kpi", "ANSWERED_60S"))
    missed = [row["period"] for row in rows if row["status"] == "below_minimum"]
    assert missed == ["2015-09", "2015-10", "2016-01", "2016-02", "2016-03"]


@needs_data
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_figure_is_what_plain_counting_finds(
    capsys: pytest.CaptureFixture[str], contracts: Path, provider: str
) -> None:
    found = [
        (row["kpi"], row["period"], row["numerator"], row["denominator"], row["value"], row["status"])
        for row in rows_of(assessed(capsys, contracts / provider))
    ]
    assert len(found) == 24
    assert sorted(found, key=str) == sorted(expected(provider), key=str)


@needs_data
@pytest.mark.parametrize("provider", PROVIDERS)
def test_both_engines_give_the_same_bytes(capsys: pytest.CaptureFixture[str], contracts: Path, provider: str) -> None:
    fast = assessed(capsys, contracts / provider)
    assert fast == assessed(capsys, contracts / provider, "--engine", "reference")


@needs_data
def test_every_row_of_a_month_is_accounted_for(capsys: pytest.CaptureFixture[str], contracts: Path) -> None:
    evidence = ("--evidence", f"provider_months={DATA}")
    text = printed(
        capsys, "explain", contracts / "111AE4", *evidence, "CALLS_ABANDONED", "2016-03", "--format", "json"
    )  # fmt: skip
    rows = {found["disposition"]: found["rows"] for found in json.loads(text)["dispositions"]}
    assert rows == {
        "counted": 1, "in total, not counted": 0, "left out: other providers": 43, "out of scope": 0,
    }  # fmt: skip


@needs_data
def test_the_key_names_every_published_row_once_and_a_providers_name_would_not_do() -> None:
    rows = published()
    assert len(rows) == 534
    assert len({(row["Provider Org Code"], row["Periodname"]) for row in rows}) == 534
    assert len({row["Provider Name"] for row in rows if row["Provider Org Code"] == "111AF5"}) == 2


@needs_data
def test_the_denominator_decides_as_the_readme_says(capsys: pytest.CaptureFixture[str], contracts: Path) -> None:
    march = [row for row in published() if row["Periodname"] == "Mar-16"]
    offered, abandoned, answered = (sum(int(row[name]) for row in march) for name in (OFFERED, ABANDONED, ANSWERED))
    assert str(percent(abandoned, offered)) == "8.40"
    assert str(percent(abandoned, abandoned + answered)) == "8.93"
    differing = [row for row in published() if int(row[OFFERED]) != int(row[ABANDONED]) + int(row[ANSWERED])]
    assert len(differing) == 331

    staffordshire = {row["period"]: row for row in rows_of(assessed(capsys, contracts / "111AF4"))}
    readme = (CONTRACTS / "README.md").read_text(encoding="utf-8")
    for row in published():
        month = month_of(row["Periodname"])
        if row["Provider Org Code"] == "111AF4" and month in ("2015-12", "2016-03"):
            calls = int(row[ABANDONED]) + int(row[ANSWERED])
            of_offered, of_both = percent(int(row[ABANDONED]), int(row[OFFERED])), percent(int(row[ABANDONED]), calls)
            assert of_offered < 5 <= of_both
            assert f"**{of_offered}%**" in readme
            assert f"**{of_both}%**" in readme
            assert month in staffordshire


@needs_data
def test_nothing_is_written_beside_the_published_file(capsys: pytest.CaptureFixture[str], contracts: Path) -> None:
    before = sorted(path.name for path in DATA.parent.iterdir())
    assessed(capsys, contracts / "111AA2")
    assert sorted(path.name for path in DATA.parent.iterdir()) == before
    assert not any(CONTRACTS.glob("*/.muniment"))
