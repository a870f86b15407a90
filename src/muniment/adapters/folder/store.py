"""A contract kept as a folder: its agreed text, its evidence, its ledger and its blobs."""

from collections.abc import Mapping
from pathlib import Path

from muniment.adapters.files.blobs import FileBlobs
from muniment.adapters.folder import files
from muniment.adapters.folder.ledger import FolderLedger
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.ports import Clock, Salts


class FolderStore:
    """Opens a contract folder. Raises ProblemsFound where there is no such folder. Opening changes nothing in it."""

    def __init__(self, path: Path, *, clock: Clock, salts: Salts) -> None:
        if not path.is_dir():
            raise ProblemsFound(
                [Problem(Place(str(path)), "F000", "there is no such folder", "name a contract folder")]
            )
        self.path = path
        self.ledger = FolderLedger(path, clock=clock, salts=salts)
        self.blobs = FileBlobs(path / "blobs")

    def read_texts(self) -> Mapping[str, str]:
        """Relative path -> text of the agreed text's files. Raises ProblemsFound."""
        return files.read_texts(self.path)

    def adopted_text(self, digest: str) -> str | None:
        """A text that was kept among the blobs; None where it was not. Raises ProblemsFound where it was altered."""
        return self.blobs.read(digest).decode() if self.blobs.has(digest) else None

    def texts_kept(self) -> Mapping[str, str]:
        """None beside the files themselves: earlier texts are kept by git, or as blobs."""
        return {}

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]:
        """Table -> the files that lie ready for it, in the order of their names. Raises ProblemsFound."""
        return files.evidence_files(self.path)
