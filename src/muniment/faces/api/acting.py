"""What an act answers with: the entry that it left, as the ledger has it."""

from typing import Annotated

from pydantic import Field, JsonValue

from muniment.faces.api.shape import Shape


class SaltedText(Shape):
    """A free text, whose commitment is hashed. It is gone here once it was erased."""

    salt: str
    text: str


class EntryShape(Shape):
    """An entry of the ledger, whole: what is hashed can be hashed again (see the reference of the ledger)."""

    schema_: Annotated[int, Field(alias="schema")]
    seq: Annotated[int, Field(description="Its number, from 1.")]
    kind: Annotated[str, Field(examples=["submission.accepted"])]
    version: int
    subject: Annotated[str, Field(description="The thing that it is about.", examples=["cssc/calls/2019-12/s1"])]
    payload: Annotated[dict[str, JsonValue], Field(description="What it says, by its kind.")]
    commitments: dict[str, str]
    actor: str
    on_behalf_of: str
    recorded_at: Annotated[str, Field(description="UTC", examples=["2020-01-22T09:00:00Z"])]
    key: str | None
    transaction_end: int
    previous: str | None
    hash: str
    texts: Annotated[dict[str, SaltedText], Field(description="`reason` and other free texts that were not erased.")]
