"""The salt of a pseudonymised bundle: a file that the authority keeps, and nobody else reads."""

import os
from pathlib import Path
from secrets import token_hex

from muniment.domain.kernel.problem import Place, Problem, ProblemsFound
from muniment.faces.desk.writing import must_take_a_file, writing

BYTES = 32


def salt_in(path: Path) -> bytes:
    """The salt in the file; a new one, written for its owner alone, where there is no file yet.

    Raises ProblemsFound where the file holds something else, or cannot be read or written.
    """
    must_take_a_file(path)
    with writing(path):
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{token_hex(BYTES)}\n")
        try:
            salt = bytes.fromhex(path.read_text(encoding="ascii"))
        except ValueError:
            salt = b""
    if len(salt) != BYTES:
        what = f"this is not a salt: it should be {BYTES * 2} hex digits"
        raise ProblemsFound([Problem(Place(str(path)), "B021", what, "name another file with --salt")])
    return salt
