"""Discarding the rows of old months: which KPIs still need them, the act, and the normalised copies."""

from pathlib import Path
from shutil import rmtree

from muniment.application.command_context import CommandContext
from muniment.application.load import OpenedContract
from muniment.application.normalised_evidence import SENT, cache_folder
from muniment.application.stores import ContractInDatabase
from muniment.commands.retention import discard_rows
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry

MADE = "made"
"""Where a database keeps the files that pages had made: rows that failed, differences, bundles."""
NORMALISED_FILES = (".parquet", ".sha256", ".unique")
"""The rows of a file, what its bytes were, and that no key of it stands in another."""


def discard(acting: CommandContext, *, before: Month) -> Entry:
    """Record that the rows of months before `before` are discarded, and drop them. Raises RefusedError,
    NotRecordedError."""
    opened = acting.opened
    contract = opened.text.contract(known=opened.known)
    entry = discard_rows(
        ledger=opened.store.ledger,
        blobs=opened.store.blobs,
        act=acting.act,
        before=str(before),
        record_from=contract.record_from,
        spanning=_spanning(opened, before) if contract.start < before <= contract.end else (),
    )
    forget_normalised(opened.store.path)
    if isinstance(acting.folder, ContractInDatabase):
        forget_made(opened.store.path)
    return entry


def forget_normalised(folder: Path) -> None:
    """Normalised evidence holds rows too; what is still needed is made again. What lies beside goes with it, and a file
    that was being handed in when its process died."""
    for path in cache_folder(folder).iterdir():
        if path.suffix in NORMALISED_FILES:
            path.unlink(missing_ok=True)
        elif path.name.startswith(SENT):
            rmtree(path, ignore_errors=True)


def forget_made(folder: Path) -> None:
    """Files that were made of rows hold rows too; they are made again when somebody asks."""
    rmtree(folder / MADE, ignore_errors=True)


def _spanning(opened: OpenedContract, before: Month) -> tuple[str, ...]:
    """The KPIs with a period that began before the month and is not over when it begins."""
    in_force = opened.text.kpis_in_force(month=before, known=opened.known)
    return tuple(kpi.code for kpi, period in in_force.values() if period.first < before)
