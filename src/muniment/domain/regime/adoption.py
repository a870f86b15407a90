"""Adoption of the agreed text: which files, with which bytes, were declared to be what was agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Literal, Self

from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry, EntryReference
from muniment.domain.record.reader import PayloadError, PayloadReader, checked_digest
from muniment.domain.record.replay import of_kind


@dataclass(frozen=True)
class TextAdopted:
    """`files`: (path, sha256) in the order of the paths. `fingerprint`: that of the consolidated text, where given.
    `touches`: locked months for which the text, adopted late, says something else than when they were locked."""

    kind: ClassVar[str] = "text.adopted"
    version: ClassVar[int] = 1
    files: tuple[tuple[str, str], ...]
    fingerprint: str | None = None
    touches: tuple[Month, ...] = ()

    def fields(self) -> dict[str, Json]:
        files: list[Json] = [[path, digest] for path, digest in self.files]
        months: list[Json] = [str(month) for month in self.touches]
        return {"files": files, "fingerprint": self.fingerprint, **({"touches": months} if months else {})}

    def texts(self) -> dict[str, str]:
        return {}

    @classmethod
    def read(cls, source: PayloadReader) -> Self:
        files = source.pairs("files")
        paths = [path for path, digest in files if checked_digest(digest, "files")]
        if not paths or paths != sorted(set(paths)):
            raise PayloadError("'files' must name each file once, in order")
        return cls(
            files=files, fingerprint=source.line_or_none("fingerprint"), touches=_months(source.lines("touches"))
        )


def _months(texts: tuple[str, ...]) -> tuple[Month, ...]:
    try:
        return tuple(Month.parse(text) for text in texts)
    except ValueError as problem:
        raise PayloadError(f"'touches': {problem}") from problem


@dataclass(frozen=True)
class AdoptedText:
    """The text adopted last. `files`: path -> sha256. `id`: cssc/text/t1."""

    id: str
    files: Mapping[str, str]
    fingerprint: str | None
    recorded: EntryReference


@dataclass(frozen=True)
class Drift:
    """A file that is not as it was adopted."""

    path: str
    how: Literal["changed", "missing", "not adopted"]


def hashes_of(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(path, sha256 of the file's bytes) in the order of the paths."""
    return tuple((path, sha256(texts[path].encode()).hexdigest()) for path in sorted(texts))


def adopted_text_known(entries: Iterable[Entry]) -> AdoptedText | None:
    """The text adopted last, or None where none was."""
    adopted = None
    for entry, payload in of_kind(entries, TextAdopted):
        adopted = AdoptedText(entry.subject, dict(payload.files), payload.fingerprint, entry.recorded)
    return adopted


def files_as_adopted(entries: Iterable[Entry], texts: Mapping[str, str]) -> frozenset[str]:
    """The paths of the files that some entry adopted as they stand, whatever was adopted since."""
    adopted = {file for _, payload in of_kind(entries, TextAdopted) for file in payload.files}
    return frozenset(path for path, digest in hashes_of(texts) if (path, digest) in adopted)


def drift(*, adopted: AdoptedText, texts: Mapping[str, str]) -> tuple[Drift, ...]:
    """What differs between the files as they are and as they were adopted, in the order of the paths."""
    now = dict(hashes_of(texts))
    found = []
    for path in sorted({*now, *adopted.files}):
        if path not in now:
            found.append(Drift(path, "missing"))
        elif path not in adopted.files:
            found.append(Drift(path, "not adopted"))
        elif now[path] != adopted.files[path]:
            found.append(Drift(path, "changed"))
    return tuple(found)
