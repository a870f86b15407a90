"""Agreements: to which text of a change notice the supplier agreed, before the authority adopts it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadReader
from muniment.domain.record.replay import of_kind

NOTICE_NUMBER = "[A-Za-z0-9][A-Za-z0-9_-]{0,40}"
NOTICE_FILE = re.compile(rf"changes/({NOTICE_NUMBER})\.yaml")


@dataclass(frozen=True)
class NoticeAgreed:
    """`notice`: the file that it is to be among the agreed text. `sha256`: of the text that was agreed to."""

    kind: ClassVar[str] = "notice.agreed"
    version: ClassVar[int] = 1
    notice: str
    sha256: str

    def fields(self) -> dict[str, Json]:
        return {"notice": self.notice, "sha256": self.sha256}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        return cls(notice=source.line("notice"), sha256=source.digest("sha256"))


@dataclass(frozen=True)
class Agreement:
    """An agreement to one text of a notice, and no other. `id`: cssc/notices/CCN-040."""

    id: str
    agreed: NoticeAgreed
    recorded: EntryReference


def notice_number(notice: str) -> str | None:
    """CCN-040, of changes/CCN-040.yaml; None for a path that is no notice's."""
    found = NOTICE_FILE.fullmatch(notice)
    return found[1] if found else None


def agreed_to(notice: str, text: str) -> NoticeAgreed:
    """What an agreement to this very text of the notice says."""
    return NoticeAgreed(notice, sha256(text.encode()).hexdigest())


def agreement_known(entries: Iterable[Entry], *, notice: str, text: str) -> Agreement | None:
    """The first agreement to this very text; None where there is none."""
    wanted = agreed_to(notice, text)
    for entry, payload in of_kind(entries, NoticeAgreed):
        if payload == wanted:
            return Agreement(entry.subject, payload, entry.recorded)
    return None
