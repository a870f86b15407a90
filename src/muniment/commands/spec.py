"""What a command is: who may give it, what it asks for, what it moves, what it leaves in the record and who does it.

Each is declared once, beside the command; permissions, the command line, operations and forms are made from that.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.machine import MachineName
from muniment.domain.lifecycle.permissions import Permission
from muniment.domain.lifecycle.states import EVENTS, allowed
from muniment.domain.lifecycle.subjects import Subject
from muniment.domain.record.act import Act
from muniment.domain.record.entry import Entry, Payload
from muniment.domain.record.ports import DroppingBlobs, ErasingLedger
from muniment.domain.regime.contract import Contract

FieldKind = Literal["text", "line", "month", "day", "entry", "choice", "flag", "file", "pairs", "row_reasons"]
"""`text` may have several lines, `line` has one. `entry`: its number. `pairs`: two texts each, the second saying why or
whence; `row_reasons`: rows, each with the reason why it does not count."""


def pair_typed(text: str, *, kind: FieldKind) -> tuple[str, str] | None:
    """The two texts of FIGURE = SOURCE or ROW = REASON; None where one is missing. `row_reasons` are parted at the last
    '=': a row id is the supplier's and may hold one, a reason can do without."""
    first, equals, second = text.rpartition("=") if kind == "row_reasons" else text.partition("=")
    pair = (first.strip(), second.strip())
    return pair if equals and all(pair) else None


@dataclass(frozen=True)
class GivenFile:
    """A file that is handed in. `name`: as it was sent, without a folder."""

    name: str
    content: bytes


GivenValue = str | bool | Month | GivenFile | Sequence[str | tuple[str, str]] | None


@dataclass(frozen=True)
class CommandField:
    """One thing that a command is given. `name`: by which `perform` asks for it. `says`: what it is, in a few words.
    `example`: how it is written, as the command line shows it: MONTH, or ROW=REASON. `option`: its word on the command
    line; blank: it has none and is known by its place."""

    name: str
    says: str
    example: str = ""
    kind: FieldKind = "line"
    option: str = ""
    is_needed: bool = True
    is_repeated: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What somebody gave to a command: name of the field -> value, read as its kind. Raises LookupError for a field
    that has no value of that kind: a command asks for the fields that it declares."""

    values: Mapping[str, GivenValue]

    def text(self, name: str) -> str:
        found = self.text_or_none(name)
        if found is None:
            raise LookupError(f"nothing was given as '{name}'")
        return found

    def text_or_none(self, name: str) -> str | None:
        """A text, or a month as one; None where it was left out."""
        found = self.values.get(name)
        return str(found) if isinstance(found, str | Month) else None

    def month(self, name: str) -> Month:
        found = self.values.get(name)
        if not isinstance(found, Month):
            raise LookupError(f"no month was given as '{name}'")
        return found

    def file(self, name: str) -> GivenFile:
        found = self.values.get(name)
        if not isinstance(found, GivenFile):
            raise LookupError(f"no file was given as '{name}'")
        return found

    def is_set(self, name: str) -> bool:
        """Whether a flag is set."""
        return self.values.get(name) is True

    def texts(self, name: str) -> tuple[str, ...]:
        """Each of what could be given again; none where it was left out."""
        return tuple(item for item in self._items(name) if isinstance(item, str))

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """The same of two texts each."""
        return tuple(item for item in self._items(name) if isinstance(item, tuple))

    def _items(self, name: str) -> Sequence[str | tuple[str, str]]:
        found = self.values.get(name)
        return () if found is None or isinstance(found, str | bool | Month | GivenFile) else found


class OpenedForAct(Protocol):
    """A contract opened for an act: what a command may need besides what it is given. `kpis`, `grounds`, `projects`:
    those that the agreed text knows. `term`: the months of the contract."""

    @property
    def act(self) -> Act: ...

    @property
    def ledger(self) -> ErasingLedger: ...

    @property
    def blobs(self) -> DroppingBlobs: ...

    @property
    def contract(self) -> Contract: ...

    @property
    def kpis(self) -> Collection[str]: ...

    @property
    def grounds(self) -> Collection[str]: ...

    @property
    def projects(self) -> Collection[str]: ...

    @property
    def term(self) -> Period: ...

    def deemed_proposal(self, of: str) -> DeemedProposal | None:
        """What the agreed text says of the challenge or request that waits; None where it says nothing."""
        ...


Perform = Callable[[OpenedForAct, Given], Entry]
Moves = tuple[MachineName, Mapping[str, str]]
"""A state machine, and its event by the outcome of the act; "" where it has none."""


class Precondition(Protocol):
    """A policy on the subject of an act. Raises RefusedError."""

    def __call__(self, entries: Sequence[Entry], *, subject: Subject) -> object: ...


@dataclass(frozen=True, kw_only=True)
class CommandSpec(Permission):
    """`name`: by which code, pages and stored jobs know it. `entry_kind`: the payload that it leaves in the record.
    `binds`: pages ask for the password, a code or a passkey before it; a token needs the scope `bind` for it.
    `event`: what it does to the state of a thing; None: nothing stands against it but its own rules.
    `preconditions`: asked after the state. `line` and `summary`: its word on the command line and what that says of
    it; blank: it is none of its own there. `absent`: why it is no operation of the API and no page; blank: it is.
    `perform` None: the application does it, because it reads evidence or files first (application.performing)."""

    name: str
    entry_kind: type[Payload]
    binds: bool = False
    event: Moves | None = None
    preconditions: tuple[Precondition, ...] = ()
    fields: tuple[CommandField, ...] = ()
    line: str = ""
    summary: str = ""
    absent: str = ""
    perform: Perform | None = None

    def must_be_allowed(
        self, entries: Sequence[Entry], *, thing: str, outcome: str = "", subject: Subject | None = None
    ) -> None:
        """Raises RefusedError where the state of the thing, or a precondition on the subject, stands against it."""
        if self.event is not None:
            machine, events = self.event
            allowed(entries, machine=machine, thing=thing, event=events[outcome])
        if subject is not None:
            for precondition in self.preconditions:
                precondition(entries, subject=subject)


def moves(entry_kind: type[Payload]) -> Moves:
    """What an entry of that kind does to the state of what it is about."""
    return EVENTS[entry_kind.kind]


SUBMISSION_ID = CommandField("submission", "its id, as cssc/calls/2019-09/s1", "SUBMISSION")
CHALLENGE_ID = CommandField("challenge", "its id, as cssc/calls/2019-09/q1", "CHALLENGE")
KPI_CODE = CommandField("kpi", "a KPI's code, as CSC_KPI_04", "KPI")
WHOLE_MONTH = CommandField("month", "the month, as 2019-09", "MONTH", "month")
TYPED_FIGURES = CommandField(
    "typed", "a figure in these texts, and its source", "FIGURE=SOURCE", "pairs", "typed", is_needed=False,
    is_repeated=True,
)  # fmt: skip
