"""The example's agreed text is right, and says what its README says it says."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from muniment.domain.kernel.period import Month
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.example.generator import TABLES

FOLDER = Path(str(files("muniment.example"))) / "contract"
TEXTS = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.yaml"))
}


@pytest.fixture(scope="module")
def agreed() -> AgreedText:
    text, problems = read_agreed_text(TEXTS)
    assert [str(problem) for problem in problems] == []
    assert text is not None
    return text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_file_is_plain_text_without_anchors_and_tags(name: str) -> None:
    events = list(yaml.parse(TEXTS[name]))
    assert not any(getattr(event, "anchor", None) or getattr(event, "tag", None) for event in events)


def test_forty_kpis_were_signed_and_one_was_added_in_june_2019(agreed: AgreedText) -> None:
    counts = [len(agreed.kpis_in_force(month=Month(2019, number), known=None)) for number in (4, 5, 6, 11)]
    assert counts == [40, 40, 41, 41]


def test_the_kpis_lie_in_five_areas(agreed: AgreedText) -> None:
    kpis = agreed.kpis_in_force(month=Month(2019, 11), known=None).values()
    assert Counter(kpi.area for kpi, _ in kpis) == {"pm": 8, "imt": 12, "csc": 9, "acf": 5, "fin": 7}


def test_two_kpis_are_measured_by_the_quarter(agreed: AgreedText) -> None:
    kpis = agreed.kpis_in_force(month=Month(2019, 11), known=None)
    assert {code for code, (kpi, _) in kpis.items() if kpi.length == "quarter"} == {"CSC_KPI_11", "F_KPI_05"}


def test_the_abandoned_calls_levels_tighten_in_october_2019(agreed: AgreedText) -> None:
    levels = [agreed.kpis_in_force(month=Month(2019, number), known=None)["CSC_KPI_04"][0] for number in (9, 10)]
    assert [(str(kpi.target), str(kpi.minimum)) for kpi in levels] == [
        ("at most 7%", "at most 10%"),
        ("at most 5%", "at most 8%"),
    ]


def test_the_generator_makes_every_table_of_the_text(agreed: AgreedText) -> None:
    assert tuple(agreed.contract(known=None).tables) == TABLES


def test_the_readme_says_what_follows_public_papers_and_what_is_invented() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "**Everything else is invented**" in readme
    assert "35 KPIs at target, of 41" in readme
