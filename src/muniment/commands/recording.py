"""Records a command's entries after checking permission, versions and state; or refuses it, and records the refusal.

Decided anew wherever the head moved in between. A refusal to a person with an appointment is an entry too.
"""

from collections.abc import Callable, Mapping, Sequence

from muniment.commands.spec import CommandSpec
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.lifecycle.permissions import must_be_permitted
from muniment.domain.lifecycle.policies import contract_of
from muniment.domain.lifecycle.refusals import refusal_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.index import first_with_key
from muniment.domain.record.opened import CONTRACT_ID, RecordOpened, opening
from muniment.domain.record.ports import HeadMovedError, Ledger, NotRecordedError
from muniment.domain.record.replay import head
from muniment.domain.record.versions import must_be_current

OPEN_RECORD = CommandSpec(
    name="open_record",
    says="open a record",
    roles=("administrator", "contract_manager"),
    entry_kind=RecordOpened,
    line="open",
    summary="open the record of a contract",
    absent="A record is opened by the command line, before there is anybody to ask.",
    perform=lambda acting, _: open_record(ledger=acting.ledger, act=acting.act, contract=acting.contract.id),
)

ATTEMPTS = 50
MOVES_ON = frozenset({"computed_on", "known"})

Decide = Callable[[Sequence[Entry]], Draft | tuple[Draft, ...]]
"""What to append in one transaction, given what is known. Raises RefusedError."""


def record_entry(
    *,
    ledger: Ledger,
    act: Act,
    command: CommandSpec,
    decide: Decide,
    thing: str | None = None,
    thing_of: Callable[[str], str] | None = None,
    again: Decide | None = None,
) -> Entry:
    """The (first) entry that the act left. An act with a known idempotency key leaves no second one.

    `thing`: what the act is about, by which a stale one is known; `thing_of`: the same, from the contract's id.
    `again`: how to decide on what was known when the key was used first; `decide`, where that needs nothing else.
    Raises RefusedError (StaleError where the thing moved on) where a rule stands against it, NotRecordedError where the
    store could not write.
    """
    for _ in range(ATTEMPTS):
        entries = ledger.entries()
        if (before := _recorded_before(entries, act=act, kind=command.entry_kind, decide=again or decide)) is not None:
            return before
        about = thing
        try:
            if command.entry_kind is not RecordOpened:
                contract = contract_of(entries)
                about = thing_of(contract) if thing_of else thing
            _must_be_theirs(entries, act=act, command=command, about=about)
            drafts = _drafts(decide(entries))
            _must_be_writable(drafts)
        except RefusedError as refused:
            if _is_remembered(ledger, entries, act=act, tried=command.entry_kind.kind, about=about, refused=refused):
                raise
            continue
        try:
            return ledger.append(drafts, expected_head=head(entries))[0]
        except HeadMovedError:
            continue
    raise NotRecordedError(f"others wrote {ATTEMPTS} times in between; nothing was recorded - try again")


def precheck(
    *,
    ledger: Ledger,
    act: Act,
    command: CommandSpec,
    must: Callable[[Sequence[Entry]], object],
    thing_of: Callable[[str], str],
) -> Entry | None:
    """Refuse now, and remember it as `record_entry` does, what can be refused before `decide` has what it needs.
    `must`: what else can be known by then. The entry that the key left already; None where the act is still to be
    done."""
    for _ in range(ATTEMPTS):
        entries = ledger.entries()
        if (before := _with_key(entries, act=act, kind=command.entry_kind)) is not None:
            return before
        about = None
        try:
            about = thing_of(contract_of(entries))
            _must_be_theirs(entries, act=act, command=command, about=about)
            must(entries)
        except RefusedError as refused:
            if _is_remembered(ledger, entries, act=act, tried=command.entry_kind.kind, about=about, refused=refused):
                raise
            continue
        return None
    raise NotRecordedError(f"others wrote {ATTEMPTS} times in between; nothing was recorded - try again")


def _must_be_theirs(entries: Sequence[Entry], *, act: Act, command: CommandSpec, about: str | None) -> None:
    must_be_permitted(entries, act=act, permission=command)
    if about is not None:
        must_be_current(entries, act=act, thing=about, wanted=command.says)


def _drafts(decided: Draft | tuple[Draft, ...]) -> tuple[Draft, ...]:
    return (decided,) if isinstance(decided, Draft) else decided


def _recorded_before(entries: Sequence[Entry], *, act: Act, kind: type[Payload], decide: Decide) -> Entry | None:
    """What the key left the first time, where it is the same act: decided again on what was known then."""
    before = _with_key(entries, act=act, kind=kind)
    if before is None:
        return None
    try:
        draft = _drafts(decide(entries[: before.seq - 1]))[0]
    except RefusedError:
        draft = None
    if draft is None or not _says_the_same(draft, before):
        what = f"the idempotency key '{act.key}' was used with another content, as entry {before.seq}"
        raise RefusedError("idempotency_key", what, "use a new key for a new act")
    return before


def _with_key(entries: Sequence[Entry], *, act: Act, kind: type[Payload]) -> Entry | None:
    """What the key left, where that is an act of this kind by the same person."""
    before = None if act.key is None else first_with_key(entries, act.key)
    if before is None:
        return None
    if before.kind != kind.kind or before.actor != act.actor or before.on_behalf_of != act.on_behalf_of:
        what = f"the idempotency key '{act.key}' was used for {before.kind} by {before.actor}"
        raise RefusedError("idempotency_key", what, "use a new key for a new act")
    return before


def _says_the_same(draft: Draft, before: Entry) -> bool:
    """Texts that were erased since cannot be compared, and are taken for the same. On which entries and on which day
    something was computed moves on between two tries, and is not what was decided."""
    texts = draft.texts()
    is_same = draft.subject == before.subject and _decided(draft.payload.fields()) == _decided(before.payload)
    known = {name: salted.text for name, salted in before.texts.items()}
    return is_same and set(texts) == set(before.commitments) and all(texts[name] == known[name] for name in known)


def _decided(fields: Mapping[str, Json]) -> dict[str, Json]:
    left = {name: value for name, value in fields.items() if name not in MOVES_ON}
    sealed = left.get("sealed")
    if isinstance(sealed, dict) and isinstance(inputs := sealed.get("inputs"), dict):
        kept: dict[str, Json] = {name: value for name, value in inputs.items() if name not in MOVES_ON}
        left["sealed"] = {**sealed, "inputs": kept}
        left.pop("statement", None)  # the fingerprint of all that is sealed, the day as known included
    return left


def _is_remembered(
    ledger: Ledger, entries: Sequence[Entry], *, act: Act, tried: str, about: str | None, refused: RefusedError
) -> bool:
    """Whether the refusal stands: recorded, or not to be recorded. False where the head moved in between."""
    draft = refusal_of(entries, act=act, tried=tried, about=about, refused=refused)
    if draft is None or not _is_writable(draft):
        return True
    try:
        ledger.append([draft], expected_head=head(entries))
    except HeadMovedError:
        return False
    except (RefusedError, NotRecordedError):
        return True
    return True


def _must_be_writable(drafts: Sequence[Draft]) -> None:
    if not all(_is_writable(draft) for draft in drafts):
        raise RefusedError("text", "a text holds bytes that are no characters", "write it again in UTF-8")


def _is_writable(draft: Draft) -> bool:
    act = draft.act
    words = [draft.subject, act.actor, act.key, *draft.texts().values()]
    try:
        canonical_json([draft.payload.fields(), *words])
    except UnicodeEncodeError:
        return False
    return True


def open_record(*, ledger: Ledger, act: Act, contract: str) -> Entry:
    """`contract`: its short id, as in contract.yaml. Refused for a record that is open already."""
    if not CONTRACT_ID.fullmatch(contract):
        what = f"'{contract}' is not a short id"
        raise RefusedError("contract_id", what, "use small letters, digits, - and _, such as cssc")

    def decide(entries: Sequence[Entry]) -> Draft:
        opened = opening(entries)
        if opened is not None:
            raise RefusedError("record_open", f"the record of {opened.contract} is open already", "write to it")
        return Draft(contract, RecordOpened(contract, ledger.clock_kind), act)

    return record_entry(ledger=ledger, act=act, command=OPEN_RECORD, decide=decide)
