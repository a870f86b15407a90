"""A contract is carried from folder to register and back: same head, same files, same texts, as often as one likes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.adapters.stores.database.folders import carry_out
from muniment.adapters.stores.database.import_export import Carried, carry_in, put_back
from muniment.adapters.stores.database.store import RegisterStore
from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.contract_text import adopt_text
from muniment.commands.evidence import receive_submission
from muniment.commands.recording import open_record
from muniment.commands.retention import erase_text, finish_discarding
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFound
from muniment.domain.record.act import Act, Refused
from muniment.domain.record.entry import Draft
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import NotRecorded
from tests.adapters.stores.contract.whereabouts import START, Kind, Store, Whereabouts

OFFICER = Act("m.okafor", "authority", "as agreed")
TEXTS = {"contract.yaml": "contract: cssc\n", "regime.yaml": "kpis: []\n", "changes/CCN-001.yaml": "notice: CCN-001\n"}
DATABASES = pytest.mark.parametrize("kind", ["sqlite", "postgres"])


@pytest.fixture
def target(kind: Kind, make_place: Callable[[Kind], Whereabouts]) -> RegisterStore:
    """An empty contract of a register, to carry into."""
    store = make_place(kind).open()
    assert isinstance(store, RegisterStore)
    return store


@pytest.fixture
def folder(tmp_path: Path, target: RegisterStore) -> FolderStore:
    """A contract folder with texts, files and a few entries; its id is that of the target."""
    path = tmp_path / "contract"
    (path / "changes").mkdir(parents=True)
    for name, text in TEXTS.items():
        (path / name).write_text(text, encoding="utf-8")
    store = _folder(path)
    open_record(ledger=store.ledger, act=OFFICER, contract=target.contract)
    adopt_text(ledger=store.ledger, act=OFFICER, texts=store.read_texts())
    _submit(store, rows=1)
    return store


def _folder(path: Path) -> FolderStore:
    return FolderStore(path, clock=ScriptedClock(START), salts=ScriptedSalts("cssc"))


def _submit(store: Store, *, rows: int) -> str:
    digest = store.blobs.put(b"call_id\n" + b"C-1\n" * rows)
    receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=Act("p.lane", "supplier", "monthly"),
        table="calls",
        period="2019-05",
        file_name="calls.csv",
        file_kind="csv",
        sha256=digest,
        rows=rows,
        tables=["calls"],
    )
    return digest


@DATABASES
def test_there_and_back_is_the_same_contract(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    there = carry_in(folder, into=target)
    assert (there.entries, there.blobs) == (3, 1)
    assert target.ledger.entries() == folder.ledger.entries()
    assert list(target.read_texts().items()) == list(TEXTS.items())

    back = carry_out(target, folder=tmp_path / "back")
    assert back == there
    copied = _folder(tmp_path / "back")
    assert copied.ledger.entries() == folder.ledger.entries()
    assert list(copied.read_texts().items()) == list(TEXTS.items())
    files = [
        {path.relative_to(root) for path in root.rglob("*") if path.is_file()} for root in (folder.path, copied.path)
    ]
    assert files[0] == files[1]
    assert (copied.path / "ledger.jsonl").read_bytes() == (folder.path / "ledger.jsonl").read_bytes()


@DATABASES
def test_what_one_register_wrote_out_another_takes_in(
    kind: Kind, folder: FolderStore, target: RegisterStore, make_place: Callable[[Kind], Whereabouts], tmp_path: Path
) -> None:
    """From SQLite to PostgreSQL and the other way, through a folder."""
    head = carry_in(folder, into=target).head
    _submit(target, rows=2)
    carry_out(target, folder=tmp_path / "out")
    place = make_place("postgres" if kind == "sqlite" else "sqlite")
    other = Whereabouts(place.kind, target.contract, place.folder, place.url).open()
    assert isinstance(other, RegisterStore)
    taken = carry_in(_folder(tmp_path / "out"), into=other)
    assert (taken.entries, taken.blobs) == (4, 2)
    assert taken.head != head
    assert other.ledger.entries() == target.ledger.entries()
    assert list(other.read_texts().items()) == list(target.read_texts().items())


@DATABASES
def test_carrying_again_changes_nothing(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    head = carry_in(folder, into=target).head
    assert carry_in(folder, into=target) == Carried(0, 0, 0, head)
    carry_out(target, folder=tmp_path / "back")
    assert carry_out(target, folder=tmp_path / "back") == Carried(0, 0, 0, head)


@DATABASES
def test_what_was_added_on_either_side_is_carried_to_the_other(folder: FolderStore, target: RegisterStore) -> None:
    carry_in(folder, into=target)
    _submit(folder, rows=2)
    assert carry_in(folder, into=target).entries == 1
    digest = _submit(target, rows=3)
    assert carry_out(target, folder=folder.path).entries == 1
    assert _folder(folder.path).ledger.entries() == target.ledger.entries()
    assert folder.blobs.has(digest)


@DATABASES
def test_two_records_that_part_are_refused_and_stay_as_they_are(folder: FolderStore, target: RegisterStore) -> None:
    carry_in(folder, into=target)
    _submit(folder, rows=2)
    _submit(target, rows=3)
    before = (folder.ledger.entries(), target.ledger.entries())
    with pytest.raises(Refused, match="the two records part at entry 4"):
        carry_in(folder, into=target)
    with pytest.raises(Refused, match="the two records part at entry 4"):
        carry_out(target, folder=folder.path)
    assert (folder.ledger.entries(), target.ledger.entries()) == before


@DATABASES
def test_a_folder_that_knows_more_is_not_written_over(folder: FolderStore, target: RegisterStore) -> None:
    carry_in(folder, into=target)
    _submit(folder, rows=2)
    with pytest.raises(Refused, match="has 1 entries that the register has not - import the folder first"):
        carry_out(target, folder=folder.path)


@DATABASES
def test_an_erased_text_is_never_carried_back(folder: FolderStore, target: RegisterStore) -> None:
    carry_in(folder, into=target)
    erase_text(ledger=target.ledger, act=OFFICER, entry=3)
    assert carry_in(folder, into=target).erased == 0
    assert target.ledger.entries()[2].reason == "[text erased]"
    assert carry_out(target, folder=folder.path).erased == 1
    assert _folder(folder.path).ledger.entries()[2].reason == "[text erased]"

    erase_text(ledger=_folder(folder.path).ledger, act=OFFICER, entry=2)
    assert carry_in(_folder(folder.path), into=target).erased == 1
    assert target.ledger.entries()[1].reason == "[text erased]"


@DATABASES
def test_a_text_that_is_merely_missing_is_not_erased_anywhere(folder: FolderStore, target: RegisterStore) -> None:
    """A folder made from a bundle's proof has no free text at all; nobody erased them."""
    carry_in(folder, into=target)
    before = target.ledger.entries()
    folder.ledger.drop_text(seq=3, name="reason")
    assert carry_in(_folder(folder.path), into=target).erased == 0
    assert target.ledger.entries() == before
    carry_out(target, folder=folder.path)
    assert _folder(folder.path).ledger.entries() == before

    target.ledger.drop_text(seq=2, name="reason")
    assert carry_out(target, folder=folder.path).erased == 0
    assert _folder(folder.path).ledger.entries() == before


@DATABASES
def test_a_folder_that_is_behind_brings_nothing(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    """Neither its text, edited or older, nor rows that were discarded since."""
    digest = str(folder.ledger.entries()[2].payload["sha256"])
    carry_in(folder, into=target)
    discarded = RowsDiscarded(Month(2019, 6), ((f"{target.contract}/calls/2019-05/s1", digest),))
    entries = target.ledger.entries()
    target.ledger.append([Draft(f"{target.contract}/discards/n1", discarded, OFFICER)], expected_head=entries[-1].hash)
    finish_discarding(ledger=target.ledger, blobs=target.blobs)
    (folder.path / "regime.yaml").write_text("kpis: [kinder]\n", encoding="utf-8")
    carried = carry_in(folder, into=target)
    assert (carried.blobs, carried.behind) == (0, 1)
    assert target.read_texts()["regime.yaml"] == TEXTS["regime.yaml"]
    assert not target.blobs.has(digest)


@DATABASES
def test_an_edited_text_is_carried_in_to_be_adopted(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    """As the text is changed: carried out, edited, carried in, adopted."""
    carry_in(folder, into=target)
    carry_out(target, folder=tmp_path / "out")
    (tmp_path / "out" / "regime.yaml").write_text("kpis: [new]\n", encoding="utf-8")
    carry_in(_folder(tmp_path / "out"), into=target)
    assert target.read_texts()["regime.yaml"] == "kpis: [new]\n"


@DATABASES
def test_an_edited_file_is_not_written_over(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    carry_in(folder, into=target)
    carry_out(target, folder=tmp_path / "out")
    (tmp_path / "out" / "regime.yaml").write_text("my draft of notice 7\n", encoding="utf-8")
    _submit(target, rows=2)
    with pytest.raises(Refused, match=r"regime\.yaml in the folder is no text that the register ever had"):
        carry_out(target, folder=tmp_path / "out")
    assert (tmp_path / "out" / "regime.yaml").read_text(encoding="utf-8") == "my draft of notice 7\n"
    assert len(_folder(tmp_path / "out").ledger.entries()) == 3


@DATABASES
def test_an_earlier_text_is_brought_up_to_date(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    carry_in(folder, into=target)
    carry_out(target, folder=tmp_path / "out")
    target.write_texts({**TEXTS, "regime.yaml": "kpis: [new]\n"})
    carry_out(target, folder=tmp_path / "out")
    assert (tmp_path / "out" / "regime.yaml").read_text(encoding="utf-8") == "kpis: [new]\n"


@DATABASES
def test_the_folder_of_another_contract_is_not_written_into(
    folder: FolderStore, target: RegisterStore, tmp_path: Path
) -> None:
    carry_in(folder, into=target)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "contract.yaml").write_text("contract: other\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"contract\.yaml in the folder .* is another contract's"):
        carry_out(target, folder=tmp_path / "other")
    assert (tmp_path / "other" / "contract.yaml").read_text(encoding="utf-8") == "contract: other\n"


@DATABASES
def test_what_a_register_lost_is_put_back_from_a_copy(folder: FolderStore, target: RegisterStore) -> None:
    carry_in(folder, into=target)
    digests = [_submit(folder, rows=2), str(folder.ledger.entries()[2].payload["sha256"])]
    carry_in(folder, into=target)
    for number, digest in enumerate(digests):
        path = target.blobs.path(digest)
        path.chmod(0o644)
        path.write_bytes(b"altered") if number else path.unlink()
    assert put_back(folder.ledger.entries(), source=folder.blobs, into=target.blobs) == 2
    assert all(target.blobs.read(digest) == folder.blobs.read(digest) for digest in digests)
    assert put_back(folder.ledger.entries(), source=folder.blobs, into=target.blobs) == 0


@DATABASES
def test_a_contract_is_carried_under_its_own_name(
    folder: FolderStore, target: RegisterStore, make_place: Callable[[Kind], Whereabouts]
) -> None:
    other = RegisterStore(
        "another", using=target.using, blobs_folder=folder.path, clock=ScriptedClock(START), salts=ScriptedSalts("x")
    )
    with pytest.raises(Refused, match="not of another"):
        carry_in(folder, into=other)
    with pytest.raises(Refused, match="there is no record to carry"):
        carry_out(other, folder=folder.path)
    assert other.ledger.entries() == ()


@DATABASES
def test_a_file_that_was_altered_is_not_carried(folder: FolderStore, target: RegisterStore) -> None:
    (blob,) = (path for path in (folder.path / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o644)
    blob.write_bytes(b"call_id\nC-2\n")
    with pytest.raises(ProblemsFound, match="the file was altered"):
        carry_in(folder, into=target)
    assert target.ledger.entries() == ()


@DATABASES
def test_a_text_never_lands_outside_the_folder(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    carry_in(folder, into=target)
    target.write_texts({"../outside.yaml": "x"})
    with pytest.raises(Refused, match="is not a file of a contract"):
        carry_out(target, folder=tmp_path / "back")
    assert not (tmp_path / "outside.yaml").exists()


@DATABASES
def test_a_folder_that_cannot_be_written_says_so(folder: FolderStore, target: RegisterStore, tmp_path: Path) -> None:
    carry_in(folder, into=target)
    (tmp_path / "back").write_bytes(b"a file in the way")
    with pytest.raises(NotRecorded, match="the folder could not be written"):
        carry_out(target, folder=tmp_path / "back")
