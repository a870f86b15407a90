"""Registers with the small contract in them, made once in a process and then copied: setting one up takes a second."""

import shutil
from pathlib import Path
from urllib.parse import quote

from muniment.application.import_export import create_database, import_contract_folder
from muniment.application.projections import recompute_projections
from muniment.application.stores import ContractInDatabase, DatabaseAddress, database_at

REGISTER = "register.sqlite3"


def register_in(folder: Path) -> DatabaseAddress:
    """Where a register of that folder is."""
    return DatabaseAddress(f"sqlite:///{quote(str(folder / REGISTER))}", folder / f"{REGISTER}-files")


def make_register(*, of: Path | None, into: Path, is_projected: bool = True) -> Path:
    """A register in the folder `into`, with the contract of the folder `of`, where there is one; nobody is connected
    to it."""
    where = register_in(into)
    create_database(where)
    if of is not None:
        import_contract_folder(of, where=where)
    if of is not None and is_projected:
        recompute_projections(ContractInDatabase("tiny", where))
    database_at(where).close()
    return into


def copy_register(made: Path, *, into: Path) -> DatabaseAddress:
    shutil.copytree(made, into, dirs_exist_ok=True)
    return register_in(into)
