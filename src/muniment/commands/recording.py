"""How every command writes: decide on what is known, append to exactly that, and decide again if it moved."""

from collections.abc import Callable, Sequence

from muniment.domain.kernel.fingerprint import canonical_json
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Draft, Entry, Payload
from muniment.domain.record.ports import HeadMoved, Ledger, NotRecorded
from muniment.domain.record.refused import Refused
from muniment.domain.record.replay import head

ATTEMPTS = 50

Decide = Callable[[Sequence[Entry]], Draft]
"""What to append, given what is known. Raises Refused."""


def record(*, ledger: Ledger, act: Act, kind: type[Payload], decide: Decide) -> Entry:
    """The entry that the act left. An act with a known idempotency key leaves no second one.

    Raises Refused where a rule stands against it, NotRecorded where the store could not write.
    """
    for _ in range(ATTEMPTS):
        entries = ledger.entries()
        if (before := _recorded_before(entries, act=act, kind=kind)) is not None:
            return before
        draft = decide(entries)
        _must_be_writable(draft)
        try:
            return ledger.append([draft], expected_head=head(entries))[0]
        except HeadMoved:
            continue
    raise NotRecorded(f"others wrote {ATTEMPTS} times in between; nothing was recorded - try again")


def _recorded_before(entries: Sequence[Entry], *, act: Act, kind: type[Payload]) -> Entry | None:
    before = next((entry for entry in entries if act.key is not None and entry.key == act.key), None)
    if before is not None and (before.kind != kind.kind or before.actor != act.actor):
        what = f"the idempotency key '{act.key}' was used for {before.kind} by {before.actor}"
        raise Refused("idempotency_key", what, "use a new key for a new act")
    return before


def _must_be_writable(draft: Draft) -> None:
    act = draft.act
    words = [draft.subject, act.actor, act.key, *draft.texts().values()]
    try:
        canonical_json([draft.payload.fields(), *words])
    except UnicodeEncodeError as wrong:
        raise Refused("text", "a text holds bytes that are no characters", "write it again in UTF-8") from wrong
