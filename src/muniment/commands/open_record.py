"""Open the record of a contract: the first entry of its ledger."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.opened import CONTRACT_ID, RecordOpened, opening
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused


def open_record(*, ledger: Ledger, act: Act, contract: str) -> Entry:
    """`contract`: its short id, as in contract.yaml. Refused for a record that is open already."""
    if not CONTRACT_ID.fullmatch(contract):
        what = f"'{contract}' is not a short id"
        raise Refused("contract_id", what, "use small letters, digits, - and _, such as cssc")

    def decide(entries: Sequence[Entry]) -> Draft:
        opened = opening(entries)
        if opened is not None:
            raise Refused("record_open", f"the record of {opened.contract} is open already", "write to it")
        return Draft(contract, RecordOpened(contract, ledger.clock_kind), act)

    return record(ledger=ledger, act=act, verb="open_record", kind=RecordOpened, decide=decide)
