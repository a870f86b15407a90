"""December 2019, whose evidence the demonstration awaits: a file for each table, and one that cannot be taken."""

from collections.abc import Callable, Iterator

from muniment.example.generator import OPEN_MONTH, TABLES, csv_of

SPOILT = "contact_reviews"
"""A small table that has a key, a date and a number."""
SPOILT_NAME = f"{SPOILT}-with-3-bad-rows"


def files_to_upload() -> Iterator[tuple[str, bytes]]:
    """(file name, CSV), in the order of the tables; the spoilt one last."""
    for table in TABLES:
        yield f"{table}.csv", csv_of(table=table, month=OPEN_MONTH)
    yield f"{SPOILT_NAME}.csv", spoilt(csv_of(table=SPOILT, month=OPEN_MONTH))


def spoilt(content: bytes) -> bytes:
    """The same file with a day outside the month in line 10, no key in line 120, a word for the mark in line 301."""
    lines = content.decode().splitlines()
    heading = lines[0].split(",")
    for line, column, change in _SPOILING:
        cells = lines[line - 1].split(",")
        cells[heading.index(column)] = change(cells[heading.index(column)])
        lines[line - 1] = ",".join(cells)
    return ("\n".join(lines) + "\n").encode()


_SPOILING: tuple[tuple[int, str, Callable[[str], str]], ...] = (
    (10, "contact_on", lambda day: day.replace("2019-12-", "2020-01-")),
    (120, "review_id", lambda _: ""),
    (301, "quality_mark", lambda _: "good"),
)
