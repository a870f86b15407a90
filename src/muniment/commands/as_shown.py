"""A statement that is signed must be the one that the person was shown."""

from muniment.domain.kernel.period import Month
from muniment.domain.record.refused import Refused


class NotAsShown(Refused):
    """The statement is another one by now. `shown` and `now`: what each comes to; `shown` is blank where nobody kept
    it."""

    def __init__(self, *, month: Month, shown: str, now: str) -> None:
        saw = f"you were shown {shown}" if shown else "you were shown another one"
        what = f"the statement of {month.name} is not the one that you were shown: {saw}, and it comes to {now} now"
        if shown == now:
            what = (
                f"the statement of {month.name} is not the one that you were shown: it comes to {now} as before, but "
                "something that it is computed from, or the day, is another"
            )
        super().__init__("as_shown", what, "look at the statement as it is now, and sign it if it still holds")
