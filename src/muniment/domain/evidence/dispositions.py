"""What happens to a row: every row of a table has exactly one disposition under a measure."""

from collections.abc import Collection, Mapping

from muniment.domain.evidence.engine import COUNTED, IN_TOTAL, OUT_OF_SCOPE, REJECTED
from muniment.domain.evidence.rows import Row
from muniment.domain.kernel.calendars import Calendar
from muniment.domain.language.evaluate import UnreadableCellError, holds
from muniment.domain.regime.measures import Measure


class UnreadableRowError(ValueError):
    """A row that cannot be given a disposition, or summed. Names the row, the table and the column."""

    def __init__(self, *, table: str, row: str, cause: UnreadableCellError) -> None:
        super().__init__(f"{table} row {row}: {cause}")
        self.table = table
        self.row = row
        self.column = cause.column


def disposition_of(
    measure: Measure, row: Row, calendars: Mapping[str, Calendar], *, set_aside: Collection[str] = ()
) -> int:
    """REJECTED, OUT_OF_SCOPE, the number (from 1) of the first left-out rule that matches, COUNTED, or IN_TOTAL.

    `set_aside`: ids of the table's rows that are rejected; no condition is asked of them.

    Raises UnreadableRowError where a condition compares a missing value."""
    if row.id in set_aside:
        return REJECTED
    try:
        return _disposition(measure, row, calendars)
    except UnreadableCellError as cause:
        raise UnreadableRowError(table=measure.table, row=row.id, cause=cause) from cause


def _disposition(measure: Measure, row: Row, calendars: Mapping[str, Calendar]) -> int:
    if not holds(measure.scope, row.cells, calendars):
        return OUT_OF_SCOPE
    for number, rule in enumerate(measure.left_out, start=1):
        if holds(rule.when, row.cells, calendars):
            return number
    return COUNTED if holds(measure.counted, row.cells, calendars) else IN_TOTAL
