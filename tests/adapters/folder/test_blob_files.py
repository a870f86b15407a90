"""A blob is what its name says, or is not handed out."""

from hashlib import sha256
from pathlib import Path

import pytest

from muniment.adapters.folder.blobs import FolderBlobs
from muniment.domain.kernel.problem import ProblemsFound
from muniment.domain.record.ports import NotRecorded


def test_bytes_are_kept_under_their_sha256(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"call_id\nC-1\n")
    assert digest == sha256(b"call_id\nC-1\n").hexdigest()
    assert blobs.read(digest) == b"call_id\nC-1\n"
    assert blobs.path(digest) == tmp_path / "blobs" / digest[:2] / digest
    assert blobs.put(b"call_id\nC-1\n") == digest
    assert [path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == [digest]


def test_a_file_is_kept_like_its_bytes(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    (tmp_path / "calls.csv").write_bytes(b"x" * 3_000_000)
    assert blobs.put_file(tmp_path / "calls.csv") == blobs.put(b"x" * 3_000_000)


def test_an_altered_blob_is_not_handed_out_and_a_right_one_heals_it(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"59985 calls")
    path = blobs.path(digest)
    path.chmod(0o644)
    path.write_bytes(b"59984 calls")
    with pytest.raises(ProblemsFound, match="the file was altered"):
        blobs.read(digest)
    blobs.put(b"59985 calls")
    assert blobs.read(digest) == b"59985 calls"


@pytest.mark.parametrize("name", ["a" * 64, "../../etc/passwd", ""])
def test_a_missing_blob_is_a_problem_and_no_path(tmp_path: Path, name: str) -> None:
    blobs = FolderBlobs(tmp_path)
    assert not blobs.has(name)
    with pytest.raises(ProblemsFound, match="the file is missing"):
        blobs.read(name)


def test_a_store_that_cannot_keep_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"a file in the way")
    with pytest.raises(NotRecorded, match="could not be kept"):
        FolderBlobs(tmp_path).put(b"anything")
