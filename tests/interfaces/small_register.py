"""Registers with the small contract in them, made once in a process and then copied: setting one up takes a second."""

import shutil
from pathlib import Path
from urllib.parse import quote

from muniment.application.import_export import carry_into_register, create_register
from muniment.application.projections import rebuild
from muniment.application.stores import Address, InRegister, register_at

REGISTER = "register.sqlite3"


def register_in(folder: Path) -> Address:
    """Where a register of that folder is."""
    return Address(f"sqlite:///{quote(str(folder / REGISTER))}", folder / f"{REGISTER}-files")


def make_register(*, of: Path | None, into: Path, is_projected: bool = True) -> Path:
    """A register in the folder `into`, with the contract of the folder `of`, where there is one; nobody is connected
    to it."""
    where = register_in(into)
    create_register(where)
    if of is not None:
        carry_into_register(of, where=where)
    if of is not None and is_projected:
        rebuild(InRegister("tiny", where))
    register_at(where).close()
    return into


def copy_register(made: Path, *, into: Path) -> Address:
    shutil.copytree(made, into, dirs_exist_ok=True)
    return register_in(into)
