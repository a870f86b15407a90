"""What a forger does to a bundle or a ledger: clumsily, and with every hash that can be made again made again.

Each forgery takes the members of a bundle, or the lines of a ledger, and a seeded generator. A careful forger knows the
format, keeps the manifest whole, seals entries anew and links them; what the forger cannot do is change a head that
others kept.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from random import Random

from muniment.domain.kernel.fingerprint import Json, canonical_json

Members = dict[str, bytes]
Forgery = Callable[[Members, Random], Members]
Entry = dict[str, Json]
PROOF, MANIFEST, STATEMENT = "ledger/proof.jsonl", "manifest.json", "expected/statement.json"
VOUCHED = ("rows/", "text/", "ledger/", "expected/", "calendars.json", "decisions.json")
"""What the head of a locked bundle vouches for. The rest is made from it."""


def changed_byte(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]


# ---- clumsy: the manifest stays as it was


def edited(members: Members, chance: Random) -> Members:
    name = chance.choice(sorted(members))
    return {**members, name: changed_byte(members[name], chance)}


def deleted(members: Members, chance: Random) -> Members:
    gone = chance.choice(sorted(members))
    return {name: content for name, content in members.items() if name != gone}


def put_in(members: Members, chance: Random) -> Members:
    return {**members, f"rows/visits/{chance.randrange(2000, 2100)}-01.csv": b"visit\n"}


def cut_short(members: Members, chance: Random) -> Members:
    name = chance.choice(sorted(members))
    return {**members, name: members[name][: chance.randrange(len(members[name]))]}


def swapped(members: Members, chance: Random) -> Members:
    one, other = chance.sample(sorted(members), 2)
    return {**members, one: members[other], other: members[one]}


# ---- careful: the manifest is made again


def with_manifest(members: Members, **changes: Json) -> Members:
    """The members under a manifest that fits them, and names the head that the proof now has."""
    manifest = {**json.loads(members[MANIFEST]), **changes}
    with suppress(ValueError, IndexError):
        manifest["head"] = entries_of(members[PROOF])[-1]["hash"]
    manifest["members"] = {
        name: sha256(content).hexdigest() for name, content in sorted(members.items()) if name != MANIFEST
    }
    return {**members, MANIFEST: canonical_json(manifest)}


def edited_carefully(members: Members, chance: Random) -> Members:
    name = chance.choice([name for name in sorted(members) if name.startswith(VOUCHED)])
    forged = {**members, name: changed_byte(members[name], chance)}
    rows = json.loads(members[MANIFEST])["rows"]
    for item in rows:
        if item["member"] == name and chance.random() < 0.5:
            item["sha256"] = sha256(forged[name]).hexdigest()
    return with_manifest(forged, rows=rows)


def deleted_carefully(members: Members, chance: Random) -> Members:
    needed = ("rows/", "text/regime", "text/contract")
    gone = chance.choice([name for name in sorted(members) if name.startswith(needed)])
    rows = [item for item in json.loads(members[MANIFEST])["rows"] if item["member"] != gone]
    kept = {name: content for name, content in members.items() if name != gone}
    if gone.startswith("text/"):
        kept["text/other.yaml"] = members[gone]
    return with_manifest(kept, rows=rows)


def rows_swapped_carefully(members: Members, chance: Random) -> Members:
    one, other = chance.sample([name for name in sorted(members) if name.startswith("rows/")], 2)
    rows = json.loads(members[MANIFEST])["rows"]
    by_member = {item["member"]: item for item in rows}
    if chance.random() < 0.5:
        by_member[one]["sha256"], by_member[other]["sha256"] = by_member[other]["sha256"], by_member[one]["sha256"]
    return with_manifest({**members, one: members[other], other: members[one]}, rows=rows)


def relabelled(members: Members, chance: Random) -> Members:
    changes: Sequence[dict[str, Json]] = (
        {"month": "2019-04"},
        {"version": 2},
        {"version": None},
        {"contract": "other"},
        {"known": "2019-06-15"},
        {"known": None},
        {"rows": []},
        {"pseudonymised": {}},
    )
    return with_manifest(members, **chance.choice(changes))


def figures_changed(members: Members, chance: Random) -> Members:
    """Kinder figures in the statement, in the results and in the manifest; the lock in the ledger stays."""
    statement = json.loads(members[STATEMENT])
    result = chance.choice([result for result in statement["results"] if result["measured"]])
    result["measured"]["numerator"] = str(chance.randrange(1, 1000))
    result["status"] = "met_target"
    return with_statement(members, statement)


def with_statement(members: Members, statement: Entry) -> Members:
    sealed = canonical_json(statement)
    results = canonical_json(statement["results"])
    forged = {**members, STATEMENT: sealed, "expected/results.json": results}
    return with_manifest(forged, statement=sha256(sealed).hexdigest())


# ---- the ledger


def entries_of(content: bytes) -> list[Entry]:
    return [json.loads(line) for line in content.splitlines()]


def lines_of(entries: Sequence[Entry]) -> bytes:
    return b"".join(canonical_json(entry) + b"\n" for entry in entries)


def chained(entries: Sequence[Entry], start: int) -> list[Entry]:
    """Every entry from `start` (counted from 0) numbered, linked and sealed anew: a chain that holds."""
    done = [*entries[:start]]
    for entry in entries[start:]:
        seq = len(done) + 1
        linked: Entry = {
            **entry, "seq": seq, "transaction_end": seq, "previous": done[-1]["hash"] if done else None,
        }  # fmt: skip
        hashed = {name: value for name, value in linked.items() if name not in ("hash", "texts")}
        done.append({**linked, "hash": sha256(canonical_json(hashed)).hexdigest()})
    return done


def altered(entry: Entry, chance: Random) -> Entry:
    field = chance.choice(["recorded_at", "actor", "subject", "payload", "reason"])
    if field == "payload":
        return {**entry, "payload": {"altered": chance.randrange(1_000_000)}}
    if field == "reason":
        return {**entry, "commitments": {"reason": sha256(str(chance.random()).encode()).hexdigest()}, "texts": {}}
    return {**entry, field: f"{entry[field]}x"}


def line_edited(content: bytes, chance: Random) -> bytes:
    return changed_byte(content, chance)


def line_deleted(content: bytes, chance: Random) -> bytes:
    entries = entries_of(content)
    del entries[chance.randrange(len(entries))]
    return lines_of(entries)


def lines_reordered(content: bytes, chance: Random) -> bytes:
    entries = entries_of(content)
    one, other = chance.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return lines_of(entries)


def cut_off(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def rolled_back(content: bytes, chance: Random) -> bytes:
    entries = entries_of(content)
    return lines_of(entries[: chance.randrange(1, len(entries))])


def chained_anew(content: bytes, chance: Random) -> bytes:
    """One entry altered, and all from there on sealed anew."""
    entries = entries_of(content)
    start = chance.randrange(len(entries))
    entries[start] = altered(entries[start], chance)
    return lines_of(chained(entries, start))


def deleted_and_chained(content: bytes, chance: Random) -> bytes:
    entries = entries_of(content)
    gone = chance.randrange(len(entries))
    return lines_of(chained(entries[:gone] + entries[gone + 1 :], gone))


def forked(content: bytes, chance: Random) -> bytes:
    """The same beginning, and then another history."""
    entries = entries_of(content)
    start = chance.randrange(1, len(entries))
    return lines_of(chained(entries[:start] + [altered(entry, chance) for entry in entries[start:]], start))


LEDGER_FORGERIES = (
    line_edited, line_deleted, lines_reordered, cut_off, rolled_back, chained_anew, deleted_and_chained, forked,
)  # fmt: skip


def proof_forged(members: Members, chance: Random) -> Members:
    """The proof forged, and the manifest made to fit; sometimes it then claims that nothing was locked."""
    forged = {**members, PROOF: chance.choice(LEDGER_FORGERIES)(members[PROOF], chance)}
    return with_manifest(forged, version=None) if chance.random() < 0.5 else with_manifest(forged)


def all_forged(members: Members, chance: Random) -> Members:
    """Kinder figures, and a ledger that locks them: whole in itself, and not what was published."""
    forged = figures_changed(members, chance)
    statement = json.loads(forged[STATEMENT])
    entries = entries_of(members[PROOF])
    lock = next(number for number, entry in enumerate(entries) if entry["kind"] == "month.locked")
    payload = entries[lock]["payload"]
    assert isinstance(payload, dict)
    digest = sha256(forged[STATEMENT]).hexdigest()
    entries[lock] = {**entries[lock], "payload": {**payload, "sealed": statement, "statement": digest}}
    proof = lines_of(chained(entries, lock))
    texts = {entry["seq"]: entry["texts"] for entry in json.loads(members["decisions.json"])}
    decisions = [{**entry, "texts": texts[entry["seq"]]} for entry in entries_of(proof) if entry["seq"] in texts]
    forged |= {PROOF: proof, "decisions.json": json.dumps(decisions).encode()}
    return with_manifest(forged)


BUNDLE_FORGERIES: tuple[Forgery, ...] = (
    edited, deleted, put_in, cut_short, swapped, edited_carefully, deleted_carefully, rows_swapped_carefully,
    relabelled, figures_changed, proof_forged, all_forged,
)  # fmt: skip
