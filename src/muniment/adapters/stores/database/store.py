"""A contract in the database: its ledger, its files, and every version of its agreed text.

It has the same interface as a contract folder.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from muniment.adapters.stores.database.faults import database_reading, database_writing
from muniment.adapters.stores.database.ledger import DatabaseLedger
from muniment.adapters.stores.database.models import AgreedFile, AgreedTextVersion
from muniment.adapters.stores.database.snapshots import Snapshots
from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.opened import CONTRACT_ID
from muniment.domain.record.ports import Clock, Salts


class DatabaseStore:
    """Opens a contract of the database; opening changes nothing. Raises ProblemsFoundError for a name that cannot be
    one.

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
            raise ProblemsFoundError([Problem(Place("the database"), "G002", what, remedy)])
        self.contract = contract
        self.using = using
        self.path = blobs_folder / contract
        self.ledger = DatabaseLedger(contract, using=using, clock=clock, salts=salts, snapshots=snapshots)
        self.blobs = FileBlobs(self.path / "blobs")

    def read_texts(self) -> Mapping[str, str]:
        """Relative path -> text of the agreed text's files. Raises ProblemsFoundError."""
        return read_agreed_files(self.contract, using=self.using)

    def write_texts(self, texts: Mapping[str, str]) -> None:
        """Make these the files of the agreed text, in this order. Raises NotRecordedError."""
        write_texts(self.contract, texts, using=self.using)

    def append_with_texts(
        self,
        drafts: Sequence[Draft],
        *,
        expected_head: str | None,
        before: Mapping[str, str],
        after: Mapping[str, str],
    ) -> tuple[Entry, ...]:
        """Record the drafts and make `after` the files of the agreed text: both or neither. Raises RefusedError where
        the files are not those of `before` any more; and what the ledger's append raises."""
        return self.ledger.append_with(
            drafts,
            expected_head=expected_head,
            also=lambda: replace_texts(self.contract, before=before, after=after, using=self.using),
        )

    def adopted_text(self, digest: str) -> str | None:
        """A text that a file of the contract had once; None where the database never had it."""
        text = text_with_digest(self.contract, digest, using=self.using)
        return self.blobs.read(digest).decode() if text is None and self.blobs.has(digest) else text

    def texts_kept(self) -> Mapping[str, str]:
        """sha256 -> every text that a file of the contract ever had. Raises ProblemsFoundError."""
        return texts_kept(self.contract, using=self.using)

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]:
        """None: in a database, evidence comes as submissions, and never merely lies ready."""
        return {}


def read_agreed_files(contract: str, *, using: str) -> Mapping[str, str]:
    """Path -> text, in the order of the files. Raises ProblemsFoundError where a text is not the one that was put
    in."""
    with database_reading(using):
        files = list(AgreedFile.objects.using(using).filter(contract=contract).order_by("position"))
        texts = _texts(contract, {file.sha256 for file in files}, using=using)
    error = [file.path for file in files if digest(texts.get(file.sha256, "")) != file.sha256]
    if error:
        raise ProblemsFoundError(
            Problem(Place(path), "F010", "the text was altered", "put the right text in again") for path in error
        )
    return {file.path: texts[file.sha256] for file in files}


def write_texts(contract: str, texts: Mapping[str, str], *, using: str) -> None:
    """Make these the files of the agreed text, in this order. Earlier texts are kept. Raises NotRecordedError."""
    with database_writing(using), transaction.atomic(using=using, durable=True):
        _put(contract, texts, using=using)


def replace_texts(contract: str, *, before: Mapping[str, str], after: Mapping[str, str], using: str) -> None:
    """The same inside the caller's transaction, after the contract's lock. Raises RefusedError where the files are not
    those of `before` any more."""
    rows = AgreedFile.objects.using(using).filter(contract=contract).values_list("path", "sha256")
    if dict(rows) != {path: digest(text) for path, text in before.items()}:
        what = "the files of the agreed text were changed meanwhile"
        raise RefusedError("text", what, "look at the text as it is now, and repeat it if it still holds")
    if before != after:
        _put(contract, after, using=using)


def text_with_digest(contract: str, sha256_of_text: str, *, using: str) -> str | None:
    """A text that a file of the contract had once, such as the one that an entry says was adopted."""
    with database_reading(using):
        return _texts(contract, {sha256_of_text}, using=using).get(sha256_of_text)


def texts_kept(contract: str, *, using: str) -> Mapping[str, str]:
    """sha256 -> every text that a file of the contract ever had."""
    with database_reading(using):
        rows = AgreedTextVersion.objects.using(using).filter(contract=contract).order_by("sha256")
        return dict(rows.values_list("sha256", "text"))


def _put(contract: str, texts: Mapping[str, str], *, using: str) -> None:
    AgreedTextVersion.objects.using(using).bulk_create(_new_texts(contract, texts, using=using))
    AgreedFile.objects.using(using).filter(contract=contract).delete()
    AgreedFile.objects.using(using).bulk_create(
        AgreedFile(contract=contract, path=path, position=position, sha256=digest(text))
        for position, (path, text) in enumerate(texts.items())
    )


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _texts(contract: str, digests: set[str], *, using: str) -> dict[str, str]:
    rows = AgreedTextVersion.objects.using(using).filter(contract=contract, sha256__in=digests)
    return dict(rows.values_list("sha256", "text"))


def _new_texts(contract: str, texts: Mapping[str, str], *, using: str) -> list[AgreedTextVersion]:
    by_digest = {digest(text): text for text in texts.values()}
    known = _texts(contract, set(by_digest), using=using)
    return [
        AgreedTextVersion(contract=contract, sha256=at, text=text) for at, text in by_digest.items() if at not in known
    ]
