"""Which files of evidence go into a bundle, where in it, and what is hidden of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from muniment.adapters.bundles.pseudonyms import HiddenColumns, pseudonymised, pseudonymised_parquet
from muniment.application.evidence import EvidenceFile
from muniment.domain.evidence.submissions import FileKind, Submission
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.regime.contract import Table


@dataclass(frozen=True)
class BundledFile:
    """`member`: rows/calls/2019-09.csv. `named`: the id of the submission, or where the file lay ready."""

    member: str
    table: str
    period: Month | None
    kind: FileKind
    path: Path
    sha256: str
    named: str
    submission: Submission | None

    @property
    def is_nil(self) -> bool:
        return self.submission is not None and self.submission.received.is_nil

    def described(self) -> Json:
        """Its line of the manifest. `sha256` is that of the file as it was submitted."""
        return {
            "member": self.member,
            "table": self.table,
            "period": None if self.period is None else str(self.period),
            "submission": self.named,
            "sha256": self.sha256,
        }


def bundled_files(
    *, files: Iterable[EvidenceFile], submissions: Sequence[Submission], up_to: Month
) -> tuple[BundledFile, ...]:
    """Every file of the record up to the month, not only the month's own: chains of failures run through the months
    before, and are to be computed again from evidence, not taken on trust."""
    by_place = {(submission.table, submission.period): submission for submission in submissions}
    found = []
    for file in files:
        if file.expected is not None and file.expected > up_to:
            continue
        submission = by_place.get((file.table, file.expected)) if file.expected is not None else None
        stem = file.path.stem if submission is None else str(file.expected)
        found.append(
            BundledFile(
                member=f"rows/{file.table}/{stem}.{file.kind}",
                table=file.table,
                period=file.expected,
                kind=file.kind,
                path=file.path,
                sha256=submission.received.sha256 if submission else sha256(file.path.read_bytes()).hexdigest(),
                named=submission.id if submission else file.shown_as,
                submission=submission,
            )
        )
    return tuple(sorted(found, key=lambda file: file.member))


def hidden_rows(file: BundledFile, *, table: Table, hiding: HiddenColumns, salt: bytes) -> bytes:
    """The file with pseudonyms, in the format that it has."""
    if file.kind == "csv":
        return pseudonymised(file.path.read_bytes(), table=table, hiding=hiding, salt=salt)
    with TemporaryDirectory(prefix="muniment-bundle-") as name:
        into = Path(name) / "rows.parquet"
        pseudonymised_parquet(file=file.path, into=into, table=table, hiding=hiding, salt=salt)
        return into.read_bytes()
