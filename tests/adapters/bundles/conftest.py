"""A small record with a locked month, and its bundle: what forgers are let loose on."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from muniment.application.bundle import make_bundle
from muniment.application.recalculation import statement_reference_of
from tests.interfaces.small_contract import SmallContract, make_small_contract


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallContract:
    return make_small_contract(tmp_path_factory.mktemp("publication") / "contract")


@pytest.fixture(scope="session")
def locked_head(small: SmallContract) -> str:
    """The hash of the entry that locked May: what was published when it was locked."""
    return next(entry.hash for entry in small.entries() if entry.kind == "month.locked")


@pytest.fixture(scope="session")
def present_head(small: SmallContract) -> str:
    """The hash of the last entry: what was published when the bundle was made."""
    return small.entries()[-1].hash


@pytest.fixture(scope="session")
def bundle(small: SmallContract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "may.zip"
    asked = statement_reference_of("tiny/2019-05/v1")
    return make_bundle(folder=small.folder, asked=asked, known=None, engine="duckdb", out=out, salt=None).path


@pytest.fixture(scope="session")
def members(bundle: Path) -> dict[str, bytes]:
    with ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
