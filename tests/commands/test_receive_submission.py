"""A submission is one file for one table and month; a second one supersedes the first."""

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.evidence import receive_submission
from muniment.domain.evidence.submissions import counting_submissions, submissions_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Entry

ANALYST = Act("p.lane", "supplier", "monthly return")


def _submit(store: FolderStore, *, content: bytes = b"C-1", period: str = "2019-09", table: str = "calls") -> Entry:
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
    assert _submit(store).subject == "cssc/calls/2019-09/s1"
    assert _submit(store, content=b"C-2").subject == "cssc/calls/2019-09/s2"
    assert _submit(store, period="2019-10").subject == "cssc/calls/2019-10/s1"
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
    _submit(store)
    before = store.ledger.entries()
    _submit(store, content=b"C-2")
    assert [s.is_current for s in submissions_known(before)] == [True]


@pytest.mark.parametrize("period", ["2019-09-15", "2019-9", "September 2019", "2019-13", "2019"])
def test_evidence_is_for_a_whole_month(store: FolderStore, period: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _submit(store, period=period)
    assert refused.value.rule == "whole_month"


def test_a_table_must_be_agreed_and_a_near_name_is_suggested(store: FolderStore) -> None:
    with pytest.raises(RefusedError, match=r"knows no evidence table 'call' - did you mean 'calls'\?"):
        _submit(store, table="call")


def test_the_same_file_twice_is_not_a_second_submission(store: FolderStore) -> None:
    _submit(store)
    with pytest.raises(RefusedError, match="cssc/calls/2019-09/s1 is the same file"):
        _submit(store)


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
