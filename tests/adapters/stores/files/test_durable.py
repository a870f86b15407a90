"""A file takes its name when all of it is on the disk, and not before."""

import os
from pathlib import Path
from stat import S_ISDIR

import pytest

from muniment.adapters.stores.files.durable import make_folder, written_whole


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made durable and what took its name, in order."""
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        sync(descriptor)
        done.append("names synced" if S_ISDIR(os.fstat(descriptor).st_mode) else "bytes synced")

    def replaced(path: Path, target: Path) -> Path:
        done.append("named")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    return done


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_anybody_is_told(
    tmp_path: Path, steps: list[str]
) -> None:
    with written_whole(tmp_path / "ledger.jsonl", beside=tmp_path / ".part") as file:
        file.write(b"all of it")
    assert steps == ["bytes synced", "named", "names synced"]
    assert (tmp_path / "ledger.jsonl").read_bytes() == b"all of it"


def test_what_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "ledger.jsonl"
    kept.write_bytes(b"as it was")
    with pytest.raises(OSError, match="No space left on device"):
        _write_half(kept)
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(kept, b"as it was")]


def test_what_a_crash_left_beside_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".part").write_bytes(b"longer than what is written now")
    with written_whole(tmp_path / "ledger.jsonl", beside=tmp_path / ".part") as file:
        file.write(b"now")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("ledger.jsonl", b"now")]


def test_every_new_folder_is_named_durably_in_the_one_above_it(tmp_path: Path, steps: list[str]) -> None:
    make_folder(tmp_path / "files" / "cssc" / "blobs")
    make_folder(tmp_path / "files" / "cssc" / "blobs")
    assert (tmp_path / "files" / "cssc" / "blobs").is_dir()
    assert steps == ["names synced"] * 3


def _write_half(path: Path) -> None:
    with written_whole(path, beside=path.with_name(".part")) as file:
        file.write(b"a half")
        raise OSError(28, "No space left on device")
