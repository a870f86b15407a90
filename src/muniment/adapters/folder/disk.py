"""Writing that survives a crash: whole, and on the disk before anybody is told."""

import os
from pathlib import Path


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte; the system may take them in portions."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, not only the bytes behind them."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder durably; its parent must be there."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
