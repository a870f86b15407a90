"""The files of a contract folder are read in one order, and none is passed over silently."""

from pathlib import Path

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.in_memory import ScriptedClock, ScriptedSalts


def _store(folder: Path) -> FolderStore:
    return FolderStore(folder, clock=ScriptedClock("2019-05-08T09:30:00Z"), salts=ScriptedSalts("tests"))


def _write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}\r\n", encoding="utf-8", newline="")


def _problems(store: FolderStore) -> list[str]:
    with pytest.raises(ProblemsFoundError) as found:
        store.read_texts()
    return [str(problem) for problem in found.value.problems]


def test_texts_come_in_one_order_and_byte_for_byte(tmp_path: Path) -> None:
    _write(tmp_path, "regime.yaml", "contract.yaml", "changes/CCN-044.yaml", "changes/CCN-031.yaml", "examples/a.yaml")
    _write(tmp_path, "examples/edge-calls.csv", "README.md", ".hidden.yaml")
    texts = _store(tmp_path).read_texts()
    order = ["contract.yaml", "regime.yaml", "changes/CCN-031.yaml", "changes/CCN-044.yaml", "examples/a.yaml"]
    assert list(texts) == order
    assert texts["regime.yaml"] == "# regime.yaml\r\n"


def test_a_text_that_is_not_utf8_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_bytes(b"contract: cssc\ntitle: Caf\xe9\n")
    assert _problems(_store(tmp_path)) == ["contract.yaml:2:11: this is not UTF-8 - save the file as UTF-8"]


def test_a_misnamed_text_is_not_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "contract.yaml", "regime.yml", "changes/CCN-031.yml")
    unread = "is not a file of a contract, so it would not be read"
    assert _problems(_store(tmp_path)) == [
        "changes/CCN-031.yml:1:1: only names that end in .yaml are read - name it CCN-031.yaml",
        f"regime.yml:1:1: 'regime.yml' {unread} - did you mean 'regime.yaml'?",
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    _write(tmp_path, "elsewhere/secret", "contract/regime.yaml")
    (tmp_path / "contract" / "contract.yaml").symlink_to(tmp_path / "elsewhere" / "secret")
    assert _problems(_store(tmp_path / "contract")) == [
        "contract.yaml:1:1: the file is a link out of the folder - put the file itself into the folder"
    ]


def test_links_that_lead_round_in_a_circle_are_said_to_be_that(tmp_path: Path) -> None:
    _write(tmp_path, "regime.yaml", "changes/CCN-031.yaml", "evidence/calls/2019-09.csv")
    for name in ("contract.yaml", "changes/CCN-044.yaml", "evidence/calls/2019-10.csv"):
        (tmp_path / name).symlink_to(tmp_path / name)
    says = "the file is a link that leads back to itself - put the file itself into the folder"
    assert _problems(_store(tmp_path)) == [f"changes/CCN-044.yaml:1:1: {says}", f"contract.yaml:1:1: {says}"]
    with pytest.raises(ProblemsFoundError) as found:
        _store(tmp_path).evidence_files()
    assert [str(problem) for problem in found.value.problems] == [f"evidence/calls/2019-10.csv:1:1: {says}"]


def test_a_name_behind_which_is_no_file_is_not_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "regime.yaml")
    (tmp_path / "contract.yaml").symlink_to(tmp_path / "gone.yaml")
    (tmp_path / "changes").symlink_to(tmp_path / "gone")
    (tmp_path / "evidence" / "calls" / "2019-09.csv").mkdir(parents=True)
    (tmp_path / "evidence" / "calls" / "2019-10.csv").symlink_to(tmp_path / "gone.csv")
    assert _problems(_store(tmp_path)) == [
        "changes:1:1: this is a link to no folder - put the folder itself here",
        "contract.yaml:1:1: the file cannot be read: No such file or directory - ask for access to it",
    ]
    with pytest.raises(ProblemsFoundError) as found:
        _store(tmp_path).evidence_files()
    assert [str(problem) for problem in found.value.problems] == [
        f"evidence/calls/{name}:1:1: there is no file behind this name - put the file itself into the folder"
        for name in ("2019-09.csv", "2019-10.csv")
    ]


def test_evidence_comes_by_table_in_the_order_of_names(tmp_path: Path) -> None:
    _write(tmp_path, "evidence/calls/2019-10.csv", "evidence/calls/2019-09.csv", "evidence/incidents/all.parquet")
    _write(tmp_path, "evidence/README.md")
    found = _store(tmp_path).evidence_files()
    assert {table: [path.name for path in paths] for table, paths in found.items()} == {
        "calls": ["2019-09.csv", "2019-10.csv"],
        "incidents": ["all.parquet"],
    }


def test_evidence_that_would_not_be_read_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "evidence/calls/2019-09.CSV", "evidence/calls.csv")
    with pytest.raises(ProblemsFoundError) as found:
        _store(tmp_path).evidence_files()
    assert [problem.place.file for problem in found.value.problems] == [
        "evidence/calls.csv",
        "evidence/calls/2019-09.CSV",
    ]


def test_an_empty_folder_has_no_texts_no_evidence_and_no_entries(tmp_path: Path) -> None:
    store = _store(tmp_path)
    assert (store.read_texts(), store.evidence_files(), store.ledger.entries()) == ({}, {}, ())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFoundError, match="there is no such folder"):
        _store(tmp_path / "nowhere")
