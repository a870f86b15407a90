"""A blob is what its name says, whole, or is not handed out; of any size, for a folder and for a database alike."""

from hashlib import sha256
from pathlib import Path

import pytest

from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.ports import NotRecordedError


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "files" / "cssc" / "blobs")


def test_bytes_are_kept_under_their_sha256(tmp_path: Path, blobs: FileBlobs) -> None:
    digest = blobs.put(b"call_id\nC-1\n")
    assert digest == sha256(b"call_id\nC-1\n").hexdigest()
    assert blobs.read(digest) == b"call_id\nC-1\n"
    assert blobs.path(digest) == tmp_path / "files" / "cssc" / "blobs" / digest[:2] / digest
    assert blobs.put(b"call_id\nC-1\n") == digest
    assert _files(tmp_path) == [digest]


def test_a_file_is_kept_like_its_bytes(tmp_path: Path, blobs: FileBlobs) -> None:
    (tmp_path / "calls.csv").write_bytes(b"x" * 3_000_000)
    digest = blobs.put_file(tmp_path / "calls.csv")
    assert blobs.put(b"x" * 3_000_000) == digest
    assert sorted(_files(tmp_path)) == sorted(["calls.csv", digest])
    assert blobs.unfinished() == ()


def test_a_kept_file_is_written_over_by_no_accident(blobs: FileBlobs) -> None:
    assert blobs.path(blobs.put(b"59985 calls")).stat().st_mode & 0o777 == 0o444


def test_an_altered_blob_is_not_handed_out_and_a_right_one_heals_it(blobs: FileBlobs) -> None:
    digest = blobs.put(b"59985 calls")
    path = blobs.path(digest)
    path.chmod(0o644)
    path.write_bytes(b"59984 calls")
    with pytest.raises(ProblemsFoundError, match="the file was altered"):
        blobs.read(digest)
    blobs.put(b"59985 calls")
    assert blobs.read(digest) == b"59985 calls"


@pytest.mark.parametrize("name", ["a" * 64, "../../etc/passwd", ""])
def test_a_missing_blob_is_a_problem_and_no_path(blobs: FileBlobs, name: str) -> None:
    assert not blobs.has(name)
    with pytest.raises(ProblemsFoundError, match="the file is missing"):
        blobs.read(name)


def test_a_store_that_cannot_keep_says_so_and_leaves_nothing(tmp_path: Path, blobs: FileBlobs) -> None:
    (tmp_path / "files").write_bytes(b"a file in the way")
    with pytest.raises(NotRecordedError, match="the file could not be kept"):
        blobs.put(b"anything")
    assert blobs.unfinished() == ()
    assert _files(tmp_path) == ["files"]


def test_a_file_that_the_disk_does_not_take_leaves_nothing(
    tmp_path: Path, blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(NotRecordedError, match="No space left on device"):
            blobs.put(b"anything")
    assert _files(tmp_path) == []
    assert blobs.has(blobs.put(b"anything"))


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]
