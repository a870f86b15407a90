"""Checks a Muniment bundle or ledger, with nothing but Python (3.8 or newer) and this one file.

    python verify.py BUNDLE.zip --head HEAD
    python verify.py ledger.jsonl --head HEAD

A head is the fingerprint of a ledger's last entry and vouches for all that was recorded up to then. Take it from where
the bundle's maker could not change it: a published report, a mail of that time, the other party's own copy.
Exit 0: nothing is wrong, or nobody gave a head and all of it is whole in itself. Exit 1: every fault is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import unicodedata
import zipfile
import zlib

FORMAT = 1
ENTRY_KEYS = {"schema", "seq", "kind", "version", "subject", "payload", "commitments", "actor", "on_behalf_of"}
ENTRY_KEYS |= {"recorded_at", "key", "transaction_end", "previous", "hash", "texts"}
MANIFEST_KEYS = {"format", "contract", "month", "version", "locked", "known", "computed_on", "statement", "head"}
MANIFEST_KEYS |= {"pseudonymised", "rows", "members"}
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
SALT = re.compile(r"[0-9a-f]{32}")
HEAD = re.compile(r"[0-9a-f]{12,64}")
DIGEST = re.compile(r"[0-9a-f]{64}")
STRONG = 32
PART = r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*"
KNOWN = re.compile(
    r"(manifest|decisions|calendars|engine)\.json|audit\.xlsx|README\.txt|verify\.py|ledger/proof\.jsonl"
    rf"|expected/(statement|results)\.json|sql/{PART}\.sql|rows/{PART}/{PART}\.(csv|parquet)"
    rf"|text/(contract|evidence|regime|projects|reporting)\.yaml|text/changes/{PART}\.yaml"
)
DECIDING = (
    *("mitigation.", "evidence.", "challenge.", "acceptance.", "result.", "dispute.", "statement.", "month."),
    *("restatement.", "submission.a", "submission.w"),
)
"""How the kinds of entries begin that decide what counts; 'submission.received' and what people told are not among
them."""
MANIFEST, PROOF = "manifest.json", "ledger/proof.jsonl"
STATEMENT, RESULTS = "expected/statement.json", "expected/results.json"
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, RuntimeError, TypeError)
UNLOCKED = "NOT LOCKED: nobody signed this. The head vouches for rows, text and decisions, not for figures: re-perform."
DERIVED = """sql/, audit.xlsx, engine.json, README.txt and verify.py were made beside it; no head vouches for them:
       re-perform, or compare the sha256 of manifest.json with the one its maker gave out (--bundle)."""
NO_ENTRY = "no entry vouches for it (re-perform it, or accept it with --unvouched)"
NO_HEAD = "no head was given, so all of this may have been made up as a whole; get one from elsewhere, compare it with"
MISSING = "is missing, and no entry says that it was erased"
TEXTLESS = "it has no free text at all, as the proof of a bundle: nothing here shows whether reasons were erased"
SHORT = "digits: enough against mistakes, not against somebody with a computer; ask for the whole"
ELSEWHERE = "It is another record, one that was cut off, or older than that head: ask for it again, made since"


class Checked:
    """What was found. `faults`: what is wrong. `notes`: what a reader must know although nothing is wrong."""

    def __init__(self, *, unvouched: bool = False) -> None:
        """`unvouched`: things for which no entry of the ledger vouches are notes, not faults."""
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.shown: list[str] = []
        self.without_entry = self.notes if unvouched else self.faults

        self.wrong = self.faults.append

    @property
    def holds(self) -> bool:
        return not self.faults


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: equal things have equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _parsed(data: bytes) -> object:
    return json.loads(data.decode("utf-8"), parse_float=_refused, parse_constant=_refused, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of a name that comes twice, one reader takes the first value and another the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a name comes twice among {', '.join(sorted(found))}")
    return found


def _refused(number: str) -> object:
    raise ValueError(f"a record holds no such number: {number}")


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def read_chain(data: bytes, checked: Checked, *, name: str) -> list[dict[str, object]]:
    """The entries of a ledger, each line checked by itself and against the one before it."""
    lines = data.split(b"\n")
    if lines.pop():
        checked.wrong(f"{name}: the last line is unfinished: something was cut off")
    entries: list[dict[str, object]] = []
    last: dict[str, object] = {}
    for number, line in enumerate(lines, start=1):
        try:
            entry = _dict(_parsed(line))
        except (ValueError, RecursionError):
            entry = {}
        if set(entry) != ENTRY_KEYS or canonical(entry) != line:
            checked.wrong(f"{name} line {number}: this is not an entry of a ledger")
            return entries
        for fault in _entry_faults(entry) + _link_faults(entry, last, number):
            checked.wrong(f"{name} line {number}: {fault}")
        entries.append(entry)
        last = entry
    if not entries or last["transaction_end"] != last["seq"]:
        checked.wrong(f"{name}: it is empty, or its last transaction is incomplete: entries were cut off")
    return entries


def _entry_faults(entry: dict[str, object]) -> list[str]:
    faults = []
    hashed = {name: value for name, value in entry.items() if name not in ("hash", "texts")}
    if digest_of(canonical(hashed)) != entry["hash"]:
        faults.append("the entry was altered: its hash does not fit it")
    if not INSTANT.fullmatch(str(entry["recorded_at"])):
        faults.append("its time is not one of a ledger")
    commitments = _dict(entry["commitments"])
    if "reason" not in commitments:
        faults.append("the entry has no reason")
    for name, text in _dict(entry["texts"]).items():
        if not _fits(text, commitments.get(name)):
            faults.append(f"the text '{name}' is not the one that was recorded")
    return faults


def _fits(text: object, commitment: object) -> bool:
    salt, words = _dict(text).get("salt"), _dict(text).get("text")
    is_whole = isinstance(salt, str) and isinstance(words, str) and SALT.fullmatch(salt)
    return bool(is_whole) and digest_of(f"{salt}{words}".encode()) == commitment


def _link_faults(entry: dict[str, object], last: dict[str, object], number: int) -> list[str]:
    faults = []
    if entry["seq"] != number or entry["previous"] != last.get("hash"):
        faults.append("the entry does not follow the one before it: something was taken out, put in or moved")
    if (entry["kind"] == "record.opened") != (not last):
        faults.append("a ledger begins with 'record.opened', once")
    if last and str(entry["recorded_at"]) < str(last["recorded_at"]):
        faults.append("the entry is dated before the one it follows")
    end, before = entry["transaction_end"], last.get("transaction_end")
    is_inside = before != last.get("seq")
    if not isinstance(end, int) or end < number or (is_inside and end != before):
        faults.append("the transaction before this entry is incomplete")
    return faults


def check_head(entries: list[dict[str, object]], head: str | None, checked: Checked, *, up_to: int) -> int:
    """The head that was given must be in the chain, at or after the entry `up_to` on which everything rests.

    Gives the number of the last entry that it vouches for; all of them where no head was given.
    """
    own = entries[-1]["hash"] if entries else None
    if head is None:
        checked.notes.append(f"{NO_HEAD}\n       {own} (entry {len(entries)})")
        return len(entries)
    if not HEAD.fullmatch(head):
        checked.wrong(f"'{head}' is not a head: give 12 to 64 digits, such as 41b72bf922f6")
        return 0
    _say_how_strong(head, checked, what="head")
    at = next((number for number, entry in enumerate(entries, start=1) if str(entry["hash"]).startswith(head)), 0)
    if not at:
        ends = f"it ends with {str(own)[:12]} (entry {len(entries)})"
        checked.wrong(f"the chain never had the head {head}: {ends}. {ELSEWHERE}")
    elif at < up_to:
        rest = f"this rests on entries up to {up_to}: ask for a later head"
        checked.wrong(f"the head {head} is entry {at} and vouches for nothing after it; {rest}")
    else:
        checked.shown.append(f"the head {head} is in the chain: entry {at} of {len(entries)}")
        if at < len(entries):
            checked.notes.append(
                f"nothing vouches for what was recorded after that head: entries {at + 1} to {len(entries)}"
            )
    return at


def _say_how_strong(given: str, checked: Checked, *, what: str) -> None:
    if len(given) < STRONG:
        checked.notes.append(f"{len(given)} {SHORT} {what}")


def check_ledger(data: bytes, *, head: str | None, name: str = "ledger.jsonl", unvouched: bool = False) -> Checked:
    """Everything wrong with a ledger. One without any free text is a proof, as bundles have it."""
    checked = Checked(unvouched=unvouched)
    entries = read_chain(data, checked, name=name)
    checked.shown.append(f"{len(entries)} entries, each fits its hash and the one before it")
    gone = _vanished(entries, entries)
    if gone and not any(entry["texts"] for entry in entries):
        checked.notes.append(TEXTLESS)
    else:
        checked.without_entry += [f"{name} line {entry['seq']}: the text '{text}' {MISSING}" for entry, text in gone]
    check_head(entries, head, checked, up_to=1)
    return checked


def check_bundle(path: str, *, head: str | None, bundle: str | None = None, unvouched: bool = False) -> Checked:
    """Everything wrong with a bundle. `bundle`: the sha256 of its manifest, where somebody kept it."""
    checked = Checked(unvouched=unvouched)
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _members(archive, checked, bundle)
            if checked.holds:
                _contents(archive, manifest, checked, head)
    except UNREADABLE as wrong:
        checked.wrong(f"the bundle cannot be read: {wrong}")
    return checked


def _members(archive: zipfile.ZipFile, checked: Checked, bundle: str | None) -> dict[str, object]:
    """Every member has the sha256 that the manifest gives it; none is missing, none was put in."""
    names, data = archive.namelist(), archive.read(MANIFEST)
    own, manifest = digest_of(data), _dict(_json(archive, MANIFEST))
    listed = _dict(manifest.get("members"))
    if manifest.get("format") != FORMAT or set(manifest) != MANIFEST_KEYS:
        checked.wrong(f"manifest.json is not one of format {FORMAT}, which this verifier reads")
    if bundle is not None and (len(bundle) < 12 or not own.startswith(bundle)):
        checked.wrong(f"manifest.json is not the one that was given out as {bundle}: its sha256 is {own}")
    elif bundle is not None:
        _say_how_strong(bundle, checked, what="sha256")
    _check_names(names, listed, checked)
    for name in sorted(listed):
        if name not in names:
            checked.wrong(f"{name}: it is missing")
        elif _streamed(archive, name) != listed[name]:
            checked.wrong(f"{name}: it was altered: its sha256 is not the manifest's")
    checked.shown += [f"{len(listed)} members, each as the manifest names it", f"sha256 of manifest.json: {own}"]
    return manifest


def _check_names(names: list[str], listed: dict[str, object], checked: Checked) -> None:
    alike: dict[str, str] = {}
    for name in sorted(set(names)):
        if names.count(name) > 1 or (name not in listed and name != MANIFEST):
            checked.wrong(f"{name}: it was put in: it is here twice, or the manifest does not name it")
        elif not KNOWN.fullmatch(name):
            checked.wrong(f"{name}: it was put in: no bundle has a member of that name")
        elif alike.setdefault(_as_a_disk_takes_it(name), name) != name:
            checked.wrong(f"{name}: it was put in: on many disks it takes the place of another member")


def _as_a_disk_takes_it(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _json(archive: zipfile.ZipFile, name: str) -> object:
    try:
        return _parsed(archive.read(name))
    except (ValueError, RecursionError) as wrong:
        raise ValueError(f"{name}: {wrong}") from wrong


def _streamed(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        for portion in iter(lambda: member.read(1 << 20), b""):
            digest.update(portion)
    return digest.hexdigest()


def _contents(archive: zipfile.ZipFile, manifest: dict[str, object], checked: Checked, head: str | None) -> None:
    """What the ledger vouches for: the statement by its lock; rows, text and decisions by their entries."""
    entries = read_chain(archive.read(PROOF), checked, name=PROOF)
    if not checked.holds:
        return
    checked.shown.append(f"{len(entries)} entries of the ledger, each fits its hash and the one before it")
    statement = archive.read(STATEMENT)
    inputs = _dict((sealed := _dict(_json(archive, STATEMENT))).get("inputs"))
    lock = _check_lock(manifest, entries, digest_of(statement), checked)
    vouched = check_head(entries, head, checked, up_to=lock or len(entries))
    basis = entries[: _number(entries[lock - 1]["transaction_end"])] if lock else entries
    if archive.read(RESULTS) != canonical(sealed.get("results")):
        checked.wrong("expected/results.json does not hold the results of expected/statement.json")
    said = {name: inputs.get(name) for name in ("contract", "month", "known")}
    said["locked"] = "not locked" if manifest.get("version") is None else "locked"
    said["head"] = entries[-1]["hash"]
    said["computed_on"] = manifest.get("computed_on") if lock else len(entries)
    for name, value in said.items():
        if manifest.get(name) != value:
            checked.wrong(f"manifest.json gives another '{name}' than what is in the bundle")
    _check_rows(manifest, entries, inputs, checked)
    _check_text(manifest, entries[: _number(manifest.get("computed_on"))], checked)
    calendars = _dict(_json(archive, "calendars.json"))
    if {name: digest_of(canonical(days)) for name, days in calendars.items()} != _pairs(inputs.get("calendars")):
        checked.wrong("calendars.json does not hold the calendars that the statement was computed with")
    decisions = [_dict(item) for item in _list(_json(archive, "decisions.json"))]
    _check_decisions(decisions, basis, inputs, checked)
    if manifest.get("pseudonymised") is None:
        _check_reasons(decisions, entries[:vouched], checked)
    checked.notes.append(DERIVED)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _pairs(items: object) -> dict[object, object]:
    pairs = [_list(item) for item in _list(items)]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _check_lock(
    manifest: dict[str, object], entries: list[dict[str, object]], sealed: str, checked: Checked
) -> int | None:
    """The number of the entry that locked this statement; None where it is not locked."""
    month, version = f"{manifest.get('contract')}/{manifest.get('month')}", manifest.get("version")
    locks = {
        str(entry["subject"]): (number, _dict(entry["payload"]))
        for number, entry in enumerate(entries, start=1)
        if entry["kind"] == "month.locked" and str(entry["subject"]).startswith(f"{month}/")
    }
    if version is None:
        for subject in locks:
            checked.wrong(f"manifest.json says that the month is not locked, and the ledger has {subject}")
        checked.notes.append(UNLOCKED)
        return None
    subject = f"{month}/v{version}"
    if subject not in locks:
        checked.wrong(f"no entry of the ledger locks {subject}")
        return None
    number, payload = locks[subject]
    locked = [payload.get("statement"), digest_of(canonical(payload.get("sealed"))), manifest.get("statement")]
    if locked != [sealed] * 3 or payload.get("computed_on") != manifest.get("computed_on"):
        checked.wrong(f"expected/statement.json is not the statement that entry {number} locked")
    checked.shown.append(f"expected/statement.json is {subject}, locked by entry {number}")
    for later, (at, _) in locks.items():
        if at > number:
            checked.notes.append(
                f"{later} was locked since, by entry {at}: ask for its bundle too; this one is {subject}"
            )
    return number


def _check_rows(
    manifest: dict[str, object], entries: list[dict[str, object]], inputs: dict[str, object], checked: Checked
) -> None:
    received = {
        entry["subject"]: _dict(entry["payload"]) for entry in entries if entry["kind"] == "submission.received"
    }
    members, hidden = _dict(manifest.get("members")), manifest.get("pseudonymised")
    rows = [_dict(item) for item in _list(manifest.get("rows"))]
    counted = {(_dict(item).get("id"), _dict(item).get("sha256")) for item in _list(inputs.get("submissions"))}
    if {(item.get("submission"), item.get("sha256")) for item in rows} != counted:
        checked.wrong("rows/ does not hold the submissions that expected/statement.json was computed from")
    if sorted(str(item.get("member")) for item in rows) != sorted(name for name in members if name.startswith("rows/")):
        checked.wrong("manifest.json does not name every file of rows/ once")
    for item in rows:
        member, entry = str(item.get("member")), received.get(item.get("submission"))
        if not _has_its_place(item, member, contract=manifest.get("contract"), is_submitted=entry is not None):
            checked.wrong(f"{member}: manifest.json gives it a name that no file of evidence has")
        elif entry is None:
            checked.without_entry.append(f"{member} was never submitted: {NO_ENTRY}")
        elif any(entry.get(name) != item.get(name) for name in ("sha256", "table", "period")):
            checked.wrong(f"{member} is not what the ledger received as {item.get('submission')}")
        elif not member.startswith(f"rows/{item.get('table')}/{item.get('period')}."):
            checked.wrong(f"{member} is not where its table and month belong")
        if hidden is None and members.get(member) != item.get("sha256"):
            checked.wrong(f"{member} is not the file that was submitted")
    if hidden is not None:
        checked.without_entry.append(f"the rows are pseudonymised, not the bytes that were submitted: {NO_ENTRY}")
    else:
        checked.shown.append(f"{len(rows)} files of rows, each as it was submitted")


def _has_its_place(item: dict[str, object], member: str, *, contract: object, is_submitted: bool) -> bool:
    """Whether what the manifest says of a file is safe to make a path of: a submission's id, or where it lay ready."""
    table, period, named = (str(item.get(name)) for name in ("table", "period", "submission"))
    ready = "evidence/" + member[len("rows/") :]
    of_month, _, number = named.rpartition("/s")
    is_named = named == ready if not is_submitted else of_month == f"{contract}/{table}/{period}" and number.isdigit()
    return is_named and member.split("/")[1:2] == [table] and bool(DIGEST.fullmatch(str(item.get("sha256"))))


def _check_text(manifest: dict[str, object], entries: list[dict[str, object]], checked: Checked) -> None:
    """Every file of the text that was adopted when the statement was computed, but for its worked examples."""
    adoptions = [_dict(entry["payload"]).get("files") for entry in entries if entry["kind"] == "text.adopted"]
    adopted = _pairs(adoptions[-1]) if adoptions else {}
    members = _dict(manifest.get("members"))
    for path in sorted(str(path) for path in adopted):
        if not path.startswith("examples/") and f"text/{path}" not in members:
            checked.wrong(f"text/{path} was adopted, and it is missing")
    for name, digest in sorted(members.items()):
        known = adopted.get(name[len("text/") :])
        if name.startswith("text/") and known is None:
            checked.without_entry.append(f"{name} was never adopted: {NO_ENTRY}")
        elif name.startswith("text/") and known != digest:
            checked.wrong(f"{name} is not the text that was adopted")


def _check_decisions(
    decisions: list[dict[str, object]],
    entries: list[dict[str, object]],
    inputs: dict[str, object],
    checked: Checked,
) -> None:
    """Every entry that decides something, up to the lock: none altered, none left out, none put in."""
    proven = {entry["hash"]: {**entry, "texts": {}} for entry in entries}
    for decision in decisions:
        if {**decision, "texts": {}} != proven.get(decision.get("hash")):
            checked.wrong(f"decisions.json: {decision.get('subject')} is not in the ledger")
    deciding = [entry for entry in entries if str(entry["kind"]).startswith(DECIDING)]
    if canonical([{**item, "texts": {}} for item in decisions]) != canonical([{**e, "texts": {}} for e in deciding]):
        checked.wrong("decisions.json does not hold every entry of the ledger that decides something, once, in order")
    for item in (_dict(item) for item in _list(inputs.get("mitigations"))):
        entry = proven.get(item.get("entry"), {})
        if entry.get("subject") != item.get("id") or _dict(entry.get("payload")).get("outcome") != item.get("outcome"):
            checked.wrong(f"the ledger does not hold the decision on {item.get('id')}")
    for decision in decisions:
        commitments = _dict(proven.get(decision.get("hash"), {}).get("commitments"))
        for name, text in _dict(decision.get("texts")).items():
            if not _fits(text, commitments.get(name)):
                checked.wrong(f"decisions.json: the text '{name}' is not the one that was recorded")


def _check_reasons(decisions: list[dict[str, object]], entries: list[dict[str, object]], checked: Checked) -> None:
    """A text that is not there was erased, and an entry that the head vouches for says so."""
    for decision, name in _vanished(decisions, entries):
        checked.without_entry.append(f"decisions.json: the text '{name}' of {decision.get('subject')} {MISSING}")


def _vanished(items: list[dict[str, object]], entries: list[dict[str, object]]) -> list[tuple[dict[str, object], str]]:
    """The texts that the items commit to and do not have, and that none of the entries erased."""
    payloads = [_dict(entry["payload"]) for entry in entries if entry["kind"] == "text.erased"]
    erased = {(payload.get("entry"), payload.get("name")) for payload in payloads}
    return [
        (item, name)
        for item in items
        for name in sorted(set(_dict(item.get("commitments"))) - set(_dict(item.get("texts"))))
        if (item.get("seq"), name) not in erased
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE", help="a bundle (.zip) or a ledger.jsonl")
    parser.add_argument("--head", metavar="HEAD", help="a head from elsewhere: all 64 digits, or at least 12 of them")
    parser.add_argument("--bundle", metavar="SHA256", help="the sha256 of manifest.json, from elsewhere")
    parser.add_argument(
        "--unvouched", action="store_true", help="accept pseudonyms, and files and missing texts without an entry"
    )
    asked = parser.parse_args(arguments)
    if str(asked.file).endswith(".jsonl"):
        with open(asked.file, "rb") as file:  # noqa: PTH123  # plain enough to be read by whoever must trust it
            checked = check_ledger(file.read(), head=asked.head, unvouched=asked.unvouched)
    else:
        checked = check_bundle(asked.file, head=asked.head, bundle=asked.bundle, unvouched=asked.unvouched)
    shown = [f"right  {line}" for line in checked.shown] if checked.holds else []
    print(
        "\n".join([f"WRONG  {line}" for line in checked.faults] + shown + [f"note   {line}" for line in checked.notes])
    )
    sound = "nothing is wrong." if asked.head is not None else "whole in itself; compared with no head."
    print(f"\n{asked.file}: {sound if checked.holds else 'DO NOT RELY ON IT.'}")
    return 0 if checked.holds else 1


if __name__ == "__main__":
    sys.exit(main())
