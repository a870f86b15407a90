"""What sessions are signed with, where nobody set a key: made once, kept beside the database's files, for its owner."""

import os
import secrets
from pathlib import Path

_NAME = "secret-key"


def kept_secret_key(folder: Path) -> str:
    """The key in that folder; made when it is missing. Two processes that start at once agree on one.

    Where there is no such folder, no database is served yet, and a key that nobody keeps will do: a program that only
    looks at the settings leaves nothing behind.
    """
    path = folder / _NAME
    if not folder.is_dir():
        return secrets.token_urlsafe(48)
    if not path.is_file():
        part = folder / f".{_NAME}.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_text(encoding="utf-8").strip()
