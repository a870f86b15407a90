"""muniment report FOLDER --from MONTH --to MONTH --meeting DAY --out DIR"""

import argparse
from pathlib import Path

from muniment.faces.cli.asked import day_of, month_of, opened_by, reading_of
from muniment.faces.desk.reporting import make_report


def run(arguments: argparse.Namespace) -> int:
    first, last = month_of(arguments.first), month_of(arguments.last)
    meeting = day_of(arguments.meeting)
    opened = opened_by(arguments)
    reading = reading_of(arguments, opened)
    rendered = make_report(
        opened=opened, reading=reading, first=first, last=last, meeting=meeting, out=Path(arguments.out)
    )
    print(rendered.title)
    print(rendered.html)
    print(rendered.pdf)
    return 0
