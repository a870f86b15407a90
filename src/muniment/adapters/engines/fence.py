"""A DuckDB connection that can read the folders of the store and nothing else."""

from collections.abc import Iterable
from pathlib import Path

from duckdb import DuckDBPyConnection, connect

_MEMORY = "2GB"


def engine_connection(*, folders: Iterable[Path], threads: int) -> DuckDBPyConnection:
    """A database in memory. The fence cannot be taken down again."""
    connection = connect(config={"threads": threads, "memory_limit": _MEMORY})
    allowed = ", ".join("'" + str(folder.resolve()).replace("'", "''") + "'" for folder in folders)
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
