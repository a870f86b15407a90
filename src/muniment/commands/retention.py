"""Commands that delete: the rows of old months, and free texts. Recorded first; what was locked stays readable."""

from collections.abc import Mapping, Sequence
from functools import partial

from muniment.commands.recording import record_entry
from muniment.commands.spec import CommandField, CommandSpec
from muniment.domain.assessment.mitigation import mitigations_known
from muniment.domain.evidence.retention import RowsDiscarded, discarded_files, discarded_submissions
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month, months_from
from muniment.domain.lifecycle.machine import MachineName
from muniment.domain.lifecycle.policies import contract_of, whole_month
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.erasure import TextErased, not_yet_dropped
from muniment.domain.record.ports import DroppingBlobs, ErasingLedger, Ledger

DISCARD_ROWS = CommandSpec(
    name="discard_rows",
    says="discard rows",
    roles=("administrator",),
    entry_kind=RowsDiscarded,
    line="discard-rows",
    summary="discard the rows of locked months; what was decided on them stays",
    absent="Whoever runs the site discards rows, by the command line, where the deletion can be seen through.",
    fields=(CommandField("before", "the first month whose rows are kept, as 2019-07", "MONTH", "month", "before"),),
)
ERASE_TEXT = CommandSpec(
    name="erase_text",
    says="erase a text",
    roles=("administrator",),
    entry_kind=TextErased,
    line="erase-text",
    summary="erase a free text of an entry; the chain stays as it is",
    absent="Whoever runs the site erases, by the command line, where the deletion can be seen through.",
    fields=(
        CommandField("entry", "the entry's number", "N", "entry"),
        CommandField("text", "which text (default: reason)", "NAME", option="text", is_needed=False),
    ),
    perform=lambda acting, given: erase_text(
        ledger=acting.ledger, act=acting.act, entry=int(given.text("entry")),
        name=given.text_or_none("text") or "reason",
    ),
)  # fmt: skip
COMMANDS = (DISCARD_ROWS, ERASE_TEXT)

_LATE = ("has late evidence on which nobody decided", "a contract officer could accept it, or the supplier withdraw it")
_DISPUTE = ("is in dispute", "a decision maker could resolve it")
_OPEN: Mapping[tuple[MachineName, str], tuple[str, str]] = {
    ("table_month", "proposed"): _LATE,
    ("table_month", "proposal_approved"): _LATE,
    ("kpi_month", "disputed"): _DISPUTE,
    ("kpi_month", "settled_in_dispute"): _DISPUTE,
}
"""What is open in a state, and what to do. A table left in dispute at the lock is not: nobody is to decide on it."""


def discard_rows(
    *, ledger: Ledger, blobs: DroppingBlobs, act: Act, before: str, record_from: Month, spanning: Sequence[str]
) -> Entry:
    """Every month of the record before `before` must be locked, with nothing open on it: no late evidence, no dispute,
    no request for mitigation.

    `spanning`: KPIs with a period that begins before `before` and ends in it or later, and so still needs the rows.
    Repeated after a crash, it drops what was to be dropped.
    """
    month = whole_month(before)

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        finish_discarding(ledger=ledger, blobs=blobs)
        if spanning:
            what = f"a period of {', '.join(spanning)} runs over the beginning of {month.name}"
            raise RefusedError("whole_periods", what, "discard up to the beginning of a period")
        _must_be_locked(entries, contract=contract, record_from=record_from, before=month)
        _must_be_settled(entries, before=month)
        gone = discarded_submissions(entries)
        files = tuple(
            (found.id, found.received.sha256)
            for found in submissions_known(entries)
            if found.period < month and found.id not in gone
        )
        if not files:
            raise RefusedError(
                "nothing_new", f"no rows are kept of months before {month.name}", "nothing is left to do"
            )
        number = 1 + sum(known.kind == RowsDiscarded.kind for known in entries)
        return Draft(f"{contract}/discards/n{number}", RowsDiscarded(month, files), act)

    recorded = record_entry(ledger=ledger, act=act, command=DISCARD_ROWS, decide=decide)
    finish_discarding(ledger=ledger, blobs=blobs)
    return recorded


def finish_discarding(*, ledger: Ledger, blobs: DroppingBlobs) -> None:
    """Drop the files whose discarding was recorded before a crash came, but for one that was submitted again meanwhile.

    Whoever submits looks for the file after the entry; this looks for the entry after hiding the file. So one of the
    two notices the other, and the file is put back.
    """

    def is_needed(digest: str) -> bool:
        return digest not in discarded_files(ledger.entries())

    for digest in sorted(discarded_files(ledger.entries())):
        blobs.drop(digest, unless=partial(is_needed, digest))


def _must_be_locked(entries: Sequence[Entry], *, contract: str, record_from: Month, before: Month) -> None:
    things = states_known(entries)
    last = before.plus(-1)
    for month in months_from(record_from, last) if record_from <= last else ():
        state = state_in(things, machine="month", thing=f"{contract}/{month}")
        if state != "locked":
            what = f"{month.name} is {state.replace('_', ' ')}, and its rows are needed until it is locked"
            raise RefusedError("locked", what, "lock it, and decide what is open on it, or discard earlier months only")


def _must_be_settled(entries: Sequence[Entry], *, before: Month) -> None:
    """What is still to be decided may restate a month, and restating needs its rows."""
    waiting = [
        (thing.thing, *_OPEN[machine, thing.state])
        for (machine, _), thing in states_known(entries).items()
        if (machine, thing.state) in _OPEN and Month.parse(thing.thing.rpartition("/")[2]) < before
    ]
    waiting += [
        (found.id, "is not decided", "a decision maker could decide it, or the supplier withdraw it")
        for found in mitigations_known(entries)
        if found.is_open and found.first < before
    ]
    for thing, what, remedy in sorted(waiting)[:1]:
        raise RefusedError("settled", f"{thing} {what}, and the rows of its months are needed until then", remedy)


def erase_text(*, ledger: ErasingLedger, act: Act, entry: int, name: str = "reason") -> Entry:
    """`entry`: its seq. `name`: which of its texts. Repeated after a crash, it drops what was to be dropped."""
    finish_erasing(ledger=ledger)

    def decide(entries: Sequence[Entry], is_again: bool = False) -> Draft:
        contract = contract_of(entries)
        if not 0 < entry <= len(entries):
            raise RefusedError("entry", f"there is no entry {entry}", f"the record has {len(entries)}")
        target = entries[entry - 1]
        if name not in target.commitments:
            remedy = f"it has: {', '.join(sorted(target.commitments))}"
            raise RefusedError("text", f"entry {entry} has no text '{name}'", remedy)
        if name not in target.texts and not is_again:
            raise RefusedError(
                "nothing_new", f"the text '{name}' of entry {entry} is erased already", "nothing is left"
            )
        number = 1 + sum(known.kind == TextErased.kind for known in entries)
        return Draft(f"{contract}/erasures/e{number}", TextErased(entry, name), act)

    recorded = record_entry(
        ledger=ledger,
        act=act,
        command=ERASE_TEXT,
        decide=decide,
        again=lambda entries: decide(entries, is_again=True),
    )
    ledger.drop_text(seq=entry, name=name)
    return recorded


def finish_erasing(*, ledger: ErasingLedger) -> None:
    """Drop the texts whose erasure was recorded before a crash came."""
    for _, erased in not_yet_dropped(ledger.entries()):
        ledger.drop_text(seq=erased.entry, name=erased.name)
