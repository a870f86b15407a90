"""A contract of the register, opened: the same shape as a contract folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from muniment.adapters.files.blobs import FileBlobs
from muniment.adapters.register import agreed
from muniment.adapters.register.ledger import RegisterLedger
from muniment.adapters.register.snapshots import Snapshots
from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.opened import CONTRACT_ID
from muniment.domain.record.ports import Clock, Salts


class RegisterStore:
    """Opens a contract of the register; opening changes nothing. Raises ProblemsFound for a name that cannot be one.

    `path`: the folder of its files, where working files may lie too; it appears with the first file. `snapshots`: those
    that its ledger shares with others.
    """

    def __init__(
        self,
        contract: str,
        *,
        using: str,
        blobs_folder: Path,
        clock: Clock,
        salts: Salts,
        snapshots: Snapshots | None = None,
    ) -> None:
        if not CONTRACT_ID.fullmatch(contract):
            what = f"'{contract}' cannot be a contract"
            remedy = "use small letters, digits, - and _, such as cssc"
            raise ProblemsFound([Problem(Place("the register"), "G002", what, remedy)])
        self.contract = contract
        self.using = using
        self.path = blobs_folder / contract
        self.ledger = RegisterLedger(contract, using=using, clock=clock, salts=salts, snapshots=snapshots)
        self.blobs = FileBlobs(self.path / "blobs")

    def read_texts(self) -> Mapping[str, str]:
        """Relative path -> text of the agreed text's files. Raises ProblemsFound."""
        return agreed.read_texts(self.contract, using=self.using)

    def write_texts(self, texts: Mapping[str, str]) -> None:
        """Make these the files of the agreed text, in this order. Raises NotRecorded."""
        agreed.write_texts(self.contract, texts, using=self.using)

    def append_with_texts(
        self,
        drafts: Sequence[Draft],
        *,
        expected_head: str | None,
        before: Mapping[str, str],
        after: Mapping[str, str],
    ) -> tuple[Entry, ...]:
        """Record the drafts and make `after` the files of the agreed text: both or neither. Raises Refused where the
        files are not those of `before` any more; and what the ledger's append raises."""
        return self.ledger.append_with(
            drafts,
            expected_head=expected_head,
            also=lambda: agreed.replace_texts(self.contract, before=before, after=after, using=self.using),
        )

    def adopted_text(self, digest: str) -> str | None:
        """A text that a file of the contract had once; None where the register never had it."""
        text = agreed.text_of(self.contract, digest, using=self.using)
        return self.blobs.read(digest).decode() if text is None and self.blobs.has(digest) else text

    def texts_kept(self) -> Mapping[str, str]:
        """sha256 -> every text that a file of the contract ever had. Raises ProblemsFound."""
        return agreed.texts_kept(self.contract, using=self.using)

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]:
        """None: in a register, evidence comes as submissions, and never merely lies ready."""
        return {}
