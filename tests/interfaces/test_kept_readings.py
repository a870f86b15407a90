"""What ingestion made of an upload is used when it is submitted: the file is not read again, unless it must be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from muniment.adapters.ingestion.delivery import Delivery
from muniment.adapters.ingestion.intake import Intake
from muniment.adapters.ingestion.limits import ReadingLimits
from muniment.adapters.ingestion.take_in_apart import take_in_apart
from muniment.application import evidence
from muniment.application.dry_run import look_at_upload
from muniment.application.load import OpenedContract, open_contract
from muniment.application.preview import preview
from muniment.application.uploads import submit_kept
from muniment.domain.evidence.submissions import SubmissionReceived, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act
from muniment.domain.record.ports import NotRecordedError
from tests.interfaces.small_contract import SmallContract, make_small_contract, visits
from tests.interfaces.test_uploads import as_workbook

JULY = Month(2019, 7)
KNOWN = date(2019, 8, 30)
LIMITS = ReadingLimits()


@dataclass
class Sent:
    """A file that was sent for July; `readings`: how often ingestion read a file in a process of its own."""

    own: SmallContract
    path: Path
    name: str
    readings: list[str]

    @property
    def opened(self) -> OpenedContract:
        return open_contract(folder=self.own.folder, known=KNOWN)

    def look(self) -> None:
        look_at_upload(
            store=self.own.store, text=self.opened.text, known=KNOWN, table="visits", month=JULY, path=self.path,
            file_name=self.name, control_rows=40, limits=LIMITS,
        )  # fmt: skip

    def preview(self) -> None:
        preview(
            store=self.own.store, text=self.opened.text, entries=self.own.entries(), known=KNOWN, table="visits",
            month=JULY, path=self.path, file_name=self.name, limits=LIMITS,
        )  # fmt: skip

    def submit(self) -> SubmissionReceived:
        entry = submit_kept(
            store=self.own.store, text=self.opened.text, act=Act("p-2", "supplier", "For July."), table="visits",
            month=JULY, file_name=self.name, path=self.path, known=KNOWN, limits=LIMITS,
        )  # fmt: skip
        return next(found.received for found in submissions_known(self.own.entries()) if found.id == entry.subject)


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, str], Sent]:
    readings: list[str] = []

    def counted(delivery: Delivery, *, limits: ReadingLimits) -> Intake:
        readings.append(delivery.kind)
        return take_in_apart(delivery, limits=limits)

    monkeypatch.setattr(evidence, "take_in_apart", counted)
    own = make_small_contract(tmp_path / "own")
    own.clock.move_to("2019-08-05T09:00:00Z")

    def at(content: bytes, name: str) -> Sent:
        path = tmp_path / "upload" / "sent"
        path.parent.mkdir()
        path.write_bytes(content)
        return Sent(own, path, name, readings)

    return at


SendFile = Callable[[bytes, str], Sent]


def test_a_file_that_was_looked_at_is_not_read_again(sent: SendFile) -> None:
    content = visits(JULY).encode()
    file = sent(content, "visits.csv")
    file.look()
    file.preview()
    received = file.submit()
    assert file.readings == ["csv"]
    assert (received.rows, received.sha256) == (40, sha256(content).hexdigest())
    assert file.own.store.blobs.read(received.sha256) == content


def test_of_a_workbook_only_the_sheet_is_read_again_as_the_file_that_it_became(sent: SendFile) -> None:
    content = as_workbook(visits(JULY))
    file = sent(content, "visits.xlsx")
    file.look()
    file.preview()
    received = file.submit()
    assert file.readings == ["xlsx", "csv"]
    assert (received.rows, received.file_kind) == (40, "csv")
    assert received.workbook == sha256(content).hexdigest()
    assert file.own.store.blobs.read(received.sha256).startswith(b'"visit","came_at"')


def test_another_look_reads_the_file_again(sent: SendFile) -> None:
    """What it found the first time, columns that are not read and warnings, is not kept with the rows."""
    file = sent(visits(JULY).encode(), "visits.csv")
    file.look()
    file.look()
    assert file.readings == ["csv", "csv"]


def test_a_kept_reading_that_was_altered_is_not_used(sent: SendFile) -> None:
    file = sent(visits(JULY).encode(), "visits.csv")
    file.look()
    (made,) = file.path.parent.glob("*.parquet")
    made.write_bytes(b"not what was made")
    assert file.submit().rows == 40
    assert file.readings == ["csv", "csv"]


def test_a_file_that_was_altered_since_the_look_is_read_as_it_is_now(sent: SendFile) -> None:
    file = sent(visits(JULY).encode(), "visits.csv")
    file.look()
    file.path.write_text(visits(JULY).replace("meeting", "party"))
    with pytest.raises(ProblemsFoundError, match="purpose 'party' is not one of the values of this column"):
        file.submit()


def test_a_file_that_is_altered_while_it_is_submitted_is_not_recorded(
    sent: SendFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent(visits(JULY).encode(), "visits.csv")
    file.look()
    before, blobs = file.own.entries(), type(file.own.store.blobs)
    put = blobs.put_file

    def late(self: object, path: Path) -> str:
        path.write_text(visits(JULY, late=1))
        return put(self, path)  # type: ignore[arg-type]  # the blobs that it was asked of

    monkeypatch.setattr(blobs, "put_file", late)
    with pytest.raises(NotRecordedError, match="was written to while it was read - send it again"):
        file.submit()
    assert file.own.entries() == before
