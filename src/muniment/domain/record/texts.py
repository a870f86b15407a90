"""Free text in the chain: the entry hashes a salted commitment, and the text stands beside it.

Erasing a text takes salt and text away and leaves the commitment, so the chain stays valid and nobody can guess at
what was written. A text that is still there must fit its commitment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

ERASED = "[text erased]"
SALT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class SaltedText:
    """`salt`: 32 hex digits, unlike any other in the ledger."""

    salt: str
    text: str

    @property
    def commitment(self) -> str:
        """sha256 of salt and text, 64 hex digits. The salt's fixed length keeps the two apart."""
        return sha256((self.salt + self.text).encode()).hexdigest()


def faults(*, commitments: Mapping[str, str], texts: Mapping[str, SaltedText]) -> tuple[str, ...]:
    """What is wrong with the texts that stand beside their commitments; an erased text is no fault."""
    found = []
    for name, salted in sorted(texts.items()):
        if name not in commitments:
            found.append(f"the text '{name}' is in no commitment of the entry")
        elif not SALT.fullmatch(salted.salt) or salted.commitment != commitments[name]:
            found.append(f"the text '{name}' is not the one that was recorded")
    return tuple(found)
