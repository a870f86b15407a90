"""The folder of normalised evidence: where it is, whether a store there is as it was written, and what is noted."""

from collections.abc import Sequence
from hashlib import sha256
from os import W_OK, access, geteuid
from pathlib import Path
from stat import S_ISDIR
from tempfile import gettempdir, mkdtemp

NORMALISED_FOLDER = ".muniment"
"""The folder of normalised evidence inside a contract folder: made again whenever it is missing."""
SENT = "sent-"
"""How a folder in it begins that holds a file while it is handed in."""
_BESIDE = {
    "README": "Normalised evidence, made from the files by Muniment. It can be deleted.\n",
    ".gitignore": "*\n",
}


def cache_folder(folder: Path) -> Path:
    """Inside the contract folder; where that cannot be written, a place of the system's for passing files."""
    inside = folder / NORMALISED_FOLDER
    try:
        inside.mkdir(parents=True, exist_ok=True)
        for name, says in _BESIDE.items():
            if not (inside / name).exists():
                (inside / name).write_text(says, encoding="utf-8")
    except OSError:
        return _outside(folder)
    return inside if access(inside, W_OK) else _outside(folder)


def _outside(folder: Path) -> Path:
    """A folder that only this person can write to: the one that was made before, or a new one where somebody else took
    its name."""
    digest = sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    known = Path(gettempdir()) / f"muniment-{digest}"
    try:
        known.mkdir(mode=0o700)
    except OSError:
        if not _is_ours(known):
            return Path(mkdtemp(prefix="muniment-"))
    return known


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return S_ISDIR(found.st_mode) and found.st_uid == geteuid() and not found.st_mode & 0o077


def is_store_unaltered(store: Path) -> bool:
    """Whether its bytes are those that were written. Its name says what was read, not that nobody wrote into it."""
    try:
        return _beside(store).read_text(encoding="ascii") == file_digest(store)
    except (OSError, UnicodeDecodeError):
        return False


def note_store_made(store: Path) -> None:
    """It is done: what its bytes are stands beside it from now on."""
    _beside(store).write_text(file_digest(store), encoding="ascii")


def _beside(store: Path) -> Path:
    """The file that says what the store's bytes are."""
    return store.with_suffix(".sha256")


def file_digest(path: Path) -> str:
    """The sha256 of a file of any size. Raises OSError."""
    digest = sha256()
    with path.open("rb") as file:
        while portion := file.read(1 << 20):
            digest.update(portion)
    return digest.hexdigest()


def note_unique(table: str, stores: Sequence[Path], cache: Path) -> None:
    """No key is in two of these stores of a table: nobody looks again as long as they are these."""
    key = _key_of(stores)
    _unique_note(table, key, cache).write_text(key, encoding="ascii")


def is_known_unique(table: str, stores: Sequence[Path], cache: Path) -> bool:
    """Whether somebody looked at these very stores before, and no key was in two of them."""
    key = _key_of(stores)
    return _says(_unique_note(table, key, cache), key)


def _key_of(stores: Sequence[Path]) -> str:
    return sha256("\n".join(sorted(store.name for store in stores)).encode()).hexdigest()


def _unique_note(table: str, key: str, cache: Path) -> Path:
    return cache / f"{table}-{key[:32]}.unique"


def _says(file: Path, text: str) -> bool:
    try:
        return file.read_text(encoding="ascii") == text
    except (OSError, UnicodeDecodeError):
        return False
