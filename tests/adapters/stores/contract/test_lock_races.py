"""A lock races a submission: whichever comes first, what v1 was computed from never changes, and nothing is lost."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from muniment.commands.evidence import receive_submission
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.evidence.submissions import counting_submissions, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import RefusedError
from muniment.domain.record.chain import verify_chain
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import StaleError
from tests.adapters.stores.contract.at_once import HEADING, at_once, opened
from tests.adapters.stores.contract.months import Case
from tests.adapters.stores.contract.whereabouts import KINDS, Kind, Store, Whereabouts

FIRST = Month(2019, 4)


def _submit(store: Store, case: Case, number: int) -> Entry:
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=case.by("preparer"),
        table="calls",
        period=str(case.month),
        file_name="calls.csv",
        file_kind="csv",
        sha256=store.blobs.put(f"{case.month} {number}".encode()),
        rows=1,
        tables=["calls"],
    )


def _race(place: Whereabouts, case: Case) -> str:
    """One month: signed, then the second signature against a later file. Who won: lock or submission."""
    case.record(*case.accepted(1))
    computed_on = len(case.ledger.entries())
    case.sign()

    def lock(store: Store) -> object:
        try:
            return Case(store.ledger, case.contract, case.month).lock(computed_on=computed_on)
        except RefusedError as refused:
            return refused

    locked, submitted = at_once(place, [lock, lambda store: _submit(store, case, 2)])
    assert isinstance(submitted, Entry)
    entries = case.ledger.entries()
    if isinstance(locked, Entry):
        assert (locked.seq < submitted.seq, submitted.payload["after_lock"]) == (True, "v1")
        _inputs_are_those_of_v1(entries, case, computed_on)
        return "lock"
    assert isinstance(locked, StaleError), locked
    assert "after_lock" not in submitted.payload
    assert case.month not in locks_known(entries)
    return "submission"


def _inputs_are_those_of_v1(entries: Sequence[Entry], case: Case, computed_on: int) -> None:
    """Between what was computed and the lock stands nothing that would change it; and the submission still counts."""
    (v1,) = locks_known(entries)[case.month]
    between = [entry.kind for entry in entries[computed_on : v1.recorded.seq] if str(case.month) in entry.subject]
    assert between == ["statement.signed", "month.locked"]
    assert v1.locked.sealed == case.sealed(1)
    counting = counting_submissions(entries)["calls", case.month]
    (counted,) = v1.locked.sealed_statement.inputs.submissions
    assert (counting.id, counting.received.sha256) == (counted.id, counted.sha256)


def _races(place: Whereabouts, *, times: int) -> Counter[str]:
    ledger = place.open().ledger
    won = Counter(_race(place, Case(ledger, place.contract, FIRST.plus(number))) for number in range(times))
    entries = place.open().ledger.entries()
    assert verify_chain(entries) == ()
    assert len(submissions_known(entries)) == 2 * times
    return won


def test_a_lock_and_a_submission_at_once_never_change_what_was_locked(store: Store, place: Whereabouts) -> None:
    assert _races(place, times=20).total() == 20


def test_after_the_lock_a_submission_is_taken_and_says_so(store: Store, place: Whereabouts) -> None:
    case = Case(store.ledger, place.contract, FIRST)
    case.record(*case.accepted(1))
    computed_on = len(store.ledger.entries())
    case.sign()
    case.lock(computed_on=computed_on)
    assert _submit(store, case, 2).payload["after_lock"] == "v1"
    _inputs_are_those_of_v1(store.ledger.entries(), case, computed_on)


def test_before_the_lock_a_submission_makes_the_signature_stale(store: Store, place: Whereabouts) -> None:
    case = Case(store.ledger, place.contract, FIRST)
    case.record(*case.accepted(1))
    computed_on = len(store.ledger.entries())
    case.sign()
    _submit(store, case, 2)
    with pytest.raises(StaleError):
        case.lock(computed_on=computed_on)


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_locks_against_submissions(
    kind: Kind, make_place: Callable[[Kind], Whereabouts], evidence: Callable[[str, str, str], None]
) -> None:
    began = time.monotonic()
    won: Counter[str] = Counter()
    for _ in range(20):
        won += _races(opened(make_place(kind)), times=50)
    seconds = time.monotonic() - began
    effects = f"{won['lock']} locked first, {won['submission']} submitted first"
    evidence("concurrency", HEADING, f"| {kind} | locks against submissions | 1000 | {effects} | {seconds:.0f} |")
    assert won.total() == 1000
