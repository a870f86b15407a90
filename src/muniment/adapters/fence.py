"""A DuckDB that can reach the folders it was given and nothing else, whatever it is asked, with its clock set to UTC.

Making a database takes some 15 ms, a further connection to one half a millisecond: whoever reads many files that lie in
the same folders shares one. Nothing but the fence is shared: what is made on a connection is temporary, and its own.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from duckdb import DuckDBPyConnection, connect

MOST_MEMORY = "2GB"
_THREADS = 2
_MOST_KEPT = 4
"""Databases that a process keeps for further connections."""


def fenced_database(
    *,
    folders: Iterable[Path],
    threads: int = _THREADS,
    memory: str = MOST_MEMORY,
    spill: Path | None = None,
    disk: str | None = None,
) -> DuckDBPyConnection:
    """A database of its own, in memory. The fence cannot be taken down again. `spill`: the folder for rows that do not
    fit in `memory`, at most `disk` of them; both are sizes as DuckDB writes them, such as 512MiB."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "enable_external_file_cache": False,  # what is read is what stands in the file now
    }
    if spill is not None:
        config["temp_directory"] = str(spill.resolve())
    if disk is not None:
        config["max_temp_directory_size"] = disk
    connection = connect(config=config)
    allowed = ", ".join("'" + str(folder.resolve()).replace("'", "''") + "'" for folder in sorted(folders))
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # without GLOBAL, a further connection has the machine's
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def fenced_connection(
    *, folders: Iterable[Path], spill: Path, memory: str = MOST_MEMORY, disk: str | None = None
) -> DuckDBPyConnection:
    """A further connection to the database that has these folders and bounds. Make temporary things only."""
    reached = {folder.resolve() for folder in folders}
    outer = frozenset(folder for folder in reached if not any(parent in reached for parent in folder.parents))
    return _database(outer, spill.resolve(), memory, disk).cursor()


@lru_cache(maxsize=_MOST_KEPT)
def _database(folders: frozenset[Path], spill: Path, memory: str, disk: str | None) -> DuckDBPyConnection:
    return fenced_database(folders=folders, memory=memory, spill=spill, disk=disk)
