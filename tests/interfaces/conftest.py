"""The example contract, and the command line as a function."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from muniment.interfaces.cli.main import main

if TYPE_CHECKING:
    from scripts.reference.console import Demo


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    exit: int
    out: str
    err: str


Muniment = Callable[..., Ran]


@pytest.fixture(scope="session")
def demo(made_demo: "Demo", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's folder as it is made, without a report. No test may change it: take `own_demo` for that."""
    own = tmp_path_factory.getbasetemp() / "example"
    return Path(shutil.copytree(made_demo.folder, own, ignore=shutil.ignore_patterns("report")))


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the example to spoil. Evidence that was taken in before is copied too."""
    return Path(shutil.copytree(demo, tmp_path / "contract"))


@pytest.fixture
def texts_only(tmp_path: Path) -> Path:
    """The example's agreed text alone: no record, no evidence."""
    source = Path(str(files("muniment.example"))) / "contract"
    return Path(shutil.copytree(source, tmp_path / "texts"))


@pytest.fixture
def muniment(capsys: pytest.CaptureFixture[str]) -> Muniment:
    """Run the command line: muniment("assess", folder, "--from", "2019-04", ...)."""

    def run(*arguments: str | Path) -> Ran:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as wrongly_asked:
            code = int(wrongly_asked.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


def changed(file: Path, replacements: Mapping[str, str]) -> None:
    """Replace texts in a file; each must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text, f"'{old}' is not in {file.name}"
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def change() -> Callable[[Path, Mapping[str, str]], None]:
    """Replace texts in a file; each must be there."""
    return changed
