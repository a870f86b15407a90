"""Rows are discarded when their time has come: the record stands, and what was locked can still be read."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.application.backup import back_up
from muniment.application.command_context import CommandContext
from muniment.application.doctor import doctor
from muniment.application.import_export import create_database, import_contract_folder
from muniment.application.load import open_contract
from muniment.application.restore import restore
from muniment.application.retention import discard
from muniment.application.stores import ContractInDatabase, DatabaseAddress
from muniment.commands.evidence import receive_submission
from muniment.commands.restatements import decide_restatement, propose_restatement
from muniment.commands.retention import discard_rows, finish_discarding
from muniment.domain.assessment.disputes import ResultDisputed
from muniment.domain.assessment.mitigation import MitigationRequested
from muniment.domain.assessment.restatement import VersionDifference
from muniment.domain.evidence.acceptance import SubmissionAccepted, SubmissionApproved
from muniment.domain.evidence.retention import discarded_files
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.record.ports import ClockKind, Ledger
from tests.interfaces.conftest import Muniment
from tests.interfaces.small_contract import APRIL, SmallContract, make_small_contract, parcels, visits

JULY = Month(2019, 7)
ACT = ("--as", "p-1", "--for", "authority", "--reason", "The retention schedule says so.")
NOW = "2099-01-01T00:00:00Z"


@pytest.fixture
def made(tmp_path: Path) -> SmallContract:
    """April to June locked, July submitted, and SEEN failing from May on."""
    small = make_small_contract(tmp_path / "tiny")
    small.clock.move_to("2019-08-05T09:00:00Z")
    for month in months_from(APRIL, JULY):
        if month == JULY:
            small.submit(table="visits", month=month, content=visits(month, late=30))
            small.submit(table="parcels", month=month, content=parcels(month))
        elif month != Month(2019, 5):
            small.lock(month)
    return small


def _locked_again(small: SmallContract) -> None:
    """May changed since its lock, by a later file: its restatement is decided, so nothing is open on it any more."""
    _restated(small, Month(2019, 5))


def _restated(small: SmallContract, month: Month) -> None:
    ledger, reason = small.store.ledger, "The later file is right."
    proposed = propose_restatement(
        ledger=ledger, act=Act("p-1", "authority", reason), month=str(month), restates="revision",
        cause="late evidence", sealed=small.seal(month).sealed, computed_on=len(small.entries()),
        differences=[VersionDifference("SEEN/value", "70.00", "86.67")],
    )  # fmt: skip
    by = Act("p-4", "authority", reason)
    decide_restatement(ledger=ledger, act=by, restatement=proposed.subject, outcome="approved")


def _statement(muniment: Muniment, folder: Path) -> dict[str, Json]:
    asked = muniment("statement", folder, "--period", "2019-07", "--format", "json")
    assert asked.exit == 0, asked.err
    shown: dict[str, Json] = json.loads(asked.out)
    del shown["known"]  # the day on which the rows were discarded is known too
    return shown


def test_a_month_is_needed_until_nothing_is_open_on_it(made: SmallContract, muniment: Muniment) -> None:
    refused = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    assert (refused.exit, "May 2019 is changed since lock" in refused.err) == (1, True), refused.err


def test_a_quarter_that_is_not_over_keeps_its_rows(made: SmallContract, muniment: Muniment) -> None:
    refused = muniment("discard-rows", made.folder, "--before", "2019-05", *ACT)
    assert (refused.exit, "a period of QUARTER runs over the beginning of May 2019" in refused.err) == (1, True)


def test_later_months_are_computed_as_before(made: SmallContract, muniment: Muniment) -> None:
    """Chains and credits go on from the locked statements."""
    _locked_again(made)
    before = _statement(muniment, made.folder)
    done = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    assert (done.exit, "rows.discarded" in done.out) == (0, True), done.err
    assert _statement(muniment, made.folder) == before
    assert muniment("check", made.folder).exit == 0


def test_the_rows_are_gone_and_the_record_stands(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    heads = muniment("heads", made.folder, "--format", "json", "--known", "2019-08-31").out
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    kept = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file() and path.suffix != ".jsonl")
    assert (b"=V2019-05-001" in kept, b"=V2019-07-001" in kept) == (False, True)
    assert {path.name for path in (made.folder / ".muniment").iterdir()} == {"README", ".gitignore"}
    assert muniment("heads", made.folder, "--format", "json", "--known", "2019-08-31").out == heads
    assert muniment("changed", made.folder, "tiny/2019-05/v1", "tiny/2019-05/v2").exit == 0
    assert [problem for problem in doctor(made.folder, now=NOW) if problem.severity == "error"] == []


def test_a_file_that_was_being_handed_in_when_its_process_died_is_gone_too(
    made: SmallContract, muniment: Muniment
) -> None:
    _locked_again(made)
    left = made.folder / ".muniment" / "sent-k2x9" / "sent"
    left.parent.mkdir()
    left.write_text(visits(APRIL), encoding="utf-8")
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    assert not left.parent.exists()


def test_files_that_pages_made_of_rows_are_gone_too(made: SmallContract, tmp_path: Path) -> None:
    _locked_again(made)
    where = ContractInDatabase("tiny", DatabaseAddress(f"sqlite:///{tmp_path}/database.sqlite3", tmp_path / "files"))
    create_database(where.address)
    import_contract_folder(made.folder, where=where.address)
    rows = tmp_path / "files" / "tiny" / "made" / "a-job" / "rows.csv"
    rows.parent.mkdir(parents=True)
    rows.write_text("SEEN,failed,=V2019-05-001\n", encoding="utf-8")
    act = Act("p-1", "authority", "The retention schedule says so.")
    discard(CommandContext(where, open_contract(folder=where, known=None), act, date(2019, 8, 5)), before=JULY)
    assert not rows.exists()


def test_a_folder_of_that_name_in_ones_own_folder_stays(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    own = made.folder / "made" / "notes.txt"
    own.parent.mkdir()
    own.write_text("Ours.", encoding="utf-8")
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    assert own.exists()


def test_asking_for_a_discarded_month_says_so(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    asked = muniment("statement", made.folder, "--period", "2019-05")
    says = (
        "the rows of May 2019 were discarded, so it is not computed again - read its locked statement tiny/2019-05/v2"
    )
    assert (asked.exit, says in asked.err) == (1, True), asked.err
    earlier = muniment("statement", made.folder, "--period", "2019-05", "--known", "2019-08-31")
    assert (earlier.exit, "were discarded since" in earlier.err) == (1, True), earlier.err
    bundle = muniment("bundle", made.folder, "tiny/2019-05/v1", "--out", made.folder.parent / "may.zip")
    assert (bundle.exit, "were discarded since" in bundle.err) == (1, True), bundle.err


def test_a_crash_between_the_entry_and_the_files_is_made_good(made: SmallContract) -> None:
    _locked_again(made)

    class CrashError(Exception):
        pass

    class Blobs:
        def __init__(self, store: FolderStore) -> None:
            self.real = store.blobs
            self.put, self.has, self.read = self.real.put, self.real.has, self.real.read
            self.left = 2

        def drop(self, sha256: str, *, unless: Callable[[], bool] = lambda: False) -> None:
            self.left -= 1
            if self.left == 0:
                raise CrashError
            self.real.drop(sha256, unless=unless)

    with pytest.raises(CrashError):
        discard_rows(
            ledger=made.store.ledger, blobs=Blobs(made.store), act=Act("p-1", "authority", "due"), before="2019-07",
            record_from=APRIL, spanning=(),
        )  # fmt: skip
    assert "K011" in [problem.code for problem in doctor(made.folder, now=NOW)]
    finish_discarding(ledger=made.store.ledger, blobs=made.store.blobs)
    assert "K011" not in [problem.code for problem in doctor(made.folder, now=NOW)]
    assert not any(made.store.blobs.has(digest) for digest in discarded_files(made.entries()))


def test_discarded_rows_are_not_backed_up_and_do_not_come_back(
    made: SmallContract, muniment: Muniment, tmp_path: Path
) -> None:
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    back_up(made.folder, out=tmp_path / "later.zip")
    restore(tmp_path / "later.zip", into=tmp_path / "back")
    assert _statement(muniment, tmp_path / "back") == _statement(muniment, made.folder)
    assert not any(b"=V2019-05-001" in path.read_bytes() for path in (tmp_path / "back" / "blobs").rglob("*/*"))


@pytest.mark.parametrize("is_approved", [False, True])
def test_rows_of_late_evidence_that_waits_are_kept(
    made: SmallContract, muniment: Muniment, *, is_approved: bool
) -> None:
    _locked_again(made)
    made.submit(table="visits", month=APRIL, content=visits(APRIL, late=1), number=2)
    made.record(subject="tiny/visits/2019-04/s2", payload=SubmissionApproved(), side="supplier", actor="p-3")
    made.record(subject="tiny/visits/2019-04/s2", payload=SubmissionAccepted())
    _restated(made, APRIL)
    _restated(made, Month(2019, 6))  # the quarter's KPI rests on April too
    made.submit(table="visits", month=APRIL, content=visits(APRIL, late=2), number=3)
    if is_approved:
        made.record(subject="tiny/visits/2019-04/s3", payload=SubmissionApproved(), side="supplier", actor="p-3")
    refused = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    says = "tiny/visits/2019-04 has late evidence on which nobody decided, and the rows of its months are needed"
    assert (refused.exit, says in refused.err) == (1, True), refused.err


def test_rows_of_a_result_in_dispute_are_kept(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    disputed = ResultDisputed("SEEN", APRIL, supplier_value="99", authority_value="85.00")
    made.record(subject="tiny/SEEN/2019-04/d1", payload=disputed, side="supplier", actor="p-3")
    refused = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    assert (refused.exit, "tiny/SEEN/2019-04 is in dispute" in refused.err) == (1, True), refused.err


def test_rows_of_months_for_which_mitigation_is_asked_are_kept(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    asked = MitigationRequested(kpi="LOST", ground="authority_act", first=Month(2019, 6), last=JULY, plan="Wait.")
    made.record(subject="tiny/LOST/2019-06/g1", payload=asked, side="supplier", actor="p-2")
    refused = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    assert (refused.exit, "tiny/LOST/2019-06/g1 is not decided" in refused.err) == (1, True), refused.err


def test_nothing_is_discarded_twice(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    again = muniment("discard-rows", made.folder, "--before", "2019-07", *ACT)
    assert (again.exit, "no rows are kept of months before July 2019" in again.err) == (1, True)


def test_only_an_administrator_of_the_authority_discards(made: SmallContract, muniment: Muniment) -> None:
    """Nobody else makes good a crash either."""
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    left = made.store.blobs.put(visits(APRIL).encode())
    words = ("--as", "p-2", "--for", "supplier", "--reason", "We would rather not show them.")
    refused = muniment("discard-rows", made.folder, "--before", "2019-07", *words)
    assert (refused.exit, "which may not discard rows" in refused.err) == (1, True)
    assert made.store.blobs.has(left)
    again = ("--as", "p-1", "--for", "authority", "--reason", "Once more.")
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *again).exit == 1
    assert not made.store.blobs.has(left)


def _send_again(made: SmallContract, ledger: Ledger) -> str:
    """April's rows, which were discarded, come once more for July; this is the digest that the record acknowledges."""
    made.clock.move_to(made.entries()[-1].recorded_at)
    content = visits(APRIL).encode()
    submitted = receive_submission(
        ledger=ledger, blobs=made.store.blobs, act=Act("p-2", "supplier", "Sent again."), table="visits",
        period="2019-07", file_name="visits.csv", file_kind="csv", sha256=made.store.blobs.put(content), rows=40,
        tables=["visits"], put_back=lambda: made.store.blobs.put(content),
    )  # fmt: skip
    return str(submitted.payload["sha256"])


class Meanwhile:
    """A ledger in which something happens just before, or just after, an entry is written."""

    def __init__(self, real: Ledger, *, before: Callable[[], object] = str, after: Callable[[], object] = str) -> None:
        self.real, self.before, self.after = real, before, after

    @property
    def clock_kind(self) -> ClockKind:
        return self.real.clock_kind

    def entries(self) -> tuple[Entry, ...]:
        return self.real.entries()

    def append(self, drafts: Sequence[Draft], *, expected_head: str | None) -> tuple[Entry, ...]:
        self.before()
        added = self.real.append(drafts, expected_head=expected_head)
        self.after()
        return added


def test_a_file_that_was_acknowledged_is_kept_although_its_rows_are_being_discarded(
    made: SmallContract, muniment: Muniment
) -> None:
    """Dropped between the look for the file and the entry, it is put back; after the entry, it is not dropped."""
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    elsewhere = FolderStore(made.folder, clock=made.clock, salts=ScriptedSalts("elsewhere"))
    ledger, blobs = elsewhere.ledger, elsewhere.blobs
    dropping = partial(finish_discarding, ledger=ledger, blobs=blobs)
    assert made.store.blobs.has(_send_again(made, Meanwhile(made.store.ledger, before=dropping)))


def test_a_file_that_comes_while_it_is_dropped_is_put_back(made: SmallContract, muniment: Muniment) -> None:
    _locked_again(made)
    assert muniment("discard-rows", made.folder, "--before", "2019-07", *ACT).exit == 0
    digest = made.store.blobs.put(visits(APRIL).encode())
    sent: list[str] = []

    class Reading(Meanwhile):
        """Between its first reading, which says what to drop, and the next, the file is submitted."""

        def entries(self) -> tuple[Entry, ...]:
            known = self.real.entries()
            if not sent:
                sent.append(_send_again(made, made.store.ledger))
            return known

    finish_discarding(ledger=Reading(made.store.ledger), blobs=made.store.blobs)
    assert (sent, made.store.blobs.has(digest)) == ([digest], True)
