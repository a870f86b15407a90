"""A DuckDB connection that can reach the folders it was given and nothing else."""

from collections.abc import Iterable
from pathlib import Path

from duckdb import DuckDBPyConnection, connect

from muniment.adapters.ingestion.limits import MB, ReadingLimits
from muniment.adapters.ingestion.sqltext import text

_THREADS = 2
_MEMORY = "2GB"


def ingestion_connection(
    *, folders: Iterable[Path], spill: Path, limits: ReadingLimits | None = None
) -> DuckDBPyConnection:
    """A database in memory. Rows that do not fit in it go to `spill`. The fence cannot be taken down again."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": _THREADS,
        "memory_limit": _MEMORY,
        "temp_directory": str(spill.resolve()),
    }
    if limits is not None:
        bounds = {"memory_limit": limits.memory, "max_temp_directory_size": limits.disk}
        config.update({name: f"{size // MB}MiB" for name, size in bounds.items()})
    connection = connect(config=config)
    allowed = ", ".join(text(str(folder.resolve())) for folder in folders)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
