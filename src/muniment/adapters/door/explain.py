"""Every problem of a file, with its position, once the quick reading has found that there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.door.findings import CLOCK_CHANGE, LISTED, Finding, findings_in
from muniment.adapters.door.messages import more_words, words_for
from muniment.adapters.door.placing import Extent, extent_of, number_of, parse, put_in_place
from muniment.adapters.door.records import Record, records_of
from muniment.adapters.door.zone import Offsets
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.regime.tables import Table


@dataclass(frozen=True)
class Explained:
    """`walls`: for a time that the clocks make unclear, what was written, in seconds since 1970-01-01 00:00."""

    table: Table
    zone: str
    expected: Period | None
    extent: Extent
    offsets: Offsets
    findings: tuple[Finding, ...]
    walls: Mapping[tuple[int, int], int]

    def problems_in_csv(self, *, file: Path, shown_as: str, positions: Sequence[int]) -> tuple[Problem, ...]:
        """The problems at line and character. Reads the file again as far as the last of them."""
        wanted = {finding.record for finding in self.findings}
        records: dict[int, Record] = {}
        if wanted:
            for record in records_of(file=file, shown_as=shown_as):
                if record.number in wanted:
                    records[record.number] = record
                if record.number >= max(wanted):
                    break
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
        wall = self.walls.get((finding.record, finding.column))
        change = None if wall is None else self.offsets.change_at(wall)
        words = words_for(finding, table=self.table, expected=self.expected, change=change, zone=self.zone)
        return Problem(place, finding.code, *words)
