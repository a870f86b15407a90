"""The contract's zone is looked at before any time is read in it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from muniment.adapters.ingestion.zone import zone_names
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import MAY, TEXTS, visits

Change = Callable[[Path, Mapping[str, str]], None]
PLACE = "contract.yaml:6:7: "
ASSESS = ("assess", "--from", "2019-05", "--to", "2019-05")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small contract's text with the visits of May lying ready, and no record."""
    (tmp_path / "evidence" / "visits").mkdir(parents=True)
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "evidence" / "visits" / "2019-05.csv").write_text(visits(MAY), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", [("check",), ASSESS])
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Lundon", "there is no time zone 'Europe/Lundon' - did you mean 'Europe/London'?"),
        ("europe/london", "there is no time zone 'europe/london' - did you mean 'Europe/London'?"),
        ("Europe", "there is no time zone 'Europe' - "),
        ("../../etc/passwd", "there is no time zone '../../etc/passwd' - "),
        ("right/Europe/London", "there is no time zone 'right/Europe/London' - did you mean 'Europe/London'?"),
        ("the council's", "there is no time zone 'the council's' - name a zone of the tz database, such as"),
    ],
)
def test_a_zone_that_does_not_exist_is_a_problem_of_the_text_at_its_place(
    muniment: Muniment, folder: Path, change: Change, command: tuple[str, ...], zone: str, said: str
) -> None:
    change(folder / "contract.yaml", {"zone: Europe/London": f'zone: "{zone}"'})
    ran = muniment(command[0], folder, *command[1:])
    assert ran.exit == 1
    assert PLACE + said in ran.out + ran.err
    assert not (folder / ".muniment").exists()


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Belfast", "GB", "UTC"])
def test_a_zone_of_the_tz_database_is_taken_under_each_of_its_names(
    muniment: Muniment, folder: Path, change: Change, zone: str
) -> None:
    change(folder / "contract.yaml", {"zone: Europe/London": f"zone: {zone}"})
    assert muniment("check", folder).exit == 0


def test_every_zone_that_is_taken_can_be_read() -> None:
    from zoneinfo import ZoneInfo

    assert len(zone_names()) > 500
    assert [name for name in zone_names() if ZoneInfo(name).key != name] == []
