"""verify.py: whatever was forged is found against a head that others kept, and nothing sound is ever called forged."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from muniment.adapters.bundles.bundle import VERIFIER
from muniment.adapters.bundles.verify import MANIFEST, check_bundle, check_ledger, main
from muniment.domain.record.entry import LEDGER_FILE
from tests.adapters.bundles.forgery import (
    BUNDLE_FORGERIES,
    LEDGER_FORGERIES,
    Entry,
    Members,
    all_forged,
    chained,
    changed_byte,
    entries_of,
    lines_of,
    with_manifest,
    with_statement,
)
from tests.interfaces.small_contract import SmallContract

SEED = 20191129
MADE_BESIDE_THE_REST = ("sql/", "audit.xlsx", "engine.json", "README.txt", "verify.py")


def seeded() -> Random:
    """The same forgeries in every run."""
    return Random(SEED)  # noqa: S311  # chance that can be repeated, not a secret


def zipped(members: Members, folder: Path) -> Path:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    path = folder / "forged.zip"
    path.write_bytes(out.getvalue())
    return path


def undetected_bundles(members: Members, head: str, folder: Path, *, tampers: int) -> tuple[list[str], Counter[str]]:
    """Forge so many bundles, each kind in turn; those that changed nothing are not counted."""
    chance, missed, tried = seeded(), list[str](), Counter[str]()
    while tried.total() < tampers:
        forgery = BUNDLE_FORGERIES[tried.total() % len(BUNDLE_FORGERIES)]
        forged = forgery(members, chance)
        if forged == members:
            continue
        tried[forgery.__name__] += 1
        if check_bundle(str(zipped(forged, folder)), head=head).holds:
            missed.append(f"{forgery.__name__}, tamper {tried.total()}")
    return missed, tried


def undetected_ledgers(content: bytes, head: str, *, tampers: int) -> tuple[list[str], Counter[str]]:
    chance, missed, tried = seeded(), list[str](), Counter[str]()
    while tried.total() < tampers:
        forgery = LEDGER_FORGERIES[tried.total() % len(LEDGER_FORGERIES)]
        forged = forgery(content, chance)
        if forged == content:
            continue
        tried[forgery.__name__] += 1
        if check_ledger(forged, head=head).holds:
            missed.append(f"{forgery.__name__}, tamper {tried.total()}")
    return missed, tried


def test_a_sound_bundle_is_never_called_forged(bundle: Path, locked_head: str, present_head: str) -> None:
    for head in (locked_head, locked_head[:12], present_head, None):
        assert check_bundle(str(bundle), head=head).faults == []


def test_a_sound_ledger_is_never_called_forged_against_any_head_that_it_had(small: SmallContract) -> None:
    content = (small.folder / LEDGER_FILE).read_bytes()
    for entry in small.entries():
        assert check_ledger(content, head=entry.hash).faults == []


def test_forged_bundles_are_found_out(members: Members, present_head: str, tmp_path: Path) -> None:
    missed, tried = undetected_bundles(members, present_head, tmp_path, tampers=200)
    assert missed == []
    assert len(tried) == len(BUNDLE_FORGERIES)


def test_forged_ledgers_are_found_out(small: SmallContract) -> None:
    content = (small.folder / LEDGER_FILE).read_bytes()
    missed, tried = undetected_ledgers(content, small.entries()[-1].hash, tampers=200)
    assert missed == []
    assert len(tried) == len(LEDGER_FORGERIES)


@pytest.mark.proof
def test_a_thousand_forgeries_of_each_are_found_out(
    small: SmallContract, members: Members, present_head: str, tmp_path: Path
) -> None:
    bundles, kinds = undetected_bundles(members, present_head, tmp_path, tampers=1_000)
    content = (small.folder / LEDGER_FILE).read_bytes()
    ledgers, of_ledgers = undetected_ledgers(content, small.entries()[-1].hash, tampers=1_000)
    print(f"\nbundles {kinds.total():,}, by kind {dict(kinds)}\nledgers {of_ledgers.total():,} {dict(of_ledgers)}")
    assert (bundles, ledgers) == ([], [])


def test_a_forgery_that_is_whole_in_itself_is_found_by_the_head_alone(
    members: Members, locked_head: str, tmp_path: Path
) -> None:
    forged = str(zipped(all_forged(members, seeded()), tmp_path))
    assert check_bundle(forged, head=None).holds
    assert "the chain never had the head" in check_bundle(forged, head=locked_head).faults[0]


def test_what_is_made_beside_the_rest_is_vouched_for_by_the_manifest_that_was_given_out(
    members: Members, locked_head: str, tmp_path: Path
) -> None:
    given_out = sha256(members[MANIFEST]).hexdigest()
    for name in sorted(name for name in members if name.startswith(MADE_BESIDE_THE_REST)):
        forged = with_manifest({**members, name: changed_byte(members[name], seeded())})
        path = str(zipped(forged, tmp_path))
        assert check_bundle(path, head=locked_head, bundle=given_out[:16]).holds is False
        assert any("no head vouches" in note for note in check_bundle(path, head=locked_head).notes)


def test_a_head_from_before_the_lock_vouches_for_nothing_after_it(bundle: Path, small: SmallContract) -> None:
    early = small.entries()[3].hash
    assert "ask for a later head" in check_bundle(str(bundle), head=early).faults[0]


@pytest.mark.parametrize(
    "name", ["expected/summary.txt", "expected/Statement.json", "rows2/visits/2019-04.csv", "NOTES.md", "text/x.yaml"]
)
def test_a_bundle_has_no_members_but_those_of_its_format(
    members: Members, locked_head: str, tmp_path: Path, name: str
) -> None:
    forged = str(zipped(with_manifest({**members, name: b"All KPIs met."}), tmp_path))
    assert check_bundle(forged, head=locked_head).faults == [
        f"{name}: it was put in: no bundle has a member of that name"
    ]


def test_two_members_never_have_one_name_on_a_disk_that_knows_no_capitals(
    members: Members, locked_head: str, tmp_path: Path
) -> None:
    forged = str(zipped(with_manifest({**members, "sql/seen.sql": b"SELECT 1, 1"}), tmp_path))
    assert check_bundle(forged, head=locked_head).faults == [
        "sql/seen.sql: it was put in: on many disks it takes the place of another member"
    ]


@pytest.mark.parametrize("name", ["contract", "evidence", "regime"])
def test_no_file_of_the_adopted_text_may_be_missing(
    members: Members, locked_head: str, tmp_path: Path, name: str
) -> None:
    gone = f"text/{name}.yaml"
    kept = {member: content for member, content in members.items() if member != gone}
    forged = str(zipped(with_manifest(kept), tmp_path))
    assert check_bundle(forged, head=locked_head).faults == [f"{gone} was adopted, and it is missing"]


def test_no_decision_may_be_left_out(members: Members, locked_head: str, tmp_path: Path) -> None:
    without_last = json.dumps(json.loads(members["decisions.json"])[:-1]).encode()
    for decisions in (b"[]", without_last):
        forged = str(zipped(with_manifest({**members, "decisions.json": decisions}), tmp_path))
        (fault,) = check_bundle(forged, head=locked_head).faults
        assert "does not hold every entry of the ledger that decides something" in fault


def test_a_reason_that_nobody_erased_may_not_be_missing(members: Members, locked_head: str, tmp_path: Path) -> None:
    stripped = [{**entry, "texts": {}} for entry in json.loads(members["decisions.json"])]
    forged = str(zipped(with_manifest({**members, "decisions.json": json.dumps(stripped).encode()}), tmp_path))
    faults = check_bundle(forged, head=locked_head).faults
    assert len(faults) == len(stripped) + 1  # the request has a plan beside its reason
    assert all("is missing, and no entry says that it was erased" in fault for fault in faults)


def test_a_text_of_a_ledger_that_nobody_erased_may_not_be_missing(small: SmallContract, tmp_path: Path) -> None:
    entries, head = entries_of((small.folder / LEDGER_FILE).read_bytes()), small.entries()[-1].hash
    entries[2]["texts"] = {}
    content = lines_of(entries)
    (fault,) = check_ledger(content, head=head).faults
    assert fault == "ledger.jsonl line 3: the text 'reason' is missing, and no entry says that it was erased"
    accepted = check_ledger(content, head=head, unvouched=True)
    assert (accepted.faults, fault in accepted.notes) == ([], True)
    (tmp_path / LEDGER_FILE).write_bytes(content)
    assert [main([str(tmp_path / LEDGER_FILE), "--head", head, *more]) for more in ([], ["--unvouched"])] == [1, 0]


def test_a_text_of_a_ledger_is_missing_rightly_where_an_entry_says_that_it_was_erased(small: SmallContract) -> None:
    entries = entries_of((small.folder / LEDGER_FILE).read_bytes())
    erasure: Entry = {
        **entries[-1],
        "kind": "text.erased",
        "subject": "tiny/erasures/e1",
        "payload": {"entry": 3, "name": "reason"},
    }
    entries = chained([*entries, erasure], len(entries))
    entries[2]["texts"] = {}
    assert check_ledger(lines_of(entries), head=str(entries[-1]["hash"])).faults == []
    entries[3]["texts"] = {}
    (fault,) = check_ledger(lines_of(entries), head=str(entries[-1]["hash"])).faults
    assert fault.startswith("ledger.jsonl line 4: ")


def test_the_proof_of_a_bundle_is_a_ledger_without_texts_and_says_so(members: Members, present_head: str) -> None:
    checked = check_ledger(members["ledger/proof.jsonl"], head=present_head)
    assert checked.faults == []
    assert any("nothing here shows whether reasons were erased" in note for note in checked.notes)


@pytest.mark.parametrize(
    ("name", "told"),
    [("decisions.json", '"actor": "somebody.else", "actor"'), ("calendars.json", '"business_day": [], "business_day"')],
)
def test_no_name_comes_twice_with_the_forged_value_first(
    members: Members, locked_head: str, tmp_path: Path, name: str, told: str
) -> None:
    real = told.rpartition(", ")[2]
    forged = {**members, name: members[name].decode().replace(real, told, 1).encode()}
    (fault,) = check_bundle(str(zipped(with_manifest(forged), tmp_path)), head=locked_head).faults
    assert f"{name}: a name comes twice" in fault


@pytest.mark.parametrize("named", ["../../authorized_keys", "/etc/passwd", "evidence/../../x", "evidence/visits/x.csv"])
def test_a_file_of_rows_has_the_name_of_a_submission_or_of_where_it_lay(
    members: Members, tmp_path: Path, named: str
) -> None:
    """Of an unlocked month nothing but the entries vouches, and who accepts files without one still writes no other."""
    rows = json.loads(members[MANIFEST])["rows"]
    rows[0]["submission"] = named
    statement = json.loads(members["expected/statement.json"])
    at = next(item for item in statement["inputs"]["submissions"] if item["sha256"] == rows[0]["sha256"])
    at["id"] = named
    forged = with_manifest(with_statement(members, statement), rows=rows, version=None)
    faults = check_bundle(str(zipped(forged, tmp_path)), head=None, unvouched=True).faults
    assert any("gives it a name that no file of evidence has" in fault for fault in faults)


def test_digits_that_a_computer_finds_are_said_to_be_few(
    bundle: Path, members: Members, locked_head: str, small: SmallContract
) -> None:
    """12 digits are 48 bits."""
    digest = sha256(members[MANIFEST]).hexdigest()
    few = [
        note for note in check_bundle(str(bundle), head=locked_head[:12], bundle=digest[:12]).notes if "digits" in note
    ]
    says = "12 digits: enough against mistakes, not against somebody with a computer; ask for the whole"
    assert few == [f"{says} sha256", f"{says} head"]
    assert not any("digits" in note for note in check_bundle(str(bundle), head=locked_head, bundle=digest).notes)
    content = (small.folder / LEDGER_FILE).read_bytes()
    assert f"{says} head" in check_ledger(content, head=locked_head[:12]).notes


def test_what_came_after_the_head_is_said_to_rest_on_nothing(
    bundle: Path, locked_head: str, present_head: str, small: SmallContract
) -> None:
    says = f"nothing vouches for what was recorded after that head: entries 11 to {len(small.entries())}"
    assert says in check_bundle(str(bundle), head=locked_head).notes
    assert not any("after that head" in note for note in check_bundle(str(bundle), head=present_head).notes)


def test_a_later_version_of_the_statement_is_named(members: Members, tmp_path: Path) -> None:
    entries = entries_of(members["ledger/proof.jsonl"])
    lock = next(entry for entry in entries if entry["kind"] == "month.locked")
    later: Entry = {**lock, "subject": "tiny/2019-05/v2", "recorded_at": entries[-1]["recorded_at"]}
    proof = lines_of(chained([*entries, later], len(entries)))
    checked = check_bundle(
        str(zipped(with_manifest({**members, "ledger/proof.jsonl": proof}), tmp_path)),
        head=str(entries_of(proof)[-1]["hash"]),
    )
    assert checked.faults == []
    says = f"tiny/2019-05/v2 was locked since, by entry {len(entries) + 1}: ask for its bundle too"
    assert any(note.startswith(says) for note in checked.notes)


def test_a_head_from_after_the_bundle_was_made_is_said_to_be_possible(bundle: Path) -> None:
    (fault,) = check_bundle(str(bundle), head="f" * 64).faults
    assert "or older than that head: ask for it again, made since" in fault


def test_without_a_head_nobody_is_told_that_nothing_is_wrong(
    bundle: Path, small: SmallContract, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (bundle, small.folder / LEDGER_FILE):
        assert main([str(path)]) == 0
        assert capsys.readouterr().out.endswith(f"\n{path}: whole in itself; compared with no head.\n")


@pytest.mark.parametrize("head", ["", "41b72b", "not a head at all", "g" * 64])
def test_something_that_is_no_head_is_refused(bundle: Path, head: str) -> None:
    assert "is not a head" in check_bundle(str(bundle), head=head).faults[0]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert "cannot be read" in check_bundle(str(path), head=None).faults[0]


def test_it_prints_what_it_found_and_exits_accordingly(
    bundle: Path, members: Members, locked_head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(bundle), "--head", locked_head[:12]]) == 0
    assert "nothing is wrong." in capsys.readouterr().out
    forged = {**members, "rows/visits/2019-05.csv": members["rows/visits/2019-04.csv"]}
    assert main([str(zipped(forged, tmp_path)), "--head", locked_head]) == 1
    out = capsys.readouterr().out
    assert "WRONG  rows/visits/2019-05.csv: it was altered" in out
    assert "DO NOT RELY ON IT." in out


def test_the_verifier_in_the_bundle_runs_by_itself(
    bundle: Path, members: Members, locked_head: str, tmp_path: Path
) -> None:
    """Nothing but Python: no path to this project, no installed package."""
    assert members["verify.py"] == VERIFIER.read_bytes()
    alone = tmp_path / "verify.py"
    alone.write_bytes(members["verify.py"])
    command = [sys.executable, "-I", "-S", str(alone), str(bundle), "--head", locked_head]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "locked by entry 10" in ran.stdout


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_it_runs_on_the_older_pythons_of_the_machine(bundle: Path, locked_head: str, version: str) -> None:
    python = shutil.which(f"python{version}")
    chosen = {**os.environ, "PYENV_VERSION": version}
    if python is None or subprocess.run([python, "-V"], env=chosen, capture_output=True, check=False).returncode:
        pytest.skip(f"this machine has no Python {version}")
    command = [python, "-I", str(VERIFIER), str(bundle), "--head", locked_head]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=chosen)
    assert (ran.returncode, ran.stderr) == (0, "")
