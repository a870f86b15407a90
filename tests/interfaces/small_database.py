"""Databases with the small contract in them, made once in a process and then copied: setting one up takes a second."""

import shutil
from pathlib import Path
from urllib.parse import quote

from muniment.application.import_export import create_database, import_contract_folder
from muniment.application.projections import recompute_projections
from muniment.application.stores import ContractInDatabase, DatabaseAddress, database_at

DATABASE_FILE = "database.sqlite3"


def database_in(folder: Path) -> DatabaseAddress:
    """Where a database of that folder is."""
    return DatabaseAddress(f"sqlite:///{quote(str(folder / DATABASE_FILE))}", folder / f"{DATABASE_FILE}-files")


def make_database(*, of: Path | None, into: Path, is_projected: bool = True) -> Path:
    """A database in the folder `into`, with the contract of the folder `of`, where there is one; nobody is connected
    to it."""
    where = database_in(into)
    create_database(where)
    if of is not None:
        import_contract_folder(of, where=where)
    if of is not None and is_projected:
        recompute_projections(ContractInDatabase("tiny", where))
    database_at(where).close()
    return into


def copy_database(made: Path, *, into: Path) -> DatabaseAddress:
    shutil.copytree(made, into, dirs_exist_ok=True)
    return database_in(into)
