"""What the tests of the documents share: the scripts that write them, and the example."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from scripts.reference.console import Demo


@pytest.fixture(scope="session")
def docs() -> Path:
    """The folder of the documentation."""
    return ROOT / "docs"


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def demo(made_demo: "Demo", tmp_path_factory: pytest.TempPathFactory) -> "Demo":
    """The example as a reader makes it, in a folder of this worker: pages link to its files."""
    own = tmp_path_factory.mktemp("demo") / "demo"
    return replace(made_demo, folder=Path(shutil.copytree(made_demo.folder, own)))


@pytest.fixture
def waste(docs: Path, tmp_path: Path) -> Path:
    """The small contract of 'Write a contract', with its notice, in a folder of its own."""
    from scripts.reference.console import File, steps_of, write_file

    page = (docs / "how-to" / "write-a-contract.md").read_text(encoding="utf-8")
    for step in steps_of(page):
        if isinstance(step, File):
            write_file(step, folder=tmp_path)
    return tmp_path
