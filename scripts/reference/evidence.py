"""docs/reference/normalised-evidence.md: the layout that ingestion writes and the engines read."""

from datetime import date
from importlib.resources import files

from scripts.reference.markdown import code, page, table

from muniment.domain.evidence import normalised as layout
from muniment.domain.regime.agreed import AgreedText, read_agreed_text

SHOWN = ("incidents", "calls", "assessments")


def evidence_page() -> str:
    text = _example()
    parts = [
        ("Every evidence file is checked on ingestion and written once more in a form that engines read as it is: "
        "whole numbers and exact decimals, never a fraction of binary. These files are in `.muniment/` inside the "
        "contract folder. They can be deleted; they are made again from the evidence."),
        ("A normalised file is a Parquet file called `<table>-<key>.parquet`. Its key is made of the file's sha256, "
        "the layout (the table's columns, the zone, the calendars, and the version of the layout, now "
        f"`{layout.LAYOUT}`), the month that its rows must fall in, and the kind of file. Where any "
        f"of these changes, the "
        "file is read again. An empty `.unique` file remembers that a set of files was found to share no key."),
        "## Columns",
        table(
            ("Declared", "Stored as", "Which is"),
            [
                ("`text`", "`VARCHAR`", "as it is in the file"),
                ("`number`", f"`{layout.PLAIN_TYPES['number']}`", (f"at most {layout.WHOLE_DIGITS} digits before the "
                 f"point and {layout.DECIMALS} after it; more are refused")),
                ("`date`", "`INTEGER`", f"days since {layout.EPOCH}; {layout.EARLIEST} to {layout.LATEST}"),
                ("`yes_no`", "`BOOLEAN`", "yes, true, y, 1, or no, false, n, 0"),
                ("`datetime`", "`BIGINT`, two `INTEGER`", ("`<column>:instant`, seconds since 1970 began in UTC; "
                 "`<column>:day` and `<column>:second`, the day and the second by the clock on the wall")),
            ],
        ),
        ("Names that were not declared hold a colon, which no declared name can. Each file begins with three of them: "
        f"`{layout.ROW_ID}`, the key as text, its parts joined by `/`; `{layout.ROW_DAY}`, the day of `dated_by`; and "
        f"`{layout.ROW_MONTH}`, its month as year x 12 + month - 1. Rows are in order of day and row id, so that a "
        "shuffled file gives the same bytes."),
        "## Time by a calendar",
        ("Where a condition counts service hours or business days, ingestion works out a running count per cell, so "
        "that the time between two cells is one subtraction. The column's name is "
        "`<column>:<kind>:<calendar>@<fingerprint of the calendar>`: with other bank holidays it is another column."),
        table(
            ("Kind", "Stored as", "Which is"),
            [
                ("`service_seconds`", f"`{layout.CLOCK_TYPES['service_seconds']}`", "service seconds since 1970-01-01"),
                ("`is_open`", f"`{layout.CLOCK_TYPES['is_open']}`", "whether the calendar is open then"),
                ("`business_days`", f"`{layout.CLOCK_TYPES['business_days']}`", ("business days after 1970-01-01, the "
                 "day itself included")),
            ],
        ),
        "## For example",
        *(_columns_of(text, table_name) for table_name in SHOWN),
    ]  # fmt: skip
    return page(title="Normalised evidence", parts=parts)


def _columns_of(text: AgreedText, name: str) -> str:
    contract = text.contract(known=None)
    regime = text.regime_at(on=date(2019, 11, 1), known=None)
    table_text = contract.tables[name]
    clocks = layout.clocks_of([measure for measure in regime.measures.values() if measure.table == name])
    fields = layout.fields_of(table=table_text, clocks=clocks, calendars=contract.calendars)
    width = max(len(field.name) for field in fields)
    lines = [f"{field.name:<{width}}  {field.type}" for field in fields]
    return f"`{name}`, one row for each {table_text.row_is.removeprefix('one ')}:\n\n{code(chr(10).join(lines))}"


def _example() -> AgreedText:
    folder = files("muniment.example") / "contract"
    names = ("contract.yaml", "evidence.yaml", "regime.yaml")
    text, _ = read_agreed_text({name: (folder / name).read_text(encoding="utf-8") for name in names})
    if text is None:
        raise ValueError("the example contract cannot be read")
    return text
