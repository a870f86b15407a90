"""What the door made of a file that was uploaded, kept beside it: looking, previewing and submitting read it once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import copyfile

from muniment.adapters.door.delivery import FileKind as SentKind
from muniment.adapters.door.intake import Intake
from muniment.adapters.door.limits import ReadingLimits
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.regime import Contract
from muniment.faces.desk.evidence import EvidenceFile, at_the_door, cache_folder, is_as_made, note_made, store_name
from muniment.faces.desk.stores import Store


@dataclass(frozen=True)
class FileRead:
    """`stored`: the file that the record would keep; of a workbook in which nothing is wrong, what its sheet says as
    CSV."""

    intake: Intake
    stored: Path


def read_sent(
    *,
    file: EvidenceFile,
    kind: SentKind,
    contract: Contract,
    measures: Sequence[Measure],
    folder: Path,
    listed: int,
    limits: ReadingLimits | None,
    is_afresh: bool = False,
) -> FileRead:
    """Take the file through the door into `folder`. Where what the same bytes gave there is as it was made, it is not
    read again, and the intake says nothing of its rows. `is_afresh`: read it all the same. Raises OSError."""
    into, sheet = _places(file, kind=kind, contract=contract, measures=measures, folder=folder)
    if not is_afresh and is_as_made(into) and (sheet is None or is_as_made(sheet)):
        return FileRead(Intake(into, 0), sheet or file.path)
    intake = at_the_door(
        file, kind=kind, contract=contract, measures=measures, into=into, listed=listed, as_csv=sheet, limits=limits
    )
    if intake.parquet is None:
        return FileRead(intake, file.path)
    for made in (into, sheet):
        if made is not None:
            note_made(made)
    return FileRead(intake, sheet or file.path)


def _places(
    file: EvidenceFile, *, kind: SentKind, contract: Contract, measures: Sequence[Measure], folder: Path
) -> tuple[Path, Path | None]:
    """Where the store of the file is, and what its sheet says."""
    into = folder / store_name(file, kind=kind, contract=contract, measures=measures)
    return into, folder / f"sheet-{into.stem}.csv" if kind == "xlsx" else None


def forget_readings(folder: Path) -> None:
    """The file is in the record: what was made of it lies with the contract's own normalised evidence."""
    for kind in ("*.parquet", "*.sha256", "sheet-*.csv"):
        for made in folder.glob(kind):
            made.unlink(missing_ok=True)


def use_for_record(
    *, store: Store, file: EvidenceFile, contract: Contract, measures: Sequence[Measure], folder: Path
) -> None:
    """Let the contract's own normalised evidence begin with the store that `folder` has of the file, so that nobody
    reads it again; without one, nothing happens."""
    name = store_name(file, kind=file.kind, contract=contract, measures=measures)
    made, place = folder / name, cache_folder(store.path) / name
    if not is_as_made(made) or is_as_made(place):
        return
    partial = place.with_name(f"{name}.{token_hex(4)}.partial")
    try:
        copyfile(made, partial)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
    note_made(place)
