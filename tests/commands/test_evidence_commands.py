"""Commands on evidence: what each records and refuses."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.challenges import answer_challenge, challenge_evidence, close_challenge
from muniment.commands.evidence import (
    accept_submission,
    approve_submission,
    receive_submission,
    withdraw_acceptance,
    withdraw_submission,
)
from muniment.domain.evidence.challenges import challenges_known
from muniment.domain.evidence.submissions import counting_submissions, rejections, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry

ANALYST = Act("p.lane", "supplier", "monthly return")


def _submit_calls(
    store: FolderStore, *, content: bytes = b"C-1", period: str = "2019-09", table: str = "calls"
) -> Entry:
    return receive_submission(
        ledger=store.ledger,
        blobs=store.blobs,
        act=ANALYST,
        table=table,
        period=period,
        file_name="calls.csv",
        file_kind="csv",
        sha256=store.blobs.put(content),
        rows=1,
        tables=["calls", "incidents"],
    )


def test_a_second_submission_for_the_table_and_month_supersedes_the_first(store: FolderStore) -> None:
    assert _submit_calls(store).subject == "cssc/calls/2019-09/s1"
    assert _submit_calls(store, content=b"C-2").subject == "cssc/calls/2019-09/s2"
    assert _submit_calls(store, period="2019-10").subject == "cssc/calls/2019-10/s1"
    known = submissions_known(store.ledger.entries())
    assert [(s.id, s.superseded_by) for s in known] == [
        ("cssc/calls/2019-09/s1", "cssc/calls/2019-09/s2"),
        ("cssc/calls/2019-09/s2", None),
        ("cssc/calls/2019-10/s1", None),
    ]
    assert (
        counting_submissions(store.ledger.entries())["calls", Month(2019, 9)].received.supersedes
        == "cssc/calls/2019-09/s1"
    )


def test_what_was_known_before_the_second_submission_stays_known(store: FolderStore) -> None:
    _submit_calls(store)
    before = store.ledger.entries()
    _submit_calls(store, content=b"C-2")
    assert [s.is_current for s in submissions_known(before)] == [True]


@pytest.mark.parametrize("period", ["2019-09-15", "2019-9", "September 2019", "2019-13", "2019"])
def test_evidence_is_for_a_whole_month(store: FolderStore, period: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _submit_calls(store, period=period)
    assert refused.value.rule == "whole_month"


def test_a_table_must_be_agreed_and_a_near_name_is_suggested(store: FolderStore) -> None:
    with pytest.raises(RefusedError, match=r"knows no evidence table 'call' - did you mean 'calls'\?"):
        _submit_calls(store, table="call")


def test_the_same_file_twice_is_not_a_second_submission(store: FolderStore) -> None:
    _submit_calls(store)
    with pytest.raises(RefusedError, match="cssc/calls/2019-09/s1 is the same file"):
        _submit_calls(store)


def test_a_file_that_was_not_kept_cannot_be_submitted(store: FolderStore) -> None:
    with pytest.raises(RefusedError) as refused:
        receive_submission(
            ledger=store.ledger,
            blobs=store.blobs,
            act=ANALYST,
            table="calls",
            period="2019-09",
            file_name="calls.csv",
            file_kind="csv",
            sha256="a" * 64,
            rows=1,
            tables=["calls"],
        )
    assert refused.value.rule == "file_kept"


PREPARER = Act("p.lane", "supplier", "monthly return")
APPROVER = Act("r.adeyemi", "supplier", "checked against the telephone system")
OFFICER = Act("m.okafor", "authority", "the totals agree")
S1, S2 = "cssc/calls/2019-09/s1", "cssc/calls/2019-09/s2"


def _submit(store: FolderStore, content: bytes) -> str:
    return receive_submission(
        ledger=store.ledger, blobs=store.blobs, act=PREPARER, table="calls", period="2019-09", file_name="calls.csv",
        file_kind="csv", sha256=store.blobs.put(content), rows=3, tables=["calls"],
    ).subject  # fmt: skip


def _approve(store: FolderStore, submission: str) -> None:
    approve_submission(ledger=store.ledger, act=APPROVER, submission=submission)


def _counting(store: FolderStore) -> tuple[str, bool] | None:
    found = counting_submissions(store.ledger.entries()).get(("calls", Month(2019, 9)))
    return (found.id, found.is_provisional) if found else None


def test_the_latest_counts_provisionally_until_one_is_accepted(store: FolderStore) -> None:
    assert _counting(store) is None
    _approve(store, _submit(store, b"C-1"))
    assert _counting(store) == (S1, True)
    _submit(store, b"C-2")
    assert _counting(store) == (S2, True)
    _approve(store, S2)
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S2)
    assert _counting(store) == (S2, False)


def test_after_acceptance_a_new_one_is_a_proposal(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    _approve(store, _submit(store, b"C-2"))
    assert _counting(store) == (S1, False)
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S2)
    assert _counting(store) == (S2, False)


def test_a_withdrawn_submission_never_counts_and_may_be_handed_in_again(store: FolderStore) -> None:
    _submit(store, b"C-1")
    withdraw_submission(ledger=store.ledger, act=PREPARER, submission=S1)
    assert _counting(store) is None
    assert _submit(store, b"C-1") == S2
    assert _counting(store) == (S2, True)


def test_accepted_evidence_is_not_taken_back_by_its_supplier(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    with pytest.raises(RefusedError) as refused:
        withdraw_submission(ledger=store.ledger, act=PREPARER, submission=S1)
    assert refused.value.rule == "after_acceptance"


def test_a_mistaken_acceptance_is_withdrawn_by_an_entry(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    withdraw_acceptance(ledger=store.ledger, act=OFFICER, submission=S1)
    assert _counting(store) == (S1, True)


def test_rejected_rows_are_named_with_their_reason(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S1, rejected=[("C-9", "a test call")])
    assert [(row.table, str(row.month), row.row, row.reason) for row in rejections(store.ledger.entries())] == [
        ("calls", "2019-09", "C-9", "a test call")
    ]


@pytest.mark.parametrize(
    "rejected", [[("C-9", " ")], [("C-9", "a"), ("C-9", "b")], [(f"C-{n}", "a") for n in range(4)]]
)
def test_rows_are_rejected_once_each_with_a_reason_and_no_more_than_there_are(
    store: FolderStore, rejected: list[tuple[str, str]]
) -> None:
    _approve(store, _submit(store, b"C-1"))
    with pytest.raises(RefusedError) as refused:
        accept_submission(ledger=store.ledger, act=OFFICER, submission=S1, rejected=rejected)
    assert refused.value.rule == "rejected_rows"


def test_a_challenge_is_answered_and_closed_before_acceptance(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    asked = challenge_evidence(
        ledger=store.ledger, act=OFFICER, submission=S1, question="Why are there so few?", rows=["C-1"]
    ).subject
    assert asked == "cssc/calls/2019-09/q1"
    with pytest.raises(RefusedError, match="a contract officer could close it first"):
        accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    answer_challenge(ledger=store.ledger, act=PREPARER, challenge=asked, answer="The line was down.")
    close_challenge(ledger=store.ledger, act=OFFICER, challenge=asked, outcome="withdrawn")
    accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    known = challenges_known(store.ledger.entries())[0]
    assert (known.answer, known.outcome, known.is_open) == ("The line was down.", "withdrawn", False)


def test_a_new_file_ends_the_challenge_about_the_old_one(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    challenge_evidence(ledger=store.ledger, act=OFFICER, submission=S1, question="Why are there so few?")
    _submit(store, b"C-2")
    assert challenges_known(store.ledger.entries())[0].lapsed == S2


def test_what_was_looked_at_is_what_is_decided(store: FolderStore) -> None:
    _approve(store, _submit(store, b"C-1"))
    _approve(store, _submit(store, b"C-2"))
    with pytest.raises(RefusedError, match=f"the latest is {S2}") as refused:
        accept_submission(ledger=store.ledger, act=OFFICER, submission=S1)
    assert refused.value.rule == "latest_submission"
