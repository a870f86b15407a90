"""What a difference between a printed figure and the records is: computed, never chosen.

A CORRECTION is due where the figure was wrong when it was printed; a REVISION where it was right then, and the records
say something else now.
"""

from typing import Literal

Verdict = Literal["never reported", "agrees", "correction due", "revision due", "cannot be computed"]


def verdict_of(*, printed: str | None, said_then: str | None, says_now: str | None) -> Verdict:
    """`printed`: as last printed or said. `said_then`: what the records said on the day of printing. `says_now`: what
    they say as known on the day of asking. Texts are compared as printed."""
    if printed is None:
        return "never reported"
    if says_now is None or said_then is None:
        return "cannot be computed"
    if printed == says_now:
        return "agrees"
    return "revision due" if printed == said_then else "correction due"
