"""The files of a contract in the register: of any size, in a folder of their own, whole or not there."""

from pathlib import Path

import pytest

from muniment.adapters.register.blobs import RegisterBlobs
from muniment.domain.record.ports import NotRecorded


def test_a_file_is_kept_like_its_bytes(tmp_path: Path) -> None:
    blobs = RegisterBlobs(tmp_path / "files" / "cssc" / "blobs")
    (tmp_path / "calls.csv").write_bytes(b"x" * 3_000_000)
    digest = blobs.put_file(tmp_path / "calls.csv")
    assert blobs.put(b"x" * 3_000_000) == digest
    assert blobs.path(digest) == tmp_path / "files" / "cssc" / "blobs" / digest[:2] / digest
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["calls.csv", digest]
    assert blobs.unfinished() == ()


def test_a_register_that_cannot_keep_a_file_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"a file in the way")
    blobs = RegisterBlobs(tmp_path / "files" / "cssc")
    with pytest.raises(NotRecorded, match="the file could not be kept"):
        blobs.put(b"anything")
    assert blobs.unfinished() == ()


def test_an_import_that_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = RegisterBlobs(tmp_path / "files")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(NotRecorded, match="No space left on device"):
            blobs.put(b"anything")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert blobs.has(blobs.put(b"anything"))
