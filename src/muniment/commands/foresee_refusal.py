"""What stands against signing, locking, restating or keeping a month before its statement is computed.

Computing takes long; who may, whether the month moved on, and its state are known at once.
"""

from collections.abc import Sequence
from typing import Literal, get_args

from muniment.commands.recording import foresee
from muniment.commands.refuse_by_role import LEAVES
from muniment.domain.assessment.month_lock import signatures_known
from muniment.domain.kernel.period import Month
from muniment.domain.lifecycle.permissions import must_be_another, must_not_stand_in
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.lifecycle.states import allowed
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import Ledger

SettlingVerb = Literal["sign", "lock", "propose_restatement", "keep_statement"]
SETTLING: tuple[SettlingVerb, ...] = get_args(SettlingVerb)


def foresee_refusal(*, ledger: Ledger, act: Act, verb: SettlingVerb, month: Month) -> Entry | None:
    """The entry that the act's key left already; None where nothing stands against it so far.

    Raises Refused (Stale), remembered as that of the act itself; and NotRecorded.
    """

    def must(entries: Sequence[Entry]) -> None:
        thing = f"{contract_of(entries)}/{month}"
        allowed(entries, machine="month", thing=thing, event=verb)
        if verb == "lock":
            must_be_second(entries, act=act, month=month)

    return foresee(
        ledger=ledger,
        act=act,
        verb=verb,
        kind=LEAVES[verb],
        must=must,
        thing_of=lambda contract: f"{contract}/{month}",
    )


def must_be_second(entries: Sequence[Entry], *, act: Act, month: Month) -> None:
    """Raises Refused where the person signed the month first, or stands in for whoever did."""
    first = signatures_known(entries)[month]
    did = f"signed {contract_of(entries)}/{month} first"
    must_be_another(first.recorded.actor, act=act, did=did, what="sign second")
    must_not_stand_in(entries, act=act, verb="lock", first=first.recorded, first_verb="sign")
