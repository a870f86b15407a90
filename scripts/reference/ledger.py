"""docs/reference/ledger.md: the form of an entry, and every kind with its fields, from what reads them."""

import ast
import inspect
import json
import textwrap
from collections.abc import Mapping

from scripts.reference.markdown import code, page, table

from muniment.domain.lifecycle.kinds import KINDS
from muniment.domain.record.act import Act
from muniment.domain.record.chain import sealed_onto
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.opened import RecordOpened
from muniment.domain.record.scripted import ScriptedSalts

HOLDS: Mapping[str, str] = {
    "line": "text", "line_or_none": "text or null", "whole": "whole number from 0", "choice": "one of a few words",
    "digest": "sha256", "month": "month", "day": "date", "day_or_none": "date or null", "pairs": "list of pairs",
    "free_text": "committed text", "free_text_or_none": "committed text, or none",
}  # fmt: skip
"""How PayloadReader reads a field -> what the field holds."""
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
KIND_SAYS: Mapping[str, tuple[str, str]] = {
    "record.opened": ("cssc", "The record begins. The first entry of a ledger, and no other."),
    "text.adopted": ("cssc/text/t1", "The files, as they are, are what was agreed."),
    "submission.received": ("cssc/calls/2019-09/s1", "An evidence file came, for one table and month."),
    "mitigation.requested": ("cssc/ACF_KPI_03/2019-04/g1", "The supplier asks for mitigation."),
    "mitigation.decided": ("cssc/ACF_KPI_03/2019-04/g1", "The authority, and not whoever asked, grants or refuses it."),
    "failure.explained": (
        "cssc/CSC_KPI_04/2019-09/f1",
        "Why a KPI failed. A later note for the same month counts instead.",
    ),
    "project.updated": ("cssc/projects/wan/2019-11-30/u1", "How a project stands as at a day."),
}
"""Kind -> an example of its subject, and what it says."""
FIELDS: Mapping[str, str] = {
    "contract": "short id of the contract", "clock": "`system`, or `scripted` where times are part of an example",
    "files": "path and sha256 of each file, in the order of the paths",
    "fingerprint": "that of the consolidated text, where given",
    "table": "the evidence table", "period": "the month; of a longer period the last", "file_name": "as it was sent",
    "kind": "`csv` or `parquet`", "sha256": "names the file in `blobs/`", "rows": "how many rows it has",
    "supersedes": "id of the submission that it replaces", "kpi": "code of the KPI", "ground": "name of the ground",
    "first": "first month asked for", "last": "last month asked for", "review_on": "when it will be looked at again",
    "plan": "the improvement plan", "outcome": "`granted` or `refused`", "effect": "what a grant does; of a failure, "
    "what followed from it", "cause": "why it failed", "remedy": "what is done about it",
    "typed": "figures typed into the texts, each with its source", "project": "id of the project",
    "as_at": "the day that it describes", "rag": "`red`, `amber` or `green`", "stage": "where the project is",
    "why": "the reason of the rating", "path_to_green": "the way back to green",
}  # fmt: skip
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
            "What happened is kept in `ledger.jsonl`, one entry a line, oldest first. Lines are only ever added. Each entry "
            "is canonical JSON: keys in order, no spaces, UTF-8, whole numbers or text and never a fraction."
        ),
        "## The form of an entry",
        code(json.dumps(_first_entry().canonical(), indent=2, ensure_ascii=False, sort_keys=True), "json"),
        table(("Field", "What it holds"), [(f"`{name}`", FORM[name]) for name in sorted(_first_entry().canonical())]),
        "## The hash",
        (
            "`hash` is the sha256 of the entry's canonical JSON without `hash` and `texts`. It covers `previous`, so an entry "
            "stands for everything before it: the hash of the last entry, the *head*, names the whole record. Reports print "
            "its first twelve digits. This finds any change, with nothing but Python:"
        ),
        code(RECIPE.strip(), "python"),
        "## Free text",
        (
            "A reason, a cause or a plan may hold what must be erased one day. The entry hashes a commitment to it: the "
            "sha256 of a salt of 32 hexadecimal digits followed by the text. Salt and text stand in `texts`. Where both are "
            "taken away the chain still holds, nobody can guess what was written, and the text is shown as "
            "`[text erased]`. Every entry has a `reason`."
        ),
        "## Transactions",
        (
            "Entries that belong together are written in one go under a lock, and each names the last of them in "
            "`transaction_end`. They count when all of them are on the disk. What a crash leaves half-written was never "
            "acknowledged and does not count; the next write moves those bytes to `ledger.jsonl.torn`. An act is decided on "
            "the head that it read; where another entry came in between, it is decided again."
        ),
        "## Kinds",
    ]
    for kind, payload in KINDS.items():
        subject, says = KIND_SAYS[kind]
        rows = [(f"`{name}`", holds, FIELDS[name]) for name, holds in fields_of(payload).items()]
        parts += [f"### {kind}", f"{says} Its subject is as in `{subject}`. Form {payload.version}.",
                  table(("Field", "Holds", "Which is"), rows)]  # fmt: skip
    return page(title="The ledger", parts=parts)


def fields_of(payload: type[Payload]) -> dict[str, str]:
    """Field -> what it holds, from the calls by which the payload is read."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(payload.read)))
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "typed_figures":
            found["typed"] = HOLDS["pairs"]
        elif (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in HOLDS
            and ast.unparse(node.func.value) == "source"
        ):
            found.setdefault(ast.literal_eval(node.args[0]), HOLDS[node.func.attr])
    return found


def _first_entry() -> Entry:
    act = Act(actor="p-3b96a57dc4", on_behalf_of="authority", reason="The contract is kept in this record from April.")
    draft = Draft("cssc", RecordOpened("cssc", "scripted"), act)
    salts = ScriptedSalts("muniment example")
    return sealed_onto(None, drafts=[draft], recorded_at="2019-03-25T09:00:00Z", salts=salts)[0]
