"""Rows in Parquet whose keys are pseudonyms, as those of CSV: the same key has the same pseudonym in both."""

from hashlib import sha256
from pathlib import Path

from muniment.adapters.publication.pseudonyms import LENGTH, Hiding, spoken_of
from muniment.domain.language.columns import Column
from muniment.domain.regime.tables import Table

BLOCK = 64
"""Bytes of a block of SHA-256, to which HMAC fills its key up."""


def pseudonymised_parquet(*, file: Path, into: Path, table: Table, hiding: Hiding, salt: bytes) -> None:
    """Write the file anew with its declared columns only, hidden as told: the same rows in the same order, and the
    same bytes whenever the same version of the engine writes them. Every other column keeps its type.
    """
    from duckdb import connect

    columns = ", ".join(f"{_hidden(column, table, hiding, salt)} AS {_name(column)}" for column in table.columns)
    folders = ", ".join(_text(str(path.resolve().parent)) for path in (file, into))
    with connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET allowed_directories = [{folders}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        rows = f"SELECT {columns} FROM read_parquet({_text(str(file.resolve()))})"  # noqa: S608  # the agreed names
        connection.execute(f"COPY ({rows}) TO {_text(str(into.resolve()))} (FORMAT parquet, COMPRESSION zstd)")


def _hidden(column: Column, table: Table, hiding: Hiding, salt: bytes) -> str:
    if column.name in hiding.pseudonyms:
        return _pseudonym(f"{_text(spoken_of(table, column.name))} || CAST({_name(column)} AS VARCHAR)", salt)
    return "CAST(NULL AS VARCHAR)" if column.name in hiding.emptied else _name(column)


def _pseudonym(words: str, salt: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) as SQL; of a missing cell, nothing."""
    key = (salt if len(salt) <= BLOCK else sha256(salt).digest()).ljust(BLOCK, b"\0")
    inner, outer = (f"unhex('{bytes(byte ^ pad for byte in key).hex()}')" for pad in (0x36, 0x5C))
    return f"substr(sha256({outer} || unhex(sha256({inner} || encode({words})))), 1, {LENGTH})"


def _name(column: Column) -> str:
    return '"' + column.name_in_file.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
