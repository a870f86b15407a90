"""Tables, JSON and CSV on standard output: rich on a terminal, plain text that pipes well anywhere else."""

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from muniment.domain.kernel.fingerprint import Json

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class TextTable:
    """A table as text. `right`: positions of the columns that hold numbers. `last_is_total`: ruled off."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = field(default_factory=frozenset)
    last_is_total: bool = False


def print_json(value: Json) -> None:
    """Indented, in the documented order of keys, with a newline at the end."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Comma-separated with a heading row; a text that a spreadsheet would run as a formula is neutralised."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])


def _harmless(cell: str) -> str:
    is_number = cell.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not is_number else cell


def print_table(table: TextTable) -> None:
    """With rules and bold headings on a terminal; aligned plain text elsewhere."""
    if sys.stdout.isatty():
        _print_rich(table)
        return
    widths = [max(len(row[i]) for row in (table.headings, *table.rows)) for i in range(len(table.headings))]
    print(table.title)
    print()
    print(_line(table.headings, widths, table.right))
    print("  ".join("-" * width for width in widths))
    for index, row in enumerate(table.rows):
        if table.last_is_total and index == len(table.rows) - 1:
            print("  ".join("-" * width for width in widths))
        print(_line(row, widths, table.right))


def _line(cells: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    padded = [cell.rjust(widths[i]) if i in right else cell.ljust(widths[i]) for i, cell in enumerate(cells)]
    return "  ".join(padded).rstrip()


def _print_rich(table: TextTable) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    for index, heading in enumerate(table.headings):
        shown.add_column(heading, justify="right" if index in table.right else "left")
    for index, row in enumerate(table.rows):
        if table.last_is_total and index == len(table.rows) - 1:
            shown.add_section()
        shown.add_row(*row)
    Console().print(shown)


def next_steps(*lines: str) -> None:
    """What to try next, on standard error so that output pipes clean."""
    print("\nNext:", file=sys.stderr)
    for line in lines:
        print(f"  {as_typed(line)}", file=sys.stderr)


def as_typed(line: str) -> str:
    """A line that begins with 'muniment' as it has to be typed here: with the program's path where it is on none."""
    program = Path(sys.argv[0])
    if not line.startswith("muniment ") or program.name != "muniment" or which("muniment") is not None:
        return line
    path = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    return f"{path}{line.removeprefix('muniment')}"
