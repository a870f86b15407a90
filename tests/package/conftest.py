"""The source as the tests of this folder read it: as syntax trees, keyed by path."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "muniment"


def _trees(*folders: Path) -> dict[str, ast.Module]:
    paths = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def product() -> dict[str, ast.Module]:
    """Every module of the package."""
    return _trees(SOURCE)


@pytest.fixture(scope="session")
def pure() -> dict[str, ast.Module]:
    """The modules that must be pure: domain and commands."""
    return _trees(SOURCE / "domain", SOURCE / "commands")


@pytest.fixture(scope="session")
def deterministic(pure: dict[str, ast.Module]) -> dict[str, ast.Module]:
    """The pure modules and the example, which must come out the same in every run."""
    return pure | _trees(SOURCE / "example")


@pytest.fixture(scope="session")
def tests() -> dict[str, ast.Module]:
    """Every module of the tests."""
    return _trees(ROOT / "tests")


@pytest.fixture(scope="session")
def kept_files() -> list[Path]:
    """The files that git keeps or would keep."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout, so there are no kept files to read")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
