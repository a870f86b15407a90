"""Every problem of a file, with its position, once the quick reading has found that there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.door.findings import CLOCK_CHANGE, LISTED, Finding, findings_in
from muniment.adapters.door.messages import more_words, words_for
from muniment.adapters.door.placing import Extent, extent_of, parse, put_in_place
from muniment.adapters.door.records import records_of
from muniment.adapters.door.zone import Offsets
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.regime.tables import Table


@dataclass(frozen=True)
class Explained:
    """What was found in the rows that could be read."""

    table: Table
    zone: str
    expected: Period | None
    extent: Extent
    offsets: Offsets
    findings: tuple[Finding, ...]

    def problems_in_csv(self, *, file: Path, shown_as: str, positions: Sequence[int]) -> tuple[Problem, ...]:
        """The problems at line and character. Reads the file again as far as the last of them."""
        last = max((finding.record for finding in self.findings), default=-1)
        wanted = {finding.record for finding in self.findings}
        read = islice(records_of(file=file, shown_as=shown_as), last + 1)
        records = {record.number: record for record in read if record.number in wanted}
        return tuple(
            self._problem(finding, records[finding.record].place_of(positions[finding.column], shown_as=shown_as))
            for finding in self.findings
        )

    def problems_by_row(self, *, shown_as: str) -> tuple[Problem, ...]:
        """The problems at the row, where a file has no lines."""
        return tuple(self._problem(finding, Place(shown_as, finding.line)) for finding in self.findings)

    def _problem(self, finding: Finding, place: Place) -> Problem:
        if finding.rank > LISTED:
            return Problem(place, finding.code, *more_words(code=finding.code, count=finding.of - LISTED))
        change = self.offsets.change_at(finding.detail) if finding.code == CLOCK_CHANGE else None
        words = words_for(finding, table=self.table, expected=self.expected, change=change, zone=self.zone)
        return Problem(place, finding.code, *words)


def explain(
    *, connection: DuckDBPyConnection, source: str, table: Table, zone: str, expected: Period | None
) -> Explained:
    """Parse the source with its raw text kept, put it in place, and list what is wrong."""
    parse(connection=connection, source=source, table=table, keep_raw=True)
    extent = extent_of(connection=connection, table=table)
    offsets = put_in_place(connection=connection, table=table, zone=zone, extent=extent)
    findings = findings_in(connection=connection, table=table, expected=expected)
    return Explained(table=table, zone=zone, expected=expected, extent=extent, offsets=offsets, findings=findings)
