"""Discard the rows of old months: recorded first, then the files are dropped. What was locked stays readable."""

from collections.abc import Sequence
from typing import Protocol

from muniment.commands.recording import record
from muniment.domain.evidence.retention import RowsDiscarded, discarded_files, discarded_submissions
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.lifecycle.policies import contract_of, whole_month
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Blobs, Ledger
from muniment.domain.record.refused import Refused


class DroppingBlobs(Blobs, Protocol):
    """Blobs that can be dropped for good."""

    def drop(self, sha256: str) -> None:
        """Drops the bytes, so that nobody can read them again. Dropped already: nothing happens. Raises NotRecorded."""
        ...


def discard_rows(
    *, ledger: Ledger, blobs: DroppingBlobs, act: Act, before: str, record_from: Month, spanning: Sequence[str]
) -> Entry:
    """Every month of the record before `before` must be locked, with nothing open on it.

    `spanning`: KPIs with a period that begins before `before` and ends in it or later, and so still needs the rows.
    Repeated after a crash, it drops what was to be dropped.
    """
    month = whole_month(before)
    finish_discarding(ledger=ledger, blobs=blobs)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        if spanning:
            what = f"a period of {', '.join(spanning)} runs over the beginning of {month.name}"
            raise Refused("whole_periods", what, "discard up to the beginning of a period")
        _must_be_locked(entries, contract=contract, record_from=record_from, before=month)
        gone = discarded_submissions(entries)
        files = tuple(
            (found.id, found.received.sha256)
            for found in submissions_known(entries)
            if found.period < month and found.id not in gone
        )
        if not files:
            raise Refused("nothing_new", f"no rows are kept of months before {month.name}", "nothing is left to do")
        number = 1 + sum(known.kind == RowsDiscarded.kind for known in entries)
        return Draft(f"{contract}/discards/n{number}", RowsDiscarded(month, files), act)

    recorded = record(ledger=ledger, act=act, verb="discard_rows", kind=RowsDiscarded, decide=decide)
    finish_discarding(ledger=ledger, blobs=blobs)
    return recorded


def finish_discarding(*, ledger: Ledger, blobs: DroppingBlobs) -> None:
    """Drop the files whose discarding was recorded before a crash came."""
    for digest in sorted(discarded_files(ledger.entries())):
        blobs.drop(digest)


def _must_be_locked(entries: Sequence[Entry], *, contract: str, record_from: Month, before: Month) -> None:
    things = states_known(entries)
    last = before.plus(-1)
    for month in months_from(record_from, last) if record_from <= last else ():
        state = state_in(things, machine="month", thing=f"{contract}/{month}")
        if state != "locked":
            what = f"{month.name} is {state.replace('_', ' ')}, and its rows are needed until it is locked"
            raise Refused("locked", what, "lock it, and decide what is open on it, or discard earlier months only")
