"""A command that somebody asks for by an operation: who they are, what they say, and the entry that it left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ParamSpec

from ninja import Router
from pydantic import Field, JsonValue

from muniment.application.command_context import CommandContext
from muniment.application.performing import perform
from muniment.commands.spec import CommandSpec, Given, GivenValue
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.kernel.fingerprint import Json
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


@dataclass(frozen=True)
class CommandRequest:
    """Somebody whose role and whose token may do the act that they ask for; its own rules may still refuse it."""

    viewer: Viewer
    command: str
    body: ActBody
    key: str

    def does(self, *, rests_on_record: bool = False, **given: GivenValue) -> dict[str, Json]:
        """The entry that the command left, with what it was given. Raises RefusedError, ProblemsFoundError,
        NotRecordedError. `rests_on_record`: see `run_command`."""
        command = COMMAND_TABLE[self.command]
        return self.performs(lambda acting: perform(acting, command, Given(given)), rests_on_record=rests_on_record)

    def performs(self, act: Callable[[CommandContext], Entry], *, rests_on_record: bool = False) -> dict[str, Json]:
        """The same, done otherwise than the table of commands says."""
        return run_command(
            self.viewer,
            command=self.command,
            body=self.body,
            key=self.key,
            perform=act,
            rests_on_record=rests_on_record,
        )


def command_request(request: ApiRequest, contract: str, *, body: ActBody, key: str) -> CommandRequest:
    """The command of the request's operation. Raises a 404; ScopeError, RefusedError where the token or the person may
    not do it."""
    command = request.command
    if command is None:
        raise LookupError(f"{request.path} is no command: say which with `command`")
    return CommandRequest(permitted_viewer(request, contract, command, reason=body.reason), command, body, key)
