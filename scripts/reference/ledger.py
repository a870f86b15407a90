"""docs/reference/ledger.md: the form of an entry, and every kind with its fields, from what reads them."""

import json
from collections.abc import Mapping

from scripts.reference.kinds import FIELDS, SAYS, fields_of
from scripts.reference.markdown import code, page, table

from muniment.commands.entry_kinds import KINDS
from muniment.domain.record.act import Act
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import ScriptedSalts
from muniment.domain.record.opened import RecordOpened

FORM: Mapping[str, str] = {
    "actor": "who did it: an id, declared and not authenticated in a folder",
    "commitments": "name of a text to the sha256 of its salt and the text",
    "hash": "sha256 of the entry, 64 hexadecimal digits",
    "key": "the idempotency key, or null; the same key again records nothing new",
    "kind": "what happened, a verb in the past",
    "on_behalf_of": "`authority` or `supplier`",
    "payload": "the fields of the kind, below",
    "previous": "the hash of the entry before; null in the first",
    "recorded_at": "when the store recorded it, UTC to the second; it never goes back",
    "schema": "the version of this form",
    "seq": "1 for the first entry; line n is entry n",
    "subject": "the id of the thing that it happened to",
    "texts": "name of a text to its salt and its words; it stands outside the hash, so that it can be erased",
    "transaction_end": "the `seq` of the last entry of the same transaction",
    "version": "the version of the payload's form",
}
RECIPE = """
import hashlib, json

for line in open("ledger.jsonl", encoding="utf-8"):
    entry = json.loads(line)
    hashed = {name: value for name, value in entry.items() if name not in ("hash", "texts")}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == entry["hash"]
    for name, kept in entry["texts"].items():
        salted = kept["salt"] + kept["text"]
        assert hashlib.sha256(salted.encode()).hexdigest() == entry["commitments"][name]
"""


def ledger_page() -> str:
    parts = [
        (
            "What happened is kept in `ledger.jsonl`, one entry a line, oldest first. Lines are only "
            "ever added. Each entry "
            "is canonical JSON: keys in order, no spaces, UTF-8, whole numbers or text and never a fraction."
        ),
        "## The form of an entry",
        code(json.dumps(_first_entry().canonical(), indent=2, ensure_ascii=False, sort_keys=True), "json"),
        table(("Field", "What it holds"), [(f"`{name}`", FORM[name]) for name in sorted(_first_entry().canonical())]),
        "## The hash",
        (
            "`hash` is the sha256 of the entry's canonical JSON without `hash` and `texts`. It "
            "covers `previous`, so an entry "
            "stands for everything before it: the hash of the last entry, the *head*, names the "
            "whole record. Reports print "
            "its first twelve digits. This finds any change, with nothing but Python:"
        ),
        code(RECIPE.strip(), "python"),
        "## Free text",
        (
            "A reason, a cause or a plan may hold what must be erased one day. The entry hashes a "
            "commitment to it: the "
            "sha256 of a salt of 32 hexadecimal digits followed by the text. Salt and text stand in "
            "`texts`. Where both are "
            "taken away the chain still holds, nobody can guess what was written, and the text is shown as "
            "`[text erased]`. Every entry has a `reason`."
        ),
        "## Transactions",
        (
            "Entries that belong together are written in one go under a lock, and each names the last of them in "
            "`transaction_end`. They count when all of them are on the disk. What a crash leaves "
            "half-written was never "
            "acknowledged and does not count; the next write moves those bytes to "
            "`ledger.jsonl.torn`. An act is decided on "
            "the head that it read; where another entry came in between, it is decided again."
        ),
        "## Kinds",
    ]
    for kind, payload in KINDS.items():
        subject, says = SAYS.get(kind, ("", ""))
        rows = [(f"`{name}`", holds, FIELDS.get(name, "")) for name, holds in fields_of(payload).items()]
        parts += [f"### {kind}", f"{says} Its subject is as in `{subject}`. Form {payload.version}."]
        parts.append(table(("Field", "Holds", "Which is"), rows) if rows else "It has no fields of its own.")
    return page(title="The ledger", parts=parts)


def _first_entry() -> Entry:
    act = Act(actor="p-3b96a57dc4", on_behalf_of="authority", reason="The contract is kept in this record from April.")
    draft = Draft("cssc", RecordOpened("cssc", "scripted"), act)
    salts = ScriptedSalts("muniment example")
    return sealed_onto(None, drafts=[draft], recorded_at="2019-03-25T09:00:00Z", salts=salts)[0]
