"""Jobs of the worker: what each kind is asked to do, and what it leaves; kept as JSON, of version 0.1.0 too."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from muniment.application.read_models.comparisons import Comparison
from muniment.application.read_models.statements import ShownStatement
from muniment.domain.record.act import Party, RefusedError
from muniment.domain.record.versions import StaleError


@dataclass(frozen=True)
class UploadAsked:
    """Look at a file. `upload`: its number; also what the job leaves."""

    upload: str


@dataclass(frozen=True)
class ComparisonAsked:
    """Compare two submissions: cssc/calls/2019-09/s1 with s2."""

    earlier: str
    later: str


@dataclass(frozen=True)
class ReportAsked:
    """The board report of these months, 2019-09 to 2019-11."""

    first: str
    last: str
    meeting: date


@dataclass(frozen=True)
class BundleAsked:
    """The bundle of a locked statement: cssc/2019-09/v1."""

    statement: str


@dataclass(frozen=True)
class RowsAsked:
    """The rows of a table and month that failed or were left out."""

    table: str
    month: str


@dataclass(frozen=True)
class StatementCommandAsked:
    """A command on a month's statement, without what was typed. `verb`: its name as version 0.1.0 kept it. `seen`: the
    last entry that the person saw. `content`: by which the same act is known after its words are gone."""

    verb: str
    month: str
    side: Party
    seen: int
    content: str
    shown: ShownStatement | None = None


@dataclass(frozen=True)
class Typed:
    """What a person wrote for a command on a statement. `overdue`: (table, why the month is settled without it)."""

    reason: str
    overdue: tuple[tuple[str, str], ...]
    is_outside_window: bool


@dataclass(frozen=True)
class FileLeft:
    """`file`: its name, report.pdf; `what`: as people read it."""

    file: str
    what: str


def _file(kept: object) -> object:
    """Version 0.1.0 kept what it is as its name, and the address of the page that hands it out."""
    match kept:
        case {"href": str(address), "name": str(what)}:
            return {"file": address.rpartition("/")[2], "what": what}
        case _:
            return kept


@dataclass(frozen=True)
class FilesFound:
    """The files that a job left."""

    files: tuple[Annotated[FileLeft, BeforeValidator(_file)], ...]


@dataclass(frozen=True)
class ComparisonFound:
    """How two submissions differ; every row that does is in a file beside it."""

    comparison: Comparison


@dataclass(frozen=True)
class EntryFound:
    """The entry that a command left, and when it was recorded."""

    entry: int
    at: str


@dataclass(frozen=True)
class RefreshFound:
    """Up to which entry figures were computed, and that entry's hash."""

    seq: int
    head: str | None


@dataclass(frozen=True)
class Change:
    """An entry that came since."""

    seq: int
    kind: str
    subject: str
    actor: str
    at: str


@dataclass(frozen=True)
class Stale:
    """What a person wanted to do, with what, as it stood at entry `seen`; and what came since."""

    thing: str
    seen: int
    wanted: str
    since: tuple[Change, ...]


@dataclass(frozen=True)
class RefusalFound:
    """The rule that stood against a command; `stale`: where the thing had moved on."""

    rule: str
    what: str
    who_could: str
    stale: Stale | None = None


JobFound = FilesFound | ComparisonFound | EntryFound | RefusalFound | UploadAsked | RefreshFound
"""What a job left; each kind is known by its members."""


def refusal_found(refused: RefusedError) -> RefusalFound:
    """What a page and the API say of it; of a stale act both versions."""
    stale = None
    if isinstance(refused, StaleError):
        since = tuple(Change(c.seq, c.kind, c.subject, c.actor, c.at) for c in refused.since)
        stale = Stale(refused.thing, refused.seen, refused.wanted, since)
    return RefusalFound(refused.rule, refused.what, refused.who_could, stale)
