"""What the API needs of the site around it: who asks, what they may see, and the working files of uploads and jobs.

The site hands in an implementation; nothing here knows how accounts, tokens and jobs are kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol
from uuid import UUID

from django.http import HttpRequest

from muniment.adapters.stores.database.appointments import VisibleContract
from muniment.application.acts import CommandContext
from muniment.application.load import OpenedContract
from muniment.application.projection_state import ProjectionState
from muniment.application.statements import MonthCommandRequest
from muniment.application.uploads import SentFile
from muniment.domain.evidence.submissions import Submission
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Role
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.permissions import CommandName
from muniment.domain.record.act import Party
from muniment.domain.record.entry import Entry

Scope = Literal["read", "submit", "act", "bind"]
JobKind = Literal["report", "bundle", "rows"]
JobState = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Caller:
    """Whose token it is and what the token may do. `contract`: blank for all that the person may see."""

    token: str
    actor: str
    name: str
    scopes: frozenset[Scope]
    contract: str
    expires_at: datetime


@dataclass(frozen=True)
class JobSeen:
    """Something that takes longer than a request. `files`: name -> what it is. `error`: why it failed, in sentences;
    `rule`: the rule that stood against it. `entry`: the number of the entry that it left."""

    id: UUID
    kind: str
    title: str
    thing: str
    state: JobState
    step: str
    error: str
    asked_at: datetime
    ended_at: datetime | None
    files: Mapping[str, str]
    entry: int | None
    rule: str | None


@dataclass(frozen=True)
class MadeFile:
    """A file that a job left."""

    path: Path
    content_type: str


@dataclass(frozen=True)
class UploadSeen:
    """A file that was taken in to be looked at. `path`: where its bytes are. `report`: None until it was looked at.
    `submitted_as`: the id of the submission; blank while it counts for nothing."""

    id: UUID
    table: str
    month: str
    file_name: str
    size: int
    control_rows: int | None
    uploaded_at: datetime
    job: UUID | None
    report: Json | None
    submitted_as: str
    path: Path


@dataclass(frozen=True)
class NoticeSeen:
    """A change notice that is proposed. `adopted_as`: blank while it is."""

    id: UUID
    path: str
    text: str
    proposed_by: str
    proposed_at: datetime
    adopted_as: str


class Wait(Protocol):
    """Something that waits (see queries.waiting.Waiting, whose `deemed` is `deemed` here)."""

    @property
    def thing(self) -> str: ...

    @property
    def what(self) -> str: ...

    @property
    def commands(self) -> tuple[CommandName, ...]: ...

    @property
    def roles(self) -> tuple[Role, ...]: ...

    @property
    def since(self) -> int: ...

    @property
    def by(self) -> date | None: ...

    @property
    def days_left(self) -> int | None: ...

    @property
    def sentence(self) -> str: ...

    @property
    def deemed(self) -> DeemedProposal | None: ...


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `is_new`: it was made just now."""

    actor: str
    name: str
    is_new: bool


class Viewer(Protocol):
    """A person before a contract in which they hold a current appointment."""

    @property
    def contract(self) -> str: ...

    @property
    def authority(self) -> str: ...

    @property
    def roles(self) -> frozenset[Role]: ...

    @property
    def today(self) -> date: ...

    @property
    def actor(self) -> str: ...

    @property
    def home(self) -> dict[str, Json]: ...

    @property
    def title(self) -> str: ...

    @property
    def seq(self) -> int:
        """How many entries the record has."""
        ...

    @property
    def standing(self) -> ProjectionState:
        """What the figures rest on."""
        ...

    @property
    def record(self) -> tuple[Entry, ...]: ...

    @property
    def entries(self) -> tuple[Entry, ...]: ...

    @property
    def opened(self) -> OpenedContract: ...

    @property
    def kpis(self) -> tuple[str, ...]: ...

    @property
    def lacks_second_factor(self) -> bool:
        """Whether the site asks somebody in their roles for a second factor, and they have none."""
        ...

    def may(self, command: CommandName) -> bool: ...

    def side_for(self, command: CommandName) -> Party: ...

    def acting(self, *, command: CommandName, reason: str, key: str, seen: int | None) -> CommandContext: ...

    def remember_refusal(self, *, command: CommandName, parts: Mapping[str, object], reason: str, key: str) -> None:
        """That they tried an act of none of their roles, as an entry; once for each key. `parts`: of the address."""
        ...

    def waits(self, *, subject: str | None = None) -> Sequence[Wait]:
        """Everything that waits today, soonest first, expected evidence included."""
        ...

    def refresh(self) -> None:
        """Have the contract's figures computed again, after an act."""
        ...

    def names_of(self, actors: Iterable[str]) -> Mapping[str, str]:
        """Actor -> name, of those who have one."""
        ...

    def ask(self, *, kind: JobKind, thing: str, title: str, asked: Mapping[str, Json]) -> JobSeen: ...

    def ask_act(self, asked: MonthCommandRequest, *, reason: str, key: str, seen: int | None) -> JobSeen:
        """Have an act done that computes a statement first. The same key again gives the same job. Raises Refused,
        ProblemsFound, NotRecorded for what stands against it already."""
        ...

    def jobs(self) -> Sequence[JobSeen]:
        """Those that this person asked for, the newest first."""
        ...

    def job(self, job: UUID) -> JobSeen | None: ...

    def file_of(self, job: UUID, name: str) -> MadeFile | None: ...

    def keep_upload(self, sent: SentFile, *, portions: Iterable[bytes]) -> UploadSeen:
        """Keep the bytes as they come, and have the file looked at. Raises TooLarge, CutOff; then nothing is kept."""
        ...

    def uploads(self) -> Sequence[UploadSeen]:
        """Files of this person that were not submitted yet, the newest first."""
        ...

    def upload(self, upload: UUID) -> UploadSeen | None: ...

    def submit_upload(self, upload: UUID, acting: CommandContext) -> Entry:
        """Submit the file as it was looked at, and note what it was submitted as. Raises Refused, ProblemsFound,
        NotRecorded."""
        ...

    def discard(self, upload: UUID) -> None: ...

    def compared(self, *, earlier: Submission, later: Submission) -> Mapping[str, Json] | None:
        """Two submissions row by row; None where they are large and no job has compared them. Raises ProblemsFound
        where rows of one are not there any more."""
        ...

    def ask_comparison(self, *, earlier: Submission, later: Submission) -> JobSeen: ...

    def notices(self) -> Sequence[NoticeSeen]:
        """Those that are proposed and not adopted, in the order of their paths."""
        ...

    def notice(self, notice: UUID) -> NoticeSeen | None:
        """One that is proposed, or was and is adopted now."""
        ...

    def propose_notice(self, *, path: str, text: str) -> NoticeSeen:
        """Raises Refused where a file of the agreed text has that path."""
        ...

    def drop_notice(self, notice: UUID) -> None: ...

    def notice_adopted(self, notice: UUID, *, subject: str) -> None:
        """Note which entry adopted it. `subject`: cssc/text/t3."""
        ...

    def person_of(self, *, email: str, name: str) -> Person | None:
        """The person with that address, with a new account where there was none; None where it would need a name."""
        ...

    def forget(self, person: Person) -> None:
        """Delete an account that was made just now, for nothing came of it."""
        ...

    def invitation(self, actor: str) -> str | None:
        """A link by which the person chooses a password; None where this viewer may have none made."""
        ...


class Asker(Protocol):
    """Who called, after their token was found good."""

    @property
    def caller(self) -> Caller: ...

    def contracts(self) -> Sequence[VisibleContract]: ...

    def viewer(self, contract: str) -> Viewer | None:
        """None without a current appointment: the same as for a contract that is not there."""
        ...


Authenticate = Callable[[HttpRequest, str], Asker | None]
"""A request and the text of its token -> who calls; None where it opens nothing."""
