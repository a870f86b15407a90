"""An act that somebody asks for by an operation: who they are, what they say, and the one command that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.permissions import Verb
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry
from muniment.faces.api.operations import Asked, acted, permitted
from muniment.faces.api.ports import Viewer
from muniment.faces.api.shape import ActBody
from muniment.faces.desk.acting import Acting
from muniment.faces.desk.stores import Ledger


class Command(Protocol):
    """One of muniment.commands, with everything given but where and who: partial(approve_submission, submission=...)"""

    def __call__(self, *, ledger: Ledger, act: Act) -> Entry: ...


@dataclass(frozen=True)
class Asking:
    """Somebody whose role and whose token may do the act that they ask for; its own rules may still refuse it."""

    viewer: Viewer
    verb: Verb
    body: ActBody
    key: str

    def does(self, command: Command) -> dict[str, Json]:
        """The entry that the command left. Raises Refused, ProblemsFound, NotRecorded."""
        return self.performs(lambda acting: command(ledger=acting.opened.store.ledger, act=acting.act))

    def performs(self, perform: Callable[[Acting], Entry], *, rests_on_record: bool = False) -> dict[str, Json]:
        """The same for what needs the opened contract too. `rests_on_record`: see `acted`."""
        return acted(
            self.viewer, verb=self.verb, body=self.body, key=self.key, perform=perform, rests_on_record=rests_on_record
        )


def asking(request: Asked, contract: str, *, body: ActBody, key: str) -> Asking:
    """The act of the request's operation. Raises Wrong, Refused where the person or the token may not do it."""
    verb = request.verb
    if verb is None:
        raise LookupError(f"{request.path} is no act: name its operation in verbs.VERBS")
    return Asking(permitted(request, contract, verb, reason=body.reason), verb, body, key)
