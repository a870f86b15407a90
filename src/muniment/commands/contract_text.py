"""Commands on the agreed text: the supplier agrees to a change notice, the authority adopts the files as they are."""

from collections.abc import Mapping, Sequence

from muniment.commands.queries.recalculation import touched_months
from muniment.commands.recording import record_entry
from muniment.commands.spec import CommandSpec
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.replay import of_kind
from muniment.domain.regime.adoption import TextAdopted, adopted_text_known, hashes_of
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.agreements import NoticeAgreed, agreed_to, agreement_known, notice_number

AGREE_NOTICE = CommandSpec(
    name="agree_notice",
    says="agree to a change notice",
    roles=("supplier_approver",),
    binds=True,
    entry_kind=NoticeAgreed,
)
ADOPT_TEXT = CommandSpec(
    name="adopt_text",
    says="adopt the agreed text",
    roles=("contract_manager", "administrator"),
    binds=True,
    entry_kind=TextAdopted,
    line="adopt",
    summary="declare that the agreed text, as it is, is what was agreed",
)
COMMANDS = (AGREE_NOTICE, ADOPT_TEXT)


def adopt_text(
    *,
    ledger: Ledger,
    act: Act,
    texts: Mapping[str, str],
    fingerprint: str | None = None,
    text: AgreedText | None = None,
    notice: str | None = None,
) -> Entry:
    """`texts`: path -> the whole text of each file. `fingerprint`: that of the consolidated text. `text`: the same as
    read, to be held against what locked months rest on. `notice`: the one of these files that was proposed."""
    if not texts:
        raise RefusedError("text", "there is no text to adopt", "put contract.yaml and regime.yaml in place")

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        adopted = adopted_text_known(entries)
        files = hashes_of(texts)
        if notice is not None and agreement_known(entries, notice=notice, text=texts[notice]) is None:
            what = "the supplier has not agreed to this text of the notice"
            raise RefusedError("both_sides", what, "the supplier's approver could agree to it")
        if adopted and adopted.files == dict(files) and adopted.fingerprint == fingerprint:
            raise RefusedError("nothing_new", f"this text was adopted already, as {adopted.id}", "change it first")
        touches = touched_months(entries, text=text) if text is not None else ()
        number = 1 + sum(1 for _ in of_kind(entries, TextAdopted))
        return Draft(f"{contract}/text/t{number}", TextAdopted(files, fingerprint, touches), act)

    return record_entry(ledger=ledger, act=act, command=ADOPT_TEXT, decide=decide, thing_of=lambda c: f"{c}/text")


def agree_notice(*, ledger: Ledger, act: Act, notice: str, text: str) -> Entry:
    """`notice`: the file that it is to be, changes/CCN-040.yaml. `text`: all of it, of which the record keeps the
    fingerprint."""
    number = notice_number(notice)
    if number is None:
        raise RefusedError("notice_named", f"'{notice}' is not the file of a notice", "name it as changes/CCN-040.yaml")

    def decide(entries: Sequence[Entry]) -> Draft:
        adopted = adopted_text_known(entries)
        if adopted is not None and notice in adopted.files:
            what = f"the agreed text has a notice {notice}, as {adopted.id}"
            raise RefusedError("notice_new", what, "a contract manager could propose it under another number")
        before = agreement_known(entries, notice=notice, text=text)
        if before is not None:
            what = f"{before.recorded.actor} agreed to this text already, {before.recorded.at}"
            raise RefusedError("nothing_new", what, "the authority can adopt it")
        return Draft(f"{contract_of(entries)}/notices/{number}", agreed_to(notice, text), act)

    return record_entry(
        ledger=ledger,
        act=act,
        command=AGREE_NOTICE,
        decide=decide,
        thing_of=lambda contract: f"{contract}/notices/{number}",
    )
