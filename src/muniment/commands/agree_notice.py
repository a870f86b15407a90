"""Agree to a change notice: for the supplier, to exactly the text that is proposed. The authority can adopt it then."""

from collections.abc import Sequence

from muniment.commands.recording import record
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused
from muniment.domain.regime.adoption import adopted_text_known
from muniment.domain.regime.agreements import NoticeAgreed, agreed_to, agreement_known, number_of


def agree_notice(*, ledger: Ledger, act: Act, notice: str, text: str) -> Entry:
    """`notice`: the file that it is to be, changes/CCN-040.yaml. `text`: all of it, of which the record keeps the
    fingerprint."""
    number = number_of(notice)
    if number is None:
        raise Refused("notice_named", f"'{notice}' is not the file of a notice", "name it as changes/CCN-040.yaml")

    def decide(entries: Sequence[Entry]) -> Draft:
        adopted = adopted_text_known(entries)
        if adopted is not None and notice in adopted.files:
            what = f"the agreed text has a notice {notice}, as {adopted.id}"
            raise Refused("notice_new", what, "a contract manager could propose it under another number")
        before = agreement_known(entries, notice=notice, text=text)
        if before is not None:
            what = f"{before.recorded.actor} agreed to this text already, {before.recorded.at}"
            raise Refused("nothing_new", what, "the authority can adopt it")
        return Draft(f"{contract_of(entries)}/notices/{number}", agreed_to(notice, text), act)

    return record(
        ledger=ledger,
        act=act,
        verb="agree_notice",
        kind=NoticeAgreed,
        decide=decide,
        thing_of=lambda contract: f"{contract}/notices/{number}",
    )
