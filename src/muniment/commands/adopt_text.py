"""Adopt the agreed text: declare that the files, as they are, are what was agreed.

With a change notice that was proposed, only after the supplier agreed to its very text.

Adopted late, it may say something else of months that are locked: the entry names them, and they wait to be restated.
"""

from collections.abc import Mapping, Sequence

from muniment.commands.queries.touched import touched_months
from muniment.commands.recording import record
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.ports import Ledger
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import of_kind
from muniment.domain.regime.adoption import TextAdopted, adopted_text_known, hashes_of
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.agreements import agreement_known


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
        raise Refused("text", "there is no text to adopt", "put contract.yaml and regime.yaml in place")

    def decide(entries: Sequence[Entry]) -> Draft:
        contract = contract_of(entries)
        adopted = adopted_text_known(entries)
        files = hashes_of(texts)
        if notice is not None and agreement_known(entries, notice=notice, text=texts[notice]) is None:
            what = "the supplier has not agreed to this text of the notice"
            raise Refused("both_sides", what, "the supplier's approver could agree to it")
        if adopted and adopted.files == dict(files) and adopted.fingerprint == fingerprint:
            raise Refused("nothing_new", f"this text was adopted already, as {adopted.id}", "change it first")
        touches = touched_months(entries, text=text) if text is not None else ()
        number = 1 + sum(1 for _ in of_kind(entries, TextAdopted))
        return Draft(f"{contract}/text/t{number}", TextAdopted(files, fingerprint, touches), act)

    return record(
        ledger=ledger, act=act, verb="adopt_text", kind=TextAdopted, decide=decide, thing_of=lambda c: f"{c}/text"
    )
