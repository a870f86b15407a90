"""Lists every problem in the rows of a file, with its position, once the quick reading has found that there is one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.ingestion.findings import (
    CLOCK_CHANGE,
    DUPLICATE,
    EMPTY_ROW,
    TOTALS,
    Finding,
    faulty_rows,
    findings_in,
)
from muniment.adapters.ingestion.intake import Flaw
from muniment.adapters.ingestion.messages import more_words, words_for
from muniment.adapters.ingestion.placing import Extent, extent_of, parse_source, put_in_place
from muniment.adapters.ingestion.records import records_of
from muniment.adapters.ingestion.zone import Offsets
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Place, Problem
from muniment.domain.regime.contract import Table

Flaws = tuple[tuple[Flaw, ...], tuple[Problem, ...]]
"""The problems in rows that are listed, and one of each kind that says how many more there are."""
_OF_ROWS = (EMPTY_ROW, DUPLICATE, TOTALS)


@dataclass(frozen=True)
class RowFindings:
    """What was found in the rows that could be read."""

    table: Table
    zone: str
    expected: Period | None
    extent: Extent
    offsets: Offsets
    findings: tuple[Finding, ...]
    faulty_rows: int
    listed: int

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each code in all."""
        return {finding.code: finding.of for finding in self.findings}

    def flaws_in_csv(self, *, file: Path, shown_as: str, positions: Sequence[int]) -> Flaws:
        """The problems at line and character. Reads the file again as far as the last of them."""
        last = max((finding.record for finding in self.findings), default=-1)
        wanted = {finding.record for finding in self.findings}
        read = islice(records_of(file=file, shown_as=shown_as), last + 1)
        records = {record.number: record for record in read if record.number in wanted}
        return self._flaws(
            lambda finding: records[finding.record].place_of(positions[finding.column], shown_as=shown_as)
        )

    def flaws_by_row(self, *, shown_as: str) -> Flaws:
        """The problems at the row, where a file has no lines."""
        return self._flaws(lambda finding: Place(shown_as, finding.line))

    def flaws_in_sheet(self, *, shown_as: str, positions: Sequence[int]) -> Flaws:
        """The problems at the row and column of a sheet."""
        return self._flaws(lambda finding: Place(shown_as, finding.line, positions[finding.column] + 1))

    def _flaws(self, place_of: Callable[[Finding], Place]) -> Flaws:
        """The problems that are listed, each with its row; and one of each kind that stands for the others."""
        flaws, rest = [], []
        for finding in self.findings:
            problem = self._problem(finding, place_of(finding))
            if finding.rank > self.listed:
                rest.append(problem)
            else:
                column = "" if finding.code in _OF_ROWS else self.table.columns[finding.column].name_in_file
                flaws.append(Flaw(problem, column, finding.key))
        return tuple(flaws), tuple(rest)

    def _problem(self, finding: Finding, place: Place) -> Problem:
        if finding.rank > self.listed:
            words = more_words(code=finding.code, count=finding.of - self.listed, listed=self.listed)
            return Problem(place, finding.code, *words)
        change = self.offsets.change_at(finding.detail) if finding.code == CLOCK_CHANGE else None
        words = words_for(finding, table=self.table, expected=self.expected, change=change, zone=self.zone)
        return Problem(place, finding.code, *words)


def find_row_problems(
    *,
    connection: DuckDBPyConnection,
    source: str,
    table: Table,
    zone: str,
    expected: Period | None,
    listed: int,
    also_faulty: Collection[int] = (),
) -> RowFindings:
    """Parse the source with its raw text kept, put it in place, and list what is wrong. `also_faulty`: records with a
    problem that is known already."""
    parse_source(connection=connection, source=source, table=table, keep_raw=True)
    extent = extent_of(connection=connection, table=table)
    offsets = put_in_place(connection=connection, table=table, zone=zone, extent=extent)
    findings = findings_in(connection=connection, table=table, expected=expected, listed=listed)
    return RowFindings(
        table=table,
        zone=zone,
        expected=expected,
        extent=extent,
        offsets=offsets,
        findings=findings,
        faulty_rows=faulty_rows(connection=connection, also=also_faulty),
        listed=listed,
    )
