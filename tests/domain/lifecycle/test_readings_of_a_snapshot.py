"""What is read from a snapshot, extended step by step, is what a fold from the first entry says."""

from collections.abc import Callable, Sequence
from datetime import date
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.assessment.disputes import DisputeResolved, ResultDisputed, disputes_known
from muniment.domain.assessment.failure_notes import FailureExplained, failure_notes_known
from muniment.domain.assessment.mitigation import MitigationDecided, MitigationRequested, mitigations_known
from muniment.domain.assessment.month_lock import StatementSigned, locks_known, signatures_known, version_locked
from muniment.domain.evidence.acceptance import SubmissionAccepted, SubmissionApproved
from muniment.domain.evidence.challenges import ChallengeAnswered, ChallengeClosed, EvidenceChallenged, challenges_known
from muniment.domain.evidence.submissions import SubmissionReceived, counting_submissions, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.kernel.problem import Problem, ProblemsFoundError
from muniment.domain.lifecycle.appointments import (
    AppointmentEnded,
    PersonAppointed,
    appointments_known,
    has_appointments,
)
from muniment.domain.lifecycle.states import states_known
from muniment.domain.portfolio.updates import ProjectUpdated, project_updates_known
from muniment.domain.record.act import Act
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.record.index import about_since, entries_of, first_with_key
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.replay import of_kind
from muniment.domain.record.snapshot import Snapshot
from muniment.domain.record.versions import is_about, version_of

MAY = Month(2019, 5)
CALLS = "cssc/calls/2019-05"
KPI = "cssc/CSC_KPI_04/2019-05"
THINGS = (CALLS, f"{CALLS}/s1", "cssc/calls", "cssc", "cssc/2019-05", "cssc/2019-06", KPI, "cssc/cal", "nobody")
KEYS = ("k1", "k2", "k3")


def _by(party: str, key: str | None = None) -> Act:
    if party == "supplier":
        return Act("p.lane", "supplier", "the month of May", key=key)
    return Act("m.okafor", "authority", "as agreed", key=key)


def _received(number: int, supersedes: str | None) -> Draft:
    received = SubmissionReceived("calls", MAY, "calls.csv", "csv", f"{number}" * 64, 3, supersedes)
    return Draft(f"{CALLS}/s{number}", received, _by("supplier", key=f"k{number}"))


PIECES: tuple[Draft, ...] = (
    _received(1, None),
    _received(2, f"{CALLS}/s1"),
    Draft(f"{CALLS}/s1", SubmissionApproved(), _by("supplier")),
    Draft(f"{CALLS}/s1", SubmissionAccepted(), _by("authority")),
    Draft(f"{CALLS}/s2", SubmissionApproved(), _by("supplier")),
    Draft(f"{CALLS}/q1", EvidenceChallenged(f"{CALLS}/s1", "why so few?"), _by("authority")),
    Draft(f"{CALLS}/q1", ChallengeAnswered("a quiet month"), _by("supplier")),
    Draft(f"{CALLS}/q1", ChallengeClosed("withdrawn"), _by("authority")),
    Draft(f"{KPI}/d1", ResultDisputed("CSC_KPI_04", MAY, "97%"), _by("supplier")),
    Draft(f"{KPI}/d1", DisputeResolved("upheld"), _by("authority")),
    Draft(f"{KPI}/g1", MitigationRequested("CSC_KPI_04", "flood", MAY, MAY.plus(1)), _by("supplier")),
    Draft(f"{KPI}/g1", MitigationDecided("granted", "no_points"), _by("authority")),
    Draft("cssc/2019-05/v1", StatementSigned(MAY, "a" * 64, date(2019, 6, 9), 3), _by("authority")),
    Draft("cssc/2019-06/v1", StatementSigned(MAY.plus(1), "b" * 64, date(2019, 7, 9), 3), _by("authority", key="k3")),
    Draft(f"{KPI}/f1", FailureExplained("CSC_KPI_04", MAY, "a flood", "callers waited", "a wall"), _by("supplier")),
    Draft(
        "cssc/projects/wan/2019-05-31/u1",
        ProjectUpdated("wan", date(2019, 5, 31), "amber", "delivery", "late", None),
        _by("supplier", key="k1"),
    ),
    Draft("cssc/appointments/a1", PersonAppointed("anna", "administrator", date(2019, 5, 1)), _by("authority")),
    Draft("cssc/appointments/a1", AppointmentEnded(date(2019, 5, 9)), _by("authority")),
)
READINGS: tuple[Callable[[Sequence[Entry]], object], ...] = (
    states_known,
    lambda entries: list(states_known(entries)),
    submissions_known,
    counting_submissions,
    challenges_known,
    disputes_known,
    mitigations_known,
    failure_notes_known,
    project_updates_known,
    signatures_known,
    locks_known,
    lambda entries: version_locked(entries, MAY),
    lambda entries: list(appointments_known(entries).items()),
    has_appointments,
    lambda entries: list(of_kind(entries, SubmissionReceived)),
    lambda entries: entries_of(entries, SubmissionReceived.kind),
    lambda entries: entries_of(entries, SubmissionApproved.kind, SubmissionReceived.kind, ChallengeClosed.kind),
)


def _chain(drafts: Sequence[Draft]) -> tuple[Entry, ...]:
    salts = ScriptedSalts("tests")
    opened = Draft("cssc", RecordOpened("cssc", "scripted"), _by("authority"))
    entries: tuple[Entry, ...] = ()
    for draft in (opened, *drafts):
        last = entries[-1] if entries else None
        entries += sealed_onto(last, drafts=[draft], recorded_at="2019-06-09T10:00:00Z", salts=salts)
    return entries


def _said(reading: Callable[[Sequence[Entry]], object], entries: Sequence[Entry]) -> object | tuple[Problem, ...]:
    try:
        return reading(entries)
    except ProblemsFoundError as found:
        return found.problems


def _possible(drafts: Sequence[Draft]) -> list[Draft]:
    """Those that could happen, each after the ones before it."""
    kept: list[Draft] = []
    for draft in drafts:
        try:
            for reading in READINGS:
                reading(_chain([*kept, draft]))
        except ProblemsFoundError:
            continue
        kept.append(draft)
    return kept


pieces = st.lists(st.sampled_from(PIECES), max_size=12)
steps = st.lists(st.integers(0, 4), max_size=12)
asked = st.lists(st.sets(st.integers(0, len(READINGS) - 1)), min_size=14, max_size=14)


@given(pieces, st.lists(st.sampled_from(PIECES), max_size=2), steps, asked)
def test_a_snapshot_extended_in_any_steps_reads_as_the_whole_record(
    happened: list[Draft], perhaps_impossible: list[Draft], by: list[int], which: list[set[int]]
) -> None:
    whole = _chain([*_possible(happened), *perhaps_impossible])
    snapshot = Snapshot()
    for step, some in zip([*by, len(whole)], which, strict=False):
        snapshot = snapshot.followed_by(whole[len(snapshot) : len(snapshot) + step])
        plain = whole[: len(snapshot)]
        assert snapshot == plain
        for number in some:
            assert _said(READINGS[number], snapshot) == _said(READINGS[number], plain)
    assert snapshot == whole
    assert [_said(reading, snapshot) for reading in READINGS] == [_said(reading, whole) for reading in READINGS]


def _is_about(subject: str, thing: str) -> bool:
    """The rule, spelled out: the thing itself, what is under it, or what happened to the parts of a month."""
    parts = subject.split("/")
    is_of_month = len(parts) > 2 and thing == f"{parts[0]}/{parts[2]}" and parts[2].startswith("2019-")
    return subject == thing or subject.startswith(f"{thing}/") or (is_of_month and len(parts[2]) == 7)


@given(pieces, steps)
def test_versions_and_keys_are_found_in_a_snapshot_as_by_looking_through_it(
    happened: list[Draft], by: list[int]
) -> None:
    whole = _chain(happened)
    snapshot = Snapshot()
    for step in [*by, len(whole)]:
        snapshot = snapshot.followed_by(whole[len(snapshot) : len(snapshot) + step])
        for thing in THINGS:
            about = [entry for entry in snapshot if _is_about(entry.subject, thing)]
            assert [entry for entry in snapshot if is_about(entry.subject, thing)] == about
            assert version_of(snapshot, thing) == max((entry.seq for entry in about), default=0)
            for seen in range(len(snapshot) + 1):
                assert list(about_since(snapshot, thing, seen=seen)) == [e for e in about if e.seq > seen]
        for key in KEYS:
            assert first_with_key(snapshot, key) == next((e for e in snapshot if e.key == key), None)


def test_two_records_that_part_do_not_read_each_others_entries() -> None:
    common = Snapshot().followed_by(_chain(PIECES[:1]))
    one = common.followed_by(_chain([PIECES[0], PIECES[2]])[2:])
    other = common.followed_by(_chain([PIECES[0], PIECES[1]])[2:])
    for snapshot in (one, other, one, common, other):
        assert submissions_known(snapshot) == submissions_known(tuple(snapshot))
        assert states_known(snapshot) == states_known(tuple(snapshot))


def test_a_text_that_was_erased_is_not_read_from_an_earlier_snapshot() -> None:
    whole = _chain(PIECES[:1])
    empty = Snapshot()
    assert submissions_known(empty.followed_by(whole))[0].recorded.reason == "the month of May"
    erased = (whole[0], whole[1].without_text("reason"))
    assert submissions_known(empty.followed_by(erased))[0].recorded.reason == "[text erased]"


def test_what_was_read_does_not_change_when_entries_follow() -> None:
    snapshot = Snapshot(_chain(PIECES[:1]))
    things, submissions, appointed = states_known(snapshot), submissions_known(snapshot), appointments_known(snapshot)
    before = (dict(things), submissions, dict(appointed))
    longer = snapshot.followed_by(_chain([PIECES[0], PIECES[2], PIECES[16]])[2:])
    assert states_known(longer) != things
    assert appointments_known(longer) != appointed
    assert (things, submissions, appointed) == before


def test_an_entry_that_cannot_have_happened_is_said_every_time_it_is_read() -> None:
    snapshot = Snapshot(_chain([PIECES[3]]))
    for _ in range(2):
        with pytest.raises(ProblemsFoundError, match=r"ledger\.jsonl:2"):
            states_known(snapshot)


def test_only_what_follows_is_taken() -> None:
    taken: list[int] = []

    class Counting:
        def take(self, entry: Entry) -> None:
            taken.append(entry.seq)

    whole = _chain(PIECES[:3])
    snapshot = Snapshot(whole[:3])
    for _ in range(2):
        with snapshot.folded(Counting):
            pass
    with snapshot.followed_by(whole[3:]).folded(Counting):
        pass
    assert taken == [1, 2, 3, 4]


def test_threads_that_read_and_extend_one_snapshot_all_read_it_right() -> None:
    whole = _chain([PIECES[14]] * 60)
    snapshot = Snapshot(whole[:1])
    error: list[int] = []

    def read(start: Snapshot) -> None:
        longer = start
        for entry in whole[1:]:
            longer = longer.followed_by([entry])
            if len(failure_notes_known(longer)) != entry.seq - 1 or version_of(longer, KPI) != entry.seq:
                error.append(entry.seq)

    threads = [Thread(target=read, args=(snapshot,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert error == []
