"""Nothing is worked for twice, or for nothing: texts parsed, files looked at, statements computed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.application import normalised_evidence, parsed_text, statements
from muniment.application.load import open_contract, read_contract
from muniment.domain.evidence.submissions import counting_submissions
from muniment.domain.kernel.period import Month
from muniment.domain.regime.agreed import read_agreed_text
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import MAY, SmallContract, make_small_contract


@pytest.fixture
def small(tmp_path: Path) -> SmallContract:
    return make_small_contract(tmp_path / "small")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sha256 of every file of evidence that was looked at."""
    found: list[str] = []
    place = FileBlobs.path

    def path(blobs: FileBlobs, sha256: str) -> Path:
        found.append(sha256)
        return place(blobs, sha256)

    monkeypatch.setattr(FileBlobs, "path", path)
    return found


def files_of(small: SmallContract, table: str) -> list[str]:
    found = counting_submissions(small.entries()).values()
    return sorted(submission.received.sha256 for submission in found if submission.table == table)


@pytest.mark.parametrize(("kpi", "table"), [("LOST", "parcels"), ("SEEN", "visits")])
def test_of_one_kpi_only_the_files_of_its_table_are_looked_at_and_those_once(
    small: SmallContract, muniment: Muniment, looked_at: list[str], kpi: str, table: str
) -> None:
    assert muniment("explain", small.folder, kpi, str(MAY)).exit == 0
    assert sorted(looked_at) == files_of(small, table)


def test_evidence_that_was_found_to_be_right_is_not_hashed_again_before_it_is_used(
    small: SmallContract, muniment: Muniment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert muniment("explain", small.folder, "SEEN", str(MAY)).exit == 0
    hashed: list[Path] = []

    def counted(path: Path) -> str:
        hashed.append(path)
        return normalised_evidence.file_digest(path)

    monkeypatch.setattr("muniment.application.evidence.file_digest", counted)
    assert muniment("explain", small.folder, "SEEN", str(MAY)).exit == 0
    assert hashed == []


def test_evidence_that_was_altered_is_found_out_although_its_store_was_made_before(
    small: SmallContract, muniment: Muniment
) -> None:
    assert muniment("explain", small.folder, "SEEN", str(MAY)).exit == 0
    sha256 = files_of(small, "visits")[0]
    file = small.folder / "blobs" / sha256[:2] / sha256
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))
    done = muniment("explain", small.folder, "SEEN", str(MAY))
    assert done.exit == 1
    assert "the file was altered" in done.err


def test_what_is_said_of_one_kpi_alone_is_what_is_said_of_it_among_all(small: SmallContract) -> None:
    opened = open_contract(folder=small.folder, known=None)
    everything = read_contract(opened=opened, engine="duckdb", elsewhere={}).results(first=MAY, last=Month(2019, 6))
    for code in ("SEEN", "LOST", "LATE", "QUARTER"):
        alone = read_contract(opened=opened, engine="duckdb", elsewhere={}, kpi=code)
        expected = [result for result in everything if result.kpi.code == code]
        assert list(alone.results(first=MAY, last=Month(2019, 6))) == expected


def test_evidence_of_another_table_that_is_damaged_does_not_stand_against_a_kpi(
    small: SmallContract, muniment: Muniment
) -> None:
    for sha256 in files_of(small, "parcels"):
        (small.folder / "blobs" / sha256[:2] / sha256).unlink()
    assert muniment("explain", small.folder, "SEEN", str(MAY)).exit == 0
    assert muniment("explain", small.folder, "LOST", str(MAY)).exit == 1
    assert muniment("assess", small.folder, "--from", str(MAY), "--to", str(MAY)).exit == 1


@pytest.mark.parametrize(
    ("command", "month"),
    [
        ("sign", "2019-06"),
        ("lock", "2019-06"),
        ("propose-restatement", "2019-05"),
        ("confirm-statement", "2019-05"),
    ],
)
def test_what_is_refused_is_refused_before_a_statement_is_computed(
    small: SmallContract, muniment: Muniment, monkeypatch: pytest.MonkeyPatch, command: str, month: str
) -> None:
    """The supplier may do none of these to that month, and the refusal is recorded as ever."""

    def computed(*_: object, **__: object) -> None:
        pytest.fail("a statement was computed for somebody who may not have it")

    for name in ("compute", "restatement_draft_of", "recalculation_of"):
        monkeypatch.setattr(statements, name, computed)
    done = muniment(command, small.folder, month, "--as", "p-2", "--for", "supplier", "--reason", "Ours.")
    assert done.exit == 1
    assert done.err.startswith("refused: ")


def test_the_agreed_text_is_parsed_once_for_the_same_files(
    small: SmallContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def counted(texts: Mapping[str, str], **given: frozenset[str]) -> object:
        parsed.append(len(texts))
        return read_agreed_text(texts, **given)

    monkeypatch.setattr("muniment.application.parsed_text.read_agreed_text", counted)
    text = small.folder / "regime.yaml"
    text.write_text(text.read_text(encoding="utf-8") + "# another text, for it is another file\n", encoding="utf-8")
    for _ in range(3):
        open_contract(folder=small.folder, known=None)
    assert len(parsed) == 1
    text.write_text(text.read_text(encoding="utf-8") + "# and another\n", encoding="utf-8")
    open_contract(folder=small.folder, known=None)
    assert len(parsed) == 2


def test_of_parsed_texts_no_more_is_kept_than_their_characters_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = parsed_text._Kept()  # one of its own: the process has another
    monkeypatch.setattr(parsed_text, "MOST_KEPT", 2_500)
    keys = [((("contract.yaml", f"{number}" * 1_000),), frozenset[str]()) for number in range(4)]
    found = [kept.parsed(key) for key in keys]
    assert kept.parsed(keys[3]) is found[3]
    assert kept.parsed(keys[2]) is found[2]
    assert kept.parsed(keys[0]) is not found[0]
