"""A command that somebody asks for by an operation: who they are, what they say, and the entry that it left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ParamSpec, Protocol

from ninja import Router
from pydantic import Field, JsonValue

from muniment.application.command_context import CommandContext
from muniment.application.stores import CheckableLedger
from muniment.commands.spec import CommandSpec
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.installation.tokens import Scope
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.operations import ApiRequest, Operation, permitted_viewer, run_command, writes
from muniment.interfaces.api.schemas import ActBody, Schema


class SaltedTextSchema(Schema):
    """A free text, whose commitment is hashed. It is gone here once it was erased."""

    salt: str
    text: str


class EntrySchema(Schema):
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
    texts: Annotated[
        dict[str, SaltedTextSchema], Field(description="`reason` and other free texts that were not erased.")
    ]


_P = ParamSpec("_P")


def does(
    router: Router, path: str, command: CommandSpec, *, name: str, summary: str, scope: Scope = "act"
) -> Callable[[Operation[_P, dict[str, Json]]], Operation[_P, dict[str, Json]]]:
    """An operation that does a command and answers with the entry that it left."""
    return writes(router, path, name=name, command=command, summary=summary, response=EntrySchema, scope=scope)


class BoundCommand(Protocol):
    """One of muniment.commands, with everything given but where and who: partial(approve_submission, submission=...)"""

    def __call__(self, *, ledger: CheckableLedger, act: Act) -> Entry: ...


@dataclass(frozen=True)
class CommandRequest:
    """Somebody whose role and whose token may do the act that they ask for; its own rules may still refuse it."""

    viewer: Viewer
    command: str
    body: ActBody
    key: str

    def does(self, command: BoundCommand) -> dict[str, Json]:
        """The entry that the command left. Raises RefusedError, ProblemsFoundError, NotRecordedError."""
        return self.performs(lambda acting: command(ledger=acting.opened.store.ledger, act=acting.act))

    def performs(self, perform: Callable[[CommandContext], Entry], *, rests_on_record: bool = False) -> dict[str, Json]:
        """The same for what needs the opened contract too. `rests_on_record`: see `run_command`."""
        return run_command(
            self.viewer,
            command=self.command,
            body=self.body,
            key=self.key,
            perform=perform,
            rests_on_record=rests_on_record,
        )


def command_request(request: ApiRequest, contract: str, *, body: ActBody, key: str) -> CommandRequest:
    """The command of the request's operation. Raises a 404; ScopeError, RefusedError where the token or the person may
    not do it."""
    command = request.command
    if command is None:
        raise LookupError(f"{request.path} is no command: say which with `command`")
    return CommandRequest(permitted_viewer(request, contract, command, reason=body.reason), command, body, key)
