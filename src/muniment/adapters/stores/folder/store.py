"""A contract kept as a folder: its agreed text, its evidence, its ledger and its blobs."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from muniment.adapters.stores.files.blobs import FileBlobs
from muniment.adapters.stores.folder.ledger import FolderLedger
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors, suggestion
from muniment.domain.record.ports import Clock, Salts

TOP_FILES = ("contract.yaml", "evidence.yaml", "regime.yaml", "reporting.yaml", "projects.yaml")
TEXT_FOLDERS = ("changes", "examples")
EVIDENCE_KINDS = (".csv", ".parquet")
_OUTSIDE = "put the file itself into the folder"


class FolderStore:
    """Opens a contract folder. Raises ProblemsFoundError where there is no such folder. Opening changes nothing in
    it."""

    def __init__(self, path: Path, *, clock: Clock, salts: Salts) -> None:
        if not path.is_dir():
            raise ProblemsFoundError(
                [Problem(Place(str(path)), "F000", "there is no such folder", "name a contract folder")]
            )
        self.path = path
        self.ledger = FolderLedger(path, clock=clock, salts=salts)
        self.blobs = FileBlobs(path / "blobs")

    def read_texts(self) -> Mapping[str, str]:
        """Relative path -> text of the agreed text's files. Raises ProblemsFoundError."""
        return read_texts(self.path)

    def adopted_text(self, digest: str) -> str | None:
        """A text that was kept among the blobs; None where it was not. Raises ProblemsFoundError where it was
        altered."""
        return self.blobs.read(digest).decode() if self.blobs.has(digest) else None

    def texts_kept(self) -> Mapping[str, str]:
        """None beside the files themselves: earlier texts are kept by git, or as blobs."""
        return {}

    def evidence_files(self) -> Mapping[str, tuple[Path, ...]]:
        """Table -> the files that lie ready for it, in the order of their names. Raises ProblemsFoundError."""
        return ready_evidence_files(self.path)


def read_texts(folder: Path) -> Mapping[str, str]:
    """Relative path -> text: the top files, then changes/ and examples/, each in the order of the names.

    Raises ProblemsFoundError with every file that cannot be read as UTF-8, lies outside the folder, or has a name under
    which it would not be read.
    """
    problems = [*_misnamed(folder), *_broken(folder / name for name in TEXT_FOLDERS)]
    texts: dict[str, str] = {}
    for path in _text_paths(folder):
        name = path.relative_to(folder).as_posix()
        read = _text(path, name=name, folder=folder)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            texts[name] = read
    raise_if_errors(problems)
    return texts


def ready_evidence_files(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Table -> its files in evidence/<table>/, in the order of their names. Raises ProblemsFoundError for other
    files."""
    problems = [*_broken([folder / "evidence"])]
    found: dict[str, tuple[Path, ...]] = {}
    for table in _visible(folder / "evidence"):
        if table.is_dir():
            paths = _visible(table)
            found[table.name] = tuple(path for path in paths if path.suffix in EVIDENCE_KINDS and path.is_file())
            problems.extend(_not_evidence(paths, folder=folder))
        else:
            problems.extend(_not_evidence([table], folder=folder, in_table=False))
    raise_if_errors(problems)
    return found


def _text_paths(folder: Path) -> Iterator[Path]:
    yield from (path for name in TOP_FILES if (path := folder / name).exists() or path.is_symlink())
    for name in TEXT_FOLDERS:
        yield from (path for path in _visible(folder / name) if path.suffix == ".yaml")


def _text(path: Path, *, name: str, folder: Path) -> str | Problem:
    astray = _astray(path, folder=folder)
    if astray is not None:
        return astray
    try:
        content = path.read_bytes()
    except OSError as error:
        return Problem(Place(name), "F002", f"the file cannot be read: {error.strerror}", "ask for access to it")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place_of(content[: error.start], name=name)
        return Problem(place, "F004", "this is not UTF-8", "save the file as UTF-8")


def _place_of(before: bytes, *, name: str) -> Place:
    text = before.decode("utf-8")
    return Place(name, text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1)


def _misnamed(folder: Path) -> Iterator[Problem]:
    """YAML files that nobody would read, because their name is not one of ours."""
    for path in _visible(folder):
        if _is_yaml(path) and path.name not in TOP_FILES:
            what = f"'{path.name}' is not a file of a contract, so it would not be read"
            yield Problem(Place(path.name), "F005", what, suggestion(path.name, TOP_FILES, "move it elsewhere"))
    for name in TEXT_FOLDERS:
        for path in _visible(folder / name):
            if _is_yaml(path) and path.suffix != ".yaml":
                what = "only names that end in .yaml are read"
                yield Problem(Place(f"{name}/{path.name}"), "F005", what, f"name it {path.stem}.yaml")


def _not_evidence(paths: list[Path], *, folder: Path, in_table: bool = True) -> Iterator[Problem]:
    read = EVIDENCE_KINDS if in_table else ()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.suffix not in (*read, ".md"):
            what = "evidence is read from evidence/<table>/*.csv and *.parquet only"
            yield Problem(Place(name), "F006", what, "move it, or save it as CSV")
        elif (astray := _astray(path, folder=folder)) is not None:
            yield astray
        elif not path.is_file():
            yield Problem(Place(name), "F006", "there is no file behind this name", _OUTSIDE)


def _astray(path: Path, *, folder: Path) -> Problem | None:
    """A link that nobody may follow, or can."""
    name = path.relative_to(folder).as_posix()
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return Problem(Place(name), "F003", "the file is a link that leads back to itself", _OUTSIDE)
    return None if is_inside else Problem(Place(name), "F003", "the file is a link out of the folder", _OUTSIDE)


def _broken(folders: Iterable[Path]) -> Iterator[Problem]:
    """Folders that are links to nothing: what should be in them would be passed over."""
    for path in folders:
        if path.is_symlink() and not path.is_dir():
            yield Problem(Place(path.name), "F003", "this is a link to no folder", "put the folder itself here")


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in {".yaml", ".yml"} and path.is_file()


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=lambda path: path.name)
