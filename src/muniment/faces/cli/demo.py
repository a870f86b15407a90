"""muniment demo"""

import argparse
import sys
from pathlib import Path

from muniment.commands.queries.summarise import summarise
from muniment.domain.kernel.period import Month
from muniment.example.story import MEETING
from muniment.faces.cli.printing import as_typed, print_table
from muniment.faces.cli.summary import table_1_printed
from muniment.faces.desk.demo import make_example
from muniment.faces.desk.opening import open_contract, read_contract
from muniment.faces.desk.reporting import make_report

FIRST, LAST = Month(2019, 7), Month(2019, 11)


def run(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.out)
    print("Making the example contract: its evidence is generated, its record written act by act.", file=sys.stderr)
    make_example(into=folder, progress=lambda line: print(f"  {line}", file=sys.stderr))
    opened = open_contract(folder=folder, known=None)
    reading = read_contract(opened=opened, engine="duckdb", elsewhere={})
    columns = summarise(reading, first=FIRST, last=LAST)
    report = make_report(opened=opened, reading=reading, first=FIRST, last=LAST, meeting=MEETING, out=folder / "report")
    print_table(table_1_printed(columns, known=f", as known on {reading.known}"))
    print(f"\nThe board report: {report.html}\n              and {report.pdf}")
    print("\nTry next:")
    for line in (
        f"muniment explain {folder} CSC_KPI_04 2019-09",
        f"muniment statement {folder} --period 2019-09",
        f"muniment summary {folder} --from 2019-07 --to 2019-11 --known 2019-10-31",
        f"muniment check {folder}",
    ):
        print(f"  {as_typed(line)}")
    return 0
