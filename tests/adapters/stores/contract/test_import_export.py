"""A contract goes from folder to database and back: same head, same files, same texts, as often as one likes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.adapters.stores.database.folders import export_to_folder
from muniment.adapters.stores.database.import_export import TransferSummary, import_from_store, restore_blobs
from muniment.adapters.stores.database.store import DatabaseStore
from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.contract_text import adopt_text
from muniment.commands.evidence import receive_submission
from muniment.commands.recording import open_record
from muniment.commands.retention import erase_text, finish_discarding
from muniment.domain.evidence.retention import RowsDiscarded
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import NotRecordedError
from tests.adapters.stores.contract.whereabouts import START, Kind, Store, Whereabouts

OFFICER = Act("m.okafor", "authority", "as agreed")
TEXTS = {"contract.yaml": "contract: cssc\n", "regime.yaml": "kpis: []\n", "changes/CCN-001.yaml": "notice: CCN-001\n"}
DATABASES = pytest.mark.parametrize("kind", ["sqlite", "postgres"])


@pytest.fixture
def target(kind: Kind, make_place: Callable[[Kind], Whereabouts]) -> DatabaseStore:
    """An empty contract of a database, to import into."""
    store = make_place(kind).open()
    assert isinstance(store, DatabaseStore)
    return store


@pytest.fixture
def folder(tmp_path: Path, target: DatabaseStore) -> FolderStore:
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
def test_there_and_back_is_the_same_contract(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    there = import_from_store(folder, into=target)
    assert (there.entries, there.blobs) == (3, 1)
    assert target.ledger.entries() == folder.ledger.entries()
    assert list(target.read_texts().items()) == list(TEXTS.items())

    back = export_to_folder(target, folder=tmp_path / "back")
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
def test_what_one_database_wrote_out_another_takes_in(
    kind: Kind, folder: FolderStore, target: DatabaseStore, make_place: Callable[[Kind], Whereabouts], tmp_path: Path
) -> None:
    """From SQLite to PostgreSQL and the other way, through a folder."""
    head = import_from_store(folder, into=target).head
    _submit(target, rows=2)
    export_to_folder(target, folder=tmp_path / "out")
    place = make_place("postgres" if kind == "sqlite" else "sqlite")
    other = Whereabouts(place.kind, target.contract, place.folder, place.url).open()
    assert isinstance(other, DatabaseStore)
    taken = import_from_store(_folder(tmp_path / "out"), into=other)
    assert (taken.entries, taken.blobs) == (4, 2)
    assert taken.head != head
    assert other.ledger.entries() == target.ledger.entries()
    assert list(other.read_texts().items()) == list(target.read_texts().items())


@DATABASES
def test_importing_again_changes_nothing(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    head = import_from_store(folder, into=target).head
    assert import_from_store(folder, into=target) == TransferSummary(0, 0, 0, head)
    export_to_folder(target, folder=tmp_path / "back")
    assert export_to_folder(target, folder=tmp_path / "back") == TransferSummary(0, 0, 0, head)


@DATABASES
def test_what_was_added_on_either_side_comes_to_the_other(folder: FolderStore, target: DatabaseStore) -> None:
    import_from_store(folder, into=target)
    _submit(folder, rows=2)
    assert import_from_store(folder, into=target).entries == 1
    digest = _submit(target, rows=3)
    assert export_to_folder(target, folder=folder.path).entries == 1
    assert _folder(folder.path).ledger.entries() == target.ledger.entries()
    assert folder.blobs.has(digest)


@DATABASES
def test_two_records_that_part_are_refused_and_stay_as_they_are(folder: FolderStore, target: DatabaseStore) -> None:
    import_from_store(folder, into=target)
    _submit(folder, rows=2)
    _submit(target, rows=3)
    before = (folder.ledger.entries(), target.ledger.entries())
    with pytest.raises(RefusedError, match="the two records part at entry 4"):
        import_from_store(folder, into=target)
    with pytest.raises(RefusedError, match="the two records part at entry 4"):
        export_to_folder(target, folder=folder.path)
    assert (folder.ledger.entries(), target.ledger.entries()) == before


@DATABASES
def test_a_folder_that_knows_more_is_not_written_over(folder: FolderStore, target: DatabaseStore) -> None:
    import_from_store(folder, into=target)
    _submit(folder, rows=2)
    with pytest.raises(RefusedError, match="has 1 entries that the database has not - import the folder first"):
        export_to_folder(target, folder=folder.path)


@DATABASES
def test_an_erased_text_is_never_brought_back(folder: FolderStore, target: DatabaseStore) -> None:
    import_from_store(folder, into=target)
    erase_text(ledger=target.ledger, act=OFFICER, entry=3)
    assert import_from_store(folder, into=target).erased == 0
    assert target.ledger.entries()[2].reason == "[text erased]"
    assert export_to_folder(target, folder=folder.path).erased == 1
    assert _folder(folder.path).ledger.entries()[2].reason == "[text erased]"

    erase_text(ledger=_folder(folder.path).ledger, act=OFFICER, entry=2)
    assert import_from_store(_folder(folder.path), into=target).erased == 1
    assert target.ledger.entries()[1].reason == "[text erased]"


@DATABASES
def test_a_text_that_is_merely_missing_is_not_erased_anywhere(folder: FolderStore, target: DatabaseStore) -> None:
    """A folder made from a bundle's proof has no free text at all; nobody erased them."""
    import_from_store(folder, into=target)
    before = target.ledger.entries()
    folder.ledger.drop_text(seq=3, name="reason")
    assert import_from_store(_folder(folder.path), into=target).erased == 0
    assert target.ledger.entries() == before
    export_to_folder(target, folder=folder.path)
    assert _folder(folder.path).ledger.entries() == before

    target.ledger.drop_text(seq=2, name="reason")
    assert export_to_folder(target, folder=folder.path).erased == 0
    assert _folder(folder.path).ledger.entries() == before


@DATABASES
def test_a_folder_that_is_behind_brings_nothing(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    """Neither its text, edited or older, nor rows that were discarded since."""
    digest = str(folder.ledger.entries()[2].payload["sha256"])
    import_from_store(folder, into=target)
    discarded = RowsDiscarded(Month(2019, 6), ((f"{target.contract}/calls/2019-05/s1", digest),))
    entries = target.ledger.entries()
    target.ledger.append([Draft(f"{target.contract}/discards/n1", discarded, OFFICER)], expected_head=entries[-1].hash)
    finish_discarding(ledger=target.ledger, blobs=target.blobs)
    (folder.path / "regime.yaml").write_text("kpis: [kinder]\n", encoding="utf-8")
    summary = import_from_store(folder, into=target)
    assert (summary.blobs, summary.behind) == (0, 1)
    assert target.read_texts()["regime.yaml"] == TEXTS["regime.yaml"]
    assert not target.blobs.has(digest)


@DATABASES
def test_an_edited_text_is_imported_to_be_adopted(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    """As the text is changed: exported, edited, imported, adopted."""
    import_from_store(folder, into=target)
    export_to_folder(target, folder=tmp_path / "out")
    (tmp_path / "out" / "regime.yaml").write_text("kpis: [new]\n", encoding="utf-8")
    import_from_store(_folder(tmp_path / "out"), into=target)
    assert target.read_texts()["regime.yaml"] == "kpis: [new]\n"


@DATABASES
def test_an_edited_file_is_not_written_over(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    import_from_store(folder, into=target)
    export_to_folder(target, folder=tmp_path / "out")
    (tmp_path / "out" / "regime.yaml").write_text("my draft of notice 7\n", encoding="utf-8")
    _submit(target, rows=2)
    with pytest.raises(RefusedError, match=r"regime\.yaml in the folder is no text that the database ever had"):
        export_to_folder(target, folder=tmp_path / "out")
    assert (tmp_path / "out" / "regime.yaml").read_text(encoding="utf-8") == "my draft of notice 7\n"
    assert len(_folder(tmp_path / "out").ledger.entries()) == 3


@DATABASES
def test_an_earlier_text_is_brought_up_to_date(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    import_from_store(folder, into=target)
    export_to_folder(target, folder=tmp_path / "out")
    target.write_texts({**TEXTS, "regime.yaml": "kpis: [new]\n"})
    export_to_folder(target, folder=tmp_path / "out")
    assert (tmp_path / "out" / "regime.yaml").read_text(encoding="utf-8") == "kpis: [new]\n"


@DATABASES
def test_the_folder_of_another_contract_is_not_written_into(
    folder: FolderStore, target: DatabaseStore, tmp_path: Path
) -> None:
    import_from_store(folder, into=target)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "contract.yaml").write_text("contract: other\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"contract\.yaml in the folder .* is another contract's"):
        export_to_folder(target, folder=tmp_path / "other")
    assert (tmp_path / "other" / "contract.yaml").read_text(encoding="utf-8") == "contract: other\n"


@DATABASES
def test_what_a_database_lost_is_put_back_from_a_copy(folder: FolderStore, target: DatabaseStore) -> None:
    import_from_store(folder, into=target)
    digests = [_submit(folder, rows=2), str(folder.ledger.entries()[2].payload["sha256"])]
    import_from_store(folder, into=target)
    for number, digest in enumerate(digests):
        path = target.blobs.path(digest)
        path.chmod(0o644)
        path.write_bytes(b"altered") if number else path.unlink()
    assert restore_blobs(folder.ledger.entries(), source=folder.blobs, into=target.blobs) == 2
    assert all(target.blobs.read(digest) == folder.blobs.read(digest) for digest in digests)
    assert restore_blobs(folder.ledger.entries(), source=folder.blobs, into=target.blobs) == 0


@DATABASES
def test_a_contract_is_imported_under_its_own_name(
    folder: FolderStore, target: DatabaseStore, make_place: Callable[[Kind], Whereabouts]
) -> None:
    other = DatabaseStore(
        "another", using=target.using, blobs_folder=folder.path, clock=ScriptedClock(START), salts=ScriptedSalts("x")
    )
    with pytest.raises(RefusedError, match="not of another"):
        import_from_store(folder, into=other)
    with pytest.raises(RefusedError, match="there is no record to import"):
        export_to_folder(other, folder=folder.path)
    assert other.ledger.entries() == ()


@DATABASES
def test_a_file_that_was_altered_is_not_imported(folder: FolderStore, target: DatabaseStore) -> None:
    (blob,) = (path for path in (folder.path / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o644)
    blob.write_bytes(b"call_id\nC-2\n")
    with pytest.raises(ProblemsFoundError, match="the file was altered"):
        import_from_store(folder, into=target)
    assert target.ledger.entries() == ()


@DATABASES
def test_a_text_never_lands_outside_the_folder(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    import_from_store(folder, into=target)
    target.write_texts({"../outside.yaml": "x"})
    with pytest.raises(RefusedError, match="is not a file of a contract"):
        export_to_folder(target, folder=tmp_path / "back")
    assert not (tmp_path / "outside.yaml").exists()


@DATABASES
def test_a_folder_that_cannot_be_written_says_so(folder: FolderStore, target: DatabaseStore, tmp_path: Path) -> None:
    import_from_store(folder, into=target)
    (tmp_path / "back").write_bytes(b"a file in the way")
    with pytest.raises(NotRecordedError, match="the folder could not be written"):
        export_to_folder(target, folder=tmp_path / "back")
