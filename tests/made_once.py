"""What a run of the tests makes once: made by the first worker that asks for it, while the others wait."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(name: str, make: Callable[[Path], object], *, folders: pytest.TempPathFactory) -> Path:
    """The folder `name` of this run, with what `make` put into it. All workers read it, and none may change it."""
    own = folders.getbasetemp()
    # Workers share the folder above their own.
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, done = shared / name, shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
